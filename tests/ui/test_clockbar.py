"""A clock that may be wrong is said above every screen, once, and goes when the officer has looked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests import ledgers
from ui.clockbar import ClockBar

DAY = 86_400_000


@pytest.fixture
def bar_at(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path, qtbot: QtBot) -> Callable[[int], ClockBar]:
    """The line on a ledger whose last act was at noon, by a clock that shows so many milliseconds more."""
    def at(more: int) -> ClockBar:
        ledger = ledgers.reopen(ledgers.copy(village_ledger, tmp_path / "台账.grid"), ledgers.Clock(ledgers.NOON + more))
        office = open_office(ledger)
        made = ClockBar(office.desk)
        qtbot.addWidget(made)
        office.settle()
        return made

    return at


@pytest.mark.parametrize(("more", "shown"), [(0, False), (DAY, False), (-DAY, True), (3 * DAY, True), (-40 * 365 * DAY, True), (73 * 365 * DAY, True)])
def test_it_is_there_only_with_a_clock_in_doubt(bar_at: Callable[[int], ClockBar], more: int, shown: bool) -> None:
    made = bar_at(more)
    assert made.isHidden() is not shown
    assert not shown or "电脑时间是" in made.words.text() and "不会因为时间删除" in made.words.text()


def test_who_has_looked_is_not_told_again(bar_at: Callable[[int], ClockBar], qtbot: QtBot) -> None:
    made = bar_at(3 * DAY)
    made.right.click()
    made.look()
    qtbot.waitUntil(lambda: made._desk.worker.idle)
    assert made.isHidden()


def test_after_something_was_saved_it_is_another_doubt_or_none(bar_at: Callable[[int], ClockBar], qtbot: QtBot) -> None:
    made = bar_at(3 * DAY)
    made._desk.do(ledgers.people.register_person, name="赵小妹", id_no=None, id_kind="990")
    made.look()
    qtbot.waitUntil(lambda: made._desk.worker.idle)
    assert made.isHidden()
