"""Empty forms: under the village's own name, without a day, a name or a number, one or all of them in one file; each stands in the audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridapp import printing
from gridapp.ledger import Ledger
from gridapp.printing import press
from gridapp.printing.blanks import make_blank
from gridapp.printing.papers import PAPERS
from gridapp.printing.refused import Stopped, UnknownPaper
from gridapp.work import patrols
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.printing import reading


@pytest.fixture
def lived_in(ledger: Ledger) -> Ledger:
    """A village with a house, somebody in it, and a patrol: none of it belongs on an empty form."""
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0])
    ledger.do(patrols.log_patrol, day=TODAY, start="20:00", people="彭兵、李红")
    return ledger


def text_of(ledger: Ledger, out: Path, *numbers: str) -> str:
    printed, data = ledger.ask(make_blank, numbers)
    out.write_bytes(data)
    assert printed.pages == len(reading.texts(out)) and not printed.missing
    return reading.whole(out)


@pytest.mark.parametrize("number", PAPERS)
def test_nothing_of_the_register_stands_on_an_empty_form(lived_in: Ledger, number: str, tmp_path: Path) -> None:
    text = text_of(lived_in, tmp_path / "a.pdf", number)
    for said in ("彭兵", NUMBERS[0], "QHY0001", "张浩", "2026", "None", "☑"):
        assert said not in text, said
    assert PAPERS[number].title in text and not any(reading.squares(tmp_path / "a.pdf"))


@pytest.mark.parametrize(("number", "said"), [
    ("F01", "登记单位：永康市古山镇青后叶村村民委员会"), ("F09", "永康市古山镇青后叶村村民委员会"), ("F13", "永康市古山镇青后叶村人民调解委员会"),
    ("F07", "村（社区）：青后叶村网格：第一网格"), ("F22", "永康市古山镇青后叶村村民委员会")])
def test_the_village_names_itself(ledger: Ledger, number: str, said: str, tmp_path: Path) -> None:
    assert said in text_of(ledger, tmp_path / "a.pdf", number)


def test_all_of_them_are_one_file_each_counted_by_itself(ledger: Ledger, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    printed, data = ledger.ask(make_blank, [], lambda done, total: heard.append((done, total)) or True)  # type: ignore[func-returns-value]
    (tmp_path / "a.pdf").write_bytes(data)
    text = reading.whole(tmp_path / "a.pdf")
    alone = [press.render(number, paper.blank(), tmp_path / "b.pdf", today=TODAY).pages for number, paper in PAPERS.items()]
    assert printed.pages == sum(alone) and all(paper.title in text for paper in PAPERS.values())
    assert heard == [(done, len(PAPERS)) for done in range(1, len(PAPERS) + 1)] and "第1页共1页" in text


def test_all_of_them_can_be_cancelled(ledger: Ledger) -> None:
    with pytest.raises(Stopped):
        ledger.ask(make_blank, [], lambda done, _total: done < 3)


def test_a_form_there_is_not_is_said(ledger: Ledger) -> None:
    with pytest.raises(UnknownPaper, match="F99"):
        ledger.ask(make_blank, ["F99"])


def test_the_day_of_a_filled_form_is_still_printed(ledger: Ledger, tmp_path: Path) -> None:
    ledgers.a_house(ledger)
    ledger.ask(printing.write, "F04", tmp_path / "a.pdf", today=date(2026, 11, 24))
    assert "制表日期：2026年11月24日" in reading.whole(tmp_path / "a.pdf") and "制表日期：年月日" in text_of(ledger, tmp_path / "b.pdf", "F04")
