"""The QR code of a paper: what it says is short, it is large enough to be scanned, and the search box finds the record by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import segno

from gridapp import printing
from gridapp.fields.ids import code_of, id_of, new_id
from gridapp.ledger import Ledger
from gridapp.printing.papers import PAPERS
from gridapp.work import evidence, hazards, inspections, listings, meetings, outreach, patrols, people, sites
from tests import ledgers
from tests.ledger.test_search_cases import an_event
from tests.ledgers import TODAY
from tests.printing import reading
from tests.work.cases import a_dispute

#: a square must be half a millimetre wide for the cameras and scanners of an office, and a printer leaves 4 mm of an edge white
LEAST, WHITE = 0.5 * reading.MM, 4 * reading.MM
HEIGHT = 297 * reading.MM


def a_talk(ledger: Ledger) -> UUID:
    return ledger.do(outreach.log_outreach, day=TODAY, place="文化礼堂", topic="04", people="王建国", recorder="王建国").result


def a_meeting(ledger: Ledger) -> UUID:
    return ledger.do(meetings.log_meeting, day=TODAY, chair="王建国", topics="季度例会").result


def a_listing(ledger: Ledger) -> UUID:
    return ledger.do(listings.open_listing, kind="01", unit="某五金厂", day=TODAY, reason="拒不整改").result


def a_person(ledger: Ledger) -> UUID:
    return ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0])


def a_patrol(ledger: Ledger) -> UUID:
    return ledger.do(patrols.log_patrol, day=TODAY, start="20:00", people="王建国").result


def a_shop(ledger: Ledger) -> UUID:
    return ledger.do(sites.register_site, kind="02", name="某五金厂", address="工业区一路9号", keeper="王五", phone="13857912345").result


def an_inspection(ledger: Ledger) -> UUID:
    return ledger.do(inspections.inspect, site=a_shop(ledger), answers={"S01": 1}).result.id


def a_hazard_in_a_shop(ledger: Ledger) -> UUID:
    return ledger.do(hazards.raise_hazard, found_on=TODAY, site=a_shop(ledger), place="一楼", content="通道堵塞", degree="01").result


def printed(ledger: Ledger, number: str, out: Path, **wish: Any) -> list[list[reading.Square]]:
    assert not ledger.ask(printing.write, number, out, **wish).overflow
    return reading.squares(out)


def says(square: reading.Square, text: str) -> bool:
    """Whether the code on the paper is that of the text."""
    meant = segno.make(text, error="m", micro=False, mask=3).matrix
    return square.rows == tuple(tuple(map(bool, row)) for row in meant)


@pytest.mark.parametrize(("number", "begin"), [
    ("F01", a_person), ("F07", a_patrol), ("F09", a_hazard_in_a_shop), ("F13", a_dispute), ("F13A", a_dispute), ("F14", a_dispute), ("F15", a_dispute),
    ("F16", a_dispute), ("F16A", a_dispute), ("F16B", a_dispute), ("F17", a_talk), ("F18", a_meeting), ("F19", a_listing), ("F24", a_shop), ("F24", an_inspection),
    ("F25", an_event)])
def test_a_paper_of_one_record_leads_back_to_it(ledger: Ledger, tmp_path: Path, number: str, begin: Any) -> None:
    record = begin(ledger)
    pages = printed(ledger, number, tmp_path / "a.pdf", record=record)
    assert all(len(page) == 1 and says(page[0], code_of(record)) for page in pages[:2] or pages), "the stub of a notice has none"
    [hit] = ledger.search(code_of(record))
    assert hit.id == record and hit.label and hit.why == "扫码"


@pytest.mark.parametrize("number", ["F03", "F04", "F05", "F06", "F22"])
def test_a_paper_of_a_house_says_its_number_which_finds_it_first(ledger: Ledger, tmp_path: Path, number: str) -> None:
    house = ledgers.a_house(ledger)
    ledgers.a_house(ledger, "QHY00010")
    pages = printed(ledger, number, tmp_path / "a.pdf", house="QHY0001")
    assert all(len(page) == 1 and says(page[0], "QHY0001") for page in pages)
    assert ledger.search("QHY0001")[0].id == house


@pytest.mark.parametrize("number", PAPERS)
def test_a_blank_form_has_no_code(tmp_path: Path, number: str) -> None:
    printing.press.render(number, PAPERS[number].blank(), tmp_path / "a.pdf", today=TODAY)
    assert not any(reading.squares(tmp_path / "a.pdf"))


@pytest.mark.parametrize(("number", "begin"), [("F01", a_person), ("F13", a_dispute), ("F17", a_talk), ("F24", a_shop)])
def test_a_code_can_be_scanned_and_lies_where_a_printer_prints(ledger: Ledger, tmp_path: Path, number: str, begin: Any) -> None:
    record = begin(ledger)
    for [square] in printed(ledger, number, tmp_path / "a.pdf", record=record):
        assert square.unit >= LEAST and square.top <= HEIGHT - WHITE and len(square.rows) == 25
    letters, lines = reading.letters(tmp_path / "a.pdf")[0], reading.lines(tmp_path / "a.pdf")[0]
    around = reading.Ink("", square.left - 2 * square.unit, square.top - 27 * square.unit, square.left + 27 * square.unit, square.top + 2 * square.unit)
    assert [letter.text for letter in letters if letter.meets(around)] == [] and [one for one in lines if one.meets(around, 0.0)] == [], "a code needs white around it"


def test_a_code_is_short_and_comes_back_whatever_the_case() -> None:
    for record in (new_id(), uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)):
        code = code_of(record)
        assert len(code) == 27 and segno.make(code, error="m", micro=False).mode == "alphanumeric"
        assert id_of(code) == id_of(f" {code.lower()} ") == record


@pytest.mark.parametrize("typed", ["", "J", "张三", "QHY0001", "J" * 27, "J8" + "0" * 25, "J" + "0" * 25, "J" + "0" * 27, "K" + "0" * 26, "J" + "U" * 26])
def test_whatever_else_is_typed_is_no_code(typed: str) -> None:
    assert id_of(typed) is None


def test_the_code_of_what_was_taken_back_finds_nothing(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    assert [hit.id for hit in ledger.search(code_of(person))] == [person]
    ledger.undo()
    assert ledger.search(code_of(person)) == [] and ledger.search(code_of(uuid4())) == []


def test_the_answer_to_a_code_is_masked_as_any_other(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    [hit] = ledger.search(code_of(person))
    assert "彭兵" in hit.label and ledgers.NUMBERS[0] not in hit.label and ledger.ask(people.person_card, person)


def test_a_recheck_says_how_many_photos_are_kept_of_each_hazard(ledger: Ledger, tmp_path: Path) -> None:
    hazard = a_hazard_in_a_shop(ledger)
    ledger.do(hazards.serve_notice, hazard, TODAY, "清理")
    ledger.do(hazards.recheck, hazard, True, "王建国")
    for place in range(2):
        ledger.do(evidence.attach_photo, hazard, f"{place:064x}", 100)
    pages = printed(ledger, "F10", tmp_path / "a.pdf", record=hazard)
    assert [says(page[0], code_of(hazard)) for page in pages] == [True, True] and reading.whole(tmp_path / "a.pdf").count("已整改2张") == 2
