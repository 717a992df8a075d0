"""What every record has: an id, its marks of withdrawal (注销), of having been reported (已报送公安), and its journal stamp."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, MetaData, UniqueConstraint, or_
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from gridapp.errors import Mark
from gridapp.fields.columns import Serial
from gridapp.fields.field import field
from gridapp.fields.ids import Guid, new_id
from gridapp.fields.kinds import Code, Day, Link, Text, Yes

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """The one metadata of the ledger file."""

    metadata = MetaData(naming_convention=CONVENTION)


class Record(Table):
    """A thing the village keeps a record of. Ids are set at birth, not by the database (capture runs before the insert)."""

    __abstract__ = True
    CODE: ClassVar[int]
    TITLE: ClassVar[str]

    seq: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[UUID] = mapped_column(Guid)
    #: number of the scope the record belongs to (table `scope`): 0 is the register this ledger was begun with
    scope: Mapped[int] = mapped_column(default=0, server_default="0")
    ver: Mapped[bytes | None] = mapped_column(LargeBinary)
    nconf: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[bool | None] = field(100, Yes(), "已撤销", hint="登记被撤回后不再显示")
    into: Mapped[UUID | None] = field(101, Link(), "并入")
    closed_on: Mapped[date | None] = field(103, Day(), "注销日期")
    closed_why: Mapped[str | None] = field(104, Code("close_reason"), "注销原因")
    closed_note: Mapped[str | None] = field(105, Text(100), "注销说明")
    reported_on: Mapped[date | None] = field(110, Day(), "已报送公安日期")
    reported_batch: Mapped[str | None] = field(111, Text(40), "报送批次")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        return (UniqueConstraint("id", "scope"),)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        values.setdefault("nconf", 0)
        values.setdefault("scope", 0)
        super().__init__(**values)

    @classmethod
    def unmerged(cls) -> ColumnElement[bool]:
        """Not merged into another (并入). A link to the same or a greater id is ignored by everybody, so no circle can arise."""
        return or_(cls.into.is_(None), cls.into >= cls.id)

    def check(self, today: date) -> Iterable[Mark]:
        """Rules that need only this record, run before it is saved; marks of level 'block' stop it."""
        return ()

    def label(self) -> str:
        """How lists and the history name this record."""
        return self.TITLE
