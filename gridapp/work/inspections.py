"""Inspections (检查) of a house or a site by a checklist: one act writes the answers down and opens a hazard for everything not in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.fields.checklists import ANSWERS, BAD, GOOD, HINT, SEVERE, Item, pack, unpack
from gridapp.ledger import LOOK, PLAIN, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Hazard, House, Inspection, Officer, Site
from gridapp.texts import N_, _
from gridapp.work import checklists, hazards, steps
from gridapp.work.checklists import Checklist

#: whoever found a hazard stands there in so many characters
LONGEST_FINDER = 100


class OnePlace(Mistake):
    """Neither a house nor a site, or both."""

    def __init__(self) -> None:
        super().__init__(_("一次检查只能写一处：请选一处房屋，或者选一处场所。"))


class NotOnTheList(Mistake):
    """Items this edition of the list does not have."""

    def __init__(self, title: str, edition: int, items: Sequence[str]) -> None:
        super().__init__(_("{0}（第 {1} 版）没有这些检查项：{2}。请核对检查表，或刷新后再填。").format(title, edition, "、".join(items)))


class BadAnswer(Mistake):
    """An answer that is none of the three."""

    def __init__(self, item: str, answer: object) -> None:
        told = "、".join(f"{number} {_(word)}" for number, word in ANSWERS.items())
        super().__init__(_("检查项 {0} 的结果“{1}”看不懂，只能填：{2}。").format(item, answer, told))


class NothingChecked(Mistake):
    """No answer at all."""

    def __init__(self) -> None:
        super().__init__(_("还没有填任何一项结果。请填写检查项；没有人开门的，请选“无人在家”。"))


class NobodyButAnswers(Mistake):
    """Nobody was home, and yet things were looked at."""

    def __init__(self) -> None:
        super().__init__(_("选了“无人在家”，就不能再填逐项结果。请清空结果，或去掉“无人在家”。"))


@dataclass(frozen=True)
class Named:
    """A hazard by its item."""

    id: UUID
    item: str
    content: str


@dataclass(frozen=True)
class Inspected:
    """What an inspection led to: hazards it opened, those that stood open for the same item already, and those it found in order this time."""

    id: UUID
    opened: tuple[Named, ...] = ()
    standing: tuple[Named, ...] = ()
    better: tuple[Named, ...] = ()


# ---------------------------------------------------------------- acts

@verb(N_("登记检查"), REGISTER)
def inspect(act: Acting, *, house: UUID | None = None, site: UUID | None = None, answers: Mapping[str, int] | None = None,
            notes: Mapping[str, str] | None = None, checklist: str | None = None, edition: int | None = None, **values: Any) -> Inspected:
    """Write an inspection down; everything not in order (2) opens a hazard of that place, unless one stands open for it already.

    `checklist`: another list than that of the place's class (a zone check); `edition`: the one that was filled in, else the one in force.
    Raises OnePlace, NoChecklist, NoSuchChecklist, NotOnTheList, BadAnswer, NothingChecked, NobodyButAnswers, NoteTooLong, Refused, Gone.
    """
    place = _place(act, house, site)
    name = checklist or (checklists.RENTAL if isinstance(place, House) else checklists.of_class(place.kind))
    used = checklists.in_force(act, name) if edition is None else checklists.edition(act, name, edition, answers or ())
    told = _sorted_answers(used, answers or {}, bool(values.get("nobody_home")))
    people = values.pop("people", None) or act.scalar(sa.select(Officer.name).where(Officer.number == act.officer))
    inspection = act.add(Inspection(**{"day": act.today} | values | {
        "people": people, "house": house, "site": site, "checklist": name, "edition": used.edition,
        "answers": pack(told, notes or {}) or None}))
    return _open_hazards(act, inspection, place, used, told, notes or {})


@verb(N_("修改检查"), REGISTER)
def correct_inspection(act: Acting, inspection_id: UUID, *, answers: Mapping[str, int] | None = None, notes: Mapping[str, str] | None = None,
                       seen: bytes | None = None, **values: Any) -> Inspected:
    """Change what was written down; the place and the list stay. What is not in order only now opens a hazard.

    A hazard whose item was a slip is not closed by this: it is named, and withdrawn by whoever may.
    Raises Gone, OnePlace, NotOnTheList, BadAnswer, NothingChecked, NobodyButAnswers, NoteTooLong, Refused, ChangedMeanwhile.
    """
    inspection = act.get(Inspection, inspection_id)
    if {"house", "site", "checklist", "edition"} & values.keys():
        raise OnePlace
    before = unpack(inspection.answers)
    used = checklists.edition(act, inspection.checklist, inspection.edition, before[0])
    nobody = bool(values.get("nobody_home", inspection.nobody_home))
    told = _sorted_answers(used, before[0] if answers is None else answers, nobody, before[0])
    noted = before[1] if notes is None else notes
    act.change(inspection, seen=seen, **values, answers=pack(told, noted) or None)
    changed = {item: answer for item, answer in told.items() if before[0].get(item) != answer}
    return _open_hazards(act, inspection, _place(act, inspection.house, inspection.site), used, changed, noted)


def _place(act: Acting, house: UUID | None, site: UUID | None) -> House | Site:
    if (house is None) == (site is None):
        raise OnePlace
    return act.get(House, house) if house is not None else act.get(Site, site)  # type: ignore[arg-type]


def _sorted_answers(used: Checklist, answers: Mapping[str, int], nobody: bool, before: Mapping[str, int] | None = None) -> dict[str, int]:
    """The answers in the order of the list. `before`: what was there already is not refused, whatever this PC knows of the list."""
    if nobody and answers:
        raise NobodyButAnswers
    if not nobody and not answers:
        raise NothingChecked
    known = {item.id for item in used.items} | set(before or ())
    unknown = [item for item in answers if item not in known]
    if unknown:
        raise NotOnTheList(used.title, used.edition, unknown)
    for item, answer in answers.items():
        if isinstance(answer, bool) or answer not in ANSWERS:
            raise BadAnswer(item, answer)
    order = {item.id: place for place, item in enumerate(used.items)}
    return {item: int(answers[item]) for item in sorted(answers, key=lambda one: (order.get(one, len(order)), one))}


# ---------------------------------------------------------------- hazards

def _open_hazards(act: Acting, inspection: Inspection, place: House | Site, used: Checklist, answers: Mapping[str, int],
                  notes: Mapping[str, str]) -> Inspected:
    standing, opened, again, better = _standing(act, inspection), list[Named](), list[Named](), list[Named]()
    for item_id, answer in answers.items():
        there = standing.get(item_id)
        if answer == GOOD and there is not None:
            better.append(there)
        elif answer == BAD and there is not None:
            again.append(there)
        elif answer == BAD:
            opened.append(_open(act, inspection, place, used.item(item_id), " ".join(notes.get(item_id, "").split())))
    return Inspected(inspection.id, tuple(opened), tuple(again), tuple(better))


def _open(act: Acting, inspection: Inspection, place: House | Site, item: Item, note: str) -> Named:
    table = codes.table("hazard_degree")
    hazard = hazards.opened(
        act, found_on=inspection.day, house=inspection.house, site=inspection.site, place=_where(place), content=item.wording(note),
        degree=table.find(item.severity if item.severity in (SEVERE, HINT) else "一般"), kind=item.kind, item=item.id,
        inspection=inspection.id, patrol=inspection.patrol, finder=(inspection.people or "")[:LONGEST_FINDER])
    return Named(hazard.id, item.id, hazard.content)


def _where(place: House | Site) -> str:
    told = place.address if isinstance(place, House) or place.name in place.address else f"{place.address} {place.name}"
    return told[:200]


def _standing(act: Reader, inspection: Inspection) -> dict[str, Named]:
    """Open hazards of the place by the item of this list they were found by, the oldest of each."""
    link = Hazard.house == inspection.house if inspection.house is not None else Hazard.site == inspection.site
    asked = (sa.select(Hazard.id, Hazard.item, Hazard.content).outerjoin(Inspection, Inspection.id == Hazard.inspection)
             .where(link, Hazard.deleted.is_not(True), Hazard.item.is_not(None), Hazard.state.not_in(steps.ended(Hazard)),
                    sa.func.coalesce(Inspection.checklist, inspection.checklist) == inspection.checklist)
             .order_by(Hazard.seq.desc()))
    return {item: Named(eid, item, content) for eid, item, content in act.rows(asked)}


# ---------------------------------------------------------------- what a form begins with

@dataclass(frozen=True)
class Sheet:
    """What a form of an inspection is made of: the place by name, its list, what stands open for its items, who usually goes."""

    house: UUID | None
    site: UUID | None
    label: str
    checklist: Checklist
    open: dict[str, Named]
    people: str


@needs(LOOK)
def sheet(read: Reader, *, house: UUID | None = None, site: UUID | None = None, checklist: str | None = None) -> Sheet:
    """The form for one place. Raises OnePlace, Gone, NoChecklist, NoSuchChecklist."""
    if (house is None) == (site is None):
        raise OnePlace
    place: House | Site = read.get(House, house) if house is not None else read.get(Site, site)  # type: ignore[arg-type]
    name = checklist or (checklists.RENTAL if isinstance(place, House) else checklists.of_class(place.kind))
    asked = Inspection(house=house, site=site, checklist=name)
    label = f"{place.house_no} {place.address}" if isinstance(place, House) else f"{place.name} {place.address}"
    return Sheet(house, site, label, checklists.in_force(read, name), _standing(read, asked), usual_people(read))


@needs(PLAIN)
def usual_people(read: Reader) -> str:
    """Who made the last inspection; before the first one, who sits at the desk."""
    last: str | None = read.scalar(sa.select(Inspection.people).where(Inspection.deleted.is_not(True))
                                   .order_by(Inspection.day.desc(), Inspection.seq.desc()).limit(1))
    return last or read.scalar(sa.select(Officer.name).where(Officer.number == read.officer)) or ""
