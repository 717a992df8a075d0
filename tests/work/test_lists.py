"""The lists of the screens: every filter counts what it shows, pages part the list, and nobody's number stands in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.work import hazards, houses, invent, patrols, people, tenancies
from tests import ledgers
from tests.ledgers import TODAY


@dataclass(frozen=True)
class Listing:
    """A list of the window: its filters, its counts, its rows."""

    filters: Mapping[str, str]
    count: Callable[..., dict[str, int]]
    rows: Callable[..., list[Any]]


LISTINGS = {
    "people": Listing(people.FILTERS, people.count_people, people.list_people),
    "houses": Listing(houses.FILTERS, houses.count_houses, houses.list_houses),
    "hazards": Listing(hazards.FILTERS, hazards.count_hazards, hazards.list_hazards),
    "patrols": Listing(patrols.FILTERS, patrols.count_patrols, patrols.list_patrols),
}
EVERY = [(name, which) for name, listing in LISTINGS.items() for which in listing.filters]
PAGE = 3


def _all_states(ledger: Ledger) -> None:
    """On top of the little village: closed, severe and withdrawn houses, hazards in every state, people registered long ago …"""
    from gridapp.fields import codes

    ledgers.a_little_village(ledger)
    ledgers.a_house(ledger, "QHY0003", degree=codes.table("degree").find("严重"))
    ledger.do(houses.close_house, ledgers.a_house(ledger, "QHY0004"), TODAY, "01")
    ledgers.a_house(ledger, "QHY0005")
    ledger.undo()
    steps: list[Callable[[UUID], object]] = [
        lambda h: ledger.do(hazards.tell_rectified, h),
        lambda h: ledger.do(hazards.serve_notice, h, date(2026, 11, 20)),
        lambda h: ledger.do(hazards.serve_notice, h, date(2026, 12, 20)),
        lambda h: ledger.do(hazards.recheck, h, True, "王建国"),
        lambda h: ledger.do(hazards.serve_notice, h, TODAY + timedelta(3)),
        lambda h: ledger.do(hazards.refer, h, "古山镇应急办"),
        lambda h: ledger.do(hazards.cancel_hazard, h, "看错了"),
        lambda h: ledger.undo(),
    ]
    for place, step in enumerate(steps, 1):
        step(ledger.do(hazards.raise_hazard, place=f"{place}号", content="私拉电线", degree="01", responsible="张浩", found_on=date(2026, 11, 1)).result)
    for back, category in enumerate(("01", "02", "03", "01")):
        ledger.do(patrols.log_patrol, day=TODAY - timedelta(days=back // 2), start="09:00", people="王建国", category=category)
    ledger.undo()
    old = ledgers.a_person(ledger, "老住户", _number(1), registered_on=date(2025, 1, 1))
    ledger.do(people.register_person, name="无证件", id_kind="999")
    ledger.do(tenancies.move_in, old, ledgers.rooms_of(ledger, ledger.ask(houses.by_number, "QHY0002").id)[0], TODAY)
    ledger.do(tenancies.mark_reported, [ledger.ask(people.person_card, old).stays[0].id], TODAY, "1")
    for seed in range(2, 12):
        ledgers.a_person(ledger, f"路人{seed}", _number(seed))


def _number(seed: int) -> str:
    chance = random.Random(seed)
    return invent.number(chance, chance.choice(invent._counties()), TODAY)[0]


@pytest.fixture(scope="module")
def _full(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("full") / "a.grid")
    with ledgers.reopen(path) as made:
        _all_states(made)
    return path


@pytest.fixture
def full(_full: Path, tmp_path: Path) -> Any:
    with ledgers.reopen(ledgers.copy(_full, tmp_path / "full.grid")) as opened:
        yield opened


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_a_filter_counts_the_rows_it_shows(full: Ledger, name: str, which: str) -> None:
    listing = LISTINGS[name]
    rows = full.ask(listing.rows, which)
    assert full.ask(listing.count)[which] == len(rows) == len({r.id for r in rows}) > 0


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_pages_part_the_list_in_a_stable_order(full: Ledger, name: str, which: str) -> None:
    listing = LISTINGS[name]
    whole = full.ask(listing.rows, which)
    pages = [full.ask(listing.rows, which, offset, PAGE) for offset in range(0, len(whole) + PAGE, PAGE)]
    assert [row for page in pages for row in page] == whole == full.ask(listing.rows, which)
    assert pages[-1] == [] and all(len(page) <= PAGE for page in pages)


@pytest.mark.parametrize("name", LISTINGS)
def test_counts_and_filters_name_the_same(full: Ledger, name: str) -> None:
    assert list(full.ask(LISTINGS[name].count)) == list(LISTINGS[name].filters)


def test_every_person_is_living_left_or_closed(full: Ledger) -> None:
    counted = full.ask(people.count_people)
    assert counted[people.LIVING] + counted[people.LEFT] + counted[people.CLOSED] == counted[people.ALL]
    for which in (people.LIVING, people.LEFT, people.CLOSED):
        assert {r.state for r in full.ask(people.list_people, which)} == {which}
    names = {which: {r.name for r in full.ask(people.list_people, which)} for which in people.FILTERS}
    assert names[people.CLOSED] == {"赵小妹"} and names[people.LIVING] == {"彭兵", "扎西·多吉", "老住户"}
    assert "王𬱟" in names[people.LEFT]
    assert names[people.ALL] - names[people.NEW] == names[people.ALL] - names[people.UNREPORTED] - {"赵小妹"} == {"老住户"}


def test_who_was_registered_last_stands_first(full: Ledger) -> None:
    told = [r.name for r in full.ask(people.list_people, people.ALL)]
    assert told == [*(f"路人{n}" for n in range(11, 1, -1)), "无证件", "老住户", "赵小妹", "扎西·多吉", "王𬱟", "彭兵"]


def test_every_house_is_let_or_closed(full: Ledger) -> None:
    numbers = {which: [r.house_no for r in full.ask(houses.list_houses, which)] for which in houses.FILTERS}
    assert numbers == {houses.OPEN: ["QHY0001", "QHY0002", "QHY0003"], houses.SEVERE: ["QHY0003"], houses.FULL: ["QHY0002"],
                       houses.CLOSED: ["QHY0004"], houses.ALL: ["QHY0001", "QHY0002", "QHY0003", "QHY0004"]}
    full.do(houses.correct_house, full.ask(houses.by_number, "QHY0001").id, max_people=1)
    assert full.ask(houses.count_houses)[houses.FULL] == 1, "as many as it is for is not too many"
    for row in full.ask(houses.list_houses, houses.ALL):
        card = full.ask(houses.house_card, row.id)
        assert (row.rooms, row.people) == (len(card.rooms), card.people)


def test_every_hazard_is_open_or_shut_and_the_pressing_come_first(full: Ledger) -> None:
    counted = full.ask(hazards.count_hazards)
    assert counted == {hazards.OPEN: 6, hazards.DUE: 2, hazards.OVERDUE: 1, hazards.WAITING: 1, hazards.UP: 1, hazards.SHUT: 2, hazards.ALL: 8}
    days = [r.due_on or date.max for r in full.ask(hazards.list_hazards)]
    assert days == sorted(days) and date(2026, 11, 20) in days and date.max in days


def test_patrols_come_newest_first_with_their_findings(full: Ledger) -> None:
    rows = full.ask(patrols.list_patrols)
    assert [r.day for r in rows] == sorted((r.day for r in rows), reverse=True)
    assert [r.findings for r in rows if r.findings] == [2] == [r.findings for r in full.ask(patrols.list_patrols, patrols.WITH_FINDINGS)]
    assert {r.category for r in full.ask(patrols.list_patrols, patrols.NIGHT)} == {"02"}


def test_numbers_and_phones_are_masked_in_lists(full: Ledger) -> None:
    full.do(people.correct_person, full.search("彭兵")[0].id, phone="18957709790")
    told = repr([row for listing in LISTINGS.values() for row in full.ask(listing.rows, "all")])
    assert ledgers.NUMBERS[0] not in told and "18957709790" not in told
    row = next(r for r in full.ask(people.list_people) if r.name == "彭兵")
    assert (row.number, row.phone) == ("510185********9619", "189****9790")


def test_the_list_narrows_to_what_a_search_found(full: Ledger) -> None:
    found = [h.id for h in full.search("路人")]
    assert {r.id for r in full.ask(people.list_people, people.LIVING, ids=found)} == set(found) and len(found) == 10
    assert full.ask(people.list_people, ids=[]) == []


def test_a_stay_an_undo_brought_back_shows_nobody_twice(full: Ledger) -> None:
    """Undo knows fields, not rooms: it may open an older stay again beside the present one."""
    person = full.search("老住户")[0].id
    rooms = ledgers.rooms_of(full, full.ask(houses.by_number, "QHY0001").id)
    left = full.do(tenancies.move_out, full.ask(people.person_card, person).stays[0].id, TODAY)
    full.do(tenancies.move_in, person, rooms[5], TODAY)
    full.undo(left.act)
    rows = full.ask(people.list_people)
    assert len(rows) == full.ask(people.count_people)[people.LIVING]
    assert [r.place[-3:] for r in rows if r.name == "老住户"] == ["203"]
