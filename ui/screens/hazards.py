"""隐患: the list of hazards, one of them beside it, and its steps from 发现 to 销号."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import LongText, Yes
from gridapp.printing import press
from gridapp.records import Hazard
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import hazards
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.pages import days_word, told_day, told_text

NOTICE, RECTIFY_DAYS = "F09", 7
DEGREES = {"01": "yellow", "02": "red"}
SHUT = (hazards.CLOSED, hazards.CANCELLED)


def _state(code: str | None) -> str:
    return codes.table("hazard_state").label(code or "")


def _due(row: Any, today: Any) -> Row:
    """Words and colour of the date by which it must be put right."""
    if row.due_on is None or _state(row.state) in SHUT:
        return str(row.due_on or ""), ""
    return days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    degree = codes.table("hazard_degree")
    return [Column(_("发现日期"), lambda r: str(r.found_on), 112, rank=2), Column(_("地点"), lambda r: desk.short(r.place), strong=True),
            Column(_("隐患内容"), lambda r: r.content, rank=0),
            Column(_("等级"), lambda r: degree.label(r.degree or ""), 76, pill=lambda r: DEGREES.get(r.degree, "grey"), rank=1),
            Column(_("状态"), lambda r: _state(r.state), 92, pill=lambda r: "green" if _state(r.state) in SHUT else "blue"),
            Column(_("期限"), lambda r: _due(r, desk.today)[0], 118, pill=lambda r: _due(r, desk.today)[1])]


class HazardsScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(
            columns(desk), hazards.count_hazards, hazards.list_hazards, hazards.hazard_card, lambda card: facts(card, desk.today),
            _("{0} {1:,} 处"), hazards.FILTERS, groups), self._actions(),
            [Way("plus", _("登记隐患（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=hazards.raise_hazard)])
        self._new: FormPage | None = None

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: _state(card.record.state) in names

        first = (hazards.FOUND, hazards.NOTIFIED)
        return [
            Action(_("发整改通知书"), "file-text", "F6", self.serve, at(hazards.FOUND), primary=True, calls=hazards.serve_notice),
            Action(_("打印通知书"), "printer", "F8", self.print_notice, lambda card: bool(card.record.notice_no), calls=press.make),
            Action(_("整改完成"), "check", "F3", self.rectified, at(*first), calls=hazards.tell_rectified),
            Action(_("复查销号"), "clipboard-list", "F7", self.recheck, at(*first, hazards.TO_RECHECK), calls=hazards.recheck),
            Action(_("修改"), "pencil", "F2", self.correct, lambda card: _state(card.record.state) not in SHUT, calls=hazards.correct_hazard),
            Action(_("误报撤销"), "ban", "F9", self.cancel, at(hazards.FOUND), calls=hazards.cancel_hazard),
        ]

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a hazard on a page of its own."""
        self.open_card(record_id)

    # -- registering

    def _form(self) -> Form:
        told = told_of(Hazard, "found_on", "house", "place", "content", "degree", "finder", "due_on", "responsible", "phone", "demand")
        form = Form(told, [Section(_("发现了什么"), [
            [Cell("found_on", 2), Cell("house", 4), Cell("place", 4)], [Cell("content")], [Cell("degree"), Cell("finder", 2), Cell("due_on")]]),
            Section(_("谁来整改"), [[Cell("responsible"), Cell("phone")], [Cell("demand")]])])

        def edited(name: str) -> None:
            chosen = getattr(form.editor("house"), "chosen", None)
            if name == "house" and chosen and not form.editor("place").text():
                form.editor("place").set_text(str(chosen[1]).partition(" ")[2])

        form.on_edit = edited
        return form

    def register(self, given: dict[str, Any] | None = None) -> None:
        """A hazard seen outside a patrol."""
        if self._new is None:
            self._new = self.form_page(self._form(), "hazard", self._raise)
        self._new.begin(_("登记隐患"), {"found_on": self.desk.today, "degree": "01"} | (given or {}))
        self.show_page(self._new)
        self._new.form.focus("house" if given is None else "content")

    def raise_in(self, house: UUID, label: str) -> None:
        """A hazard seen in this house."""
        self.register({"house": (house, label), "place": label.partition(" ")[2]})

    def _raise(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        self.desk.do(hazards.raise_hazard, then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), hazards.correct_hazard, card, _("修改隐患"))

    # -- steps

    def serve(self, card: Any) -> None:
        """Number a rectification notice, then show it for printing."""
        told = {"due_on": told_day("due_on", _("整改期限")), "demand": Told("demand", LongText(500), _("整改要求"), True)}
        given = {"due_on": card.record.due_on or self.desk.today + timedelta(days=RECTIFY_DAYS), "demand": card.record.demand}
        self.task(_("发整改通知书"), told, [[Cell("due_on")], [Cell("demand")]],
                  lambda v, then, fail: self.desk.do(hazards.serve_notice, card.record.id, v["due_on"], v["demand"], then=then, fail=fail),
                  given=given, words=f"{card.record.place}：{card.record.content}", then=lambda _done: self.print_notice(card))

    def print_notice(self, card: Any) -> None:
        self.show_paper(NOTICE, _("安全隐患整改通知书"), record=card.record.id)

    def rectified(self, card: Any) -> None:
        self.desk.do(hazards.tell_rectified, card.record.id)

    def recheck(self, card: Any) -> None:
        told = {"passed": Told("passed", Yes((_("合格，予以销号"), _("不合格，继续整改"))), _("复查结论"), True),
                "by": told_text("by", _("复查人"), required=True), "note": Told("note", LongText(500), _("复查意见"))}

        def begin(name: str) -> None:
            self.task(_("复查隐患"), told, [[Cell("passed"), Cell("by")], [Cell("note")]],
                      lambda v, then, fail: self.desk.do(hazards.recheck, card.record.id, v["passed"], v["by"], v["note"], then=then,
                                                         fail=fail), given={"by": name}, words=f"{card.record.place}：{card.record.content}")

        self.desk.ask(hazards.who_checks, then=begin)

    def cancel(self, card: Any) -> None:
        told = {"reason": told_text("reason", _("理由"), 200, required=True)}
        self.task(_("误报撤销"), told, [[Cell("reason")]],
                  lambda v, then, fail: self.desk.do(hazards.cancel_hazard, card.record.id, v["reason"], then=then, fail=fail),
                  words=f"{card.record.place}：{card.record.content}")


def groups(card: Any) -> Groups:
    """The further cards of a hazard's page."""
    house = [(_("房屋"), card.house.label())] if card.house is not None else []
    return [(_("隐患"), house + all_fields(card.record))]


def facts(card: Any, today: Any) -> Facts:
    """A hazard beside the list."""
    h, known = card.record, fields_of(Hazard)
    due, colour = _due(h, today)
    pills: list[Row] = [(known["degree"].kind.show(h.degree), DEGREES.get(h.degree, "grey")),
                        (_state(h.state), "green" if _state(h.state) in SHUT else "blue")]
    if colour:
        pills.append((due, colour))
    rows: list[Row] = [(_("地点"), h.place or ""), (_("发现日期"), str(h.found_on)), (_("检查人"), h.finder or ""),
                       (_("整改期限"), str(h.due_on or "")), (_("通知书"), h.notice_no or ""), (_("整改要求"), h.demand or ""),
                       (_("被通知人"), f"{h.responsible or ''}  {h.phone or ''}".strip()),
                       (_("复查"), "  ".join(str(w) for w in (h.rechecked_on, h.recheck_by, h.recheck_note) if w))]
    return Facts(h.content if len(h.content) <= 20 else h.content[:20] + "…", h.content if len(h.content) > 20 else "",
                 [p for p in pills if p[0]], [r for r in rows if r[1]], icon="triangle-alert")


def build(desk: Desk, _settings: Settings) -> HazardsScreen:
    return HazardsScreen(desk)
