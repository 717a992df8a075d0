"""交接 in the window: the stick in, one button out, a look before anything is written, and every trouble with a way on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.exchange import outgoing
from gridapp.exchange.carriers import sticks
from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.stick import Stick
from gridapp.ledger import Ledger, dealings
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.exchange.handing import SCOPE
from tests.ui.test_screens import clipped, too_wide
from ui import files

CONTROL = Qt.KeyboardModifier.ControlModifier
GB = 1 << 30


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        yield made


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Ledger:
    """Paired; the window closes it."""
    made = handing.a_village(tmp_path / "village.grid")
    made.officer = 1
    ledgers.a_little_village(made)
    return handing.joined(town, made, tmp_path)


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Stick]:
    """What is plugged in: a test adds sticks and pulls them."""
    found = list[Stick]()
    monkeypatch.setattr(sticks, "plugged_in", lambda: list(found))
    return found


def a_stick(folder: Path, name: str = "KINGSTON", read_only: bool = False) -> Stick:
    root = folder / name
    root.mkdir(exist_ok=True)
    return Stick(root, name, 3 * GB, read_only, "exfat")


@pytest.fixture
def stick(tmp_path: Path, plugged: list[Stick]) -> Path:
    plugged.append(a_stick(tmp_path))
    return plugged[0].root


@pytest.fixture
def desk(open_office: Callable[..., Any], village_pc: Ledger, plugged: list[Stick]) -> Any:
    """The office of the village with 交接 open."""
    office = open_office(village_pc)
    office.screen = office.show("exchange")
    return office


def words(root: Any) -> str:
    """Everything that can be read."""
    return "\n".join(w.text() for kind in (QLabel, QPushButton) for w in root.findChildren(kind) if w.isVisible())


def test_an_unpaired_pc_is_told_what_pairing_is_for(open_office: Callable[..., Any], village: Ledger, plugged: list[Stick]) -> None:
    office = open_office(village)
    screen = office.show("exchange")
    assert "还没有和镇里配对" in words(screen) and not screen.out.isVisible()
    asked = list[str]()
    screen.go.connect(lambda key, _action, _told: asked.append(key))
    office.press(Qt.Key.Key_F2)
    assert asked == ["joining"]


def test_a_stick_that_is_plugged_in_appears_and_one_that_is_pulled_goes(desk: Any, tmp_path: Path, plugged: list[Stick]) -> None:
    screen = desk.screen
    assert not screen.out.go.isEnabled() and "请先插上U盘" in words(screen) and not screen.look_button.isEnabled()
    plugged.append(a_stick(tmp_path))
    screen._timer.timeout.emit()
    desk.settle()
    assert screen.out.go.isEnabled() and "KINGSTON（剩 3.0 GB）" in words(screen) and screen.look_button.isEnabled()
    plugged.clear()
    screen._timer.timeout.emit()
    desk.settle()
    assert not screen.out.go.isEnabled() and "KINGSTON" not in words(screen)


def test_sticks_are_looked_for_only_while_the_screen_is_shown(desk: Any) -> None:
    assert desk.screen._timer.isActive() and desk.screen._timer.interval() == 2000
    desk.show("today")
    assert not desk.screen._timer.isActive()


def test_what_went_out_is_said_until_something_else_is_to_go(desk: Any, stick: Path) -> None:
    desk.screen.look_for_sticks()
    desk.settle()
    desk.press(Qt.Key.Key_F2)
    desk.show("today")
    desk.show("exchange")
    assert "已写好" in desk.screen.out.result.text() and desk.screen.out.result.isVisible()
    desk.desk.do(people.register_person, name="李晓梅", id_no="510185199205173627")
    desk.settle()
    desk.show("exchange")
    assert not desk.screen.out.result.isVisible(), "the newcomer did not go with it"
    assert len(list(stick.rglob("*.wsb"))) == 1


def test_one_key_hands_over_and_the_town_gets_it(desk: Any, town: Ledger, stick: Path) -> None:
    desk.screen.look_for_sticks()
    desk.settle()
    assert "流动人口 4" in desk.screen.out.plan.text() and "出租房屋 2" in desk.screen.out.plan.text()
    desk.press(Qt.Key.Key_F2)
    assert "已写好" in desk.screen.out.result.text() and "安全弹出" in desk.screen.out.result.text(), "no stick was ejected here"
    assert "可以拔出" not in desk.screen.out.result.text()
    [taken] = handing.take(town, stick)
    assert taken.admitted.entries > 20 and len(town.search("彭兵")) == 1


def test_it_says_that_the_stick_may_go_only_when_the_system_let_it_go(desk: Any, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sticks, "eject", lambda _stick: True)
    desk.screen.look_for_sticks()
    desk.settle()
    desk.press(Qt.Key.Key_F2)
    assert "可以拔出U盘了" in desk.screen.out.result.text()


def test_a_read_only_stick_is_told_before_anything_is_tried(desk: Any, tmp_path: Path, plugged: list[Stick]) -> None:
    plugged.append(a_stick(tmp_path, read_only=True))
    desk.screen.look_for_sticks()
    desk.settle()
    assert not desk.screen.out.go.isEnabled() and "只读" in desk.screen.out.go.text() and desk.screen.look_button.isEnabled()


def test_a_stick_pulled_in_the_middle_is_told_and_it_can_be_tried_again(desk: Any, town: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.screen.look_for_sticks()
    desk.settle()

    def gone(*_told: Any) -> None:
        raise OSError(5, "pulled")

    with monkeypatch.context() as patch:
        patch.setattr(Disk, "write", gone)
        desk.press(Qt.Key.Key_F2)
    assert "请" in desk.screen.out.result.text() and desk.screen.out.go.isEnabled() and not desk.screen.out.progress.isVisible()
    assert desk.desk.ledger.look(dealings.parcels, dealings.OUT) == []
    desk.press(Qt.Key.Key_F2)
    assert "已写好" in desk.screen.out.result.text()
    assert len(handing.take(town, stick)) == 1


def test_a_full_stick_offers_to_take_our_old_parcels_off(desk: Any, town: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.screen.look_for_sticks()
    desk.settle()
    desk.press(Qt.Key.Key_F2)
    old = {p.name for p in stick.rglob("*.wsb")}
    monkeypatch.setattr(Disk, "free", lambda _disk, path: 0 if any(p.name in old for p in path.rglob("*.wsb")) else GB)
    desk.press(Qt.Key.Key_F2)
    assert "空间不够" in desk.screen.out.result.text() and desk.screen.out.clear.isVisible()
    desk.screen.out.clear.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert "已写好" in desk.screen.out.result.text() and not desk.screen.out.clear.isVisible()
    assert len(list(stick.rglob("*.wsb"))) == 1 and old.isdisjoint(p.name for p in stick.rglob("*.wsb"))


def test_handing_over_can_be_stopped(desk: Any, stick: Path) -> None:
    desk.screen.look_for_sticks()
    desk.settle()
    desk.screen.out.hand_over()
    desk.screen.out.stop()
    desk.settle()
    assert "已停止" in desk.screen.out.result.text() and list(stick.rglob("*.wsb*")) == []


def test_a_folder_serves_as_well(desk: Any, town: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr(files, "to_folder", lambda _asking, _title: shared)
    desk.press(Qt.Key.Key_F3)
    assert "写到文件夹" in desk.screen.out.go.text()
    desk.press(Qt.Key.Key_F2)
    assert "已写好" in desk.screen.out.result.text() and "拔出" not in desk.screen.out.result.text()
    assert len(handing.take(town, shared)) == 1


# ---------------------------------------------------------------- taking in

@pytest.fixture
def corrected(desk: Any, town: Ledger, stick: Path) -> Any:
    """The town has corrected a name and a telephone and registered somebody; its parcel lies on the stick."""
    ledger = desk.desk.ledger
    handing.round_trip(ledger, town, stick)
    for ended in (town, ledger):
        ended._wall.ms += 60_000
    town.do_in(SCOPE, people.correct_person, town.search("彭兵")[0].id, name="彭斌")
    town.do_in(SCOPE, people.correct_person, town.search("王𬱟")[0].id, phone="13800001234")
    town.do_in(SCOPE, people.register_person, name="周敏", id_no="510185199205173627")
    ledger._wall.ms += 60_000
    ledger.do(people.correct_person, ledger.search("彭兵")[0].id, name="彭宾")
    handing.hand(town, "青后叶村一号机", stick)
    desk.screen.look_for_sticks()
    desk.settle()
    return desk


def test_a_look_writes_nothing_and_shows_every_change(corrected: Any) -> None:
    digest = corrected.desk.ledger.digest()
    corrected.press(Qt.Key.Key_F4)
    front = corrected.screen.currentWidget()
    assert "古山镇一号机" in front.told.text() and "新增 1、修改 1、冲突 1、疑似重复 0、暂存 0" in front.told.text()
    shown = [(r.kind, r.label, r.field, r.before, r.after) for r in front.rows.all]
    assert ("clash", "彭宾", "姓名", "彭宾", "彭斌") in shown and ("changed", "王𬱟", "联系电话", "", "138****1234") in shown
    assert "13800001234" not in words(front)
    corrected.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert front.rows.which == "clash" and front.rows.table.rows.rowCount() == 1
    assert "彭宾　对方：彭斌" in words(front) and "彭宾 → 彭斌" not in words(front), "nothing takes the place of anything before somebody decides"
    corrected.press(Qt.Key.Key_Escape)
    assert corrected.desk.ledger.digest() == digest and corrected.screen.currentWidget() is corrected.screen.home


def test_taken_in_by_key_and_taken_back_by_key(corrected: Any, town: Ledger) -> None:
    corrected.press(Qt.Key.Key_F4)
    corrected.press(Qt.Key.Key_S, CONTROL)
    front = corrected.screen.currentWidget()
    assert "✓ 已接收“古山镇一号机”的交接包：3 条记录。" in front.told.text() and "1 条两边都改过" in front.told.text() and not front.take.isEnabled()
    corrected.press(Qt.Key.Key_Escape)
    assert "冲突 1（F8）" in words(corrected.screen) and len(corrected.desk.ledger.search("周敏")) == 1
    corrected.press(Qt.Key.Key_F9)
    assert "✓ 已撤销这次接收" in corrected.screen._in_told.text() and corrected.desk.ledger.search("周敏") == []
    with corrected.desk.ledger.read() as read:
        assert read.get(Person, corrected.desk.ledger.search("彭宾")[0].id).name == "彭宾"
    assert "重做" in corrected.screen._in_told.text()
    corrected.press(Qt.Key.Key_Y, CONTROL)
    assert len(corrected.desk.ledger.search("周敏")) == 1, "what it says brings it back does so"
    assert not corrected.told


def test_not_taken_in_stays_on_the_stick(corrected: Any, stick: Path) -> None:
    corrected.press(Qt.Key.Key_F4)
    corrected.press(Qt.Key.Key_F8)
    front = corrected.screen.currentWidget()
    assert "没有接收" in front.told.text() and corrected.desk.ledger.search("周敏") == []
    corrected.press(Qt.Key.Key_Escape)
    corrected.press(Qt.Key.Key_F4)
    assert "新增 1" in corrected.screen.currentWidget().told.text()


def test_a_spoilt_parcel_says_so_and_the_next_is_looked_at(corrected: Any, stick: Path) -> None:
    for name in ("A" * 26, "B" * 26):
        spoilt = next(stick.rglob("*.wsb")).with_name(f"{name}.wsb")
        spoilt.write_bytes(os.urandom(300))
    corrected.press(Qt.Key.Key_F4)
    front = corrected.screen.currentWidget()
    assert front.refused.isVisible() and front.refused.text().count("\n") == 1 and front.take.isEnabled()


def test_nothing_new_is_told_with_what_lies_there(corrected: Any) -> None:
    corrected.press(Qt.Key.Key_F4)
    corrected.press(Qt.Key.Key_S, CONTROL)
    corrected.press(Qt.Key.Key_Escape)
    corrected.press(Qt.Key.Key_F4)
    assert "没有交给本机的新交接包" in corrected.screen.currentWidget().told.text()
    assert "以前已经接收过" in corrected.screen.currentWidget().told.text()


def test_what_was_copied_to_be_looked_at_is_gone_after_the_window(corrected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    corrected.press(Qt.Key.Key_F4)
    assert len(list(copies.iterdir())) == 1
    corrected.close()
    assert list(copies.iterdir()) == []


# ---------------------------------------------------------------- the book, what waits, today

def test_the_book_tells_what_arrived_and_single_records_are_put_back(corrected: Any) -> None:
    corrected.press(Qt.Key.Key_F4)
    corrected.press(Qt.Key.Key_S, CONTROL)
    corrected.press(Qt.Key.Key_Escape)
    corrected.press(Qt.Key.Key_F6)
    book = corrected.screen.currentWidget()
    states = {(line.parcel.way, line.state) for line in book._lines}
    assert {("out", "received"), ("in", "merged")} <= states
    corrected.press(Qt.Key.Key_Return)
    brought = book.currentWidget()
    assert {r.label for r in brought.rows.all} >= {"周敏", "王𬱟"}
    place = next(n for n, r in enumerate(brought.rows.all) if r.label == "周敏")
    brought.rows.table.selectRow(place)
    corrected.press(Qt.Key.Key_F8)
    assert "✓ 已退回“周敏”" in brought.told.text() and corrected.desk.ledger.search("周敏") == []
    corrected.press(Qt.Key.Key_F8)
    assert "已经撤销过" in brought.told.text()
    corrected.press(Qt.Key.Key_Escape)
    assert book.currentWidget() is book._home
    corrected.press(Qt.Key.Key_Escape)
    assert corrected.screen.currentWidget() is corrected.screen.home


def test_what_waits_is_told_and_tried_again(desk: Any, town: Ledger, stick: Path) -> None:
    ledger = desk.desk.ledger
    handing.round_trip(ledger, town, stick)
    town._wall.ms += 3 * 86_400_000
    town.do_in(SCOPE, people.register_person, name="周敏", id_no="510185199205173627")
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(ledger, stick)
    desk.press(Qt.Key.Key_F5)
    assert "暂存 1（F7）" in words(desk.screen)
    desk.press(Qt.Key.Key_F7)
    held = desk.screen.currentWidget()
    assert "时钟" in held.rows.footer.text() and "青后叶村" in words(held)
    desk.press(Qt.Key.Key_F2)
    assert "原因没有变" in held.told.text()
    ledger._wall.ms += 3 * 86_400_000
    desk.press(Qt.Key.Key_F2)
    assert "✓ 已接收" in held.told.text() and len(ledger.search("周敏")) == 1 and held.rows.table.rows.rowCount() == 0


def test_after_pairing_nothing_is_said_of_receipts_before_something_was_handed_over(desk: Any, stick: Path) -> None:
    assert "还没有交过" in words(desk.screen) and "还没有交给镇里" in words(desk.screen) and "回执" not in words(desk.screen)
    assert "还没有交过" in words(desk.show("today"))
    desk.show("exchange")
    desk.screen.look_for_sticks()
    desk.settle()
    desk.press(Qt.Key.Key_F2)
    assert "还没有收到过镇里的回执" in words(desk.screen)


@pytest.mark.parametrize(("days", "colour"), [(0, "green"), (8, "yellow"), (15, "red")])
def test_today_says_how_long_the_town_was_not_heard(desk: Any, town: Ledger, stick: Path, days: int, colour: str) -> None:
    handing.round_trip(desk.desk.ledger, town, stick)
    ledgers.a_person(desk.desk.ledger, "周敏", "510185199205173627")
    desk.desk.ledger._wall.ms += days * 86_400_000
    screen = desk.show("today")
    told = next(w for w in screen.findChildren(QLabel) if w.isVisible() and "镇里的回执" in w.text() and w.property("pill"))
    assert told.property("pill") == colour and (str(days) in told.text() or days == 0) and "条改动没有得到镇里的回执" in words(screen)
    desk.press(Qt.Key.Key_F8)
    assert desk.window.screens["exchange"].isVisible()


def test_today_says_nothing_of_it_where_there_is_no_town(busy: Any) -> None:
    assert "回执" not in words(busy.show("today"))


# ---------------------------------------------------------------- at the town

def test_the_town_chooses_whom_it_hands_over_to(open_office: Callable[..., Any], town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        handing.hand(village_pc, None, stick)
        village_pc.close()
        told = outgoing.receivers(town)
        office = open_office(handing.ledgers.reopen(tmp_path / "town.grid") if town.close() else town)
        screen = office.show("exchange")
        assert screen.out.to.isVisible() and screen.out.to.count() == len(told) == 2
        screen.out.to.setCurrentIndex(1 - screen.out.to.currentIndex())
        screen.out.to.activated.emit(screen.out.to.currentIndex())
        office.settle()
        assert screen.out._title.text() == f"交给{screen.out.to.currentText()}"


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(1366, 728), 1.0), (QSize(1366, 728), 1.5)])
def test_no_word_of_any_page_is_cut_off(open_office: Callable[..., Any], village_pc: Ledger, town: Ledger, stick: Path, size: QSize, factor: float) -> None:
    handing.round_trip(village_pc, town, stick)
    town.do_in(SCOPE, people.register_person, name="周敏", id_no="510185199205173627")
    handing.hand(town, "青后叶村一号机", stick)
    office = open_office(village_pc, size=size, factor=factor)
    screen = office.show("exchange")
    lost = {}
    for name, begin in (("home", lambda: None), ("handed over", screen.out.hand_over), ("preview", screen.look_inside),
                        ("taken", lambda: screen.currentWidget().take_in()), ("book", lambda: (screen.currentWidget().leave(), screen.show_book())),
                        ("held", lambda: (screen.currentWidget().left.emit(), screen.show_held()))):
        begin()
        office.settle()
        lost[name] = clipped(office.window) + too_wide(office.window)
    assert {name: found for name, found in lost.items() if found} == {}
