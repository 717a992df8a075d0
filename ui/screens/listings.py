"""约谈挂牌: formal talks and listings, one of them beside the list, and its steps from what set it off to 达标摘牌."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import LongText, Yes
from gridapp.printing import press
from gridapp.records import Listing
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import hazards, listings
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.told import told_day, told_text
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.meetings import line_rows
from ui.screens.pages import days_word

PAPER, RECTIFY_DAYS, SHUT = "F19", 30, "达标摘牌"
HINT = "一行一项：措施｜责任人｜完成时限｜完成情况"
SAID = ("kind", "unit", "by", "day", "reason", "house", "site", "problems", "measures", "due_on")


def due(row: Any, state: str, today: Any) -> Row:
    """Words and colour of the day by which it must be put right."""
    return (str(row.due_on or ""), "") if row.due_on is None or state == SHUT else days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    return [Column(_("日期"), lambda r: str(r.day), 112, rank=2), Column(_("种类"), lambda r: r.kind, 92, pill=lambda r: "blue"), Column(_("被约谈（挂牌）单位"), lambda r: r.unit, strong=True),
            Column(_("事由"), lambda r: r.reason, rank=1), Column(_("状态"), lambda r: r.state, 130, pill=lambda r: "green" if r.state == SHUT else "blue"),
            Column(_("期限"), lambda r: due(r, r.state, desk.today)[0], 118, pill=lambda r: due(r, r.state, desk.today)[1])]


class ListingsScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), listings.count_listings, listings.list_listings, listings.listing_card,
                                       lambda card: facts(card, desk.today), _("{0} {1:,} 件"), listings.FILTERS, groups), self._actions(),
                         [Way("plus", _("登记约谈挂牌（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=listings.open_listing)])

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: card.state in names

        return [Action(_("约谈"), "users", "F3", self.talk, at("考核/警情触发"), primary=True, calls=listings.hold_talk),
                Action(_("下达整改"), "file-text", "F6", self.order, at("约谈"), primary=True, calls=listings.order_rectification),
                Action(_("签收"), "check", "F3", self.sign, at("下达整改"), primary=True, calls=listings.sign_rectification),
                Action(_("报送整改报告"), "send", "F6", self.report, at("整改中"), primary=True, calls=listings.report_rectification),
                Action(_("验收"), "clipboard-list", "F7", self.accept, at("反馈", "验收"), primary=True, calls=listings.accept_rectification),
                Action(_("再整改"), "rotate-ccw", "F7", self.again, at("升级挂牌"), primary=True, calls=listings.rectify_again),
                Action(_("反馈表"), "printer", "F8", self.print_form, calls=press.make),
                Action(_("修改"), "pencil", "F2", self.correct, lambda card: card.state != SHUT, calls=listings.correct_listing),
                Action(_("看起因"), "eye", "F4", self.show_cause, lambda card: card.cause is not None and card.cause[0] == "hazard", calls=hazards.hazard_card)]

    def open(self, _entity: str, record_id: Any) -> None:
        """Show one on a page of its own."""
        self.open_card(record_id)

    # -- registering

    def _form(self) -> Form:
        return Form(told_of(Listing, *SAID), [
            Section(_("约谈（挂牌）谁、为什么"), [[Cell("kind"), Cell("day"), Cell("unit", 3)], [Cell("by", 2), Cell("house", 2), Cell("site", 2)], [Cell("reason")]]),
            Section(_("要整改什么"), [[Cell("problems")], [Cell("measures", 4), Cell("due_on")]])])

    def register(self, given: dict[str, Any] | None = None) -> None:
        """A talk or a listing; `given` names what set it off."""
        more = {name: value for name, value in (given or {}).items() if name == "about"}
        self.begin_new(self._form(), "listing", listings.open_listing, _("登记约谈挂牌"), {"day": self.desk.today, "kind": "01"} | (given or {}), "unit", **more)

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), listings.correct_listing, card, _("修改约谈挂牌"))

    # -- steps

    def _step(self, card: Any, title: str, verb: Any, told: dict[str, Told], given: dict[str, Any] | None = None) -> None:
        self.task(title, told, [[Cell(name)] for name in told], lambda v, then, fail: self.desk.do(verb, card.record.id, *(v[name] for name in told), then=then, fail=fail),
                  given=given, words=f"{card.record.unit}：{card.record.reason}")

    def talk(self, card: Any) -> None:
        self._step(card, _("约谈"), listings.hold_talk, {"who": told_text("who", _("约谈人"), required=True), "note": Told("note", LongText(1000), _("约谈内容"), True)},
                   {"who": card.record.by})

    def order(self, card: Any) -> None:
        self._step(card, _("下达整改"), listings.order_rectification, {
            "problems": Told("problems", LongText(2000), _("存在问题"), True), "measures": Told("measures", LongText(2000), _("整改措施"), True, _(HINT)),
            "due_on": told_day("due_on", _("整改期限"))},
            {"problems": card.record.problems, "measures": card.record.measures, "due_on": card.record.due_on or self.desk.today + timedelta(RECTIFY_DAYS)})

    def sign(self, card: Any) -> None:
        self._step(card, _("签收"), listings.sign_rectification, {"who": told_text("who", _("签收人"), required=True)})

    def report(self, card: Any) -> None:
        self._step(card, _("报送整改报告"), listings.report_rectification, {"report": Told("report", LongText(4000), _("整改报告"), True)}, {"report": card.record.report})

    def accept(self, card: Any) -> None:
        self._step(card, _("验收"), listings.accept_rectification, {
            "passed": Told("passed", Yes((_("达标，摘牌"), _("不达标，升级挂牌"))), _("结论"), True), "who": told_text("who", _("验收人"), required=True),
            "verdict": Told("verdict", LongText(500), _("验收意见"), True)})

    def again(self, card: Any) -> None:
        self._step(card, _("再整改"), listings.rectify_again, {"due_on": told_day("due_on", _("新的整改期限"))}, {"due_on": self.desk.today + timedelta(RECTIFY_DAYS)})

    def print_form(self, card: Any) -> None:
        self.show_paper(PAPER, _("整改反馈表"), record=card.record.id)

    def show_cause(self, card: Any) -> None:
        self.go.emit("hazards", "open", ("hazard", card.record.about))


def story_rows(story: Any) -> list[Row]:
    """The steps of a case as rows: the day and the step, who and what was said."""
    return [(f"{s.day}  {s.step}", "  ".join(str(part) for part in (s.who, s.note, _("期限 {0}").format(s.due_on) if s.due_on else "") if part)) for s in story]


def groups(card: Any) -> Groups:
    """The further cards of its page."""
    cause = [(_("起因"), card.cause[1])] if card.cause else []
    return [(_("约谈挂牌"), cause + all_fields(card.record)), (_("整改措施"), line_rows(card.measures)), (_("经过"), story_rows(card.story))]


def facts(card: Any, today: Any) -> Facts:
    """One beside the list."""
    r, known = card.record, fields_of(Listing)
    words, colour = due(r, card.state, today)
    pills: list[Row] = [(known["kind"].kind.show(r.kind), "blue"), (card.state, "green" if card.state == SHUT else "blue")]
    if colour:
        pills.append((words, colour))
    rows: list[Row] = [(_("事由"), r.reason), (_("起因"), card.cause[1] if card.cause else ""), (_("约谈单位、约谈人"), r.by or ""), (_("存在问题"), r.problems or ""),
                       (_("整改期限"), str(r.due_on or "")), (_("整改报告"), r.report or ""), (_("验收"), "  ".join(str(w) for w in (r.accepted_on, r.accepted_by, r.verdict) if w))]
    return Facts(r.unit, str(r.day), pills, [one for one in rows if one[1]], _("整改措施"), line_rows(card.measures[:5], today), icon="triangle-alert")


def build(desk: Desk, _settings: Settings) -> ListingsScreen:
    return ListingsScreen(desk)
