"""Stays that cannot both be: listed with what is suggested; nothing is ended by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.work import houses, mending, merging, overlaps, people, tenancies
from tests import ledgers
from tests.ledger.test_meeting import agree, give
from tests.meeting import all_meet, pcs


@pytest.fixture
def moved(ledger: Ledger, tmp_path: Path) -> tuple[Ledger, Ledger, UUID]:
    """Somebody without a room, whom two PCs let move in at two places; they have met."""
    house = ledgers.a_house(ledger)
    person = ledgers.a_person(ledger)
    one, other = pcs(tmp_path, ledger)
    rooms = ledgers.rooms_of(ledger, house)
    one.do(tenancies.move_in, person, rooms[0], date(2026, 11, 1))
    other.do(tenancies.move_in, person, rooms[1], date(2026, 11, 9))
    all_meet(one, other)
    return one, other, person


def test_two_open_stays_are_listed_the_older_first(moved: tuple[Ledger, Ledger, UUID]) -> None:
    for ledger in moved[:2]:
        [told] = ledger.ask(overlaps.overlaps)
        assert ledger.ask(mending.count) == 1
        assert (told.person, told.name, told.day) == (moved[2], "彭兵", date(2026, 11, 9))
        assert told.older_place.startswith("永康市") and told.older_place != told.newer_place and "2026-11-09" in told.why


def test_the_suggestion_ends_the_older_when_the_newer_began(moved: tuple[Ledger, Ledger, UUID]) -> None:
    one, other, person = moved
    [told] = one.ask(overlaps.overlaps)
    one.do(overlaps.end_older, told.older, told.newer)
    give(one, other)
    for ledger in (one, other):
        stays = {s.id: s for s in ledger.ask(people.person_card, person).stays}
        assert (stays[told.older].end, stays[told.newer].end) == (date(2026, 11, 9), None) and ledger.ask(overlaps.overlaps) == []
    with pytest.raises(tenancies.Ended):
        other.do(overlaps.end_older, told.older, told.newer)
    agree(one, other)


def test_stays_of_two_people_are_not_mixed_up(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    stays = [ledger.ask(people.person_card, ledgers.a_tenant(ledger, room, f"彭{n}", ledgers.NUMBERS[n])).stays[0].id
             for n, room in enumerate(rooms[:2])]
    assert ledger.ask(overlaps.overlaps) == []
    with pytest.raises(overlaps.NotTheSame):
        ledger.do(overlaps.end_older, *stays)


def test_two_registrations_that_were_merged_may_leave_two_stays(ledger: Ledger, tmp_path: Path) -> None:
    house = ledgers.a_house(ledger)
    one, other = pcs(tmp_path, ledger)
    for pc, room, day in zip((one, other), ledgers.rooms_of(ledger, house), (3, 7), strict=False):
        ledgers.a_tenant(pc, room, start=date(2026, 11, day))
    all_meet(one, other)
    assert one.ask(overlaps.overlaps) == []
    one.do(merging.tidy)
    [told] = one.ask(overlaps.overlaps)
    assert told.day == date(2026, 11, 7)


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
def test_a_house_given_up_on_one_pc_while_somebody_moved_in_on_another_is_listed(ledger: Ledger, tmp_path: Path, how: str) -> None:
    house = ledgers.a_house(ledger)
    person = ledgers.a_person(ledger)
    one, other = pcs(tmp_path, ledger)
    if how == "closed":
        one.do(houses.close_house, house, ledgers.TODAY, "01")
    else:
        one.undo(next(a.id for a in one.acts() if a.verb == "register_house"))
    other.do(tenancies.move_in, person, ledgers.rooms_of(other, house)[0], date(2026, 11, 9))
    all_meet(one, other)
    for ledger in (one, other):
        [told] = ledger.ask(overlaps.unhoused)
        assert (told.person, told.name) == (person, "彭兵") and ("注销" if how == "closed" else "撤销") in told.why
        assert ledger.verify().faults == ()
    other.do(tenancies.move_out, told.tenancy, ledgers.TODAY)
    assert other.ask(overlaps.unhoused) == []
