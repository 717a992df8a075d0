"""The form of a dispute or a petition: what it is about, a line or two for every party, and earlier cases that look like the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from gridapp.errors import Mark
from gridapp.fields.kinds import Link
from gridapp.records import Dispute, Party, Petition
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section, Told, fields_of
from ui.forms.likeness import Likeness, said
from ui.forms.links import LinkEditor
from ui.widgets import button, card, row_of

#: fields of a party's two lines and how wide each is
UPPER = {"side": 2, "person": 3, "name": 3, "sex": 1, "age": 1, "phone": 3}
LOWER = {"id_no": 3, "ethnic": 1, "work": 2, "address": 4, "agent": 2}
#: a line counts when one of these was filled in
SAID = ("person", "name", "phone", "id_no")
MOST_PARTIES = 30
#: typing here may find earlier cases
TELLING = ("title", "house", "person", "name", "phone", "id_no", "address")
APPLICANT, RESPONDENT = "01", "02"
NAME = "party.{0}.{1}"
Asked = Callable[[dict[str, Any], Callable[[Sequence[Any]], None]], object]


def told_party() -> dict[str, Told]:
    """What a party's lines ask for; who is taken from the register needs no name typed."""
    known = fields_of(Party, *UPPER, *LOWER)
    name, person = known["name"], known["person"]
    return known | {"name": Told("name", name.kind, name.label), "person": Told("person", person.kind, _("已登记的人"))}


def place_finder(editor: Any, desk: Desk, question: Callable[..., Any], lane: str, words: str) -> None:
    """Let a link editor find by typing."""
    assert isinstance(editor, LinkEditor)
    editor.finder = lambda text, came: desk.ask(question, text, then=came, lane=lane)
    editor.line.setPlaceholderText(words)


class CaseForm(Form):
    """Parties are slots named 'party.0.name' and so on: Enter, marks and drafts treat them like any other field."""

    #: sides of the first lines; how many lines there are at first
    sides: tuple[str, ...] = (APPLICANT, RESPONDENT)

    def __init__(self, desk: Desk, told: Mapping[str, Told], outline: Sequence[Section], *, new: bool, heading: str, find: Asked | None = None) -> None:
        super().__init__(told, outline)
        self._desk, self._find, self._new = desk, find, new
        self._lines: list[int] = []
        if new:
            self.like = Likeness(_("以前类似的（同一当事人、同一房屋或名称相近）"),
                                 lambda one: (one.why, one.day, one.number, one.title, one.parties, one.state), self.link)
            self.add_widget(self._frame(heading))
            for _side in self.sides:
                self.add_line()
            self.add_widget(self.like)
        self.on_edit = self._edited

    def _frame(self, heading: str) -> QFrame:
        made, inside = card(heading)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.look.px(10))
        inside.addLayout(self._rows)
        more = button(_("再加一人（Alt+A）"), lambda: self.focus(NAME.format(self.add_line(), "person")), icon="plus", key="Alt+A")
        inside.addLayout(row_of(more))
        return made

    def add_line(self) -> int:
        """One more party; returns its number."""
        number = len(self._lines)
        if number >= MOST_PARTIES:
            return number - 1
        self._lines.append(number)
        known = told_party()
        for part in (UPPER, LOWER):
            slots = [(self._slot(Told(NAME.format(number, n), known[n].kind, known[n].label, False, known[n].hint), still=False), w) for n, w in part.items()]
            self._rows.addLayout(self.row(slots))
        from gridapp.work import parties

        place_finder(self.editor(NAME.format(number, "person")), self._desk, parties.people_matching, f"person {id(self)} {number}", _("姓名、证件号码或电话尾号"))
        self.editor(NAME.format(number, "side")).set_value(self.sides[min(number, len(self.sides) - 1)])
        return number

    def fill(self, record: Any) -> None:
        """Values of the case; the parties' lines of a new one begin with their sides."""
        super().fill(record)
        for number in self._lines:
            self.editor(NAME.format(number, "side")).set_value(self.sides[min(number, len(self.sides) - 1)])
        self.show_like(())

    # -- who is taken from the register

    def _edited(self, name: str) -> None:
        head, _dot, rest = name.partition(".")
        field = rest.partition(".")[2] if head == "party" else name
        if field == "person":
            self._take(name.removesuffix(".person"))
        if field in TELLING and self._find is not None and self._new:
            self._find(self._alike(), self.show_like)

    def _take(self, line: str) -> None:
        """Fill a line with what may be shown of the person chosen; numbers are filled in when it is saved."""
        chosen = getattr(self.editor(f"{line}.person"), "chosen", None)
        if not chosen:
            return

        def came(told: Any) -> None:
            if getattr(self.editor(f"{line}.person"), "chosen", None) != chosen:
                return
            for name in ("name", "sex", "ethnic", "age"):
                self.editor(f"{line}.{name}").set_value(getattr(told, name))
            if told.kept:
                self.slots[f"{line}.person"].show_mark("note", _("保存时按登记填入：{0}").format(told.kept))

        from gridapp.work import parties

        self._desk.ask(parties.taken_from, chosen[0], then=came, lane=f"taken {id(self)} {line}")

    # -- earlier cases

    def _alike(self) -> dict[str, Any]:
        """What earlier cases are sought by."""
        told = [{n: said(self, NAME.format(number, n)) for n in (*SAID, "address")} for number in self._lines]
        return {"title": said(self, "title") or "", "parties": [one for one in told if any(one.values())],
                "house": said(self, "house") if "house" in self.slots else None}

    def show_like(self, found: Sequence[Any]) -> None:
        """Earlier cases, each with a key that links it."""
        if not self._new:
            return
        count = self.like.show_found(found)
        said = _("有 {0} 件类似的，列在表的最后；按 Alt+1 关联第一件。").format(count) if count else ""
        self.slots["title"].show_mark("note" if said else "", said)

    def link(self, other: Any) -> None:
        """The case will be linked with this one when it is saved."""
        editor = self.editor("linked")
        assert isinstance(editor, LinkEditor)
        editor.choose(other.id, f"{other.number} {other.title}".strip())
        self.like.tell(editor.line.text())
        self.edited.emit("linked")

    # -- values

    def collect(self) -> tuple[dict[str, Any], list[Mark]]:
        """Values of the case; under 'parties' the lines in which somebody was named."""
        values, marks = super().collect()
        told = []
        for number in self._lines:
            line = {name: values.pop(NAME.format(number, name), None) for name in (*UPPER, *LOWER)}
            if any(line[name] for name in SAID):
                lacking = [("side", _("当事人地位"))] + ([("name", _("姓名（或选已登记的人）"))] if line["person"] is None else [])
                marks += [Mark(NAME.format(number, name), "block", f"no-{name}", _("请填写{0}。").format(words)) for name, words in lacking if not line[name]]
                told.append({n: v for n, v in line.items() if v is not None})
        if self._new:
            values["parties"] = told
        return values, marks

    def fill_texts(self, texts: Mapping[str, str]) -> None:
        """A draft may hold more parties than the form has."""
        if self._new:
            wanted = max((int(n.split(".")[1]) for n in texts if n.startswith("party.")), default=0)
            while len(self._lines) <= min(wanted, MOST_PARTIES - 1):
                self.add_line()
        super().fill_texts(texts)


def _linked(told: dict[str, Told], to: str) -> dict[str, Told]:
    return told | {"linked": Told("linked", Link(to), _("关联以前的一件"))}


class DisputeForm(CaseForm):
    """A dispute; a new one with its parties."""

    def __init__(self, desk: Desk, *, new: bool, find: Asked | None = None) -> None:
        from gridapp.work import parties

        told = _linked(fields_of(Dispute), "dispute")
        rows = [[Cell("title", 4), Cell("category", 2), Cell("source", 2)], [Cell("found_on", 2), Cell("house", 3), Cell("place", 3)],
                [Cell("content")], [Cell("claim")], [Cell("scale"), Cell("people"), Cell("amount"), Cell("risk"), Cell("linked", 3)] if new else
                [Cell("scale"), Cell("people"), Cell("amount"), Cell("risk")]]
        later = [] if new else [Section(_("协议和结果"), [[Cell("mediators", 3), Cell("perform_by", 2), Cell("visit_by", 2)], [Cell("agreement")], [Cell("perform")], [Cell("result")]])]
        super().__init__(desk, told, [Section(_("什么纠纷"), rows), *later], new=new, heading=_("当事人（至少两方；没有登记的直接填写）"), find=find)
        if new:
            place_finder(self.editor("linked"), desk, partial(parties.cases_matching, entity=Dispute), f"linked {id(self)}", _("编号、名称或当事人"))


class PetitionForm(CaseForm):
    """A petition; a new one with its petitioners."""

    sides = ("04",)

    def __init__(self, desk: Desk, *, new: bool, find: Asked | None = None) -> None:
        from gridapp.work import parties

        told = _linked(fields_of(Petition), "petition")
        first = [[Cell("title", 5), Cell("way", 2), Cell("came_on", 2)], [Cell("content")]]
        more = [Cell("people"), Cell("risk"), *([Cell("linked", 3)] if new else [])]
        charge = [Section(_("包案"), [[Cell("leader", 2), Cell("team", 4), Cell("due_on", 2)]])] if new else [Section(_("专班和结果"), [[Cell("team")], [Cell("result")]])]
        super().__init__(desk, told, [Section(_("什么事项"), [*first, more]), *charge], new=new, heading=_("信访人（没有登记的直接填写）"), find=find)
        if new:
            place_finder(self.editor("linked"), desk, partial(parties.cases_matching, entity=Petition), f"linked {id(self)}", _("编号、事项或信访人"))
