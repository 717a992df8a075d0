"""Registers: what a record says is a fold of the set of its writes, whatever order they come in and whichever scope holds them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.ledger import Acting, Ledger
from gridapp.ledger.graph import Graph, Stamp
from gridapp.ledger.registers import Registers
from gridapp.ledger.undo import ChangedSince
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers
from tests.ledger.test_meeting import agree, beside, give

NAME, PHONE, CLOSED_ON = 3, 11, 103
NEIGHBOUR = "v:330784108239"


class Strangers:
    """A graph of writes nobody knew of each other."""

    def saw(self, write: Stamp, other: Stamp) -> bool:
        return write == other

    def rank(self, stamp: Stamp) -> tuple[int, bytes]:
        return stamp[0], bytes([stamp[1]])


def test_whoever_comes_first_a_record_closed_at_its_birth_and_born_beside_it_is_one_question() -> None:
    """Two copies of one file close a seal each with the same birth in it; both births are kept, and neither knew the other."""
    writes: list[tuple[Stamp, dict[int, object]]] = [((30, 1), {NAME: "彭兵", CLOSED_ON: "2026-11-24"}), ((20, 2), {NAME: "彭兵"}), ((10, 3), {NAME: "彭兵"})]
    graph = cast(Graph, Strangers())
    for order in permutations(writes):
        told = Registers()
        for stamp, values in order:
            told.write(stamp, values, graph)  # type: ignore[arg-type]
        assert told.clashes(graph) == 1, order


def test_whoever_comes_first_a_field_that_was_emptied_at_its_birth_is_kept_as_written() -> None:
    writes: list[tuple[Stamp, dict[int, object]]] = [((30, 1), {NAME: "彭兵", PHONE: None}), ((20, 2), {NAME: "彭兵", PHONE: "13800001111"})]
    graph = cast(Graph, Strangers())
    for order in permutations(writes):
        told = Registers()
        for stamp, values in order:
            told.write(stamp, values, graph)  # type: ignore[arg-type]
        assert (told.values[PHONE], told.heads[PHONE], told.clashes(graph)) == (None, [(20, 2, "13800001111")], 1), order


def test_a_yes_or_no_two_wrote_is_kept_as_the_journal_has_it(ledger: Ledger, tmp_path: Path) -> None:
    other = beside(tmp_path / "b.grid", ledger)
    person = ledgers.a_person(ledger)
    give(ledger, other)
    ledger.do(people.correct_person, person, permit=True)
    other.do(people.correct_person, person, permit=False)
    give(ledger, other)
    give(other, ledger)
    agree(ledger, other)
    with ledger.read() as read:
        assert read.get(Person, person).nconf == 1


def in_two_villages(ledger: Ledger) -> UUID:
    """The same person under one id in the own register and in the neighbour's."""
    person = ledgers.a_person(ledger, phone="13800001111")

    def push(act: Acting) -> None:
        act.add(Person(id=person, id_kind="111", id_no=ledgers.NUMBERS[0], name="彭兵", phone="13800001111"))

    ledger.hold_scopes([NEIGHBOUR])
    ledger.do_in(NEIGHBOUR, push)
    return person


def phones(ledger: Ledger, person: UUID) -> list[str]:
    with ledger.read() as read:
        return [row.phone for row in read.rows(sa.select(Person.phone).where(Person.id == person).order_by(Person.scope))]


def test_a_record_two_villages_hold_is_changed_in_the_one_that_is_acted_in(ledger: Ledger) -> None:
    person = in_two_villages(ledger)
    ledger.do_in(NEIGHBOUR, people.correct_person, person, phone="13800002222")
    assert phones(ledger, person) == ["13800001111", "13800002222"] and ledger.verify().faults == ()
    ledger.do(people.correct_person, person, phone="13800003333")
    assert phones(ledger, person) == ["13800003333", "13800002222"] and ledger.verify().faults == ()
    ledger.undo()
    ledger.undo()
    assert phones(ledger, person) == ["13800001111", "13800001111"] and ledger.verify().faults == ()


def test_what_was_changed_since_in_one_village_is_told_though_two_hold_the_record(ledger: Ledger) -> None:
    person = in_two_villages(ledger)
    first = ledger.do_in(NEIGHBOUR, people.correct_person, person, phone="13800002222").act
    ledger.do_in(NEIGHBOUR, people.correct_person, person, phone="13800003333")
    with pytest.raises(ChangedSince):
        ledger.undo(first)


def test_a_record_two_villages_hold_is_taken_in_for_each(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger.create(tmp_path / "b.grid", ledgers.PASSWORD, "officer 1", ledger.scope, wall=ledgers.Clock(), cost=ledgers.CHEAP)
    person = in_two_villages(ledger)
    other.hold_scopes([NEIGHBOUR])
    give(ledger, other)
    ledger.do_in(NEIGHBOUR, people.correct_person, person, phone="13800002222")
    ledger.do(people.correct_person, person, phone="13800003333")
    give(ledger, other)
    assert phones(other, person) == ["13800003333", "13800002222"]
    agree(ledger, other)


def test_a_verb_that_goes_through_everybody_stays_in_the_village_it_is_done_in(ledger: Ledger) -> None:
    person = in_two_villages(ledger)

    def everybody(act: Acting) -> None:
        for found in act.records(sa.select(Person)):
            act.change(found, phone="13800002222")

    ledger.do(everybody)
    assert phones(ledger, person) == ["13800002222", "13800001111"] and ledger.verify().faults == ()
