"""The first tables of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gridapp.fields.columns import Milliseconds, Serial
from gridapp.fields.ids import Guid

revision = "0001"
down_revision = None

FIND = ("CREATE VIRTUAL TABLE find USING fts5(t, content='', contentless_delete=1, detail=none, "
        "prefix='2 3', tokenize='ascii')")


def upgrade() -> None:
    op.create_table("act",
    sa.Column("verb", sa.Unicode(), nullable=True),
    sa.Column("officer", sa.Integer(), nullable=True),
    sa.Column("undoes", Guid(), nullable=True),
    sa.Column("at", Milliseconds(), nullable=True),
    sa.Column("touched", sa.Integer(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_act")),
    sa.UniqueConstraint("id", name=op.f("uq_act_id"))
    )
    op.create_table("device",
    sa.Column("dev", sa.LargeBinary(length=32), nullable=False),
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("seed", sa.LargeBinary(length=32), nullable=True),
    sa.PrimaryKeyConstraint("dev", name=op.f("pk_device"))
    )
    op.create_table("draft",
    sa.Column("form", sa.Unicode(), nullable=False),
    sa.Column("body", sa.Unicode(), nullable=False),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("form", name=op.f("pk_draft"))
    )
    op.create_table("entry",
    sa.Column("sid", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("pos", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("hlc", sa.BigInteger(), nullable=False),
    sa.Column("kind", sa.SmallInteger(), nullable=False),
    sa.Column("ent", sa.SmallInteger(), nullable=False),
    sa.Column("txb", sa.Integer(), nullable=False),
    sa.Column("officer", sa.Integer(), nullable=False),
    sa.Column("eid", sa.LargeBinary(length=16), nullable=False),
    sa.Column("payload", sa.LargeBinary(), nullable=True),
    sa.Column("phash", sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint("sid", "pos", name=op.f("pk_entry")),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_ent_eid", ["ent", "eid"], unique=False)

    op.create_table("fact",
    sa.Column("name", sa.Unicode(), nullable=False),
    sa.Column("value", sa.Unicode(), nullable=False),
    sa.PrimaryKeyConstraint("name", name=op.f("pk_fact"))
    )
    op.create_table("finding",
    sa.Column("patrol", Guid(), nullable=True),
    sa.Column("place", sa.Unicode(), nullable=True),
    sa.Column("house", Guid(), nullable=True),
    sa.Column("problem", sa.Unicode(), nullable=True),
    sa.Column("category", sa.Unicode(), nullable=True),
    sa.Column("handling", sa.Unicode(), nullable=True),
    sa.Column("hazard", Guid(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_finding")),
    sa.UniqueConstraint("id", name=op.f("uq_finding_id"))
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_house"), ["house"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_patrol"), ["patrol"], unique=False)

    op.create_table("grid",
    sa.Column("village", Guid(), nullable=True),
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("code", sa.Unicode(), nullable=True),
    sa.Column("chief", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_grid")),
    sa.UniqueConstraint("id", name=op.f("uq_grid_id"))
    )
    op.create_table("hazard",
    sa.Column("found_on", sa.Date(), nullable=True),
    sa.Column("house", Guid(), nullable=True),
    sa.Column("room", Guid(), nullable=True),
    sa.Column("place", sa.Unicode(), nullable=True),
    sa.Column("content", sa.Unicode(), nullable=True),
    sa.Column("degree", sa.Unicode(), nullable=True),
    sa.Column("patrol", Guid(), nullable=True),
    sa.Column("state", sa.Unicode(), nullable=True),
    sa.Column("due_on", sa.Date(), nullable=True),
    sa.Column("notice_no", sa.Unicode(), nullable=True),
    sa.Column("notice_on", sa.Date(), nullable=True),
    sa.Column("responsible", sa.Unicode(), nullable=True),
    sa.Column("phone", sa.Unicode(), nullable=True),
    sa.Column("finder", sa.Unicode(), nullable=True),
    sa.Column("demand", sa.Unicode(), nullable=True),
    sa.Column("rechecked_on", sa.Date(), nullable=True),
    sa.Column("recheck_by", sa.Unicode(), nullable=True),
    sa.Column("recheck_note", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_hazard")),
    sa.UniqueConstraint("id", name=op.f("uq_hazard_id"))
    )
    with op.batch_alter_table("hazard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hazard_house"), ["house"], unique=False)
        batch_op.create_index(batch_op.f("ix_hazard_state"), ["state"], unique=False)

    op.create_table("house",
    sa.Column("house_no", sa.Unicode(), nullable=True),
    sa.Column("address", sa.Unicode(), nullable=True),
    sa.Column("grid", Guid(), nullable=True),
    sa.Column("lessor_kind", sa.Unicode(), nullable=True),
    sa.Column("owner_name", sa.Unicode(), nullable=True),
    sa.Column("owner_id_kind", sa.Unicode(), nullable=True),
    sa.Column("owner_id_no", sa.Unicode(), nullable=True),
    sa.Column("owner_phone", sa.Unicode(), nullable=True),
    sa.Column("owner_addr", sa.Unicode(), nullable=True),
    sa.Column("manager_name", sa.Unicode(), nullable=True),
    sa.Column("manager_phone", sa.Unicode(), nullable=True),
    sa.Column("nature", sa.Unicode(), nullable=True),
    sa.Column("house_class", sa.Unicode(), nullable=True),
    sa.Column("floors", sa.Integer(), nullable=True),
    sa.Column("rooms_let", sa.Integer(), nullable=True),
    sa.Column("max_people", sa.Integer(), nullable=True),
    sa.Column("area", sa.Integer(), nullable=True),
    sa.Column("rent_use", sa.Unicode(), nullable=True),
    sa.Column("filing_no", sa.Unicode(), nullable=True),
    sa.Column("registered_on", sa.Date(), nullable=True),
    sa.Column("rent_from", sa.Date(), nullable=True),
    sa.Column("smoke_alarm", sa.Boolean(), nullable=True),
    sa.Column("extinguisher", sa.Boolean(), nullable=True),
    sa.Column("guarantee", sa.Boolean(), nullable=True),
    sa.Column("safe_exit", sa.Boolean(), nullable=True),
    sa.Column("fire_exit", sa.Boolean(), nullable=True),
    sa.Column("degree", sa.Unicode(), nullable=True),
    sa.Column("remark", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_house")),
    sa.UniqueConstraint("id", name=op.f("uq_house_id"))
    )
    with op.batch_alter_table("house", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_house_house_no"), ["house_no"], unique=False)

    op.create_table("officer",
    sa.Column("number", sa.Integer(), nullable=True),
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("phone", sa.Unicode(), nullable=True),
    sa.Column("grid", Guid(), nullable=True),
    sa.Column("role", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_officer")),
    sa.UniqueConstraint("id", name=op.f("uq_officer_id"))
    )
    op.create_table("patrol",
    sa.Column("day", sa.Date(), nullable=True),
    sa.Column("start", sa.Unicode(), nullable=True),
    sa.Column("end", sa.Unicode(), nullable=True),
    sa.Column("weather", sa.Unicode(), nullable=True),
    sa.Column("category", sa.Unicode(), nullable=True),
    sa.Column("people", sa.Unicode(), nullable=True),
    sa.Column("route", sa.Unicode(), nullable=True),
    sa.Column("contents", sa.Unicode(), nullable=True),
    sa.Column("persuaded", sa.Integer(), nullable=True),
    sa.Column("checked", sa.Integer(), nullable=True),
    sa.Column("remark", sa.Unicode(), nullable=True),
    sa.Column("recorder", Guid(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_patrol")),
    sa.UniqueConstraint("id", name=op.f("uq_patrol_id"))
    )
    with op.batch_alter_table("patrol", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patrol_day"), ["day"], unique=False)

    op.create_table("person",
    sa.Column("id_kind", sa.Unicode(), nullable=True),
    sa.Column("id_no", sa.Unicode(), nullable=True),
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("used_name", sa.Unicode(), nullable=True),
    sa.Column("foreign_name", sa.Unicode(), nullable=True),
    sa.Column("sex", sa.Unicode(), nullable=True),
    sa.Column("birth", sa.Date(), nullable=True),
    sa.Column("ethnic", sa.Unicode(), nullable=True),
    sa.Column("hukou_code", sa.Unicode(), nullable=True),
    sa.Column("hukou_addr", sa.Unicode(), nullable=True),
    sa.Column("phone", sa.Unicode(), nullable=True),
    sa.Column("workplace", sa.Unicode(), nullable=True),
    sa.Column("employment", sa.Unicode(), nullable=True),
    sa.Column("political", sa.Unicode(), nullable=True),
    sa.Column("education", sa.Unicode(), nullable=True),
    sa.Column("marital", sa.Unicode(), nullable=True),
    sa.Column("social_security", sa.Boolean(), nullable=True),
    sa.Column("reason", sa.Unicode(), nullable=True),
    sa.Column("arrived_on", sa.Date(), nullable=True),
    sa.Column("registered_on", sa.Date(), nullable=True),
    sa.Column("living_kind", sa.Unicode(), nullable=True),
    sa.Column("leave_planned", sa.Date(), nullable=True),
    sa.Column("permit", sa.Boolean(), nullable=True),
    sa.Column("permit_no", sa.Unicode(), nullable=True),
    sa.Column("permit_until", sa.Date(), nullable=True),
    sa.Column("nationality", sa.Unicode(), nullable=True),
    sa.Column("agent_name", sa.Unicode(), nullable=True),
    sa.Column("agent_phone", sa.Unicode(), nullable=True),
    sa.Column("name_note", sa.Unicode(), nullable=True),
    sa.Column("remark", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_person")),
    sa.UniqueConstraint("id", name=op.f("uq_person_id"))
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_id_no"), ["id_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_phone"), ["phone"], unique=False)

    op.create_table("room",
    sa.Column("house", Guid(), nullable=True),
    sa.Column("room_no", sa.Unicode(), nullable=True),
    sa.Column("floor", sa.Integer(), nullable=True),
    sa.Column("area", sa.Integer(), nullable=True),
    sa.Column("max_people", sa.Integer(), nullable=True),
    sa.Column("rent", sa.Integer(), nullable=True),
    sa.Column("remark", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_room")),
    sa.UniqueConstraint("id", name=op.f("uq_room_id"))
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_house"), ["house"], unique=False)

    op.create_table("seal",
    sa.Column("sid", Serial, nullable=False),
    sa.Column("id", sa.LargeBinary(length=32), nullable=True),
    sa.Column("scope", sa.Unicode(), nullable=False),
    sa.Column("dev", sa.LargeBinary(length=32), nullable=False),
    sa.Column("parents", sa.LargeBinary(), nullable=False),
    sa.Column("seen", sa.LargeBinary(), nullable=False),
    sa.Column("n", sa.Integer(), nullable=False),
    sa.Column("h0", sa.BigInteger(), nullable=False),
    sa.Column("h1", sa.BigInteger(), nullable=False),
    sa.Column("root", sa.LargeBinary(length=32), nullable=False),
    sa.Column("schema", sa.Integer(), nullable=False),
    sa.Column("sig", sa.LargeBinary(length=64), nullable=True),
    sa.PrimaryKeyConstraint("sid", name=op.f("pk_seal")),
    sa.UniqueConstraint("id", name=op.f("uq_seal_id"))
    )
    op.create_table("tenancy",
    sa.Column("person", Guid(), nullable=True),
    sa.Column("room", Guid(), nullable=True),
    sa.Column("start", sa.Date(), nullable=True),
    sa.Column("end", sa.Date(), nullable=True),
    sa.Column("relation", sa.Unicode(), nullable=True),
    sa.Column("end_why", sa.Unicode(), nullable=True),
    sa.Column("end_to", sa.Unicode(), nullable=True),
    sa.Column("rent", sa.Integer(), nullable=True),
    sa.Column("contract_no", sa.Unicode(), nullable=True),
    sa.Column("registrar", Guid(), nullable=True),
    sa.Column("end_reported_on", sa.Date(), nullable=True),
    sa.Column("end_reported_batch", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_tenancy")),
    sa.UniqueConstraint("id", name=op.f("uq_tenancy_id"))
    )
    with op.batch_alter_table("tenancy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenancy_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenancy_room"), ["room"], unique=False)

    op.create_table("village",
    sa.Column("code", sa.Unicode(), nullable=True),
    sa.Column("name", sa.Unicode(), nullable=True),
    sa.Column("code_system", sa.Unicode(), nullable=True),
    sa.Column("town", sa.Unicode(), nullable=True),
    sa.Column("county", sa.Unicode(), nullable=True),
    sa.Column("issuer", sa.Unicode(), nullable=True),
    sa.Column("phone", sa.Unicode(), nullable=True),
    sa.Column("seq", Serial, nullable=False),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", sa.Unicode(), nullable=True),
    sa.Column("closed_note", sa.Unicode(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", sa.Unicode(), nullable=True),
    sa.PrimaryKeyConstraint("seq", name=op.f("pk_village")),
    sa.UniqueConstraint("id", name=op.f("uq_village_id"))
    )
    op.execute(FIND)
