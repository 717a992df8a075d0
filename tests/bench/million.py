"""A ledger of a million people: everybody different, all but some in a room, two million patrols; and one person whose story is long."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.ids import new_id
from gridapp.ledger import Ledger, search
from gridapp.records import House, Patrol, Person, Record, Room, Tenancy
from gridapp.work import invent, opening, people
from tests import ledgers
from tests.bench.townwork import TODAY, a_day

#: rooms a house, people a room, patrols a person: 1,000,000 people have 250,000 rooms and 2,000,000 patrols
ROOMS, IN_A_ROOM, PATROLS = 8, 4, 2
#: entries of the one long story
STORY = 5_000
_AT_ONCE = 20_000


def make(path: Path, count: int, story: int = STORY) -> None:
    """`count` people; rows go straight into the tables, the search index is made at the end."""
    with opening.new_ledger(path, ledgers.PASSWORD, "330784108238", "第一网格", "王建国") as ledger:
        chance = random.Random(11)
        with ledger.home.engine.begin() as connection:
            for entity, rows in _everything(chance, count):
                _put(connection, entity, rows)
        with Session(ledger.home.engine) as session, session.begin():
            search.index_all(session)
        _long_story(ledger, story)


def _everything(chance: random.Random, count: int) -> Iterator[tuple[type[Record], Iterable[dict[str, Any]]]]:
    places = [(new_id(), new_id()) for _room in range(count // IN_A_ROOM)]  # (house, room): the house of every eighth room is one
    houses = [places[first][0] for first in range(0, len(places), ROOMS)]
    yield House, ({"id": house, "house_no": f"QHY{n:06}", "owner_name": invent._name(chance), "owner_phone": f"13{chance.randrange(10**9):09}",
                   "address": f"永康市古山镇青后叶村{chance.choice(invent.STREETS)}{n % 900 + 1}号", "registered_on": TODAY} for n, house in enumerate(houses, 1))
    yield Room, ({"id": room, "house": houses[n // ROOMS], "room_no": f"{1 + n % ROOMS // 4}{1 + n % 4:02}"} for n, (_house, room) in enumerate(places))
    told = [new_id() for _person in range(count)]
    yield Person, (row | {"id": told[n]} for n, row in enumerate(invent._people(chance, count, set(), TODAY)))
    yield Tenancy, ({"person": person, "room": places[n // IN_A_ROOM][1], "start": a_day(chance, 900), "reported_on": TODAY,
                     "end": TODAY if chance.random() < 0.1 else None} for n, person in enumerate(told) if n // IN_A_ROOM < len(places))
    yield Patrol, ({"day": a_day(chance), "people": "王建国", "shift": chance.choice(("01", "02"))} for _patrol in range(PATROLS * count))


def _put(connection: sa.Connection, entity: type[Record], rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while some := [{"id": new_id(), "nconf": 0, "scope": 1} | row for row in islice(waiting, _AT_ONCE)]:
        connection.execute(sa.insert(cast(sa.Table, entity.__table__)), some)


def _long_story(ledger: Ledger, entries: int) -> None:
    """One person who was corrected again and again."""
    person = ledger.do(people.register_person, name="故事长", id_no=ledgers.NUMBERS[0]).result
    for turn in range(entries):
        ledger.do(people.correct_person, person, phone=f"138{turn:08}")
