"""The calendar under a field of a day: arrows go from day to day, Page keys from month to month, Enter takes it, Esc leaves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout, QWidget

from gridapp.fields.kinds import BEIJING


def today() -> date:
    """The day in China, wherever this PC thinks it is."""
    return datetime.now(BEIJING).date()


class Calendar(QFrame):
    """Pops up under `field` at the day `shown`; `picked` hears the day that was taken."""

    def __init__(self, field: QWidget, shown: date, picked: Callable[[date], None]) -> None:
        super().__init__(field, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._picked, self._field = picked, field
        self.days = QCalendarWidget()
        self.days.setLocale(QLocale("zh_CN"))
        self.days.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.days.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)  # '周一' is cut to '…'
        self.days.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.days.setDateRange(QDate(date.min.year, 1, 1), QDate(date.max.year, 12, 31))  # Qt knows days before our era
        self.days.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        self.days.clicked.connect(self._take)
        self.days.activated.connect(self._take)
        QVBoxLayout(self).addWidget(self.days)
        self.setFocusProxy(self.days)
        self._place()
        self.days.setFocus()

    def _place(self) -> None:
        """Under the field; above it where the screen ends."""
        under = self._field.mapToGlobal(QPoint(0, self._field.height() + 2))
        size, room = self.sizeHint(), self._field.screen().availableGeometry()
        if under.y() + size.height() > room.bottom():
            under = self._field.mapToGlobal(QPoint(0, -size.height() - 2))
        under.setX(max(room.left(), min(under.x(), room.right() - size.width())))
        self.move(under)

    def _take(self, day: QDate) -> None:
        self.close()
        self._picked(date(day.year(), day.month(), day.day()))
