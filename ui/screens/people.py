"""人口: the list of migrants, one of them beside it, and everything an officer does with a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Link
from gridapp.printing import press
from gridapp.records import Person
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import households, intake, likely, people, tenancies
from gridapp.work.forgetting import forget
from gridapp.work.revealing import reveal_many
from ui.desk import Desk
from ui.forms.form import Cell, Told
from ui.forms.page import FormPage
from ui.forms.person import PersonForm
from ui.forms.told import told_code, told_day, told_text
from ui.intake import IntakePage
from ui.lists.facts import Action, Facts, ForChosen, Row
from ui.lists.model import MASKED, Column
from ui.lists.record import all_fields
from ui.lists.unmasked import RowsVeil
from ui.smaller import FACE
from ui.screens import carded, forgetting
from ui.screens import households as home
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.paperlist import Choice, choose_paper

STATES = {people.LIVING: ("在住", "green"), people.LEFT: ("已离开", "grey"), people.CLOSED: ("已注销", "grey")}
REGISTER, FORM, NOTICE = "F02", "F01", "F26"
REPORTED, UNREPORTED = ("已报送", "blue"), ("未报送", "yellow")


def columns(desk: Desk, seen: Callable[[Any], Any]) -> list[Column]:
    return [Column(_("姓名"), lambda r: r.name, 110, strong=True, key="name"), Column(_("证件号码"), lambda r: seen(r).number, 180, rank=2, why=_(MASKED), masked=lambda r: r.number),
            Column(_("联系电话"), lambda r: seen(r).phone, 130, rank=1, why=_(MASKED), masked=lambda r: r.phone), Column(_("现住址"), lambda r: desk.short(r.place), key="place"),
            Column(_("状态"), lambda r: _(STATES[r.state][0]), 96, pill=lambda r: STATES[r.state][1], key="state")]


class PeopleScreen(Listed):
    """List, detail, record, forms."""

    stages = (FACE, "材料")

    def __init__(self, desk: Desk) -> None:
        #: who lives with the person whose page is in front
        self._home = households.AtHome(None, ())
        self.rows_veil = RowsVeil(desk, "person", {"number": "id_no", "phone": "phone"})
        super().__init__(desk, Subject(
            columns(desk, self.rows_veil.seen), people.count_people, people.list_people, people.person_card, lambda card: facts(card, desk),
            _("{0} {1:,} 人"), people.FILTERS, lambda card: [*groups(card), *home.groups(self._home)], lambda card: [s.id for s in card.stays],
            arrange=people.arrange_people, paper=REGISTER), [*self._actions(), *home.actions(self), self.photo_action()], [
                Way("eye", _("显示号码（F11）"), self.rows_veil.turn, "F11", calls=reveal_many),
                Way("file-up", _("导入（Ctrl+O）"), self.take_in, "Ctrl+O", calls=intake.take_in),
                Way("printer", _("登记簿（Ctrl+P）"), self.print_register, "Ctrl+P", calls=press.make),
                Way("user-plus", _("登记租客（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=tenancies.register_tenant)])
        self.rows_veil.over(self.list)
        self._old: FormPage | None = None

    def for_chosen(self) -> list[ForChosen]:
        """With those who are reported to the police in one batch."""
        return [*super().for_chosen(), ForChosen(_("标记 {0:,} 人已报送公安…"), self._report_chosen, calls=tenancies.mark_reported)]

    def _report_chosen(self, rows: list[Any]) -> None:
        def begin(stays: list[UUID]) -> None:
            if stays:
                self._report(_("选中的 {0:,} 人").format(len(rows)), stays)
            else:
                self.say(_("选中的人都已经报送过"))

        self.desk.ask(tenancies.unreported_of, [row.id for row in rows], then=begin)

    def _actions(self) -> list[Action]:
        lives: Callable[[Any], bool] = lambda card: card.now is not None  # noqa: E731
        gone: Callable[[Any], bool] = lambda card: card.now is None and card.record.closed_on is None  # noqa: E731
        closed: Callable[[Any], bool] = lambda card: card.record.closed_on is not None  # noqa: E731
        ended: Callable[[Any], bool] = lambda card: gone(card) and bool(card.stays)  # noqa: E731
        return [
            Action(_("修改"), "pencil", "F2", self.correct, calls=people.correct_person),
            Action(_("本室加一人"), "user-plus", "F3", self.same_room, lives, primary=True, calls=tenancies.register_tenant),
            Action(_("入住"), "door-open", "F3", self.move_in, gone, primary=True, calls=tenancies.move_in),
            Action(_("换房"), "arrow-right-left", "F6", self.change_room, lives, calls=tenancies.change_room),
            Action(_("退租"), "log-out", "F7", self.move_out, lives, calls=tenancies.move_out),
            Action(_("取消退租"), "rotate-ccw", "F7", self.cancel_move_out, ended, calls=tenancies.cancel_move_out),
            Action(_("注销"), "ban", "F9", self.close_person, gone, calls=people.close_person),
            Action(_("取消注销"), "rotate-ccw", "F9", self.reopen, closed, calls=people.reopen_person),
            Action(_("已报送"), "check", "F8", self.mark_reported, unreported, calls=tenancies.mark_reported),
            Action(_("打印"), "printer", "Ctrl+F8", self.print_paper, calls=press.make),
            Action(_("依法删除"), "x", "F12", lambda card: forgetting.ask(self, card), lambda card: card.now is None, calls=forget),
        ]

    def open(self, entity: str, record_id: Any) -> None:
        """Show a person, or whose tenancy it is, on a page of their own."""
        if entity == "tenancy":
            self.desk.ask(tenancies.person_of, record_id, then=self.open_card)
        else:
            self.open_card(record_id)

    def show_on_page(self, card: Any) -> None:
        """With the household they live in."""
        def came(told: households.AtHome) -> None:
            self._home = told
            Listed.show_on_page(self, card)

        self.desk.ask(households.at_home, card.record.id, then=came, fail=lambda _gone: self._lost(), lane=f"home {id(self)}")

    # -- registering and correcting

    def _form_page(self, key: str, *, new: bool) -> FormPage:
        form = PersonForm(self.desk.today, new=new)
        page = self.form_page(form, key, self._register if new else self._correct, before=form.doubts,
                              next_text=_("保存并登记下一人（Ctrl+Enter）") if new else "")
        if new:
            form.known = self._ask_known
            form.alike = self._ask_likely
            form.met.connect(self.open_card)
        return page

    @cached_property
    def _new(self) -> FormPage:
        """The form of somebody new, made when first needed: it is half of what opening the list takes."""
        return self._form_page("person", new=True)

    def register(self, given: dict[str, Any] | None = None) -> None:
        """Somebody new."""
        self._new.begin(_("登记租客"), given or {"start": self.desk.today, "relation": codes.table("relation").find("承租人")})
        self.show_page(self._new)
        self._new.form.focus_first()

    def same_room(self, card: Any) -> None:
        """Another person in the room this one lives in."""
        self.register_in(card.now.room, card.now.place)

    def register_in(self, room: UUID, place: str, lived_in: bool = True) -> None:
        """Somebody new in this room: who comes first rents it, who comes to others lives with them."""
        self.register({"room": (room, place), "start": self.desk.today,
                       "relation": codes.table("relation").find("同住" if lived_in else "承租人")})

    def take_card(self, card: Any) -> None:
        """An ID card was read."""
        carded.take(self, card, self._new, self._old, self.register)

    def _ask_known(self, number: str) -> None:
        self._new.bar.hide()
        if number:
            self.desk.ask(people.known_by, number, then=self._known, lane="known")

    def _ask_likely(self, told: dict[str, Any], then: Callable[[Any], object]) -> None:
        """Who may be registered already under another number, or without one."""
        def came(found: list[likely.Likely]) -> None:
            then([replace(one, place=self.desk.short(one.place)) for one in found])

        self.desk.ask(likely.likely, told["name"] or "", told["birth"], told["phone"] or "", told["room"], told["id_no"] or "", then=came, lane="likely")

    def _known(self, card: Any) -> None:
        if card is None or self.currentWidget() is not self._new:
            return
        where = _("现住{0}").format(self.desk.short(card.now.place)) if card.now else _("现在没有在住登记，保存后为他办理入住")
        self._new.say(_("这个号码已登记给“{0}”（{1}）。").format(card.record.name, where), _("打开这个人"),
                      lambda: self.open_card(card.record.id), _("继续填写"))

    def _register(self, values: dict[str, Any], next_one: bool) -> None:
        page, stay = self._new, {n: values.pop(n) for n in ("room", "start", "relation", "rent")}

        def saved(done: Any) -> None:
            page.done()
            if next_one:
                assert isinstance(page.form, PersonForm)
                page.begin(_("登记租客"), page.form.beside(page.keys.pins) if page.beside else page.form.carried(page.keys.pins), drafts=False)
            else:
                self.open_card(done.result)

        self.desk.do(tenancies.register_tenant, stay["room"], stay["start"], stay["relation"], rent=stay["rent"], then=saved,
                     fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        """Change what is registered of a person."""
        if self._old is None:
            self._old = self._form_page("", new=False)
        self._old.key = f"person {card.record.id}"
        self._old.begin(_("修改：{0}").format(card.record.name), card.record)
        self.show_page(self._old)
        self._old.form.focus_first()

    def _correct(self, values: dict[str, Any], _next: bool) -> None:
        page = self._old
        assert page is not None and self.card is not None
        self.desk.do(people.correct_person, self.card.record.id, then=self.saved(page), fail=page.failed, seen=page.seen, **values)

    # -- moving

    def move_in(self, card: Any) -> None:
        told = {"room": Told("room", Link("room"), _("租住房屋和房间"), True), "start": told_day("start", _("入住日期")),
                "relation": told_code("relation", "relation", _("与承租人关系"))}
        self.task(_("办理入住：{0}").format(card.record.name), told, [[Cell("room", 5), Cell("start", 2), Cell("relation", 2)]],
                  lambda v, then, fail: self.desk.do(tenancies.move_in, card.record.id, v["room"], v["start"], v["relation"],
                                                     then=then, fail=fail), given={"start": self.desk.today})

    def change_room(self, card: Any) -> None:
        told = {"room": Told("room", Link("room"), _("新的房屋和房间"), True), "day": told_day("day", _("换房日期"))}
        self.task(_("换房：{0}").format(card.record.name), told, [[Cell("room", 5), Cell("day", 2)]],
                  lambda v, then, fail: self.desk.do(tenancies.change_room, card.record.id, v["room"], v["day"], then=then, fail=fail),
                  given={"day": self.desk.today}, words=_("现住 {0}").format(self.desk.short(card.now.place)))

    def move_out(self, card: Any) -> None:
        told = {"end": told_day("end", _("离开日期")), "why": told_code("why", "end_reason", _("离开原因"), True),
                "to": told_text("to", _("去向"))}
        self.task(_("退租：{0}").format(card.record.name), told, [[Cell("end", 2), Cell("why", 2), Cell("to", 3)]],
                  lambda v, then, fail: self.desk.do(tenancies.move_out, card.now.id, v["end"], v["why"], v["to"], then=then, fail=fail),
                  given={"end": self.desk.today, "why": codes.table("end_reason").find("退租")},
                  words=_("现住 {0}").format(self.desk.short(card.now.place)))

    def cancel_move_out(self, card: Any) -> None:
        self.desk.do(tenancies.cancel_move_out, card.stays[0].id)

    def close_person(self, card: Any) -> None:
        told = {"day": told_day("day", _("注销日期")), "why": told_code("why", "close_reason", _("注销原因"), True),
                "note": told_text("note", _("说明"))}
        self.task(_("注销：{0}").format(card.record.name), told, [[Cell("day", 2), Cell("why", 2), Cell("note", 3)]],
                  lambda v, then, fail: self.desk.do(people.close_person, card.record.id, v["day"], v["why"], v["note"], then=then,
                                                     fail=fail), given={"day": self.desk.today})

    def reopen(self, card: Any) -> None:
        self.desk.do(people.reopen_person, card.record.id)

    def mark_reported(self, card: Any) -> None:
        """What was handed to the police, with day and batch."""
        self._report(card.record.name, [s.id for s in card.stays if not told_police(s)])

    def _report(self, whom: str, stays: list[UUID]) -> None:
        told = {"day": told_day("day", _("报送日期")), "batch": told_text("batch", _("报送批次"), 40, required=True)}
        self.task(_("标记已报送公安：{0}").format(whom), told, [[Cell("day"), Cell("batch", 2)]],
                  lambda v, then, fail: self.desk.do(tenancies.mark_reported, stays, v["day"], v["batch"], then=then, fail=fail),
                  given={"day": self.desk.today, "batch": f"{self.desk.today:%Y%m%d}"})

    # -- other pages

    def print_paper(self, card: Any) -> None:
        """The papers of this person: what is registered, and the notice that goes on its back."""
        choose_paper(self, card.record.name, [Choice(FORM, {"record": card.record.id}), Choice(NOTICE, {"record": card.record.id}, _("印在登记表背面，请本人签名"))])

    def print_register(self) -> None:
        self.show_paper(REGISTER, _("流动人口登记簿"))

    def take_in(self) -> None:
        """Import of a workbook: the page, then the file."""
        self.take_in_page().choose()

    def take_in_page(self) -> IntakePage:
        page = IntakePage(self.desk)
        page.left.connect(self.back)
        self.show_page(page, passing=True)
        return page


def told_police(stay: Any) -> bool:
    """Whether everything there is to report of a stay was reported (条例 Art. 9: its beginning and its end)."""
    return stay.reported_on is not None and (stay.end is None or stay.end_reported_on is not None)


def unreported(card: Any) -> bool:
    return any(not told_police(s) for s in card.stays)


def groups(card: Any) -> Groups:
    """The further cards of a person's page."""
    stays = [(f"{s.start or _('不详')} — {s.end or _('今')}", _stay_words(s)) for s in card.stays]
    return [(_("登记内容"), all_fields(card.record)), (_("租住经过"), stays)]


def _stay_words(stay: Any) -> str:
    words = [stay.place, codes.table("relation").label(stay.relation) if stay.relation else "",
             _("已报送 {0}").format(stay.reported_on) if stay.reported_on else _("未报送公安")]
    return "   ".join(w for w in words if w)


def facts(card: Any, desk: Desk) -> Facts:
    """A person beside the list: numbers masked."""
    p, now = card.record, card.now
    known = fields_of(Person)
    under = "  ".join(w for w in (known["sex"].kind.show(p.sex), _("{0} 岁").format(card.age) if card.age is not None else "",
                                  known["ethnic"].kind.show(p.ethnic)) if w)
    state = people.CLOSED if p.closed_on else people.LIVING if now else people.LEFT
    rows: list[Row] = [(_("证件号码"), p.id_no or _("无证件")), (_("联系电话"), p.phone or "")]
    if now:
        rows += [(_("现住址"), desk.short(now.place)), (_("房东"), now.owner), (_("入住日期"), str(now.start or ""))]
    rows += [(_("户籍地"), known["hukou_code"].kind.show(p.hukou_code)), (_("服务处所"), p.workplace or ""),
             (_("登记日期"), str(p.registered_on or ""))]
    past = [(str(s.end), desk.short(s.place)) for s in card.stays if s.end][:3]
    return Facts(p.name, under, [STATES[state], UNREPORTED if unreported(card) else REPORTED],
                 [r for r in rows if r[1]], _("以前住过"), past)


def build(desk: Desk, _settings: Settings) -> PeopleScreen:
    return PeopleScreen(desk)

