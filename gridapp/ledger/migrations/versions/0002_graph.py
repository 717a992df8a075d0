"""The journal becomes a graph of seals: scopes, places in the graph, what is held, who was met, what was erased; stations."""

from __future__ import annotations

import cbor2
import sqlalchemy as sa
from alembic import op

from gridapp.fields.columns import Serial
from gridapp.fields.ids import Guid
from gridapp.ledger.graph import Place, placed

revision = "0002"
down_revision = "0001"

RECORDS = ("act", "village", "grid", "officer", "house", "room", "person", "tenancy", "patrol", "finding", "hazard")


def upgrade() -> None:
    _tables()
    _station()
    _photo()
    _lease()
    for name in RECORDS:
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column("scope", sa.Integer(), nullable=False, server_default="0"))
            batch.drop_constraint(f"uq_{name}_id", type_="unique")
            batch.create_unique_constraint(f"uq_{name}_id_scope", ["id", "scope"])
    with op.batch_alter_table("seal") as batch:
        batch.add_column(sa.Column("chain", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("pos", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("hv", sa.LargeBinary(), nullable=False, server_default=sa.text("x''")))
    _place(op.get_bind())


def _tables() -> None:
    op.create_table("scope",
    sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("name", sa.Unicode(), nullable=False),
    sa.Column("heads", sa.LargeBinary(), nullable=False),
    sa.Column("tips", sa.LargeBinary(), nullable=False),
    sa.Column("last_sid", sa.BigInteger(), nullable=False),
    sa.Column("clock", sa.BigInteger(), nullable=False),
    sa.Column("seq", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("no", name=op.f("pk_scope")),
    sa.UniqueConstraint("name", name=op.f("uq_scope_name"))
    )
    op.create_table("erased",
    sa.Column("scope", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("ent", sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column("eid", sa.LargeBinary(length=16), nullable=False),
    sa.Column("sid", Serial, nullable=False),
    sa.PrimaryKeyConstraint("scope", "ent", "eid", name=op.f("pk_erased"))
    )
    op.create_table("held",
    sa.Column("id", sa.LargeBinary(length=32), nullable=False),
    sa.Column("scope", sa.Unicode(), nullable=False),
    sa.Column("dev", sa.LargeBinary(length=32), nullable=False),
    sa.Column("reason", sa.Unicode(), nullable=False),
    sa.Column("missing", sa.LargeBinary(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("parcel", sa.LargeBinary(length=16), nullable=True),
    sa.Column("since", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_held"))
    )
    op.create_table("peer",
    sa.Column("dev", sa.LargeBinary(length=32), nullable=False),
    sa.Column("heads", sa.LargeBinary(), nullable=False),
    sa.Column("heard_at", sa.BigInteger(), nullable=False),
    sa.Column("made_at", sa.BigInteger(), nullable=False),
    sa.Column("told", sa.Unicode(), nullable=False),
    sa.PrimaryKeyConstraint("dev", name=op.f("pk_peer"))
    )
    op.create_table("parcel",
    sa.Column("id", sa.LargeBinary(length=16), nullable=False),
    sa.Column("way", sa.Unicode(), nullable=False),
    sa.Column("peer", sa.LargeBinary(length=32), nullable=False),
    sa.Column("state", sa.Unicode(), nullable=False),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("counts", sa.Unicode(), nullable=False),
    sa.Column("heads", sa.LargeBinary(), nullable=False),
    sa.Column("taken", sa.LargeBinary(), nullable=False),
    sa.Column("act", sa.LargeBinary(length=16), nullable=True),
    sa.PrimaryKeyConstraint("id", "way", name=op.f("pk_parcel"))
    )


def _station() -> None:
    op.create_table("station",
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("role", sa.Unicode(), nullable=True),
    sa.Column("device", sa.Unicode(), nullable=True),
    sa.Column("age", sa.Unicode(), nullable=True),
    sa.Column("scopes", sa.Unicode(), nullable=True),
    sa.Column("serial", sa.Integer(), nullable=True),
    sa.Column("certificate", sa.Unicode(), nullable=True),
    sa.Column("state", sa.Unicode(), nullable=True),
    sa.Column("revoked_on", sa.Date(), nullable=True),
    sa.Column("accepted", sa.Unicode(), nullable=True),
    sa.Column("note", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("scope", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_station")),
    sa.UniqueConstraint("id", "scope", name=op.f("uq_station_id_scope"))
    )
    with op.batch_alter_table("station", schema=None) as batch:
        batch.create_index(batch.f("ix_station_device"), ["device"], unique=False)


def _photo() -> None:
    op.create_table("photo",
    sa.Column("content", sa.Unicode(), nullable=True),
    sa.Column("size", sa.Integer(), nullable=True),
    sa.Column("of", Guid(), nullable=True),
    sa.Column("caption", sa.Unicode(), nullable=True),
    sa.Column("taken_on", sa.Date(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("scope", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_photo")),
    sa.UniqueConstraint("id", "scope", name=op.f("uq_photo_id_scope"))
    )
    with op.batch_alter_table("photo", schema=None) as batch:
        batch.create_index(batch.f("ix_photo_content"), ["content"], unique=False)
        batch.create_index(batch.f("ix_photo_of"), ["of"], unique=False)


def _lease() -> None:
    op.create_table("lease",
    sa.Column("series", sa.Unicode(), nullable=True),
    sa.Column("lo", sa.Integer(), nullable=True),
    sa.Column("hi", sa.Integer(), nullable=True),
    sa.Column("device", sa.Unicode(), nullable=True),
    sa.Column("note", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("scope", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_lease")),
    sa.UniqueConstraint("id", "scope", name=op.f("uq_lease_id_scope"))
    )
    with op.batch_alter_table("lease", schema=None) as batch:
        batch.create_index(batch.f("ix_lease_series"), ["series"], unique=False)


def _place(connection: sa.Connection) -> None:
    """Give the seals of a ledger of the first version their places, and its scope a row."""
    name = connection.exec_driver_sql("SELECT value FROM fact WHERE name = 'scope'").scalar()
    if name is None:
        return  # a new file: it has no seals yet
    tips: dict[int, list[object]] = {}
    places: dict[bytes, Place] = {}
    heads: list[bytes] = []
    last = clock = 0
    for sid, seal_id, device, parents, h1 in connection.exec_driver_sql("SELECT sid, id, dev, parents, h1 FROM seal ORDER BY sid").all():
        before = cbor2.loads(parents)
        place = placed([places[p] for p in before if p in places], device, tips)
        connection.exec_driver_sql("UPDATE seal SET chain = ?, pos = ?, hv = ? WHERE sid = ?",
                                   (place.chain, place.pos, cbor2.dumps(dict(place.past)), sid))
        if seal_id is not None:
            places[seal_id] = place
            heads = [h for h in heads if h not in before] + [seal_id]
        last, clock = sid, max(clock, h1)
    connection.exec_driver_sql("INSERT INTO scope (no, name, heads, tips, last_sid, clock, seq) VALUES (0, ?, ?, ?, ?, ?, 0)",
                               (name, cbor2.dumps(sorted(heads)), cbor2.dumps(tips), last, clock))
