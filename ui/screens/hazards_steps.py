"""The steps of a hazard from the finding to its closing as short forms; what is served or looked at together is asked for together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from gridapp.fields.kinds import LongText
from gridapp.texts import _
from gridapp.work import hazards
from ui.forms.form import Cell, Told
from ui.forms.hazard import notice_form, notice_values, recheck_form, recheck_values
from ui.forms.told import told_day, told_text
from ui.screens.listed import Listed

NOTICE, OPINION, BOOK = "F09", "F10", "F11"
#: what is proposed for putting it right
RECTIFY_DAYS = 7


def _note(label: str, *, required: bool = False) -> Told:
    return Told("note", LongText(500), label, required)


class Steps(Listed):
    """What can be done with a hazard."""

    def _step(self, card: Any, title: str, verb: Any, told: Mapping[str, Told], rows: Sequence[Sequence[Cell]], given: Mapping[str, Any] | None = None, **more: Any) -> None:
        """One step: the values are told by their names."""
        day = {"day": told_day("day", _("日期"))}
        self.task(title, dict(told) | day, [*rows, [Cell("day", 2)]], lambda v, then, fail: self.desk.do(verb, card.record.id, then=then, fail=fail, **v, **more),
                  given={"day": self.desk.today} | dict(given or {}), words=f"{card.record.place}：{card.record.content}")

    # -- the notice

    def serve(self, card: Any) -> None:
        """Number a notice for this one and others found with it, then show it for printing."""
        found = hazards.state(hazards.FOUND)
        others = [other for other in card.others if other.state == found]

        def served(_done: Any) -> None:
            self.back()
            self.print_notice(card)

        page = self.form_page(notice_form(card.record, others), f"notice {card.record.id}", lambda v, _next: self.desk.do(
            hazards.serve_notice, card.record.id, **notice_values(v), then=self.saved(page, served), fail=page.failed))
        page.begin(_("发整改通知书"), {"due_on": card.record.due_on or self.desk.today + timedelta(days=RECTIFY_DAYS), "day": self.desk.today,
                                  "also": ",".join(str(h.id) for h in others)} | {f"demand {h.id}": h.demand for h in (card.record, *others)})
        self.show_page(page, passing=True)
        page.form.focus_first()

    def print_notice(self, card: Any) -> None:
        self.show_paper(NOTICE, _("安全隐患整改通知书"), record=card.record.id)

    def sign(self, card: Any) -> None:
        self._step(card, _("签收通知书"), hazards.sign_notice, {"by": told_text("by", _("签收人"), 50, required=True)}, [[Cell("by")]])

    def extend(self, card: Any) -> None:
        told = {"due_on": told_day("due_on", _("新的期限")), "reason": Told("reason", LongText(500), _("理由"), True)}
        self._step(card, _("延长整改期限"), hazards.give_more_time, told, [[Cell("due_on")], [Cell("reason")]])

    def nobody(self, card: Any) -> None:
        """A visit in vain; it stays open, with all that is on the same notice."""
        waiting = {hazards.state(name) for name in hazards.CHECKABLE}
        self._step(card, _("登记无人在家"), hazards.nobody_home, {"note": _note(_("说明"))}, [[Cell("note")]], also=[h.id for h in card.others if h.state in waiting])

    # -- put right, and looked at again

    def rectified(self, card: Any) -> None:
        self._step(card, _("整改完成"), hazards.tell_rectified, {"note": _note(_("怎么整改的"))}, [[Cell("note")]], {"note": card.record.told_note})

    def recheck(self, card: Any) -> None:
        """All that is open of this notice or inspection, none of what is closed; then the opinion is shown for printing."""
        def begin(items: Sequence[Any], name: str) -> None:
            def done(_done: Any) -> None:
                self.back()
                self.print_opinion(card)

            page = self.form_page(recheck_form(items, _("{0}：还没有销号的 {1} 处").format(card.record.place, len(items))), f"recheck {card.record.id}",
                                  lambda v, _next: self.desk.do(hazards.recheck_together, **recheck_values(v), then=self.saved(page, done), fail=page.failed))
            page.begin(_("复查隐患"), {"day": self.desk.today, "by": name, "due_on": self.desk.today + timedelta(days=RECTIFY_DAYS)})
            self.show_page(page, passing=True)
            page.form.focus(f"passed {items[0].id}")

        def asked(items: Sequence[Any]) -> None:
            self.desk.ask(hazards.who_checks, then=lambda name: begin(items, name))

        self.desk.ask(hazards.to_recheck, card.record.id, then=asked)

    def print_opinion(self, card: Any) -> None:
        self.show_paper(OPINION, _("整改复查意见书"), record=card.record.id)

    def cancel(self, card: Any) -> None:
        self._step(card, _("误报撤销"), hazards.cancel_hazard, {"reason": told_text("reason", _("理由"), 200, required=True)}, [[Cell("reason")]])

    def unheard(self, card: Any) -> None:
        """Its date passed and nobody said a word: that is written down, with the day somebody looked."""
        self._step(card, _("到期未报"), hazards.write_late, {}, [])

    # -- up, and down again

    def send_up(self, card: Any) -> None:
        told = {"to": told_text("to", _("上报给哪个单位"), 60, required=True), "note": _note(_("说明"))}
        self._step(card, _("上报隐患"), hazards.refer, told, [[Cell("to")], [Cell("note")]])

    def sent_back(self, card: Any) -> None:
        told = {"due_on": told_day("due_on", _("整改期限")), "responsible": told_text("responsible", _("被通知人"), 50, hint=_("空着就用登记的房东或负责人")), "note": _note(_("上级的意见"))}
        self._step(card, _("上级退回"), hazards.send_back, told, [[Cell("due_on", 2), Cell("responsible", 3)], [Cell("note")]],
                   {"due_on": self.desk.today + timedelta(days=RECTIFY_DAYS)})

    def put_on_list(self, card: Any) -> None:
        told = {"by": told_text("by", _("挂牌单位"), 60, required=True), "due_on": Told("due_on", told_day("d", "").kind, _("挂牌整改期限")), "note": _note(_("说明"))}
        self._step(card, _("挂牌督办"), hazards.put_on_list, told, [[Cell("by", 3), Cell("due_on", 2)], [Cell("note")]], {"by": card.record.referred_to})

    def accept(self, card: Any) -> None:
        def begin(name: str) -> None:
            self._step(card, _("验收销号"), hazards.accept, {"by": told_text("by", _("验收人"), required=True), "note": _note(_("验收意见"))}, [[Cell("by")], [Cell("note")]], {"by": name})

        self.desk.ask(hazards.who_checks, then=begin)

    # -- the book

    def print_book(self) -> None:
        """The ledger of all hazards found in a period (F11)."""
        self.show_period(BOOK, _("安全隐患排查整治台账"), _("哪一段时间里发现的隐患"))
