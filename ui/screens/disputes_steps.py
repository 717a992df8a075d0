"""The steps of a dispute as short forms: each asks for what the law asks for, and says what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from gridapp.fields.kinds import LongText, Yes
from gridapp.records import Dispute
from gridapp.texts import _
from gridapp.work import disputes, mediations
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.told import told_day, told_text
from ui.screens.disputes_cases import CaseScreen

#: what is proposed for a performance and for the visit after it
PERFORM_DAYS, VISIT_DAYS = 30, 30


class Steps(CaseScreen):
    """What can be done with a dispute."""

    def _step(self, card: Any, title: str, verb: Any, told: Mapping[str, Told], rows: Sequence[Sequence[Cell]], given: Mapping[str, Any] | None = None, *,
              then: Any = None) -> Any:
        """One step: the values are told by their names."""
        return self.task(title, told, rows, lambda v, done, fail: self.desk.do(verb, card.record.id, then=done, fail=fail, **v),
                         given={"day": self.desk.today} | dict(given or {}), words=f"{card.record.number or ''} {card.record.title}".strip(), then=then)

    def _reason(self, card: Any, title: str, verb: Any, *, unit: bool = False) -> None:
        told = {"reason": Told("reason", LongText(1000), _("理由"), True), "day": told_day("day", _("日期")), "unit": told_text("unit", _("接收单位"), 60, required=True)}
        rows = [[*([Cell("unit", 3)] if unit else []), Cell("day", 2)], [Cell("reason")]]
        self._step(card, title, verb, {n: t for n, t in told.items() if unit or n != "unit"}, rows)

    def accept(self, card: Any) -> None:
        told = {"day": told_day("day", _("受理日期")), "informed": Told("informed", Yes((_("已告知"), _("未告知"))), _("权利义务告知"), True,
                hint=_("告知书（F13B）按 F8 打印")), "note": told_text("note", _("说明"), 500)}
        self._step(card, _("受理纠纷"), mediations.accept_dispute, told, [[Cell("day", 2), Cell("informed", 2)], [Cell("note")]])

    def assign(self, card: Any) -> None:
        told = {"mediators": told_text("mediators", _("调解员（当事人选的或调委会指定的）"), 200, required=True), "day": told_day("day", _("日期"))}
        self.desk.ask(disputes.usual_mediators, then=lambda who: self._step(
            card, _("指派调解员"), mediations.assign_mediators, told, [[Cell("mediators", 4), Cell("day", 2)]], {"mediators": card.record.mediators or who}))

    def sign(self, card: Any) -> None:
        """The written agreement (Art. 29); half-written it is kept as a draft; signed, it is shown for printing."""
        self._agree(card, _("签书面协议"), mediations.sign_agreement, written=True)

    def note_oral(self, card: Any) -> None:
        """What was agreed by word of mouth, written down (Art. 28)."""
        self._agree(card, _("登记口头协议"), mediations.note_oral_agreement, written=False)

    def _agree(self, card: Any, title: str, verb: Any, *, written: bool) -> None:
        known = told_of(Dispute, "agreement", "perform", "perform_by")
        told = {n: Told(n, t.kind, t.label, written or n == "agreement") for n, t in known.items()} | {"day": told_day("day", _("协议日期"))}
        number = [Cell("number", 3)] if written else []
        if written:
            told |= {"number": told_text("number", _("协议书编号（空着就自动编）"), 40)}
        form = Form(told, [Section(f"{card.record.title}：{'、'.join(p.name for p in card.parties)}", [[Cell("agreement")], [Cell("perform")],
                                                                                               [Cell("perform_by", 2), Cell("day", 2), *number]])])
        paper = "F15" if written else "F16"

        def signed(_done: Any) -> None:
            self.back()
            self.show_paper(paper, title, record=card.record.id)

        page = self.form_doing(form, f"agreement {card.record.id}", verb, card.record.id, then=signed)
        self._on_its_page(card)
        page.begin(title, {"day": self.desk.today, "perform_by": self.desk.today + timedelta(days=PERFORM_DAYS)})
        self.show_page(page, passing=True)
        page.form.focus_first()

    def begin_performance(self, card: Any) -> None:
        self._step(card, _("开始履行"), mediations.begin_performance, {"day": told_day("day", _("日期")), "note": told_text("note", _("履行情况"), 500)},
                   [[Cell("day", 2), Cell("note", 5)]])

    def finish(self, card: Any) -> None:
        told = {"day": told_day("day", _("履行完毕日期")), "visit_by": Told("visit_by", told_day("d", "").kind, _("回访期限")), "note": told_text("note", _("说明"), 500)}
        self._step(card, _("履行完毕"), mediations.finish_performance, told, [[Cell("day", 2), Cell("visit_by", 2)], [Cell("note")]],
                   {"visit_by": self.desk.today + timedelta(days=VISIT_DAYS)})

    def visit(self, card: Any) -> None:
        """The visit afterwards (F16A): its record is the step."""
        page = self.form_doing(self.sitting_form(kind=False), f"visit {card.record.id}", mediations.visit_parties, card.record.id)
        self.begin_sitting(page, _("回访：{0}").format(card.record.title), card, {})

    def shelve(self, card: Any) -> None:
        told = {"day": told_day("day", _("立卷日期")), "result": Told("result", LongText(1000), _("调处结果"))}
        page = self._step(card, _("立卷归档"), mediations.shelve_dispute, told, [[Cell("day", 2)], [Cell("result")]], {"result": card.record.result})
        page.form.slots["day"].show_mark("warn" if card.file.lacking else "ok", card.file.words)

    def decline(self, card: Any) -> None:
        self._reason(card, _("不予受理"), mediations.decline_dispute)

    def end(self, card: Any) -> None:
        self._reason(card, _("终止调解"), mediations.end_mediation)

    def pass_up(self, card: Any) -> None:
        self._reason(card, _("移交镇里"), mediations.pass_dispute_up, unit=True)

    def guide(self, card: Any) -> None:
        self._reason(card, _("引导诉讼仲裁"), mediations.guide_to_court)
