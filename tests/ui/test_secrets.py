"""The password and the key of an open ledger stay in its memory: not in arguments, environment, settings, titles or the clipboard (reliability.md E3)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gridapp.settings import Settings
from tests import ledgers

NAME = "司徒美兰花"


@pytest.fixture
def typed(open_office: Callable[..., Any], empty_ledger: Path, tmp_path: Path) -> Any:
    """A window in which the password was typed, somebody registered and looked at."""
    path = ledgers.copy(empty_ledger, tmp_path / "台账.grid")
    office = open_office(path=path)
    office.window.start.password.setText(ledgers.PASSWORD)
    office.window.start.open()
    office.qtbot.waitUntil(lambda: hasattr(office.window, "stack"), timeout=20_000)
    office.settle()
    person = ledgers.a_person(office.desk.ledger, NAME)
    office.window.open_record("person", person)
    office.settle()
    return office


def outside(office: Any) -> dict[str, bytes]:
    """Everything other programs of this user can see without reading the process's memory."""
    seen = {"arguments": " ".join(sys.argv).encode(), "environment": repr(dict(os.environ)).encode(), "settings": Settings.path().read_bytes(),
            "titles": "\n".join(w.windowTitle() for w in QApplication.topLevelWidgets()).encode(),
            "clipboard": QApplication.clipboard().text().encode()}
    for what in ("cmdline", "environ"):
        if (told := Path("/proc/self", what)).exists():
            seen[what] = told.read_bytes()
    for kept in (QSettings(), QSettings("QtProject")):
        seen[kept.fileName()] = repr([(key, kept.value(key)) for key in kept.allKeys()]).encode()
    return seen


def test_no_secret_leaves_the_memory_of_the_program(typed: Any) -> None:
    key = typed.desk.ledger.home.key
    secrets = {"password": ledgers.PASSWORD.encode(), "key": key, "key as text": key.hex().encode(), "name": NAME.encode(),
               "number": ledgers.NUMBERS[0].encode()}
    found = [(where, what) for where, text in outside(typed).items() for what, secret in secrets.items() if secret in text]
    assert found == []


def test_what_is_looked_through_is_really_seen(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDAPP_LEAK", NAME)
    typed.window.setWindowTitle(ledgers.PASSWORD)
    seen = outside(typed)
    assert NAME.encode() in seen["environment"] and ledgers.PASSWORD.encode() in seen["titles"]
    assert "台账.grid" in seen["settings"].decode()


def test_typed_passwords_are_gone_from_their_fields(typed: Any) -> None:
    start = typed.window.start
    assert [field.text() for field in (start.password, start.new_password, start.again)] == ["", "", ""]
