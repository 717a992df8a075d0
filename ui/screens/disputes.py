"""纠纷: the list of disputes, one of them beside it, its intake and its steps to the shelf; 信访 lies behind a button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, Codes, Link, LongText, Yes
from gridapp.printing import press
from gridapp.records import Dispute, Petition
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import casefile, chains, disputes, mediations, parties, petitions, sittings
from ui.desk import Desk
from ui.forms.dispute import DisputeForm, place_finder
from ui.forms.form import Cell, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.told import told_day
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.disputes_cases import RECORD, VISITED, CaseScreen, Ways
from ui.screens.disputes_parts import case_rows
from ui.screens.disputes_steps import Steps
from ui.screens.listed import Groups, Subject, Way
from ui.screens.pages import days_word

REGISTER, ACCEPTANCE, APPLICATION, RIGHTS, AGREEMENT, ORAL_AGREEMENT, CONTENTS = "F12", "F13", "F13A", "F13B", "F15", "F16", "F16B"
ENDED = (disputes.SHELVED, disputes.DECLINED, disputes.PASSED_UP, disputes.GUIDED)
RISKS = {"01": "green", "02": "yellow", "03": "red"}
#: the paper that is likely wanted in a state
LIKELY = {disputes.ENTERED: APPLICATION, disputes.ACCEPTED: ACCEPTANCE, disputes.MEDIATING: RECORD, disputes.WRITTEN: AGREEMENT, disputes.ORAL: ORAL_AGREEMENT,
          disputes.PERFORMED: VISITED, disputes.VISITED: CONTENTS, disputes.SHELVED: CONTENTS}


def state_word(code: str | None) -> str:
    return codes.table("dispute_state").label(code or "")


def state_colour(word: str) -> str:
    return "green" if word == disputes.SHELVED else "grey" if word in ENDED else "blue"


def due(row: Any, today: Any) -> Row:
    """Words and colour of the next day that presses."""
    return days_word((row.due_on - today).days) if row.due_on is not None else ("", "")


def columns(desk: Desk) -> list[Column]:
    kind = codes.table("dispute_category")
    return [Column(_("日期"), lambda r: str(r.found_on), 108, rank=3, key="day"), Column(_("纠纷名称"), lambda r: r.title, strong=True, key="title"),
            Column(_("当事人"), lambda r: r.parties, 170, rank=1, why=_("一件纠纷有几个当事人，不能按人排序；要找某人请用上面的查找框。")), Column(_("类别"), lambda r: kind.label(r.category or ""), 120, rank=3, key="kind"),
            Column(_("调解员"), lambda r: r.mediators, 110, rank=4, key="mediators"), Column(_("状态"), lambda r: state_word(r.state), 118, pill=lambda r: state_colour(state_word(r.state)), key="state"),
            Column(_("期限"), lambda r: due(r, desk.today)[0], 112, pill=lambda r: due(r, desk.today)[1], rank=2, why=_("每个状态的期限不一样，有的按工作日算，不能一起排序；请看“快到期”。"))]


class DisputesScreen(Steps, CaseScreen):
    """List, detail, record, forms."""

    key, entity = "disputes", "dispute"
    link_verb, unlink_verb, matching = chains.link_disputes, chains.unlink_dispute, partial(parties.cases_matching, entity=Dispute)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), disputes.count_disputes, disputes.list_disputes, disputes.dispute_card,
                                       lambda card: facts(card, desk.today), _("{0} {1:,} 件"), disputes.FILTERS, groups,
                                       lambda card: [p.id for p in card.parties], arrange=disputes.arrange_disputes, paper=REGISTER), self._actions(), [
            Way("inbox", _("信访（Ctrl+T）"), lambda: self.go.emit("petitions", "choose", ("",)), "Ctrl+T", calls=petitions.list_petitions),
            Way("printer", _("登记表（Ctrl+P）"), lambda: self.show_period(REGISTER, _("矛盾纠纷排查调处登记表"), _("哪一段时间里登记的纠纷")), "Ctrl+P", calls=press.make),
            Way("plus", _("登记纠纷（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=disputes.register_dispute)])
        self._new: FormPage | None = None

    def _actions(self) -> list[Action]:
        def at(*names: str) -> Any:
            return lambda card: card.state in names

        def lives(card: Any) -> bool:
            return card.state not in ENDED

        agreed = (disputes.WRITTEN, disputes.ORAL)
        return [
            Action(_("受理"), "check", "F3", self.accept, at(disputes.ENTERED), primary=True, calls=mediations.accept_dispute),
            Action(_("指派调解员"), "users", "F3", self.assign, at(disputes.ACCEPTED), primary=True, calls=mediations.assign_mediators),
            Action(_("签书面协议"), "file-text", "F3", self.sign, at(disputes.MEDIATING), primary=True, calls=mediations.sign_agreement),
            Action(_("开始履行"), "check", "F3", self.begin_performance, at(*agreed), primary=True, calls=mediations.begin_performance),
            Action(_("履行完毕"), "check", "F3", self.finish, at(disputes.PERFORMING), primary=True, calls=mediations.finish_performance),
            Action(_("回访"), "footprints", "F3", self.visit, at(disputes.PERFORMED), primary=True, calls=mediations.visit_parties),
            Action(_("立卷归档"), "folder-open", "F3", self.shelve, at(disputes.VISITED), primary=True, calls=mediations.shelve_dispute),
            Action(_("移交镇里"), "send", "F3", self.pass_up, at(disputes.FAILED), primary=True, calls=mediations.pass_dispute_up),
            Action(_("口头协议"), "file-text", "F7", self.note_oral, at(disputes.MEDIATING), calls=mediations.note_oral_agreement),
            Action(_("引导诉讼仲裁"), "scale", "F7", self.guide, at(disputes.FAILED), calls=mediations.guide_to_court),
            Action(_("记录"), "pencil", "F6", self.record, lives, calls=sittings.record_sitting),
            Action(_("当事人"), "users", "F4", self.show_parts),
            Action(_("打印"), "printer", "F8", self.print_paper, calls=press.make),
            Action(_("卷宗"), "folder-open", "F10", self.fill_file, calls=casefile.fill_file),
            Action(_("司法确认"), "landmark", "F12", self.court, lambda card: bool(card.record.agreement_no), calls=mediations.note_court),
            Action(_("修改"), "pencil", "F2", self.correct, lives, calls=disputes.correct_dispute),
            Action(_("不予受理"), "ban", "F9", self.decline, at(disputes.ENTERED), calls=mediations.decline_dispute),
            Action(_("终止调解"), "ban", "F9", self.end, at(disputes.MEDIATING), calls=mediations.end_mediation)]

    # -- intake

    def register(self, given: dict[str, Any] | None = None) -> None:
        """A new dispute; earlier ones that look like it are shown while it is typed."""
        if self._new is None:
            self._new = self.form_page(DisputeForm(self.desk, new=True, find=partial(self.find_alike, None)), "dispute", self._register)
        self._new.begin(_("登记纠纷"), {"found_on": self.desk.today, "source": "05"} | (given or {}))
        self.show_page(self._new)
        self._new.form.focus("title")

    def _register(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        self.desk.do(disputes.register_dispute, values.pop("parties"), then=self.saved(page, lambda done: self.open_card(done.result)), fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(DisputeForm(self.desk, new=False), disputes.correct_dispute, card, _("修改纠纷：{0}").format(card.record.number or card.record.title))

    # -- file, court, petition, papers

    def further(self, card: Any) -> Sequence[Ways]:
        return [(_("关联信访（Ctrl+T）"), "inbox", "Ctrl+T", lambda: self._leaving(lambda: self.tie(card)), chains.tie_to_petition)]

    def fill_file(self, card: Any) -> None:
        """Tick what is in the file; what it must hold is named."""
        needed = "、".join(i.name for i in card.file.items if i.needed)
        page = self.task(_("卷宗材料"), {"papers": Told("papers", Codes("dispute_papers"), _("已经装进卷宗的"), hint=_("这件纠纷应有：{0}").format(needed))}, [[Cell("papers")]],
                         lambda v, then, fail: self.desk.do(casefile.fill_file, card.record.id, v["papers"], then=then, fail=fail, seen=page.seen),
                         given=card.record, words=card.file.words)

    def court(self, card: Any) -> None:
        """How far the confirmation by a court is."""
        told = {"court": Told("court", Code("court_confirm"), _("司法确认"), True), "day": Told("day", told_day("day", "").kind, _("日期"))}
        self.task(_("司法确认"), told, [[Cell("court"), Cell("day")]],
                  lambda v, then, fail: self.desk.do(mediations.note_court, card.record.id, v["court"], v["day"], then=then, fail=fail),
                  given={"court": card.record.court, "day": card.record.court_on}, words=court_words(card, self.desk.today))

    def tie(self, card: Any) -> None:
        """The petition it came from; empty takes it away."""
        page = self.task(_("关联信访"), {"petition": Told("petition", Link("petition"), _("信访"), hint=_("空着保存，就取消关联。"))}, [[Cell("petition")]],
                         lambda v, then, fail: self.desk.do(chains.tie_to_petition, card.record.id, v["petition"], then=then, fail=fail), words=card.record.title,
                         given={"petition": (card.petition.id, card.petition.label()) if card.petition is not None else None})
        place_finder(page.form.editor("petition"), self.desk, partial(parties.cases_matching, entity=Petition), f"petition {id(page)}", _("编号、事项或信访人"))

    def print_paper(self, card: Any) -> None:
        numbers = [ACCEPTANCE, APPLICATION, RIGHTS, RECORD, *([ORAL_AGREEMENT] if not card.record.agreement_no else [AGREEMENT]), VISITED, CONTENTS]
        likely = LIKELY.get(card.state)
        self.choose_paper(card, [(n, card.record.id) for n in sorted(numbers, key=lambda n: n != likely)])


def court_words(card: Any, today: Any) -> str:
    """What is known of the confirmation by a court, and until when it may be asked for."""
    told = fields_of(Dispute)["court"].kind.show(card.record.court)
    if card.court_by is None or told and told != "已提醒":
        return f"{told} {card.record.court_on or ''}".strip()
    left = (card.court_by - today).days
    return _("可申请到 {0}（{1}）").format(card.court_by, days_word(left)[0]) if left >= 0 else _("已过期（{0} 前可以申请）").format(card.court_by)


def groups(card: Any) -> Groups:
    """The further cards of a dispute's page."""
    beside = [(_("房屋"), card.house.label())] if card.house is not None else []
    beside += [(_("信访"), f"{card.petition.number or ''} {card.petition.title}".strip())] if card.petition is not None else []
    state = {(True, True): _("必须，已装"), (True, False): _("必须，还缺"), (False, True): _("已装"), (False, False): "—"}
    whose, said, story, chain = case_rows(card)
    return [whose, (_("纠纷"), beside + [r for r in all_fields(card.record) if r[0] != fields_of(Dispute)["papers"].label]), said, story,
            (_("卷宗：{0}").format(card.file.words), [(i.name, state[i.needed, i.there]) for i in card.file.items]), chain]


def facts(card: Any, today: Any) -> Facts:
    """A dispute beside the list."""
    d, known = card.record, fields_of(Dispute)
    words, colour = due(card, today)
    pills: list[Row] = [(card.state, state_colour(card.state)), (known["risk"].kind.show(d.risk), RISKS.get(d.risk, "grey")), (words, colour)]
    rows: list[Row] = [(_("当事人"), "、".join(p.name for p in card.parties)), (_("类别"), known["category"].kind.show(d.category)), (_("日期"), str(d.found_on)),
                       (_("地点"), d.place or ""), (_("调解员"), d.mediators or ""), (_("调解期限"), str(card.mediate_by or "") if card.record.agreed_on is None else ""),
                       (_("协议"), f"{d.agreed_on or ''} {d.agreement_no or ''}".strip()), (_("履行期限"), str(d.perform_by or "")), (_("司法确认"), court_words(card, today)),
                       (_("卷宗"), card.file.words), (_("关联"), _("{0} 件").format(len(card.chain)) if card.chain else "")]
    return Facts(d.title, d.number or "", [p for p in pills if p[0]], [r for r in rows if r[1]], icon="messages-square")


def build(desk: Desk, _settings: Settings) -> DisputesScreen:
    return DisputesScreen(desk)
