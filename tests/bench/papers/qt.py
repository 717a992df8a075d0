"""Qt's QPainter on a QPdfWriter: the same sheets, the same fonts by families with what stands in for rare characters."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from gridapp import places
from tests.bench.papers import lay

FILES = ("FormSong", "FormLatin", "FormRareA", "FormRareB", "FormHei", "FormBiaoSong")
REST = ("FormSong", "FormLatin", "FormRareA", "FormRareB")
#: device dots a point
SCALE = 20.0


class Type:
    """The fonts by style and size."""

    def __init__(self) -> None:
        self.families = {name: QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(places.font(name))))[0] for name in FILES}
        self._measures = {style: QFontMetricsF(self._font(style, 1000)) for style in ("song", "hei", "biao")}
        self.font = lru_cache(None)(self._font)
        self.measure = lru_cache(None)(self._measured)

    def _font(self, style: str, size: float) -> QFont:
        first = {"song": (), "hei": ("FormHei",), "biao": ("FormBiaoSong",)}[style]
        font = QFont([self.families[name] for name in (*first, *REST)])
        font.setPixelSize(round(size))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def _measured(self, style: str, text: str) -> float:
        return float(self._measures[style].horizontalAdvance(text))


def draw(data: Path, out: Path) -> int:
    """Pages."""
    app = QGuiApplication.instance() or QGuiApplication(["bench"])
    case = Type()
    sheets = list(lay.sheets(data, case.measure))
    writer = QPdfWriter(str(out))
    writer.setResolution(round(72 * SCALE))
    writer.setPageLayout(QPageLayout(QPageSize(QSizeF(lay.FRAME.width, lay.FRAME.height), QPageSize.Unit.Point), QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter(writer)
    for number, sheet in enumerate(sheets, 1):
        if number > 1:
            writer.newPage()
        _sheet(painter, case, sheet, lay.foot(number, len(sheets), case.measure))
    painter.end()
    assert app is not None
    return len(sheets)


def _sheet(painter: QPainter, case: Type, sheet: lay.Sheet, foot: list[lay.Text]) -> None:
    for text in (*sheet.texts, *foot):
        painter.setFont(case.font(text.style, text.size * SCALE))
        painter.drawText(QPointF(text.x * SCALE, text.y * SCALE), text.text)
    painter.setPen(QPen(QColor("black"), 0.5 * SCALE))
    painter.drawLines([QLineF(*[value * SCALE for value in line]) for line in sheet.lines])
    painter.setPen(QPen(QColor("black"), SCALE))
    painter.drawRect(QRectF(lay.LEFT * SCALE, lay.TOP * SCALE, (lay.RIGHT - lay.LEFT) * SCALE, (sheet.bottom - lay.TOP) * SCALE))
    for x, y, payload in sheet.codes:
        found, across = lay.bars(payload)
        unit = lay.CODE / across * SCALE
        for start, row, length in found:
            painter.fillRect(QRectF(x * SCALE + start * unit, y * SCALE + row * unit, length * unit, unit), QColor("black"))
