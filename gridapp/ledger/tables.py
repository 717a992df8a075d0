"""Tables of the ledger that are no records: seals, entries, devices, drafts and a few facts about this file."""

from __future__ import annotations

import sqlalchemy as sa

from gridapp.fields.columns import Serial
from gridapp.records import Table

_meta = Table.metadata

DEVICE = sa.Table(
    "device", _meta,
    sa.Column("dev", sa.LargeBinary(32), primary_key=True),
    sa.Column("name", sa.Unicode),
    sa.Column("seed", sa.LargeBinary(32)),
)
SEAL = sa.Table(
    "seal", _meta,
    sa.Column("sid", Serial, primary_key=True),
    sa.Column("id", sa.LargeBinary(32), unique=True),
    sa.Column("scope", sa.Unicode, nullable=False),
    sa.Column("dev", sa.LargeBinary(32), nullable=False),
    sa.Column("parents", sa.LargeBinary, nullable=False),
    sa.Column("seen", sa.LargeBinary, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("h0", sa.BigInteger, nullable=False),
    sa.Column("h1", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary(32), nullable=False),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("sig", sa.LargeBinary(64)),
)
ENTRY = sa.Table(
    "entry", _meta,
    sa.Column("sid", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("pos", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("hlc", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("ent", sa.SmallInteger, nullable=False),
    sa.Column("txb", sa.Integer, nullable=False),
    sa.Column("officer", sa.Integer, nullable=False),
    sa.Column("eid", sa.LargeBinary(16), nullable=False),
    sa.Column("payload", sa.LargeBinary),
    sa.Column("phash", sa.LargeBinary(32), nullable=False),
    sa.Index("ix_entry_ent_eid", "ent", "eid"),
    sqlite_with_rowid=False,
)
DRAFT = sa.Table(
    "draft", _meta,
    sa.Column("form", sa.Unicode, primary_key=True),
    sa.Column("body", sa.Unicode, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
FACT = sa.Table(
    "fact", _meta,
    sa.Column("name", sa.Unicode, primary_key=True),
    sa.Column("value", sa.Unicode, nullable=False),
)
