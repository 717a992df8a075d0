"""隐患: the list of hazards, one of them beside it with its story, and its steps from 发现 to 销号."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.printing import press
from gridapp.records import Hazard
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import hazards, similar
from ui.desk import Desk
from ui.forms.hazard import HazardForm
from ui.forms.page import FormPage
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.hazards_steps import BOOK, Steps
from ui.screens.listed import Groups, Subject, Way
from ui.screens.listings import story_rows
from ui.screens.pages import days_word

DEGREES = {"01": "yellow", "02": "red"}
SHUT = (hazards.CLOSED, hazards.CANCELLED)
RUNNING = (hazards.NOTIFIED, hazards.RECTIFYING)
COLOURS = {hazards.CLOSED: "green", hazards.CANCELLED: "green", hazards.LATE: "red", hazards.REFERRED: "yellow", hazards.LISTED: "red"}


def _state(code: str | None) -> str:
    return codes.table("hazard_state").label(code or "")


def _colour(code: str | None) -> str:
    return COLOURS.get(_state(code), "blue")


def _due(row: Any, today: Any) -> Row:
    """Words and colour of the date by which it must be put right; none counts while those above have it."""
    if row.due_on is None or _state(row.state) in (*SHUT, hazards.REFERRED):
        return str(row.due_on or ""), ""
    return days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    degree, kind = codes.table("hazard_degree"), codes.table("hazard_kind")
    return [Column(_("发现日期"), lambda r: str(r.found_on), 112, rank=2, key="day"), Column(_("地点"), lambda r: desk.short(r.place), strong=True, key="place"),
            Column(_("隐患内容"), lambda r: r.content, rank=0, key="content"), Column(_("类别"), lambda r: kind.label(r.kind or ""), 92, rank=3, key="kind"),
            Column(_("等级"), lambda r: degree.label(r.degree or ""), 76, pill=lambda r: DEGREES.get(r.degree, "grey"), rank=1, key="degree"),
            Column(_("状态"), lambda r: _state(r.state), 92, pill=lambda r: _colour(r.state), key="state"),
            Column(_("期限"), lambda r: _due(r, desk.today)[0], 118, pill=lambda r: _due(r, desk.today)[1], key="due")]


class HazardsScreen(Steps):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(
            columns(desk), hazards.count_hazards, hazards.list_hazards, hazards.hazard_card, lambda card: facts(card, desk.today),
            _("{0} {1:,} 处"), hazards.FILTERS, groups, lambda card: [photo.id for photo in card.photos], arrange=hazards.arrange_hazards, paper=BOOK), self._actions(),
            [Way("plus", _("登记隐患（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=hazards.raise_hazard),
             Way("printer", _("台账（Ctrl+P）"), self.print_book, "Ctrl+P", calls=press.make)])
        self._new: FormPage | None = None

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: _state(card.record.state) in names

        return [
            Action(_("发整改通知书"), "file-text", "F6", self.serve, at(hazards.FOUND), primary=True, calls=hazards.serve_notice),
            Action(_("签收"), "check", "F6", self.sign, at(hazards.NOTIFIED), primary=True, calls=hazards.sign_notice),
            Action(_("当场改正"), "check", "F3", self.rectified, at(hazards.FOUND), calls=hazards.mend_at_once),
            Action(_("整改完成"), "check", "F3", self.rectified, at(*RUNNING, hazards.LATE), calls=hazards.tell_rectified),
            Action(_("复查"), "clipboard-list", "F7", self.recheck, at(hazards.TO_RECHECK), primary=True, calls=hazards.recheck_together),
            Action(_("复查"), "clipboard-list", "F7", self.recheck, at(hazards.FOUND, *RUNNING, hazards.LATE), calls=hazards.recheck_together),
            Action(_("上级退回"), "undo-2", "F6", self.sent_back, at(hazards.REFERRED), calls=hazards.send_back),
            Action(_("挂牌督办"), "triangle-alert", "F7", self.put_on_list, at(hazards.REFERRED), primary=True, calls=hazards.put_on_list),
            Action(_("验收销号"), "check", "F7", self.accept, at(hazards.LISTED), primary=True, calls=hazards.accept),
            Action(_("通知书"), "printer", "F8", self.print_notice, lambda card: bool(card.record.notice_no), calls=press.make),
            Action(_("复查书"), "printer", "Ctrl+F8", self.print_opinion, lambda card: card.record.rechecked_on is not None, calls=press.make),
            Action(_("无人在家"), "door-open", "F10", self.nobody, at(*hazards.CHECKABLE), calls=hazards.nobody_home),
            Action(_("到期未报"), "triangle-alert", "F4", self.unheard, lambda card: _unheard(card.record, self.desk.today), calls=hazards.write_late),
            Action(_("延长期限"), "hourglass", "F9", self.extend, at(*RUNNING), calls=hazards.give_more_time),
            Action(_("误报撤销"), "ban", "F9", self.cancel, at(hazards.FOUND), calls=hazards.cancel_hazard),
            Action(_("上报"), "send", "Ctrl+G", self.send_up, lambda card: _may_go_up(card.record, self.desk.today), calls=hazards.refer),
            self.photo_action(),
            Action(_("修改"), "pencil", "F2", self.correct, lambda card: _state(card.record.state) not in SHUT, calls=hazards.correct_hazard),
        ]

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a hazard on a page of its own."""
        self.open_card(record_id)

    # -- registering

    def register(self, given: dict[str, Any] | None = None) -> None:
        """A hazard seen outside a patrol."""
        if self._new is None:
            self._new = self.form_page(HazardForm(self._like), "hazard", self._raise)
        self._new.begin(_("登记隐患"), {"found_on": self.desk.today, "degree": "01"} | (given or {}))
        self.show_page(self._new)
        self._new.form.focus("kind" if given is None else "content")

    def _like(self, told: dict[str, Any], then: Any) -> None:
        """Earlier hazards like the one being typed."""
        self.desk.ask(similar.similar_hazards, **told, then=then, lane=f"like {id(self)}")

    def raise_in(self, house: UUID, label: str) -> None:
        """A hazard seen in this house."""
        self.register({"house": (house, label), "place": label.partition(" ")[2]})

    def _raise(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        self.desk.do(hazards.raise_hazard, then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(HazardForm(), hazards.correct_hazard, card, _("修改隐患"))


def _may_go_up(h: Any, today: Any) -> bool:
    """At once, or when its date has passed."""
    return _state(h.state) in (hazards.FOUND, hazards.LATE) or hazards.is_late(h, today)


def _unheard(h: Any, today: Any) -> bool:
    """Its date has passed, and nobody has written that down."""
    return _state(h.state) in (hazards.NOTIFIED, hazards.RECTIFYING) and hazards.is_late(h, today)


def groups(card: Any) -> Groups:
    """The further cards of a hazard's page."""
    house = [(_("房屋"), card.house.label())] if card.house is not None else [(_("场所"), card.site.label())] if card.site is not None else []
    others = [(_state(o.state), f"{o.place}：{o.content}") for o in card.others]
    photos = [(str(p.taken_on or ""), "  ".join(word for word in (codes.table("photo_stage").label(p.stage or ""), p.caption or "") if word)) for p in card.photos]
    return [(_("隐患"), house + all_fields(card.record)), (_("经过"), story_rows(card.story)), (_("同一份通知书（检查）里的"), others), (_("照片"), photos)]


def facts(card: Any, today: Any) -> Facts:
    """A hazard beside the list."""
    h, known = card.record, fields_of(Hazard)
    due, colour = _due(h, today)
    pills: list[Row] = [(known["degree"].kind.show(h.degree), DEGREES.get(h.degree, "grey")), (_state(h.state), _colour(h.state))]
    if colour:
        pills.append((due, colour))
    rows: list[Row] = [(_("地点"), h.place or ""), (_("类别"), known["kind"].kind.show(h.kind)), (_("发现日期"), str(h.found_on)), (_("检查人"), h.finder or ""),
                       (_("整改期限"), str(h.due_on or "")), (_("通知书"), h.notice_no or ""), (_("整改要求"), h.demand or ""),
                       (_("被通知人"), f"{h.responsible or ''}  {h.phone or ''}".strip()), (_("签收"), f"{h.signed_on or ''}  {h.signed_by or ''}".strip()),
                       (_("整改情况"), h.told_note or ""), (_("复查"), "  ".join(str(w) for w in (h.rechecked_on, h.recheck_by, h.recheck_note) if w)),
                       (_("上报"), "  ".join(str(w) for w in (h.referred_on, h.referred_to) if w)), (_("挂牌"), "  ".join(str(w) for w in (h.listed_on, h.listed_by) if w)),
                       (_("照片"), _("{0} 张").format(len(card.photos)) if card.photos else "")]
    last = story_rows(card.story)[-3:]
    return Facts(h.content if len(h.content) <= 20 else h.content[:20] + "…", h.content if len(h.content) > 20 else "",
                 [p for p in pills if p[0]], [r for r in rows if r[1]], _("经过"), last, icon="triangle-alert")


def build(desk: Desk, _settings: Settings) -> HazardsScreen:
    return HazardsScreen(desk)
