"""The forms of a hazard (隐患): how it is registered, what its notice asks for, what was found when it was looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gridapp.fields import phrases
from gridapp.fields.kinds import LongText
from gridapp.fields.phrases import Phrase
from gridapp.records import Hazard
from gridapp.texts import _
from ui.forms.chosen import Chosen, One
from ui.forms.form import Cell, Form, Section, Told, fields_of
from ui.forms.likeness import Find, Likeness, SeekingForm, said
from ui.forms.lines import LongEditor
from ui.forms.phrases import Phrases
from ui.forms.told import told_day, told_text

#: what is typed for an item that was looked at again
PUT_RIGHT, NOT_YET = "1", "2"


class HazardForm(SeekingForm):
    """`find` asks for earlier hazards like the one being typed."""

    telling, words = ("content", "house", "site", "place"), ("content", "place")

    def __init__(self, find: Find | None = None) -> None:
        told = fields_of(Hazard, "found_on", "kind", "house", "site", "place", "content", "degree", "finder", "due_on", "responsible", "phone", "demand")
        super().__init__(told, [
            Section(_("发现了什么"), [[Cell("found_on", 2), Cell("kind", 2), Cell("house", 3), Cell("site", 3)], [Cell("place")], [Cell("content")],
                                 [Cell("degree"), Cell("finder", 2), Cell("due_on")]]),
            Section(_("谁来整改"), [[Cell("responsible"), Cell("phone")], [Cell("demand")]])], find, self._likeness)
        content = self.editor("content")
        assert isinstance(content, LongEditor)
        self.phrases = Phrases(content, lambda typed: phrases.offered(said(self, "kind"), typed), lambda phrase: self._add("kind", phrase.kind))

    def _likeness(self) -> Likeness:
        return Likeness(_("以前类似的（同一处，或说的差不多）"), lambda one: (one.found_on, one.place, one.content, one.state, one.demand), self.take_over,
                        _("照用类别和要求"))

    def take_over(self, other: Any) -> None:
        """What an earlier one was called and what was asked for; what is filled in stays."""
        for name in ("kind", "demand"):
            self._add(name, getattr(other, name))

    def _add(self, name: str, value: Any) -> None:
        """What is known of a field that is still empty."""
        if value and not self.editor(name).text():
            self.editor(name).set_value(value)
            self.edited.emit(name)


def _line(matter: Any) -> str:
    """A hazard in a few words, as the label of a field."""
    return str(matter.content) if len(matter.content) <= 20 else f"{matter.content[:19]}…"


def notice_form(first: Any, others: Sequence[Any]) -> Form:
    """The notice of a hazard and of others found with it: whom it goes to, until when, and what is to be done about each ('demand <id>')."""
    told = {"due_on": told_day("due_on", _("整改期限")), "day": told_day("day", _("通知日期")),
            "responsible": told_text("responsible", _("被通知人"), 50, hint=_("空着就用登记的房东或负责人")), "phone": told_text("phone", _("电话"), 20)}
    if others:
        told["also"] = Told("also", Chosen(pairs=tuple((str(h.id), _line(h)) for h in others)), _("一并写进这份通知书"))
    asked = {f"demand {h.id}": Told(f"demand {h.id}", LongText(500), _("整改要求：{0}").format(_line(h)), h is first) for h in (first, *others)}
    rows = [[Cell("due_on", 2), Cell("day", 2), Cell("responsible", 3), Cell("phone", 3)], *([[Cell("also")]] if others else []), *([Cell(name)] for name in asked)]
    return Form(told | asked, [Section(f"{first.place}：{first.content}", rows)])


def notice_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the verb wants it."""
    demands = {UUID(name.removeprefix("demand ")): said for name, said in values.items() if name.startswith("demand ")}
    also = [UUID(one) for one in (values.get("also") or "").split(",") if one]
    return {n: values[n] for n in ("due_on", "day", "responsible", "phone")} | {"demands": demands, "also": also}


def recheck_form(items: Sequence[Any], heading: str) -> Form:
    """Only what is still open: each item is answered with 1 or 2 ('passed <id>') and a word on what was seen ('note <id>')."""
    pairs = ((PUT_RIGHT, _("1 合格，予以销号")), (NOT_YET, _("2 不合格，继续整改")))
    told = {"day": told_day("day", _("复查日期")), "by": told_text("by", _("复查人"), required=True),
            "due_on": Told("due_on", told_day("d", "").kind, _("不合格的，新的期限"))}
    rows = [[Cell("day", 2), Cell("by", 3), Cell("due_on", 2)]]
    for item in items:
        told[f"passed {item.id}"] = Told(f"passed {item.id}", One(pairs=pairs), _line(item), len(items) == 1, hint=_("按 1 或 2") if len(items) == 1 else _("按 1 或 2；没看的空着"))
        told[f"note {item.id}"] = Told(f"note {item.id}", LongText(500), _("看到的情况"))
        rows.append([Cell(f"passed {item.id}", 2), Cell(f"note {item.id}", 4)])
    return Form(told, [Section(heading, rows)])


def recheck_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the verb wants it; what was left blank was not looked at."""
    looked = {UUID(name.removeprefix("passed ")): said == PUT_RIGHT for name, said in values.items() if name.startswith("passed ") and said}
    return {"answers": looked, "notes": {hazard: values[f"note {hazard}"] for hazard in looked}} | {n: values[n] for n in ("by", "due_on", "day")}
