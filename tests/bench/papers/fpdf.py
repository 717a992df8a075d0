"""fpdf2: cells placed directly, its own fallback fonts for rare characters."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fpdf import FPDF

from gridapp import places
from tests.bench.papers import lay

FACES = {"song": "FormSong", "hei": "FormHei", "biao": "FormBiaoSong", "latin": "FormLatin", "rarea": "FormRareA", "rareb": "FormRareB"}


def draw(data: Path, out: Path) -> int:
    """Pages."""
    pdf = FPDF(unit="pt", format=(lay.FRAME.width, lay.FRAME.height))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    for style, name in FACES.items():
        pdf.add_font(style, fname=places.font(name))
    pdf.set_fallback_fonts(["song", "latin", "rarea", "rareb"])

    @lru_cache(None)
    def measure(style: str, text: str) -> float:
        pdf.set_font(style, size=10)
        return float(pdf.get_string_width(text)) * 100

    sheets = list(lay.sheets(data, measure))
    for number, sheet in enumerate(sheets, 1):
        pdf.add_page()
        for text in (*sheet.texts, *lay.foot(number, len(sheets), measure)):
            pdf.set_font(text.style, size=text.size)
            pdf.set_xy(text.x, text.y - text.size * 0.8)  # its text() knows no fallback fonts, its cells do
            pdf.cell(h=text.size, text=text.text)
        pdf.set_line_width(0.5)
        for line in sheet.lines:
            pdf.line(*line)
        pdf.set_line_width(1)
        pdf.rect(lay.LEFT, lay.TOP, lay.RIGHT - lay.LEFT, sheet.bottom - lay.TOP)
        for x, y, payload in sheet.codes:
            found, across = lay.bars(payload)
            unit = lay.CODE / across
            for start, row, length in found:
                pdf.rect(x + start * unit, y + row * unit, length * unit, unit, style="F")
    pdf.output(str(out))
    return len(sheets)
