"""One notice, several hazards (一份通知书、多处隐患): they bear one number, given in one act; the same number given in two acts is a double."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, Reader, needs
from gridapp.ledger.graph import Stamp
from gridapp.ledger.registers import Registers
from gridapp.records import Hazard, Step

#: the tag of the number of a notice
NOTICE_NO = 10
#: a stamp's lowest bits count within a moment of the clock (milliseconds)
TICKS = 16


@dataclass(frozen=True)
class Numbered:
    """A hazard that bears a number, and when that was written."""

    id: UUID
    scope: int
    number: str
    stamp: Stamp

    @property
    def notice(self) -> tuple[int, str, int, int]:
        """Equal for hazards of one notice: their numbers were written in one seal and in one moment of its clock."""
        return self.scope, self.number, self.stamp[1], self.stamp[0] >> TICKS


@needs(LOOK)
def numbered(read: Reader, where: sa.ColumnElement[bool]) -> list[Numbered]:
    """Hazards that bear a number and for which `where` holds, by number and in the order they were found.

    The line of the story in which the number was given tells the act: it stands for ever, while the field is written again when
    somebody decides a clash. Hazards from before there were stories have the field alone.
    """
    gave = sa.and_(Step.matter == Hazard.id, Step.scope == Hazard.scope, Step.number == Hazard.notice_no, Step.deleted.is_not(True))
    asked = (sa.select(Hazard.id, Hazard.scope, Hazard.notice_no, Hazard.ver, Step.ver.label("line")).outerjoin(Step, gave)
             .where(where, Hazard.deleted.is_not(True), Hazard.notice_no.is_not(None)).order_by(Hazard.notice_no, Hazard.seq, Step.id))
    found = dict[tuple[int, UUID], Numbered]()
    for row in read.rows(asked):
        found.setdefault((row.scope, row.id), Numbered(row.id, row.scope, row.notice_no, _stamp(row.line, row.ver, row.notice_no)))
    return list(found.values())


def _stamp(line: bytes | None, ver: bytes | None, number: str) -> Stamp:
    told = Registers.of(line, {}).base if line else Registers.of(ver, {NOTICE_NO: number}).stamp(NOTICE_NO) if ver else None
    return told or (0, 0)


@needs(LOOK)
def notice_of(read: Reader, hazard: Hazard) -> list[Hazard]:
    """All hazards of this one's notice, in the order they were found; itself alone when it bears no number."""
    same = numbered(read, sa.and_(Hazard.scope == hazard.scope, Hazard.notice_no == hazard.notice_no))
    mine = next((told.notice for told in same if told.id == hazard.id), None)
    ids = [told.id for told in same if told.notice == mine]
    return read.records(sa.select(Hazard).where(Hazard.scope == hazard.scope, Hazard.id.in_(ids)).order_by(Hazard.seq)) if ids else [hazard]
