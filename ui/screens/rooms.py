"""The rooms of one house floor by floor, like the doors of the house; beside them who lives in the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gridapp.fields import codes
from gridapp.texts import _
from ui import theme
from ui.lists.facts import Action, Actions, Facts
from ui.lists.record import Foot, Heading
from ui.widgets import PAGE_MARGIN, button, card, column, empty, is_enter, label, line, page, scrolled, shortcut, tip

TILE_WIDTH, TILE_PADDING, SIDE_WIDTH, NAMES = 150, 26, 320, 3


class Door(QPushButton):
    """One room: its number, how many live there and their names; arrow keys go from door to door, Tab leaves them."""

    #: Enter: on to who lives there
    entered = Signal()

    def __init__(self, room: Any) -> None:
        names = "、".join(who.name for who in room.lodgers[:NAMES]) + ("…" if len(room.lodgers) > NAMES else "")
        super().__init__()
        self.room = room
        shown = self.fontMetrics().elidedText(names, Qt.TextElideMode.ElideRight, theme.look.px(TILE_WIDTH - TILE_PADDING))
        self.setText(f"{room.room_no}   {people_words(room)}\n{shown}".replace("&", "&&"))  # else a key of the keyboard
        self.setToolTip(tip(names))
        self.setProperty("role", "room")
        self.setProperty("taken", bool(room.lodgers))
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.setFixedWidth(theme.look.px(TILE_WIDTH))
        self.setAccessibleName(_("房间 {0}，住 {1} 人").format(room.room_no, len(room.lodgers)))
        self.neighbours: dict[Qt.Key, Door] = {}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        there = self.neighbours.get(Qt.Key(event.key()))
        if there is not None:
            there.setFocus(Qt.FocusReason.OtherFocusReason)
            there.click()
        elif is_enter(event):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


def people_words(room: Any) -> str:
    """'3 人', of a room that says for how many it is '3/8 人'; '空'."""
    many = f"{len(room.lodgers)}/{room.max_people}" if room.max_people else str(len(room.lodgers))
    return _("{0} 人").format(many) if room.lodgers else _("空（{0} 床）").format(room.max_people) if room.max_people else _("空")


class RoomsPage(QWidget):
    """The page of one house."""

    left = Signal()
    #: a room is to be corrected
    correcting = Signal(object)
    #: a person was chosen
    opened = Signal(object)
    #: somebody is to be registered in this room (id, label, whether somebody lives there already)
    registering = Signal(object, str, bool)

    def __init__(self, actions: Sequence[Action], veil: QWidget | None = None) -> None:
        super().__init__()
        page(self)
        self.card: Any = None
        self._chosen: UUID | None = None
        self.doors: list[Door] = []
        self._actions = Actions(self, actions, lambda: self.card)
        whole = column(self)
        self._head = Heading(self.left.emit)
        middle = QHBoxLayout()
        gap = theme.look.px(PAGE_MARGIN)
        middle.setContentsMargins(gap, gap, gap, gap)
        middle.setSpacing(gap)
        middle.addWidget(self._house_card(), 1)
        middle.addWidget(self._side())
        self._foot = Foot()
        whole.addWidget(self._head)
        if veil is not None:
            whole.addWidget(veil)
        whole.addLayout(middle, 1)
        whole.addWidget(self._foot)
        shortcut(self, "F3", self._register_here)

    def _house_card(self) -> QFrame:
        frame, inside = card()
        doors = QWidget()
        self._floors = column(doors, 0, 6)
        self._area = scrolled(doors, on_card=True)
        inside.addWidget(self._area)
        return frame

    def _side(self) -> QFrame:
        side, inside = card()
        side.setFixedWidth(theme.look.px(SIDE_WIDTH))
        people = QWidget()
        self._lodgers = column(people, 0, 8)
        inside.addWidget(scrolled(people, on_card=True), 1)
        self.add_button = button(_("本室登记一人（F3）"), self._register_here, icon="user-plus", role="primary")
        self.correct_button = button(_("修改本室（Ctrl+E）"), self._correct_here, icon="pencil", role="tight", key="Ctrl+E")
        inside.addWidget(self.add_button)
        inside.addWidget(self.correct_button)
        return side

    # -- showing

    @property
    def chosen(self) -> Any:
        """The room that is chosen (a RoomCard); None of a house without rooms."""
        return next((door.room for door in self.doors if door.room.id == self._chosen), None)

    def want(self, room: UUID) -> None:
        """Choose this room when its house is shown next."""
        self._chosen = room

    def show_house(self, told: Any, facts: Facts) -> None:
        """Draw the doors anew; the chosen one stays chosen."""
        self.card = told
        self._head.show_facts(facts)
        empty(self._floors)
        self.doors = []
        floors: dict[int | None, list[Any]] = {}
        for room in told.rooms:
            floors.setdefault(room.floor, []).append(room)
        rows = [row for floor in sorted(floors, key=lambda f: -(f if f is not None else -99)) for row in self._floor(floor, floors[floor])]
        self._floors.addStretch(1)
        self._join(rows)
        self._foot.show_buttons(self._actions.buttons(told))
        self._choose_again()

    def _floor(self, floor: int | None, rooms: Sequence[Any]) -> list[list[Door]]:
        """One floor; returns its doors line by line."""
        self._floors.addWidget(label(_("{0} 层").format(floor) if floor is not None else _("未分层"), "label"))
        grid = QGridLayout()
        grid.setSpacing(theme.look.px(8))
        across = max(1, (self._area.viewport().width() - theme.look.px(16)) // theme.look.px(TILE_WIDTH + 8))
        doors = []
        for place, room in enumerate(rooms):
            door = Door(room)
            door.clicked.connect(lambda _on, door=door: self._choose(door))
            door.entered.connect(self._go_in)
            grid.addWidget(door, place // across, place % across, Qt.AlignmentFlag.AlignLeft)
            doors.append(door)
        grid.setColumnStretch(across, 1)
        self._floors.addLayout(grid)
        self.doors += doors
        return [doors[start:start + across] for start in range(0, len(doors), across)]

    @staticmethod
    def _join(rows: Sequence[Sequence[Door]]) -> None:
        """Left and right along a line, up and down between lines."""
        for above, here in zip([[], *rows], rows, strict=False):
            for place, door in enumerate(here):
                if place:
                    door.neighbours[Qt.Key.Key_Left] = here[place - 1]
                    here[place - 1].neighbours[Qt.Key.Key_Right] = door
                if above:
                    door.neighbours[Qt.Key.Key_Up] = above[min(place, len(above) - 1)]
            for place, door in enumerate(above):
                door.neighbours[Qt.Key.Key_Down] = here[min(place, len(here) - 1)]

    def _choose_again(self) -> None:
        door = next((d for d in self.doors if d.room.id == self._chosen), None) or next(iter(self.doors), None)
        if door is None:
            empty(self._lodgers)
            self.add_button.setEnabled(False)
            self.correct_button.setEnabled(False)
            return
        self._choose(door)
        door.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(door)

    def _choose(self, door: Door) -> None:
        self._chosen = door.room.id
        for other in self.doors:
            other.setChecked(other is door)
            other.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other is door else Qt.FocusPolicy.ClickFocus)
        self.add_button.setEnabled(self.card.record.closed_on is None)
        self.correct_button.setEnabled(True)
        empty(self._lodgers)
        self._ways: list[QPushButton] = []
        self._lodgers.addWidget(label(_("{0} 室").format(door.room.room_no), "subtitle"))
        if not door.room.lodgers:
            self._lodgers.addWidget(label(_("现在没有人住。"), "muted"))
        for who in door.room.lodgers:
            self._lodgers.addWidget(line())
            self._lodgers.addLayout(self._lodger(who))
        self._lodgers.addStretch(1)

    def _lodger(self, who: Any) -> QHBoxLayout:
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(label(who.name))
        relation = codes.table("relation").label(who.relation) if who.relation else ""
        words.addWidget(label(_("{0}  {1} 入住").format(relation, who.start or _("日期不详")).strip(), "muted"))
        row.addLayout(words, 1)
        way = button("", lambda: self.opened.emit(who.person), icon="eye", role="quiet", name=_("打开 {0}").format(who.name))
        self._ways.append(way)
        row.addWidget(way)
        return row

    def _go_in(self) -> None:
        """The keyboard goes to the first who lives here; to registering somebody where nobody does."""
        next(iter(self._ways), self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _correct_here(self) -> None:
        if self._chosen is not None:
            self.correcting.emit(self._chosen)

    def _register_here(self) -> None:
        door = next((d for d in self.doors if d.room.id == self._chosen), None)
        if door is not None and self.add_button.isEnabled() and not self.add_button.isHidden():
            self.registering.emit(door.room.id, f"{self.card.record.label()} {door.room.room_no}", bool(door.room.lodgers))
