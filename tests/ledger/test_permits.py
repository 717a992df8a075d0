"""Who may do what: declared by every function, decided by the ledger, gone with the next call when a role is taken away (R1, R3)."""

from __future__ import annotations

import ast
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gridapp.ledger import LOOK, Acting, Ledger, Reader, needs, seating
from gridapp.ledger.permits import ROLES, NobodyHere, NotAllowed, PasswordAgain, Permit, needed
from gridapp.ledger.verbs import NEEDS, VERBS
from gridapp.work import houses, officers, people
from tests import ledgers, permissions

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("function", permissions.functions(), ids=permissions.name_of)
def test_r1_every_function_declares_what_it_needs(function: Any) -> None:
    asked = needed(function)
    assert asked is not None and asked.any_of <= set(Permit), "declare it with @verb(…, PERMIT), @needs or @gated"


def test_r1_every_verb_declares_what_it_needs() -> None:
    assert list(permissions.modules())  # imported, so that their verbs are known
    assert set(VERBS) - set(NEEDS) <= {"undo", "redo"}


def test_r1_the_printed_table_is_what_the_ledger_does() -> None:
    assert permissions.DOC.read_text("utf-8") == permissions.written(), "run: python -m tests.permissions"


def test_r1_what_nobody_declared_is_refused(ledger: Ledger) -> None:
    ledger.sign_in(1)
    with pytest.raises(NotAllowed):
        ledger.ask(lambda read: read.today)
    with pytest.raises(NotAllowed):
        ledger.do(lambda act: None)


def test_a_question_that_was_given_arguments_before_is_still_declared(ledger: Ledger) -> None:
    ledger.sign_in(1)
    assert ledger.ask(partial(people.list_people, which=people.LIVING)) == []


def test_r1_a_role_taken_away_is_gone_with_the_next_call(ledger: Ledger) -> None:
    numbers = permissions.with_roles(ledger)
    ledger.sign_in(numbers["grid"])
    ledgers.a_person(ledger)
    with Session_of(ledger) as others:
        others.change("某grid", role="audit")
    with pytest.raises(NotAllowed):
        ledgers.a_person(ledger, "李红", ledgers.NUMBERS[1])
    with Session_of(ledger) as others:
        others.change("某grid", left_on=ledgers.TODAY)
    with pytest.raises(NobodyHere):
        ledger.ask(officers.list_officers)


class Session_of:
    """Somebody with every right changes an account meanwhile."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.officer = ledger, ledger.officer

    def __enter__(self) -> Session_of:
        self.ledger.sign_in(0)
        return self

    def __exit__(self, *_error: object) -> None:
        self.ledger.sign_in(self.officer)

    def change(self, name: str, **values: Any) -> None:
        @needs()
        def rewrite(act: Acting) -> None:
            found = next(o for o in officers._all(act) if o.name == name)
            act.change(found, **values)

        self.ledger.do(rewrite)


def test_r3_whoever_manages_sees_nobody_and_whoever_audits_changes_nothing(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    numbers = permissions.with_roles(ledger)
    ledger.sign_in(numbers["manage"])
    for ask in (lambda: ledger.ask(people.list_people), lambda: ledger.search("张浩"), lambda: ledger.ask(houses.house_card, house),
                lambda: ledger.history(house), lambda: ledgers.a_person(ledger)):
        with pytest.raises(NotAllowed):
            ask()
    ledger.sign_in(numbers["audit"])
    assert all(not (ROLES["audit"].permits & asked.any_of) for asked in NEEDS.values())
    for role in ("grid", "chief", "audit"):
        ledger.sign_in(numbers[role])
        with pytest.raises(NotAllowed):
            ledger.do(officers.sign_up, "李红", ["grid"])


def test_undoing_needs_what_doing_needed(ledger: Ledger) -> None:
    numbers = permissions.with_roles(ledger)
    person = ledgers.a_person(ledger)
    ledger.do(people.close_person, person, ledgers.TODAY, "01")
    ledger.sign_in(numbers["grid"])
    with pytest.raises(NotAllowed):
        ledger.undo()
    ledger.sign_in(numbers["chief"])
    ledger.undo()
    ledger.sign_in(numbers["grid"])
    with pytest.raises(NotAllowed):
        ledger.redo()


def test_a6_a_grave_thing_asks_for_the_password_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(seating, "monotonic", lambda: now[0])
    ledger.sign_in(1)
    ledger.do(officers.sign_up, "李红", ["grid"])
    now[0] += seating.FRESH + 1
    with pytest.raises(PasswordAgain):
        ledger.do(officers.sign_up, "赵强", ["grid"])
    ledgers.a_person(ledger)
    ledger.prove(ledgers.PASSWORD)
    ledger.do(officers.sign_up, "赵强", ["grid"])


def test_the_program_itself_is_no_officer(ledger: Ledger) -> None:
    ledger.sign_in(0)
    assert ledger.ask(lambda read: read.officer) == 0
    ledger.sign_in(1)
    assert ledger.seat.name == "王建国" and LOOK in ledger.seat.permits


def test_nothing_but_signing_in_says_who_sits_here() -> None:
    found = []
    for path in [*ROOT.glob("gridapp/**/*.py"), *ROOT.glob("ui/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []
            for target in [t for told in targets for t in (told.elts if isinstance(told, ast.Tuple) else [told])]:
                if isinstance(target, ast.Attribute) and target.attr in ("officer", "guarded") and ast.unparse(target.value) != "self":
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


@needs()
def _nothing(_read: Reader) -> None:
    """Needs nothing anybody has."""


def test_what_needs_no_permit_is_for_nobody(ledger: Ledger) -> None:
    ledger.sign_in(1)
    with pytest.raises(NotAllowed):
        ledger.ask(_nothing)
