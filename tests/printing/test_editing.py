"""A layout is changed: tried before it counts, told with the line that is wrong, kept whole, seen in the audit, put back as shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gridapp import places, printing
from gridapp.ledger import Ledger
from gridapp.ledger.permits import NotAllowed
from gridapp.printing import editing, layout
from gridapp.printing.editing import NotDrawn
from gridapp.printing.papers import PAPERS
from gridapp.store import files
from gridapp.work import audit
from tests.ledgers import TODAY
from tests.permissions import with_roles
from tests.printing import reading


def tried(number: str, text: str) -> NotDrawn:
    with pytest.raises(NotDrawn) as caught:
        editing.trial(number, text, TODAY)
    return caught.value


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.mark.parametrize("number", PAPERS)
def test_every_shipped_layout_can_be_tried(number: str) -> None:
    assert editing.trial(number, editing.text_of(number, shipped=True), TODAY).startswith(b"%PDF")


def test_a_text_that_is_not_saved_is_drawn_and_prints_nothing_otherwise(tmp_path: Path) -> None:
    text = editing.text_of("F04").replace('title = "出租房屋承租人员登记簿"', 'title = "本县登记簿"')
    (tmp_path / "new.pdf").write_bytes(editing.trial("F04", text, TODAY))
    assert "本县登记簿" in reading.whole(tmp_path / "new.pdf")
    assert PAPERS["F04"].title == "出租房屋承租人员登记簿" and not editing.changed("F04")


@pytest.mark.parametrize(
    ("number", "was", "now", "said"),
    [
        ("F04", "rows_per_page = 16", "rows_per_page = = 16", "写法不对"),
        ("F04", "rows_per_page = 16", "rows_per_page = 99", "每页行数"),
        ("F04", "header = 9", 'header = "高"', "“header”的写法不对"),
        ("F04", "width = 25.5", "width = nan", "“width”应在"),
        ("F04", 'text = "{hukou}"', 'text = "{hukuo}"', "没有名为“hukuo”"),
        ("F04", 'orientation = "landscape"', 'orientation = "quer"', "“orientation”只能是"),
        ("F04", "left = 25, right", "left = 400, right", "页边距太大"),
        ("F01", "size = 20", "size = 0", "“size”应在"),
        ("F01", 'number = "F01"', 'number = "F02"', "“number”只能是 F01"),
        ("F01", "text = \"流动人口登记表\"", "text = \"流动\ue000\"", "U+E000"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(number: str, was: str, now: str, said: str) -> None:
    text = editing.text_of(number, shipped=True)
    assert was in text
    changed = text.replace(was, now, 1)
    failure = tried(number, changed)
    assert said in failure.text and "改正以后才能保存" in failure.text
    if said != "每页行数":  # nobody's entry
        assert failure.line == line_with(changed, now)
        assert f"第 {failure.line} 行" in failure.text


def test_a_form_without_an_end_is_stopped() -> None:
    text = editing.text_of("F09", shipped=True)
    rows = re.sub(r"\[\[parts\.rows\]\]", '[[parts.rows]]\nkind = "say"\ntext = "长"\nafter = 400\n' * 60 + "[[parts.rows]]", text, count=1)
    assert "还没有完" in tried("F09", rows).text


@pytest.mark.parametrize("number", ["F04", "F01", "F09", "F31"])
def test_no_measure_whatever_it_is_ends_in_anything_but_a_sentence(number: str) -> None:
    text, seen = editing.text_of(number, shipped=True), set[str]()
    for found in re.finditer(r"(\w+) = (-?\d+(?:\.\d+)?)", text):
        if found[1] in seen:
            continue
        seen.add(found[1])
        for value in ("0", "-5", "nan", "999"):
            try:
                editing.trial(number, text[:found.start(2)] + value + text[found.end(2):], TODAY)
            except NotDrawn as failure:
                assert failure.text
    assert len(seen) > 5


def test_what_is_kept_prints_from_then_on_and_the_audit_tells_who(ledger: Ledger, tmp_path: Path) -> None:
    auditor = with_roles(ledger)["audit"]
    ledger.sign_in(1)
    text = editing.text_of("F04").replace('title = "出租房屋承租人员登记簿"', 'title = "本县登记簿"')
    ledger.ask(editing.keep_layout, "f04", text)
    ledger.ask(printing.write, "F04", tmp_path / "a.pdf", all_houses=True)
    assert "本县登记簿" in reading.whole(tmp_path / "a.pdf")
    assert ledger.ask(editing.changed_layouts) == ["F04"]
    assert editing.differences("F04", text) == [f"第 {line_with(text, '本县登记簿')} 行", '－ title = "出租房屋承租人员登记簿"', '＋ title = "本县登记簿"']
    ledger.ask(editing.restore_layout, "F04")
    assert PAPERS["F04"].title == "出租房屋承租人员登记簿" and ledger.ask(editing.changed_layouts) == []
    assert editing.differences("F04", editing.text_of("F04")) == []
    ledger.sign_in(auditor)
    assert [line.officer for line in ledger.ask(audit.lines, audit.Wish(what="layout"))] == ["王建国"] * 2


def test_what_cannot_be_drawn_is_not_kept(ledger: Ledger) -> None:
    with pytest.raises(NotDrawn):
        ledger.ask(editing.keep_layout, "F04", "number = \"F04\"")
    assert not editing.changed("F04")


def test_a_full_disk_leaves_the_old_copy(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    text = editing.text_of("F04")
    ledger.ask(editing.keep_layout, "F04", text.replace("rows_per_page = 16", "rows_per_page = 15"))

    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(files.DiskFull):
            ledger.ask(editing.keep_layout, "F04", text.replace("rows_per_page = 16", "rows_per_page = 14"))
    assert "rows_per_page = 15" in layout.path("F04").read_text("utf-8")
    assert [p.name for p in (places.data_dir() / "papers").iterdir()] == ["F04.toml"]


def test_whoever_may_not_change_settings_changes_no_layout(ledger: Ledger) -> None:
    numbers = with_roles(ledger)
    for role, number in numbers.items():
        ledger.sign_in(number)
        if role in ("chief", "manage", "town"):
            ledger.ask(editing.keep_layout, "F04", editing.text_of("F04"))
        else:
            with pytest.raises(NotAllowed):
                ledger.ask(editing.keep_layout, "F04", editing.text_of("F04"))
