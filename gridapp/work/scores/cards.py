"""Score-cards (村平安考核): what each item took and why, the total, the grade, and all villages of a town in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import PLAIN, Reader, needs
from gridapp.ledger.writes import scope_names
from gridapp.records import Appeal, Point, ScoreItem, ScoreSheet
from gridapp.texts import N_, _
from gridapp.work import figures
from gridapp.work.figures import FIGURES, Value, Window
from gridapp.work.scores.sheets import CASE, MARK, RATE, in_force, items, points, standing

GRADES = (("excellent", N_("优秀")), ("good", N_("良好")), ("passing", N_("合格")))
FAILED = N_("不合格")


@dataclass(frozen=True)
class PointRow:
    """Points by hand of one item: hundredths taken, or given as a bonus; `back`: given back after an appeal against a formula."""

    id: UUID
    day: date
    taken: int
    bonus: bool
    reason: str
    by: str
    evidence: UUID | None
    answer: str
    reversed: bool
    back: bool


@dataclass(frozen=True)
class Line:
    """One item of a card; amounts in hundredths, `figure` is the key of the number it goes by, `score` None while nobody has marked it."""

    id: UUID
    no: int
    heading: str
    text: str
    points: int
    formula: str
    veto: bool
    figure: str
    value: Value | None
    lost: int
    gained: int
    score: int | None
    why: str
    by_hand: tuple[PointRow, ...]
    appealed: bool

    @property
    def failed(self) -> bool:
        """Whether this item vetoes the card."""
        return self.veto and (self.lost > 0 or any(not p.bonus and not p.reversed for p in self.by_hand))


@dataclass(frozen=True)
class Card:
    """The card of one village ('v:…') and period; `rank` of `many` where all were counted."""

    village: str
    name: str
    window: Window
    sheet: UUID
    sheet_name: str
    full: int
    lines: tuple[Line, ...]
    total: int
    grade: str
    rank: int = 0
    many: int = 0

    @property
    def id(self) -> str:
        return self.village

    @property
    def vetoes(self) -> tuple[Line, ...]:
        """The items that make it nothing (100−1=0)."""
        return tuple(line for line in self.lines if line.failed)

    @property
    def unmarked(self) -> int:
        """How many items wait for somebody's mark; until then they count in full."""
        return sum(line.score is None for line in self.lines)


@needs(PLAIN)
def card(read: Reader, village: str, window: Window) -> Card:
    """The card of one village. Raises BadPeriod, NoSheet."""
    return _cards(read, window, {village: figures.villages(read).get(village, codes.named(village[2:]))})[0]


@needs(PLAIN)
def ranking(read: Reader, window: Window) -> list[Card]:
    """The cards of all villages, the best first; equal ones share their rank. Raises BadPeriod, NoSheet."""
    found = sorted(_cards(read, window, figures.villages(read)), key=lambda c: (-c.total, c.village))
    return [replace(c, rank=1 + sum(other.total > c.total for other in found), many=len(found)) for c in found]


def _cards(read: Reader, window: Window, wanted: Mapping[str, str]) -> list[Card]:
    """Each figure is asked once for all villages; a village's card is of the whole village, whatever grid its officer works in."""
    sheet = in_force(read, window)
    lines = items(read, sheet.id)
    with read.every_grid():
        keys = {item.figure for item in lines if item.formula in (RATE, CASE) and item.figure in FIGURES}
        values = {key: figures.by_village(read, key, window) for key in keys if key is not None}
    by_hand, appealed = _points(read, window, lines), _appealed(read, window)
    return [_card(sheet, window, village, name, [
        _line(item, _value(item, values, village), by_hand.get((item.id, village[2:]), ()), (item.id, village) in appealed) for item in lines])
        for village, name in wanted.items()]


def _value(item: ScoreItem, values: Mapping[str, Mapping[str, Value]], village: str) -> Value | None:
    figure = FIGURES.get(item.figure or "")
    if figure is None or item.formula not in (RATE, CASE):
        return None
    return values[figure.key].get(village, Value(0, 0 if figure.rate else None, figure.per))


def _points(read: Reader, window: Window, lines: Sequence[ScoreItem]) -> dict[tuple[UUID, str], tuple[PointRow, ...]]:
    """Points by item and village code; only those written where the sheet was."""
    asked = (sa.select(Point).where(Point.scope == standing(read), Point.period == window.key, Point.deleted.is_not(True),
                                    Point.item.in_([item.id for item in lines])).order_by(Point.day, Point.seq))
    found = read.records(asked)
    back = {id_ for (id_,) in read.rows(sa.select(Appeal.id).where(Appeal.id.in_([p.evidence for p in found if p.evidence is not None])))}
    told: dict[tuple[UUID, str], tuple[PointRow, ...]] = {}
    for p in found:
        row = PointRow(p.id, p.day, p.taken, bool(p.bonus), p.reason, p.by or "", p.evidence, p.answer or "", bool(p.reversed),
                       bool(p.bonus) and (p.evidence in back or p.answered_on is not None))
        told[p.item, p.village] = (*told.get((p.item, p.village), ()), row)
    return told


def _appealed(read: Reader, window: Window) -> set[tuple[UUID, str]]:
    names = scope_names(read)
    rows = read.rows(sa.select(Appeal.item, Appeal.scope).where(Appeal.period == window.key, Appeal.deleted.is_not(True)))
    return {(item, names.get(scope, "")) for item, scope in rows}


def _card(sheet: ScoreSheet, window: Window, village: str, name: str, lines: list[Line]) -> Card:
    told = Card(village, name, window, sheet.id, sheet.label(), sheet.total, tuple(lines), 0, "")
    whole = sum(line.points + line.gained if line.score is None else line.score for line in lines)
    total = 0 if told.vetoes else max(0, whole)
    return replace(told, total=total, grade=_(FAILED) if told.vetoes else grade(sheet, total))


def grade(sheet: ScoreSheet, total: int) -> str:
    """优秀, 良好, 合格, 不合格 by the thresholds of the sheet; '' where it has none."""
    told = [(getattr(sheet, name), words) for name, words in GRADES if getattr(sheet, name) is not None]
    return next((_(words) for least, words in told if total >= least), _(FAILED) if told else "")


def _line(item: ScoreItem, value: Value | None, by_hand: Sequence[PointRow], appealed: bool) -> Line:
    """What an item comes to: the formula's share and what was taken by hand, less what was given back, at most what it may cost."""
    standing_ = [p for p in by_hand if not p.reversed]
    back = sum(p.taken for p in standing_ if p.back)
    gained = sum(p.taken for p in standing_ if p.bonus and not p.back)
    taken = [p for p in standing_ if not p.bonus]
    if item.formula == MARK:
        lost, why = (item.points - taken[-1].taken, taken[-1].reason) if taken else (0, _("尚未评分"))
    else:
        lost, why = _by_formula(item, value)
        lost += sum(p.taken for p in taken)
        why = "；".join(filter(None, (why, *(_said(p) for p in taken))))
    why = "；".join(filter(None, (why, *(_said(p) for p in standing_ if p.bonus))))
    cap = item.most if item.most is not None else item.points
    lost = max(0, min(lost, cap) - back)
    score = None if item.formula == MARK and not taken else item.points - lost + gained
    return Line(item.id, item.no, item.heading or "", item.text, item.points, item.formula, bool(item.veto), item.figure or "", value, lost, gained, score,
                why, tuple(by_hand), appealed)


def _said(point: PointRow) -> str:
    return f"{point.reason}（{'+' if point.bonus else '−'}{points(point.taken)}）"


def _by_formula(item: ScoreItem, value: Value | None) -> tuple[int, str]:
    """Hundredths a formula takes, rounded half up, and the words for it."""
    if value is None:
        return 0, ""
    figure, exact = FIGURES[item.figure or ""], value.exact
    if exact is None:
        return 0, _("{0}：没有可算的记录").format(figure.title)
    said = f"{figure.title} {value.shown}{figure.unit}"
    if item.formula == CASE:
        return (item.each or 0) * value.part, said
    target = Fraction(item.target or 0, 100)
    gap = exact - target if figure.good == "down" else target - exact
    held = _("（目标 {0}{1}）").format(points(item.target), figure.unit)
    return (int((item.each or 0) * gap + Fraction(1, 2)) if gap > 0 else 0), said + held
