"""What the peers draw, in points from the top left: the columns of F04, the head of each page, the band of a house, the foot.

The plainest layout that gives the same pages as the program's own: greedy lines, no 避头尾, nothing a county could change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import segno

from gridapp import places
from gridapp.printing import layout, listed
from gridapp.printing.layout import MM
from tests.bench.papers import sample

ROWS = 22
VILLAGE, GRID, MAKER, DAY = "永康市古山镇青后叶村村民委员会", "第一网格", "王建国", "2026年11月23日"
TITLE, HEAD = "出租房屋承租人员登记簿", (f"登记单位（盖章）：{VILLAGE}　　{GRID}", f"制表日期：{DAY}")
FOOT = f"本簿由出租人填写，村（居）委会、派出所查验。3个工作日内报送。　　　　制表人：{MAKER}　　　　审核人："
SIDE = ("房主签名：", "查验人签名：")
FRAME = layout.Section("F04", tomllib.loads(places.resource("papers", "F04.toml").read_text("utf-8"))).frame()
COLUMNS = listed.read(layout.load("F04")).columns
EDGES = [FRAME.left + sum(column.width for column in COLUMNS[:place]) for place in range(len(COLUMNS) + 1)]
LEFT, RIGHT = EDGES[0], EDGES[-1]
TOP, BOTTOM = FRAME.top + 16.5 * MM, FRAME.height - FRAME.bottom - 8 * MM
HEADER, BAND, LEAD, PAD = 9 * MM, 14 * MM, 1.2, 0.8 * MM
ROW = (BOTTOM - TOP - HEADER - BAND) / ROWS
SIDE_EDGE, QR_EDGE = RIGHT - 66 * MM, RIGHT - 14 * MM

Measure = Callable[[str, str], float]


class Cell(NamedTuple):
    """Broken into lines, and how large."""

    lines: list[str]
    size: float


class Row(NamedTuple):
    """One tenant."""

    cells: list[Cell]
    height: float


class Band(NamedTuple):
    """What stands above the tenants of a house."""

    house: sample.House
    height: float = BAND

    @property
    def texts(self) -> tuple[str, str]:
        house = self.house
        living = sum(not tenant[9] for tenant in house.tenants)
        return (f"房屋编号：{house.house_no}　　坐落：{house.address}",
                f"房主：{house.owner}　　电话：{house.phone}　　出租间数：{house.rooms}　　现住人数：{living}")


class Text(NamedTuple):
    """One line with its base line at `y`; `style` is song, hei or biao."""

    x: float
    y: float
    text: str
    style: str
    size: float


class Sheet(NamedTuple):
    """All that stands on one page."""

    texts: list[Text]
    lines: list[tuple[float, float, float, float]]
    codes: list[tuple[float, float, str]]
    bottom: float


def texts_of(number: int, tenant: list[str]) -> list[str]:
    return [str(number), *tenant]


def pages(data: Path, measure: Measure) -> Iterator[list[Band | Row]]:
    """What stands on each page; a house goes on over the page with its band again."""
    page: list[Band | Row] = []
    room = BOTTOM - TOP - HEADER
    used = 0.0
    for house in sample.read(data):
        if used + BAND + ROW > room:
            yield page
            page, used = [], 0.0
        page.append(Band(house))
        used += BAND
        for number, tenant in enumerate(house.tenants, 1):
            row = _row(texts_of(number, tenant), measure)
            if used + row.height > room:
                yield page
                page, used = [Band(house)], BAND
            page.append(row)
            used += row.height
    yield page


def _row(texts: list[str], measure: Measure) -> Row:
    cells = [_cell(text, column.look.size, column.least, column.width - 2 * PAD, measure) for text, column in zip(texts, COLUMNS, strict=True)]
    return Row(cells, max(ROW, max(len(cell.lines) * cell.size * LEAD + 0.7 * MM for cell in cells)))


def _cell(text: str, size: float, least: float, room: float, measure: Measure) -> Cell:
    natural = measure("song", text) / 1000
    if natural * size <= room:
        return Cell([text], size)
    if natural * least <= room:
        return Cell([text], room / natural)
    lines, line, used = [], "", 0.0
    for char in text:
        across = measure("song", char) * size / 1000
        if line and used + across > room:
            lines.append(line)
            line, used = "", 0.0
        line += char
        used += across
    return Cell([*lines, line], size)


def sheets(data: Path, measure: Measure) -> Iterator[Sheet]:
    """Every page as texts and lines."""
    for page in pages(data, measure):
        yield sheet(page, measure)


def sheet(page: list[Band | Row], measure: Measure) -> Sheet:
    """One page."""
    made = Sheet([], [], [], BOTTOM)
    texts, lines = made.texts, made.lines
    texts.append(Text((FRAME.width - measure("biao", TITLE) * 20 / 1000) / 2, FRAME.top + 7 * MM, TITLE, "biao", 20))
    texts.append(Text(LEFT, FRAME.top + 14.5 * MM, HEAD[0], "song", 10))
    texts.append(Text(RIGHT - measure("song", HEAD[1]) / 100, FRAME.top + 14.5 * MM, HEAD[1], "song", 10))
    y = TOP
    for x, column in zip(EDGES, COLUMNS, strict=False):
        _block(texts, x, y, column.width, HEADER, column.name.split("\n"), "hei", 9.5, "center", measure)
    body, y = y, y + HEADER
    lines.append((LEFT, y, RIGHT, y))
    for item in page:
        if isinstance(item, Band):
            lines += [(x, body, x, y) for x in EDGES[1:-1]]
            _band(made, item, y)
            y += BAND
            body = y
            lines += [(x, y - BAND, x, y) for x in (SIDE_EDGE, QR_EDGE)]
        else:
            for x, column, cell in zip(EDGES, COLUMNS, item.cells, strict=False):
                _block(texts, x, y, column.width, item.height, cell.lines, "song", cell.size, column.look.align, measure)
            y += item.height
        lines.append((LEFT, y, RIGHT, y))
    while y + ROW <= BOTTOM:
        y += ROW
        lines.append((LEFT, y, RIGHT, y))
    lines += [(x, body, x, y) for x in EDGES[1:-1]]
    return made._replace(bottom=y)


def _band(sheet: Sheet, band: Band, y: float) -> None:
    for place, text in enumerate(band.texts):
        sheet.texts.append(Text(LEFT + 2 * MM, y + (5.4 + 5.6 * place) * MM, text, "song" if place else "hei", 9.5))
    for place, text in enumerate(SIDE):
        sheet.texts.append(Text(SIDE_EDGE + 1.5 * MM, y + (5.4 + 5.7 * place) * MM, text, "song", 9))
    sheet.codes.append((QR_EDGE + MM, y + MM, band.house.house_no))


def _block(texts: list[Text], x: float, y: float, width: float, height: float, lines: list[str], style: str, size: float, align: str,
           measure: Measure) -> None:
    y += height / 2 - (len(lines) - 1) * size * LEAD / 2 + size * 0.37
    for line in lines:
        if line:
            across = measure(style, line) * size / 1000 if align != "left" else 0.0
            texts.append(Text(x + (PAD if align == "left" else (width - across) / 2), y, line, style, size))
        y += size * LEAD


def foot(number: int, total: int, measure: Measure) -> list[Text]:
    counted = f"第 {number} 页　共 {total} 页"
    y = BOTTOM + 6.5 * MM
    return [Text(LEFT, y, FOOT, "song", 9.5), Text(RIGHT - measure("song", counted) * 9.5 / 1000, y, counted, "song", 9.5)]


def bars(payload: str) -> tuple[list[tuple[int, int, int]], int]:
    """Dark runs of a QR code (start, row, length) and how many squares it is wide; the mask is chosen as the program does."""
    rows = segno.make(payload, error="m", micro=False, mask=3).matrix
    found = []
    for down, row in enumerate(rows):
        start = 0
        for place, dark in enumerate([*row, 0]):
            if not dark:
                if place > start:
                    found.append((start, down, place - start))
                start = place + 1
    return found, len(rows)


#: a QR code's side
CODE = 12 * MM
