"""The program is killed in the middle of a form: what was typed is there again, the cursor in the same field and place."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtTest import QTest

from gridapp.ledger.tables import DRAFT
from tests import ledgers
from tests.ui.typist import Typist

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def answer(child: subprocess.Popen[bytes], word: str, expected: str) -> None:
    """Tell the program to do something ('' for nothing), and wait for what it says then."""
    assert child.stdin is not None and child.stdout is not None
    if word:
        child.stdin.write(f"{word}\n".encode())
        child.stdin.flush()
    assert select.select([child.stdout], [], [], PATIENCE)[0], f"no answer where '{expected}' was expected"
    line = child.stdout.readline().decode()
    assert line.startswith(expected), line


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_what_was_typed_survives_a_kill(village_ledger: Path, tmp_path: Path, open_office: Callable[..., Any]) -> None:
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    told = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-m", "tests.ui.driven", str(path)], cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        answer(child, "", "ready")
        answer(child, "sign-in", "in")
        answer(child, "draft 1395795000", "kept")
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    finally:
        child.kill()
        child.wait()
        for end in (child.stdin, child.stdout):
            assert end is not None
            end.close()
    office = open_office(ledgers.reopen(path))
    screen = office.show("people")
    typist = Typist(office).press("Ctrl+N")
    assert "草稿" in screen._new._bar_text.text()
    typist.press("Alt+Y")
    form = screen._new.form
    assert form.editor("phone").text() == "13957958000" and form.hand == ("phone", 8)
    typist.type("7")
    assert form.editor("phone").text() == "139579587000", "typing goes on where it was"


def test_whoever_types_without_a_pause_is_kept_too(busy: Any) -> None:
    """It is kept so long after the first key, not after the last."""
    busy.show("people")
    typist = Typist(busy).press("Ctrl+N")
    page = busy.window.screens["people"]._new
    fired = list[str]()
    page._timer.timeout.connect(lambda: fired.append(page.form.editor("id_no").text()))
    QTest.keyClicks(typist.hand, "5")
    begun = page._timer.timerId()
    QTest.keyClicks(typist.hand, "1")
    assert page._timer.isActive() and page._timer.timerId() == begun, "the second key does not put it off"
    busy.qtbot.waitUntil(lambda: bool(fired))
    busy.settle()
    assert busy.desk.ledger.drafts()[0].values["id_no"] == "51" and busy.desk.ledger.drafts()[0].hand == ("id_no", 2)


def test_where_the_keyboard_went_is_kept_without_typing(busy: Any) -> None:
    busy.show("people")
    typist = Typist(busy).press("Ctrl+N").type("51")
    page = busy.window.screens["people"]._new
    page.keep_now()
    typist.press("Enter")
    busy.qtbot.waitUntil(lambda: not page._timer.isActive())
    busy.settle()
    assert busy.desk.ledger.drafts()[0].hand == ("name", 0)


def test_a_draft_of_before_the_cursor_was_kept_is_read(busy: Any) -> None:
    ledger = busy.desk.ledger
    with ledger._writing() as (session, _journal):
        session.execute(sa.insert(DRAFT).values(form="person", body=json.dumps({"name": "李晓梅", "values": "x"}), at=ledgers.NOON))
    draft = ledger.drafts()[0]
    assert draft.values == {"name": "李晓梅", "values": "x"} and draft.hand is None
