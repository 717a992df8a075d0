"""The form of an event; while a new one is typed, events of the last 30 days that may be the same stand below it."""

from __future__ import annotations

from typing import Any

from gridapp.fields.kinds import Link
from gridapp.records import Event
from gridapp.texts import _
from ui.desk import Desk
from ui.forms.form import Cell, Section, Told, fields_of
from ui.forms.likeness import Find, Likeness, SeekingForm
from ui.forms.links import LinkEditor

SAID = ("title", "kind", "source", "police", "grade", "scale", "people", "day", "time", "house", "site", "place", "content", "teller", "teller_phone", "platform", "due_on")


def told_linked(title: str, *, required: bool = False) -> Told:
    """Another event."""
    return Told("linked", Link("event"), title, required)


def find_events(editor: Any, desk: Desk, lane: str) -> None:
    """Let a link editor find events by typing."""
    from gridapp.work import eventlists

    assert isinstance(editor, LinkEditor)
    editor.finder = lambda text, came: desk.ask(eventlists.events_matching, text, then=came, lane=lane)
    editor.line.setPlaceholderText(_("编号、标题或地点"))


class EventForm(SeekingForm):
    """`find` asks for events like the one being typed."""

    telling, words = ("title", "place", "house", "site"), ("title", "place")

    def __init__(self, desk: Desk, find: Find | None = None) -> None:
        last = [Cell("teller", 2), Cell("teller_phone", 2), Cell("platform", 2), Cell("due_on", 2)]
        told = fields_of(Event, *SAID) | {"linked": told_linked(_("和哪件是同一件事"))}
        super().__init__(told, [
            Section(_("发生了什么"), [[Cell("title", 4), Cell("kind", 2), Cell("police")], [Cell("day"), Cell("time"), Cell("house", 2), Cell("site", 2)], [Cell("place")], [Cell("content")]]),
            Section(_("怎么来的、多大的事"), [[Cell("source"), Cell("grade"), Cell("scale"), Cell("people")], last, *([[Cell("linked")]] if find else [])])],
            find, self._likeness)
        if find is not None:
            find_events(self.editor("linked"), desk, f"linked {id(self)}")

    def _likeness(self) -> Likeness:
        return Likeness(_("近 30 天类似的（同一地点或标题相近），可能已经登记过"),
                        lambda one: (one.why, one.day, one.title, one.place, one.state, one.number), self.link)

    # -- what looks the same

    def link(self, other: Any) -> None:
        """The event will be linked with this one when it is saved."""
        editor = self.editor("linked")
        assert isinstance(editor, LinkEditor)
        editor.choose(other.id, f"{other.number} {other.title}".strip())
        self.like.tell(editor.line.text())
        self.edited.emit("linked")
