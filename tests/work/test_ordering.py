"""Lists in the order of a column: as a plain Python sort has it, page by page and as a whole, and no masked number is told by where somebody stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gridapp.fields import codes
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import REGISTER, VERBS, Acting, Ledger, verb
from gridapp.records import (Alarm, Dispute, Event, Finding, Hazard, House, Inspection, Patrol, Person, Petition, Push, Record, Room, Site, Task,
                             Tenancy)
from gridapp.work import alarmlists, disputes, eventlists, grades, hazardlists, houses, ordering, patrols, people, petitions, sites, tasks
from tests import ledgers
from tests.ledgers import TODAY

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
    return lambda row: places.get(getattr(row, attribute), len(places) + 1) if getattr(row, attribute) else 0


def _bytes(attribute: str) -> Callable[[Any], Any]:
    return lambda row: (getattr(row, attribute) or "").encode()


def _day(attribute: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, attribute) or date.min


def _is(value: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, value)


@dataclass(frozen=True)
class Long:
    """A long list: what it asks, column → what Python sorts its rows by, and what its records are filled with at random."""

    entity: type[Record]
    rows: Callable[..., list[Any]]
    arrange: Callable[..., str]
    count: Callable[..., dict[str, int]]
    filters: Mapping[str, str]
    keys: ordering.Keys
    plainly: Mapping[str, Callable[[Any], Any]]
    told: Mapping[str, Sequence[Any]]


WORDS, DAYS = ("王", "王一", "𬱖", "A", "a", "～"), (TODAY, TODAY - timedelta(1), TODAY + timedelta(2), date(2025, 3, 1))
MAYBE, LATER = (*WORDS, None), (*DAYS, None)
CODES, ENDED = ("01", "02", "03", "zz", None), (None, None, TODAY)


def _states(table: str) -> tuple[str, ...]:
    return tuple(row.code for row in codes.table(table).rows)


LISTS: dict[str, Long] = {
    "houses": Long(House, houses.list_houses, houses.arrange_houses, houses.count_houses, houses.FILTERS, houses.KEYS, {
        "number": _bytes("house_no"), "address": _bytes("address"), "owner": _bytes("owner"), "degree": lambda r: (r.closed, _coded("degree", "degree")(r)),
        "rooms": lambda r: (r.rooms, r.people), "last": _day("last"), "grade": lambda r: (r.closed, grades.GRADES.index(r.grade))},
        {"house_no": WORDS, "address": WORDS, "owner_name": WORDS, "degree": CODES, "closed_on": ENDED, "max_people": (None, 1)}),
    "patrols": Long(Patrol, patrols.list_patrols, patrols.arrange_patrols, patrols.count_patrols, patrols.FILTERS, patrols.KEYS, {
        "day": _day("day"), "time": lambda r: [t.encode() for t in r.time.split("–")], "kind": _coded("patrol_category", "category"), "weather": _coded("weather", "weather"),
        "people": _bytes("people"), "route": _bytes("route"), "findings": _is("findings")},
        {"day": DAYS, "start": ("08:00", "09:30"), "end": ("10:00", None), "weather": CODES, "category": CODES, "people": WORDS, "route": MAYBE}),
    "hazards": Long(Hazard, hazardlists.list_hazards, hazardlists.arrange_hazards, hazardlists.count_hazards, hazardlists.FILTERS, hazardlists.KEYS, {
        "day": _day("found_on"), "place": _bytes("place"), "content": _bytes("content"), "kind": _coded("hazard_kind", "kind"),
        "degree": _coded("hazard_degree", "degree"), "state": _coded("hazard_state", "state"), "due": _day("due_on")},
        {"found_on": DAYS, "place": WORDS, "content": WORDS, "kind": CODES, "degree": CODES, "state": _states("hazard_state"), "due_on": LATER}),
    "events": Long(Event, eventlists.list_events, eventlists.arrange_events, eventlists.count_events, eventlists.FILTERS, eventlists.KEYS, {
        "day": _day("day"), "title": _bytes("title"), "kind": _coded("event_kind", "kind"), "place": _bytes("place"), "grade": _coded("event_grade", "grade"), "due": _day("due_on"),
        "state": lambda r: [row.name for row in codes.table("event_state").rows].index(r.state), "pushes": lambda r: (r.pushed, r.answered)},
        {"day": DAYS, "title": WORDS, "kind": CODES, "place": MAYBE, "grade": CODES, "due_on": LATER, "state": _states("event_state"), "police": (True, None)}),
    "disputes": Long(Dispute, disputes.list_disputes, disputes.arrange_disputes, disputes.count_disputes, disputes.FILTERS, disputes.KEYS, {
        "day": _day("found_on"), "title": _bytes("title"), "kind": _coded("dispute_category", "category"), "mediators": _bytes("mediators"), "state": _coded("dispute_state", "state")},
        {"found_on": DAYS, "title": WORDS, "category": CODES, "mediators": MAYBE, "state": _states("dispute_state"), "perform_by": LATER, "visit_by": LATER}),
    "petitions": Long(Petition, petitions.list_petitions, petitions.arrange_petitions, petitions.count_petitions, petitions.FILTERS, petitions.KEYS, {
        "day": _day("came_on"), "title": _bytes("title"), "leader": _bytes("leader"), "state": _coded("petition_state", "state"), "due": _day("due_on")},
        {"came_on": DAYS, "title": WORDS, "leader": MAYBE, "state": _states("petition_state"), "due_on": LATER}),
    "sites": Long(Site, sites.list_sites, sites.arrange_sites, sites.count_sites, sites.FILTERS, sites.KEYS, {
        "name": _bytes("name"), "kind": _coded("site_class", "kind"), "address": _bytes("address"), "grade": lambda r: grades.GRADES.index(r.grade), "last": _day("last"),
        "mark": lambda r: (r.closed, ["", "出租未鉴定", "D级危房", "D级危房出租"].index(r.mark))},
        {"name": WORDS, "kind": _states("site_class"), "address": WORDS, "appraisal": (*_states("appraisal"), None), "let": (True, None), "closed_on": ENDED}),
    "tasks": Long(Task, tasks.list_tasks, tasks.arrange_tasks, tasks.count_tasks, tasks.FILTERS, tasks.KEYS, {
        "title": _bytes("title"), "kind": _coded("task_kind", "kind"), "due": _day("due_on"), "set": _day("set_on"), "village": _is("village"),
        "state": lambda r: 2 if r.called_off else 1 if r.done_on else 0},
        {"title": WORDS, "kind": CODES, "due_on": LATER, "set_on": DAYS, "done_on": ENDED, "closed_on": ENDED}),
    "alarms": Long(Alarm, alarmlists.list_alarms, alarmlists.arrange_alarms, alarmlists.count_alarms, alarmlists.FILTERS, alarmlists.KEYS, {
        "at": _is("at"), "place": _bytes("place"), "kind": _coded("alarm_kind", "kind"), "number": _bytes("number"), "content": _bytes("content"), "verdict": _coded("alarm_verdict", "verdict")},
        {"at": [datetime(2026, 11, day, 8, 30, tzinfo=BEIJING) for day in (3, 3, 4, 9)], "place": MAYBE, "kind": CODES, "number": MAYBE, "content": MAYBE,
         "verdict": (*_states("alarm_verdict"), None)}),
}
MANY = 24


@verb("试", REGISTER)
def settle_many(act: Acting, name: str, seed: int) -> None:
    """Records of a list filled at random, and what is reckoned of them: rooms, stays, visits, findings, pushes."""
    chance = random.Random(seed)

    def some(count: int, told: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
        return [{field: chance.choice(list(values)) for field, values in told.items()} for _record in range(count)]

    made = act.add_many(LISTS[name].entity, some(MANY, LISTS[name].told))
    if name == "houses":
        rooms = act.add_many(Room, some(MANY, {"house": made[:9], "room_no": ("101",)}))
        people = act.add_many(Person, some(MANY, {"name": WORDS, "id_kind": ("999",)}))
        act.add_many(Tenancy, [{"person": person, "room": chance.choice(rooms), "start": TODAY, "end": chance.choice(ENDED)} for person in people])
    if name in ("houses", "sites"):
        about = name.removesuffix("s")
        act.add_many(Inspection, some(MANY // 2, {about: made, "day": DAYS[:2], "nobody_home": (None, True), "people": WORDS}))
        act.add_many(Hazard, some(MANY // 2, {about: made, "found_on": DAYS, "content": WORDS, "degree": CODES, "state": _states("hazard_state"), "place": WORDS}))
    if name == "patrols":
        act.add_many(Finding, some(MANY, {"patrol": made[:8], "problem": WORDS, "place": WORDS, "deleted": (None, None, True)}))
    if name == "events":
        act.add_many(Push, some(MANY, {"event": made[:8], "recipient": ("01",), "sent_on": DAYS[:2], "answered_on": ENDED, "deleted": (None, None, True)}))


VERBS.pop("settle_many")


def stands(read: Any, name: str) -> None:
    """Each filter of a list in the order of each column, both ways, page by page and as a whole, is as Python sorts what it shows."""
    asked = LISTS[name]
    seqs = {row.id: row.seq for row in read.rows(sa.select(asked.entity.id, asked.entity.seq))}
    for which in asked.filters:
        usual = asked.rows(read, which)
        for sort in ["", *(way + key for key in asked.keys for way in ("", "-"))]:
            plain = asked.plainly.get(sort.removeprefix("-"))
            right = usual if plain is None else sorted(usual, key=lambda r: (plain(r), seqs[r.id]), reverse=sort.startswith("-"))  # noqa: B023
            whole, starts = asked.arrange(read, which, sort), range(0, len(right) + PAGE, PAGE)
            assert ordering.length(whole) == len(right) == asked.count(read)[which], (which, sort)
            assert asked.rows(read, which, sort=sort) == right, (which, sort)
            assert [row for at in starts for row in asked.rows(read, which, at, PAGE, sort=sort)] == right, (which, sort)
            assert [row for at in starts for row in asked.rows(read, which, sort=sort, seqs=ordering.numbers(whole, at, PAGE))] == right, (which, sort)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_stands_as_python_sorts_its_rows_page_by_page_and_as_a_whole(village: Ledger, name: str) -> None:
    assert set(LISTS[name].plainly) == set(LISTS[name].keys)
    village.do(settle_many, name, 7)
    with village.read() as read:
        stands(read, name)


@pytest.mark.parametrize("name", LISTS)
def test_it_stands_so_in_the_town_too(hub_ledger: Ledger, name: str) -> None:
    hub_ledger.do(settle_many, name, 8)
    with hub_ledger.read() as read:
        stands(read, name)


@pytest.mark.parametrize("sort", ["", *(way + key for key in patrols.KEYS if key != "findings" for way in ("", "-"))])
def test_the_first_patrols_in_any_order_are_told_by_an_index(village: Ledger, sort: str) -> None:
    """Without one two million were read and sorted for it: seconds."""
    village.do(settle_many, "patrols", 7)
    said = list[tuple[str, Any]]()
    hear: Callable[..., None] = lambda _connection, _cursor, statement, given, *_rest: said.append((statement, given))  # noqa: E731
    sa.event.listen(village.home.engine, "before_cursor_execute", hear)
    village.ask(patrols.list_patrols, patrols.ALL, 0, PAGE, sort=sort)
    sa.event.remove(village.home.engine, "before_cursor_execute", hear)
    with village.home.engine.connect() as connection:
        plans = [str(row.detail) for statement, given in said if "FROM patrol" in statement for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
    assert plans and not [plan for plan in plans if "TEMP B-TREE" in plan or plan.startswith("SCAN patrol") and "INDEX" not in plan], plans
