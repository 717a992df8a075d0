"""The form of many rooms at once (批量编房号): a rule fills the list of doors, which can be changed; what is there already is told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gridapp.errors import Mistake
from gridapp.fields.kinds import Area, LongText, Text, Whole
from gridapp.texts import _
from gridapp.work import numbering
from ui.forms.chosen import One
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.house import rooms_typed

RULE = ("first_floor", "last_floor", "first", "last", "style", "prefix", "skip")
#: names told at most beside the count of those that are there
TOLD = 6


class RoomsForm(Form):
    """The rule, the doors it gives, and what each of them is for."""

    def __init__(self, there: Collection[str], words: str) -> None:
        self._there, self._by_rule, self._typed = set(there), dict[str, int](), False
        told = {"first_floor": Told("first_floor", Whole(-3, 99), _("从几层")), "last_floor": Told("last_floor", Whole(-3, 99), _("到几层")),
                "first": Told("first", Whole(1, 99), _("每层从几号")), "last": Told("last", Whole(1, 99), _("到几号")),
                "style": Told("style", One(pairs=tuple((key, _(title)) for key, title in numbering.STYLES.items())), _("房号写法")),
                "skip": Told("skip", One(pairs=tuple((key, _(title)) for key, title in numbering.SKIPS.items())), _("跳号")),
                "prefix": Told("prefix", Text(10), _("前面加")),
                "rooms": Told("rooms", LongText(8000), _("房号"), True, _("一行一层，可以直接修改，也可以不填规则自己写")),
                "max_people": Told("max_people", Whole(0, 99), _("每间核定人数（床位）")), "area": Told("area", Area(), _("每间面积（㎡）"))}
        super().__init__(told, [
            Section(words, [[Cell("first_floor"), Cell("last_floor"), Cell("first"), Cell("last")], [Cell("style", 2), Cell("skip", 2), Cell("prefix")], [Cell("rooms")]]),
            Section(_("这些房间都一样的"), [[Cell("max_people"), Cell("area")]])])
        self.on_edit = self._edited

    def _edited(self, name: str) -> None:
        if name == "rooms":
            self._typed = bool(self.editor("rooms").text().strip())
            self._tell()
        elif name in RULE and not self._typed:
            self._by_the_rule()

    def _by_the_rule(self) -> None:
        rule = self._rule()
        if rule is None:
            return
        try:
            found = numbering.doors(rule)
        except Mistake as mistake:
            self.slots["rooms"].show_mark("warn", mistake.text)
            return
        self._by_rule = dict(found)
        floors: dict[int, list[str]] = {}
        for number, floor in found:
            floors.setdefault(floor, []).append(number)
        self.editor("rooms").set_text("\n".join(" ".join(numbers) for numbers in floors.values()))
        self._tell()

    def _rule(self) -> numbering.Rule | None:
        """What the fields say so far; None where a number is missing or cannot be read."""
        try:
            told = {name: self.editor(name).value() for name in RULE}
        except Mistake:
            return None
        if any(told[name] is None for name in ("first_floor", "last_floor", "first", "last")):
            return None
        return numbering.Rule(**told | {"style": told["style"] or numbering.TWO, "skip": told["skip"] or numbering.NOTHING, "prefix": told["prefix"] or ""})

    def rooms(self) -> list[tuple[str, int | None]]:
        """(room number, floor): the floor the rule gave; of a door that was typed what its number or its line tells."""
        return [(number, self._by_rule.get(number, floor)) for number, floor in rooms_typed(self.editor("rooms").text())]

    def _tell(self) -> None:
        """How many are new, which are there and which stand twice."""
        numbers = [number for number, _floor in self.rooms()]
        there, twice = [n for n in numbers if n in self._there], sorted({n for n in numbers if numbers.count(n) > 1})
        words = _("共 {0} 间，新增 {1} 间").format(len(numbers), len(numbers) - len(there)) if numbers else ""
        if there:
            words += _("；已有 {0} 间，不动：{1}").format(len(there), "、".join(there[:TOLD]) + ("…" if len(there) > TOLD else ""))
        if twice:
            words += _("；写了两次：{0}").format("、".join(twice[:TOLD]))
        self.slots["rooms"].show_mark("warn" if there or twice else "ok" if numbers else "", words)

    def fill(self, record: Any) -> None:
        super().fill(record)
        self._typed = False
        self._by_the_rule()
