"""Charts (统计图): bars, bars across and lines, laid out by ReportLab's own graphics and drawn in the program's fonts on the paper.

The screen shows the very same: `picture` is a PDF of one page that is as big as the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gridapp.printing import book
from gridapp.printing.layout import MM, Frame
from gridapp.printing.page import Pages
from gridapp.texts import _

Colour = tuple[float, float, float]
#: told apart in print without colours too: dark, light, middle
COLOURS: tuple[Colour, ...] = ((0.12, 0.36, 0.68), (0.93, 0.60, 0.16), (0.36, 0.62, 0.40))
INK, PALE = (0.1, 0.13, 0.18), (0.86, 0.89, 0.93)
TITLE, SMALL = 12.0, 8.5
LONGEST = 8
#: more bars than this would write over each other
LABELLED = 18
#: this much of a page's height for one chart: three on one that stands upright
HIGH = 82 * MM


@dataclass(frozen=True)
class Chart:
    """What is shown: a value for each label, in one or more series; None where there is none."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str = ""
    kind: Literal["bars", "across", "lines"] = "bars"

    @property
    def high(self) -> float:
        """How high it wants to be, in points: a chart across has a line for each label."""
        return max(HIGH, TITLE * 5 + 14 * len(self.labels)) if self.kind == "across" else HIGH

    @property
    def most(self) -> float:
        """The greatest value."""
        return max((value for _name, values in self.series for value in values if value is not None), default=0.0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.labels or self.most <= 0


class _Measured:
    """A typeface of ours as ReportLab wants to know one: how wide a line is, and no more."""

    _multiByte = _dynamicFont = False
    ascent, descent = 880, -120

    def __init__(self, style: str) -> None:
        self.fontName = self.face = style  # type: str
        self.encName = "utf8"

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802 - ReportLab's name
        del encoding
        return book.width(self.fontName, text) * size / 1000


@cache
def _measures() -> None:
    """ReportLab knows our typefaces from now on."""
    from reportlab.pdfbase import pdfmetrics

    for style in ("song", "hei"):
        pdfmetrics.registerFont(_Measured(style))


def drawing(chart: Chart, width: float, height: float) -> Any:
    """The chart as ReportLab lays it out, in points."""
    from reportlab.graphics.shapes import Drawing, Rect, String
    from reportlab.lib.colors import Color

    _measures()
    made = Drawing(width, height)
    made.add(String(width / 2, height - TITLE * 1.1, chart.title, fontName="hei", fontSize=TITLE, textAnchor="middle", fillColor=Color(*INK)))
    several = len(chart.series) > 1
    if chart.unit:
        made.add(String(2, height - TITLE * 2.4, _("单位：{0}").format(chart.unit), fontName="song", fontSize=SMALL, fillColor=Color(*INK)))
    if several:
        right = width
        for number, (name, _values) in reversed(list(enumerate(chart.series))):
            right -= book.width("song", name) * SMALL / 1000
            made.add(String(right, height - TITLE * 2.4, name, fontName="song", fontSize=SMALL, fillColor=Color(*INK)))
            right -= 12
            made.add(Rect(right, height - TITLE * 2.4 - 1, 8, 8, strokeColor=None, fillColor=Color(*COLOURS[number % len(COLOURS)])))
            right -= 12
    if not chart.empty:
        made.add(_plot(chart, width, height))
    else:
        made.add(String(width / 2, height / 2, _("这一期没有数据"), fontName="song", fontSize=10, textAnchor="middle", fillColor=Color(*INK)))
    return made


def _plot(chart: Chart, width: float, height: float) -> Any:
    from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.lib.colors import Color

    across = chart.kind == "across"
    plot = {"bars": VerticalBarChart, "across": HorizontalBarChart, "lines": HorizontalLineChart}[chart.kind]()
    left = max([book.width("song", _short(label)) for label in chart.labels]) * SMALL / 1000 + 8 if across else 34
    turned = not across and sum(book.width("song", _short(label)) * SMALL / 1000 + 6 for label in chart.labels) > width - left - 10
    plot.x, plot.y = left, 24 + 0.7 * max(book.width("song", _short(label)) for label in chart.labels) * SMALL / 1000 if turned else 22
    plot.width, plot.height = width - left - 26, height - TITLE * 3.2 - plot.y
    # a bar chart across counts from below: the first label stands on top
    order: Callable[[Sequence[Any]], list[Any]] = (lambda some: list(reversed(some))) if across else list
    plot.data = [order(values) for _name, values in chart.series]
    names, values_ = plot.categoryAxis, plot.valueAxis
    names.categoryNames = order([_short(label) for label in chart.labels])
    for axis in (names, values_):
        axis.strokeColor, axis.labels.fontName, axis.labels.fontSize = Color(*INK), "song", SMALL
        axis.labels.fillColor, axis.strokeWidth = Color(*INK), 0.6
    names.visibleTicks = False
    if turned:
        names.labels.angle, names.labels.boxAnchor, names.labels.dy = 45, "ne", -2
    values_.valueMin, values_.forceZero, values_.visibleGrid, values_.gridStrokeColor, values_.gridStrokeWidth = 0, True, True, Color(*PALE), 0.5
    values_.labelTextFormat = lambda value: f"{value:,.10g}"
    if chart.unit == "%":
        values_.valueMax, values_.valueStep = 100, 20
    elif chart.most <= 5:
        values_.valueMax, values_.valueStep = 5, 1
    _colour(chart, plot)
    return plot


def _alone(chart: Chart) -> bool:
    """Whether each bar has a line of its own, with room for its number."""
    return chart.kind == "across" and len(chart.series) == 1


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[:LONGEST - 1] + "…"


def _colour(chart: Chart, plot: Any) -> None:
    from reportlab.lib.colors import Color

    for number in range(len(chart.series)):
        colour = Color(*COLOURS[number % len(COLOURS)])
        if chart.kind == "lines":
            plot.lines[number].strokeColor, plot.lines[number].strokeWidth = colour, 1.8
        else:
            plot.bars[number].fillColor, plot.bars[number].strokeColor = colour, None
    if chart.kind == "lines":
        return
    plot.groupSpacing = 6 if chart.kind == "bars" else 4
    if len(chart.series) * len(chart.labels) <= LABELLED or _alone(chart):
        plot.barLabelFormat = lambda value: f"{value:,.10g}"
        plot.barLabels.fontName, plot.barLabels.fontSize, plot.barLabels.fillColor = "song", SMALL - 1, Color(*INK)
        plot.barLabels.boxAnchor, plot.barLabels.boxTarget = ("w", "hi") if chart.kind == "across" else ("s", "hi")
        plot.barLabels.nudge = 3 if chart.kind == "across" else 2


# ---------------------------------------------------------------- onto the paper

def put(pages: Pages, chart: Chart, x: float, y: float, width: float, height: float) -> None:
    """Draw a chart with its upper left corner at (x, y)."""
    pages.where = chart.title
    _walk(pages, drawing(chart, width, height), (1, 0, 0, 1, 0, 0), x, y + height)


def _walk(pages: Pages, node: Any, matrix: Any, x: float, floor: float) -> None:
    """What ReportLab laid out, shape by shape; its y goes up from the floor, the paper's goes down."""
    from reportlab.graphics import shapes

    def at(a: float, b: float) -> tuple[float, float]:
        px, py = shapes.transformPoint(matrix, (a, b))
        return x + px, floor - py

    while isinstance(node, shapes.UserNode):
        node = node.provideNode()
    if isinstance(node, shapes.Group):
        inner = shapes.mmult(matrix, node.transform)
        for child in node.getContents():
            _walk(pages, child, inner, x, floor)
    elif isinstance(node, shapes.String):
        _string(pages, node, matrix, at)
    elif isinstance(node, shapes.Rect):
        if node.fillColor is not None:
            (a, b), (c, d) = at(node.x, node.y), at(node.x + node.width, node.y + node.height)
            with pages.colour(*_rgb(node.fillColor)):
                pages.filled(min(a, c), min(b, d), abs(c - a), abs(d - b))
    elif isinstance(node, shapes.Line | shapes.PolyLine):
        points = list(node.points) if isinstance(node, shapes.PolyLine) else [node.x1, node.y1, node.x2, node.y2]
        ends = [at(a, b) for a, b in zip(points[::2], points[1::2], strict=True)]
        if node.strokeColor is not None:
            with pages.colour(*_rgb(node.strokeColor)):
                pages.lines([(*one, *other) for one, other in zip(ends, ends[1:], strict=False)], node.strokeWidth)


def _string(pages: Pages, node: Any, matrix: Any, at: Callable[[float, float], tuple[float, float]]) -> None:
    """A text, upright or turned; anchors are those of SVG."""
    align: Any = {"start": "left", "middle": "center", "end": "right"}[node.textAnchor]
    x, y = at(node.x, node.y)
    with pages.colour(*_rgb(node.fillColor)):
        if abs(matrix[1]) < 1e-6:
            pages.text(x, y, node.text, node.fontName, node.fontSize, align)
        else:
            with pages.turned(x, y, matrix[0], matrix[1]):
                pages.text(0, 0, node.text, node.fontName, node.fontSize, align)


def _rgb(colour: Any) -> Colour:
    return colour.red, colour.green, colour.blue


def append(pages: Pages, frame: Frame, heading: str, some: Sequence[Chart]) -> None:
    """Charts on pages of their own behind a register, as many on a page as there is room for."""
    top, bottom = frame.top + 12 * MM, frame.height - frame.bottom - 4 * MM
    y = bottom
    for place, chart in enumerate(some):
        high = min(chart.high, bottom - top)
        if y + high > bottom + 0.01:
            if place:
                pages.turn()
            pages.start(frame.width, frame.height)
            pages.text(frame.width / 2, frame.top + 7 * MM, heading, "biao", 16, "center", 2)
            y = top
        put(pages, chart, frame.left, y, frame.across, high - 5 * MM)
        y += high

    def foot(number: int, total: int) -> None:
        pages.text(frame.width - frame.right, frame.height - frame.bottom - 1 * MM, _("附图第 {0} 页　共 {1} 页").format(number, total), "song", 9.5, "right")

    if some:
        pages.turn()
        pages.end_section(foot)


def picture(chart: Chart, width: float, height: float) -> bytes:
    """The chart alone as a PDF, for the screen."""
    pages = Pages(chart.title)
    pages.start(width, height)
    put(pages, chart, 6, 4, width - 12, height - 8)
    pages.turn()
    pages.end_section(lambda _number, _total: None)
    return pages.data()
