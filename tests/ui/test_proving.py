"""The password once more (A6): asked above the screen, then the very step is done; not typed, nothing was done and it is said so."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.ledger import seating
from gridapp.store import vault
from gridapp.work import accounts, officers
from tests import ledgers
from ui.proving import ProvingBar


@pytest.fixture
def stale(office: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A window whose officer typed the password long ago."""
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    office.desk.ledger._proved_at -= seating.FRESH + 1
    return office


def bar(office: Any) -> ProvingBar:
    found: ProvingBar = office.window.findChild(ProvingBar)
    return found


def ask(office: Any) -> tuple[list[Any], list[Any]]:
    """Something grave, and what became of it."""
    done, failed = list[Any](), list[Any]()
    office.desk.call(lambda ledger: accounts.add_officer(ledger, "李红", ["grid"]), done.append, failed.append, acts=True)
    office.settle()
    return done, failed


def names(office: Any) -> list[str]:
    return [row.name for row in office.desk.ledger.ask(officers.list_officers)]


def test_a6_the_password_is_asked_and_the_very_step_is_done(stale: Any) -> None:
    done, failed = ask(stale)
    assert bar(stale).isVisible() and not done and not failed and "李红" not in names(stale)
    stale.press(Qt.Key.Key_X, widget=bar(stale).password)
    stale.press(Qt.Key.Key_Return, widget=bar(stale).password)
    assert "密码不对" in bar(stale).alert.text() and bar(stale).isVisible() and not done
    bar(stale).password.setText(ledgers.PASSWORD)
    stale.press(Qt.Key.Key_Return, widget=bar(stale).password)
    assert not bar(stale).isVisible() and done[0].name == "李红" and names(stale).count("李红") == 1 and not failed
    assert bar(stale).password.text() == ""


def test_a6_whoever_does_not_type_it_is_told_that_nothing_was_done(stale: Any) -> None:
    done, failed = ask(stale)
    stale.press(Qt.Key.Key_Escape, widget=bar(stale).password)
    assert not bar(stale).isVisible() and not done and "没有做" in failed[0].text and "李红" not in names(stale)


def test_a6_a_password_just_typed_is_not_asked_again(stale: Any) -> None:
    ask(stale)
    bar(stale).password.setText(ledgers.PASSWORD)
    bar(stale).prove()
    stale.settle()
    again, failed = list[Any](), list[Any]()
    stale.desk.call(lambda ledger: accounts.add_officer(ledger, "赵明", ["audit"]), again.append, failed.append)
    stale.settle()
    assert again and not failed and not bar(stale).isVisible()


def test_two_grave_steps_ask_once(stale: Any) -> None:
    first, _failed = ask(stale)
    second = list[Any]()
    stale.desk.call(lambda ledger: accounts.add_officer(ledger, "赵明", ["audit"]), second.append)
    stale.settle()
    bar(stale).password.setText(ledgers.PASSWORD)
    bar(stale).prove()
    stale.settle()
    assert first and second


def test_a_step_with_progress_is_done_again_and_can_be_cancelled(stale: Any) -> None:
    steps, done = list[int](), list[Any]()

    def work(ledger: Any, progress: Any) -> bool:
        ledger.require("manage", fresh=True)
        return bool(progress(1, 2))

    ticket = stale.desk.long(work, done.append, lambda at, _total: steps.append(at))
    stale.settle()
    assert bar(stale).isVisible() and not steps
    ticket.cancel()
    bar(stale).password.setText(ledgers.PASSWORD)
    bar(stale).prove()
    stale.settle()
    assert done == [False], "cancelled by the ticket the screen has"


def test_the_keyboard_goes_back_to_where_it_was(stale: Any) -> None:
    screen = stale.show("settings")
    screen.minutes.setFocus()
    ask(stale)
    assert stale.window.focusWidget() is bar(stale).password
    bar(stale).cancel()
    assert stale.window.focusWidget() is screen.minutes
