"""Taking in reads of a record that is here already only what is written: the questions open on it are counted as if it were read whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.ledger import Acting, Ledger, bulk, fold
from gridapp.ledger.writes import put_down
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers
from tests.ledger.test_meeting import agree, beside, give, shown

SAME = UUID(int=7)


def bear(act: Acting, **values: Any) -> None:
    act.add_many(Person, [{"id": SAME, **values}])


def edit(act: Acting, **values: Any) -> None:
    put_down(act, Person, {SAME: values})


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> tuple[Ledger, Ledger]:
    """Two PCs of one village; nobody is registered yet."""
    return ledger, beside(tmp_path / "b.grid", ledger)


def test_what_both_wrote_alike_stays_no_question_when_something_else_comes(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    for ledger in pair:
        ledger.do(people.correct_person, person, workplace="世雅铸造厂")
    give(one, other)
    give(other, one)
    one.do(people.correct_person, person, phone="13800001111")
    assert give(one, other).clashes == 0
    assert shown(one, person) == shown(other, person) == ("13800001111", "世雅铸造厂", 0)
    agree(one, other)


def test_a_question_stays_open_when_something_else_comes(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, workplace="世雅铸造厂")
    other.do(people.correct_person, person, workplace="甲厂")
    assert give(one, other).clashes == 1
    one.do(people.correct_person, person, phone="13800001111")
    assert give(one, other).clashes == 0, "it was open before"
    give(other, one)
    assert shown(one, person)[2] == shown(other, person)[2] == 1
    agree(one, other)


def test_what_somebody_wrote_beside_an_ending_is_asked_about_whatever_comes_later(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    one.do(bear, name="彭兵")
    other.do(bear, phone="13800001111", closed_on=ledgers.TODAY)
    give(other, one)
    assert shown(one, SAME)[2] == 1, "he was closed by somebody who did not know that he has a name"
    other.do(edit, phone="13800002222")
    assert give(other, one).clashes == 0
    give(one, other)
    assert shown(one, SAME) == shown(other, SAME) == ("13800002222", None, 1)
    agree(one, other)


def test_an_ending_that_comes_is_held_against_everything_that_is_there(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    one.do(bear, name="彭兵")
    other.do(bear, phone="13800001111")
    other.do(edit, closed_on=ledgers.TODAY)
    assert give(other, one).clashes == 1
    give(one, other)
    assert shown(one, SAME)[2] == shown(other, SAME)[2] == 1
    agree(one, other)


def test_of_many_corrected_people_their_other_fields_are_not_read(pair: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = pair
    person = ledgers.a_person(one, workplace="世雅铸造厂")
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111")
    asked, select = list[list[str]](), bulk.select

    def noted(session: Any, table: sa.Table, names: Any, ids: Any, scope: int) -> Any:
        asked.append(sorted(names))
        return select(session, table, names, ids, scope)

    with monkeypatch.context() as patched:
        patched.setattr(fold.bulk, "select", noted)
        give(one, other)
    assert ["closed_on", "deleted", "phone", "ver"] in asked and not any("workplace" in names for names in asked)
    agree(one, other)
