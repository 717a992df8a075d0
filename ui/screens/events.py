"""事件: what happened and what became of it: the list, one beside it with its pushes, every step by its key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gridapp.fields import codes, presets
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, LongText, Yes
from gridapp.printing import press
from gridapp.records import Event
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import alarmlists, eventlists, events, pushes
from ui.desk import Desk
from ui.forms.chosen import Chosen, One
from ui.forms.event import EventForm, find_events, told_linked
from ui.forms.form import Cell, Told
from ui.forms.told import told_day, told_text
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.listings import story_rows
from ui.screens.pages import days_word

PAPER, SHUT = "F25", ("已归档", "退回")
GRADES = {"01": "red", "02": "red", "03": "yellow", "04": "grey"}


def due(row: Any, state: str, today: Any) -> Row:
    """Words and colour of the day by which it is dealt with."""
    return (str(row.due_on or ""), "") if row.due_on is None or state in SHUT else days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    kind, grade = codes.table("event_kind"), codes.table("event_grade")
    return [Column(_("日期"), lambda r: str(r.day), 112, rank=2, key="day"), Column(_("标题"), lambda r: r.title, strong=True, key="title"), Column(_("类别"), lambda r: kind.label(r.kind or ""), 118, rank=1, key="kind"),
            Column(_("地点"), lambda r: desk.short(r.place), rank=1, key="place"), Column(_("等级"), lambda r: grade.label(r.grade or ""), 92, pill=lambda r: GRADES.get(r.grade, "grey"), key="grade"),
            Column(_("状态"), lambda r: r.state, 92, pill=lambda r: "green" if r.state in SHUT else "blue", key="state"),
            Column(_("推送反馈"), lambda r: f"{r.answered}/{r.pushed}" if r.pushed else "", 92, rank=2, key="pushes"), Column(_("期限"), lambda r: due(r, r.state, desk.today)[0], 118, pill=lambda r: due(r, r.state, desk.today)[1], key="due")]


class EventsScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), eventlists.count_events, eventlists.list_events, eventlists.event_card, lambda card: facts(card, desk.today),
                                       _("{0} {1:,} 件"), eventlists.FILTERS, groups, lambda card: [p.id for p in card.pushes], arrange=eventlists.arrange_events), self._actions(),
                         [Way("plus", _("登记事件（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=events.report_event),
                          Way("triangle-alert", _("告警（Ctrl+T）"), lambda: self.go.emit("alarms", "choose", ("open",)), "Ctrl+T", calls=alarmlists.list_alarms)])

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: card.state in names

        def waits(card: Any) -> bool:
            return any(p.answered_on is None for p in card.pushes)

        return [Action(_("上报"), "send", "F3", self.send_up, at("采集"), primary=True, calls=events.send_up),
                Action(_("自行处置"), "check", "F6", self.settle_here, at("采集"), calls=events.settle_here),
                Action(_("受理"), "check", "F3", self.accept, at("待受理"), primary=True, calls=events.accept_event),
                Action(_("不予受理"), "ban", "F9", self.turn_away, at("待受理"), calls=events.turn_away),
                Action(_("分派"), "send", "F3", self.dispatch, at("待分派"), primary=True, calls=events.dispatch),
                Action(_("签收"), "check", "F3", self.sign, at("待签收"), primary=True, calls=events.sign_for),
                Action(_("退单"), "undo-2", "F9", self.refuse, at("待签收"), calls=events.refuse_event),
                Action(_("反馈结果"), "check", "F3", self.feed_back, at("处置中"), primary=True, calls=events.feed_back),
                Action(_("申请延期"), "hourglass", "F9", self.put_off, at("处置中"), calls=events.put_off),
                Action(_("恢复办理"), "rotate-ccw", "F3", self.go_on, at("挂起"), primary=True, calls=events.go_on),
                Action(_("核查"), "clipboard-list", "F3", self.examine, at("待核查"), primary=True, calls=events.examine),
                Action(_("评价归档"), "clipboard-list", "F3", self.rate, at("待评价"), primary=True, calls=events.rate_event),
                Action(_("推送"), "send", "F4", self.push, lambda card: card.state not in SHUT, calls=pushes.push_event),
                Action(_("推送签收"), "inbox", "F7", self.receive, lambda card: any(p.received_on is None for p in card.pushes), calls=pushes.receive_push),
                Action(_("推送反馈"), "inbox", "F10", self.answer, waits, calls=pushes.answer_push),
                Action(_("处置单"), "printer", "F8", self.print_sheet, calls=press.make),
                Action(_("关联"), "link", "Ctrl+G", self.link, calls=events.link_event),
                Action(_("修改"), "pencil", "F2", self.correct, lambda card: card.state not in SHUT, calls=events.correct_event)]

    def open(self, _entity: str, record_id: Any) -> None:
        """Show an event on a page of its own."""
        self.open_card(record_id)

    # -- registering

    def register(self) -> None:
        """A new event; the day by which it is dealt with follows from its grade where none is given."""
        self.begin_new(EventForm(self.desk, self._find), "event", events.report_event, _("登记事件"), {"day": self.desk.today, "grade": "04", "source": "02"}, "title")

    def correct(self, card: Any) -> None:
        self.begin_correcting(EventForm(self.desk), events.correct_event, card, _("修改事件"))

    def _find(self, told: dict[str, Any], then: Any) -> None:
        """What may be the same event as the one being typed."""
        self.desk.ask(eventlists.similar_events, **told, then=then, lane=f"alike {id(self)}")

    def link(self, card: Any) -> None:
        """Another event that is the same thing."""
        page = self.task(_("关联"), {"linked": told_linked(_("和哪件是同一件事"), required=True)}, [[Cell("linked")]],
                         lambda v, then, fail: self.desk.do(events.link_event, card.record.id, v["linked"], then=then, fail=fail), words=card.record.title)
        find_events(page.form.editor("linked"), self.desk, f"other {id(page)}")

    # -- steps

    def _step(self, card: Any, title: str, verb: Any, told: dict[str, Told], given: dict[str, Any] | None = None) -> None:
        self.task(title, told, [[Cell(name)] for name in told], lambda v, then, fail: self.desk.do(verb, card.record.id, *(v[name] for name in told), then=then, fail=fail),
                  given=given, words=card.record.title)

    def send_up(self, card: Any) -> None:
        self._step(card, _("上报"), events.send_up, {"note": Told("note", LongText(500), _("说明"))})

    def settle_here(self, card: Any) -> None:
        self._step(card, _("自行处置"), events.settle_here, {"result": Told("result", LongText(2000), _("处置结果"), True)})

    def accept(self, card: Any) -> None:
        self.desk.do(events.accept_event, card.record.id)

    def turn_away(self, card: Any) -> None:
        self._step(card, _("不予受理"), events.turn_away, {"reason": Told("reason", LongText(500), _("理由"), True)})

    def _recipients(self) -> Told:
        return Told("recipients", Chosen(pairs=tuple((name, name) for name in pushes.usual())), _("推送对象"), True)

    def dispatch(self, card: Any) -> None:
        told = {"recipients": self._recipients(), "due_on": told_day("due_on", _("办理期限"))}
        self.task(_("分派"), told, [[Cell("recipients")], [Cell("due_on")]],
                  lambda v, then, fail: self.desk.do(events.dispatch, card.record.id, v["recipients"].split(","), v["due_on"], then=then, fail=fail),
                  given={"due_on": card.record.due_on or self.desk.today + timedelta(7)}, words=card.record.title)

    def sign(self, card: Any) -> None:
        asked = tuple((p.recipient, p.recipient) for p in card.pushes if p.answered_on is None)
        told = {"who": told_text("who", _("签收人"), required=True), "unit": Told("unit", One(pairs=asked), _("签收单位"))}
        self._step(card, _("签收"), events.sign_for, told, {"unit": asked[0][0] if len(asked) == 1 else None})

    def refuse(self, card: Any) -> None:
        self._step(card, _("退单"), events.refuse_event, {"reason": Told("reason", LongText(500), _("理由"), True)})

    def feed_back(self, card: Any) -> None:
        self._step(card, _("反馈结果"), events.feed_back, {"result": Told("result", LongText(2000), _("处置结果"), True)}, {"result": card.record.result})

    def put_off(self, card: Any) -> None:
        self._step(card, _("申请延期"), events.put_off, {"reason": Told("reason", LongText(500), _("理由"), True), "due_on": told_day("due_on", _("新的期限"))})

    def go_on(self, card: Any) -> None:
        self.desk.do(events.go_on, card.record.id)

    def print_sheet(self, card: Any) -> None:
        self.show_paper(PAPER, _("事件处置单"), record=card.record.id)

    def examine(self, card: Any) -> None:
        self._step(card, _("核查"), events.examine, {"passed": Told("passed", Yes((_("通过"), _("不通过，继续处置"))), _("结论"), True), "note": Told("note", LongText(500), _("说明"))})

    def rate(self, card: Any) -> None:
        self._step(card, _("评价归档"), events.rate_event, {"rating": Told("rating", Code("satisfaction"), _("评价"), True), "note": Told("note", LongText(500), _("说明"))})

    # -- pushes

    def push(self, card: Any) -> None:
        told = {"recipients": self._recipients(), "due_on": told_day("due_on", _("反馈期限"))}
        asked = [p.recipient for p in card.pushes if p.answered_on is None]
        self.task(_("推送"), told, [[Cell("recipients")], [Cell("due_on")]],
                  lambda v, then, fail: self.desk.do(pushes.push_event, card.record.id, v["recipients"].split(","), v["due_on"], then=then, fail=fail),
                  given={"recipients": ",".join(name for name in pushes.usual() if name not in asked) or None, "due_on": card.record.due_on or self.desk.today + timedelta(3)},
                  words=card.record.title)

    def _one(self, open_ones: list[Any]) -> Told:
        return Told("push", Chosen(pairs=tuple((str(p.id), p.recipient) for p in open_ones), several=False), _("哪一方"), True)

    def receive(self, card: Any) -> None:
        self._of_push(card, _("推送签收"), pushes.receive_push, [p for p in card.pushes if p.received_on is None], told_text("who", _("签收人"), required=True))

    def answer(self, card: Any) -> None:
        self._of_push(card, _("推送反馈"), pushes.answer_push, [p for p in card.pushes if p.answered_on is None], Told("answer", LongText(1000), _("反馈内容"), True))

    def _of_push(self, card: Any, title: str, verb: Any, open_ones: list[Any], told: Told) -> None:
        by_id = {str(p.id): p.id for p in open_ones}
        self.task(title, {"push": self._one(open_ones), told.name: told}, [[Cell("push")], [Cell(told.name)]],
                  lambda v, then, fail: self.desk.do(verb, by_id[v["push"]], v[told.name], then=then, fail=fail),
                  given={"push": next(iter(by_id)) if len(by_id) == 1 else None}, words=card.record.title)


def push_rows(told: Any, today: Any) -> list[Row]:
    """Each recipient with how far it is."""
    def words(p: Any) -> str:
        if p.answered_on is not None:
            return _("已反馈 {0}  {1}").format(p.answered_on, p.answer)
        late = days_word((p.due_on - today).days)[0] if p.due_on else ""
        return "  ".join(part for part in (_("已签收 {0} {1}").format(p.received_on, p.receiver or "") if p.received_on else _("未签收"), late) if part)

    return [(p.recipient, words(p)) for p in told]


def groups(card: Any) -> Groups:
    """The further cards of an event's page."""
    at = [(_("房屋、场所"), card.where)] if card.where else []
    return [(_("事件"), at + all_fields(card.record)), (_("推送"), [(p.recipient, "  ".join(str(w) for w in (p.sent_on, p.receiver, p.answered_on, p.answer) if w)) for p in card.pushes]),
            (_("经过"), story_rows(card.story)), (_("同一件事"), [(f"{o.day}  {o.state}", f"{o.title}  {o.place}  {o.number}") for o in card.others])]


def facts(card: Any, today: Any) -> Facts:
    """An event beside the list."""
    e, known = card.record, fields_of(Event)
    words, colour = due(e, card.state, today)
    pills: list[Row] = [(card.state, "green" if card.state in SHUT else "blue")]
    if e.grade:
        pills.append((known["grade"].kind.show(e.grade), GRADES.get(e.grade, "grey")))
    if colour:
        pills.append((words, colour))
    rows: list[Row] = [(_("编号"), e.number or ""), (_("类别"), known["kind"].kind.show(e.kind)), (_("来源"), known["source"].kind.show(e.source)), (_("发生"), f"{e.day} {e.time or ''}".strip()),
                       (_("地点"), e.place or ""), (_("情况"), e.content), (_("报告人"), f"{e.teller or ''}  {e.teller_phone or ''}".strip()), (_("处置结果"), e.result or ""),
                       (_("同一件事"), "\n".join(f"{o.day} {o.title}" for o in card.others))]
    return Facts(e.title, card.where, pills, [r for r in rows if r[1]], _("推送"), push_rows(card.pushes, today), icon="send")


def build(desk: Desk, settings: Settings) -> EventsScreen:
    presets.choose("platform", settings.platforms)
    return EventsScreen(desk)
