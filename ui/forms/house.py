"""The form of a house: floors times rooms fill the list of doors, which can be changed before saving."""

from __future__ import annotations

from typing import Any

from gridapp.errors import Mistake
from gridapp.fields.kinds import LongText, Whole
from gridapp.records import House
from gridapp.texts import _
from gridapp.work.houses import numbered
from gridapp.work.intake import floor_of
from ui.forms.form import Cell, Form, Section, Told, fields_of

MOST_PER_FLOOR = 60


def rooms_typed(text: str) -> list[tuple[str, int | None]]:
    """(room number, floor) of what was typed: a line is a floor; a number such as 207 tells its floor itself."""
    lines = [line.replace("，", " ").replace(",", " ").replace("、", " ").split() for line in text.splitlines()]
    filled = [words for words in lines if words]
    return [(word, floor_of(word) or place) for place, words in enumerate(filled, 1) for word in words]


class HouseForm(Form):
    """Everything of a house; a new one with its rooms."""

    def __init__(self, *, new: bool) -> None:
        told = fields_of(House)
        sections = [
            Section(_("房屋和出租人"), [
                [Cell("house_no", 2), Cell("address", 5)],
                [Cell("owner_name", 2), Cell("owner_phone", 2), Cell("lessor_kind", 2)],
                [Cell("owner_id_kind", 2), Cell("owner_id_no", 3), Cell("owner_addr", 3)],
                [Cell("manager_name", 2), Cell("manager_phone", 2), Cell("filing_no", 3)]])]
        if new:
            told |= {"per_floor": Told("per_floor", Whole(1, MOST_PER_FLOOR), _("每层间数")),
                     "rooms": Told("rooms", LongText(4000), _("房号"), hint=_("一行一层，可以直接修改"))}
            sections.insert(1, Section(_("房间"), [[Cell("floors"), Cell("per_floor"), Cell("max_people")], [Cell("rooms")]]))
        size = [Cell("area"), Cell("rooms_let")] if new else [Cell("floors"), Cell("area"), Cell("rooms_let"), Cell("max_people")]
        sections.append(Section(_("情况"), [
            [Cell("nature"), Cell("house_class"), Cell("rent_use"), *size],
            [Cell("smoke_alarm"), Cell("extinguisher"), Cell("guarantee"), Cell("safe_exit"), Cell("fire_exit"), Cell("degree")],
            [Cell("registered_on"), Cell("rent_from"), Cell("remark", 2)]]))
        super().__init__(told, sections)
        self._typed_rooms = False
        self.on_edit = self._edited if new else None

    def _edited(self, name: str) -> None:
        if name == "rooms":
            self._typed_rooms = True
            self._count()
        elif name in ("floors", "per_floor") and not self._typed_rooms:
            self._number_rooms()

    def _number_rooms(self) -> None:
        floors, per_floor = self._whole("floors"), self._whole("per_floor")
        if floors and per_floor and floors <= 99:
            doors: dict[int, list[str]] = {}
            for number, floor in numbered(floors, per_floor):
                doors.setdefault(floor, []).append(number)
            self.editor("rooms").set_text("\n".join(" ".join(numbers) for numbers in doors.values()))
        self._count()

    def _count(self) -> None:
        count = len(rooms_typed(self.editor("rooms").text()))
        self.slots["rooms"].show_mark("ok" if count else "", _("共 {0} 间").format(count) if count else "")

    def _whole(self, name: str) -> int | None:
        try:
            found: int | None = self.editor(name).value()
        except Mistake:
            return None
        return found

    def offer_number(self, number: str) -> None:
        """The next free house number, unless one was typed already."""
        if not self.editor("house_no").text():
            self.editor("house_no").set_text(number)

    def fill(self, record: Any) -> None:
        super().fill(record)
        self._typed_rooms = False
