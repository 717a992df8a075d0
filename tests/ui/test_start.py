"""The first page: a new ledger, the right and the wrong password, files that are no ledger; nothing waits in a box."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize

from gridapp import places
from gridapp.exchange import escrow
from gridapp.exchange.envelope import new_identity
from gridapp.ledger import Ledger
from gridapp.ledger.clock import wall_ms
from gridapp.settings import Settings
from gridapp.store import keyfile
from gridapp.work import accounts
from tests import ledgers
from tests.printing import reading
from tests.ui.test_screens import clipped, too_wide

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def type_back(office: Any) -> None:
    """The two groups of the recovery sheet that are asked back."""
    sheet = office.window.start.sheet_card
    sheet.next_button.click()
    for text, field in sheet.asked:
        field.setText(text.lower())
    sheet.next_button.click()
    office.settle()


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
    type_back(office)
    assert office.window.screens["today"].isVisible() and (places.data_dir() / "青后叶村.grid").exists()
    office.close()
    later = open_office(path=Path(Settings.load().ledger))
    assert Settings.load().seen(later.window.start.path) == [(1, "王建国")]
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
    start.path = Path("台账.grid")
    ways = (start._show_known, start._show_new, lambda: start._show_new() or start.new_card.alone.setChecked(False), start.show_join, start.show_town, lambda: start._show_escrow(None, [f"{n}  QPZRY 9X8GF  K" for n in range(1, 7)]),
            lambda: start.sheet_card.show_key(None, ["QPZRK"] * 7) or start._turn(start.sheet_card), start.show_by_sheet,
            lambda: start._turn(start.lasting_card))
    for way in ways:
        way()
        office.settle()
        assert clipped(start) == [] and too_wide(start) == []


def test_a_card_is_no_higher_than_it_needs_to_be(open_office: Callable[..., Any], village: Ledger) -> None:
    village.close()
    office = open_office(path=village.path)
    start = office.window.start
    office.settle()
    for card, show in ((start.login, start._show_known), (start.new_card, start._show_new), (start.join_card, start.show_join), (start.town_card, start.show_town)):
        show()
        office.settle()
        assert [c.isVisible() for c in start._cards].count(True) == 1 and card.isVisible()
        assert card.height() <= card.heightForWidth(card.width()) + 2 if card.hasHeightForWidth() else card.height() <= card.sizeHint().height() + 2


def come_in(office: Any, password: str, name: str = "") -> None:
    start = office.window.start
    if name:
        start.login.name.setText(name)
    start.password.setText(password)
    start.open()
    office.settle()


@pytest.fixture
def two(empty_ledger: Path, tmp_path: Path) -> tuple[Path, int, str]:
    """A closed ledger with 李红 beside 王建国, her number, and her password that is good once."""
    path = ledgers.copy(empty_ledger, tmp_path / "台账.grid")
    with ledgers.reopen(path, wall_ms) as opened:
        opened.sign_in(1)
        told = accounts.add_officer(opened, "李红", ["grid"])
    return path, told.number, told.password


def test_the_names_this_pc_has_seen_are_offered_and_another_is_typed(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    path, number, _once = two
    office = open_office(path=path)
    login = office.window.start.login
    login.begin(path, [(1, "王建国"), (number, "李红")])
    assert [login.who.itemText(at) for at in range(3)] == ["王建国", "李红", "其他…"] and login.officer == 1 and not login.name.isVisible()
    login.who.setCurrentIndex(2)
    login.who.activated.emit(2)
    assert login.name.isVisible() and login.officer is None
    come_in(office, ledgers.PASSWORD, "李红")
    assert "密码不对" in login.alert.text(), "somebody else's password"
    come_in(office, ledgers.PASSWORD, "谁也不是")
    assert "密码不对" in login.alert.text(), "nobody learns who has an account"
    come_in(office, ledgers.PASSWORD, "王建国")
    assert office.window.settings.seen(path) == [(1, "王建国")] and office.window.screens["today"].isVisible()


def test_k3_what_is_good_once_opens_only_the_card_of_a_lasting_password(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    path, _number, once = two
    office = open_office(path=path)
    start = office.window.start
    come_in(office, once, "李红")
    card = start.lasting_card
    assert card.isVisible() and not office.window.screens
    for new, again, said in (("one of two long ones", "another of them all", "不一样"), ("short", "short", "太短"), ("青后叶村李红第一网格", "青后叶村李红第一网格", "姓名")):
        card.new.setText(new)
        card.again.setText(again)
        card.choose()
        office.settle()
        assert said in card.alert.text() and not office.window.screens
    for field in (card.new, card.again):
        field.setText("只有李红知道的一句话")
    card.choose()
    office.settle()
    assert office.window.screens["today"].isVisible() and office.desk.where.officer == "李红" and card.new.text() == ""


def test_leaving_the_card_of_a_lasting_password_closes_the_ledger(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    path, _number, once = two
    office = open_office(path=path)
    come_in(office, once, "李红")
    office.window.start.lasting_card.leave()
    office.settle()
    assert office.desk.ledger is None and office.window.start.login.isVisible()
    come_in(office, once, "李红")
    assert "一次性密码已经用过" in office.window.start.login.alert.text()


def test_a3_the_wait_counts_down_in_the_card(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    office = open_office(path=two[0])
    login = office.window.start.login
    for _try in range(6):
        come_in(office, "wrong", "王建国")
    assert "请等 30 秒" in login.alert.text() and not login.open_button.isEnabled()
    login._count_down()
    assert "29 秒" in login.alert.text()
    come_in(office, ledgers.PASSWORD, "王建国")
    assert not office.window.screens, "nothing is tried before the time is over"
    for _second in range(29):
        login._count_down()
    assert "可以再试" in login.alert.text() and login.open_button.isEnabled()


def test_k2_with_the_sheet_the_administrator_gets_another_password(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    path = two[0]
    with ledgers.reopen(path) as opened:
        groups = " ".join(opened.add_sheet())
    office = open_office(path=path)
    office.window.start.show_by_sheet()
    card = office.window.start.by_sheet_card
    for typed, said in ((groups[:-1], "恢复码"), (groups, "")):
        card.groups.setText(typed)
        for field in (card.new, card.again):
            field.setText("新的口令谁也想不到")
        card.open()
        office.settle()
        assert said in card.alert.text()
    assert office.window.screens["today"].isVisible() and card.groups.text() == ""


def test_k3_with_the_towns_paper_the_administrator_gets_another_password(open_office: Callable[..., Any], two: tuple[Path, int, str]) -> None:
    """Only where the village let the town in; a slip of the pen is told with its line."""
    secret, public = new_identity()
    lines = escrow.on_paper(secret)
    office = open_office(path=two[0])
    office.window.start.show_by_sheet()
    office.settle()
    card = office.window.start.by_sheet_card
    assert not card.town.isVisible() and card.groups.isVisible(), "nobody lent it"
    office.close()
    with ledgers.reopen(two[0]) as opened:
        opened.add_town(public)
    office = open_office(path=two[0])
    office.window.start.show_by_sheet()
    office.settle()
    card = office.window.start.by_sheet_card
    assert card.town.isVisible()
    card.town.click()
    assert [line.isVisible() for line in card.lines] == [True] * escrow.LINES and not card.groups.isVisible()
    for field, text in zip(card.lines, lines, strict=True):
        field.setText(text)
    for field in (card.new, card.again):
        field.setText("新的口令谁也想不到")
    card.lines[2].setText(lines[3])
    card.open()
    office.settle()
    assert "第 3 行" in card.alert.text()
    card.lines[2].setText(lines[2])
    card.open()
    office.settle()
    assert office.window.screens["today"].isVisible() and [line.text() for line in card.lines] == [""] * escrow.LINES


def test_a_village_with_a_manager_of_its_own(open_office: Callable[..., Any]) -> None:
    office = open_office()
    new = office.window.start.new_card
    assert new.alone.isChecked() and not new.manager.isVisible()
    new.alone.setChecked(False)
    assert new.manager.isVisible()
    new.officer.setText("王建国")
    for field in (new.new_password, new.again):
        field.setText(ledgers.PASSWORD)
    new.begin()
    office.settle()
    assert "管理员的姓名" in new.alert.text()
    new.manager.setText("李红")
    for field in (new.manager_password, new.manager_again):
        field.setText("别人想不到的管理口令")
    new.begin()
    office.settle()
    type_back(office)
    assert office.window.screens["today"].isVisible() and office.desk.signed == "王建国" and not office.desk.may(("manage",))


def test_whoever_does_both_is_told_so(open_office: Callable[..., Any], ledger: Ledger) -> None:
    office = open_office(ledger)
    assert office.window.header.who.text() == "王建国（兼任）"


def begun(open_office: Callable[..., Any]) -> Any:
    """A new ledger that waits for its sheet to stand on paper."""
    office = open_office()
    new = office.window.start.new_card
    new.officer.setText("王建国")
    for field in (new.new_password, new.again):
        field.setText(ledgers.PASSWORD)
    new.begin()
    office.settle()
    return office


def test_a_wrong_group_of_the_sheet_opens_nothing(open_office: Callable[..., Any]) -> None:
    office = begun(open_office)
    sheet = office.window.start.sheet_card
    assert sheet.isVisible() and not office.window.screens
    shown = [w.text() for w in sheet._middle.itemAt(0).widget().findChildren(type(sheet.alert)) if len(w.text()) == 5]
    sheet.next_button.click()
    assert len(sheet.asked) == 2 and {text for text, _field in sheet.asked} <= set(shown)
    for _text, field in sheet.asked:
        field.setText("QQQQQ")
    sheet.next_button.click()
    office.settle()
    assert "不一样" in sheet.alert.text() and not office.window.screens


def test_the_sheet_is_saved_as_a_paper(open_office: Callable[..., Any], tmp_path: Path) -> None:
    office = begun(open_office)
    sheet = office.window.start.sheet_card
    groups = list(sheet._lines)
    sheet.save(tmp_path / "k01.pdf")
    office.settle()
    told = reading.whole(tmp_path / "k01.pdf")
    assert all(group in told for group in groups) and "青后叶村" in told and "删除这个文件" in sheet.saved.text()
