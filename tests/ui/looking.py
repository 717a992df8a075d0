"""Everything a window says, wherever it says it: words, hints, spoken names, models in every role, titles; and what it puts on the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QPlainTextEdit, QTextEdit, QWidget

#: calls of any widget that tell words
TELLING = ("accessibleDescription", "accessibleName", "currentText", "placeholderText", "statusTip", "text", "title", "toolTip", "toPlainText",
           "whatsThis", "windowTitle")
ROLES = [*range(30), *range(Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 6)]


def everything(office: Any) -> str:
    """All of it from every window of the program, hidden widgets included; what was thrown away is gone, as between two events."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return "\n".join(said for top in QApplication.topLevelWidgets() for widget in (top, *top.findChildren(QWidget)) for said in of_widget(widget))


def of_widget(widget: QWidget) -> Iterator[str]:
    for name in TELLING:
        call = getattr(widget, name, None)
        if callable(call):
            yield str(call())
    if isinstance(widget, QAbstractItemView | QComboBox) and widget.model() is not None:
        yield from of_model(widget.model())


def of_model(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(model.rowCount(QModelIndex())):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
            at = model.index(row, column)
            # a model of Qt's own tells all it holds at once
            told = model.itemData(at).values() if isinstance(model, QStandardItemModel) else map(at.data, ROLES)
            yield from (str(value) for value in told if value is not None)


def copied(office: Any) -> str:
    """What every list and field of the window puts on the clipboard when all of it is copied."""
    board, found = QGuiApplication.clipboard(), []
    for widget in office.window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        board.setText("")
        if isinstance(widget, QAbstractItemView):
            for row in range(widget.model().rowCount() if widget.model() else 0):
                widget.setCurrentIndex(widget.model().index(row, 1))
                QTest.keySequence(widget, QKeySequence(QKeySequence.StandardKey.Copy))
                found.append(board.text())
        elif hasattr(widget, "selectAll") and (hasattr(widget, "copy") or isinstance(widget, QPlainTextEdit | QTextEdit)):
            widget.selectAll()
            widget.copy()
            found.append(board.text())
    board.setText("")
    return "\n".join(found)
