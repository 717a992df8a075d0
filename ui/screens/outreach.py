"""宣传: rounds of outreach, one of them beside the list, and the form that logs one."""

from __future__ import annotations

from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.printing import press
from gridapp.records import Outreach
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import outreach
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section
from ui.forms.form import fields_of as told_of
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way

PAPER = "F17"


def columns() -> list[Column]:
    topic = codes.table("campaign_theme")
    return [Column(_("日期"), lambda r: str(r.day), 112, strong=True), Column(_("主题"), lambda r: topic.label(r.topic or ""), 130), Column(_("地点"), lambda r: r.place),
            Column(_("宣传人员"), lambda r: r.people, 160, rank=1), Column(_("受众"), lambda r: str(r.audience or ""), 72), Column(_("发放份数"), lambda r: str(r.leaflets or ""), 92, rank=2)]


class OutreachScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), outreach.count_outreach, outreach.list_outreach, outreach.outreach_card, facts,
                                       _("{0} {1:,} 次宣传"), outreach.FILTERS, groups), [
            Action(_("打印记录"), "printer", "F8", self.print_record, primary=True, calls=press.make),
            self.photo_action(), Action(_("修改"), "pencil", "F2", self.correct, calls=outreach.correct_outreach)],
            [Way("plus", _("登记宣传（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=outreach.log_outreach)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show one round on a page of its own."""
        self.open_card(record_id)

    def _form(self) -> Form:
        return Form(told_of(Outreach, "day", "start", "place", "topic", "forms", "people", "partners", "audience", "leaflets", "content"), [
            Section(_("什么时候、在哪里"), [[Cell("day"), Cell("start"), Cell("place", 3)], [Cell("topic", 2), Cell("audience"), Cell("leaflets")]]),
            Section(_("谁、怎么做的"), [[Cell("people")], [Cell("forms")], [Cell("partners")], [Cell("content")]])])

    def register(self) -> None:
        """A new round."""
        self.begin_new(self._form(), "outreach", outreach.log_outreach, _("登记宣传活动"), {"day": self.desk.today}, "place")

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), outreach.correct_outreach, card, _("修改宣传活动"))

    def print_record(self, card: Any) -> None:
        self.show_paper(PAPER, _("宣传活动记录"), record=card.record.id)


def groups(card: Any) -> Groups:
    """The further cards of its page."""
    return [(_("宣传活动"), all_fields(card.record))]


def facts(card: Any) -> Facts:
    """A round beside the list."""
    o, known = card.record, fields_of(Outreach)
    rows: list[Row] = [(_("地点"), o.place or ""), (_("宣传人员"), o.people or ""), (_("参与方"), known["partners"].kind.show(o.partners)), (_("形式"), known["forms"].kind.show(o.forms)),
                       (_("受众人数"), str(o.audience if o.audience is not None else "")), (_("发放份数"), str(o.leaflets if o.leaflets is not None else "")),
                       (_("专项"), card.campaign), (_("内容"), o.content or ""), (_("记录人"), o.recorder or "")]
    return Facts(known["topic"].kind.show(o.topic), str(o.day), [], [r for r in rows if r[1]], icon="users")


def build(desk: Desk, _settings: Settings) -> OutreachScreen:
    return OutreachScreen(desk)
