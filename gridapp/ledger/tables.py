"""Tables of the ledger that are no records: scopes, seals, entries, devices, what is held and who was met, drafts and a few facts."""

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
#: what this ledger holds: one graph of seals each. `heads` and `tips` are CBOR: ids of seals without children; {chain: [device, pos]}
SCOPE = sa.Table(
    "scope", _meta,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Unicode, nullable=False, unique=True),
    sa.Column("heads", sa.LargeBinary, nullable=False),
    sa.Column("tips", sa.LargeBinary, nullable=False),
    sa.Column("last_sid", sa.BigInteger, nullable=False),
    sa.Column("clock", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
#: `chain`, `pos`: place in a linear run of one device's seals; `hv`: CBOR {chain: pos} of everything in its past, itself included
SEAL = sa.Table(
    "seal", _meta,
    sa.Column("sid", Serial, primary_key=True, autoincrement=False),
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
    sa.Column("chain", sa.Integer, nullable=False),
    sa.Column("pos", sa.Integer, nullable=False),
    sa.Column("hv", sa.LargeBinary, nullable=False),
)
ENTRY = sa.Table(
    "entry", _meta,
    sa.Column("sid", Serial, primary_key=True, autoincrement=False),
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
#: erased by law (个人信息保护法 Art. 47): whatever of it still arrives is wiped on arrival
ERASED = sa.Table(
    "erased", _meta,
    sa.Column("scope", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ent", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("eid", sa.LargeBinary(16), primary_key=True),
    sa.Column("sid", Serial, nullable=False),
)
#: 暂存: seals that came and may not be taken in yet; `body` is the seal with its entries, so that the stick need not come back
HELD = sa.Table(
    "held", _meta,
    sa.Column("id", sa.LargeBinary(32), primary_key=True),
    sa.Column("scope", sa.Unicode, nullable=False),
    sa.Column("dev", sa.LargeBinary(32), nullable=False),
    sa.Column("reason", sa.Unicode, nullable=False),
    sa.Column("missing", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("parcel", sa.LargeBinary(16)),
    sa.Column("since", sa.BigInteger, nullable=False),
)
#: what another station was last heard to hold: CBOR {scope: [seal ids]}
PEER = sa.Table(
    "peer", _meta,
    sa.Column("dev", sa.LargeBinary(32), primary_key=True),
    sa.Column("heads", sa.LargeBinary, nullable=False),
    sa.Column("heard_at", sa.BigInteger, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
    sa.Column("told", sa.Unicode, nullable=False),
)
#: 交接包 that went out or came in; `taken` CBOR [[first sid, last sid] per scope] of what a parcel brought, `act` the act that took it in
PARCEL = sa.Table(
    "parcel", _meta,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("way", sa.Unicode, primary_key=True),
    sa.Column("peer", sa.LargeBinary(32), nullable=False),
    sa.Column("state", sa.Unicode, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("counts", sa.Unicode, nullable=False),
    sa.Column("heads", sa.LargeBinary, nullable=False),
    sa.Column("taken", sa.LargeBinary, nullable=False),
    sa.Column("act", sa.LargeBinary(16)),
)
#: 审计: who looked at what; a chain per station, linked and signed, never changed (gridapp.ledger.looks)
LOOKS = sa.Table(
    "look", _meta,
    sa.Column("dev", sa.LargeBinary(32), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("officer", sa.Integer, nullable=False),
    sa.Column("what", sa.Unicode, nullable=False),
    sa.Column("entity", sa.Unicode),
    sa.Column("record", sa.LargeBinary(16)),
    sa.Column("field", sa.Unicode),
    sa.Column("why", sa.Unicode),
    sa.Column("result", sa.Unicode, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("prev", sa.LargeBinary(32), nullable=False),
    sa.Column("sum", sa.LargeBinary(32), nullable=False),
    sa.Column("sig", sa.LargeBinary(64), nullable=False),
    sa.Index("ix_look_at", "at"),
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
