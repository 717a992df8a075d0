"""The first page: a new ledger, the right and the wrong password, files that are no ledger; nothing waits in a box."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize

from gridapp import places
from gridapp.ledger import Ledger
from gridapp.settings import Settings
from gridapp.store import keyfile, vault
from tests import ledgers
from tests.ui.test_screens import clipped, too_wide


@pytest.fixture(autouse=True)
def _cheap_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full Argon2id would take half a second in each of these tests."""
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)


def test_a_new_ledger_and_tomorrow_the_same_one(open_office: Callable[..., Any]) -> None:
    office = open_office()
    start = office.window.start
    assert start._village.text() == "永康市古山镇青后叶村"
    start.officer.setText("王建国")
    start.new_password.setText(ledgers.PASSWORD)
    start.again.setText("something else")
    start.create_button.click()
    office.settle()
    assert "不一样" in start._new_alert.text() and not list(places.data_dir().glob("*.grid"))
    start.again.setText(ledgers.PASSWORD)
    start.create_button.click()
    office.settle()
    assert office.window.screens["today"].isVisible() and (places.data_dir() / "青后叶村.grid").exists()
    office.close()
    later = open_office(path=Path(Settings.load().ledger))
    later.window.start.password.setText(ledgers.PASSWORD)
    later.window.start.open_button.click()
    later.settle()
    assert later.window.screens["today"].isVisible() and later.desk.where.officer == "王建国"


@pytest.mark.parametrize(("code", "said"), [("33078410823", "12 位"), ("330784108999", "代码表里没有")])
def test_a_wrong_village_code_is_said(open_office: Callable[..., Any], code: str, said: str) -> None:
    office = open_office()
    start = office.window.start
    start.code.setText(code)
    assert "请核对" in start._village.text()
    start.officer.setText("王建国")
    start.new_password.setText(ledgers.PASSWORD)
    start.again.setText(ledgers.PASSWORD)
    start.create_button.click()
    office.settle()
    assert said in start._new_alert.text() and not list(places.data_dir().glob("*.grid*"))


def test_the_wrong_password_is_said_under_the_field(open_office: Callable[..., Any], empty_ledger: Path, tmp_path: Path) -> None:
    path = ledgers.copy(empty_ledger, tmp_path / "台账.grid")
    office = open_office(path=path)
    start = office.window.start
    start.password.setText("not this one")
    start.open_button.click()
    office.settle()
    assert "密码不对" in start._open_alert.text() and start.password.selectedText() == "not this one" and start.open_button.isEnabled()
    start.password.setText(ledgers.PASSWORD)
    start.open()
    office.settle()
    assert office.window.screens["today"].isVisible()


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(4092)) and [path.with_name(path.name + e).unlink() for e in (".keys", ".keys2")],
     "不是平安网格的台账"),
    (lambda path: [path.with_name(path.name + e).unlink() for e in (".keys", ".keys2")], "密钥文件"),
    (lambda path: path.write_bytes(bytes(4096) * 20), "已损坏"),
    (lambda path: path.unlink(), "没有找到台账"),
])
def test_files_that_cannot_be_opened_get_a_sentence(open_office: Callable[..., Any], empty_ledger: Path, tmp_path: Path,
                                                    spoil: Callable[[Path], Any], said: str) -> None:
    path = ledgers.copy(empty_ledger, tmp_path / "台账.grid")
    office = open_office(path=path)
    spoil(path)
    office.window.start.password.setText(ledgers.PASSWORD)
    office.window.start.open_button.click()
    office.settle()
    assert said in office.window.start._open_alert.text() and not office.told


def test_a_ledger_open_in_another_window_is_said(open_office: Callable[..., Any], village: Any) -> None:
    office = open_office(path=village.path)
    office.window.start.password.setText(ledgers.PASSWORD)
    office.window.start.open_button.click()
    office.settle()
    assert "正在另一个窗口" in office.window.start._open_alert.text()


def test_a_full_data_folder_is_said_and_leaves_no_half_ledger(open_office: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from gridapp.store import files

    def full(*_args: object, **_named: object) -> None:
        raise files.DiskFull

    office = open_office()
    start = office.window.start
    start.officer.setText("王建国")
    start.new_password.setText(ledgers.PASSWORD)
    start.again.setText(ledgers.PASSWORD)
    monkeypatch.setattr(keyfile, "write_whole", full)
    start.create_button.click()
    office.settle()
    assert "磁盘已满" in start._new_alert.text() and not list(places.data_dir().glob("*.grid*"))
    monkeypatch.undo()
    assert shutil.disk_usage(places.data_dir()).free > 0


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(800, 560), 1.5), (QSize(1366, 728), 1.5)])
def test_no_card_is_cut_off(open_office: Callable[..., Any], size: QSize, factor: float) -> None:
    office = open_office(size=size, factor=factor)
    start = office.window.start
    ways = (start._show_new, start.show_join, start.show_town, lambda: start._show_escrow(None, [f"{n}  QPZRY 9X8GF  K" for n in range(1, 7)]))
    for way in ways:
        way()
        office.settle()
        assert clipped(start) == [] and too_wide(start) == []


def test_a_card_is_no_higher_than_it_needs_to_be(open_office: Callable[..., Any], village: Ledger) -> None:
    village.close()
    office = open_office(path=village.path)
    start = office.window.start
    office.settle()
    for card, show in zip(start._cards, (start._show_known, start._show_new, start.show_join, start.show_town), strict=False):
        show()
        office.settle()
        assert [c.isVisible() for c in start._cards].count(True) == 1 and card.isVisible()
        assert card.height() <= card.heightForWidth(card.width()) + 2 if card.hasHeightForWidth() else card.height() <= card.sizeHint().height() + 2
