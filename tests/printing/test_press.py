"""A paper is written whole or not at all; what stops it is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pytest

from gridapp import printing
from gridapp.ledger import Ledger
from gridapp.printing import press
from gridapp.printing.papers import PAPERS, f04
from gridapp.store import files
from gridapp.work import hazards, houses, patrols
from tests import ledgers
from tests.printing import reading

TODAY = date(2026, 11, 23)


def roster(name: str, houses: int = 1) -> f04.Roster:
    return f04.Roster(houses=[f04.House(f"QHY{number:04}", rows=[f04.Row("201", name)]) for number in range(houses)])


def render(out: Path, values: object, **options: Any) -> press.Printed:
    return press.render("F04", values, out, today=TODAY, **options)


def test_a_character_no_font_has_stops_the_print_and_is_named(tmp_path: Path) -> None:
    with pytest.raises(press.NoGlyph) as caught:
        render(tmp_path / "t.pdf", roster("王\U00033479"))
    assert "\U00033479" in caught.value.text and "U+33479" in caught.value.text and "QHY0000 201室 王" in caught.value.text
    assert caught.value.missing[0].page == 1
    assert list(tmp_path.iterdir()) == []


def test_many_of_them_are_counted(tmp_path: Path) -> None:
    with pytest.raises(press.NoGlyph, match="等 9 处"):
        render(tmp_path / "t.pdf", roster("王\ue000", 9))


def test_the_officer_may_go_on_with_a_visible_mark(tmp_path: Path) -> None:
    told = render(tmp_path / "t.pdf", roster("王\U00033479"), mark_missing=True)
    assert len(told.missing) == 1 and "U+33479" in told.missing[0]
    assert "王〓(U+33479)" in reading.whole(tmp_path / "t.pdf") and "〓处的字，字库中没有，请手写补上" in reading.whole(tmp_path / "t.pdf")


def test_only_pages_with_a_mark_speak_of_it(tmp_path: Path) -> None:
    values = f04.Roster(houses=[f04.House(rows=[f04.Row("201", name)]) for name in ("王", "王\U00033479", "李")])
    render(tmp_path / "t.pdf", values, mark_missing=True)
    assert ["字库中没有" in page for page in reading.texts(tmp_path / "t.pdf")] == [False, True, False]


def test_progress_counts_up_and_cancelling_leaves_nothing(tmp_path: Path) -> None:
    out, heard = tmp_path / "t.pdf", list[tuple[int, int]]()
    out.write_bytes(b"old")

    def progress(done: int, total: int) -> bool:
        heard.append((done, total))
        return len(heard) < 3

    with pytest.raises(press.Stopped):
        render(out, roster("王", 9), progress=progress)
    assert heard == [(1, 9), (2, 9), (3, 9)]
    assert out.read_bytes() == b"old" and list(tmp_path.iterdir()) == [out]


def test_a_file_that_cannot_be_replaced_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "t.pdf"
    out.write_bytes(b"old")

    def held(*_paths: object) -> None:
        raise PermissionError(13, "held")

    monkeypatch.setattr("os.replace", held)
    with pytest.raises(press.FileHeld, match="正被别的程序打开"):
        render(out, roster("王"))
    assert out.read_bytes() == b"old" and list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(files.CannotWrite):
        render(tmp_path / "no" / "t.pdf", roster("王"))


def test_an_unknown_paper_is_said_with_those_there_are(tmp_path: Path, ledger: Ledger) -> None:
    with ledger.read() as read, pytest.raises(press.UnknownPaper, match="F04"):
        printing.write(read, "F99", tmp_path / "t.pdf")


@pytest.mark.parametrize(
    ("number", "wish", "said"),
    [("F02", {"house": "QHY0001"}, "房屋"), ("F07", {"house": "QHY0001"}, "房屋"), ("F04", {"record": UUID(int=1)}, "记录"),
     ("F04", {"house": "QHY0001", "all_houses": True}, "同时")],
)
def test_a_wish_the_paper_cannot_grant_prints_nobody(tmp_path: Path, ledger: Ledger, number: str, wish: dict[str, Any], said: str) -> None:
    ledgers.a_house(ledger)
    with ledger.read() as read, pytest.raises(press.NotAsked, match=said):
        printing.write(read, number, tmp_path / "t.pdf", **wish)
    assert not (tmp_path / "t.pdf").exists()


@pytest.mark.parametrize("number", ["", "QHY9999"])
def test_an_unknown_house_is_said_and_nobody_elses_is_printed(tmp_path: Path, ledger: Ledger, number: str) -> None:
    ledgers.a_house(ledger)
    with ledger.read() as read, pytest.raises(houses.NoSuchHouse):
        printing.write(read, "F04", tmp_path / "t.pdf", house=number)
    assert not (tmp_path / "t.pdf").exists()


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(press.IsFolder, match="请写上文件名"):
        render(tmp_path, roster("王"))


def test_the_preview_is_the_very_file_and_the_same_again(tmp_path: Path, ledger: Ledger) -> None:
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0], "王𬱟")
    with ledger.read() as read:
        seen = [printing.make(read, "F04")[1] for _again in range(2)]
        printing.write(read, "F04", tmp_path / "t.pdf", all_houses=True)
    assert seen[0] == seen[1] == (tmp_path / "t.pdf").read_bytes()


def test_the_files_properties_name_the_paper_and_nobody(tmp_path: Path) -> None:
    render(tmp_path / "t.pdf", roster("王𬱟"), maker="王建国")
    told = pypdf.PdfReader(tmp_path / "t.pdf").metadata
    assert told is not None and told.title == "出租房屋承租人员登记簿" and not told.author and not told.subject
    assert told.creation_date is not None and told.creation_date.date() == TODAY
    assert not any("王" in str(value) for value in told.values())


@pytest.mark.parametrize("number", PAPERS)
def test_every_paper_prints_with_no_data_and_as_a_blank_form(tmp_path: Path, ledger: Ledger, number: str) -> None:
    with ledger.read() as read:
        assert printing.write(read, number.lower(), tmp_path / "t.pdf").pages >= 1
    assert press.render(number, PAPERS[number].blank(), tmp_path / "b.pdf", today=TODAY).pages >= 1
    assert PAPERS[number].title in reading.whole(tmp_path / "b.pdf")


def test_papers_are_filled_from_the_ledger(tmp_path: Path, ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0], "王𬱟")
    with ledger.read() as read:
        printing.write(read, "F04", tmp_path / "4.pdf", house="QHY0001")
        printing.write(read, "F02", tmp_path / "2.pdf")
    whole = reading.whole(tmp_path / "4.pdf")
    assert "QHY0001" in whole and f"王𬱟男" in whole and ledgers.NUMBERS[0] in whole and "2026-11-24" in whole
    assert "永康市古山镇青后叶村村民委员会" in whole and "制表人：王建国" in whole
    assert "王𬱟男" in reading.whole(tmp_path / "2.pdf")


def test_a_patrol_and_its_notice_are_filled_from_the_ledger(tmp_path: Path, ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    finding = {"place": "一楼楼梯间", "house": house, "problem": "疏散通道被占用", "category": "02", "hazard": True}
    ledger.do(patrols.log_patrol, [finding], day=ledgers.TODAY, start="20:30", people="王建国", category="02", contents="01,06")
    (hazard,) = ledger.ask(hazards.list_hazards)
    number = ledger.do(hazards.serve_notice, hazard.id, date(2026, 12, 8), "立即清理").result
    with ledger.read() as read:
        printing.write(read, "F07", tmp_path / "7.pdf")
        printing.write(read, "F09", tmp_path / "9.pdf", record=hazard.id)
    diary, notice = reading.whole(tmp_path / "7.pdf"), reading.whole(tmp_path / "9.pdf")
    assert "☑夜间" in diary and "☑出租房" in diary and "☑消防通道" in diary and "疏散通道被占用" in diary and "严重" in diary
    assert number in notice and "一楼楼梯间：疏散通道被占用" in notice and "立即清理" in notice and "张浩" in notice
