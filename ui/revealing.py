"""The line over a record whose numbers are masked: 显示, why somebody looks, and how long the numbers are seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.flow import Flow
from ui.widgets import PAGE_MARGIN, answer, button, entry, label, row_of, say

if TYPE_CHECKING:
    from ui.desk import Desk

#: how long revealed values are seen, and how long while another program is in front
SECONDS, AWAY_SECONDS = 60, 10
TICK_MS = 500
BAR_HEIGHT = 6


class Veil(QFrame):
    """Stands over one record (or two that are compared) and knows its values only while they are shown.

    `revealed` and `covered` tell whoever shows the record to show it anew; `values` is empty while the numbers are masked.
    """

    revealed = Signal()
    covered = Signal()
    #: shows and masks; '' where somebody else's key does
    key = "F11"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.desk = desk
        #: the clock by which time runs out
        self.clock: Callable[[], float] = monotonic
        #: by record and field what is shown in full
        self.values: dict[UUID, Mapping[str, Any]] = {}
        self._target: tuple[str, tuple[UUID, ...], tuple[str, ...], Any] | None = None
        self._until = 0.0
        self._turn = 0
        self._build()
        self._timer, self._away = QTimer(self, interval=TICK_MS), QTimer(self, interval=AWAY_SECONDS * 1000, singleShot=True)
        self._timer.timeout.connect(self.tick)
        self._away.timeout.connect(self.cover)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)
        self.hide()

    def _build(self) -> None:
        from gridapp.work.revealing import OTHER, REASONS

        whole = QVBoxLayout(self)
        around = theme.look.px(PAGE_MARGIN)
        whole.setContentsMargins(around, theme.look.px(4), around, theme.look.px(4))
        self._words, self._alert = label("", wrap=True), answer("alert")
        self.show_button = button(_("显示（{0}）").format(self.key), self.ask, icon="eye", role="tight", key=self.key)
        self.hide_button = button("", self.cover, icon="lock", role="tight")
        line = row_of(stretch=False)
        line.addWidget(self._words, 1)
        line.addWidget(self.show_button)
        line.addWidget(self.hide_button)
        whole.addLayout(line)
        self.reasons = {key: button(_(title), partial(self._reason, key), role="chip") for key, title in REASONS.items()}
        self._other = entry(_("写明做什么用，按 Enter"))
        self._other.returnPressed.connect(partial(self._reveal, OTHER))
        self._cancel = button(_("不看了"), self._quiet, role="tight")
        self._asking = [*self.reasons.values(), self._other, self._cancel]
        whole.addLayout(Flow(*self._asking))
        self.left_bar = QProgressBar(minimum=0, maximum=SECONDS, textVisible=False)
        height = theme.look.px(BAR_HEIGHT)
        self.left_bar.setFixedHeight(height)
        self.left_bar.setStyleSheet(f"QProgressBar {{ min-height: 0; max-height: {height}px; border: none; }}"
                                    f"QProgressBar::chunk {{ background: {theme.look.colours['primary']}; }}")
        whole.addWidget(self.left_bar)
        whole.addWidget(self._alert)

    # -- what it stands over

    def stand_for(self, entity: str, records: Sequence[UUID], hidden: Collection[str], *, ver: Any = None, words: str = "",
                  fields: Collection[str] = ()) -> None:
        """Over this record; another one, or another version of it, is masked again. Nothing is seen of the line where nothing is `hidden`."""
        target = (entity, tuple(records), tuple(sorted(fields)), ver)
        self._told = words
        if target != self._target:
            self._target = target
            self.cover()
        self.setVisible(bool(hidden))
        self._show_state()

    def stand_aside(self) -> None:
        """Over nothing: a form of something new."""
        self._target = None
        self.cover()
        self.hide()

    def take_over(self, other: Veil) -> None:
        """The same record goes on on another page: what is shown there stays shown, not a second longer."""
        if other.values and other._target == self._target:
            self._begin(dict(other.values), other._until)

    def values_of(self, record: UUID) -> Mapping[str, Any]:
        """What is shown in full of a record; empty while it is masked."""
        return self.values.get(record, {})

    @property
    def stands_over(self) -> tuple[UUID, ...]:
        return self._target[1] if self._target is not None else ()

    # -- asking why

    def ask(self) -> None:
        """Ask for the reason."""
        self._show_state(asking=True)
        next(iter(self.reasons.values())).setFocus()

    def _quiet(self) -> None:
        self._show_state()
        self.show_button.setFocus()

    def _reason(self, key: str) -> None:
        from gridapp.work.revealing import OTHER

        if key == OTHER:
            self._other.show()
            self._other.setFocus()
        else:
            self._reveal(key)

    def _reveal(self, key: str) -> None:
        assert self._target is not None
        (entity, records, fields, _ver), words = self._target, self._other.text()
        self._turn += 1
        turn = self._turn

        def job(ledger: Any) -> dict[UUID, Mapping[str, Any]]:
            return self.look(ledger, entity, records, fields, key, words)

        def came(values: dict[UUID, Mapping[str, Any]]) -> None:
            if turn == self._turn:  # still over the same record
                self._begin(values, self.clock() + SECONDS)
                self.hide_button.setFocus()

        self.desk.call(job, came, self._failed)

    def look(self, ledger: Any, entity: str, records: Sequence[UUID], fields: Collection[str], reason: str,
             words: str) -> dict[UUID, Mapping[str, Any]]:
        """Ask the ledger, in the worker; every look is written down."""
        from gridapp.work.revealing import reveal

        return {record: reveal(ledger, entity, record, fields, reason=reason, words=words) for record in records}

    def _failed(self, failure: Sorted) -> None:
        say(self._alert, failure.text)

    # -- shown, for a while

    def _begin(self, values: dict[UUID, Mapping[str, Any]], until: float) -> None:
        self.values, self._until = values, until
        self._other.clear()
        self._timer.start()
        self._show_state()
        self.revealed.emit()

    def tick(self) -> None:
        """The bar runs down; at its end the numbers are masked."""
        left = self._until - self.clock()
        if left <= 0:
            self.cover()
        else:
            self.left_bar.setValue(round(left))
            self.hide_button.setText(_("遮住（F11），还有 {0} 秒").format(round(left)))
            self.hide_button.setShortcut(self.key)  # a button forgets its key with its words

    def cover(self) -> None:
        """Mask again."""
        self._turn += 1
        self._timer.stop()
        self._away.stop()
        shown, self.values = bool(self.values), {}
        hand = self.hide_button.hasFocus()
        self._show_state()
        if hand:
            self.show_button.setFocus()
        if shown:
            self.covered.emit()

    def _show_state(self, asking: bool = False) -> None:
        shown = bool(self.values)
        for widget in self._asking:
            widget.setVisible(asking and widget is not self._other)
        self._other.clear()
        self._words.setText(_("为什么要看完整的内容？会记下来。") if asking else self._told or (
            _("内容完整显示，请不要让旁人看到。") if shown else _("号码等内容遮住了一部分。")))
        from gridapp.work.revealing import reveal

        self.show_button.setVisible(not shown and not asking and self.desk.can(reveal))
        self.hide_button.setVisible(shown)
        self.left_bar.setVisible(shown)
        self._alert.hide()
        if shown:
            self.tick()

    #: words of the caller's own, in place of the usual ones
    _told = ""

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Another program in front: the numbers do not stay behind it for long."""
        if state == Qt.ApplicationState.ApplicationActive:
            self._away.stop()
        elif self.values:
            self._away.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cover()
