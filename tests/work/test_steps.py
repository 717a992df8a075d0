"""Every flow goes only where its table says, and every step is written down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.ledger import Acting, Ledger
from gridapp.records import BY_NAME, Record
from gridapp.work import steps
from gridapp.work.steps import COURSES, Missing, WrongDay, WrongState
from tests.ledgers import TODAY
from tests.test_every_entity import filled

EVERY = pytest.mark.parametrize("entity", COURSES, ids=lambda e: e.__tablename__)


def begin(act: Acting, entity: type[Record], day: date = TODAY) -> UUID:
    """A case in the first state of its machine."""
    days = {n: day for n, value in filled(entity).items() if isinstance(value, date)}
    return act.add(entity(**filled(entity) | days | {"state": steps.state_code(entity, steps.machine_of(entity).states[0])})).id


def take(act: Acting, entity: str, record: UUID, step: str, day: date | None = None) -> None:
    steps.take(act, act.get(BY_NAME[entity], record), step, day=day)


@EVERY
def test_every_state_has_a_code_and_can_be_reached(entity: type[Record]) -> None:
    machine, reached = steps.machine_of(entity), {steps.machine_of(entity).states[0]}
    for _round in machine.states:
        reached |= {t.after for t in machine.transitions if t.before in reached}
    assert reached == set(machine.states) == {t.before for t in machine.transitions} | machine.ends
    assert len({steps.state_code(entity, s) for s in machine.states}) == len(machine.states)


@EVERY
@given(data=st.data())
def test_any_walk_keeps_to_the_table(entity: type[Record], data: Any) -> None:
    """The table and nothing else says what can be done: every step of any flow is tried from the state a walk has come to."""
    machine = steps.machine_of(entity)
    state, every = machine.states[0], sorted({t.step for t in machine.transitions})
    for _ in range(data.draw(st.integers(0, 8))):
        record = entity(state=steps.state_code(entity, state))
        assert steps.state_of(record) == state
        assert {t.step for t in steps.possible(record)} == {s for s in every if any(t.before == state and t.step == s for t in machine.transitions)}
        if not steps.possible(record):
            assert state in machine.ends
            return
        state = data.draw(st.sampled_from([t.after for t in steps.possible(record)]))


@EVERY
def test_each_step_changes_the_record_and_stands_in_its_story(ledger: Ledger, entity: type[Record]) -> None:
    """Along a way that takes every transition at least once where one walk can."""
    machine, record, name = steps.machine_of(entity), ledger.do(begin, entity).result, entity.__tablename__
    state, left, walked = machine.states[0], set(machine.transitions), list[tuple[str, str]]()
    while machine.steps(state):
        at = next((t for t in machine.steps(state) if t in left), machine.steps(state)[0])
        if at not in left and len(walked) > 3 * len(machine.transitions):
            break
        left.discard(at)
        ledger.do(take, name, record, at.step)
        walked.append((at.step, at.after))
        state = at.after
    assert [(s.step, s.state) for s in ledger.ask(steps.story, record)] == walked != []
    assert steps.state_of(ledger.ask(lambda read: read.get(entity, record))) == state


@EVERY
def test_a_step_the_table_does_not_have_changes_nothing(ledger: Ledger, entity: type[Record]) -> None:
    record, before = ledger.do(begin, entity).result, ledger.digest()
    ledger_before = before
    with pytest.raises(WrongState, match="现在可以办"):
        ledger.do(take, entity.__tablename__, record, "乱来")
    assert ledger.digest() == ledger_before


@pytest.mark.parametrize("day", [TODAY - timedelta(2), TODAY + timedelta(1)])
def test_a_step_before_the_finding_or_after_today_is_refused(ledger: Ledger, day: date) -> None:
    entity = BY_NAME["hazard"]
    record = ledger.do(begin, entity, TODAY - timedelta(1)).result
    before = ledger.digest()
    with pytest.raises(WrongDay, match="请改正"):
        ledger.do(take, "hazard", record, steps.machine_of(entity).transitions[0].step, day)
    assert ledger.digest() == before


def test_a_refusal_says_what_stands_on_the_keys(ledger: Ledger) -> None:
    hazard, dispute = (ledger.do(begin, BY_NAME[name]).result for name in ("hazard", "dispute"))
    with pytest.raises(WrongState, match="^这条隐患现在是“发现”，不能办“复查”。现在可以办：“当场改正”、“发整改通知书”、“上报”、“误报撤销”。$"):
        ledger.do(take, "hazard", hazard, "复查合格")
    with pytest.raises(WrongState, match="^这条矛盾纠纷现在是“登记”，不能办“立卷归档”。现在可以办：“受理”、“不予受理”。$"):
        ledger.do(take, "dispute", dispute, "立卷")
    with pytest.raises(Missing, match="^办“误报撤销”还缺：理由。"):
        steps.refuse_missing("撤销(需理由)", {"理由": ""})


def test_two_steps_of_one_key_are_named_once(ledger: Ledger) -> None:
    hazard = ledger.do(begin, BY_NAME["hazard"]).result
    ledger.do(take, "hazard", hazard, "当场改正")
    with pytest.raises(WrongState, match="现在可以办：“复查”。$"):
        ledger.do(take, "hazard", hazard, "签收")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Missing, match="还缺：理由、审核人。"):
        steps.refuse_missing("撤销", {"理由": " ", "审核人": None, "文号": "1"})
    steps.refuse_missing("撤销", {"理由": "看错了"})
