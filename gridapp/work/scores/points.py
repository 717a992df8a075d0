"""Points given and taken by hand (加扣分), the villages' appeals against points and items (申诉), and the town's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, REVIEW, Acting, Reader, needs, verb
from gridapp.ledger.writes import scope_names, scope_of
from gridapp.records import ENTITIES, Appeal, Officer, Point, ScoreItem, ScoreSheet
from gridapp.texts import N_, _
from gridapp.work.scores.sheets import MARK, PERIODS, period, points, refuse_elsewhere, standing


class NoSuchVillage(Mistake):
    """Points for a village this ledger does not hold."""

    def __init__(self, code: str) -> None:
        super().__init__(_("这里没有 {0} 这个村的台账，请核对村代码。没有记分。").format(code))


class WrongPoints(Mistake):
    """Nothing, or more than there is."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__(_("这一项满分 {0} 分，请填不超过它的分数。").format(points(most)) if most is not None else _("请填大于 0 的分数。"))


class OtherPeriod(Mistake):
    """A quarter for an item that is scored by the month."""

    def __init__(self, words: str) -> None:
        super().__init__(_("这个考核项目按{0}考核，请写这个周期的考核期。").format(words))


class AppealedAlready(Mistake):
    """One appeal is heard, and it was made."""

    def __init__(self) -> None:
        super().__init__(_("这一处已经申诉过，答复随交接包回来后可以看到。"))


class OwnVillageOnly(Mistake):
    """The town does not appeal."""

    def __init__(self) -> None:
        super().__init__(_("申诉由村里提出：请在村里的电脑上办理，或者先选定一个村。"))


class AnsweredAlready(Mistake):
    """It has its answer."""

    def __init__(self) -> None:
        super().__init__(_("这条申诉已经答复。要改答复请撤销后重新答复。"))


def _name(read: Reader) -> str | None:
    found: str | None = read.scalar(sa.select(Officer.name).where(Officer.number == read.officer))
    return found


def _period_of(read: Reader, item: ScoreItem, key: str) -> str:
    """The key of a period the item is scored by. Raises BadWindow, BadPeriod, OtherPeriod."""
    window, sheet = period(key), read.get(ScoreSheet, item.sheet)
    if PERIODS[window.kind] != sheet.period:
        raise OtherPeriod(codes.table("score_period").label(sheet.period))
    return window.key


# ---------------------------------------------------------------- verbs

@verb(N_("加扣分"), REVIEW)
def give_points(act: Acting, item_id: UUID, village: str, period_key: str, taken: int, reason: str, *, bonus: bool = False,
                evidence: UUID | None = None, day: date | None = None) -> UUID:
    """Points (hundredths) for one village ('v:…') and period, taken or, as a bonus, given; for an item marked by hand its score.

    Raises TownScores, Gone, NoSuchVillage, WrongPoints, BadWindow, BadPeriod, OtherPeriod, Refused.
    """
    refuse_elsewhere(act)
    item = act.get(ScoreItem, item_id)
    if village not in scope_names(act).values() or not village.startswith("v:"):
        raise NoSuchVillage(village[2:])
    if item.formula == MARK and not 0 <= taken <= item.points:
        raise WrongPoints(item.points)
    if item.formula != MARK and taken <= 0:
        raise WrongPoints
    return act.add(Point(item=item_id, village=village[2:], period=_period_of(act, item, period_key), day=day or act.today, taken=taken,
                         bonus=bonus or None, reason=reason, evidence=evidence, by=_name(act))).id


@verb(N_("修改加扣分"), REVIEW)
def correct_points(act: Acting, point_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """What was mistyped. Raises TownScores, Gone, Refused, ChangedMeanwhile."""
    refuse_elsewhere(act)
    return act.change(act.get(Point, point_id), seen=seen, **values).id


@verb(N_("撤回加扣分"), REVIEW)
def withdraw_points(act: Acting, point_id: UUID) -> UUID:
    """Given by mistake. Raises TownScores, Gone."""
    refuse_elsewhere(act)
    return act.change(act.get(Point, point_id), deleted=True).id


@verb(N_("考核申诉"), REVIEW)
def appeal(act: Acting, item_id: UUID, period_key: str, text: str, point_id: UUID | None = None) -> UUID:
    """Say what is wrong with a point, or with what a formula took; stands in the village's own register and goes with the next hand-over.

    Raises OwnVillageOnly, Gone, AppealedAlready, BadWindow, BadPeriod, OtherPeriod, Refused.
    """
    if not scope_of(act).startswith("v:"):
        raise OwnVillageOnly
    item = act.get(ScoreItem, item_id)
    key = _period_of(act, item, period_key)
    if point_id is not None:
        act.get(Point, point_id)
    same = sa.select(Appeal).where(Appeal.item == item_id, Appeal.period == key, Appeal.deleted.is_not(True),
                                   Appeal.point == point_id if point_id is not None else Appeal.point.is_(None))
    if any(one.scope == act._taken.scope.no for one in act.records(same)):
        raise AppealedAlready
    return act.add(Appeal(item=item_id, period=key, point=point_id, text=text, day=act.today, by=_name(act))).id


@verb(N_("答复申诉"), REVIEW)
def answer_appeal(act: Acting, appeal_id: UUID, answer: str, granted: bool, back: int = 0) -> UUID:
    """Grant or refuse it: a point is reversed or kept; of what a formula took `back` (hundredths) are given back.

    Raises TownScores, Gone, AnsweredAlready, WrongPoints, Refused.
    """
    refuse_elsewhere(act)
    told = act.get(Appeal, appeal_id)
    if told.point is not None:
        point = act.get(Point, told.point)
        if point.answered_on is not None:
            raise AnsweredAlready
        return act.change(point, answer=answer, answered_on=act.today, reversed=granted or None).id
    if act.one(sa.select(Point).where(Point.evidence == appeal_id, Point.deleted.is_not(True))) is not None:
        raise AnsweredAlready
    if granted and back <= 0:
        raise WrongPoints
    return act.add(Point(item=told.item, village=scope_names(act)[told.scope][2:], period=told.period, day=act.today, taken=back if granted else 0,
                         bonus=True, reason=_("申诉成立，退回扣分") if granted else _("申诉不成立，维持扣分"), evidence=appeal_id,
                         answer=answer, answered_on=act.today, by=_name(act))).id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class AppealRow:
    """One appeal: whose, against what, and what came of it (`granted` None: not answered yet)."""

    id: UUID
    village: str
    item: UUID
    item_text: str
    period: str
    point: UUID | None
    reason: str
    text: str
    day: date
    by: str
    answer: str
    granted: bool | None


OPEN, DONE, ALL = "open", "done", "all"
APPEALS = {OPEN: N_("待答复"), DONE: N_("已答复"), ALL: N_("全部")}


@needs(LOOK)
def appeals(read: Reader, which: str = ALL, window_key: str | None = None) -> list[AppealRow]:
    """The appeals that are seen here, the newest first; of one period if told."""
    asked = (sa.select(Appeal, ScoreItem.text).join(ScoreItem, sa.and_(ScoreItem.id == Appeal.item, ScoreItem.scope == standing(read)))
             .where(Appeal.deleted.is_not(True)).order_by(Appeal.day.desc(), Appeal.seq.desc()))
    if window_key is not None:
        asked = asked.where(Appeal.period == window_key)
    found, names = read.rows(asked), scope_names(read)
    wanted = [a.point for a, _text in found if a.point is not None], [a.id for a, _text in found if a.point is None]
    points_ = read.records(sa.select(Point).where(Point.deleted.is_not(True), Point.scope == standing(read),
                                                  sa.or_(Point.id.in_(wanted[0]), Point.evidence.in_(wanted[1]))))
    by_id, by_appeal = {p.id: p for p in points_}, {p.evidence: p for p in points_ if p.evidence is not None}
    told = [_row(a, text, names.get(a.scope, ""), by_id.get(a.point) if a.point is not None else by_appeal.get(a.id)) for a, text in found]
    return [row for row in told if which == ALL or (row.granted is None) is (which == OPEN)]


def _row(told: Appeal, text: str, village: str, point: Point | None) -> AppealRow:
    answered = point is not None and point.answered_on is not None
    granted = None
    if answered and point is not None:
        granted = bool(point.reversed) if told.point is not None else point.taken > 0
    return AppealRow(told.id, village, told.item, text, told.period, told.point, point.reason if point is not None and told.point is not None else "",
                     told.text, told.day, told.by or "", (point.answer or "") if answered and point is not None else "", granted)


@needs(LOOK)
def evidence_of(read: Reader, record: UUID) -> tuple[str, str] | None:
    """(kind, words) of the record a point names as its evidence; None for one that is not here."""
    for entity in ENTITIES.values():
        found = read.find(entity, record)
        if found is not None:
            return entity.__tablename__, found.label()
    return None
