"""The score sheet (考核表): loaded from the shipped one, changed item by item, renewed as another version; whose business it is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp import places
from gridapp.errors import Mark, Mistake
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Points
from gridapp.ledger import PLAIN, REVIEW, Acting, Ledger, Reader, gated, needs, verb
from gridapp.ledger.codebook import configuration_of
from gridapp.ledger.writes import scope_names, scope_of
from gridapp.records import ScoreItem, ScoreSheet
from gridapp.texts import N_, _
from gridapp.work import village
from gridapp.work.figures import FIGURES, HALF, MONTH, QUARTER, YEAR, Window, named, of

RATE, CASE, HAND, MARK = "01", "02", "03", "04"
#: how the shipped sheet names the formulas
WORDS = {"rate": RATE, "case": CASE, "hand": HAND, "mark": MARK}
#: kind of window → code of score_period
PERIODS = {MONTH: "01", QUARTER: "02", HALF: "03", YEAR: "04"}
KIND_OF = {code: kind for kind, code in PERIODS.items()}


class TownScores(Mistake):
    """A village of a town does not write its own sheet, nor points."""

    def __init__(self) -> None:
        super().__init__(_("考核由镇里办理，村里的电脑只查看和申诉。要改考核表或加扣分，请告诉镇里。"))


class NoSheet(Mistake):
    """No version is in force at the end of the period."""

    def __init__(self, window: Window) -> None:
        super().__init__(_("{0}还没有可用的考核表。请先在“考核表”里装入一张按这个周期、启用日期不晚于 {1} 的表。").format(window.title, window.last))


class BadPeriod(Mistake):
    """A day or a span: nobody is scored by that."""

    def __init__(self, window: Window) -> None:
        super().__init__(_("考核按月、季、半年或年，“{0}”不是考核期。").format(window.title))


class WrongItem(Mistake):
    """An item whose formula cannot be counted; the marks say what is missing."""

    def __init__(self, no: int | None, marks: list[Mark]) -> None:
        super().__init__(_("第 {0} 项没有保存：{1}考核表没有改动。").format(no or "?", "".join(m.text for m in marks)), marks)


class CountedAlready(Mistake):
    """A period that is over was counted by this version."""

    def __init__(self, sheet: ScoreSheet, window: Window) -> None:
        super().__init__(_("“{0}”已经用来考核 {1}，不能再改。请先改版（新的一版从以后的日期启用），再改新的一版。").format(sheet.label(), window.title))


# ---------------------------------------------------------------- where it stands

@needs(PLAIN)
def standing(read: Reader) -> int:
    """The number of the scope whose sheets and points count: the town's configuration where there is one with sheets, else the own register."""
    conf = [no for no, name in scope_names(read).items() if name.startswith("c:")]
    if conf and (village.is_town(read) or read.scalar(sa.select(ScoreSheet.id).where(ScoreSheet.scope.in_(conf)).limit(1)) is not None):
        return conf[0]
    return 0


@gated(REVIEW)
def place_of(ledger: Ledger) -> str:
    """The scope in which whoever sits here sets sheets and points. Raises TownScores for a village of a town."""
    conf = configuration_of(ledger.scope)
    if ledger.scope.startswith("t:"):
        return conf if conf in ledger.scopes() else ledger.scope
    if conf in ledger.scopes():
        raise TownScores
    return ledger.scope


@gated(REVIEW)
def settle(ledger: Ledger, what: Any, *args: Any, **values: Any) -> Any:
    """Run a verb of the scores where they stand; returns what it returns. Raises TownScores, and what the verb raises."""
    return ledger.do_in(place_of(ledger), what, *args, **values).result


@needs(REVIEW)
def refuse_elsewhere(act: Acting) -> None:
    """Sheets and points are written in one scope only. Raises TownScores."""
    conf = any(name.startswith("c:") for name in scope_names(act).values())
    if conf and not (village.is_town(act) and scope_of(act).startswith("c:")):
        raise TownScores


# ---------------------------------------------------------------- verbs

@verb(N_("装入考核表"), REVIEW)
def load_sheet(act: Acting, period: str, since: date) -> UUID:
    """The shipped sheet for a cycle (code of score_period) from a day on. Raises TownScores, WrongItem, Refused."""
    refuse_elsewhere(act)
    told = tomllib.loads(places.resource("scores", "default.toml").read_text("utf-8"))
    sheet = act.add(ScoreSheet(name=told["name"], version=_newest(act) + 1, period=period, since=since,
                               **{name: _hundredths(told[name]) for name in ("total", "excellent", "good", "passing")}))
    for no, item in enumerate(told["items"], 1):
        amounts = {name: _hundredths(item.get(name)) for name in ("points", "target", "each", "most")}
        _add(act, sheet, ScoreItem(no=no, **{k: item.get(k) for k in ("heading", "text", "figure", "veto")}, formula=WORDS[item["formula"]], **amounts))
    return sheet.id


def _hundredths(told: float | None) -> int | None:
    return None if told is None else round(told * 100)


def _newest(act: Acting) -> int:
    """The number of the newest version; one that was taken back is not given again."""
    return act.scalar(sa.select(sa.func.max(ScoreSheet.version)).where(ScoreSheet.scope == standing(act))) or 0


@verb(N_("考核表改版"), REVIEW)
def renew_sheet(act: Acting, sheet_id: UUID, since: date) -> UUID:
    """The next version with the same items, from a later day on. Raises TownScores, Gone, Refused."""
    refuse_elsewhere(act)
    old = act.get(ScoreSheet, sheet_id)
    kept = {name: getattr(old, name) for name in ("name", "period", "total", "excellent", "good", "passing", "note")}
    new = act.add(ScoreSheet(version=_newest(act) + 1, since=since, **kept))
    names = [name for name, told in fields_of(ScoreItem).items() if told.tag < 100 and name != "sheet"]
    for item in items(act, sheet_id):
        act.add(ScoreItem(sheet=new.id, **{name: getattr(item, name) for name in names}))
    return new.id


@verb(N_("修改考核表"), REVIEW)
def correct_sheet(act: Acting, sheet_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Its name, thresholds, day. Raises TownScores, Gone, CountedAlready, Refused, ChangedMeanwhile."""
    return act.change(_free(act, sheet_id), seen=seen, **values).id


@verb(N_("撤回考核表"), REVIEW)
def withdraw_sheet(act: Acting, sheet_id: UUID) -> UUID:
    """A version no period was counted by yet. Raises TownScores, Gone, CountedAlready."""
    return act.change(_free(act, sheet_id), deleted=True).id


@verb(N_("增加考核项目"), REVIEW)
def add_item(act: Acting, sheet_id: UUID, **values: Any) -> UUID:
    """One more line. Raises TownScores, Gone, CountedAlready, WrongItem, Refused."""
    sheet = _free(act, sheet_id)
    last = act.scalar(sa.select(sa.func.max(ScoreItem.no)).where(ScoreItem.sheet == sheet_id)) or 0
    return _add(act, sheet, ScoreItem(**{"no": last + 1} | values))


@verb(N_("修改考核项目"), REVIEW)
def correct_item(act: Acting, item_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Points, formula, target. Raises TownScores, Gone, CountedAlready, WrongItem, Refused, ChangedMeanwhile."""
    item = act.get(ScoreItem, item_id)
    _free(act, item.sheet)
    item = act.change(item, seen=seen, **values)
    _refuse_wrong(item)
    return item.id


@verb(N_("取消考核项目"), REVIEW)
def drop_item(act: Acting, item_id: UUID) -> UUID:
    """One line less. Raises TownScores, Gone, CountedAlready."""
    item = act.get(ScoreItem, item_id)
    _free(act, item.sheet)
    return act.change(item, deleted=True).id


def _free(act: Acting, sheet_id: UUID) -> ScoreSheet:
    """A sheet that may still be changed."""
    refuse_elsewhere(act)
    sheet = act.get(ScoreSheet, sheet_id)
    first = of(KIND_OF[sheet.period], sheet.since)
    later = act.scalar(sa.select(sa.func.min(ScoreSheet.since)).where(
        ScoreSheet.period == sheet.period, ScoreSheet.since > sheet.since, ScoreSheet.deleted.is_not(True), ScoreSheet.scope == sheet.scope))
    if first.last < act.today and (later is None or later > first.last):
        raise CountedAlready(sheet, first)
    return sheet


def _add(act: Acting, sheet: ScoreSheet, item: ScoreItem) -> UUID:
    item.sheet = sheet.id
    act.add(item)
    _refuse_wrong(item)
    return item.id


def _refuse_wrong(item: ScoreItem) -> None:
    marks = list(wrong(item))
    if marks:
        raise WrongItem(item.no, marks)


def wrong(item: ScoreItem) -> Iterator[Mark]:
    """What keeps the formula of an item from being counted."""
    def no(name: str, text: str) -> Mark:
        return Mark(name, "block", f"no-{name}", text)

    figure = FIGURES.get(item.figure or "")
    if item.formula not in WORDS.values():
        yield no("formula", _("请选一种算法。"))
    if item.formula in (RATE, CASE):
        if figure is None:
            yield no("figure", _("没有名为“{0}”的数据，请从“数字”里选一个。").format(item.figure) if item.figure else _("按数据扣分要选取哪个数据。"))
        elif figure.rate is not (item.formula == RATE):
            yield no("figure", _("“{0}”不是百分比，不能按比例扣，请选比率或改用按件扣。").format(figure.title) if item.formula == RATE
                     else _("“{0}”是百分比，不能按件扣，请选件数或改用按比例扣。").format(figure.title))
        if not item.each or item.each <= 0:
            yield no("each", _("请填每低 1%（每件）扣几分，要大于 0。"))
    if item.formula == RATE and item.target is None:
        yield no("target", _("按比例扣要有目标值。"))
    if item.formula == MARK and not item.points:
        yield no("points", _("手工评分的项目要有分值。"))


# ---------------------------------------------------------------- questions

@needs(PLAIN)
def sheets(read: Reader) -> list[ScoreSheet]:
    """Every version, the newest first; records are detached."""
    return read.records(sa.select(ScoreSheet).where(ScoreSheet.scope == standing(read), ScoreSheet.deleted.is_not(True))
                        .order_by(ScoreSheet.since.desc(), ScoreSheet.version.desc(), ScoreSheet.id))


@needs(PLAIN)
def items(read: Reader, sheet_id: UUID) -> list[ScoreItem]:
    """The lines of a sheet in their order; records are detached."""
    return read.records(sa.select(ScoreItem).where(ScoreItem.sheet == sheet_id, ScoreItem.deleted.is_not(True)).order_by(ScoreItem.no, ScoreItem.seq))


@needs(PLAIN)
def in_force(read: Reader, window: Window) -> ScoreSheet:
    """The version a period is counted by: the newest that had begun at its end. Raises BadPeriod, NoSheet."""
    if window.kind not in PERIODS:
        raise BadPeriod(window)
    found = read.one(sa.select(ScoreSheet).where(
        ScoreSheet.scope == standing(read), ScoreSheet.deleted.is_not(True), ScoreSheet.period == PERIODS[window.kind], ScoreSheet.since <= window.last)
        .order_by(ScoreSheet.since.desc(), ScoreSheet.version.desc(), ScoreSheet.id))
    if found is None:
        raise NoSheet(window)
    return found


@needs(PLAIN)
def usual_period(read: Reader) -> Window:
    """The period a card is first shown of: the running one of the cycle of the newest sheet; the running quarter before there is one."""
    newest = next(iter(sheets(read)), None)
    return of(KIND_OF[newest.period] if newest is not None else QUARTER, read.today)


def points(value: int | None) -> str:
    """Hundredths as a card shows them: 9.5."""
    return Points().show(value) if value is None or value >= 0 else "−" + Points().show(-value)


def period(key: str) -> Window:
    """The period of a record. Raises BadWindow, BadPeriod."""
    window = named(key)
    if window.kind not in PERIODS:
        raise BadPeriod(window)
    return window


def period_words(code: str) -> str:
    """月, 季, 半年, 年."""
    return codes.table("score_period").label(code)
