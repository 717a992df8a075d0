"""Boxed papers (表格): rows on a grid of twelve units, tables, tick boxes, paragraphs; what they print and how their layout file reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from gridapp.printing.layout import MM, BadLayout, Frame, Section, Template
from gridapp.printing.listed import Column, column
from gridapp.printing.ink import Align, Look
from gridapp.texts import _

UNITS = 12
Flow = Literal["left", "center", "right", "justify", "spread"]
_ROLES = {
    "label": Look("hei", 10.5, "center", 1.3, 1 * MM),
    "value": Look("song", 10.5, "left", 1.35, 2 * MM),
    "check": Look("song", 10.5, "left", 1.55, 2 * MM),
    "sign": Look("fang", 14, "left", 1.3, 0.0),
}
_SIDES = ("left", "center", "right")
_COLOURS = ("black", "red", "grey")


@dataclass(frozen=True)
class Filled:
    """What a boxed paper prints: one set of values for each copy of the form."""

    values: Sequence[object]

    @property
    def count(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Cell:
    """A box: a text, or options of which the values tick some; `down` rows high, `span` of twelve units wide."""

    span: int
    text: Template
    look: Look
    least: float
    options: tuple[str, ...]
    chosen: str
    down: int
    #: the values' photos that stand in the box, so many beside each other and below each other
    photos: str = ""
    beside: int = 2
    #: so far apart are the lines to write on while there is no text (横格), in points; 0 for none
    ruled: float = 0.0


@dataclass(frozen=True)
class Cells:
    """A row of boxes, or of texts without lines; `fill` is its share of the room left at the page's end.

    `keep`: on one page with the row that follows.
    """

    cells: tuple[Cell, ...]
    height: float
    fill: float
    framed: bool
    keep: bool


@dataclass(frozen=True)
class Table:
    """A table inside the form, with its label at the left, one row for each of the values' `rows`, at least `least` rows."""

    label: Template
    span: int
    rows: str
    columns: tuple[Column, ...]
    least: int
    height: float
    fill: float


@dataclass(frozen=True)
class Say:
    """A text without a box: title, number, paragraph; `keep`: on one page with the row that follows."""

    text: Template
    style: str
    size: float
    flow: Flow
    lead: float
    indent: float
    gap: float
    before: float
    after: float
    colour: str
    keep: bool


@dataclass(frozen=True)
class Rule:
    """A line across the page (红线)."""

    thick: float
    colour: str
    before: float
    after: float
    dash: str


Row = Cells | Table | Say | Rule


@dataclass(frozen=True)
class Part:
    """One of the parts of a paper, such as 第一联; each is counted and numbered by itself."""

    rows: tuple[Row, ...]
    corner: Template
    running: Template
    foot: Template
    qr: Template
    #: where the QR code stands: below the form with its captions, or beside the title, where it takes no room
    qr_at: str
    captions: tuple[Template, ...]
    seam: str
    seam_text: Template


@dataclass(frozen=True)
class Layout:
    """A boxed paper's layout file, read."""

    where: str
    frame: Frame
    parts: tuple[Part, ...]


def read(section: Section) -> Layout:
    """Read a layout file of shape `boxed`; raises BadLayout naming the entry that is wrong.

    `[[parts]]` with `like = 1` repeats the rows of the first part (the second copy of a notice).
    """
    parts: list[Part] = []
    for part in section.sections("parts"):
        like = int(part.number("like", 0))
        rows = parts[like - 1].rows if 0 < like <= len(parts) else tuple(map(_row, part.sections("rows")))
        parts.append(_part(part, rows, section))
    if not parts or not all(part.rows for part in parts):
        raise BadLayout(section.where, _("没有一行内容"))
    return Layout(section.where, section.frame(), tuple(parts))


def _part(part: Section, rows: tuple[Row, ...], whole: Section) -> Part:
    return Part(
        rows=rows,
        corner=part.template("corner"),
        running=part.template("running", whole.text("title")),
        foot=part.template("foot"),
        qr=part.template("qr"),
        qr_at=part.choice("qr_at", ("foot", "head"), "foot"),
        captions=part.templates("captions"),
        seam=part.choice("seam", ("", "left", "right"), ""),
        seam_text=part.template("seam_text"),
    )


def _row(row: Section) -> Row:
    kind = row.choice("kind", ("cells", "table", "say", "rule"), "cells")
    return {"cells": _cells, "table": _table, "say": _say, "rule": _rule}[kind](row)


def _cells(row: Section) -> Row:
    cells = tuple(map(_cell, row.sections("cells")))
    if not cells or sum(cell.span for cell in cells) > UNITS:
        raise BadLayout(row.where, _("一行的格数 span 之和应不超过 {0}").format(UNITS))
    return Cells(cells, row.number("height", 9) * MM, row.number("fill", 0), _yes(row, "frame", "yes"), _yes(row, "keep", "no"))


def _yes(row: Section, key: str, usual: str) -> bool:
    return row.choice(key, ("yes", "no"), usual) == "yes"


def _cell(cell: Section) -> Cell:
    base = _ROLES[cell.choice("role", tuple(_ROLES), "value")]
    size = cell.number("size", base.size)
    look = Look(cell.text("style", base.style), size, cast(Align, cell.choice("align", _SIDES, base.align)), base.lead, base.pad)
    return Cell(
        span=int(cell.number("span")),
        text=cell.template("text"),
        look=look,
        least=cell.number("least", min(size, 9.0)),
        options=cell.texts("options"),
        chosen=cell.text("chosen", ""),
        down=max(1, int(cell.number("down", 1))),
        photos=cell.text("photos", ""),
        beside=max(1, int(cell.number("beside", 2))),
        ruled=cell.number("ruled", 0) * MM,
    )


def _table(row: Section) -> Row:
    return Table(
        label=row.template("label"),
        span=int(row.number("span", 0)),
        rows=row.text("rows"),
        columns=tuple(map(column, row.sections("columns"))),
        least=int(row.number("least", 0)),
        height=row.number("height", 9) * MM,
        fill=row.number("fill", 0),
    )


def _say(row: Section) -> Row:
    size = row.number("size", 16)
    return Say(
        text=row.template("text", None),
        style=row.choice("style", ("song", "biao", "hei", "fang"), "fang"),
        size=size,
        flow=cast(Flow, row.choice("align", (*_SIDES, "justify", "spread"), "left")),
        lead=row.number("lead", size * 1.75),
        indent=row.number("indent", 0) * size,
        gap=row.number("gap", 0),
        before=row.number("before", 0) * MM,
        after=row.number("after", 0) * MM,
        colour=row.choice("colour", _COLOURS, "black"),
        keep=_yes(row, "keep", "no"),
    )


def _rule(row: Section) -> Row:
    return Rule(
        thick=row.number("thick", 1.6),
        colour=row.choice("colour", _COLOURS, "black"),
        before=row.number("before", 0) * MM,
        after=row.number("after", 0) * MM,
        dash=row.text("dash", ""),
    )
