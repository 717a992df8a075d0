"""The keys of a form: F2 to a field, F3 another person in this room, F7 the last value, F8 the same house, F9 carry a field on, F10 save.

They are none of the window's (F5, Ctrl+…), of the line that reveals (F11), of a day or a wording (F4), or of an inspection (F6).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtWidgets import QWidget

from gridapp.errors import Sorted
from gridapp.fields.kinds import IdNumber, Name
from gridapp.texts import _
from ui.desk import Desk
from ui.forms.form import Form
from ui.forms.goto import GoTo
from ui.forms.links import LinkEditor
from ui.widgets import shortcut

PLACES = ("room", "house")


class Page(Protocol):
    """What the keys need of a page; `sent`: what was said in the form when it was saved last."""

    desk: Desk
    form: Form
    key: str
    sent: dict[str, str]

    def save(self, next_one: bool, beside: bool = False) -> None: ...


class EntryKeys:
    """What the keys do on one page, seen in `holder`; `words` tell them in one line."""

    def __init__(self, page: Page, holder: QWidget, several: bool) -> None:
        self.page, self._holder, self._several = page, holder, several
        self._places = [n for n, s in self.form.slots.items() if isinstance(s.editor, LinkEditor) and s.editor.kind.to in PLACES]
        self._cycle: tuple[str, list[str]] = ("", [])
        keys = [("F2", self.go_to), ("F7", self.repeat), ("F10", lambda: page.save(False)), *([("F8", self.same_house)] if self._places else []),
                *([("F9", self.turn_pin)] if several else []), *([("F3", lambda: page.save(True, beside=True))] if self.beside else [])]
        for key, run in keys:
            shortcut(holder, key, partial(self._do, run))
        if several:
            self.show_pins()

    def _do(self, run: Callable[[], object]) -> None:
        """While an act is under way nothing is typed, by no key."""
        if self.form.isEnabled():
            run()

    @property
    def form(self) -> Form:
        return self.page.form

    @property
    def desk(self) -> Desk:
        return self.page.desk

    @property
    def beside(self) -> bool:
        """Whether this form may be followed by one for somebody in the same room."""
        return self._several and "room" in self.form.slots

    @property
    def words(self) -> list[str]:
        told = [_("带 * 必填"), _("Enter 下一项"), _("Shift+Enter 上一项"), _("F2 到哪项"), _("F7 同上次")]
        told += [_("F8 同上一户")] if self._places else []
        told += [_("F9 固定")] if self._several else []
        told += [_("F3 本室再加一人")] if self.beside else []
        return [*told, _("F10 保存")]

    @property
    def kind(self) -> str:
        """Forms of one kind know each other's last values; a short one is known by its fields."""
        return self.page.key.partition(" ")[0] or " ".join(sorted(self.form.slots))

    # -- F2

    def go_to(self) -> None:
        names = self.form.open_fields
        GoTo(self._holder, [self.form.slots[n].told.label for n in names], lambda place: self.form.focus(names[place])).show()

    # -- F7, F8

    def keep(self) -> None:
        """The form was saved: what was said in it is the last one now."""
        self.desk.entered.pop(self.kind, None)
        self.desk.entered[self.kind] = self.page.sent

    def _last(self, name: str) -> str:
        """What was last saved in this field; else in one of that name in another form."""
        forms = [self.desk.entered.get(self.kind, {}), *reversed(self.desk.entered.values())]
        return next((said[name] for said in forms if said.get(name)), "")

    def repeat(self) -> None:
        """Once more the last value; pressed again, what else may be meant."""
        name = self.form.here
        if not name:
            return
        ways, now = self.form.proposed(name, self._last(name)), self.form.editor(name).text()
        if not ways:
            self.form.slots[name].show_mark("note", _("上次没有填这一项。"))
            return
        self.form.put_typed(name, ways[(ways.index(now) + 1) % len(ways) if now in ways else 0])

    def same_house(self) -> None:
        """The house of the last one, ready for the number of a room."""
        here = self.form.here
        name = here if here in self._places else self._places[0]
        editor = self.form.editor(name)
        assert isinstance(editor, LinkEditor)
        last = next(filter(None, (self._last(n) for n in (name, *PLACES))), "")
        number = last.partition(" ")[2].partition(" ")[0]
        self.form.focus(name)
        if number:
            editor.begin(f"{number} ")
        else:
            self.form.slots[name].show_mark("note", _("还没有登记过，不知道上一户是哪里。"))

    # -- F9

    @property
    def pins(self) -> list[str]:
        """The fields that are carried on, as this PC remembers them for this kind of form."""
        told = self.desk.settings.pins.get(self.kind)
        return [n for n in (told if isinstance(told, list) else self.form.usual_pins) if n in self.form.slots]

    def show_pins(self) -> None:
        pins = self.pins
        for name, slot in self.form.slots.items():
            if slot.pinned != (name in pins):
                slot.pin(name in pins)

    def turn_pin(self) -> None:
        """Carry the field on from now on, or no more."""
        name, pins = self.form.here, self.pins
        if not name:
            return
        if isinstance(self.form.slots[name].told.kind, IdNumber | Name):
            self.form.slots[name].show_mark("note", _("这一项每个人都不同，不能固定。"))
            return
        self.desk.settings.pins[self.kind] = [n for n in self.form.slots if (n in pins) != (n == name)]
        self.show_pins()
        try:
            self.desk.settings.save()
        except Sorted as failure:
            self.form.slots[name].show_mark("note", failure.text)
