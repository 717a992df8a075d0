"""Register papers (登记簿): what they print and how their layout file describes the columns, the head, the foot and the bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from gridapp.printing.layout import MM, BadLayout, Frame, Section, Template
from gridapp.printing.ink import Align, Look
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.printing.charts import Chart

HEADING = Look("hei", 9.5)


class Entry(Protocol):
    """One row, or what stands above a group of rows; `label` names it when a character cannot be printed."""

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Group:
    """Rows that belong together, such as the tenants of one house."""

    values: Entry
    rows: Iterable[Entry]


@dataclass(frozen=True)
class Register:
    """What a register paper prints: values for the head, the groups, how many rows in all (for the progress).

    With `overall` each page also tells its place in the whole file (总第 x 页), for many houses in one file. `charts` follow on pages
    of their own.
    """

    head: object
    groups: Iterable[Group]
    count: int
    overall: bool = False
    charts: Sequence[Chart] = ()


class Rows(Entry, Protocol):
    """Values for the head of a register with all its rows."""

    @property
    def rows(self) -> Sequence[Entry]: ...


def in_one_group(values: Rows) -> Register:
    """The rows follow each other over all pages."""
    return Register(values, [Group(values, values.rows)], len(values.rows))


@dataclass(frozen=True)
class Column:
    """A column: `least` is the size to which a text may shrink to stay on one line (names, numbers)."""

    name: str
    width: float
    text: Template
    look: Look
    least: float


@dataclass(frozen=True)
class Band:
    """What stands above a group: lines of text, places to sign, a QR code; a group may begin a page or follow on."""

    lines: tuple[Template, ...]
    side: tuple[str, ...]
    side_width: float
    qr: Template
    qr_width: float
    paged: bool


@dataclass(frozen=True)
class Layout:
    """A register paper's layout file, read."""

    where: str
    frame: Frame
    title: Template
    left: Template
    right: Template
    foot: Template
    columns: tuple[Column, ...]
    rows: int
    header: float
    band: Band


def read(section: Section) -> Layout:
    """Read a layout file of shape `listed`; raises BadLayout naming the entry that is wrong."""
    head = section.section("head")
    layout = Layout(
        where=section.where,
        frame=section.frame(),
        title=section.template("title", None),
        left=head.template("left"),
        right=head.template("right"),
        foot=section.template("foot"),
        columns=tuple(map(column, section.sections("columns"))),
        rows=int(section.number("rows_per_page")),
        header=section.number("header", 9) * MM,
        band=_band(section.section("band")),
    )
    if not layout.columns or sum(one.width for one in layout.columns) > layout.frame.across + 0.1:
        raise BadLayout(section.where, _("各栏宽度之和超出纸面，或没有一栏"))
    if not 1 <= layout.rows <= 60:
        raise BadLayout(section.where, _("每页行数 rows_per_page 应在 1 到 60 之间"))
    return layout


def column(section: Section) -> Column:
    """One column of a register, or of a table inside a boxed paper."""
    size = section.number("size", 9)
    align = cast(Align, section.choice("align", ("left", "center", "right"), "center"))
    return Column(
        name=section.text("name"),
        width=section.number("width") * MM,
        text=section.template("text", None),
        look=Look("song", size, align, pad=section.number("pad", 0.8) * MM),
        least=section.number("least", size),
    )


def _band(section: Section) -> Band:
    side, qr = section.texts("side"), section.template("qr")
    return Band(
        lines=section.templates("lines"),
        side=side,
        side_width=section.number("side_width", 50) * MM if side else 0.0,
        qr=qr,
        qr_width=14 * MM if qr else 0.0,
        paged=section.choice("begins", ("page", "line"), "line") == "page",
    )
