"""Every path of a hazard through its machine, by the verbs officers have, held against resources/states; what the machine has not is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.records import Hazard
from gridapp.work import hazards, steps
from gridapp.work.steps import Transition
from tests import ledgers
from tests.ledgers import TODAY
from tests.work.walking import VERBS, serving

MACHINE = steps.machine_of(Hazard)
NEXT = {(t.before, t.step): t.after for t in MACHINE.transitions}
#: what may be done in one act though the machine takes it in several steps: {(state, verb): the steps}; and what happens when the date has passed
TOGETHER = {
    ("发现", "申报整改完成"): ("当场改正",), ("发现", "上报"): ("直接上报",), ("逾期", "直接上报"): ("上报",),
    ("已通知", "申报整改完成"): ("签收", "申报整改完成"),
    **{("发现", r): ("当场改正", r) for r in ("复查合格", "复查不合格")},
    **{("已通知", r): ("签收", "申报整改完成", r) for r in ("复查合格", "复查不合格")},
    **{(s, r): ("申报整改完成", r) for s in ("整改中", "逾期") for r in ("复查合格", "复查不合格")},
}
LATE = {
    ("已通知", "申报整改完成"): ("到期未报", "申报整改完成"),
    **{("已通知", r): ("到期未报", "申报整改完成", r) for r in ("复查合格", "复查不合格")},
    **{(s, up): ("到期未报", "上报") for s in ("已通知", "整改中") for up in ("上报", "直接上报")},
}


def expected(state: str, verb: str, late: bool) -> tuple[str, ...]:
    """The steps this verb takes from here; () where it is refused."""
    if verb == "到期未报" and not late:
        return ()
    if late and (state, verb) in LATE:
        return LATE[state, verb]
    return (verb,) if (state, verb) in NEXT else TOGETHER.get((state, verb), ())


@pytest.fixture(scope="module")
def walked(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path_factory.mktemp("walked") / "a.grid")) as ledger:
        yield ledger


def begun(ledger: Ledger) -> UUID:
    hazard: UUID = ledger.do(hazards.raise_hazard, place="1号", content="私拉电线", degree="01", responsible="张浩",
                             found_on=TODAY - timedelta(10)).result
    return hazard


def told(ledger: Ledger, hazard: UUID) -> tuple[str, bytes | None, list[str]]:
    card = ledger.ask(hazards.hazard_card, hazard)
    return steps.state_of(card.record), card.record.ver, [line.step for line in card.story]


def go(ledger: Ledger, hazard: UUID, state: str, verb: str, late: bool) -> str:
    """One verb, wherever the hazard is: it goes where the table says, or nothing happens. The new state."""
    before, steps_ = told(ledger, hazard), expected(state, verb, late)
    assert before[0] == state
    if not steps_:
        with pytest.raises(Mistake, match="。$"):
            serving(late, VERBS[verb])(ledger, hazard)
        assert told(ledger, hazard) == before
        return state
    serving(late, VERBS[verb])(ledger, hazard)
    for step in steps_:
        state = NEXT[state, step]
    after = told(ledger, hazard)
    assert after[0] == state and after[2] == [*before[2], *steps_]
    return state


def way_to(state: str) -> list[Transition]:
    """The shortest way from the finding."""
    ways: dict[str, list[Transition]] = {MACHINE.states[0]: []}
    for _round in MACHINE.states:
        for t in MACHINE.transitions:
            if t.before in ways and t.after not in ways:
                ways[t.after] = [*ways[t.before], t]
    return ways[state]


@pytest.mark.parametrize("state", MACHINE.states)
@pytest.mark.parametrize("late", [False, True], ids=["in time", "late"])
def test_from_every_state_every_verb_does_what_the_table_says_or_is_refused(walked: Ledger, state: str, late: bool) -> None:
    for verb in VERBS:
        hazard, now = begun(walked), MACHINE.states[0]
        for t in way_to(state):
            now = go(walked, hazard, now, t.step, late or state == "逾期")
        go(walked, hazard, now, verb, late or state == "逾期")


def test_every_step_of_the_table_has_a_verb() -> None:
    assert set(VERBS) == {t.step for t in MACHINE.transitions}


@settings(max_examples=40, deadline=None)
@given(verbs=st.lists(st.sampled_from(sorted(VERBS)), max_size=12), late=st.booleans())
def test_any_walk_keeps_to_the_table(walked: Ledger, verbs: list[str], late: bool) -> None:
    hazard, state = begun(walked), MACHINE.states[0]
    for verb in verbs:
        state = go(walked, hazard, state, verb, late)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_was_done_can_be_taken_back_step_by_step(walked: Ledger, data: st.DataObject) -> None:
    hazard, state, seen, late = begun(walked), MACHINE.states[0], list[tuple[str, list[str]]](), data.draw(st.booleans())
    for _ in range(data.draw(st.integers(1, 5))):
        able = sorted(verb for verb in VERBS if expected(state, verb, late))
        if not able:
            break
        now, _ver, lines = told(walked, hazard)
        seen.append((now, lines))
        state = go(walked, hazard, state, data.draw(st.sampled_from(able)), late)
    for before in reversed(seen):
        walked.undo()
        now, _ver, lines = told(walked, hazard)
        assert (now, lines) == before
