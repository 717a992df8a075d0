"""A PC whose clock is wrong: it is noticed, what it wrote is known, and nothing goes because of it (reliability.md C2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gridapp.fields.days import milliseconds
from gridapp.ledger.clock import moment_of
from gridapp.work import audit, clocks, deadlines, retention
from tests import ledgers

DAY = 86_400_000
YEAR_1970, YEAR_2099 = milliseconds(datetime(1970, 1, 2, tzinfo=UTC)), milliseconds(datetime(2099, 1, 1, tzinfo=UTC))


@pytest.fixture
def path(village_ledger: Path, tmp_path: Path) -> Path:
    return ledgers.copy(village_ledger, tmp_path / "台账.grid")


@pytest.mark.parametrize(("ms", "why"), [(YEAR_1970, "before-build"), (ledgers.NOON - DAY, "before-last"), (YEAR_2099, "jumped"),
                                         (ledgers.NOON, None), (ledgers.NOON + DAY, None)])
def test_it_is_compared_with_the_last_act(path: Path, ms: int, why: str | None) -> None:
    with ledgers.reopen(path, ledgers.Clock(ms)) as ledger:
        found = clocks.clock_doubt(ledger)
        assert (found and found.why) == why
        assert ledger.ask(clocks.last_act, ledger.device) == moment_of(ledgers.NOON)


@pytest.mark.parametrize("ms", [YEAR_1970, ledgers.NOON - DAY, YEAR_2099])
def test_a_wrong_clock_closes_nothing_and_proposes_nothing(path: Path, ms: int) -> None:
    with ledgers.reopen(path) as ledger:
        before, due = ledger.digest(), ledger.ask(deadlines.due)
    with ledgers.reopen(path, ledgers.Clock(ms)) as ledger:
        ledger.ask(deadlines.due)
        told = retention.propose(ledger)
        assert told.over == told.held == () and told.doubt is not None
        assert ledger.digest() == before
    with ledgers.reopen(path) as ledger:
        assert ledger.ask(deadlines.due) == due, "with the right clock all is as it was"


def test_what_was_written_with_a_clock_set_back_is_known_for_ever(path: Path) -> None:
    with ledgers.reopen(path) as ledger:
        before = [act.id for act in ledger.acts(1000)]
        assert before and ledger.ask(clocks.doubtful_acts, before) == {}
    with ledgers.reopen(path, ledgers.Clock(ledgers.NOON - DAY)) as ledger:
        act = ledger.do(ledgers.people.register_person, name="赵小妹", id_no=None, id_kind="990").act
        assert clocks.clock_doubt(ledger) is None, "compared with its own last act nothing speaks against it any more"
    with ledgers.reopen(path) as ledger:
        assert act is not None
        (found,) = ledger.ask(clocks.doubtful_acts, [*before, act]).items()
        assert found[0] == act and found[1] >= moment_of(ledgers.NOON) - timedelta(seconds=1)
        flagged = [line for line in ledger.ask(audit.lines, limit=1000) if line.why]
        assert [(line.title, line.why) for line in flagged] == [("登记人员", "时间存疑：这时台账里已有 2026-11-24 12:00 的内容")], "the audit says it"
        assert not ledger.verify().faults
