"""How a record that another one points at is named where only its id is known."""

from __future__ import annotations

from uuid import UUID

from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import BY_NAME, House, Room


@needs(LOOK)
def words_of(read: Reader, entity: str, record_id: UUID) -> str:
    """Its label, a room's with its house; '' for one that is not there, or in another grid."""
    record = read.find(BY_NAME[entity], record_id)
    house = read.find(House, record.house) if isinstance(record, Room) else None
    return " ".join(part for part in (house.house_no if house else "", record.label()) if part) if record is not None else ""
