"""What the screens of disputes and petitions share: their parties and records as one list, forms for both, links, papers, and numbers that are masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import BEIJING, Link
from gridapp.printing import press
from gridapp.records import Party, Sitting
from gridapp.texts import _
from gridapp.work import chains, masking, parties, sittings
from ui.forms.dispute import LOWER, UPPER, place_finder, told_party
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.told import told_text
from ui.screens.disputes_parts import AWAY, CHAIN, PARTY, SITTING, Part, PartsPage, parts_of
from ui.screens.listed import Listed
from ui.screens.paperlist import Choice, choose_paper
from ui.widgets import button

#: the paper of a record of what was said, and of a visit
RECORD, VISITED = "F14", "F16A"


#: words, icon, key, what it does, the function of the ledger it comes to
Ways = tuple[str, str, str, Callable[[], object], Callable[..., Any]]


class CaseScreen(Listed):
    """A list of cases with parties and sittings; a subclass names its verbs."""

    #: its screen's key and entity, the verbs that link two of them and take one out again, the question that finds one by typing
    key, entity = "", ""
    link_verb: Callable[..., Any]
    unlink_verb: Callable[..., Any]
    matching: Callable[..., Any]
    #: the kind of sitting that is usual here, and the side of a new party
    usual_kind, usual_side = "01", "02"

    def open(self, entity: str, record_id: Any) -> None:
        """Show a case, or that of a sitting, on a page of its own."""
        if entity == "sitting":
            self.desk.ask(sittings.case_with, record_id, then=self.open_card)
        else:
            self.open_card(record_id)

    # -- numbers of the parties

    def stand_over(self, card: Any, words: str = "") -> None:
        """The line that reveals the numbers of the parties."""
        known = fields_of(Party)
        hidden = dict.fromkeys(known[name].label for party in card.parties for name in masking.hidden(party))
        told = words or _("{0}：{1}").format("、".join(p.name for p in card.parties), "、".join(hidden))
        self.veil.stand_for("party", [p.id for p in card.parties], list(hidden), ver=tuple(p.ver for p in card.parties), words=told)

    def seen(self, card: Any) -> Any:
        """The card as it may be shown at the moment."""
        return replace(card, parties=tuple(masking.revealed(p, self.veil.values_of(p.id)) if self.veil.values_of(p.id) else p for p in card.parties))

    # -- parties and records as one list

    def show_parts(self, card: Any) -> None:
        """Parties, records and linked cases, to be opened, corrected, taken out."""
        self._on_its_page(card)
        can = self.desk.can
        page: PartsPage
        ways: list[Ways] = [(_("添加当事人（Ctrl+N）"), "user-plus", "Ctrl+N", lambda: self._leaving(lambda: self.add_party(card)), parties.add_party),
            (_("关联（Ctrl+G）"), "link", "Ctrl+G", lambda: self._leaving(lambda: self.link(card)), type(self).link_verb),
            (_("修改（F2）"), "pencil", "F2", lambda: self._open_part(card, page.part), parties.correct_party),
            *self.further(card),
            (_("打印记录（F8）"), "printer", "F8", lambda: self._print_part(page.part), press.make),
            (_("移出/取消关联（F9）"), "ban", "F9", lambda: self._part_out(card, page.part), parties.take_party_out)]
        page = PartsPage(_("当事人和记录：{0}").format(card.record.title), parts_of(card),
                         [button(words, run, icon=icon, key=key, role="tight") for words, icon, key, run, calls in ways if can(calls)], _("还没有内容。"))
        page.left.connect(self.back)
        page.opened.connect(lambda part: self._open_part(card, part))
        self.show_page(page, passing=True)

    def further(self, _card: Any) -> Sequence[Ways]:
        """More buttons over that list."""
        return ()

    def _on_its_page(self, card: Any) -> None:
        """The record's own page, to which whatever is opened now leads back."""
        if self.currentWidget() is not self.page:
            self.open_card(card.record.id)

    def _leaving(self, go_on: Callable[[], object]) -> None:
        """Leave the list of parts, then go on."""
        self.back()
        go_on()

    def _open_part(self, card: Any, part: Part | None) -> None:
        if part is None:
            return
        opens: dict[str, Callable[[], object]] = {PARTY: lambda: self.correct_party(part.record), SITTING: lambda: self.correct_sitting(part.record),
                                                  CHAIN: lambda: self.open_card(part.id), AWAY: lambda: self.go.emit(f"{part.record}s", "open", (part.record, part.id))}
        self._leaving(opens[part.kind])

    def _print_part(self, part: Part | None) -> None:
        if part is not None and part.kind == SITTING:
            number = VISITED if part.record.kind == sittings.kind(sittings.VISIT) else RECORD
            self._leaving(lambda: self.show_paper(number, part.what, record=part.id))

    def _part_out(self, card: Any, part: Part | None) -> None:
        if part is not None and part.kind == PARTY:
            self._leaving(lambda: self.take_out(part.record))
        elif part is not None and part.kind == CHAIN:
            self._leaving(lambda: self.desk.do(type(self).unlink_verb, part.id))

    # -- parties

    @staticmethod
    def _party_form(new: bool) -> Form:
        upper = [Cell(n, w) for n, w in UPPER.items() if new or n != "person"]
        return Form(told_party(), [Section(_("当事人"), [upper, [Cell(n, w) for n, w in LOWER.items()]])])

    def add_party(self, card: Any) -> None:
        """One more party of this case, from the register or typed in."""
        page = self.form_doing(self._party_form(True), "", parties.add_party, card.record.id)
        page.begin(_("添加当事人：{0}").format(card.record.title), {"side": self.usual_side}, drafts=False)
        place_finder(page.form.editor("person"), self.desk, parties.people_matching, f"person {id(page)}", _("姓名、证件号码或电话尾号"))
        self.show_page(page, passing=True)
        page.form.focus("person")

    def correct_party(self, party: Any) -> None:
        page = self.form_doing(self._party_form(False), "", parties.correct_party, party.id, seen=True)
        page.begin(_("修改当事人：{0}").format(party.name), party, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus_first()

    def take_out(self, party: Any) -> None:
        told = {"why": told_text("why", _("理由"), 100, required=True)}
        self.task(_("移出当事人"), told, [[Cell("why")]], lambda v, then, fail: self.desk.do(parties.take_party_out, party.id, v["why"], then=then, fail=fail),
                  words=party.name)

    # -- what was said

    def sitting_form(self, kind: bool = True) -> Form:
        """The form of one sitting; `kind`: it can be chosen."""
        told = told_of(Sitting, "kind", "day", "start", "end", "place", "mediators", "present", "content", "result")
        first = [*([Cell("kind", 2)] if kind else []), Cell("day", 2), Cell("start", 2), Cell("end", 2), Cell("place", 4)]
        return Form(told, [Section(_("时间、地点、参加人"), [first, [Cell("mediators"), Cell("present")]]), Section(_("记录"), [[Cell("content")], [Cell("result")]])])

    def record(self, card: Any) -> None:
        """What is said today; half-written it is kept as a draft."""
        page = self.form_doing(self.sitting_form(), f"sitting {card.record.id}", sittings.record_sitting, card.record.id)
        self.begin_sitting(page, _("登记记录：{0}").format(card.record.title), card, {"kind": self.usual_kind})

    def begin_sitting(self, page: FormPage, title: str, card: Any, given: dict[str, Any]) -> None:
        """Open the form of a sitting with what is known of it."""
        now = datetime.now(BEIJING)
        self._on_its_page(card)
        page.begin(title, {"day": self.desk.today, "start": f"{now.hour:02d}:{now.minute // 10 * 10:02d}", "mediators": self.who_sits(card)} | given)
        self.show_page(page, passing=True)
        page.form.focus("place")

    def who_sits(self, card: Any) -> str:
        """Who usually speaks with the parties of this case."""
        return str(getattr(card.record, "mediators", None) or (self.desk.where.officer if self.desk.where is not None else ""))

    def correct_sitting(self, sitting: Any) -> None:
        page = self.form_doing(self.sitting_form(), f"sitting {sitting.id}", sittings.correct_sitting, sitting.id, seen=True)
        page.begin(_("修改记录：{0}").format(sitting.day), sitting)
        self.show_page(page, passing=True)
        page.form.focus("content")

    # -- links and papers

    def link(self, card: Any) -> None:
        """Another case that belongs to this one."""
        told = {"other": Told("other", Link(self.entity), _("另一件"), True)}
        page = self.task(_("关联"), told, [[Cell("other")]], lambda v, then, fail: self.desk.do(type(self).link_verb, card.record.id, v["other"], then=then, fail=fail),
                         words=card.record.title)
        place_finder(page.form.editor("other"), self.desk, type(self).matching, f"other {id(page)}", _("编号、名称或当事人"))

    def choose_paper(self, card: Any, numbers: Sequence[tuple[str, UUID | None]]) -> None:
        """The papers there are of this case, the likely one first: Enter prints it."""
        self._on_its_page(card)
        choose_paper(self, card.record.title, [Choice(number, {"record": record}) for number, record in numbers])

    def find_alike(self, but: UUID | None, told: dict[str, Any], then: Callable[[Sequence[Any]], None]) -> None:
        """Earlier cases like the one being typed."""
        self.desk.ask(chains.similar, **told, but=but, petitions=self.entity == "petition", then=then, lane=f"alike {id(self)}")
