"""From the rows of a boxed paper and its values to blocks of strips (版块): measured, broken into lines, ready to be stacked on pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from gridapp.printing.boxed import UNITS, Cell, Cells, Flow, Row, Rule, Say, Table
from gridapp.printing.layout import MM, Values, say
from gridapp.printing.listed import Column
from gridapp.printing.ink import Look
from gridapp.printing.page import Pages

_HEADING = Look("hei", 10, "center", 1.2, 0.8 * MM)
_ROOM = 2.4 * MM
_LEAST_LINES = 3
_SHORT = 4  # a paragraph of so many lines is not torn by a page's end


@dataclass(frozen=True)
class Piece:
    """Lines of text in a box `width` wide, `x` from the left margin."""

    x: float
    width: float
    lines: Sequence[str]
    look: Look
    size: float
    pictures: Sequence[bytes] = ()
    #: how many pictures stand beside each other, and as many rows
    beside: int = 2
    #: distance of lines to write on while there is no text
    ruled: float = 0.0

    @property
    def height(self) -> float:
        return self.high(len(self.lines))

    def high(self, lines: int) -> float:
        """How high its first lines are."""
        return min(lines, len(self.lines)) * self.size * self.look.lead + _ROOM if self.lines else 0.0

    def torn(self, room: float) -> tuple[Piece, Piece]:
        """What of it fits in a height, one line at least, and the rest."""
        count = max(1, int((room - _ROOM) / (self.size * self.look.lead)))
        return replace(self, lines=self.lines[:count]), replace(self, lines=self.lines[count:])


@dataclass(frozen=True)
class Saying:
    """One line of a text without a box, its base line `drop` below the strip's top."""

    x: float
    width: float
    text: str
    style: str
    size: float
    flow: Flow
    gap: float
    drop: float


@dataclass(frozen=True)
class Stroke:
    """A line across, `drop` below the strip's top."""

    thick: float
    dash: str
    drop: float


@dataclass(frozen=True)
class Strip:
    """A row of boxes, or one line of text: torn by a page's end only when it is very tall, and then between lines."""

    height: float
    pieces: tuple[Piece, ...] = ()
    saying: Saying | None = None
    stroke: Stroke | None = None
    framed: bool = False
    colour: str = "black"

    @property
    def least(self) -> float:
        """The least of it worth beginning on a page; photos are not torn."""
        if any(piece.pictures for piece in self.pieces):
            return self.height
        return max((piece.high(_LEAST_LINES) for piece in self.pieces), default=self.height)

    def torn(self, room: float) -> tuple[Strip, Strip]:
        """What of it fits in a height, and the rest."""
        parts = [piece.torn(room) for piece in self.pieces]
        rest = tuple(after for _before, after in parts)
        return (
            replace(self, pieces=tuple(before for before, _after in parts), height=room),
            replace(self, pieces=rest, height=max(piece.height for piece in rest)),
        )


@dataclass(frozen=True)
class Block:
    """Strips that came from one row of the layout; `beside` stands over all of them on a page (a label, a photo).

    `together`: not torn by a page's end; `keep`: on one page with the block that follows.
    """

    strips: tuple[Strip, ...]
    beside: tuple[Piece, ...] = ()
    head: Strip | None = None
    fill: float = 0.0
    blank: Strip | None = None
    together: bool = False
    keep: bool = False

    @property
    def height(self) -> float:
        return sum(strip.height for strip in self.strips)


@dataclass
class Builder:
    """Builds the blocks of one part for one set of values; `across` is the width."""

    pages: Pages
    across: float
    values: Values

    def build(self, rows: Sequence[Row]) -> Iterator[Block]:
        """The blocks of all rows; rows beside a box that is several rows high become one block."""
        waiting: list[Cells] = []
        due = 0
        for row in rows:
            if isinstance(row, Cells):
                waiting.append(row)
                due = max(due, len(waiting), *(len(waiting) - 1 + cell.down for cell in row.cells))
                if len(waiting) == due:
                    yield self._grid(waiting)
                    waiting, due = [], 0
            elif isinstance(row, Table):
                yield self._table(row)
            elif isinstance(row, Say):
                yield self._say(row)
            else:
                yield self._rule(row)
        if waiting:
            yield self._grid(waiting)

    # -- boxes ------------------------------------------------------------------------------------------------

    def _grid(self, rows: Sequence[Cells]) -> Block:
        taken: set[tuple[int, int]] = set()
        strips: list[Strip] = []
        beside: list[Piece] = []
        for number, row in enumerate(rows):
            pieces: list[Piece] = []
            for unit, cell in _placed(row, number, taken):
                piece = self._cell(unit, cell)
                (beside if cell.down > 1 else pieces).append(piece)
            height = max([row.height, *(piece.height for piece in pieces)])
            strips.append(Strip(height, tuple(pieces), framed=row.framed))
        short = sum(piece.height for piece in beside[:1]) - sum(strip.height for strip in strips)
        if short > 0:
            strips[-1] = replace(strips[-1], height=strips[-1].height + short)
        return Block(tuple(strips), tuple(beside), fill=rows[-1].fill, together=len(rows) > 1, keep=rows[-1].keep)

    def _cell(self, unit: int, cell: Cell) -> Piece:
        step = self.across / UNITS
        width = cell.span * step
        room = width - 2 * cell.look.pad
        if cell.options:
            lines, size = self._options(cell, room), cell.look.size
        else:
            lines, size = self._text(cell.text.fill(self.values), cell.look, cell.least, room)
        pictures = cast(Sequence[bytes], self.values[cell.photos]) if cell.photos else ()
        return Piece(unit * step, width, lines, cell.look, size, tuple(pictures), cell.beside, cell.ruled)

    def _text(self, text: str, look: Look, least: float, room: float) -> tuple[list[str], float]:
        return self.pages.fitted(text, look.style, look.size, least, room) if text else ([], look.size)

    def _options(self, cell: Cell, room: float) -> list[str]:
        """The options with their boxes, some ticked; no option is torn unless it alone is wider than the cell."""
        lines = [""]
        for option in _ticked(cell.options, _chosen(self.values[cell.chosen]) if cell.chosen else ()):
            longer = f"{lines[-1]}　{option}" if lines[-1] else option
            if lines[-1] and self.pages.width(cell.look.style, longer, cell.look.size) > room:
                lines.append(option)
            else:
                lines[-1] = longer
        return [piece for line in lines for piece in self.pages.wrapped(line, cell.look.style, cell.look.size, room)]

    # -- tables -----------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> Block:
        label = table.span * self.across / UNITS
        scale = (self.across - label) / sum(column.width for column in table.columns)
        edges = [label]
        for column in table.columns:
            edges.append(edges[-1] + column.width * scale)
        widths = [right - left for left, right in zip(edges, edges[1:], strict=False)]
        rows = self.values.many(table.rows)
        strips = [self._entry(table, edges, widths, row, number) for number, row in enumerate(rows, 1)]
        blank = Strip(table.height, _empty(edges, widths, table.columns), framed=True)
        strips += [blank] * (table.least - len(rows))
        head = self._table_head(table, edges, widths)
        beside = (self._beside(table, label),) if label else ()
        return Block((head, *strips), beside, head, table.fill, blank)

    def _table_head(self, table: Table, edges: Sequence[float], widths: Sequence[float]) -> Strip:
        pieces = []
        for x, width, column in zip(edges, widths, table.columns, strict=False):
            lines = self.pages.wrapped(column.name, _HEADING.style, _HEADING.size, width)
            pieces.append(Piece(x, width, lines, _HEADING, _HEADING.size))
        return Strip(max(8 * MM, *(piece.height for piece in pieces), 0), tuple(pieces), framed=True)

    def _entry(self, table: Table, edges: Sequence[float], widths: Sequence[float], row: object, number: int) -> Strip:
        values = self.values.also(row, Number(number))
        pieces = []
        for x, width, column in zip(edges, widths, table.columns, strict=False):
            lines, size = self._text(column.text.fill(values), column.look, column.least, width - 2 * column.look.pad)
            pieces.append(Piece(x, width, lines, column.look, size))
        return Strip(max([table.height, *(piece.height for piece in pieces)]), tuple(pieces), framed=True)

    def _beside(self, table: Table, width: float) -> Piece:
        look = Look("hei", 10.5, "center", 1.3, 1 * MM)
        lines, size = self._text(table.label.fill(self.values), look, look.size, width - 2 * look.pad)
        return Piece(0.0, width, lines, look, size)

    # -- texts ------------------------------------------------------------------------------------------------

    def _say(self, row: Say) -> Block:
        lines = self.pages.wrapped(row.text.fill(self.values), row.style, row.size, self.across, row.indent)
        if row.flow == "spread":
            lines = ["".join(lines)]
        strips = []
        for number, line in enumerate(lines):
            indent = row.indent if number == 0 else 0.0
            flow: Flow = "left" if row.flow == "justify" and number == len(lines) - 1 else row.flow
            before = row.before if number == 0 else 0.0
            after = row.after if number == len(lines) - 1 else 0.0
            drop = before + row.lead / 2 + row.size * 0.37
            saying = Saying(indent, self.across - indent, line, row.style, row.size, flow, row.gap, drop)
            strips.append(Strip(before + row.lead + after, saying=saying, colour=row.colour))
        return Block(tuple(strips), together=len(strips) <= _SHORT, keep=row.keep)

    def _rule(self, row: Rule) -> Block:
        return Block((Strip(row.before + row.after, stroke=Stroke(row.thick, row.dash, row.before), colour=row.colour),))


@dataclass(frozen=True)
class Number:
    """The running number of a row (序号)."""

    line: int


def _placed(row: Cells, number: int, taken: set[tuple[int, int]]) -> Iterator[tuple[int, Cell]]:
    """Each cell with its first unit, leaving out the units a higher box already covers."""
    unit = 0
    for cell in row.cells:
        while (number, unit) in taken:
            unit += 1
        taken.update((number + below, unit + right) for below in range(cell.down) for right in range(cell.span))
        yield unit, cell
        unit += cell.span


def _empty(edges: Sequence[float], widths: Sequence[float], columns: Sequence[Column]) -> tuple[Piece, ...]:
    return tuple(Piece(x, width, (), one.look, one.look.size) for x, width, one in zip(edges, widths, columns, strict=False))


def _chosen(value: object) -> tuple[str, ...]:
    if isinstance(value, (tuple, list)):
        return tuple(map(say, value))
    return (say(value),) if say(value) else ()


def _ticked(options: Sequence[str], chosen: Sequence[str]) -> Iterator[str]:
    """□日常 ☑夜间; what was chosen but is no option is written behind 其他, or added."""
    others = "、".join(one for one in chosen if one not in options)
    for option in options:
        if option == "其他" and others:
            yield f"☑其他（{others}）"
            others = ""
        else:
            yield ("☑" if option in chosen else "□") + option
    if others:
        yield f"☑{others}"
