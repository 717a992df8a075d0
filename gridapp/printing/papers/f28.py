"""F28 冲突核对单: what two stations wrote differently of one record, for the other officer to say which is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.exchange import clashes
from gridapp.exchange.clashes import Clash, Side, in_full
from gridapp.fields.kinds import BEIJING
from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.ledger.writes import author
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import village


@dataclass(frozen=True)
class Line:
    """One field: what stands here and there, who wrote it, and what both had seen before."""

    field: str = ""
    ours: str = ""
    theirs: str = ""
    before: str = ""


@dataclass(frozen=True)
class Slip:
    """All open questions of one record."""

    issuer: str = ""
    title: str = ""
    name: str = ""
    lines: Sequence[Line] = ()
    officer: str = ""
    day: date | None = None
    code: str = ""

    @property
    def label(self) -> str:
        return f"{self.title} {self.name}".strip()


def compose(slips: Sequence[Slip]) -> Filled:
    """One form for each record."""
    return Filled(slips)


def blank() -> list[Slip]:
    """A form to fill in by hand."""
    return [Slip()]


def gather(read: Reader, wish: Wish) -> list[Slip]:
    """One record's clashes, those of all records when none is named; an empty form when nothing is open."""
    by_record: dict[object, list[Clash]] = {}
    for clash in clashes.open_clashes(read, author(read), wish.record):
        by_record.setdefault(clash.id, []).append(clash)
    issuer, officer = committee(read), village.desk(read).officer
    return [Slip(issuer, many[0].title, many[0].label, [_line(c) for c in many], officer, read.today, code_of(many[0].id)) for many in by_record.values()] or [
        Slip(issuer=issuer, officer=officer)]


def _line(clash: Clash) -> Line:
    return Line(clash.field_label, _said(clash, clash.ours), "；".join(_said(clash, side) for side in clash.theirs),
                in_full(clash, clash.before, clash.before_words))


def _said(clash: Clash, side: Side) -> str:
    return f"{in_full(clash, side.value, side.words)}（{side.station}　{side.officer}　{side.at.astimezone(BEIJING):%m-%d %H:%M}）"
