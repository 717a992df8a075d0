"""配对 in the window: a village's PC and its town, a new PC that joins, a town that begins; with real ledgers and real files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from gridapp import places
from gridapp.exchange import clashes, founding, joining, outgoing, stations
from gridapp.ledger import Ledger
from gridapp.store import vault
from gridapp.work import opening, people
from gridapp.work import village as work_village
from tests import ledgers
from tests.exchange import handing
from tests.ui.test_screens import clipped, too_wide
from ui import files


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        yield made


def accepted(town: Ledger, request: Path, answer: Path) -> str:
    """What the town's own window does; returns the digits it reads out."""
    return joining.accept(town, joining.read(request), answer).answer.digits


def test_a_village_asks_its_town_and_is_answered(busy: Any, town: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = busy.show("joining")
    assert "还没有配对" in screen._state.itemAt(0).widget().text() and screen.name.text().startswith("青后叶村电脑")
    screen.name.setText("青后叶村一号机")
    screen.name.textEdited.emit("青后叶村一号机")
    monkeypatch.setattr(files, "to_write", lambda _asking, _title, name, _kinds: tmp_path / name)
    busy.press(Qt.Key.Key_F2)
    request = tmp_path / "青后叶村一号机.wsq"
    assert screen.digits.text().replace("　", " ") == joining.read(request).digits and screen.digits.isVisible()
    assert "打电话给镇里" in screen._call.text()

    said = accepted(town, request, tmp_path / "回复.wsb")
    monkeypatch.setattr(files, "to_read", lambda *_told: tmp_path / "回复.wsb")
    busy.press(Qt.Key.Key_F3)
    assert screen.compare.field.hasFocus() and not screen.finish_button.isEnabled() and not screen.compare._shown.isVisible()
    QTest.keyClicks(screen.compare.field, "123456 654321")
    busy.press(Qt.Key.Key_Return)
    assert "不一致" in screen._answer_told.text() and not busy.desk.ledger.secret("town")
    screen.compare.field.clear()
    QTest.keyClicks(screen.compare.field, said)
    busy.press(Qt.Key.Key_Return)
    assert "配对完成" in screen._result.text() and "已配对" in screen._state.itemAt(0).widget().text() and not screen.digits.isVisible()
    assert [r.name for r in outgoing.receivers(busy.desk.ledger)] == ["古山镇一号机"] and screen.work_button.hasFocus()


def test_digits_compared_by_eye_are_shown_only_then(busy: Any, town: Ledger, tmp_path: Path) -> None:
    screen = busy.show("joining")
    screen.write_request(tmp_path / "r.wsq")
    busy.settle()
    said = accepted(town, tmp_path / "r.wsq", tmp_path / "a.wsb")
    screen.look_at(tmp_path / "a.wsb")
    busy.settle()
    assert not screen.finish_button.isEnabled()
    screen.compare.tick.click()
    assert screen.compare._shown.text().replace("　", " ") == said and screen.compare._shown.isVisible() and screen.finish_button.isEnabled()
    screen.compare.tick.click()
    assert not screen.compare._shown.isVisible() and not screen.finish_button.isEnabled()
    screen.compare.tick.click()
    busy.press(Qt.Key.Key_F4)
    assert busy.desk.ledger.secret("town") and "配对完成" in screen._result.text()


def test_a_file_that_is_no_answer_and_a_name_that_is_none_are_said(busy: Any, tmp_path: Path) -> None:
    screen = busy.show("joining")
    screen.name.setText(" ")
    screen.write_request(tmp_path / "r.wsq")
    busy.settle()
    assert "起一个名字" in screen._ask_told.text() and not (tmp_path / "r.wsq").exists()
    (tmp_path / "a.wsb").write_bytes(b"nothing")
    screen.look_at(tmp_path / "a.wsb")
    busy.settle()
    assert screen._answer_told.isVisible() and not screen.compare.isVisible() and not busy.told


def test_a_new_pc_joins_and_has_the_register(open_office: Callable[..., Any], village: Ledger, town: Ledger, tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    handing.joined(town, village, tmp_path)
    handing.hand(village, None, tmp_path)
    handing.take(town, tmp_path)

    office = open_office()
    start = office.window.start
    start.show_join()
    office.settle()
    assert start.join_card._called.text() == "永康市古山镇青后叶村" and start.join_card.password.hasFocus()
    start.join_card.password.setText(ledgers.PASSWORD)
    start.join_card.again.setText("another")
    start.join_card.go_button.click()
    assert "不一样" in start.join_card.alert.text()
    start.join_card.again.setText(ledgers.PASSWORD)
    office.press(Qt.Key.Key_Return, widget=start.join_card.again)
    screen = office.window.screens["joining"]
    assert screen.isVisible() and office.desk.ledger.path == places.data_dir() / "青后叶村.grid"
    assert office.window._nav.place.text() == "青后叶村" and office.window.header.who.text() == ""

    screen.write_request(tmp_path / "second.wsq")
    office.settle()
    said = accepted(town, tmp_path / "second.wsq", tmp_path / "second.wsb")
    screen.look_at(tmp_path / "second.wsb")
    office.settle()
    QTest.keyClicks(screen.compare.field, said)
    screen.finish_button.click()
    office.settle()
    assert "流动人口 4" in screen._result.text() or "人员 4" in screen._result.text(), screen._result.text()
    assert office.desk.ledger.digest("v:330784108238") == village.digest("v:330784108238")
    assert office.window._nav.place.text() == "青后叶村 · 第一网格" and office.window.header.who.text() == "王建国"
    office.press(Qt.Key.Key_Return)
    assert office.window.screens["today"].isVisible() and office.desk.ledger.officer == 1
    assert not office.told


def test_a_town_begins_only_when_its_escrow_key_stands_on_paper(open_office: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    office = open_office()
    start = office.window.start
    start.show_town()
    office.settle()
    card = start.town_card
    assert card._called.text() == "永康市古山镇" and card.names[0].hasFocus()
    card.password.setText(ledgers.PASSWORD)
    card.again.setText(ledgers.PASSWORD)
    card.go_button.click()
    assert "您的姓名" in card.alert.text()
    card.names[1].setText("李红")
    card.go_button.click()
    office.settle()
    assert "起一个名字" in card.alert.text() and not list(places.data_dir().glob("*.grid"))
    card.names[0].setText("古山镇一号机")
    card.go_button.click()
    office.settle()
    escrow = start.escrow_card
    groups = [w.text() for w in escrow._middle.itemAt(0).widget().findChildren(type(escrow.alert))]
    lines = [" ".join(groups[start:start + 4]) for start in range(0, len(groups), 4)]
    assert len(lines) == 6 and lines[0].startswith("1 ") and not office.window.screens
    escrow.next_button.click()
    assert len(escrow.asked) == 2 and all(text in "".join(lines) for text, _field in escrow.asked)
    assert not any(group in words for group in groups if len(group) > 2 for words in [w.text() for w in escrow.findChildren(type(escrow.alert)) if w.isVisible()])
    escrow.asked[0][1].setText(escrow.asked[0][0].lower())
    escrow.asked[1][1].setText("QQQQQ")
    escrow.next_button.click()
    office.settle()
    assert "不一样" in escrow.alert.text() and not office.window.screens
    escrow.asked[1][1].setText(escrow.asked[1][0])
    office.press(Qt.Key.Key_Return, widget=escrow.asked[1][1])
    assert office.window.screens["today"].isVisible() and office.window._nav.place.text() == "古山镇"
    assert [s.name for s in office.desk.ledger.ask(stations.stations)] == ["古山镇一号机", "应急密钥"]
    assert "town" in office.window._nav.buttons and office.window.header.who.text() == "李红"


def test_a_towns_clerk_is_never_taken_for_an_officer_of_a_village(village: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    town = founding.new_town(tmp_path / "t.grid", ledgers.PASSWORD, "330784108", "古山镇一号机", "李红")[0]
    handing.joined(town, village, tmp_path)
    handing.hand(village, None, tmp_path)
    handing.take(town, tmp_path)
    town.close()
    with opening.open_ledger(tmp_path / "t.grid", ledgers.PASSWORD) as town:
        assert town.ask(work_village.desk).officer == "李红"
        person = town.search("彭兵")[0].id
        town.do_in("v:330784108238", people.correct_person, person, phone="13800001111")
        assert [s.officer for s in town.history(person)][-2:] == ["王建国", "李红"] and town.acts(1)[0].officer == "李红"
        (tmp_path / "back").mkdir()
        handing.hand(town, "青后叶村一号机", tmp_path / "back")
    village.do(people.correct_person, person, phone="13800002222")
    handing.take(village, tmp_path / "back")
    [told] = village.ask(clashes.open_clashes, village.device)
    assert {(s.officer, s.station) for s in told.sides} == {("王建国", "本机"), ("李红", "古山镇一号机")}
    assert village.history(person)[-2].officer in ("王建国", "李红") and village.ask(work_village.first_officer) == 1


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(1366, 728), 1.5), (QSize(800, 560), 1.5)])
def test_no_word_of_the_steps_is_cut_off(open_office: Callable[..., Any], village: Ledger, town: Ledger, tmp_path: Path, size: QSize,
                                         factor: float) -> None:
    office = open_office(village, size=size, factor=factor)
    screen = office.show("joining")
    lost = {"begin": clipped(screen) + too_wide(screen)}
    screen.write_request(tmp_path / "r.wsq")
    office.settle()
    lost["request"] = clipped(screen) + too_wide(screen)
    accepted(town, tmp_path / "r.wsq", tmp_path / "a.wsb")
    screen.look_at(tmp_path / "a.wsb")
    office.settle()
    screen.compare.tick.click()
    office.settle()
    lost["digits"] = clipped(screen) + too_wide(screen)
    screen.finish()
    office.settle()
    lost["done"] = clipped(screen) + too_wide(screen)
    assert "配对完成" in screen._result.text() and {key: words for key, words in lost.items() if words} == {}
