"""The form of a person: number first, the rest fills itself; what the number does not tell is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes, idnumber
from gridapp.fields.kinds import Link, Text
from gridapp.ledger.reader import marks_of
from gridapp.records import Person, Tenancy
from gridapp.texts import _
from ui.forms import fromcard
from ui.forms.form import Cell, Form, Section, Told, fields_of
from ui.forms.likeness import Find, Likeness, said

#: filled from the number when it tells them
FROM_NUMBER = ("sex", "birth", "hukou_code")
#: carried on when the next person is registered in the same room
CARRIED = ("room", "start", "living_kind", "reason")
#: what is typed here may tell somebody who is registered already
TELLING = ("id_no", "name", "birth", "phone", "room")


def _paper() -> Section:
    return Section(_("证件信息"), [
        [Cell("id_no", 5), Cell("name", 3)],
        [Cell("id_kind", 3), Cell("sex", 2), Cell("birth", 3), Cell("age", 2, still=True), Cell("hukou_code", 5)]])


def _stay() -> Section:
    return Section(_("居住信息"), [
        [Cell("room", 5), Cell("start", 2), Cell("relation", 2)],
        [Cell("phone", 3), Cell("ethnic", 2), Cell("reason", 2), Cell("rent", 2)],
        [Cell("hukou_addr", 4), Cell("workplace", 3)]])


def _living() -> Section:
    return Section(_("基本信息"), [
        [Cell("phone", 3), Cell("ethnic", 2), Cell("reason", 2)],
        [Cell("hukou_addr", 4), Cell("workplace", 3)]])


def _rest() -> Section:
    return Section(_("其他信息（可不填）"), [
        [Cell("education"), Cell("marital"), Cell("political"), Cell("employment")],
        [Cell("arrived_on"), Cell("leave_planned"), Cell("living_kind"), Cell("social_security")],
        [Cell("permit"), Cell("permit_no", 2), Cell("permit_until")],
        [Cell("nationality"), Cell("foreign_name", 2), Cell("used_name")],
        [Cell("agent_name"), Cell("agent_phone"), Cell("name_note", 2)],
        [Cell("remark")]])


class PersonForm(Form):
    """`known` hears the number of a paper when it is complete, '' while it is not, so that the screen can say who has it already."""

    usual_pins = CARRIED
    #: somebody who is registered already was chosen: their id
    met = Signal(object)

    def __init__(self, today: date, *, new: bool) -> None:
        told = fields_of(Person) | {"age": Told("age", Text(10), _("年龄"))}
        told["id_no"] = Told("id_no", told["id_no"].kind, _("证件号码"), hint=_("先填号码，性别、生日、户籍地会自动填好"))
        if new:
            told |= fields_of(Tenancy, "start", "relation", "rent")
            told["room"] = Told("room", Link("room"), _("租住房屋和房间"), required=True)
        super().__init__(told, [_paper(), _stay() if new else _living(), _rest()])
        self.editor("name").target.setProperty("role", "name")
        self.editor("id_no").target.setProperty("role", "number")
        self._today = today
        self._kind_chosen = False
        self.known: Callable[[str], None] | None = None
        #: asks who may be registered already; what is told so far, and who hears it
        self.alike: Find | None = None
        if new:
            self.like = Likeness(_("可能已经登记过的人"), lambda one: (one.name, one.number, one.place, one.why), lambda one: self.met.emit(one.id), _("打开"))
            self.add_widget(self.like)
        self.on_edit = self._edited

    # -- the number tells

    def _edited(self, name: str) -> None:
        if name == "id_kind":
            self._kind_chosen = bool(self.editor("id_kind").text())
        if name in ("id_no", "id_kind"):
            self._read_number(name)
        elif name == "birth":
            self._show_age()
        if name in TELLING and self.alike is not None:
            self.alike({n: said(self, n) or None for n in TELLING}, self.like.show_found)


    def _read_number(self, name: str) -> None:
        if self.slots["id_no"].locked:
            return
        facts, sentence = self._facts(complete_only=True)
        slot = self.slots["id_no"]
        if facts is not None:
            self._take(facts)
            worst = next((m for m in facts.marks if m.level != "note"), None) or next(iter(facts.marks), None)
            slot.show_mark(*((worst.level, worst.text) if worst else ("ok", _("校验通过"))))
            if name == "id_no" and self.known is not None:
                self.known(facts.number)
            return
        self._free()
        slot.show_mark("block" if sentence else "", sentence)
        if self.known is not None:
            self.known("")

    def _facts(self, complete_only: bool = False) -> tuple[idnumber.Facts | None, str]:
        """What the typed number tells, or the sentence saying why it cannot be right."""
        try:
            number = idnumber.normalise(self.editor("id_no").text())
            if not number or (complete_only and self._half(number)):
                return None, ""
            return idnumber.examine(number, self._kind(number), today=self._today), ""
        except Mistake as mistake:
            return None, mistake.text

    def _half(self, number: str) -> bool:
        """Still being typed: a resident number short of its eighteenth character."""
        return len(number) < 18 and len(number) != 15 if number.isdigit() and not self._kind_chosen else len(number) < 5

    def _kind(self, number: str) -> str:
        if not self._kind_chosen:
            self.editor("id_kind").set_value(idnumber.guess_kind(number))
        try:
            return self.editor("id_kind").value() or idnumber.RESIDENT
        except Mistake:
            return idnumber.RESIDENT

    def _take(self, facts: idnumber.Facts) -> None:
        for name, value in zip(FROM_NUMBER, (facts.sex, facts.birth, facts.division), strict=True):
            if value is not None:
                self.editor(name).set_value(value)
            self.slots[name].set_still(value is not None)
        self._show_age()

    def _free(self) -> None:
        """The number tells nothing (yet): what came from it goes, the fields may be typed."""
        for name in FROM_NUMBER:
            if self.slots[name].still:
                self.editor(name).set_value(None)
            self.slots[name].set_still(False)
        self._show_age()

    def _show_age(self) -> None:
        try:
            birth = self.editor("birth").value()
        except Mistake:
            birth = None
        self.editor("age").set_text(_("{0} 岁").format(idnumber.age(birth, self._today)) if birth and birth <= self._today else "")

    def take(self, values: Mapping[str, Any]) -> None:
        """Fill in what a card says as if it was typed; what it says nothing of, and what is masked, stays."""
        self._kind_chosen = True
        for name, value in values.items():
            if not self.slots[name].locked:
                self.editor(name).set_value(value)
                self.slots[name].show_mark("", "")
        self._read_number("id_no")
        self.edited.emit("id_no")

    # -- values

    def fill(self, record: Any) -> None:
        new = isinstance(record, Mapping)
        super().fill({"id_kind": idnumber.RESIDENT} | dict(record) if new else record)
        self._kind_chosen = not new
        if self.alike is not None:
            self.like.forget()
        if new:
            self._free()
        else:
            self._hold()

    def _hold(self) -> None:
        """What the number tells is not typed; while it is masked, nothing of it is."""
        locked, facts = self.slots["id_no"].locked, None if self.slots["id_no"].locked else self._facts()[0]
        tells = {"sex": facts.sex, "birth": facts.birth, "hukou_code": facts.division} if facts else {}
        for name in FROM_NUMBER:
            slot = self.slots[name]
            if not slot.locked:
                slot.set_still(bool(slot.editor.text()) if locked else tells.get(name) is not None and tells[name] == self._said(name))
        self._show_age()

    def _said(self, name: str) -> Any:
        try:
            return self.editor(name).value()
        except Mistake:
            return None

    def reveal(self, values: Mapping[str, Any]) -> None:
        super().reveal(values)
        self._hold()

    def cover(self) -> None:
        """A number that was changed stays, and with it what it tells."""
        if "id_no" in self._opened and not self.slots["id_no"].as_opened:
            self._opened.pop("birth", None)
        super().cover()
        self._hold()

    def beside(self, pins: Sequence[str]) -> dict[str, Any]:
        """What the form of somebody else in the same room starts with."""
        return self.carried({*pins, "room", "start"}) | {"relation": codes.table("relation").find("同住")}

    def proposed(self, name: str, last: str) -> list[str]:
        """The address of somebody's home begins with the county the number tells, the last one's with what was last typed."""
        county = self.editor("hukou_code").text() if name == "hukou_addr" else ""
        return list(filter(None, (county, last)))

    def collect(self) -> tuple[dict[str, Any], list[Mark]]:
        values, marks = super().collect()
        for name in FROM_NUMBER:
            if self.slots[name].still and not self.slots["id_no"].locked:
                values[name] = self.editor(name).value()
        values["id_kind"] = values.get("id_kind") or idnumber.RESIDENT
        return values, marks

    def doubts(self, values: Mapping[str, Any]) -> list[Mark]:
        """Everything the record itself has to say about these values before they are saved; of what is masked it says so when it is saved."""
        known, told = fields_of(Person), dict(values)
        if self.slots["id_no"].locked:
            told["id_kind"] = idnumber.NO_PAPER
        marks = [*marks_of(Person(**{n: v for n, v in told.items() if n in known}), self._today), *fromcard.retype(values.get("hukou_addr"))]
        return [m for m in marks if m.field not in self.slots or not self.slots[m.field].locked]
