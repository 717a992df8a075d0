"""Merged records (并入): the one that stands for several, and who they are; the larger id always points to the smaller (sync.md 5.1)."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import Record


def merged_into(record: Record) -> UUID | None:
    """Whom a record was merged into; a link that does not point to a smaller id says nothing."""
    return record.into if record.into is not None and record.into < record.id else None


@needs(LOOK)
def chain(read: Reader, entity: type[Record], record_id: UUID) -> list[UUID]:
    """The record and those it was merged into, one after another; the last stands for all of them."""
    found = [record_id]
    while True:
        record = read.find(entity, found[-1])
        into = merged_into(record) if record is not None else None
        if into is None:
            return found
        found.append(into)


@needs(LOOK)
def root(read: Reader, entity: type[Record], record_id: UUID) -> UUID:
    """The record that stands for this one: itself unless it was merged."""
    return chain(read, entity, record_id)[-1]


@needs(LOOK)
def members(read: Reader, entity: type[Record], record_id: UUID) -> list[UUID]:
    """A record and everything merged into it, however far: whose stories belong to it."""
    found, new = [record_id], [record_id]
    while new:
        asked = sa.select(entity.id).where(entity.into.in_(new), entity.into < entity.id).order_by(entity.id)
        new = [row.id for row in read.rows(asked) if row.id not in found]
        found += new
    return found


@needs(LOOK)
def away(read: Reader, entity: type[Record], scope: int | None = None) -> list[UUID]:
    """Everything that was merged into another, in one scope (by its number) or all."""
    asked = sa.select(entity.id).where(~entity.unmerged()).order_by(entity.id)
    return [row.id for row in read.rows(asked if scope is None else asked.where(entity.scope == scope))]
