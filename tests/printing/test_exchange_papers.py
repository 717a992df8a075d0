"""F27 and F28: the slip that goes with the stick, and the slip that asks the other officer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp import printing
from gridapp.exchange import handed
from gridapp.ledger import Ledger, dealings
from gridapp.printing import press
from gridapp.printing.papers import f27, f28
from gridapp.printing.papers.office import Wish
from gridapp.work import people
from tests import ledgers
from tests.ledger.test_meeting import give
from tests.meeting import all_meet, pcs
from tests.printing import reading

FIRST, SECOND = (UUID(int=n).bytes for n in (7, 8))


def went_out(ledger: Ledger, parcel: bytes, minutes: int, **counts: int) -> None:
    ledger.note(dealings.enter, dealings.Parcel(parcel, dealings.OUT, bytes(32), "written", ledgers.NOON + minutes * 60_000, 52_345,
                                                counts, {ledger.scope: [bytes(32)]}))


def test_a_hand_over_tells_what_how_much_and_since_when(ledger: Ledger) -> None:
    went_out(ledger, FIRST, 0, person=3, act=9)
    went_out(ledger, SECOND, 60, person=12, tenancy=10, act=30, photos=175, seals=2)
    told = ledger.ask(handed.handed)
    assert told is not None and (told.id, told.records, told.photos) == (SECOND, 22, 175)
    assert told.since is not None and (told.at - told.since).seconds == 3600
    assert told.counts == (("流动人口", 12), ("租住", 10)) and told.scopes == ("青后叶村",)
    first = ledger.ask(handed.handed, UUID(bytes=FIRST))
    assert first is not None and (first.id, first.since) == (FIRST, None)


def test_the_slip_is_printed_in_two_copies(ledger: Ledger, tmp_path: Path) -> None:
    went_out(ledger, FIRST, 0, person=12, tenancy=10, act=30, photos=175)
    with ledger.read() as read:
        printed = printing.write(read, "F27", tmp_path / "a.pdf", record=UUID(bytes=FIRST))
    first, second = reading.texts(tmp_path / "a.pdf")
    assert printed.pages == 2 and "第一联　移交方存" in first and "第二联　接收方存" in second
    for copy in (first, second):
        text = "".join(copy.split())
        for said in ("村民委员会", "王建国", "青后叶村", "流动人口12、租住10，照片175张", "52.3KB", "22", "2026-11-24", "0" * 15, "未登记的站点"):
            assert said in text, said


def test_before_anything_went_out_the_slip_is_a_form(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.read() as read:
        assert f27.gather(read, Wish()) == f27.Handover(giver="永康市古山镇青后叶村村民委员会", giver_person="王建国")
        assert f28.gather(read, Wish()) == [f28.Slip(issuer="永康市古山镇青后叶村村民委员会", officer="王建国")]


def test_a_name_on_the_stick_is_not_cut(tmp_path: Path) -> None:
    name = "WSYNC/0123ABCD/ABCDEFGHIJKLMNOPQRSTUVWXYZ.wsb"
    press.render("F27", f27.Handover(files=[f27.File(name, "1.2 GB", "400000", "0123456789ABCDEF")] * 5), tmp_path / "a.pdf", today=ledgers.TODAY)
    assert reading.whole(tmp_path / "a.pdf").count(name) == 10


@pytest.mark.parametrize(("size", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (52_345, "52.3 KB"), (3_200_000_000, "3.2 GB")])
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert f27.said_size(size) == said


def test_the_slip_of_a_clash_asks_field_by_field(ledger: Ledger, tmp_path: Path) -> None:
    one, other = pcs(tmp_path, ledger)
    person, third = ledgers.a_person(one, phone="13800000000"), ledgers.a_person(one, "吴丽", ledgers.NUMBERS[1])
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111", workplace="世雅铸造厂")
    other.do(people.correct_person, person, phone="13800002222", workplace="永康五金城")
    one.do(people.correct_person, third, arrived_on=date(2026, 11, 1))
    other.do(people.correct_person, third, arrived_on=date(2026, 11, 2))
    all_meet(one, other)
    with one.read() as read:
        printed = printing.write(read, "F28", tmp_path / "a.pdf", record=person)
        every = printing.write(read, "F28", tmp_path / "b.pdf")
    text = reading.whole(tmp_path / "a.pdf")
    assert (printed.pages, every.pages) == (1, 2)
    for said in ("流动人口", "彭兵", "联系电话", "服务处所", "13800001111（本机", "13800002222（未登记的站点", "13800000000", "永康五金城", "核定为（手写）"):
        assert said in text, said
    assert "吴丽" not in text and "吴丽" in reading.whole(tmp_path / "b.pdf")
