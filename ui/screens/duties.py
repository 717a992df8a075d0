"""交通劝导: hours at traffic posts with what was counted, who was stopped, and the sheet to post."""

from __future__ import annotations

from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.printing import press
from gridapp.records import Duty, Offender
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import duties
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section
from ui.forms.form import fields_of as told_of
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way

POSTED = "F32"
COUNTS = ("persuaded", "passed", "helmets", "overloaded", "wrong_way", "unlicensed", "leaflets")


def rate(told: int | None) -> Row:
    """Words and colour of the share of helmets."""
    return ("", "") if told is None else (f"{told}%", "green" if told >= 90 else "yellow" if told >= 70 else "red")


def columns() -> list[Column]:
    return [Column(_("日期"), lambda r: str(r.day), 112, strong=True), Column(_("时间"), lambda r: r.time, 120, rank=2), Column(_("地点"), lambda r: r.place),
            Column(_("值勤人员"), lambda r: r.people, 150, rank=1), Column(_("劝导人次"), lambda r: str(r.persuaded or ""), 92),
            Column(_("头盔率"), lambda r: rate(r.rate)[0], 84, pill=lambda r: rate(r.rate)[1]), Column(_("登记对象"), lambda r: str(r.offenders or ""), 92)]


class DutiesScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), duties.count_duties, duties.list_duties, duties.duty_card, facts, _("{0} {1:,} 次劝导"), duties.FILTERS, groups,
                                       lambda card: [o.id for o in card.offenders]), [
            Action(_("登记劝导对象"), "user-plus", "F3", self.add_offender, primary=True, calls=duties.add_offender), Action(_("修改"), "pencil", "F2", self.correct, calls=duties.correct_duty)],
            [Way("plus", _("登记劝导（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=duties.log_duty),
             Way("printer", _("打印晒一晒（F8）"), lambda: self.show_period(POSTED, _("交通劝导晒一晒"), _("哪一段时间里劝导的人"),
                                                                             self.desk.today.replace(day=1)), "F8", calls=press.make)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show one duty on a page of its own."""
        self.open_card(record_id)

    def _form(self) -> Form:
        return Form(told_of(Duty, "day", "start", "end", "site", "place", "people", *COUNTS, "remark"), [
            Section(_("什么时候、在哪里"), [[Cell("day"), Cell("start"), Cell("end"), Cell("site", 2)], [Cell("place", 3), Cell("people", 2)]]),
            Section(_("数了什么"), [[Cell(name) for name in COUNTS[:4]], [Cell(name) for name in COUNTS[4:]], [Cell("remark")]])])

    def register(self) -> None:
        """Hours at a post."""
        self.begin_new(self._form(), "duty", duties.log_duty, _("登记交通劝导"), {"day": self.desk.today}, "start")

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), duties.correct_duty, card, _("修改交通劝导"))

    def add_offender(self, card: Any) -> None:
        self.task(_("登记劝导对象"), told_of(Offender, "name", "what", "employer", "times", "remark"), [[Cell("name", 2), Cell("what", 3), Cell("times")], [Cell("employer"), Cell("remark")]],
                  lambda v, then, fail: self.desk.do(duties.add_offender, card.record.id, then=then, fail=fail, **{n: x for n, x in v.items() if x is not None}),
                  words=card.record.label())


def groups(card: Any) -> Groups:
    """The further cards of its page."""
    return [(_("交通劝导"), all_fields(card.record)), (_("劝导对象"), offenders(card.offenders))]


def offenders(told: Any) -> list[Row]:
    """Who was stopped, as rows."""
    what = codes.table("traffic_offence")
    return [(o.name or _("未留姓名"), "  ".join(part for part in (what.label(o.what), o.employer, _("第 {0} 次").format(o.times) if o.times else "") if part)) for o in told]


def facts(card: Any) -> Facts:
    """Hours at a post beside the list."""
    d, known = card.record, fields_of(Duty)
    words, colour = rate(duties.helmet_rate(d))
    rows: list[Row] = [(_("地点"), d.place or ""), (_("值勤人员"), d.people or ""), *((known[name].label, str(getattr(d, name) if getattr(d, name) is not None else "")) for name in COUNTS),
                       (_("备注"), d.remark or "")]
    return Facts(str(d.day), duties.hours(d), [(_("头盔率 {0}").format(words), colour)] if words else [], [r for r in rows if r[1]], _("劝导对象"), offenders(card.offenders[:5]), icon="users")


def build(desk: Desk, _settings: Settings) -> DutiesScreen:
    return DutiesScreen(desk)
