"""备份 in the window: taken beside the work, the stick, the trial, the way back from damage, and a full disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.store import files, reserve, shelf
from gridapp.work import backups, keeping, village
from tests import ledgers
from tests.ui.test_screens import clipped, too_wide
from ui import troubled


def rest(office: Any) -> None:
    """Until the worker of the backups is through as well."""
    office.qtbot.waitUntil(lambda: office.desk.copies.idle, timeout=20_000)
    office.settle()


def sets(path: Path) -> list[str]:
    return [kept.manifest.reason for kept in shelf.in_folder(backups.place_of(path))[0]]


def words(widget: Any) -> str:
    return "\n".join(made.text() for made in widget.findChildren(QLabel))


def test_one_is_taken_and_the_ledger_goes_on_answering(busy: Any) -> None:
    screen = busy.show("backups")
    assert "还没有备份" in words(screen)
    screen.take()
    assert busy.desk.worker.idle, "not in the worker that answers"
    rest(busy)
    assert "✓ 已备份并核对" in screen._told.text() and "手动" in words(screen) and screen._take.isEnabled()


def test_a_stick_is_chosen_and_named_and_a_trial_is_made(busy: Any, tmp_path: Path) -> None:
    screen = busy.show("backups")
    screen.send(tmp_path)
    rest(busy)
    assert "可以拔出" in screen._sent.text() and str(tmp_path) in screen._second.text()
    for password, said in (("not this one at all", "密码不对"), (ledgers.PASSWORD, "✓ 用得上")):
        screen.password.setText(password)
        screen.drill()
        rest(busy)
        assert said in screen._tried.text()


def test_closing_takes_one_and_only_when_something_changed(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path) -> None:
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    for number in range(2):
        office = open_office(ledgers.reopen(path))
        office.closed = True
        office.window.close()
        office.desk.close(backup=True)
        office.window.deleteLater()
        assert sets(path) == ["close"], number


def test_opening_keeps_a_reserve_and_takes_what_is_overdue(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "SIZE", 1 << 20)
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    office = open_office(path=path)
    office.window.start.password.setText(ledgers.PASSWORD)
    office.window.start.open()
    office.settle()
    rest(office)
    assert reserve.beside(path).exists() and sets(path) == ["hours"]


def test_from_damage_back_to_work_without_leaving_the_window(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path) -> None:
    """D6: told, offered, restored, opened; the damaged file is kept."""
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    with ledgers.reopen(path) as ledger:
        backups.take(ledger, "close")
        digest = ledger.digest()
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    office = open_office(path=path)
    start = office.window.start
    start.password.setText(ledgers.PASSWORD)
    start.open()
    office.settle()
    assert "已损坏" in start._open_alert.text() and not start.rescue_card.isVisible()
    start.show_rescue()
    rest(office)
    card = start.rescue_card
    assert card.list.count() == 1 and "关闭时" in card.list.item(0).text() and "不会覆盖" in card._about.text()
    card.password.setText("not this one at all")
    card.restore()
    rest(office)
    assert "密码不对" in card.alert.text() and card.go_button.isEnabled()
    card.password.setText(ledgers.PASSWORD)
    card.restore()
    rest(office)
    assert "已从备份恢复" in start._open_alert.text()
    start.password.setText(ledgers.PASSWORD)
    start.open()
    office.settle()
    assert office.desk.ledger.digest() == digest and "的备份恢复" in words(office.window.screens["today"])
    rest(office)


def test_lost_keys_come_back_and_nothing_else_changes(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path) -> None:
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    with ledgers.reopen(path) as ledger:
        backups.take(ledger, "close")
        ledger.do(village.correct_village, phone="0579-11112222")
        digest = ledger.digest()
    for ending in (".keys", ".keys2"):
        path.with_name(path.name + ending).unlink()
    office = open_office(path=path)
    start = office.window.start
    start.password.setText(ledgers.PASSWORD)
    start.open()
    office.settle()
    start.show_rescue()
    rest(office)
    assert start.rescue_card.keys_button.isVisible()
    start.rescue_card.bring_back_keys()
    rest(office)
    start.password.setText(ledgers.PASSWORD)
    start.open()
    office.settle()
    assert office.desk.ledger.digest() == digest
    rest(office)


def test_nothing_asks_a_ledger_that_is_being_closed_for_restoring(busy: Any) -> None:
    """The search box did while the worker was busy: found by the monkey."""
    go_on, copied = threading.Event(), threading.Event()
    busy.window.settings.ledger = str(busy.desk.ledger.path)
    busy.desk.worker.submit(go_on.wait)
    busy.desk.copies.run(copied.wait, lambda _done: None, busy.told.append)
    busy.window._to_rescue()
    assert busy.desk.ledger is not None, "a backup under way is finished first"
    copied.set()
    busy.qtbot.waitUntil(lambda: busy.desk.ledger is None)
    assert not busy.window.screens and busy.window._outer.currentWidget() is busy.window.start
    assert not busy.window.start.isEnabled() and not busy.window.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)
    go_on.set()
    rest(busy)
    assert busy.window.start.isEnabled() and busy.window.start.rescue_card.isVisible()


def test_a_window_closed_on_the_way_to_restoring_is_closed(busy: Any) -> None:
    """The monkey did that."""
    copied = threading.Event()
    busy.desk.copies.run(copied.wait, lambda _done: None, busy.told.append)
    busy.window._to_rescue()
    copied.set()
    busy.desk.close()
    busy.window._let_go_when_done()
    assert busy.desk.ledger is None and not busy.window.start.isEnabled()


def test_restoring_from_an_open_ledger_goes_by_the_first_page(busy: Any) -> None:
    busy.window.settings.ledger = str(busy.desk.ledger.path)
    backups.take(busy.desk.ledger, "ask")
    before = busy.desk.ledger.digest()
    busy.desk.do(village.correct_village, phone="0579-11112222")
    busy.settle()
    busy.show("backups").restore()
    start = busy.window.start
    busy.qtbot.waitUntil(lambda: start.rescue_card.list.count() > 0)  # closed, and looked for backups
    rest(busy)
    assert start.rescue_card.isVisible() and busy.desk.ledger is None
    start.rescue_card.password.setText(ledgers.PASSWORD)
    start.rescue_card.restore()
    rest(busy)
    start.password.setText(ledgers.PASSWORD)
    start.open()
    busy.settle()
    assert busy.desk.ledger.digest() == before and busy.window.screens["today"].isVisible()
    busy.window.resize(900, 600)
    rest(busy)


def test_a_full_disk_offers_the_reserve(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """D5."""
    monkeypatch.setattr(reserve, "SIZE", 1 << 20)
    assert reserve.keep(busy.desk.ledger.path)
    bar = busy.window.findChild(troubled.TroubleBar)
    assert bar.isHidden()

    def full(_ledger: Any) -> None:
        raise files.DiskFull

    busy.desk.call(full, fail=lambda _failure: None)
    busy.settle()
    assert not bar.isHidden() and bar.release.isVisible()
    bar.release.click()
    rest(busy)
    assert "已释放 1 MB" in bar.words.text() and not reserve.beside(busy.desk.ledger.path).exists()


def test_a_restored_ledger_says_so_until_somebody_has_read_it(busy: Any) -> None:
    place = backups.place_of(busy.desk.ledger.path)
    notes = backups.Notes.load(place)
    notes.restored_from = ledgers.NOON / 1000
    notes.save(place)
    today = busy.show("today")
    today.refresh()
    busy.settle()
    [seen] = [b for b in today.findChildren(QPushButton) if b.text() == "知道了"]
    assert any("已从 2026-11-24 12:00 的备份恢复" in one.text() for one in today.findChildren(QLabel))
    seen.click()
    busy.settle()
    today.refresh()
    busy.settle()
    assert not any("的备份恢复" in one.text() for one in today.findChildren(QLabel)) and backups.Notes.load(place).restored_from == 0


def test_what_is_amiss_is_said_today(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "reminders", lambda _ledger: ["超过 7 天没有把备份放到第二个位置。"])
    busy.window._refresh()
    busy.settle()
    assert "超过 7 天" in words(busy.window.screens["today"])


@pytest.mark.parametrize(("size", "factor", "dark"), [(QSize(1366, 728), 1.0, True), (QSize(1366, 728), 1.5, False), (QSize(800, 560), 1.0, False)])
def test_everything_fits(open_office: Callable[..., Any], village_ledger: Path, tmp_path: Path, size: QSize, factor: float, dark: bool) -> None:
    with ledgers.reopen(ledgers.copy(village_ledger, tmp_path / "台账.grid")) as ledger:
        for _time in range(3):
            backups.take(ledger, "ask")
        office = open_office(ledger, size=size, factor=factor, dark=dark)
        screen = office.show("backups")
        assert not clipped(screen) and not too_wide(screen)
        office.window.start.path = ledger.path
        office.window.start.show_rescue()
        office.window._outer.setCurrentWidget(office.window.start)
        rest(office)
        assert not clipped(office.window.start) and not too_wide(office.window.start)
        office.close()
