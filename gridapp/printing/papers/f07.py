"""F07 巡查日志: the diary of one patrol (巡查), what was found and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields.field import fields_of
from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish, words
from gridapp.records import Patrol
from gridapp.work import patrols, village

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Finding:
    """One problem seen (发现问题); `handling` says what was done on the spot, notice given, reported, handed over."""

    place: str = ""
    problem: str = ""
    category: str = ""
    photo: str = ""
    handling: str = ""


@dataclass(frozen=True)
class Diary:
    """One patrol; codes already as words, `contents` the words of 巡查内容 to be ticked."""

    village: str = ""
    grid: str = ""
    day: date | None = None
    start: str = ""
    end: str = ""
    weather: str = ""
    category: str = ""
    people: str = ""
    route: str = ""
    contents: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    hazards: int | None = None
    persuaded: int | None = None
    checked: int | None = None
    remark: str = ""
    recorder: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        return f"{self.day or ''} {self.start}".strip()

    @property
    def weekday(self) -> str:
        """星期, from the day."""
        return _WEEKDAYS[self.day.weekday()] if self.day else ""

    @property
    def period(self) -> str:
        """时段: 20:30—22:10, or blanks to fill in by hand."""
        return f"{self.start or '　　'}—{self.end or '　　'}" if self.start or self.end else "　时　分—　时　分"


def compose(diary: Diary) -> Filled:
    """One form."""
    return Filled([diary])


def gather(read: Reader, wish: Wish) -> Diary:
    """One patrol, the latest when none is named; an empty form when there was none yet. Raises Gone."""
    latest, desk = patrols.list_patrols(read, limit=1), village.desk(read)
    if wish.record is None and not latest:
        return Diary(desk.village, desk.grid)
    card = patrols.patrol_card(read, wish.record or latest[0].id)
    patrol = card.record
    contents = fields_of(Patrol)["contents"].kind.show(patrol.contents)
    return Diary(
        village=desk.village,
        grid=desk.grid,
        day=patrol.day,
        start=patrol.start or "",
        end=patrol.end or "",
        weather=words("weather", patrol.weather),
        category=words("patrol_category", patrol.category),
        people=patrol.people or "",
        route=patrol.route or "",
        contents=tuple(filter(None, contents.split("、"))),
        findings=[
            Finding(
                place=finding.place or "",
                problem=finding.problem,
                category=words("hazard_degree", finding.category),
                handling=words("handling", finding.handling),
            )
            for finding in card.findings
        ],
        hazards=sum(finding.hazard is not None for finding in card.findings),
        persuaded=patrol.persuaded,
        checked=patrol.checked,
        remark=patrol.remark or "",
        recorder=card.recorder,
        code=code_of(patrol.id),
    )
