"""The card of 设置 for the ID-card reader of this PC (身份证读卡器): its port, how fast it speaks, and whether it works; off until it is turned on."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QFrame

from gridapp.devices.idreader.line import BAUDS
from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.choices import Box
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, label, pill, row_of, say

#: characters a list of ports is wide at least: the words of a port may be long
WIDE = 8


def _box(words: str, wide: int) -> Box:
    made = Box()
    made.setAccessibleName(words)
    made.setMinimumContentsLength(wide)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made


class ReaderCard(QFrame):
    """What is chosen counts at once, on this PC only."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk, self._settings = desk, settings
        inside = column(self, CARD_MARGIN, GAP)
        self.state = pill("", "grey")
        inside.addLayout(Flow(label(_("身份证读卡器"), "subtitle"), self.state))
        inside.addWidget(label(_("放上证件，登记表自动填好；平时关着。只读文字，不读指纹，卡上的照片不保存。"), "muted", wrap=True))
        self.on, self.off = (button(words, icon="", role="chip", checkable=True) for words in (_("开"), _("关")))
        for chip, on in ((self.on, True), (self.off, False)):
            chip.clicked.connect(lambda _checked, on=on: self._turn(on))
        self.port, self.baud = _box(_("端口"), WIDE), _box(_("波特率"), 6)
        for baud in BAUDS:
            self.baud.addItem(str(baud), baud)
        self.baud.setCurrentIndex(max(self.baud.findData(settings.reader_baud), 0))
        self.port.activated.connect(lambda _index: self._chosen())
        self.baud.activated.connect(lambda _index: self._chosen())
        self.seek_button = button(_("重新找端口"), self.seek, icon="refresh-cw", role="tight")
        self.try_button = button(_("试一下"), self.try_out, icon="check", role="tight")
        ports = row_of(label(_("端口"), "label"), stretch=False)
        ports.addWidget(self.port, 1)
        inside.addLayout(ports)
        inside.addLayout(row_of(label(_("波特率"), "label"), self.baud))
        self.told = answer()
        inside.addWidget(self.told)
        inside.addLayout(Flow(self.on, self.off, self.seek_button, self.try_button))
        inside.addStretch(1)
        desk.reader.changed.connect(self._show)
        self._offer(())
        self._show()
        self.seek()

    # -- showing

    def _show(self) -> None:
        self.on.setChecked(self._settings.reader_on)
        self.off.setChecked(not self._settings.reader_on)
        reader = self._desk.reader
        self.state.setText(reader.words or _("关着"))
        theme.restyle(self.state, "pill", reader.colour or "grey")

    def seek(self) -> None:
        """Look for ports again: a reader was plugged in."""
        self._desk.reader.ports(self._found, self._refused)

    def _found(self, ports: Any) -> None:
        self._offer(ports)
        if not ports:
            say(self.told, _("这台电脑上没有找到串口。请插好读卡器，装好厂家的驱动，再按“重新找端口”。"))
        elif not self._settings.reader_port:
            say(self.told, _("找到 {0} 个端口。请选读卡器的那一个，按“试一下”。").format(len(ports)))
        else:
            say(self.told, "")

    def _offer(self, ports: Any) -> None:
        """The ports there are; the one that was chosen stays, plugged in or not."""
        chosen = self._settings.reader_port
        self.port.clear()
        self.port.addItem(_("没有选"), "")
        for port in ports:
            self.port.addItem(port.words, port.name)
        if chosen and self.port.findData(chosen) < 0:
            self.port.addItem(_("{0}（现在没有插上）").format(chosen), chosen)
        self.port.setCurrentIndex(max(self.port.findData(chosen), 0))

    # -- choosing

    def _turn(self, on: bool) -> None:
        self._settings.reader_on = on
        if on and not self._settings.reader_port and self.port.count() > 1:
            self.port.setCurrentIndex(1)  # those on USB come first
        self._chosen()

    def _chosen(self) -> None:
        """From now on this counts, on this PC."""
        settings = self._settings
        settings.reader_port, settings.reader_baud = str(self.port.currentData() or ""), int(self.baud.currentData())
        say(self.told, "")
        try:
            settings.save()
        except Sorted as failure:
            say(self.told, failure.text)
        self._desk.reader.begin(settings)
        self._show()

    # -- trying

    def try_out(self) -> None:
        """One sentence; no card is read."""
        self.try_button.setEnabled(False)
        say(self.told, _("正在问读卡器……"))
        self._desk.reader.try_out(self._settings, self._tried, self._refused)

    def _tried(self, words: str) -> None:
        self.try_button.setEnabled(True)
        say(self.told, words)

    def _refused(self, failure: Sorted) -> None:
        self.try_button.setEnabled(True)
        say(self.told, failure.text)


def built(desk: Desk, settings: Settings) -> list[ReaderCard]:
    """The card, for whoever may register."""
    return [ReaderCard(desk, settings)] if desk.may(("register",)) else []
