"""A field is declared once, on its record: tag for the journal, kind, label. Why and how long it is kept stands in the table of retention."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from gridapp.fields import keeping
from gridapp.fields.keeping import Kept
from gridapp.fields.kinds import Kind


@dataclass(frozen=True)
class Field:
    """Everything forms, lists, spreadsheets, journal and papers need to know about one column."""

    name: str
    tag: int
    kind: Kind
    label: str
    required: bool = False
    private: bool = False
    hint: str = ""
    entity: str = ""

    def words(self, value: Any) -> str:
        """A value as it may be shown to whoever looks: a private one masked; '' for nothing."""
        return self.kind.mask(value) if self.private else self.kind.show(value)

    @property
    def kept(self) -> Kept:
        """Purpose, years, and where that is written. Raises KeyError for an entity that the table of retention leaves out."""
        return keeping.kept(self.entity, self.name)


def field(tag: int, kind: Kind, label: str, *, index: bool = False, **told: Any) -> MappedColumn[Any]:
    """A column that carries its Field in `info`; `tag` is for ever and never used again for anything else.

    `active_history` makes SQLAlchemy load the old value before it is overwritten, so that only real changes are journalled.
    """
    declared = Field("", tag, kind, label, **told)
    return mapped_column(kind.column(), nullable=True, index=index, active_history=True, info={"field": declared})


@cache
def fields_of(entity: type[DeclarativeBase]) -> dict[str, Field]:
    """Field by attribute name, universal ones last; cached because captures ask for it at every flush."""
    found = {}
    for column in entity.__mapper__.column_attrs:
        declared = column.columns[0].info.get("field")
        if declared is not None:
            told = {k: getattr(declared, k) for k in declared.__dataclass_fields__ if k not in ("name", "entity")}
            found[column.key] = Field(column.key, entity=entity.__tablename__, **told)
    return dict(sorted(found.items(), key=lambda item: item[1].tag))


@cache
def by_tag(entity: type[DeclarativeBase]) -> dict[int, Field]:
    """Field by journal tag."""
    return {f.tag: f for f in fields_of(entity).values()}
