"""An ID card on a simulated reader, in the open window: it fills the form, finds who is known, and every failure is a sentence above the screens."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminals to simulate a serial line on", allow_module_level=True)

from gridapp import logs, places  # noqa: E402
from gridapp.devices.idreader import line, reader  # noqa: E402
from gridapp.ledger import Ledger  # noqa: E402
from gridapp.settings import Settings  # noqa: E402
from gridapp.work import people  # noqa: E402
from tests import ledgers, permissions  # noqa: E402
from tests.devices.sam import Sam, make_sam, sam, text_of  # noqa: E402

from ui.forms.form import Cell  # noqa: E402
from ui.forms.told import told_text  # noqa: E402
from ui.readerbar import ReaderBar  # noqa: E402

__all__ = ["make_sam", "sam"]
PATIENCE_MS = 20_000
#: never issued: the county is younger than the birth date
NUMBER, OTHER = "510185199205173627", ledgers.NUMBERS[0]
ADDRESS = "四川省简阳市某镇某村3号"


def card(**said: str) -> bytes:
    return text_of(**{"name": "测试", "sex": "2", "birth": "19920517", "nation": "01", "id_no": NUMBER, "address": ADDRESS} | said)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "SLICE", 0.02)
    monkeypatch.setattr(reader.Reader.__init__, "__kwdefaults__", {"look": 0.02, "again": 0.05})


@pytest.fixture
def reading(sam: Sam, village: Ledger, open_office: Callable[..., Any]) -> Any:
    """A window on the little village that waits for cards."""
    office = open_office(village)
    turn_on(office, sam)
    return office


def turn_on(office: Any, sam: Sam) -> None:
    settings = office.window.settings
    settings.reader_on, settings.reader_port = True, sam.port
    office.desk.reader.begin(settings)
    until(office, lambda: office.desk.reader.words == "已连接")


def until(office: Any, true: Callable[[], bool]) -> None:
    office.qtbot.waitUntil(true, timeout=PATIENCE_MS)
    office.settle()


def lay(office: Any, sam: Sam, text: bytes) -> None:
    """Lay a card there, until the window has it."""
    came = list[Any]()
    office.desk.reader.came.connect(came.append)
    sam.lay(None)
    wanted = sam.asked().count("find_card") + 3
    sam.until(lambda: sam.asked().count("find_card") >= wanted)
    sam.lay(text)
    until(office, lambda: bool(came))
    office.desk.reader.came.disconnect(came.append)


def form_in_front(office: Any) -> Any:
    page = office.window.screens["people"].currentWidget()
    assert page.isVisible()
    return page.form


def texts(form: Any, *names: str) -> list[str]:
    return [form.editor(name).text() for name in names]


# ---------------------------------------------------------------- filling

@pytest.mark.parametrize("key", ["people", "today"])
def test_a_card_begins_the_registration_of_somebody_new_and_the_keyboard_goes_to_what_it_does_not_tell(reading: Any, sam: Sam, key: str) -> None:
    reading.show(key)
    lay(reading, sam, card())
    form = form_in_front(reading)
    assert texts(form, "id_kind", "id_no", "name", "sex", "birth", "ethnic", "hukou_addr") == ["居民身份证", NUMBER, "测试", "女", "1992-05-17", "汉族", ADDRESS]
    assert form.slots["sex"].still and form.slots["id_no"].mark.text() == "✓ 校验通过"
    assert reading.window.focusWidget() is form.editor("room").target


def test_what_a_card_filled_in_is_saved_as_if_it_was_typed(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    reading.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, widget=screen)
    lay(reading, sam, card())
    reading.type(form_in_front(reading), room="QHY0002 103")
    for _time in range(2):  # asked once about what is doubtful
        reading.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    known = reading.desk.ledger.ask(people.known_by, NUMBER)
    assert known is not None and (known.record.name, known.record.ethnic, known.record.sex) == ("测试", "01", "2")


@pytest.mark.parametrize(("kind", "told"), [
    ("J", {"id_kind": "港澳台居民居住证", "name": "測試", "nationality": "中国香港", "permit_until": "2029-01-01", "permit_no": "81000019980902013X"}),
    ("I", {"id_kind": "外国人永久居留证", "name": "测试", "foreign_name": "SPECIMEN, TEST", "nationality": "加拿大", "sex": "男", "birth": "1981-08-03"}),
    ("Y", {"id_kind": "外国人永久居留证", "name": "测试", "foreign_name": "SPECIMEN, TEST", "nationality": "加拿大", "sex": "男", "birth": "1981-08-03"})])
def test_every_kind_of_card_fills_the_form(reading: Any, sam: Sam, kind: str, told: dict[str, str]) -> None:
    reading.show("people")
    lay(reading, sam, text_of(kind))
    form = form_in_front(reading)
    assert dict(zip(told, texts(form, *told), strict=True)) == told


def test_a_card_that_expired_private_characters_and_no_chinese_name_are_marked(reading: Any, sam: Sam) -> None:
    reading.show("people")
    lay(reading, sam, card(valid_to="20200101", name="测\ue863", address="某村\ue864\ue865号"))
    form = form_in_front(reading)
    assert "2020-01-01 到期" in form.slots["id_kind"].mark.text() and "U+E863" in form.slots["name"].mark.text()
    assert reading.window.focusWidget() is form.editor("name").target, "what must be typed again"
    assert "U+E864、U+E865" in form.slots["hukou_addr"].mark.text()
    values, _marks = form.collect()
    assert [m.field for m in form.doubts(values) if m.code == "private-character"] == ["name", "hukou_addr"], "asked about once more when it is saved"
    reading.press(Qt.Key.Key_Escape)
    lay(reading, sam, text_of("I", name=""))
    form = form_in_front(reading)
    assert form.editor("name").text() == "SPECIMEN, TEST" and "没有中文姓名" in form.slots["name"].mark.text()


def test_a_card_for_ever_is_not_called_expired(reading: Any, sam: Sam) -> None:
    reading.show("people")
    lay(reading, sam, card(valid_to="长期"))
    assert "到期" not in form_in_front(reading).slots["id_kind"].mark.text()


# ---------------------------------------------------------------- who is known, and forms that are in use

def test_who_is_registered_already_is_shown_and_an_expired_card_is_told(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    lay(reading, sam, card(id_no=OTHER, valid_to="20200101"))
    assert screen.currentWidget() is screen.page and screen.card.record.id == reading.desk.ledger.ask(people.known_by, OTHER).record.id
    assert reading.window.findChild(ReaderBar).isVisible() and "到期" in reading.desk.reader.why


def test_in_an_open_form_a_known_number_asks_as_typing_does(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    reading.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, widget=screen)
    lay(reading, sam, card(id_no=OTHER))
    page = screen.currentWidget()
    assert page.bar.isVisible() and "已登记给" in page._bar_text.text()


def test_another_card_over_a_form_that_is_not_saved_asks_first(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    reading.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, widget=screen)
    lay(reading, sam, card())
    form_in_front(reading).editor("phone").set_text("13800000000")
    lay(reading, sam, text_of("Y"))
    form = form_in_front(reading)
    assert texts(form, "id_no", "name") == [NUMBER, "测试"] and "另一个人" in screen.currentWidget()._bar_text.text()
    reading.press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert texts(form, "id_no", "phone", "ethnic", "nationality") == ["911124198108030024", "", "", "加拿大"]


def test_another_form_in_front_is_left_alone(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    page = screen.task("试", {"to": told_text("to", "去向")}, [[Cell("to")]], lambda *_told: None)
    lay(reading, sam, card())
    assert screen.currentWidget() is page and "先保存或取消" in reading.desk.reader.why


def test_while_correcting_only_the_same_persons_card_is_taken(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    screen.correct(reading.desk.ledger.ask(people.known_by, OTHER))
    reading.settle()
    page = screen.currentWidget()
    lay(reading, sam, card(id_no=OTHER, name="改名"))
    assert "遮着" in page._bar_text.text() and page.form.editor("name").text() != "改名"
    page.form.reveal({"id_no": OTHER})
    lay(reading, sam, card(name="改名"))
    assert "不一样" in page._bar_text.text() and page.form.editor("name").text() != "改名"
    lay(reading, sam, card(id_no=OTHER, name="改名"))
    assert page.form.editor("name").text() == "改名"


def test_on_another_screen_nothing_is_opened_and_it_says_where_to_go(reading: Any, sam: Sam) -> None:
    screen = reading.show("houses")
    lay(reading, sam, card())
    assert screen.isVisible() and "“人口”" in reading.desk.reader.why and reading.window.findChild(ReaderBar).isVisible()


# ---------------------------------------------------------------- failures, on and off

def test_a_card_taken_away_is_told_above_the_screens_and_the_sentence_goes_with_the_next_card(reading: Any, sam: Sam) -> None:
    reading.show("people")
    sam.fault = "taken"
    sam.lay(card())
    until(reading, lambda: "拿开" in reading.desk.reader.why)
    assert reading.window.findChild(ReaderBar).isVisible() and reading.told == []
    sam.fault = ""
    until(reading, lambda: reading.desk.reader.why == "")
    assert not reading.window.findChild(ReaderBar).isVisible() and form_in_front(reading).editor("name").text() == "测试"


def test_unplugged_in_the_middle_nothing_is_filled_and_no_box_opens(reading: Any, sam: Sam) -> None:
    screen = reading.show("people")
    sam.fault = "unplugged"
    sam.lay(card())
    until(reading, lambda: "中途断开" in reading.desk.reader.why or "没有读卡器" in reading.desk.reader.why)
    assert screen.currentWidget() is screen.home and reading.told == [] and reading.desk.reader.colour == "yellow"


def test_it_is_off_by_default_and_opens_no_port(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_told: object, **_named: object) -> None:
        raise AssertionError("a port")

    monkeypatch.setattr(line, "opened", opened)
    monkeypatch.setattr(reader, "opened", opened)
    busy.desk.reader.begin(Settings())
    busy.show("people")
    assert busy.desk.reader.reader is None and busy.desk.reader.worker is None and busy.desk.reader.words == ""


def test_who_may_not_register_reads_no_cards(sam: Sam, village: Ledger, open_office: Callable[..., Any]) -> None:
    numbers = permissions.with_roles(village)
    village.officer = numbers["audit"]
    office = open_office(village)
    office.desk.reader.begin(Settings(reader_on=True, reader_port=sam.port))
    assert office.desk.reader.reader is None and office.show("settings").reader == []


def test_locking_closes_the_port_at_once_while_long_work_keeps_the_ledger_open(reading: Any, sam: Sam) -> None:
    reading.window._anew = lambda _at: None
    worker, done = reading.desk.reader.worker, threading.Event()
    reading.desk.worker.submit(lambda: done.wait(PATIENCE_MS / 1000))
    reading.window.lock()
    reading.closed = True
    assert reading.desk.ledger is not None
    assert reading.desk.reader.reader is None and not worker._thread.is_alive()
    line.opened(sam.port, line.BAUD).close()
    done.set()
    reading.qtbot.waitUntil(lambda: reading.desk.ledger is None, timeout=PATIENCE_MS)


def test_nothing_of_a_card_is_in_the_log(reading: Any, sam: Sam) -> None:
    logs.begin()
    try:
        reading.show("people")
        lay(reading, sam, card())
    finally:
        logs.end()
    written = [path.read_text("utf-8") for path in places.log_dir().glob("*")] if places.log_dir().exists() else []
    assert not any(word in text for text in written for word in (NUMBER, "测试", ADDRESS))


def test_the_photo_of_a_card_is_nowhere_in_what_is_kept(reading: Any, sam: Sam) -> None:
    from tests.devices.sam import PHOTO

    came = list[Any]()
    reading.desk.reader.came.connect(came.append)
    reading.show("people")
    lay(reading, sam, card())
    kept = [value for value in vars(came[0]).values() if isinstance(value, bytes | bytearray)]
    assert len(PHOTO) == 1024 and kept == [] and not any(b"" != d.values.get("photo", b"") for d in reading.desk.ledger.drafts())


# ---------------------------------------------------------------- settings

def test_the_port_is_chosen_tried_and_counts_at_once(busy: Any, sam: Sam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "ports", lambda: [line.Port(sam.port, "模拟读卡器")])
    [card_] = busy.show("settings").reader
    until(busy, lambda: card_.port.count() == 2)
    assert card_.off.isChecked() and card_.state.text() == "关着" and card_.baud.currentText() == "115200" and "找到 1 个端口" in card_.told.text()
    card_.on.click()
    until(busy, lambda: card_.state.text() == "已连接")
    assert card_.state.property("pill") == "green" and Settings.load().reader_port == sam.port and Settings.load().reader_on
    card_.try_button.click()
    until(busy, card_.try_button.isEnabled)
    assert "✓ 读卡器正常，编号 05.03-20080101" in card_.told.text()
    until(busy, lambda: card_.state.text() == "已连接")
    card_.baud.setCurrentIndex(card_.baud.findText("9600"))
    card_.baud.activated.emit(card_.baud.currentIndex())
    until(busy, lambda: card_.state.text() == "没有连上")
    assert "波特率" in busy.desk.reader.why and Settings.load().reader_baud == 9600
    card_.off.click()
    busy.settle()
    assert card_.state.text() == "关着" and busy.desk.reader.reader is None and not Settings.load().reader_on


def test_a_port_that_is_not_plugged_in_stays_chosen_and_no_port_at_all_is_told(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "ports", list)
    busy.window.settings.reader_port = "COM7"
    [card_] = busy.show("settings").reader
    until(busy, lambda: "没有找到串口" in card_.told.text())
    assert card_.port.currentText() == "COM7（现在没有插上）"
    card_.try_button.click()
    until(busy, card_.try_button.isEnabled)
    assert "端口“COM7”上没有读卡器" in card_.told.text()
