"""The card reader against a simulated one on a real pseudo-terminal: cards read once, every failure in a sentence, fingerprints never asked for."""

from __future__ import annotations

import time
import os
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

import pytest

if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminals to simulate a serial line on", allow_module_level=True)

from gridapp.devices.idreader import failures, line  # noqa: E402
from gridapp.devices.idreader.cards import Card  # noqa: E402
from gridapp.devices.idreader.failures import CardTaken, ReaderTrouble  # noqa: E402
from gridapp.devices.idreader.frames import Command  # noqa: E402
from gridapp.devices.idreader.line import BAUD, ports  # noqa: E402
from gridapp.devices.idreader.reader import Failed, Reader, State, Wanted, Watching, read_card, try_out  # noqa: E402
from tests.devices.sam import PATIENCE, SAM_ID, Sam, make_sam, sam, text_of  # noqa: E402

__all__ = ["make_sam", "sam"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that is not read is given up sooner than in life; not so soon that a busy machine is taken for a reader that says nothing."""
    monkeypatch.setattr(line, "CARD_SECONDS", line.SECONDS)
    monkeypatch.setattr(line, "SLICE", 0.02)


class Heard:
    """A reader in a thread, and what it told, in order."""

    def __init__(self, wanted: Wanted) -> None:
        self.news: SimpleQueue[Any] = SimpleQueue()
        self.reader = Reader(wanted, self.news.put, look=0.02, again=0.02)
        self._thread = threading.Thread(target=self.reader.run)
        self._thread.start()

    def next(self, kind: type[Any]) -> Any:
        """The next of this kind; others are passed by."""
        while not isinstance(told := self.news.get(timeout=PATIENCE), kind):
            pass
        return told

    def stop(self) -> None:
        self.reader.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def hear() -> Iterator[Callable[[Sam], Heard]]:
    """Begins readers, and ends them all."""
    begun = list[Heard]()

    def begin(sam: Sam) -> Heard:
        begun.append(Heard(at(sam)))
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


def at(sam: Sam, baud: int = BAUD) -> Wanted:
    return Wanted(sam.port, baud)


def looks(sam: Sam, more: int) -> None:
    """Until the reader was asked for a card so many times more."""
    wanted = sam.asked().count("find_card") + more
    sam.until(lambda: sam.asked().count("find_card") >= wanted)


def reads(sam: Sam) -> int:
    return sam.asked().count("read_base")


# ---------------------------------------------------------------- cards

@pytest.mark.parametrize("kind", ["resident", "J", "I", "Y"])
def test_a_card_that_is_laid_there_is_read_once(sam: Sam, hear: Callable[[Sam], Heard], kind: str) -> None:
    heard = hear(sam)
    assert heard.next(State) == State(True)
    sam.lay(text_of(kind))
    card = heard.next(Card)
    looks(sam, 6)
    assert card.name in ("测试·艾力", "測試", "测试") and heard.news.empty() and reads(sam) == 1


@pytest.mark.parametrize("keeps_finding", [True, False], ids=["finds a card that lies there", "finds it only after it was lifted"])
def test_lifted_and_laid_there_again_it_is_read_again(make_sam: Callable[..., Sam], hear: Callable[[Sam], Heard], keeps_finding: bool) -> None:
    sam = make_sam(keeps_finding=keeps_finding)
    heard = hear(sam)
    for _time in range(2):
        sam.lay(text_of())
        assert heard.next(Card).name == "测试·艾力"
        looks(sam, 4)
        assert heard.news.empty()
        sam.lay(None)
        looks(sam, 4)
    assert reads(sam) == 2


def test_a_bad_contact_for_a_moment_is_no_new_card(sam: Sam) -> None:
    opened = line.opened(sam.port, BAUD)
    watching = Watching(opened, sam.port)
    sam.lay(text_of())
    assert watching.look() is not None
    sam.lay(None)
    assert watching.look() is None
    sam.lay(text_of())
    assert watching.look() is None and reads(sam) == 2, "looked at again, told no more"
    opened.close()


def test_another_card_right_after_is_told(sam: Sam) -> None:
    opened = line.opened(sam.port, BAUD)
    watching = Watching(opened, sam.port)
    told = list[Card | None]()
    for card in (text_of(), None, text_of("Y")):
        sam.lay(card)
        told.append(watching.look())
    assert [card and card.id_kind for card in told] == ["111", None, "553"]
    opened.close()


def test_the_newer_address_on_a_card_is_asked_for(sam: Sam) -> None:
    sam.lay(text_of())
    sam.added = "新址2号".encode("utf-16-le").ljust(70, b"\0")
    opened = line.opened(sam.port, BAUD)
    assert read_card(opened, sam.port).address == "新址2号"
    sam.fault, sam.at = "silent", "read_addition"
    assert read_card(opened, sam.port).address.startswith("新疆"), "a reader that does not know the question loses nobody the card"
    opened.close()


# ---------------------------------------------------------------- what goes wrong

@pytest.mark.parametrize(("fault", "at_command", "failure"), [
    ("taken", "read_base", failures.CardTaken), ("taken", "select_card", failures.CardTaken), ("checksum", "read_base", failures.Spoilt),
    ("half", "read_base", failures.Spoilt), ("garbage", "read_base", failures.Garbled), ("silent", "read_base", failures.Silent),
    ("unplugged", "read_base", failures.Unplugged), ("unplugged", "select_card", failures.Unplugged), ("empty", "read_base", failures.NothingOnCard)])
def test_every_failure_in_the_middle_has_its_sentence(sam: Sam, fault: str, at_command: str, failure: type[Exception]) -> None:
    sam.lay(text_of())
    sam.fault, sam.at = fault, at_command
    opened = line.opened(sam.port, BAUD)
    with pytest.raises(failure) as told:
        Watching(opened, sam.port).look()
    opened.close()
    assert str(told.value).endswith("。") and "请" in str(told.value) and "{" not in str(told.value)


@pytest.mark.parametrize(("state", "failure"), [
    ("000010", failures.Spoilt), ("000031", failures.CardRefused), ("000033", failures.CardRefused), ("000040", failures.OtherCard),
    ("000041", failures.CardTaken), ("000060", failures.ReaderBroken), ("000066", failures.ReaderBroken), ("000091", failures.NothingOnCard)])
def test_what_the_reader_says_itself_is_told(sam: Sam, state: str, failure: type[Exception]) -> None:
    sam.lay(text_of())
    sam.fault, sam.state = "state", state
    opened = line.opened(sam.port, BAUD)
    with pytest.raises(failure):
        read_card(opened, sam.port)
    opened.close()


def test_garbage_before_an_answer_is_passed_by(sam: Sam) -> None:
    sam.lay(text_of())
    sam.fault = "after garbage"
    opened = line.opened(sam.port, BAUD)
    assert read_card(opened, sam.port).name == "测试·艾力"
    opened.close()


def test_a_card_taken_away_in_the_middle_is_told_once_and_read_when_it_lies_well(sam: Sam, hear: Callable[[Sam], Heard]) -> None:
    sam.fault = "taken"
    heard = hear(sam)
    sam.lay(text_of())
    assert heard.next(Failed).words == CardTaken().text
    looks(sam, 4)
    assert heard.news.empty()
    sam.fault = ""
    assert heard.next(Card).name == "测试·艾力"


def test_a_wrong_speed_is_told(sam: Sam) -> None:
    with pytest.raises(failures.Garbled, match="波特率"):
        line.opened(sam.port, 9600).ask(Command.STATUS)


def test_a_port_that_is_in_use_is_told(sam: Sam) -> None:
    first = line.opened(sam.port, BAUD)
    with pytest.raises(failures.PortTaken):
        line.opened(sam.port, BAUD)
    first.close()


def test_a_port_one_may_not_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import serial

    def forbidden(*_told: Any, **_named: Any) -> None:
        raise serial.SerialException(13, "could not open port")

    monkeypatch.setattr(serial, "Serial", forbidden)
    with pytest.raises(failures.PortForbidden, match="权限"):
        line.opened("COM3", BAUD)


def test_unplugged_it_is_told_and_plugged_in_again_it_reads(make_sam: Callable[..., Sam], hear: Callable[[Sam], Heard], monkeypatch: pytest.MonkeyPatch) -> None:
    sam = make_sam()
    heard = hear(sam)
    assert heard.next(State) == State(True)
    sam.fault = "unplugged"
    sam.lay(text_of())
    assert "中途断开" in heard.next(State).words
    again = make_sam()
    again.lay(text_of())
    monkeypatch.setattr(heard.reader, "_wanted", at(again))
    assert heard.next(Card).name == "测试·艾力"


def test_unplugged_between_two_looks_it_is_told(sam: Sam) -> None:
    opened = line.opened(sam.port, BAUD)
    watching = Watching(opened, sam.port)
    assert watching.look() is None
    sam.unplug()
    with pytest.raises(failures.Unplugged):
        watching.look()
    opened.close()


def test_an_answer_that_came_too_late_is_none_to_the_next_question(sam: Sam) -> None:
    opened = line.opened(sam.port, BAUD)
    sam.fault, sam.at = "late", "find_card"
    with pytest.raises(failures.Silent):
        opened.ask(Command.FIND)
    sam.fault = ""
    sam.say_late()
    assert opened.ask(Command.SAM_ID).data == SAM_ID
    opened.close()


def test_it_ends_at_once_while_it_waits_for_an_answer(sam: Sam, hear: Callable[[Sam], Heard], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "CARD_SECONDS", 60.0)
    heard = hear(sam)
    sam.fault = "silent"
    sam.lay(text_of())
    sam.until(lambda: bool(reads(sam)))
    begun = time.monotonic()
    heard.stop()
    assert time.monotonic() - begun < 10.0
    line.opened(sam.port, BAUD).close()  # and the port is free


# ---------------------------------------------------------------- trying

def test_trying_says_who_the_reader_is_and_reads_no_card(sam: Sam) -> None:
    assert len(SAM_ID) == 16
    assert try_out(at(sam)) == "✓ 读卡器正常，编号 05.03-20080101-0000000123-0000000456，上面没有卡。"
    sam.lay(text_of())
    assert "上面放着卡" in try_out(at(sam)) and reads(sam) == 0


@pytest.mark.parametrize(("port", "said"), [("", "没有读卡器"), ("/dev/no-such-port", "没有读卡器")])
def test_trying_where_no_reader_is_says_so(port: str, said: str) -> None:
    assert said in try_out(Wanted(port, BAUD))


def test_trying_a_wrong_speed_says_so(sam: Sam) -> None:
    assert "波特率" in try_out(at(sam, 9600))


def test_ports_have_a_name_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from serial.tools import list_ports
    from serial.tools.list_ports_common import ListPortInfo

    plain, usb = ListPortInfo("COM1"), ListPortInfo("COM3")
    usb.vid, usb.manufacturer, usb.product = 1, "Silicon Labs", "CP2102"
    monkeypatch.setattr(list_ports, "comports", lambda: [plain, usb])
    assert [(p.name, p.words) for p in ports()] == [("COM3", "COM3 Silicon Labs CP2102"), ("COM1", "COM1")]


# ---------------------------------------------------------------- fingerprints

FAULTS = ("", "silent", "half", "garbage", "checksum", "taken", "after garbage", "empty", "state")

#: after these nothing more comes: there is nothing to wait for
UNANSWERED = ("silent", "half", "garbage")


def test_no_way_through_the_program_asks_for_fingerprints(sam: Sam, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of card, everything that goes wrong at every question, and the trial: only these six are ever asked."""
    patient = line.SECONDS
    sam.state = "000041"
    for kind in ("resident", "J", "I", "Y"):
        for fault in FAULTS:
            for name in ("SECONDS", "CARD_SECONDS"):
                monkeypatch.setattr(line, name, 0.02 if fault in UNANSWERED else patient)
            for at_command in ("find_card", "select_card", "read_base", "read_addition", "read_sam_id"):
                sam.lay(text_of(kind))
                sam.fault, sam.at = fault, at_command
                opened = line.opened(sam.port, BAUD)
                try:
                    Watching(opened, sam.port).look()
                except (failures.CardMistake, ReaderTrouble):
                    assert fault
                opened.close()
                if kind == "J":
                    try_out(at(sam))
    monkeypatch.setattr(line, "SECONDS", patient)
    sam.fault = ""
    with_status = Heard(at(sam))
    assert with_status.next(State) == State(True)
    with_status.stop()
    assert set(sam.asked()) == {"status", "read_sam_id", "find_card", "select_card", "read_base", "read_addition"}
