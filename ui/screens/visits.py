"""该走访: houses and sites whose next visit is due, the gravest first; and what was covered of each grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from gridapp.fields import codes
from gridapp.printing import press
from gridapp.records import House
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import inspections, plans, rounds, visits
from ui.desk import Desk
from ui.forms.form import Cell
from ui.forms.told import told_day
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.graded import grade, grade_column, hazard_lines, inspection_lines, last_column, standing_rows
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.pages import days_word

OF_HOUSE, OF_SITE = "F06", "F24"
#: coverage is asked of so many days unless others are told
WINDOW = 30


def columns(desk: Desk) -> list[Column]:
    kind = codes.table("site_class")
    return [Column(_("编号（名称）"), lambda r: r.label, 170, strong=True), Column(_("类别"), lambda r: kind.label(r.kind) or _("出租房屋"), 124, rank=1),
            Column(_("地址"), lambda r: desk.short(r.address)), grade_column(), last_column(),
            Column(_("该走访"), lambda r: _("还没查过") if r.last is None else days_word(r.left)[0], 124,
                   pill=lambda r: "grey" if r.last is None else days_word(r.left)[1])]


class PlacesToVisit(Listed):
    """A list of houses and sites to go through, place by place."""

    def __init__(self, desk: Desk, subject: Subject, ways: Sequence[Way], first: Sequence[Action] = ()) -> None:
        super().__init__(desk, subject, [
            *first,
            Action(_("检查"), "clipboard-list", "F3", self.inspect, primary=True, calls=inspections.inspect),
            Action(_("补录"), "file-text", "F6", self.inspect_from_paper, calls=inspections.inspect),
            Action(_("空表"), "printer", "F8", self.print_blank, calls=press.make),
            Action(_("看这一处"), "eye", "F4", self.show_place)], ways)

    def inspect(self, card: Any, on_paper: bool = False) -> None:
        way = "inspect_house" if is_house(card) else "inspect_site"
        self.go.emit("inspections", way, (card.record.id, on_paper))

    def inspect_from_paper(self, card: Any) -> None:
        self.inspect(card, True)

    def print_blank(self, card: Any) -> None:
        """The list of this place, to be filled in by hand."""
        self.show_paper(OF_HOUSE if is_house(card) else OF_SITE, _("检查表 {0}").format(card.record.label()), record=card.record.id)

    def show_place(self, card: Any) -> None:
        self.go.emit(*(("houses", "open", ("house", card.record.id)) if is_house(card) else ("sites", "open", ("site", card.record.id))))


class VisitsScreen(PlacesToVisit):
    """What is due, and how much of it was done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), visits.count_due, visits.due_visits, visits.visit_card, lambda card: facts(card, desk), _("{0} {1:,} 处"),
                                       visits.FILTERS, groups),
                         [Way("check", _("走访单（F9）"), lambda: self.go.emit("rounds", "", ()), "F9", calls=rounds.walks),
                          Way("footprints", _("走访计划（F7）"), lambda: self.go.emit("plans", "", ()), "F7", calls=plans.plan),
                          Way("landmark", _("覆盖率…（F2）"), self.ask_coverage, "F2", calls=visits.coverage)])

    # -- coverage

    def ask_coverage(self) -> None:
        """Of which days; then the answer by grid in the same form."""
        self._ask_coverage({"since": self.desk.today - timedelta(WINDOW), "until": self.desk.today}, "")

    def _ask_coverage(self, given: Mapping[str, Any], words: str) -> None:
        told = {"since": told_day("since", _("从")), "until": told_day("until", _("到"))}

        def run(values: Mapping[str, Any], then: Any, fail: Any) -> None:
            def answered(found: Sequence[Any]) -> None:
                then(None)
                self._ask_coverage(values, coverage_words(values, found))

            self.desk.ask(visits.coverage, values["since"], values["until"], self.list.which, then=answered, fail=fail)

        title = _("覆盖率：{0}").format(_(visits.FILTERS[self.list.which]))
        page = self.task(title, told, [[Cell("since"), Cell("until")]], run, given=given, words=words or _("按网格统计这些天里检查过的有多少处（Ctrl+S 统计）"))
        page.save_button.setText(_("统计（Ctrl+S）"))
        page.save_button.setShortcut("Ctrl+S")


def coverage_words(days: Mapping[str, Any], found: Sequence[Any]) -> str:
    """Each grid in a line: '第一网格  12 / 20 处（60%）'."""
    lines = [_("{0}　检查 {1} / {2} 处（{3}%）").format(one.name or _("没有分网格"), one.visited, one.places, one.visited * 100 // one.places) for one in found]
    return "\n".join([_("{0} 到 {1}").format(days["since"], days["until"]), *(lines or [_("没有房屋和场所。")])])


def is_house(card: Any) -> bool:
    """Whether it is a house and no site."""
    return isinstance(card.record, House)


def groups(card: Any) -> Groups:
    """The further cards of a place's page."""
    return [(_("未销号隐患"), hazard_lines(card.hazards)), (_("检查记录"), inspection_lines(card.inspections))]


def facts(card: Any, desk: Desk) -> Facts:
    """A place beside the list."""
    p = card.record
    who, phone = (p.owner_name, p.owner_phone) if is_house(card) else (p.keeper, p.phone)
    rows: list[Row] = [(_("地址"), desk.short(p.address)), (_("房主") if is_house(card) else _("负责人"), f"{who or ''}  {phone or ''}".strip()),
                       *standing_rows(card.standing, desk.today)]
    title = p.house_no if is_house(card) else p.name
    return Facts(title, "", [grade(card.standing.grade)], [r for r in rows if r[1]], _("未销号隐患"), hazard_lines(card.hazards[:4]),
                 icon="building-2" if is_house(card) else "store")


def build(desk: Desk, _settings: Settings) -> VisitsScreen:
    return VisitsScreen(desk)
