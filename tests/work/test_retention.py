"""What has been kept long enough is proposed, what is open keeps it, and nothing goes by itself (reliability.md M3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.fields import keeping
from gridapp.fields.days import plus_months
from gridapp.ledger import Ledger
from gridapp.work import people, retention, tasks, tenancies
from tests import ledgers

DAY = 86_400_000


def later(ledger: Ledger, days: int) -> None:
    """So many days after today by the ledger's clock."""
    assert isinstance(ledger._wall, ledgers.Clock)
    ledger._wall.ms = ledgers.NOON + days * DAY


def gone(ledger: Ledger, name: str, number: str, room: int = 0) -> UUID:
    """Somebody who moved out today."""
    house = ledgers.a_house(ledger, f"QHY1{room}")
    person = ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0], name, number)
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, person).stays[0].id, ledgers.TODAY, "01")
    return person


def ids(ledger: Ledger) -> list[UUID]:
    return [o.id for o in ledger.ask(retention.over) if o.entity == "person"]


def test_people_are_over_when_they_are_gone_for_longer_than_the_table_says(ledger: Ledger) -> None:
    person = gone(ledger, "彭兵", ledgers.NUMBERS[0])
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    stays = ledgers.a_tenant(ledger, rooms[0], "扎西·多吉", ledgers.NUMBERS[2])
    ledger.do(tenancies.change_room, stays, rooms[1], ledgers.TODAY)
    never = ledgers.a_person(ledger, "王𬱟", ledgers.NUMBERS[1])
    until = plus_months(ledgers.TODAY, 12 * keeping.kept("person").years)
    later(ledger, (until - ledgers.TODAY).days)
    assert ledger.today == until and ids(ledger) == []
    later(ledger, (until - ledgers.TODAY).days + 1)
    assert ids(ledger) == [person]
    (found,) = [o for o in ledger.ask(retention.over) if o.entity == "person"]
    assert (found.ended, found.until, found.label) == (ledgers.TODAY, until, "彭兵") and "个人信息保护法" in found.basis
    later(ledger, 40 * 366)
    assert not {stays, never} & set(ids(ledger)), "who lives here, or was never said to have left, is not over"


def test_a_closing_later_than_the_last_stay_counts(ledger: Ledger) -> None:
    person = gone(ledger, "彭兵", ledgers.NUMBERS[0])
    ledger.do(people.close_person, person, date(2027, 6, 1), "01")
    later(ledger, 366 * 2)
    assert ids(ledger) == []
    later(ledger, 366 * 3)
    assert ids(ledger) == [person]


def test_an_open_task_keeps_what_it_is_about(ledger: Ledger, keeping_two: Callable[[], list[UUID]]) -> None:
    first, second = keeping_two()
    task = ledger.do(tasks.set_task, title="案件未结，依法保留", set_on=ledgers.TODAY, about="person", subject=first).result
    later(ledger, 366 * 3)
    held = {o.id: o.held for o in ledger.ask(retention.over) if o.entity == "person"}
    assert held == {first: "案件未结，依法保留", second: ""}
    ledger.do(tasks.tick_off, task)
    assert {o.held for o in ledger.ask(retention.over) if o.entity == "person"} == {""}


@pytest.fixture
def keeping_two(ledger: Ledger) -> Callable[[], list[UUID]]:
    return lambda: [gone(ledger, "彭兵", ledgers.NUMBERS[0], 1), gone(ledger, "王𬱟", ledgers.NUMBERS[1], 2)]


def test_forty_years_later_everything_that_ended_is_listed_and_still_there(village_ledger: Path, tmp_path: Path) -> None:
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    with ledgers.reopen(path) as ledger:
        before = ledger.digest()
        later(ledger, 40 * 366)
        listed = {o.entity for o in ledger.ask(retention.over)}
        assert listed >= {"person", "patrol"} and ledger.digest() == before


def test_only_with_a_clock_nobody_doubts_something_is_proposed(ledger: Ledger) -> None:
    gone(ledger, "彭兵", ledgers.NUMBERS[0])
    later(ledger, 366 * 3)
    assert retention.propose(ledger).over == (), "three years without an act: is that the date?"
    ledgers.a_person(ledger, "王𬱟", ledgers.NUMBERS[1])
    assert [o.label for o in retention.propose(ledger).over] == ["彭兵"]
