"""Charts: what is drawn stands on the paper in our fonts, bars are as long as their values, nothing leaves its frame."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest

from gridapp.printing import charts
from gridapp.printing.charts import Chart
from gridapp.printing.layout import MM, Frame
from gridapp.printing.page import Pages
from tests.printing import reading

WIDTH, HEIGHT = 420.0, 230.0
BARS = Chart("各村得分", ("甲村", "乙村", "丙村"), (("得分", (50.0, 100.0, None)),), "分")
_BAR = re.compile(r"(-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+) re f")


def drawn(chart: Chart, path: Path, height: float = HEIGHT) -> str:
    """The page's own drawing."""
    path.write_bytes(charts.picture(chart, WIDTH, height))
    return pypdf.PdfReader(path).pages[0].get_contents().get_data().decode("ascii")  # type: ignore[union-attr]


def bars(content: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, found)) for found in _BAR.findall(content)]


def test_bars_are_as_high_as_their_values_and_none_where_there_is_none(tmp_path: Path) -> None:
    one, other = bars(drawn(BARS, tmp_path / "a.pdf"))
    assert other[3] == pytest.approx(2 * one[3], rel=1e-3) and one[1] == pytest.approx(other[1])
    text = reading.whole(tmp_path / "a.pdf")
    assert all(said in text for said in ("各村得分", "单位：分", "甲村", "乙村", "丙村", "50", "100"))


def test_across_the_first_label_stands_on_top(tmp_path: Path) -> None:
    one, other = bars(drawn(Chart(BARS.title, BARS.labels, BARS.series, "分", "across"), tmp_path / "a.pdf"))
    upper, lower = (one, other) if one[1] > other[1] else (other, one)
    assert lower[2] == pytest.approx(2 * upper[2], rel=1e-3), "甲村 has 50 and stands above 乙村"


def test_two_series_have_two_colours_and_a_key(tmp_path: Path) -> None:
    told = Chart("隐患", ("2026-10", "2026-11"), (("发现", (3.0, 5.0)), ("销号", (1.0, 4.0))), "处", "lines")
    content = drawn(told, tmp_path / "a.pdf")
    assert all(f"{charts.COLOURS[n][0]:g} {charts.COLOURS[n][1]:g} {charts.COLOURS[n][2]:g} RG" in content for n in (0, 1))
    assert "发现" in (text := reading.whole(tmp_path / "a.pdf")) and "销号" in text


def test_with_nothing_to_draw_it_says_so(tmp_path: Path) -> None:
    for told in (Chart("空", (), ()), Chart("空", ("甲",), (("x", (None,)),)), Chart("空", ("甲",), (("x", (0.0,)),))):
        assert told.empty and not bars(drawn(told, tmp_path / "a.pdf")) and "没有数据" in reading.whole(tmp_path / "a.pdf")


@pytest.mark.parametrize("kind", ["bars", "across", "lines"])
@pytest.mark.parametrize("many", [1, 2, 12, 35])
def test_nothing_leaves_the_frame(kind: str, many: int, tmp_path: Path) -> None:
    told = Chart("很长的标题" * 4, tuple(f"名字很长的第{n}个村民委员会" for n in range(many)), (("一", tuple(float(n * 7) for n in range(many))),), "件", kind)  # type: ignore[arg-type]
    content = drawn(told, tmp_path / "a.pdf", told.high)
    for x, y, width, height in bars(content):
        assert x >= 0 and y >= 0 and x + width <= WIDTH and y + height <= told.high
    for ink in reading.lines(tmp_path / "a.pdf")[0]:
        assert ink.left >= -1 and ink.bottom >= -1 and ink.right <= WIDTH + 1 and ink.top <= told.high + 1


def test_a_name_of_rare_characters_is_drawn_or_told(tmp_path: Path) -> None:
    told = Chart("得分", ("𬱖村", "甲\U000f0000村"), (("x", (1.0, 2.0)),))
    pages = Pages("x")
    pages.start(WIDTH, HEIGHT)
    charts.put(pages, told, 0, 0, WIDTH, HEIGHT)
    assert [char for char, _where in pages.missing] == ["\U000f0000"]


def test_behind_a_register_as_many_on_a_page_as_there_is_room_for() -> None:
    frame = Frame(210 * MM, 297 * MM, 15 * MM, 15 * MM, 15 * MM, 15 * MM)
    tall = Chart("高", tuple(f"第{n}村" for n in range(35)), (("x", (1.0,) * 35),), "分", "across")
    for some, pages_ in (([], 0), ([BARS], 1), ([BARS] * 3, 1), ([BARS] * 4, 2), ([tall, BARS], 2), ([BARS, tall], 2), ([tall] * 3, 3)):
        pages = Pages("x")
        charts.append(pages, frame, "附图", some)
        assert pages.count == pages_, some
        if pages_:
            assert len(pypdf.PdfReader(io.BytesIO(pages.data())).pages) == pages_
