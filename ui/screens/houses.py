"""房屋: the list of rental houses, a house with its rooms and who lives there, and everything done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import LongText
from gridapp.printing import batches, press
from gridapp.records import House, Room
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import hazards, houses, inspections, numbering, residence, tenancies
from ui.desk import Desk
from ui.forms.chosen import One
from ui.forms.form import Cell, Told
from ui.forms.form import fields_of as told_of
from ui.forms.house import HouseForm, rooms_typed
from ui.forms.page import FormPage
from ui.forms.rooms import RoomsForm
from ui.forms.told import told_code, told_day, told_text
from ui.lists.facts import Action, Facts, ForChosen, Row
from ui.lists.model import MASKED, Column
from ui.screens.assigning import to_campaign
from ui.screens.graded import grade, standing_rows
from ui.screens.listed import Listed, Subject, Way
from ui.screens.paperlist import Choice, choose_paper
from ui.screens.residents import ResidentsPage
from ui.screens.rooms import RoomsPage
from ui.screens.otherlist import inspect_by

ROSTER, FORM, COVER, PLEDGE, CHECKLIST = "F04", "F03", "F05", "F22", "F06"
DEGREES = {"01": "green", "02": "yellow", "03": "red"}


def columns(desk: Desk) -> list[Column]:
    degree = codes.table("degree")
    return [Column(_("编号"), lambda r: r.house_no, 104, strong=True, key="number"), Column(_("房屋坐落"), lambda r: desk.short(r.address), key="address"),
            Column(_("房主"), lambda r: r.owner, 96, rank=2, key="owner"), Column(_("电话"), lambda r: r.phone, 126, rank=3, why=_(MASKED)),
            Column(_("房间/住人"), lambda r: f"{r.rooms} / {r.people}", 96, rank=1, key="rooms", reckoned=True),
            Column(_("上次检查"), lambda r: str(r.last or _("没有")), 112, rank=3, key="last", reckoned=True), Column(_("等级"), lambda r: "" if r.closed else grade(r.grade)[0], 76, pill=lambda r: r.grade, key="grade", reckoned=True),
            Column(_("隐患程度"), lambda r: _("已注销") if r.closed else degree.label(r.degree or ""), 96,
                   pill=lambda r: "grey" if r.closed else DEGREES.get(r.degree, "grey"), key="degree")]


class HousesScreen(Listed):
    """List, detail, rooms, forms."""

    def __init__(self, desk: Desk) -> None:
        #: whose houses the list is limited to: a house and whether its owner or its manager is meant
        self.only: tuple[Any, str] | None = None
        super().__init__(desk, Subject(columns(desk), houses.count_houses, houses.list_houses, houses.house_card,
                                       lambda card: facts(card, desk.today),
                                       _("{0} {1:,} 处"), houses.FILTERS, arrange=houses.arrange_houses, paper=ROSTER), self._actions(), [
            Way("printer", _("批量打印（Ctrl+B）"), lambda: self.go.emit("batches", "", ()), "Ctrl+B", calls=batches.begin),
            Way("printer", _("全部登记簿（Ctrl+P）"), self.print_all, "Ctrl+P", calls=press.make),
            Way("plus", _("登记房屋（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=houses.register_house)])
        self._old: FormPage | None = None

    def for_chosen(self) -> list[ForChosen]:
        """With a campaign that is to look at them."""
        return [*super().for_chosen(), to_campaign(self, "houses")]

    def make_page(self, actions: Sequence[Action]) -> RoomsPage:
        """The page of a house shows its doors."""
        page = self.rooms = RoomsPage(actions, self.veil)
        page.left.connect(self.back)
        page.add_button.setVisible(self.desk.can(tenancies.register_tenant))
        page.correct_button.setVisible(self.desk.can(houses.correct_room))
        page.opened.connect(lambda person: self.go.emit("people", "open", ("person", person)))
        page.correcting.connect(lambda room: self.desk.ask(houses.room_record, room, then=self.correct_room))
        page.registering.connect(lambda *told: self.go.emit("people", "register_in", told))
        return page

    def show_on_page(self, card: Any) -> None:
        self.rooms.show_house(card, facts(card, self.desk.today))
        self.draw_page(card)

    def draw_page(self, card: Any) -> None:
        """Whom to call stands over the doors."""
        told = facts(self.seen(card), self.desk.today).rows[:2]
        self.stand_over(card, "　".join(f"{name}：{words}" for name, words in told if name in (_("房主"), _("管理人"))))

    def _actions(self) -> list[Action]:
        def is_open(card: Any) -> bool:
            return card.record.closed_on is None

        def on_page(card: Any) -> bool:
            """Beside the list there is no room for everything."""
            return is_open(card) and self.currentWidget() is not self.list

        return [Action(_("房间和住户"), "door-open", "F4", lambda card: self.open_card(card.record.id),
                       lambda _card: self.currentWidget() is self.list, primary=True),
                Action(_("修改"), "pencil", "F2", self.correct, calls=houses.correct_house), Action(_("加房间"), "plus", "F6", self.add_rooms, is_open, calls=numbering.number_rooms),
                Action(_("打印"), "printer", "F8", self.print_paper, calls=press.make),
                Action(_("检查"), "clipboard-list", "F12", lambda card: self.go.emit("inspections", "inspect_house", (card.record.id,)), is_open, calls=inspections.inspect),
                Action(_("登记隐患"), "triangle-alert", "F7", self.raise_hazard, is_open, calls=hazards.raise_hazard),
                Action(_("已报送"), "check", "F10", self.mark_reported, lambda card: is_open(card) and card.record.reported_on is None, calls=houses.mark_house_reported),
                Action(_("补录检查"), "file-text", "Shift+F12", lambda card: self.go.emit("inspections", "inspect_house", (card.record.id, True)), on_page, calls=inspections.inspect),
                Action(_("换表检查"), "clipboard-list", "Ctrl+F12", lambda card: inspect_by(self, card.record, "inspect_house"), on_page, calls=inspections.inspect),
                Action(_("某天谁住过"), "history", "Shift+F4", self.ask_day, calls=residence.lived_in_house),
                Action(_("房主的全部房屋"), "users", "Shift+F2", lambda card: self.show_of(card, houses.OWNER), lambda card: on_page(card) and bool(card.record.owner_phone or card.record.owner_id_no)),
                Action(_("二房东的全部房屋"), "users", "Ctrl+F2", lambda card: self.show_of(card, houses.MANAGER), lambda card: on_page(card) and bool(card.record.manager_phone)),
                Action(_("看全部房屋"), "rotate-ccw", "Shift+F2", lambda _card: self.show_all(), lambda card: self.only is not None and not on_page(card)),
                Action(_("空检查表"), "printer", "Ctrl+F8", self.print_checklist, on_page, calls=press.make),
                Action(_("注销"), "ban", "F9", self.close_house, is_open, calls=houses.close_house),
                Action(_("取消注销"), "rotate-ccw", "F9", self.reopen, lambda card: not is_open(card), calls=houses.reopen_house)]

    def open(self, entity: str, record_id: Any) -> None:
        """Show the rooms of a house; of a room, its house with that room chosen."""
        if entity == "room":
            self.rooms.want(record_id)
            self.desk.ask(houses.room_label, record_id, then=lambda told: self.open_card(told[0]))
        else:
            self.open_card(record_id)

    # -- one landlord, one day

    def choose(self, which: str) -> None:
        """Whoever comes from elsewhere sees all houses."""
        self._narrow(None)
        super().choose(which)

    def show_of(self, card: Any, whose: str) -> None:
        """Only the houses of whoever lets (manages) this one, closed ones too."""
        self._narrow((card.record, whose))
        self.back()
        self.list.choose(houses.ALL)
        self.refresh()
        self.say(_("只看{0}的房屋，按 Shift+F2 看全部").format(_(houses.WHOSE[whose])))

    def show_all(self) -> None:
        self._narrow(None)
        self.refresh()

    def _narrow(self, only: tuple[Any, str] | None) -> None:
        self.only = only
        told = {"same_as": only[0].id, "whose": only[1]} if only is not None else {}
        self.subject = replace(self.subject, count=partial(houses.count_houses, **told), rows=partial(houses.list_houses, **told),
                               arrange=partial(houses.arrange_houses, **told), footer=self._footer())

    def _footer(self) -> str:
        if self.only is None:
            return _("{0} {1:,} 处")
        record, whose = self.only
        name = (record.owner_name if whose == houses.OWNER else record.manager_name) or ""
        return _("{0}“{1}”的房屋：").format(_(houses.WHOSE[whose]), name.replace("{", "{{").replace("}", "}}")) + _("{0} {1:,} 处")

    def ask_day(self, card: Any) -> None:
        """Who lived in this house, on its page in the room that is chosen, on a day."""
        rooms = {str(r.id): r.room_no for r in card.rooms}
        told = {"day": told_day("day", _("哪一天")), "room": Told("room", One(pairs=tuple(rooms.items())), _("哪间房"), hint=_("空着就是整处房屋"))}

        def run(values: dict[str, Any], then: Any, fail: Any) -> None:
            def another() -> None:
                self.back()
                self.ask_day(card)

            def came(found: Any) -> None:
                then(None)
                page = ResidentsPage(f"{card.record.label()} {rooms.get(room, '')}".strip(), values["day"], found, another)
                page.left.connect(self.back)
                page.opened.connect(lambda person: self.go.emit("people", "open", ("person", person)))
                self.show_page(page, passing=True)

            room = values.get("room") or ""
            question = partial(residence.lived_in_room, room_id=UUID(room)) if room else partial(residence.lived_in_house, house_id=card.record.id)
            self.desk.ask(question, day=values["day"], then=came, fail=fail)

        self.task(_("某天谁住过：{0}").format(card.record.label()), told if rooms else {"day": told["day"]}, [[Cell("day"), *([Cell("room")] if rooms else [])]], run,
                  given={"day": self.desk.today}, words=_("按登记的入住和离开日期"))

    # -- registering and correcting

    @cached_property
    def _new(self) -> FormPage:
        """The form of a new house, made when first needed."""
        return self.form_page(HouseForm(new=True), "house", self._register)

    def register(self) -> None:
        """A new house with all its rooms in one go; its number is the next one in use."""
        self._new.begin(_("登记房屋"), {"registered_on": self.desk.today, "floors": 3})
        self.show_page(self._new)
        self._new.form.focus("address")
        self.desk.ask(houses.next_number, then=self._new.form.offer_number)  # type: ignore[attr-defined]

    def _register(self, values: dict[str, Any], _next: bool) -> None:
        saved = self.saved(self._new, lambda done: self.open_card(done.result))
        rooms = rooms_typed(values.pop("rooms") or "")
        values.pop("per_floor")
        self.desk.do(houses.register_house, rooms, then=saved, fail=self._new.failed, **values)

    def correct(self, card: Any) -> None:
        """Change what is registered of a house."""
        if self._old is None:
            self._old = self.form_page(HouseForm(new=False), "", self._correct)
        self._old.key = f"house {card.record.id}"
        self._old.begin(_("修改：{0}").format(card.record.house_no), card.record)
        self.show_page(self._old)

    def _correct(self, values: dict[str, Any], _next: bool) -> None:
        page = self._old
        assert page is not None and self.card is not None
        self.desk.do(houses.correct_house, self.card.record.id, then=self.saved(page), fail=page.failed, seen=page.seen, **values)

    def correct_room(self, room: Room) -> None:
        """Number, floor, size and how many may live in a room: the crowding warnings (2 人/居室, 6 ㎡/人) come from here."""
        page = self.task(_("修改房间 {0}").format(room.room_no), told_of(Room, "room_no", "floor", "area", "max_people", "rent", "remark"),
                         [[Cell("room_no"), Cell("floor"), Cell("area"), Cell("max_people"), Cell("rent")], [Cell("remark")]],
                         lambda v, then, fail: self.desk.do(houses.correct_room, room.id, then=then, fail=fail, seen=page.seen, **v),
                         given=room, words=self.card.record.label() if self.card else "")

    def add_rooms(self, card: Any) -> None:
        """Many doors at once by a rule, all of them seen before they are kept; those that are there stay."""
        form = RoomsForm([r.room_no for r in card.rooms], _("已有房间 {0}").format("、".join(r.room_no for r in card.rooms) or _("无")))

        def save(values: dict[str, Any], _next: bool) -> None:
            def told(done: Any) -> None:
                self.say(_("新增 {0} 间，已有的 {1} 间没有动").format(*done.result))
                self.back()

            self.desk.do(numbering.number_rooms, card.record.id, form.rooms(), values["max_people"], values["area"], then=self.saved(page, told), fail=page.failed)

        page = self.form_page(form, "", save)
        page.begin(_("加房间：{0}").format(card.record.house_no), {"first_floor": 1, "last_floor": card.record.floors, "first": 1, "style": numbering.TWO,
                                                               "skip": numbering.NOTHING}, drafts=False)
        self.show_page(page, passing=True)

    def close_house(self, card: Any) -> None:
        told = {"day": told_day("day", _("注销日期")), "why": told_code("why", "close_reason", _("注销原因"), True),
                "note": told_text("note", _("说明"))}
        self.task(_("注销：{0}").format(card.record.label()), told, [[Cell("day", 2), Cell("why", 2), Cell("note", 3)]],
                  lambda v, then, fail: self.desk.do(houses.close_house, card.record.id, v["day"], v["why"], v["note"], then=then,
                                                     fail=fail), given={"day": self.desk.today})

    def reopen(self, card: Any) -> None:
        self.desk.do(houses.reopen_house, card.record.id)

    def mark_reported(self, card: Any) -> None:
        """The police were told of this house, with day and batch."""
        told = {"day": told_day("day", _("报送日期")), "batch": told_text("batch", _("报送批次"), 40, required=True)}
        self.task(_("标记已报送公安：{0}").format(card.record.label()), told, [[Cell("day"), Cell("batch", 2)]],
                  lambda v, then, fail: self.desk.do(houses.mark_house_reported, card.record.id, v["day"], v["batch"], then=then, fail=fail),
                  given={"day": self.desk.today, "batch": f"{self.desk.today:%Y%m%d}"})

    def raise_hazard(self, card: Any) -> None:
        """A hazard seen in this house."""
        self.go.emit("hazards", "raise_in", (card.record.id, card.record.label()))

    # -- printing

    def print_paper(self, card: Any) -> None:
        """The papers of this house, who lives there first."""
        number = card.record.house_no
        choose_paper(self, number, [Choice(paper, {"house": number}) for paper in (ROSTER, FORM, PLEDGE, COVER, CHECKLIST)])

    def print_checklist(self, card: Any) -> None:
        """The checklist of this house, to be filled in by hand."""
        self.show_paper(CHECKLIST, _("安全检查表 {0}").format(card.record.house_no), house=card.record.house_no)

    def print_all(self) -> None:
        self.show_paper(ROSTER, _("承租人员登记簿（全部房屋）"))


def facts(card: Any, today: Any) -> Facts:
    """A house beside the list."""
    h, known = card.record, fields_of(House)
    crowded = h.max_people is not None and card.people > h.max_people
    pills: list[Row] = [(known["degree"].kind.show(h.degree), DEGREES.get(h.degree, "grey"))] if h.degree else []
    pills = [(_("已注销 {0}").format(h.closed_on), "grey")] if h.closed_on else [grade(card.standing.grade), *pills]
    if crowded:
        pills.append((_("超过限住 {0} 人").format(h.max_people), "red"))
    have = [known[n].label for n in ("smoke_alarm", "extinguisher", "guarantee", "safe_exit", "fire_exit") if getattr(h, n)]
    lack = [known[n].label for n in ("smoke_alarm", "extinguisher", "guarantee", "safe_exit", "fire_exit") if getattr(h, n) is False]
    rows: list[Row] = [(_("房主"), f"{h.owner_name or ''}  {h.owner_phone or ''}"),
                       (_("管理人"), f"{h.manager_name or ''}  {h.manager_phone or ''}".strip()),
                       (_("房间"), _("{0} 间，住 {1} 人").format(len(card.rooms), card.people) + (_("，床位 {0}").format(card.beds) if card.beds else "")),
                       (_("限住人数"), str(h.max_people or "")), (_("出租用途"), known["rent_use"].kind.show(h.rent_use)),
                       *(standing_rows(card.standing, today) if h.closed_on is None else []),
                       (_("报送公安"), f"{h.reported_on}  {h.reported_batch}" if h.reported_on else ""), (_("已有"), "、".join(have)), (_("没有"), "、".join(lack)), (_("备注"), h.remark or "")]
    return Facts(h.house_no, h.address, pills, [r for r in rows if r[1].strip()], icon="building-2")


def build(desk: Desk, _settings: Settings) -> HousesScreen:
    return HousesScreen(desk)
