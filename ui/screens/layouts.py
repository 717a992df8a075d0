"""改版式: the text of a paper's layout on the left, the empty form it makes on the right, drawn anew as one types; kept whole or not at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPixmap, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import messages, theme
from ui.desk import Desk
from ui.flow import Flow
from ui.paged import Document
from ui.widgets import GAP, PAGE_MARGIN, answer, back, bar, button, column, label, page, say, scrolled

if TYPE_CHECKING:
    from ui.screens.pages import Pages

#: the form is drawn when nobody typed for so long
PAUSE_MS = 350
MONOSPACED = ("Consolas", "Noto Sans Mono CJK SC", "DejaVu Sans Mono", "Form Song")


def open_layout(screen: Pages, number: str) -> LayoutPage:
    """Show the layout of a paper in front of a screen; Esc leads back."""
    made = LayoutPage(screen.desk, number)
    made.left.connect(screen.back)
    made.left.connect(screen.refresh)
    screen.show_page(made, passing=True)
    made.text.setFocus()
    return made


class LayoutPage(QWidget):
    """One paper's layout being changed."""

    left = Signal()

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__()
        page(self)
        from gridapp import printing
        from gridapp.printing import editing

        self._desk, self.number = desk, printing.paper(number).number
        self._document: Document | None = None
        self._kept = editing.text_of(self.number)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._try)
        self._build(printing.PAPERS[self.number].title)
        self.text.setPlainText(self._kept)
        self.text.textChanged.connect(self._typed)
        self._try()

    def _build(self, title: str) -> None:
        may = self._may()
        self.save_button = button(_("保存（Ctrl+S）"), self.save, icon="save", role="primary", key="Ctrl+S")
        self.compare_button = button(_("与原样比较（F6）"), self.compare, icon="scale", key="F6", checkable=True)
        self.restore_button = button(_("恢复原样（F9）"), self.restore, icon="rotate-ccw", key="F9")
        if not may:
            self.save_button.hide()
            self.restore_button.hide()
        header, row = bar("header", back(self.leave))
        row.addWidget(label(_("改版式：{0} {1}").format(self.number, title), "title", wrap=True), 1)
        row.addLayout(Flow(self.compare_button, self.restore_button, self.save_button, to_right=True), 2)
        self.alert, self.told = answer("alert"), answer("notice")
        self.text = QPlainTextEdit(tabChangesFocus=True, lineWrapMode=QPlainTextEdit.LineWrapMode.NoWrap, readOnly=not may)
        self.text.setAccessibleName(_("版式文件"))
        font = QFont(self.font())
        font.setFamilies(list(MONOSPACED))
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.changes = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self.changes.setAccessibleName(_("和原样不同的地方"))
        for made in (self.text, self.changes):
            made.setProperty("role", "page")
            made.setFont(font)
        self.changes.hide()
        self._picture = label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = scrolled(page(self._picture), name=_("空表"))
        beside = QSplitter(Qt.Orientation.Horizontal)
        written = QWidget()
        under = column(written, 0, GAP)
        under.addWidget(self.text, 3)
        under.addWidget(self.changes, 1)
        beside.addWidget(written)
        beside.addWidget(self._area)
        beside.setSizes([theme.look.px(600), theme.look.px(600)])
        whole: QVBoxLayout = column(self)
        whole.addWidget(header)
        inside = QVBoxLayout()
        around = theme.look.px(PAGE_MARGIN)
        inside.setContentsMargins(around, around, around, around)
        inside.setSpacing(theme.look.px(GAP))
        for part in (self.alert, self.told, beside):
            inside.addWidget(part, int(part is beside))
        whole.addLayout(inside, 1)

    def _may(self) -> bool:
        from gridapp.printing import editing

        return self._desk.can(editing.keep_layout)

    # -- trying

    def _typed(self) -> None:
        self.told.hide()
        self._pause.start()

    def _try(self) -> None:
        """Draw the empty form in the worker; of several tries only the newest is shown."""
        from gridapp.printing import editing

        text, today = self.text.toPlainText(), self._desk.today
        self._desk.call(lambda _ledger: editing.trial(self.number, text, today), self._tried, self._wrong, lane="layout")
        if self.changes.isVisible():
            self._compare()

    def _tried(self, data: bytes) -> None:
        self.alert.hide()
        self._document = Document(data)
        self._show()

    def _wrong(self, failure: Sorted) -> None:
        """The last form that could be drawn stays."""
        say(self.alert, failure.text)

    def _show(self) -> None:
        """The first page of the form, as wide as there is room."""
        if self._document is None:
            return
        ratio = self.devicePixelRatioF()
        width = max(self._area.viewport().width() - theme.look.px(8), 200)
        picture = QPixmap.fromImage(self._document.image(0, width=round(width * ratio)))
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._show)

    # -- keeping

    @property
    def unsaved(self) -> bool:
        return self.text.toPlainText() != self._kept

    def save(self) -> None:
        """Keep it, if it can be drawn; the line that cannot is shown."""
        from gridapp.printing import editing

        text = self.text.toPlainText()
        self._desk.ask(editing.keep_layout, self.number, text, then=lambda _done: self._saved(text), fail=self._refused)

    def _saved(self, text: str) -> None:
        self._kept = text
        self.alert.hide()
        say(self.told, _("✓ 已保存，以后在这台电脑上打印 {0} 都用这个版式。").format(self.number))

    def _refused(self, failure: Sorted) -> None:
        say(self.alert, failure.text)
        line = getattr(failure, "line", 0)
        if line:
            block = self.text.document().findBlockByNumber(line - 1)
            self.text.setTextCursor(QTextCursor(block))
            self.text.centerCursor()
            self.text.setFocus()

    def restore(self) -> None:
        """As shipped, on the screen and for printing."""
        from gridapp.printing import editing

        if not messages.ask(_("把 {0} 恢复成程序自带的版式吗？您改过的内容会丢掉。").format(self.number), _("恢复原样"), _("不恢复")):
            return
        self._desk.ask(editing.restore_layout, self.number, then=self._restored, fail=self._refused)

    def _restored(self, _done: Any) -> None:
        from gridapp.printing import editing

        self._kept = editing.text_of(self.number)
        self.text.setPlainText(self._kept)
        self._pause.stop()
        self._try()
        say(self.told, _("✓ 已恢复原样。"))

    # -- comparing

    def compare(self) -> None:
        self.changes.setVisible(self.compare_button.isChecked())
        if self.compare_button.isChecked():
            self._compare()

    def _compare(self) -> None:
        from gridapp.printing import editing

        found = editing.differences(self.number, self.text.toPlainText())
        self.changes.setPlainText("\n".join(found) or _("和程序自带的版式一样。"))

    def leave(self) -> None:
        """Back; what is not saved is asked about."""
        if self.unsaved and not messages.ask(_("改动还没有保存，离开就没有了。"), _("不保存，离开"), _("留在这里")):
            return
        self._pause.stop()
        QTimer.singleShot(0, self, partial(self.left.emit))
