"""批量打印 in the window: begun, paused, gone on with after the program was started anew, printed again in part, and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from gridapp.ledger import Ledger
from gridapp.printing import batches
from gridapp.work import invent
from tests import ledgers
from tests.ui.test_screens import clipped, too_wide


@pytest.fixture
def many(empty_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A village of some houses; a step prints one."""
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    ledger = ledgers.reopen(ledgers.copy(empty_ledger, tmp_path / "台账.grid"))
    ledger.do(invent.invent, 60)
    return ledger


def words(widget: Any) -> str:
    return "\n".join(made.text() for made in widget.findChildren(QLabel) if not made.isHidden())


def pages(path: Path) -> int:
    return len(pypdf.PdfReader(path).pages)


def test_all_rosters_go_into_one_file_and_some_pages_are_printed_again(open_office: Callable[..., Any], many: Ledger, tmp_path: Path) -> None:
    office = open_office(many)
    screen = office.show("batches")
    assert screen.paper.currentData() == "F04" and "还没有" in words(screen)
    screen.begin_at(tmp_path / "all.pdf", True)
    office.settle()
    count = pages(tmp_path / "all.pdf")
    assert f"✓ 已印完 {screen.bar.maximum()} 户，{count} 页" in screen.told.text() and "已印完" in words(screen) and screen.turn.isHidden()
    field = next(made for made in screen.findChildren(QLineEdit) if "37-52" in made.placeholderText())
    field.setText("2-4")
    field.returnPressed.emit()
    office.settle()
    assert len(screen._preview._document) == 3 and "重印第 2-4 页" in screen._preview._title.text()
    screen._preview.leave()
    office.settle()
    screen.reprint(screen.batch, "四")
    office.settle()
    assert f"第 1 到 {count} 页" in screen._preview._told.text()


def test_paused_it_goes_on_another_day_from_the_same_house(open_office: Callable[..., Any], many: Ledger, tmp_path: Path) -> None:
    office = open_office(many)
    screen = office.show("batches")
    screen.begin_at(tmp_path / "all.pdf", True)
    office.qtbot.waitUntil(lambda: screen.bar.value() >= 2)
    screen.turn.click()
    office.settle()
    done = screen.batch.done
    assert 2 <= done < screen.bar.maximum() and "已暂停" in screen.told.text() and "接着打印" in screen.turn.text()
    assert not (tmp_path / "all.pdf").exists() and screen.one_file.isEnabled()
    office.close()
    again = open_office(ledgers.reopen(tmp_path / "台账.grid"))
    screen = again.show("batches")
    assert f"没印完，印好 {done} 户" in words(screen)
    (batch,) = again.desk.ledger and batches.batches(again.desk.ledger)
    screen.take_up(batch)
    again.settle()
    assert "✓ 已印完" in screen.told.text() and pages(tmp_path / "all.pdf") == screen.batch.pages


def test_a_stick_that_was_pulled_out_is_said_and_f8_goes_on(open_office: Callable[..., Any], many: Ledger, tmp_path: Path) -> None:
    office = open_office(many)
    screen = office.show("batches")
    screen.begin_at(tmp_path / "stick", False)
    office.settle()
    assert "无法写入" in screen.told.text() and "已印好的都在" in screen.told.text() and screen.mark.isHidden()
    (tmp_path / "stick").mkdir()
    office.press(Qt.Key.Key_F8)
    office.settle()
    assert "✓ 已印完" in screen.told.text() and len(list((tmp_path / "stick").iterdir())) == screen.bar.maximum()


def test_a_character_no_font_has_may_be_marked(open_office: Callable[..., Any], many: Ledger, tmp_path: Path) -> None:
    house = batches.begin(many, "F04", tmp_path / "x.pdf").plan.items[1]
    ledgers.a_tenant(many, ledgers.rooms_of(many, house.id)[0], "王\U00033479", ledgers.NUMBERS[3])
    office = open_office(many)
    screen = office.show("batches")
    screen.begin_at(tmp_path / "all.pdf", True)
    office.settle()
    assert "U+33479" in screen.told.text() and not screen.mark.isHidden()
    screen.mark.click()
    office.settle()
    assert "✓ 已印完" in screen.told.text()


def test_what_is_given_up_is_gone_from_the_list(open_office: Callable[..., Any], many: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(many, "F04", tmp_path / "all.pdf")
    office = open_office(many)
    screen = office.show("batches")
    assert "没印完" in words(screen)
    screen.give_up(batch)
    office.settle()
    assert "还没有" in words(screen)


@pytest.mark.parametrize(("dark", "factor", "size"), [(False, 1.0, QSize(1366, 728)), (True, 1.5, QSize(1024, 700))])
def test_nothing_is_cut_off(open_office: Callable[..., Any], many: Ledger, tmp_path: Path, dark: bool, factor: float, size: QSize) -> None:
    batches.begin(many, "F06", tmp_path / "list.pdf")
    office = open_office(many, dark=dark, factor=factor, size=size)
    screen = office.show("batches")
    screen.begin_at(tmp_path / "all.pdf", True)
    office.settle()
    assert not clipped(office.window) and not too_wide(office.window)
