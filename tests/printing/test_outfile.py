"""Pages go out as they end, and a file that was left in the middle is gone on with as if nothing had happened."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest

from gridapp.ledger import Ledger
from gridapp.printing import chunks, press
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from gridapp.printing.papers import f02, f04
from gridapp.work import invent
from tests.printing import reading

DAY = date(2026, 11, 24)


def draw(pages: Pages, texts: list[str]) -> None:
    """A section of two pages for each text, with its foot."""
    for text in texts:
        for half in ("上", "下"):
            pages.start(210 * MM, 297 * MM)
            pages.text(50, 100, text + half, "hei")
            pages.turn()
        pages.end_section(lambda number, total: pages.text(50, 800, f"第{number}页共{total}页"))


def test_a_page_is_in_the_file_when_it_ends_and_no_longer_in_memory() -> None:
    out = io.BytesIO()
    pages = Pages("试", DAY, out)
    lengths, kept = [], set()
    for number in range(20):
        draw(pages, [f"王𬱟{number}"])
        lengths.append(out.tell())
        kept.add(len(pages._document.idToObject))
    assert all(after - before > 200 for before, after in zip(lengths, lengths[1:], strict=False))
    assert len(kept) == 1


def test_what_goes_out_piece_by_piece_is_what_is_made_in_memory() -> None:
    out = io.BytesIO()
    streamed, whole = Pages("试", DAY, out), Pages("试", DAY)
    for pages in (streamed, whole):
        draw(pages, ["王𬱟", "𪐀"])
    streamed.finish()
    assert out.getvalue() == whole.data()


def test_a_file_left_in_the_middle_goes_on_with_the_very_same_bytes(tmp_path: Path) -> None:
    whole = Pages("试", DAY)
    draw(whole, ["王𬱟", "𪐀", "阿依古丽", "王𬱟"])
    begun, rest = io.BytesIO(), io.BytesIO()
    first = Pages("试", DAY, begun)
    draw(first, ["王𬱟", "𪐀"])
    later = Pages("试", DAY, rest)
    later_head = rest.tell()
    later.go_on(first.place)
    draw(later, ["阿依古丽", "王𬱟"])
    later.finish()
    together = begun.getvalue() + rest.getvalue()[later_head:]
    assert together == whole.data()
    (tmp_path / "t.pdf").write_bytes(together)
    assert [text.split("\n")[0] for text in reading.texts(tmp_path / "t.pdf")][4:6] == ["阿依古丽上", "阿依古丽下"]


def test_many_houses_are_asked_for_some_at_a_time_and_print_the_same(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.do(invent.invent, 300)
    made = {}
    for size in (10_000, 5):
        for name, module in (("AT_ONCE", f04), ("MANY", f02)):
            monkeypatch.setattr(module, name, size)
        with ledger.read() as read:
            for number in ("F02", "F04"):
                values = press.paper(number).gather(read, press.Wish())
                assert isinstance(values.houses if number == "F04" else values.rows, chunks.Chunked) == (size == 5)  # type: ignore[attr-defined]
                press.render(number, values, tmp_path / "t.pdf", today=DAY)
                made[number, size] = (tmp_path / "t.pdf").read_bytes()
    assert made["F02", 5] == made["F02", 10_000] and made["F04", 5] == made["F04", 10_000]
    assert len(pypdf.PdfReader(io.BytesIO(made["F04", 5])).pages) > 20


def test_things_asked_for_in_chunks_are_a_sequence() -> None:
    asked = list[list[int]]()

    def ask(keys: object) -> list[int]:
        asked.append(list(keys))  # type: ignore[call-overload]
        return [key * 10 for key in asked[-1]]

    told = chunks.Chunked(range(7), ask, 3)
    assert list(told) == [0, 10, 20, 30, 40, 50, 60] and asked == [[0, 1, 2], [3, 4, 5], [6]]
    assert (len(told), told[4], list(told[2:4])) == (7, 40, [20, 30])
