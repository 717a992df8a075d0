"""信访: the list of petitions, one of them beside it, who is in charge of it and who was before, and its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import LongText
from gridapp.records import Petition
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import chains, parties, petitions, sittings
from ui.desk import Desk
from ui.forms.dispute import PetitionForm
from ui.forms.form import Cell, Told
from ui.forms.page import FormPage
from ui.forms.told import told_day, told_text
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.disputes_cases import CaseScreen
from ui.screens.disputes_parts import case_rows
from ui.screens.listed import Groups, Subject, Way
from ui.screens.pages import days_word

ENDED = (petitions.CLOSED, petitions.DECLINED)
WAITING = (petitions.ENTERED, petitions.ACCEPTED, petitions.UNDER_WAY, petitions.REVIEWED)


def state_word(code: str | None) -> str:
    return codes.table("petition_state").label(code or "")


def due(row: Any, state: str, today: Any) -> Row:
    """Words and colour of the day by which it must be answered."""
    if row.due_on is None or state not in WAITING:
        return str(row.due_on or ""), ""
    return days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    return [Column(_("来访日期"), lambda r: str(r.came_on), 112, rank=3, key="day"), Column(_("事项"), lambda r: r.title, strong=True, key="title"),
            Column(_("信访人"), lambda r: r.parties, 150, rank=2, why=_("一件信访有几个信访人，不能按人排序；要找某人请用上面的查找框。")), Column(_("包案人"), lambda r: r.leader, 100, rank=1, key="leader"),
            Column(_("状态"), lambda r: state_word(r.state), 100, pill=lambda r: "green" if state_word(r.state) in ENDED else "blue", key="state"),
            Column(_("期限"), lambda r: due(r, state_word(r.state), desk.today)[0], 118, pill=lambda r: due(r, state_word(r.state), desk.today)[1], rank=1, key="due")]


class PetitionsScreen(CaseScreen):
    """List, detail, record, forms."""

    key, entity = "petitions", "petition"
    link_verb, unlink_verb, matching = chains.link_petitions, chains.unlink_petition, partial(parties.cases_matching, entity=Petition)
    usual_kind, usual_side = "04", "04"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), petitions.count_petitions, petitions.list_petitions, petitions.petition_card,
                                       lambda card: facts(card, desk.today), _("{0} {1:,} 件"), petitions.FILTERS, groups,
                                       lambda card: [p.id for p in card.parties], arrange=petitions.arrange_petitions), self._actions(), [
            Way("messages-square", _("纠纷（Ctrl+T）"), lambda: self.go.emit("disputes", "choose", ("",)), "Ctrl+T", calls=petitions.list_petitions),
            Way("plus", _("登记信访（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=petitions.register_petition)])
        self._new: FormPage | None = None

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: card.state in names

        def lives(card: Any) -> bool:
            return card.state not in ENDED

        under_way = at(petitions.UNDER_WAY)
        return [
            Action(_("受理"), "check", "F3", self.accept, at(petitions.ENTERED), primary=True, calls=petitions.accept_petition),
            Action(_("指定包案人"), "user-plus", "F3", self.appoint, at(petitions.ACCEPTED), primary=True, calls=petitions.appoint_leader),
            Action(_("答复"), "send", "F3", self.answer, under_way, primary=True, calls=petitions.answer_petition),
            Action(_("息诉息访，办结"), "check", "F3", self.close_case, at(petitions.ANSWERED), primary=True, calls=petitions.close_petition),
            Action(_("维持原答复"), "check", "F3", self.uphold, at(petitions.REVIEWED), primary=True, calls=petitions.uphold_answer),
            Action(_("更换包案人"), "users", "F7", self.change_leader, under_way, calls=petitions.change_leader),
            Action(_("延期"), "calendar", "F10", self.extend, under_way, calls=petitions.extend_petition),
            Action(_("申请复查"), "rotate-ccw", "F7", self.ask_review, at(petitions.ANSWERED), calls=petitions.ask_for_review),
            Action(_("重新办理"), "rotate-ccw", "F7", self.again, at(petitions.REVIEWED), calls=petitions.take_petition_up_again),
            Action(_("记录"), "pencil", "F6", self.record, lives, calls=sittings.record_sitting),
            Action(_("信访人"), "users", "F4", self.show_parts),
            Action(_("修改"), "pencil", "F2", self.correct, lives, calls=petitions.correct_petition),
            Action(_("不予受理"), "ban", "F9", self.decline, at(petitions.ENTERED), calls=petitions.decline_petition)]

    # -- registering

    def register(self, given: dict[str, Any] | None = None) -> None:
        """A new petition with whoever is in charge of it."""
        if self._new is None:
            self._new = self.form_page(PetitionForm(self.desk, new=True, find=partial(self.find_alike, None)), "petition", self._register)
        self._new.begin(_("登记信访"), {"came_on": self.desk.today, "way": "01"} | (given or {}))
        self.show_page(self._new)
        self.desk.ask(petitions.usual_leader, then=self._offer_leader)
        self._new.form.focus("title")

    def _offer_leader(self, name: str) -> None:
        assert self._new is not None
        editor = self._new.form.editor("leader")
        if not editor.text():
            editor.set_text(name)

    def _register(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        self.desk.do(petitions.register_petition, values.pop("parties"), then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(PetitionForm(self.desk, new=False), petitions.correct_petition, card, _("修改信访：{0}").format(card.record.number or card.record.title))

    # -- steps

    def _step(self, card: Any, title: str, verb: Any, told: Mapping[str, Told], rows: Sequence[Sequence[Cell]], given: Mapping[str, Any] | None = None) -> None:
        """One step with its day: the values are told by their names."""
        self.task(title, dict(told) | {"day": told_day("day", _("日期"))}, rows,
                  lambda v, then, fail: self.desk.do(verb, card.record.id, then=then, fail=fail, **v),
                  given={"day": self.desk.today} | dict(given or {}), words=f"{card.record.number or ''} {card.record.title}".strip())

    def _reason(self, card: Any, title: str, verb: Any, *more: Cell, told: Mapping[str, Told] | None = None, given: Mapping[str, Any] | None = None) -> None:
        self._step(card, title, verb, {"reason": Told("reason", LongText(1000), _("理由"), True)} | dict(told or {}), [[*more, Cell("day", 2)], [Cell("reason")]], given)

    def accept(self, card: Any) -> None:
        self._step(card, _("受理信访"), petitions.accept_petition, {"note": told_text("note", _("说明"), 500)}, [[Cell("day", 2), Cell("note", 5)]])

    def decline(self, card: Any) -> None:
        self._reason(card, _("不予受理"), petitions.decline_petition)

    def appoint(self, card: Any) -> None:
        told = {"leader": told_text("leader", _("包案人"), 50, required=True), "team": told_text("team", _("专班成员"), 200),
                "due_on": Told("due_on", told_day("d", "").kind, _("办理期限"))}
        r = card.record
        self._step(card, _("指定包案人"), petitions.appoint_leader, told, [[Cell("leader", 2), Cell("team", 4)], [Cell("due_on"), Cell("day")]],
                   {"leader": r.leader, "team": r.team, "due_on": r.due_on})

    def change_leader(self, card: Any) -> None:
        told = {"leader": told_text("leader", _("新的包案人"), 50, required=True), "team": told_text("team", _("专班成员"), 200)}
        self._reason(card, _("更换包案人（现在是 {0}）").format(card.record.leader), petitions.change_leader, Cell("leader", 2), Cell("team", 3), told=told,
                     given={"team": card.record.team})

    def extend(self, card: Any) -> None:
        self._reason(card, _("延期"), petitions.extend_petition, Cell("due_on", 2), told={"due_on": told_day("due_on", _("新的期限"))})

    def answer(self, card: Any) -> None:
        self._step(card, _("答复信访人"), petitions.answer_petition, {"result": Told("result", LongText(2000), _("办理结果"), True)}, [[Cell("day", 2)], [Cell("result")]],
                   {"result": card.record.result})

    def close_case(self, card: Any) -> None:
        self._step(card, _("息诉息访，办结"), petitions.close_petition, {"note": told_text("note", _("说明"), 500)}, [[Cell("day", 2), Cell("note", 5)]])

    def ask_review(self, card: Any) -> None:
        self._reason(card, _("申请复查"), petitions.ask_for_review)

    def uphold(self, card: Any) -> None:
        told = {"unit": told_text("unit", _("复查单位"), 60), "note": told_text("note", _("说明"), 500)}
        self._step(card, _("复查维持原答复"), petitions.uphold_answer, told, [[Cell("day", 2), Cell("unit", 3)], [Cell("note")]])

    def again(self, card: Any) -> None:
        self._reason(card, _("重新办理"), petitions.take_petition_up_again, Cell("due_on", 2), told={"due_on": Told("due_on", told_day("d", "").kind, _("新的期限"))})


def groups(card: Any) -> Groups:
    """The further cards of a petition's page."""
    whose, said, story, chain = case_rows(card)
    charge = [(f"{day}  {who}", why or _("包案")) for day, who, why in card.leaders]
    return [whose, (_("信访"), all_fields(card.record)), (_("包案人"), charge), said, story, (_("关联的纠纷"), [(_("纠纷"), words) for _id, words in card.disputes]), chain]


def facts(card: Any, today: Any) -> Facts:
    """A petition beside the list."""
    r, known = card.record, fields_of(Petition)
    words, colour = due(r, card.state, today)
    pills: list[Row] = [(card.state, "green" if card.state in ENDED else "blue"), *([(words, colour)] if colour else [])]
    rows: list[Row] = [(_("信访人"), "、".join(p.name for p in card.parties)), (_("包案人"), r.leader or ""), (_("专班"), r.team or ""),
                       (_("来访"), f"{r.came_on}  {known['way'].kind.show(r.way)}".strip()), (_("期限"), str(r.due_on or "")), (_("诉求"), r.content), (_("结果"), r.result or ""),
                       (_("关联"), _("{0} 件").format(len(card.chain) + len(card.disputes)) if card.chain or card.disputes else "")]
    return Facts(r.title, r.number or "", pills, [x for x in rows if x[1]], icon="inbox")


def build(desk: Desk, _settings: Settings) -> PetitionsScreen:
    return PetitionsScreen(desk)
