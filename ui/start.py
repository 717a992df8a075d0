"""The first page: open the ledger with its password, or begin a new one. Nothing here stops in a box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gridapp import places
from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.desk import Desk

EXAMPLE_VILLAGE = "330784108238"
ENDING = ".grid"


class StartPage(QWidget):
    """Password for the known ledger, or the form of a new one."""

    #: path and where we are (village, grid, officer)
    opened = Signal(object, object)

    def __init__(self, desk: Desk, ledger: Path | None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._desk, self.path = desk, ledger
        self._stack = QStackedWidget()
        self._stack.addWidget(self._open_card())
        self._stack.addWidget(self._new_card())
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._stack)
        middle.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(1)
        self._stack.setFixedWidth(theme.look.px(560))
        self._show_known() if ledger is not None and ledger.exists() else self._stack.setCurrentIndex(1)

    # -- cards

    @staticmethod
    def _card(title: str, under: str) -> tuple[QFrame, QVBoxLayout]:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        margin = theme.look.px(28)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.look.px(12))
        for text, role in ((title, "title"), (under, "muted")):
            label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
            label.setProperty("role", role)
            column.addWidget(label)
        return card, column

    @staticmethod
    def _alert() -> QLabel:
        label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True, visible=False)
        label.setProperty("role", "alert")
        return label

    def _open_card(self) -> QFrame:
        card, column = self._card(_("平安网格"), _("流动人口和出租房屋台账"))
        self._known = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password, placeholderText=_("密码"), accessibleName=_("密码"))
        self.password.returnPressed.connect(self.open)
        self._open_alert = self._alert()
        self.open_button = QPushButton(_("打开"))
        self.open_button.setProperty("role", "primary")
        self.open_button.clicked.connect(self.open)
        other, new = QPushButton(_("打开别的台账…")), QPushButton(_("新建台账…"))
        other.clicked.connect(self._choose)
        new.clicked.connect(lambda: self._stack.setCurrentIndex(1))
        for widget in (self._known, self.password, self._open_alert, self.open_button):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(other)
        row.addWidget(new)
        row.addStretch(1)
        column.addLayout(row)
        return card

    def _new_card(self) -> QFrame:
        card, column = self._card(_("新建台账"), _("台账是一个加密文件，只有密码能打开。密码请记牢，忘记了谁也打不开。"))
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self.code = QLineEdit(EXAMPLE_VILLAGE)
        self.code.textChanged.connect(self._name_village)
        self._village = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._village.setProperty("role", "muted")
        self.grid = QLineEdit(_("第一网格"))
        self.officer = QLineEdit(placeholderText=_("您的姓名"))
        self.new_password = QLineEdit(echoMode=QLineEdit.EchoMode.Password, placeholderText=_("至少 8 个字符，建议一句好记的话"))
        self.again = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        for label, widget in ((_("村代码"), self.code), ("", self._village), (_("网格名称"), self.grid), (_("网格员"), self.officer),
                              (_("密码"), self.new_password), (_("再输一遍"), self.again)):
            form.addRow(label, widget)
        self._new_alert = self._alert()
        self.create_button = QPushButton(_("新建"))
        self.create_button.setProperty("role", "primary")
        self.create_button.clicked.connect(self.create)
        self.again.returnPressed.connect(self.create)
        existing = QPushButton(_("打开已有的台账…"))
        existing.clicked.connect(self._choose)
        column.addLayout(form)
        for widget in (self._new_alert, self.create_button, existing):
            column.addWidget(widget)
        self._name_village(EXAMPLE_VILLAGE)
        return card

    def _name_village(self, code: str) -> None:
        from gridapp.fields import codes

        found = codes.village(code.strip())
        self._village.setText(f"{found.county}{found.town}{found.display_name}" if found else _("代码表里没有这个村，请核对 12 位代码"))

    # -- doing

    def _show_known(self) -> None:
        assert self.path is not None
        self._known.setText(_("台账：{0}").format(self.path))
        self._stack.setCurrentIndex(0)
        self.password.setFocus()

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("打开台账"), str(places.data_dir()), _("台账 (*.grid);;所有文件 (*)"))
        if chosen:
            self.path = Path(chosen)
            self._show_known()

    def open(self) -> None:
        """Try the password; a refusal is said under the field."""
        if self.path is not None:
            self._open_alert.hide()
            self._enable(False)
            self._desk.open(self.path, self.password.text(), self._opened, lambda f: self._refused(self._open_alert, f))

    def create(self) -> None:
        """Begin a new ledger in this user's data folder, named after the village."""
        self._new_alert.hide()
        problem = self._problem()
        if problem:
            self._refused(self._new_alert, Sorted(problem))
            return
        self.path = self._new_path()
        self._enable(False)
        self._desk.create(self.path, self.new_password.text(), self.code.text().strip(), self.grid.text().strip(),
                          self.officer.text().strip(), self._opened, lambda f: self._refused(self._new_alert, f))

    def _problem(self) -> str:
        if not self.officer.text().strip() or not self.grid.text().strip():
            return _("请填写网格名称和您的姓名。")
        if self.new_password.text() != self.again.text():
            return _("两次输入的密码不一样，请重新输入。")
        return ""

    def _new_path(self) -> Path:
        from gridapp.fields import codes

        found = codes.village(self.code.text().strip())
        stem, number = found.display_name if found else _("台账"), 1
        path = places.data_dir() / f"{stem}{ENDING}"
        while path.exists():
            number += 1
            path = places.data_dir() / f"{stem}-{number}{ENDING}"
        return path

    def _opened(self, ledger: Any) -> None:
        def where(read: Any) -> Any:
            from gridapp.work import village

            return village.desk(read)

        self._desk.ask(where, then=lambda told: self.opened.emit(ledger.path, told))
        self._enable(True)
        for field in (self.password, self.new_password, self.again):
            field.clear()

    def _refused(self, label: QLabel, failure: Sorted) -> None:
        self._enable(True)
        label.setText(failure.text)
        label.show()
        self.password.selectAll()

    def _enable(self, yes: bool) -> None:
        for widget in (self.open_button, self.create_button, self.password):
            widget.setEnabled(yes)
        if yes:
            self.password.setFocus()
