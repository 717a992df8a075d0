"""Printing through the windowless door: what is printed, what is said, and that nothing is left when it stops."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.__main__ import main
from gridapp.printing import PAPERS
from tests import ledgers
from tests.printing import reading


class Door:
    """A ledger with two houses, a tenant in each, and the door in front of it."""

    def __init__(self, empty: Path, folder: Path, name: str) -> None:
        self.ledger, self.password, self.out = folder / "a.grid", folder / "pw", folder / "out"
        self.out.mkdir()
        self.password.write_text(ledgers.PASSWORD, "utf-8")
        with ledgers.reopen(ledgers.copy(empty, self.ledger)) as opened:
            for house_no, tenant, number in zip(("QHY0001", "QHY0002"), ("王𬱟", name), ledgers.NUMBERS, strict=False):
                house = ledgers.a_house(opened, house_no)
                ledgers.a_tenant(opened, ledgers.rooms_of(opened, house)[0], tenant, number, date(2020, 1, 1))

    def __call__(self, *words: object, to: str = "t.pdf") -> int:
        before = ["--ledger", str(self.ledger), "--password-file", str(self.password), "--json", "print"]
        return main([*before, *map(str, words), "-o", str(self.out / to)])


@pytest.fixture
def door(empty_ledger: Path, tmp_path: Path) -> Door:
    return Door(empty_ledger, tmp_path, "彭兵")


def test_the_papers_are_listed_without_a_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "papers"]) == 0
    assert [row["number"] for row in json.loads(capsys.readouterr().out)] == list(PAPERS)


def test_one_house_and_all_houses(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    assert door("F04", "--house", "QHY0002", to="one.pdf") == 0 and door("f04", "--all", to="all.pdf") == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [{"pages": 1, "missing": []}, {"pages": 2, "missing": []}]
    one, every = reading.whole(door.out / "one.pdf"), reading.whole(door.out / "all.pdf")
    assert "彭兵" in one and "王𬱟" not in one and "彭兵" in every and "王𬱟" in every


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("F99",), 2, "可以打印的有：F01、F02"),
        (("F04", "--house", "QHY9"), 2, "没有编号为 QHY9 的房屋"),
        (("F02", "--house", "QHY0001"), 2, "不能按“房屋”打印"),
        (("F07", "--record", "QHY0001"), 2, "没有编号为“QHY0001”的记录"),
        (("F09", "--record", UUID(int=7)), 2, "没有找到这条记录"),
        (("F04", "--all", "--house", "QHY0001"), 2, "同时"),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_is_written(
    door: Door, capsys: pytest.CaptureFixture[str], words: tuple[object, ...], code: int, said: str
) -> None:
    assert door(*words) == code
    assert said in capsys.readouterr().err and list(door.out.iterdir()) == []


def test_a_folder_that_is_not_there_is_for_the_machines_keeper(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    assert door("F02", to="no/t.pdf") == 3
    assert "无法写入" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["彭\ue000", "彭\U0001f600", "彭\U00033479"])
def test_a_name_no_font_holds_stops_the_print_and_is_named(
    empty_ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    door = Door(empty_ledger, tmp_path, name)
    for words in (("F02",), ("F04", "--all"), ("F04", "--house", "QHY0002")):
        assert door(*words) == 2
        said = capsys.readouterr().err
        assert name in said and f"U+{ord(name[1]):04X}" in said and "请核对" in said
    assert list(door.out.iterdir()) == []
    assert door("F04", "--house", "QHY0001") == 0
