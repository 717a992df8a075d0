"""告警推送 on the screen of alarms: how the connection to the maker's server stands, what came last, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.facts import Detail, Facts
from ui.lists.model import Column
from ui.widgets import back, bar, button, column, label, page, pill, row_of

#: so many characters of a message stand beside the list
BESIDE = 4000


class PostLine(QFrame):
    """Hidden while nothing is sent to us; it tells, and never asks or waits."""

    def __init__(self, desk: Desk, unread: Callable[[], object]) -> None:
        super().__init__()
        self._post = desk.post
        self.state, self.news = pill("", "grey"), label("", "muted", wrap=True)
        self.unread = button(_("看不懂的推送（Ctrl+U）"), unread, icon="eye", role="tight", key="Ctrl+U")
        row = row_of(label(_("厂家推送"), "label"), self.state, stretch=False)
        row.addWidget(self.news, 1)
        row.addWidget(self.unread)
        column(self).addLayout(row)
        self._post.changed.connect(self.show_state)
        self.hide()  # shown by `show_state` when it stands on its screen: before, it would be a window of its own

    def show_state(self) -> None:
        """The state in words on its colour, and what became of what came last."""
        post = self._post
        self.setVisible(bool(post.words))
        self.state.setText(post.words)
        theme.restyle(self.state, "pill", post.colour)
        self.news.setText("；".join(part for part in (post.why, post.news) if part))


class UnreadPage(QWidget):
    """Newest first; each stands among the alarms, too, with its beginning."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk = desk
        whole = column(self)
        header, top = bar("header", back(self.left.emit), label(_("看不懂的推送"), "title"))
        top.addWidget(label(_("原文都在这里，告警清单里也各有一条待核实。请把原文给厂家看，或者请镇里在代码表 alarm_column（告警的列名）里加上厂家的写法，再发布。"), "muted", wrap=True), 1)
        self._beside = Detail()
        self.rows = Browse([Column(_("收到时间"), lambda u: f"{u.at:%Y-%m-%d %H:%M}", 156, strong=True), Column(_("主题"), lambda u: u.topic, rank=1),
                            Column(_("为什么"), lambda u: u.why)], {}, [], self._beside, _("↑↓ 查看"))
        self.rows.selected.connect(self._tell)
        whole.addWidget(header)
        whole.addWidget(self.rows, 1)
        self.setFocusProxy(self.rows)

    def refresh(self) -> None:
        def job(ledger: Any) -> Any:
            from gridapp.work import alarmletters

            return alarmletters.unread_letters(ledger)

        self._desk.call(job, self._show, lane="unread letters")

    def _show(self, letters: Sequence[Any]) -> None:
        if not letters:
            self._beside.show_facts(None)
        self.rows.load(len(letters), lambda offset, limit, then: then(letters[offset:offset + limit]), _("{0:,} 条").format(len(letters)), _("没有看不懂的推送。"))

    def _tell(self, letter: Any) -> None:
        more = [(_("还有"), _("共 {0:,} 个字，这里是前 {1:,} 个。").format(len(letter.text), BESIDE))] if len(letter.text) > BESIDE else []
        self._beside.show_facts(Facts(letter.why, f"{letter.at:%Y-%m-%d %H:%M}", rows=[(_("主题"), letter.topic), *more, (_("原文"), letter.text[:BESIDE])],
                                      icon="triangle-alert"))
