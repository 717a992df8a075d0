"""Over a paper that may hang on a wall: which copy it is, the other one by a key, and why a posted list is wanted in full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton

from gridapp.ledger import Ledger, looks
from gridapp.settings import Settings
from gridapp.work import audit, duties
from tests import ledgers
from tests.ui.test_screens import clipped, too_wide


def text(preview: Any, folder: Path) -> str:
    (folder / "seen.pdf").write_bytes(preview._document.data)
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(folder / "seen.pdf").pages).split())


def noted(office: Any) -> list[str]:
    """What the audit says of the prints, newest first."""
    ledger = office.desk.ledger
    ledger.guarded = False
    found = [line.why for line in ledger.ask(audit.lines, audit.Wish(what=looks.PRINTED))]
    ledger.guarded = True
    return found


def test_a_register_is_shown_in_full_and_masked_by_a_key(busy: Any, tmp_path: Path) -> None:
    screen = busy.show("people")
    screen.print_register()
    busy.settle()
    preview = screen._preview
    assert preview.cover.isVisible() and "归档" in preview.cover._words.text() and "彭兵" in text(preview, tmp_path)
    busy.press(Qt.Key.Key_F11)
    assert "已遮住" in preview.cover._words.text() and "彭兵" not in text(preview, tmp_path) and "彭*" in text(preview, tmp_path)
    busy.press(Qt.Key.Key_F11)
    assert "彭兵" in text(preview, tmp_path), "it is filed: nobody is asked"
    assert noted(busy) == ["F02　第 3 号　归档", "F02　第 2 号　遮住的一份", "F02　第 1 号　归档"]


def test_a_posted_list_is_masked_and_asks_why_it_is_wanted_in_full(open_office: Callable[..., Any], ledger: Ledger, tmp_path: Path) -> None:
    ledger.do(duties.log_duty, [{"name": "阿卜杜拉", "what": "01"}], day=ledgers.TODAY, place="路口", start="07:00", end="08:30", people="王建国")
    office = open_office(ledger)
    preview = office.show("duties").show_paper("F32", "晒一晒")
    office.settle()
    assert "阿***" in text(preview, tmp_path)
    office.press(Qt.Key.Key_F11)
    assert "为什么" in preview.cover._words.text() and "阿***" in text(preview, tmp_path)
    preview.cover.reasons["other"].click()
    preview.cover._give("other")
    assert "请先选一个理由" in preview.cover._alert.text() and len(noted(office)) == 1
    preview.cover.other.setText("存档备查")
    preview.cover.other.returnPressed.emit()
    office.settle()
    assert "阿卜杜拉" in text(preview, tmp_path) and noted(office)[0] == "F32　第 2 号　其他：存档备查"


def test_over_a_paper_that_is_no_list_there_is_nothing(busy: Any) -> None:
    screen = busy.show("patrols")
    preview = screen.show_paper("F07", "巡查日志")
    busy.settle()
    assert not preview.cover.isVisible()


def test_the_watermark_is_a_setting(busy: Any) -> None:
    screen = busy.show("settings")
    chip = next(made for made in screen.findChildren(QPushButton) if made.text() == "不印水印")
    people = busy.show("people")
    for wanted in (True, False):
        preview = people.show_paper("F02", "登记簿", masked=True)
        busy.settle()
        assert (b"/Subtype /Form" in preview._document.data) == wanted
        chip.click()
    assert Settings.load().watermark is False


@pytest.mark.parametrize(("dark", "factor", "size"), [(False, 1.0, QSize(1366, 728)), (True, 1.5, QSize(900, 640))])
def test_no_word_of_it_is_cut_off(open_office: Callable[..., Any], village: Ledger, dark: bool, factor: float, size: QSize) -> None:
    office = open_office(village, dark=dark, factor=factor, size=size)
    preview = office.show("people").show_paper("F32", "晒一晒")
    office.settle()
    preview.cover.turn.click()
    office.settle()
    assert not clipped(office.window) and not too_wide(office.window)
