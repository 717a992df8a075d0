"""The stick of the hand-over: which are plugged in, which one is meant, or a folder instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from gridapp.texts import _
from ui import files
from ui.flow import Flow
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, empty, label

LONGEST_NAME = 24


@dataclass(frozen=True)
class Place:
    """Where parcels go and come from: a stick, or a folder of one's choosing (`stick` is what it lies on, if any)."""

    root: Path
    name: str
    stick: Any = None
    read_only: bool = False

    def carrier(self) -> Any:
        """Made in the worker. Raises Pulled."""
        from gridapp.exchange.carriers import Folder

        return Folder(self.root, self.stick)


def _of(stick: Any) -> Place:
    return Place(stick.root, stick.label or str(stick.root), stick, stick.read_only)


class SticksCard(QFrame):
    """Chips for the sticks that are plugged in; the first one is meant until another is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.place: Place | None = None
        self._sticks: Sequence[Any] = ()
        self._folder: Place | None = None
        inside = column(self, CARD_MARGIN, GAP)
        self._chips = Flow()
        inside.addLayout(self._chips)
        self._words = answer()
        inside.addWidget(self._words)
        self._fill()

    def show_sticks(self, sticks: Sequence[Any]) -> None:
        """What is plugged in now; the chosen one stays chosen while it is there, a new one is chosen where none was."""
        if [(s.same, s.free, s.read_only) for s in sticks] == [(s.same, s.free, s.read_only) for s in self._sticks]:
            return
        self._sticks = sticks
        chosen = self.place
        if chosen is not None and chosen.stick is not None and chosen is not self._folder:
            chosen = next((_of(s) for s in sticks if s.same == chosen.stick.same), None)
        self._choose(chosen or (_of(sticks[0]) if sticks else self._folder))

    def choose_folder(self, folder: Path | None = None) -> None:
        """A shared folder, an encrypted stick: whatever the system does not tell as a stick."""
        chosen = folder or files.to_folder(self, _("选择放交接包的文件夹"))
        if chosen is not None:
            from gridapp.exchange.carriers import sticks

            stick = sticks.stick_of(chosen, list(self._sticks))
            self._folder = Place(chosen, str(chosen), stick, stick.read_only if stick else False)
            self._choose(self._folder)

    def _choose(self, place: Place | None) -> None:
        self.place = place
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        had = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        empty(self._chips)
        self._chips.addWidget(label(_("U盘"), "subtitle"))
        places = [_of(s) for s in self._sticks] + ([self._folder] if self._folder else [])
        for place in places:
            chip = button(self._words_of(place), partial(self._choose, place), role="chip", checkable=True, icon="usb" if place is not self._folder else "folder-open",
                          name=str(place.root))
            chip.setChecked(self.place is not None and place.root == self.place.root)
            self._chips.addWidget(chip)
        other = button(_("选择文件夹…（F3）"), self.choose_folder, icon="folder-open", role="tight", key="F3")
        self._chips.addWidget(other)
        if had:
            other.setFocus()
        self._words.setText(_("没有找到U盘。请插上U盘，等几秒钟就会出现；用共享文件夹或加密U盘的，请选择文件夹。"))
        self._words.setVisible(not places)

    def _words_of(self, place: Place) -> str:
        from gridapp.exchange.carriers.troubles import in_words

        name = place.name if len(place.name) <= LONGEST_NAME else "…" + place.name[-LONGEST_NAME:]
        if place is self._folder or place.stick is None:
            return name
        return _("{0}（只读）").format(name) if place.read_only else _("{0}（剩 {1}）").format(name, in_words(place.stick.free))
