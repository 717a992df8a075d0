"""镇 in the window: stations with what waits and is open, approving with digits, exchanging a PC, stopping one, adopting what came late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.exchange import escrow, founding, joining, stations
from gridapp.exchange.envelope import public_of
from gridapp.ledger import Ledger
from gridapp.records import Person
from gridapp.work import people
from gridapp.work.village import correct_village
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import a_village
from tests.ui.test_screens import clipped, too_wide
from ui import files, messages

NAME, SECOND = "青后叶村一号机", "青后叶村二号机"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        founding.escrow_written(made)
        yield made


@pytest.fixture
def pc(village: Ledger, town: Ledger, tmp_path: Path) -> Ledger:
    """A village that handed everything over."""
    handing.joined(town, village, tmp_path)
    (tmp_path / "1").mkdir()
    handing.hand(village, None, tmp_path / "1")
    handing.take(town, tmp_path / "1")
    return village


@pytest.fixture
def office(open_office: Callable[..., Any], town: Ledger, pc: Ledger) -> Any:
    return open_office(town)


def line(screen: Any, name: str) -> Any:
    return next(r for r in screen.rows if r.name == name)


def hand_again(pc: Ledger, town: Ledger, folder: Path) -> None:
    folder.mkdir()
    handing.hand(pc, None, folder)
    handing.take(town, folder)


def test_the_roll_says_who_was_heard_when(office: Any) -> None:
    screen = office.show("town")
    assert [(r.name, r.own, r.days, r.waiting, r.questions) for r in screen.rows] == [(NAME, False, 0, 0, 0), ("古山镇一号机", True, None, 0, 0)]
    assert screen.card.name == NAME and screen.list.chips["all"].text() == "使用中 2" and screen.list.chips["wants"].text() == "要处理 0"
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    assert screen.currentWidget() is screen.page and "批准站点" in " ".join(w.text() for w in screen.page.findChildren(type(screen.list.footer)))
    office.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.list and not office.told


def test_a_new_pc_is_approved_by_its_digits(office: Any, town: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_village(tmp_path / "other.grid", "v:330784108239") as other:
        digits = joining.write_request(other, tmp_path / "r.wsq", "后溪村一号机").digits
        screen = office.show("town")
        monkeypatch.setattr(files, "to_read", lambda *_told: tmp_path / "r.wsq")
        monkeypatch.setattr(files, "to_write", lambda *_told: tmp_path / "a.wsb")
        office.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        page = screen._admitting
        assert screen.currentWidget() is page and page.replaces.count() == 1 and not page.compare._shown.isVisible()
        QTest.keyClicks(page.compare.field, "000000 000000" if digits != "000000 000000" else "111111 111111")
        office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert "不一致" in page._alert.text() and not (tmp_path / "a.wsb").exists() and len(town.ask(stations.active)) == 3
        page.compare.field.clear()
        QTest.keyClicks(page.compare.field, digits)
        office.press(Qt.Key.Key_Return)
        assert page.digits.isVisible() and page.done_button.hasFocus()
        joining.finish(other, tmp_path / "a.wsb", page.digits.text().replace("　", " "))
        office.press(Qt.Key.Key_Return)
        assert screen.currentWidget() is screen.list and line(screen, "后溪村一号机").days is None
        assert screen.list.chips["wants"].text() == "要处理 1" and not office.told


def test_the_digits_of_an_answer_are_shown_again_until_the_pc_is_heard(office: Any, town: Ledger, tmp_path: Path) -> None:
    with a_village(tmp_path / "other.grid", "v:330784108239") as other:
        joining.write_request(other, tmp_path / "r.wsq", "后溪村一号机")
        said = joining.accept(town, joining.read(tmp_path / "r.wsq"), tmp_path / "a.wsb").answer.digits
        screen = office.show("town")
        screen.refresh()
        office.settle()
        assert line(screen, NAME).digits == "", "who was heard needs no digits any more"
        screen.list.select(line(screen, "后溪村一号机").id)
        office.press(Qt.Key.Key_F8, widget=screen.list.table)
        page = screen._admitting
        assert page.digits.isVisible() and page.digits.text().replace("　", " ") == said and not page.compare.isVisible()
        office.press(Qt.Key.Key_Escape)
        joining.finish(other, tmp_path / "a.wsb", said)
        hand_again(other, town, tmp_path / "2")
        screen.refresh()
        office.settle()
        assert line(screen, "后溪村一号机").digits == "" and not office.told


def test_a_town_without_any_village_is_led_to_approving(open_office: Callable[..., Any], town: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office(town)
    monkeypatch.setattr(files, "to_read", lambda *_told: None)
    today = office.show("today")
    way = next(b for b in today.findChildren(QPushButton) if b.text() == "批准新电脑…")
    assert not any("选村" in b.text() for b in today.findChildren(QPushButton))
    way.click()
    office.settle()
    assert office.window.screens["town"].isVisible() and not office.told


def test_addresses_are_shortened_by_the_town_or_by_the_village_it_looks_at(office: Any, town: Ledger, tmp_path: Path) -> None:
    with a_village(tmp_path / "other.grid", "v:330784108239") as other:
        other.do(correct_village, name="后溪村")
        handing.joined(town, other, tmp_path, "后溪村一号机")
        hand_again(other, town, tmp_path / "2")
    assert office.desk.home == "永康市古山镇"
    for scope, home in (("v:330784108239", "永康市古山镇后溪村"), ("v:330784108238", "永康市古山镇青后叶村"), (None, "永康市古山镇")):
        office.desk.work_in(scope)
        office.settle()
        assert office.desk.home == home and office.desk.short(f"{home}祠堂路1号") == "祠堂路1号"


def test_a_file_that_is_no_request_is_said(office: Any, tmp_path: Path) -> None:
    (tmp_path / "r.wsq").write_bytes(b"nothing")
    screen = office.show("town")
    screen.admit_file(tmp_path / "r.wsq")
    office.settle()
    assert "不是配对申请" in office.told.pop().text and screen.currentWidget() is screen.list


def test_a_stopped_pc_waits_until_what_came_late_is_adopted(office: Any, town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    screen = office.show("town")
    screen.list.select(line(screen, NAME).id)
    office.press(Qt.Key.Key_F9, widget=screen.list.table)
    page = screen.currentWidget()
    page.form.editor("lost").set_text("电脑丢了或被盗")
    page.form.editor("note").set_text("王建国来电，昨天被盗")
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert page.bar.isVisible() and line(screen, NAME).active, "asked once more"
    office.press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert screen.currentWidget() is screen.list and line(screen, NAME).state == "lost" and line(screen, NAME).note == "王建国来电，昨天被盗"

    person = pc.search("彭兵")[0].id
    pc.do(people.correct_person, person, phone="13800009999")
    hand_again(pc, town, tmp_path / "2")
    screen.list.choose("stopped")
    screen.refresh()
    office.settle()
    assert screen.card.name == NAME and screen.card.waiting > 0 and "停用" in screen.facts(screen.card).lines[0][1]
    assert ledgers.whole(town, person).phone != "13800009999"
    office.press(Qt.Key.Key_F7, widget=screen.list.table)
    assert line(screen, NAME).waiting == 0 and ledgers.whole(town, person).phone == "13800009999"
    assert town.digest("v:330784108238") == pc.digest("v:330784108238") and not office.told


def test_a_pc_is_exchanged_for_a_new_one(office: Any, town: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_village(tmp_path / "new.grid") as fresh:
        said = joining.write_request(fresh, tmp_path / "r.wsq", SECOND).digits
        monkeypatch.setattr(files, "to_read", lambda *_told: tmp_path / "r.wsq")
        screen = office.show("town")
        screen.list.select(line(screen, NAME).id)
        office.press(Qt.Key.Key_F6, widget=screen.list.table)
        page = screen._admitting
        assert page.replaces.currentText() == f"换下“{NAME}”"
        QTest.keyClicks(page.compare.field, said)
        page.admit(tmp_path / "a.wsb")
        office.settle()
        assert {r.name: r.state for r in screen.rows} == {NAME: "replaced", SECOND: "active", "古山镇一号机": "active"}


def test_the_towns_own_pc_cannot_be_stopped_here(office: Any) -> None:
    screen = office.show("town")
    own = line(screen, "古山镇一号机")
    assert [a.title for a in screen.offers if a.when(own)] == ["换一把应急密钥"]


def test_an_escrow_key_on_no_paper_is_said_and_made_anew(office: Any, town: Ledger, pc: Ledger, tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    town.keep_secret("escrow", "")
    screen = office.show("town")
    own = line(screen, "古山镇一号机")
    assert own.unwritten and ("应急密钥没有抄在纸上", "red") in screen.facts(own).pills and screen.list.chips["wants"].text() == "要处理 1"
    monkeypatch.setattr(messages, "ask", lambda *_told: True)
    founding.escrow_written(town)
    screen.refresh()
    office.settle()
    assert not line(screen, "古山镇一号机").unwritten
    screen.list.select(own.id)
    office.press(Qt.Key.Key_F8, widget=screen.list.table)
    groups = [w.text() for w in screen.escrow._middle.itemAt(0).widget().findChildren(QLabel)]
    shown = [" ".join(groups[start:start + 4]) for start in range(0, len(groups), 4)]
    assert screen.currentWidget() is screen._sheet and len(shown) == 6 and line(screen, "古山镇一号机").unwritten
    office.press(Qt.Key.Key_Return)
    for text, field in screen.escrow.asked:
        field.setText(text)
    office.press(Qt.Key.Key_Return, widget=screen.escrow.asked[-1][1])
    assert screen.currentWidget() is screen.list and not line(screen, "古山镇一号机").unwritten
    spare = town.ask(stations.escrow)
    assert spare is not None and public_of(escrow.off_paper("\n".join(shown))) == spare.age and len(town.ask(stations.active, "escrow")) == 1
    hand_again(pc, town, tmp_path / "2")


def test_questions_are_counted_with_the_village_they_belong_to(office: Any, town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    person = pc.search("彭兵")[0].id
    pc.do(people.correct_person, person, phone="13800001111")
    town.do_in("v:330784108238", people.correct_person, person, phone="13800002222")
    hand_again(pc, town, tmp_path / "2")
    screen = office.show("town")
    assert line(screen, NAME).questions == 1 and line(screen, "古山镇一号机").questions == 0
    assert screen.list.chips["wants"].text() == "要处理 1"


def test_a_town_looks_at_one_village_and_registers_there(office: Any, town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    with a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "后溪村一号机")
        ledgers.a_person(other, "李晓梅", "510185199205173627")
        hand_again(other, town, tmp_path / "2")
    today = office.show("today")
    assert any("选一个村" in w.text() for w in today.findChildren(QLabel))
    people_screen = office.show("people")
    people_screen.list.choose("all")
    office.settle()
    everybody = people_screen.list.table.rows.rowCount()
    screen = office.show("town")
    screen.list.select(line(screen, "后溪村一号机").id)
    office.press(Qt.Key.Key_F2, widget=screen.list.table)
    assert office.window._nav.place.text().startswith("古山镇 · ") and town.working == "v:330784108239"
    assert office.show("people").list.table.rows.rowCount() == 1 < everybody
    assert {r.name for r in screen.rows} >= {NAME, "后溪村一号机"}, "the roll stays whole"
    office.desk.do(people.register_person, name="陈小明", id_no=ledgers.NUMBERS[3])
    office.settle()
    office.show("town")
    office.press(Qt.Key.Key_F2, widget=screen.list.table)
    assert town.working is None and office.window._nav.place.text() == "古山镇"
    assert office.show("people").list.table.rows.rowCount() == everybody + 1
    scopes = {p.name: p.scope for p in town.ask(lambda read: read.records(sa.select(Person)))}
    assert scopes["陈小明"] == scopes["李晓梅"] != scopes["彭兵"] and not office.told


def test_nothing_is_registered_or_changed_while_all_villages_are_shown(office: Any, town: Ledger) -> None:
    """A village's record changed in the town's register would end in a crash, a new one would never reach the village."""
    screen = office.show("people")
    before, home = town.digest(), screen.currentWidget()
    office.press(Qt.Key.Key_F2, widget=screen.list.table)
    assert screen.currentWidget() is home and len(office.told) == 1 and "请先到“镇”里" in office.told.pop().text
    office.press(Qt.Key.Key_F3)
    assert screen.currentWidget() is home and office.told.pop(), "the keyboard is where it was"
    office.window.go("people", "register")
    office.settle()
    assert screen.currentWidget() is home and "现在看的是全镇" in office.told.pop().text
    office.desk.do(people.correct_person, screen.card.record.id, phone="13800009999")
    office.settle()
    assert "现在看的是全镇" in office.told.pop().text and town.digest() == before


def test_open_questions_stand_on_the_first_page(office: Any, town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    person = pc.search("彭兵")[0].id
    pc.do(people.correct_person, person, phone="13800001111")
    town.do_in("v:330784108238", people.correct_person, person, phone="13800002222")
    hand_again(pc, town, tmp_path / "2")
    today = office.show("today")
    today.refresh()
    office.settle()
    assert any("1 处冲突" in w.text() for w in today.findChildren(QLabel))
    next(w for w in today.findChildren(QPushButton) if w.text() == "看冲突").click()
    office.settle()
    assert office.window.screens["clashes"].isVisible() and len(office.window.screens["clashes"].rows) == 1


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(1366, 728), 1.5), (QSize(800, 560), 1.5)])
def test_no_word_of_the_pages_is_cut_off(open_office: Callable[..., Any], town: Ledger, pc: Ledger, tmp_path: Path, size: QSize,
                                         factor: float) -> None:
    office = open_office(town, size=size, factor=factor)
    screen = office.show("town")
    lost = {}

    def look(name: str) -> None:
        office.settle()
        assert screen.currentWidget() is not screen.list
        lost[name] = clipped(screen) + too_wide(screen)

    screen.open_row(line(screen, NAME))
    look("station")
    screen.back()
    screen.stop(line(screen, NAME))
    look("stop")
    screen.back()
    with a_village(tmp_path / "new.grid") as fresh:
        joining.write_request(fresh, tmp_path / "r.wsq", SECOND)
        screen.admit_file(tmp_path / "r.wsq")
        look("request")
        screen._admitting.compare.tick.click()
        look("digits")
        screen._admitting.admit(tmp_path / "a.wsb")
        look("answer")
    assert {key: words for key, words in lost.items() if words} == {}
