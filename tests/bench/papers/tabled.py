"""ReportLab's own Table, one for each page, with Paragraph cells and its TTFont; QR codes by its own drawing operators."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table

from gridapp import places
from tests.bench.papers import lay

FACES = {"song": ("FormSong", "FormLatin", "FormRareA", "FormRareB"), "hei": ("FormHei", "FormSong"), "biao": ("FormBiaoSong", "FormSong")}
STYLES = {align: ParagraphStyle(align, fontName="FormSong", fontSize=9, leading=9 * lay.LEAD, alignment=side, wordWrap="CJK")
          for align, side in (("left", TA_LEFT), ("center", TA_CENTER))}
HEAD = ParagraphStyle("head", STYLES["center"], fontName="FormHei", fontSize=9.5, leading=9.5 * lay.LEAD)


class Code(Flowable):
    """A QR code."""

    def __init__(self, payload: str) -> None:
        super().__init__()
        self.width = self.height = lay.CODE
        self._payload = payload

    def draw(self) -> None:
        found, across = lay.bars(self._payload)
        unit = lay.CODE / across
        path = self.canv.beginPath()
        for start, row, length in found:
            path.rect(start * unit, lay.CODE - (row + 1) * unit, length * unit, unit)
        self.canv.drawPath(path, stroke=0, fill=1)


class Case:
    """Fonts, and which holds a character."""

    def __init__(self) -> None:
        self.fonts = {}
        for name in {name for names in FACES.values() for name in names}:
            self.fonts[name] = TTFont(name, str(places.font(name)))
            pdfmetrics.registerFont(self.fonts[name])
        self.measure = lru_cache(None)(self._measured)
        self.face = lru_cache(None)(self._face)

    def _face(self, style: str, char: str) -> str:
        return next(name for name in FACES[style] if ord(char) in self.fonts[name].face.charToGlyph)

    def _measured(self, style: str, text: str) -> float:
        return sum(pdfmetrics.stringWidth(char, self.face(style, char), 1000) for char in text)

    def marked(self, text: str) -> str:
        """Paragraph's markup, with a face for the characters the first lacks."""
        if all(ord(char) in self.fonts["FormSong"].face.charToGlyph for char in text):
            return escape(text)
        return "".join(f'<font name="{self.face("song", char)}">{escape(char)}</font>' for char in text)


def draw(data: Path, out: Path) -> int:
    """Pages."""
    rl_config.useA85 = 0
    case = Case()
    canvas = Canvas(str(out), pagesize=(lay.FRAME.width, lay.FRAME.height), initialFontName="FormSong")
    pages = list(lay.pages(data, case.measure))
    for number, page in enumerate(pages, 1):
        for text in _around(case, number, len(pages)):
            canvas.setFont(case.face(text.style, text.text[0]), text.size)
            canvas.drawString(text.x, lay.FRAME.height - text.y, text.text)
        table = _table(case, page)
        _width, height = table.wrapOn(canvas, lay.RIGHT - lay.LEFT, lay.BOTTOM - lay.TOP)
        table.drawOn(canvas, lay.LEFT, lay.FRAME.height - lay.TOP - height)
        canvas.showPage()
    canvas.save()
    return len(pages)


def _around(case: Case, number: int, total: int) -> list[lay.Text]:
    """Title and head of a page, and its foot."""
    return [*lay.sheet([], case.measure).texts[:3], *lay.foot(number, total, case.measure)]


def _table(case: Case, page: list[lay.Band | lay.Row]) -> Table:
    rows = [[Paragraph(column.name.replace("\n", "<br/>"), HEAD) for column in lay.COLUMNS]]
    heights = [lay.HEADER]
    style = [("INNERGRID", (0, 0), (-1, -1), 0.5, colors.black), ("BOX", (0, 0), (-1, -1), 1, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
             ("LEFTPADDING", (0, 0), (-1, -1), lay.PAD), ("RIGHTPADDING", (0, 0), (-1, -1), lay.PAD), ("TOPPADDING", (0, 0), (-1, -1), 0),
             ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    for item in page:
        if isinstance(item, lay.Band):
            place = len(rows)
            words = [Paragraph("<br/>".join(map(case.marked, item.texts)), STYLES["left"])]
            rows.append([words, *[""] * 7, Paragraph("<br/>".join(lay.SIDE), STYLES["left"]), "", "", Code(item.house.house_no)])
            style += [("SPAN", (0, place), (7, place)), ("SPAN", (8, place), (10, place))]
        else:
            rows.append([Paragraph(case.marked("".join(cell.lines)), STYLES[column.look.align]) for column, cell in zip(lay.COLUMNS, item.cells, strict=True)])
        heights.append(item.height)
    used = sum(heights)
    while used + lay.ROW <= lay.BOTTOM - lay.TOP:
        rows.append([""] * len(lay.COLUMNS))
        heights.append(lay.ROW)
        used += lay.ROW
    return Table(rows, [column.width for column in lay.COLUMNS], heights, style)
