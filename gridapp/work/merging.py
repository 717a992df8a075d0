"""Merging people who were registered twice (合并), taking it back, and tidying up after parcels came in.

The larger id points to the smaller, whoever merges: two stations that merge at once agree. Nothing is lost: the one that was merged keeps
its own values, what it had goes over by ordinary writes, and its story tells what belonged to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import idnumber
from gridapp.fields.field import by_tag, fields_of
from gridapp.fields.kinds import Link
from gridapp.ledger import HAND, REVIEW, Acting, Reader, verb
from gridapp.ledger.questions import answer, registers_of
from gridapp.ledger.reader import Refused
from gridapp.ledger.registers import UNIVERSAL, Registers
from gridapp.ledger.writes import Write, graph_of, put_down, scope_no, writes_of
from gridapp.records import ENTITIES, Act, Person, Record
from gridapp.texts import N_, _
from gridapp.work import aliases, strays, twins

INTO = 101
CLOSING = ("closed_on", "closed_why", "closed_note")
REPORTED = ("reported_on", "reported_batch")


class OnePersonAlready(Mistake):
    """Merging somebody with themselves."""

    def __init__(self) -> None:
        super().__init__(_("这两条登记已经是同一个人了，不用再合并。请刷新后再看。"))


class Apart(Mistake):
    """Registers never span villages."""

    def __init__(self) -> None:
        super().__init__(_("这两条登记属于不同的村，不能合并。如果人已经搬走，请在原来的村办理退租。"))


class NotMerged(Mistake):
    """Taking back a merge that never was."""

    def __init__(self) -> None:
        super().__init__(_("这条登记没有并入别人，不用拆开。请刷新后再看。"))


class SameNumber(Mistake):
    """Two registrations with one number."""

    def __init__(self) -> None:
        super().__init__(_("这两条登记的证件号码相同，不能确认为两个人。请先核对证件，改正登错的号码。"))


@dataclass(frozen=True)
class Tidied:
    """One thing `tidy` did: `what` of WHATS, to which person, and who stands for them now."""

    what: str
    person: UUID
    to: UUID
    label: str


MERGED, RELINKED, CARRIED, PARTED, AGREED = "merged", "relinked", "carried", "parted", "agreed"
WHATS = {MERGED: N_("合并了重复登记"), RELINKED: N_("后到的记录改挂到合并后的人员"), CARRIED: N_("合并后又改的内容转到合并后的人员"),
         PARTED: N_("所并入的登记已撤销，恢复为单独的人员"), AGREED: N_("几处合并指向同一人，已统一")}


# ---------------------------------------------------------------- merging and taking it back

@verb(N_("合并重复人员"), REVIEW)
def merge_people(act: Acting, keep: UUID, away: UUID, **values: Any) -> UUID:
    """Make two registrations one person; returns the id that stands for both (the smaller one, with the values of `keep`).

    Fields empty in `keep` are filled from `away` unless `values` say otherwise. Everything that pointed to either points to the one.
    Raises Gone, OnePersonAlready, Apart, Refused.
    """
    first, second = (act.get(Person, aliases.root(act, Person, told)) for told in (keep, away))
    if first.id == second.id:
        raise OnePersonAlready
    if first.scope != second.scope:
        raise Apart
    stays, goes = (first, second) if first.id < second.id else (second, first)
    told = _joined(first, second) | values
    new = {n: v for n, v in told.items() if getattr(stays, n) != v}
    if new:
        answer(act, Person, stays.id, **new)
    put_down(act, Person, {goes.id: {"into": stays.id}})
    _relink(act, [goes.id], stays.id)
    return stays.id


@verb(N_("确认是两个人"), REVIEW)
def two_people(act: Acting, keep: UUID, away: UUID) -> UUID:
    """Say that the later of two registrations is nobody registered before, so that the two are not asked about again, on no PC.

    It is kept as the record standing for itself; taken back, or merged, it is as before. Raises Gone, OnePersonAlready, SameNumber.
    """
    first, second = (act.get(Person, told) for told in sorted((keep, away)))
    if aliases.root(act, Person, first.id) == aliases.root(act, Person, second.id):
        raise OnePersonAlready
    if first.id_no and second.id_no and idnumber.long_form(first.id_no) == idnumber.long_form(second.id_no):
        raise SameNumber
    put_down(act, Person, {second.id: {"into": second.id}})
    return second.id


def _joined(first: Person, second: Person) -> dict[str, Any]:
    """Every field of `first`, of `second` where it is empty; who is not closed in one registration is not closed."""
    own = {n: f for n, f in fields_of(Person).items() if f.tag < UNIVERSAL}
    told = {n: getattr(first, n) if getattr(first, n) is not None else getattr(second, n) for n in own}
    here = next((p for p in (first, second) if p.closed_on is None), first)
    sent = first if first.reported_on is not None else second
    return told | {n: getattr(here, n) for n in CLOSING} | {n: getattr(sent, n) for n in REPORTED}


def _links() -> Iterator[tuple[type[Record], str]]:
    """Everything that may point to a person."""
    for entity in ENTITIES.values():
        for name, told in fields_of(entity).items():
            if entity is not Act and isinstance(told.kind, Link) and told.kind.to in (Person.__tablename__, "") and told.tag != INTO:
                yield entity, name


def _children(act: Acting, people: list[UUID]) -> Iterator[tuple[type[Record], str, UUID, UUID]]:
    """(entity, field, id, person) of what points to these people in the scope of the act, withdrawn records too."""
    for entity, name in _links():
        column = getattr(entity, name)
        for start in range(0, len(people), 500):
            asked = sa.select(entity.id, column).where(column.in_(people[start:start + 500]), entity.scope == scope_no(act)).order_by(entity.id)
            yield from ((entity, name, child, person) for child, person in act.rows(asked))


def _relink(act: Acting, people: list[UUID], to: UUID) -> int:
    moved: dict[tuple[type[Record], str], list[UUID]] = {}
    for entity, name, child, _person in _children(act, people):
        moved.setdefault((entity, name), []).append(child)
    for (entity, name), children in moved.items():
        put_down(act, entity, {child: {name: to} for child in children})
    return sum(map(len, moved.values()))


@verb(N_("拆开合并的人员"), REVIEW)
def unmerge(act: Acting, away: UUID) -> UUID:
    """Make a person who was merged into another one stand alone again, with everything that belonged to them by its story.

    What the merge filled in on the other is emptied again where nobody has changed it since. Raises Gone, NotMerged.
    """
    chain = aliases.chain(act, Person, away)
    if len(chain) == 1:
        raise NotMerged
    mine = aliases.members(act, Person, away)
    _take_out(act, chain)
    put_down(act, Person, {away: {"into": None}})
    back: dict[tuple[type[Record], str], list[UUID]] = {}
    for entity, name, child, _person in _children(act, chain[1:]):
        back.setdefault((entity, name), []).append(child)
    for (entity, name), children in back.items():
        tag, told = fields_of(entity)[name].tag, writes_of(act, entity, children)
        owned = [c for c in children if {w.values.get(tag) for w in told.get(c, ())} & {m.bytes for m in mine}]
        put_down(act, entity, {child: {name: away} for child in owned})
    return away


def _take_out(act: Acting, chain: list[UUID]) -> None:
    """Give those a person was merged into the values back they had before."""
    written = writes_of(act, Person, chain)
    came = {tag: {w.values[tag] for w in written[chain[0]] if tag in w.values} for tag in by_tag(Person)}
    for below, above in zip(chain, chain[1:], strict=False):
        merges = {w.act for w in written[below] if w.values.get(INTO)}
        record = act.find(Person, above)
        if record is None:
            return
        put = _without(act, record, written[above], merges, came)
        if put:
            put_down(act, Person, {above: put})


def _without(act: Acting, record: Person, written: list[Write], merges: set[tuple[int, int]], came: dict[int, set[Any]]) -> dict[str, Any]:
    """{field: value} of what the record would show had these acts not filled it; fields changed since are left alone."""
    graph, rest = graph_of(act), Registers()
    for write in written:
        if write.act not in merges:
            rest.write(write.stamp, write.values, graph)
    now, by_stamp = registers_of(record), {w.stamp: w for w in written}
    put = {}
    for tag, told in by_tag(Person).items():
        stamp = now.stamp(tag)
        last = by_stamp.get(stamp) if stamp is not None else None
        if last is not None and last.act in merges and last.values.get(tag) in came[tag] | {None}:
            put[told.name] = told.kind.load(rest.values.get(tag))
    return put


# ---------------------------------------------------------------- after a parcel came in

@verb(N_("整理合并的人员"), HAND, REVIEW)
def tidy(act: Acting) -> list[Tidied]:
    """After a taking-in: exact twins are merged, what came late for a merged person goes to the one that stands for them.

    Done again it does nothing; done at two stations at once it does the same. Returns what was done, for the preview's last page.
    """
    return [*_agree(act), *_part(act), *_merge_exact(act), *_relink_late(act), *_agree_on_links(act), *_carry(act)]


def _label(read: Reader, person: UUID) -> str:
    found = read.find(Person, person)
    return found.label() if found is not None else ""


def _agree(act: Acting) -> Iterator[Tidied]:
    """Merged at two stations into two people who are one themselves: no question, the smaller id is meant."""
    asked = sa.select(Person).where(Person.nconf > 0, Person.scope == scope_no(act)).order_by(Person.id)
    for person in act.records(asked):
        told = registers_of(person)
        if INTO not in told.differing():
            continue
        said = [told.values.get(INTO), *(h[2] for h in told.heads[INTO])]
        ids = [UUID(bytes=s) for s in said if isinstance(s, bytes)]
        roots = {aliases.root(act, Person, i) for i in ids}
        if len(ids) == len(said) and len(roots) == 1 and person.id not in roots:
            put_down(act, Person, {person.id: {"into": min(ids)}})
            yield Tidied(AGREED, person.id, min(ids), person.label())


def _agree_on_links(act: Acting) -> Iterator[Tidied]:
    """Given to one person at two stations that had merged different pairs: no question where all of them are one person by now."""
    for entity, name in _links():
        tag = fields_of(entity)[name].tag
        for record in act.records(sa.select(entity).where(entity.nconf > 0, entity.scope == scope_no(act)).order_by(entity.id)):
            told = registers_of(record)
            if tag not in told.differing():
                continue
            said = [UUID(bytes=v) if isinstance(v, bytes) else None for v in (told.values.get(tag), *(h[2] for h in told.heads[tag]))]
            roots = {aliases.root(act, Person, person) for person in said if person is not None}
            if None not in said and len(roots) == 1:
                to = roots.pop()
                put_down(act, entity, {record.id: {name: to}})
                yield Tidied(RELINKED, record.id, to, _label(act, to))


def _part(act: Acting) -> Iterator[Tidied]:
    """Merged into somebody whose registration was withdrawn elsewhere: nobody disappears with it."""
    for away in aliases.away(act, Person, scope_no(act)):
        chain = aliases.chain(act, Person, away)
        if len(chain) == 2 and act.find(Person, chain[1]) is None and act.find(Person, away) is not None:
            unmerge(act, away)
            yield Tidied(PARTED, away, away, _label(act, away))


def _merge_exact(act: Acting) -> Iterator[Tidied]:
    for twin in twins.twins(act, scope_no(act)):
        keep, away = (aliases.root(act, Person, p) for p in (twin.keep, twin.away))
        if not twin.exact or twin.parted or keep == away:
            continue
        try:
            to = merge_people(act, min(keep, away), max(keep, away))
        except Refused:
            continue  # it stays in the list of twins, for a person
        yield Tidied(MERGED, max(keep, away), to, _label(act, to))


def _relink_late(act: Acting) -> Iterator[Tidied]:
    for away in aliases.away(act, Person, scope_no(act)):
        to = aliases.root(act, Person, away)
        if act.find(Person, to) is not None and _relink(act, [away], to):
            yield Tidied(RELINKED, away, to, _label(act, to))


def _carry(act: Acting) -> Iterator[Tidied]:
    """What can be carried over without asking is; a merge is confirmed when nothing is left to ask."""
    by_person: dict[UUID, list[strays.Stray]] = {}
    for stray in strays.strays(act, scope_no(act)):
        by_person.setdefault(stray.away, []).append(stray)
    for away, many in by_person.items():
        plain = [s for s in many if s.plain]
        if plain:
            strays.carry(act, away, [s.field for s in plain], confirm=len(plain) == len(many))
        yield from (Tidied(CARRIED, away, s.person, s.field_label) for s in plain)
