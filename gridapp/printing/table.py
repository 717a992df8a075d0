"""Drawing a register paper: heading on every page, bands, rows that grow with their text, blank rows to the page's end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gridapp.printing import listed
from gridapp.printing.layout import CONTINUED, MM, Section, Values
from gridapp.printing.listed import HEADING, Group, Register
from gridapp.printing.ink import Line, Look
from gridapp.printing.page import Pages
from gridapp.texts import _

_BAND_LINE = 5.6 * MM
_BAND_LEAST = 14 * MM
_FOOT = 8 * MM
_WHOLE = 0.25  # a row up to this share of a page's rows goes over whole; a taller one is torn between lines
_LEAST_LINES = 3
#: white for every line of a cell, of so many lines at most
_LINE_PAD, _PADDED = 0.35 * MM, 4


class _Cell(NamedTuple):
    """One row's text in one column, broken into lines."""

    lines: list[str]
    size: float
    look: Look

    @property
    def height(self) -> float:
        """With room above and below: two lines fit an ordinary row, a tall cell keeps clear of its lines."""
        count = len(self.lines)
        return count * self.size * self.look.lead + _LINE_PAD * (count if count < _PADDED else _PADDED)

    def torn(self, room: float) -> tuple[_Cell, _Cell]:
        """What of it fits in a height, and the rest."""
        count = max(1, int((room - _LINE_PAD * min(_PADDED, len(self.lines))) / (self.size * self.look.lead)))
        return self._replace(lines=self.lines[:count]), self._replace(lines=self.lines[count:])


@dataclass(frozen=True)
class _Running:
    """The running number of a row (序号)."""

    line: int


def draw(pages: Pages, section: Section, register: Register, imprint: object, tick: Callable[[int], None]) -> None:
    """Print a register; `tick` is told the number of rows done as each page ends."""
    _Table(pages, listed.read(section), Values(section.where, register.head, imprint), tick, register.overall).run(register.groups)


class _Table:
    """A register being drawn; `y` is where the next row goes."""

    def __init__(self, pages: Pages, layout: listed.Layout, values: Values, tick: Callable[[int], None], overall: bool) -> None:
        self._pages, self._layout, self._values, self._tick, self._overall = pages, layout, values, tick, overall
        frame, band = layout.frame, layout.band
        self._left, self._bottom = frame.left, frame.height - frame.bottom - _FOOT
        self._edges = [frame.left]
        for column in layout.columns:
            self._edges.append(self._edges[-1] + column.width)
        self._right = self._edges[-1]
        self._qr_edge = self._right - band.qr_width
        self._side_edge = self._qr_edge - band.side_width
        self._thin: list[Line] = []
        self._y = self._top = self._body = self._row = self._first = 0.0
        self._open = False
        self._done = 0

    # -- the run ----------------------------------------------------------------------------------------------

    def run(self, groups: Iterable[Group]) -> None:
        """All groups; with none at all one page of blank rows."""
        for group in groups:
            if self._layout.band.paged:
                self._end_section()
            self._draw_group(group)
        if not self._pages.count and not self._open:
            self._open_page(None, "")
        self._end_section()

    def _draw_group(self, group: Group) -> None:
        self._begin(group, "")
        label = group.values.label
        for number, row in enumerate(group.rows, 1):
            self._pages.where = f"{label} {row.label}".strip()
            self._draw_row(group, self._cells(row, number))
            self._done += 1

    def _begin(self, group: Group, continued: str) -> None:
        """The band above a group, on this page when at least one row fits under it."""
        height = _band_height(self._band_lines(group, continued))
        if self._open and height and self._y + height + self._row > self._bottom:
            self._close_page()
        if not self._open:
            self._open_page(group, continued)
        elif height:
            self._draw_band(group, continued)

    def _end_section(self) -> None:
        if self._open:
            self._close_page()
        first = self._pages.section_start
        self._pages.end_section(lambda number, total: self._foot(number, total, first))

    # -- pages ------------------------------------------------------------------------------------------------

    def _open_page(self, group: Group | None, continued: str) -> None:
        frame, band = self._layout.frame, self._layout.band
        self._pages.start(frame.width, frame.height)
        self._pages.text(frame.width / 2, frame.top + 7 * MM, self._layout.title.fill(self._values), "biao", 20, "center", 2)
        self._y = self._top = self._body = self._head_lines(frame.top + 14.5 * MM) + 2 * MM
        self._open = True
        if group and band.lines and band.paged:
            self._draw_band(group, continued)
        self._header()
        if group and band.lines and not band.paged:
            self._draw_band(group, continued)
        if not self._row:
            more = _band_height(self._band_lines(group, continued)) - _BAND_LEAST if group and band.lines else 0.0
            self._row = (self._bottom - self._y + more) / self._layout.rows
        self._first = self._y

    def _head_lines(self, y: float) -> float:
        """What stands above the table at the left and at the right, below each other when they are long."""
        left, right, room = self._layout.left.fill(self._values), self._layout.right.fill(self._values), self._right - self._left
        together = self._pages.width("song", left + right, 10) + 5 * MM <= room
        for line in self._pages.wrapped(left, "song", 10, room) if left else []:
            self._pages.text(self._left, y, line, "song", 10)
            y += 5 * MM
        if right:
            y -= 5 * MM if left and together else 0
            self._pages.text(self._right, y, right, "song", 10, "right")
            y += 5 * MM
        return y - 5 * MM

    def _header(self) -> None:
        height = self._layout.header
        for x, column in zip(self._edges, self._layout.columns, strict=False):
            lines = self._pages.wrapped(column.name, HEADING.style, HEADING.size, column.width)
            self._pages.block(x, self._y, column.width, height, lines, HEADING)
        self._body = self._y
        self._step(height)

    def _step(self, height: float) -> None:
        """Down by `height`, with a line across."""
        self._y += height
        self._thin.append((self._left, self._y, self._right, self._y))

    def _rule_columns(self) -> None:
        """The lines between the columns, from where the rows began down to here."""
        if self._y > self._body:
            self._thin += [(x, self._body, x, self._y) for x in self._edges[1:-1]]
        self._body = self._y

    def _blank_rows(self) -> None:
        room = self._bottom - self._y
        count = int(room / self._row + 0.01)
        for _place in range(count):
            self._step(room / count)

    def _close_page(self) -> None:
        self._blank_rows()
        self._rule_columns()
        self._pages.lines(self._thin)
        self._pages.box(self._left, self._top, self._right - self._left, self._y - self._top)
        self._thin, self._open = [], False
        self._pages.turn()
        self._tick(self._done)

    def _foot(self, number: int, total: int, first: int) -> None:
        y = self._bottom + _FOOT - 1.5 * MM
        counted = _("第 {0} 页　共 {1} 页").format(number, total)
        if self._overall and self._layout.band.paged:
            counted += _("（总第 {0} 页）").format(first + number)
        room = self._right - self._left - self._pages.width("song", counted, 9.5) - 4 * MM
        self._pages.squeezed(self._left, y, self._layout.foot.fill(self._values), 9.5, room)
        self._pages.text(self._right, y, counted, "song", 9.5, "right")

    # -- bands ------------------------------------------------------------------------------------------------

    def _band_lines(self, group: Group, continued: str) -> list[tuple[str, str]]:
        """The band's lines and their typefaces: the first stands out."""
        values, out = self._values.also(group.values), []
        for place, template in enumerate(self._layout.band.lines):
            style = "song" if place else "hei"
            text = template.fill(values) + ("" if place else continued)
            out += [(line, style) for line in self._pages.wrapped(text, style, 9.5, self._side_edge - self._left - 4 * MM)]
        return out

    def _draw_band(self, group: Group, continued: str) -> None:
        self._pages.where = group.values.label
        self._rule_columns()
        top, lines = self._y, self._band_lines(group, continued)
        height = _band_height(lines)
        y = top + height / 2 - (len(lines) - 1) * _BAND_LINE / 2 + 1.2 * MM
        for line, style in lines:
            self._pages.text(self._left + 2 * MM, y, line, style, 9.5)
            y += _BAND_LINE
        for place, text in enumerate(self._layout.band.side):
            self._pages.text(self._side_edge + 1.5 * MM, top + (5.4 + 5.7 * place) * MM, text, "song", 9)
        code = self._layout.band.qr.fill(self._values.also(group.values))
        if code:
            self._pages.qr(self._qr_edge + 1 * MM, top + height / 2 - 6 * MM, 12 * MM, code)
        self._step(height)
        self._thin += [(x, top, x, self._y) for x in sorted({self._side_edge, self._qr_edge} - {self._right})]
        self._body = self._y

    # -- rows -------------------------------------------------------------------------------------------------

    def _cells(self, row: listed.Entry, number: int) -> list[_Cell]:
        values, cells = self._values.also(row, _Running(number)), []
        for column in self._layout.columns:
            look = column.look
            lines, size = self._pages.fitted(column.text.fill(values), look.style, look.size, column.least, column.width - 2 * look.pad)
            cells.append(_Cell(lines, size, look))
        return cells

    def _draw_row(self, group: Group, cells: list[_Cell]) -> None:
        """A row, on the next page when it does not fit here; a very tall one fills this page and goes on over the next."""
        height = self._height(cells)
        while self._y + height > self._bottom + 0.01:
            if self._may_tear(cells):
                parts = [cell.torn(self._bottom - self._y) for cell in cells]
                cells, rests = [first for first, _rest in parts], [rest for _first, rest in parts]
                self._put(cells, self._height(cells))
                cells = rests
                height = self._height(cells)
                if not any(cell.lines for cell in cells):
                    return
            self._close_page()
            self._open_page(group, CONTINUED)
        self._put(cells, height)

    def _height(self, cells: list[_Cell]) -> float:
        return max(self._row, *[cell.height for cell in cells])

    def _may_tear(self, cells: list[_Cell]) -> bool:
        if self._y <= self._first:
            return True
        lines = _LEAST_LINES * max(cell.size * cell.look.lead for cell in cells) + 0.35 * MM * _LEAST_LINES
        return self._height(cells) > _WHOLE * (self._bottom - self._first) and self._y + lines <= self._bottom

    def _put(self, cells: list[_Cell], height: float) -> None:
        height = min(height, max(self._bottom - self._y, self._row))
        for x, column, cell in zip(self._edges, self._layout.columns, cells, strict=False):
            self._pages.block(x, self._y, column.width, height, cell.lines, cell.look, cell.size)
        self._step(height)


def _band_height(lines: list[tuple[str, str]]) -> float:
    return max(_BAND_LEAST, len(lines) * _BAND_LINE + 2.8 * MM) if lines else 0.0
