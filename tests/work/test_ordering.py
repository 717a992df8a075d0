"""Lists in the order of a column: as a plain Python sort has it, page by page and as a whole, and no masked number is told by where somebody stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gridapp.fields import codes
from gridapp.ledger import REGISTER, VERBS, Acting, Ledger, verb
from gridapp.records import Hazard, House, Patrol, Person, Record, Room, Tenancy
from gridapp.work import hazardlists, houses, ordering, patrols, people
from tests import ledgers
from tests.ledgers import TODAY
from tests.work.test_lists import LISTINGS, _all_states

PAGE = 3
SORTS = ["", *(f"{way}{key}" for key in people.KEYS for way in ("", "-"))]
HOMES = [("甲路1号", "101"), ("甲路1号", "102"), ("甲路1号楼", "101"), ("乙路", "9"), ("乙路", "10"), ("甲路1号", "101")]
FEW = st.sampled_from(["王", "王一", "王二", "𬱖", "A", "a"])
SOMEBODY = st.tuples(FEW, st.booleans(), st.lists(st.tuples(st.integers(0, len(HOMES) - 1), st.booleans()), max_size=3), st.booleans(), st.booleans())


@verb("试", REGISTER)
def settle_some(act: Acting, somebody: list[Any]) -> None:
    """Homes, and people with a name, closed or not, with stays (which home, ended), withdrawn or not, registered this month or before."""
    houses = act.add_many(House, [{"house_no": f"Q{n}", "owner_name": "张浩", "address": address} for n, (address, _room) in enumerate(HOMES)])
    rooms = act.add_many(Room, [{"house": house, "room_no": room} for house, (_address, room) in zip(houses, HOMES, strict=True)])
    born = act.add_many(Person, [{"name": name, "id_kind": "999", "closed_on": TODAY if closed else None, "deleted": gone or None, "registered_on": TODAY - timedelta(0 if new else 90)}
                                 for name, closed, _stays, gone, new in somebody])
    act.add_many(Tenancy, [{"person": person, "room": rooms[home], "start": TODAY, "end": TODAY if ended else None}
                           for person, (_name, _closed, stays, _gone, _new) in zip(born, somebody, strict=True) for home, ended in stays])


VERBS.pop("settle_some")  # of these tests alone: others count the verbs of the program


@pytest.fixture
def village(empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path / "a.grid")) as made:
        yield made


def plainly(read: Any, which: str, sort: str) -> list[Any]:
    """The ids in the order Python gives the rows themselves."""
    rows = read.rows(sa.select(Person.id, Person.seq))
    seqs = {row.id: row.seq for row in rows}
    shown = people.list_people(read, which, 0, 10_000)
    told = {"name": lambda r: (r.name.encode(), seqs[r.id]), "place": lambda r: (r.place.encode(), seqs[r.id]),
            "state": lambda r: ([people.LIVING, people.LEFT, people.CLOSED].index(r.state), seqs[r.id])}
    if not sort:
        return [r.id for r in sorted(shown, key=lambda r: -seqs[r.id])]
    return [r.id for r in sorted(shown, key=told[sort.removeprefix("-")], reverse=sort.startswith("-"))]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(somebody=st.lists(SOMEBODY, max_size=14), which=st.sampled_from(list(people.FILTERS)))
@example(somebody=[("王", False, [(3, False), (0, False)], False, True), ("A", False, [(0, False)], False, True)], which=people.LIVING)
@example(somebody=[("王", False, [(3, False), (0, False)], False, True), ("A", False, [], False, True)], which=people.ALL)
def test_people_stand_as_python_sorts_them_page_by_page_and_as_a_whole(village: Ledger, somebody: list[Any], which: str) -> None:
    village.do(settle_some, somebody)
    with village.read() as read:
        for sort in SORTS:
            right = plainly(read, which, sort)
            whole = people.arrange_people(read, which, sort)
            starts = range(0, len(right) + PAGE, PAGE)
            assert ordering.length(whole) == len(right) and [r.id for r in people.list_people(read, which, sort=sort)] == right, sort
            assert [r.id for at in starts for r in people.list_people(read, which, at, PAGE, sort=sort)] == right, sort
            assert [r.id for at in starts for r in people.list_people(read, which, sort=sort, seqs=ordering.numbers(whole, at, PAGE))] == right, sort
    village.undo()


def test_while_a_list_is_paged_nothing_comes_twice_and_nothing_is_left_out(village: Ledger) -> None:
    village.do(settle_some, [(name, False, [(0, False)], False, True) for name in ("丁", "丙", "乙", "甲")])
    whole = village.ask(people.arrange_people, people.LIVING, "name")
    first = village.ask(people.list_people, people.LIVING, sort="name", seqs=ordering.numbers(whole, 0, 2))
    village.do(people.correct_person, first[1].id, name="～后来改的")
    ledgers.a_person(village, "一")
    second = village.ask(people.list_people, people.LIVING, sort="name", seqs=ordering.numbers(whole, 2, 2))
    assert [r.name for r in (*first, *second)] == ["丁", "丙", "乙", "甲"]


def test_masked_numbers_are_nothing_to_sort_by(village: Ledger) -> None:
    for name, number in zip(("甲", "乙", "丙", "丁"), ledgers.NUMBERS, strict=True):
        ledgers.a_person(village, name, number)
    usual = village.ask(people.list_people, people.ALL)
    for column in ("number", "id_no", "phone", "birth"):
        assert village.ask(people.list_people, people.ALL, sort=column) == usual == village.ask(people.list_people, people.ALL, sort=f"-{column}")


def _coded(table: str, attribute: str) -> Callable[[Any], Any]:
    places = {row.code: place for place, row in enumerate(codes.table(table).rows, 1)}
    return lambda row: places[getattr(row, attribute)] if getattr(row, attribute) else 0


def _bytes(attribute: str) -> Callable[[Any], Any]:
    return lambda row: (getattr(row, attribute) or "").encode()


def _day(attribute: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, attribute) or date.min


#: list → column → what Python sorts its rows by
PLAINLY: dict[str, dict[str, Callable[[Any], Any]]] = {
    "houses": {"number": _bytes("house_no"), "address": _bytes("address"), "owner": _bytes("owner"), "degree": lambda r: (r.closed, _coded("degree", "degree")(r))},
    "patrols": {"day": _day("day"), "time": _bytes("time"), "kind": _coded("patrol_category", "category"), "weather": _coded("weather", "weather"),
                "people": _bytes("people"), "route": _bytes("route")},
    "hazards": {"day": _day("found_on"), "place": _bytes("place"), "content": _bytes("content"), "kind": _coded("hazard_kind", "kind"),
                "degree": _coded("hazard_degree", "degree"), "state": _coded("hazard_state", "state"), "due": _day("due_on")},
}
KEYS = {"houses": houses.KEYS, "patrols": patrols.KEYS, "hazards": hazardlists.KEYS}
ENTITY: dict[str, type[Record]] = {"houses": House, "patrols": Patrol, "hazards": Hazard}


@pytest.fixture
def full(village: Ledger) -> Ledger:
    _all_states(village)
    return village


@pytest.mark.parametrize("name", PLAINLY)
def test_a_list_stands_as_python_sorts_its_rows(full: Ledger, name: str) -> None:
    assert set(PLAINLY[name]) == set(KEYS[name])
    listing, entity = LISTINGS[name], ENTITY[name]
    with full.read() as read:
        seqs = {row.id: row.seq for row in read.rows(sa.select(entity.id, entity.seq))}
        for which, (key, plain) in product(listing.filters, PLAINLY[name].items()):
            rows = listing.rows(read, which)
            right = sorted(rows, key=lambda r: (plain(r), seqs[r.id]))
            assert listing.rows(read, which, sort=key) == right and listing.rows(read, which, sort=f"-{key}") == right[::-1], (which, key)
            assert listing.rows(read, which, 1, PAGE, sort=key) == right[1:1 + PAGE]


@pytest.mark.parametrize(("name", "arrange"), [("houses", houses.arrange_houses), ("patrols", patrols.arrange_patrols)])
def test_an_arrangement_is_the_list_itself(full: Ledger, name: str, arrange: Callable[..., str]) -> None:
    listing = LISTINGS[name]
    for which, sort in product(listing.filters, ["", *PLAINLY[name]]):
        whole = full.ask(arrange, which, sort)
        assert full.ask(listing.rows, which, sort=sort, seqs=ordering.numbers(whole, 0, 100)) == full.ask(listing.rows, which, sort=sort)
        assert ordering.length(whole) == full.ask(listing.count)[which]
