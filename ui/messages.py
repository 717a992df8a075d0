"""Boxes with a sentence and Chinese buttons; the few places where the window stops to ask. Tests replace these functions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from gridapp.errors import Sorted
from gridapp.texts import _


def _box(icon: QMessageBox.Icon, title: str, text: str) -> QMessageBox:
    box = QMessageBox(QApplication.activeWindow())
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    return box


def tell(failure: Sorted) -> None:
    """Say what happened and what to do next."""
    box = _box(QMessageBox.Icon.Warning, _("平安网格"), failure.text)
    box.addButton(_("知道了"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def inform(text: str) -> None:
    box = _box(QMessageBox.Icon.Information, _("平安网格"), text)
    box.addButton(_("知道了"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def ask(text: str, yes: str, no: str) -> bool:
    """A question with two answers in words; Esc is `no`."""
    box = _box(QMessageBox.Icon.Question, _("请确认"), text)
    agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setEscapeButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is agreed


def beep() -> None:
    """The sound of this PC for something that is wrong."""
    QApplication.beep()
