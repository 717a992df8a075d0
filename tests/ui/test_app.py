"""The one QApplication: Qt's own words are Chinese, and none of them is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QProxyStyle, QPushButton, QStyle

from gridapp.settings import Settings
from ui import app


def test_qts_words_are_chinese_and_what_nobody_translated_stays(qapp: Any) -> None:
    app.application(Settings())
    said = QCoreApplication.translate
    assert said("QPlatformTheme", "Cancel") == "取消" and said("QFileDialog", "Look in:") == "查找范围："
    assert said("QNobody", "a text nobody translated") == "a text nobody translated"
    printer = QPrinter()
    assert printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4)) and printer.pageLayout().isValid()


def test_the_file_dialog_says_no_english_word(qtbot: Any) -> None:
    app.application(Settings())
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    words = [w.text() for kind in (QLabel, QPushButton) for w in dialog.findChildren(kind) if w.isVisible()]
    assert words and [w for w in words if re.search(r"[A-Za-z]{3,}", w)] == []


class WithIcons(QProxyStyle):
    """A desktop that likes them."""

    def styleHint(self, hint: Any, *told: Any) -> int:
        return 1 if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons else super().styleHint(hint, *told)


def test_buttons_of_qts_own_boxes_have_words_alone_whatever_the_desktop_likes(qtbot: Any) -> None:
    used = app.application(Settings())
    used.setStyle(WithIcons("Fusion"))
    try:
        shown = {}
        for sheet in (used.styleSheet(), ""):
            used.setStyleSheet(sheet)
            box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
            qtbot.addWidget(box)
            box.show()
            shown[bool(sheet)] = [button.icon().isNull() for button in box.buttons()]
        assert shown == {True: [True, True], False: [False, False]}
    finally:
        used.setStyle("Fusion")
        used.setStyleSheet("")
        app.application(Settings())


def test_the_menu_of_a_line_is_chinese(open_office: Callable[..., Any]) -> None:
    office = open_office()
    line: QLineEdit = office.window.start.officer
    line.setText("王建国")
    menu = line.createStandardContextMenu()
    words = [re.sub(r"\(.*|\t.*|&", "", a.text()) for a in menu.actions() if a.text()]
    assert len(words) > 4 and [w for w in words if re.search(r"[A-Za-z]", w)] == []
