"""Twins (疑似重复): people registered twice, found after every taking-in; exact ones are merged by `merging.tidy`, the others are a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import idnumber
from gridapp.ledger import LOOK, Reader, needs
from gridapp.ledger.questions import registers_of
from gridapp.records import House, Person
from gridapp.texts import N_, _

#: why two registrations look like one person, strongest first
NUMBER, BIRTH, PHONE = "number", "birth", "phone"
REASONS = {NUMBER: N_("证件号码相同"), BIRTH: N_("姓名、出生日期相同"), PHONE: N_("姓名、电话相同")}
INTO = 101
Key = sa.SQLColumnExpression[object]


@dataclass(frozen=True)
class Twin:
    """Two registrations of perhaps one person; `keep` has the smaller id, which is the one that stays when they are merged.

    `exact`: kind, valid number and name agree; merged without asking unless `parted`: somebody has taken such a merge back.
    `across`: the two belong to different villages and cannot be merged; one of them has perhaps moved.
    """

    keep: UUID
    away: UUID
    keep_label: str
    away_label: str
    reason: str
    exact: bool
    parted: bool
    across: bool

    @property
    def why(self) -> str:
        return _(REASONS[self.reason])


@needs(LOOK)
def twins(read: Reader, scope: int | None = None) -> list[Twin]:
    """Every pair, the surest first; of one scope (by its number) if told. Two who have different valid numbers of one kind are two people, whatever
    else agrees; and so are two without one of whom somebody has said so."""
    found: dict[tuple[UUID, UUID], Twin] = {}
    for reason, group in _groups(read, _living(scope)):
        for one, other in combinations(sorted(group, key=lambda p: p.id), 2):
            across = one.scope != other.scope
            if (one.id, other.id) in found or across and reason != NUMBER or reason != NUMBER and (_plainly_two(one, other) or alone(other)):
                continue
            found[one.id, other.id] = Twin(one.id, other.id, one.label(), other.label(), reason, not across and exact(one, other),
                                           parted(other), across)
    return sorted(found.values(), key=lambda t: (list(REASONS).index(t.reason), not t.exact, t.parted, t.keep))


def exact(one: Person, other: Person) -> bool:
    """The same kind of paper, number (with a valid check digit) and name: nobody needs to be asked."""
    return (one.id_kind == other.id_kind and one.name == other.name and (_valid(one) or _valid(other))
            and idnumber.long_form(one.id_no or "") == idnumber.long_form(other.id_no or ""))


def alone(person: Person) -> bool:
    """Whether somebody has looked and found that this is nobody who was registered before (确认是两个人): the record points to itself."""
    return person.into == person.id


def parted(person: Person) -> bool:
    """Whether a merge of this person was taken back by somebody."""
    told = registers_of(person)
    return INTO in told.over and told.values.get(INTO) is None


def _valid(person: Person) -> bool:
    number = person.id_no or ""
    return len(number) == 18 and number[:17].isdigit() and idnumber.check_digit(number[:17]) == number[17]


def _plainly_two(one: Person, other: Person) -> bool:
    return (one.id_kind == other.id_kind and _valid(one) and _valid(other)
            and idnumber.long_form(one.id_no or "") != idnumber.long_form(other.id_no or ""))


def _living(scope: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(Person.deleted.is_not(True), Person.unmerged(), sa.true() if scope is None else Person.scope == scope)


def _groups(read: Reader, living: sa.ColumnElement[bool]) -> Iterator[tuple[str, list[Person]]]:
    for reason, first, keys in ((NUMBER, (Person.id_no,), (Person.id_no,)), (BIRTH, (Person.name, Person.birth), (Person.scope, Person.name, Person.birth)),
                                (PHONE, (Person.phone,), (Person.scope, Person.name, Person.phone))):
        same: dict[tuple[object, ...], list[Person]] = {}
        for person in _met_twice(read, living, first, keys) + (_old_numbers(read, living) if reason == NUMBER else []):
            key = (idnumber.long_form(person.id_no or ""),) if reason == NUMBER else tuple(getattr(person, k.key) for k in keys)
            met = same.setdefault(key, [])
            if all(p.seq != person.seq for p in met):
                met.append(person)
        yield from ((reason, group) for group in same.values() if len(group) > 1)


def _met_twice(read: Reader, living: sa.ColumnElement[bool], first: Sequence[Key], keys: Sequence[Key]) -> list[Person]:
    """People who share the columns `keys`, none of them empty, with somebody else.

    `first`: some of them that have an index of their own. What is met twice there is read from it alone: row by row a million people took ten seconds.
    """
    twice = sa.select(*first).where(*(k.is_not(None) for k in first)).group_by(*first).having(sa.func.count() > 1)
    where = sa.and_(living, *(k.is_not(None) for k in keys), sa.tuple_(*first).in_(twice))
    met = sa.select(*keys).where(where).group_by(*keys).having(sa.func.count() > 1).subquery()
    same = sa.and_(*(k == met.c[place] for place, k in enumerate(keys)))
    return read.records(sa.select(Person).join(met, same).where(where).order_by(Person.seq))


def _old_numbers(read: Reader, living: sa.ColumnElement[bool]) -> list[Person]:
    """Those with a number of 15 digits, and who has the 18 it grew to."""
    short = read.records(sa.select(Person).where(living, sa.func.length(Person.id_no) == 15).order_by(Person.seq))
    grown = [spelling for p in short for spelling in idnumber.spellings(p.id_no or "") if len(spelling) == 18]
    return short + [p for start in range(0, len(grown), 500) for p in read.records(
        sa.select(Person).where(living, Person.id_no.in_(grown[start:start + 500])).order_by(Person.seq))]


@dataclass(frozen=True)
class SameNumber:
    """Houses of one village that bear the same number (房屋编号): one of them must get another, nobody merges houses unasked."""

    house_no: str
    houses: tuple[tuple[UUID, str], ...]


@needs(LOOK)
def same_house_numbers(read: Reader) -> list[SameNumber]:
    """Numbers given twice, with id and address of each house."""
    where = sa.and_(House.deleted.is_not(True), House.unmerged())
    twice = sa.select(House.scope, House.house_no).where(where).group_by(House.scope, House.house_no).having(sa.func.count() > 1).subquery()
    asked = (sa.select(House.id, House.scope, House.house_no, House.address)
             .join(twice, sa.and_(House.scope == twice.c.scope, House.house_no == twice.c.house_no)).where(where)
             .order_by(House.house_no, House.id))
    found: dict[tuple[int, str], list[tuple[UUID, str]]] = {}
    for row in read.rows(asked):
        found.setdefault((row.scope, row.house_no), []).append((row.id, row.address))
    return [SameNumber(number, tuple(houses)) for (_scope, number), houses in found.items()]
