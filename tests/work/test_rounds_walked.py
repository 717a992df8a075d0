"""走访单: who was not seen for long and whose limit ends, in the order one walks; a tick is no inspection."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from gridapp.fields import codes
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone
from gridapp.work import deadlines, houses, inspections, people, rounds, sites, tenancies, visits
from tests import ledgers
from tests.ledgers import TODAY


def stops(ledger: Ledger, which: str) -> list[str]:
    return [stop.label for stop in ledger.ask(rounds.walks)[which]]


def seen(ledger: Ledger, house: UUID, days: int) -> None:
    ledger.do(inspections.inspect, house=house, answers={"R01": 1}, day=TODAY - timedelta(days))


@pytest.fixture
def four(ledger: Ledger) -> dict[str, UUID]:
    """Seen today, 29, 30 and 90 days ago; one never."""
    found = {no: ledgers.a_house(ledger, no, address=f"祠堂路{no}号") for no in ("1", "2", "10", "11", "9")}
    for no, days in (("1", 0), ("2", 29), ("10", 30), ("11", 90)):
        seen(ledger, found[no], days)
    return found


def test_addresses_stand_as_doors_along_a_street() -> None:
    along = ["前街2号", "前街3号", "前街３-1号", "前街10号", "前街10号后门", "后街1号", "后街"]
    shuffled = along[:]
    Random(4).shuffle(shuffled)
    ordered = sorted(shuffled, key=rounds.in_order)
    assert [a for a in ordered if a.startswith("前街")] == along[:5]


def test_who_was_not_seen_for_so_many_days_is_listed_in_walking_order(ledger: Ledger, four: dict[str, UUID]) -> None:
    assert stops(ledger, rounds.LONG) == ["9", "10", "11"] and stops(ledger, rounds.LONGER) == ["9", "11"]


def test_a_tick_takes_a_place_off_the_list_for_its_days_and_is_no_inspection(ledger: Ledger, four: dict[str, UUID]) -> None:
    due = ledger.ask(visits.count_due)
    ledger.do(rounds.tick_visit, four["9"], "敲门见到房东")
    assert stops(ledger, rounds.LONG) == ["10", "11"] and stops(ledger, rounds.DONE) == ["9"] and ledger.ask(visits.count_due) == due
    assert [(t.day, t.who, t.note) for t in ledger.ask(rounds.ticks_of, four["9"])] == [(TODAY, "王建国", "敲门见到房东")]
    with pytest.raises(rounds.WalkedToday):
        ledger.do(rounds.tick_visit, four["9"])
    ledger.undo()
    assert stops(ledger, rounds.LONG) == ["9", "10", "11"] and stops(ledger, rounds.DONE) == []


def test_nobody_home_is_not_seen_and_what_is_closed_is_not_walked_to(ledger: Ledger, four: dict[str, UUID]) -> None:
    ledger.do(inspections.inspect, house=four["10"], nobody_home=True)
    ledger.do(houses.close_house, four["11"], TODAY, "05")
    assert stops(ledger, rounds.LONG) == ["9", "10"]


def test_sites_are_walked_to_as_well_and_nothing_else(ledger: Ledger) -> None:
    site = ledger.do(sites.register_site, name="小吃店", kind="01", address="前街3号").result
    assert stops(ledger, rounds.LONG) == ["小吃店"]
    ledger.do(rounds.tick_visit, site)
    assert stops(ledger, rounds.DONE) == ["小吃店"]
    with pytest.raises(Gone):
        ledger.do(rounds.tick_visit, ledgers.a_person(ledger))


def test_whose_limit_ends_is_walked_to_with_the_reason(ledger: Ledger) -> None:
    there = {name: ledgers.a_house(ledger, name, address=f"前街{n}号") for n, name in enumerate(("外国人", "亲戚", "证", "没事"), 1)}
    relatives = codes.table("living_kind").find("居民家中")
    told: dict[str, tuple[dict[str, object], date]] = {
        "外国人": ({"nationality": "USA", "id_kind": "414", "id_no": "A1234567"}, TODAY), "亲戚": ({"living_kind": relatives}, TODAY - timedelta(29)),
        "证": ({"permit": True, "permit_until": TODAY + timedelta(10), "reported_on": TODAY}, date(2026, 1, 1)), "没事": ({"permit": True}, date(2020, 1, 1))}
    for name, (values, start) in told.items():
        person = ledger.do(people.register_person, name=name, **values).result
        stay = ledger.do(tenancies.move_in, person, ledgers.rooms_of(ledger, there[name])[0], start).result
        if name in ("证", "没事"):
            ledger.do(tenancies.mark_reported, [stay], TODAY, "1")
    found = {stop.label: stop.reasons for stop in ledger.ask(rounds.walks)[rounds.LIMITS]}
    assert list(found) == ["外国人", "亲戚", "证"] and all(len(reasons) == 1 for reasons in found.values())
    groups = {group.rule: group for group in ledger.ask(deadlines.due)}
    titles = {rule: groups[rule].title for rule in ("foreigner_24h", "relative_exempt", "permit_endorse")}
    assert [reasons[0].rpartition(" ")[0] for reasons in found.values()] == list(titles.values())
    assert found["证"][0].endswith(str(groups["permit_endorse"].first[0].day))
    ledger.do(rounds.tick_visit, there["亲戚"])
    assert stops(ledger, rounds.LIMITS) == ["外国人", "证"], "whoever was there today is done with"
