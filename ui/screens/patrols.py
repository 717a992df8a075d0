"""巡查: the list of patrols, one of them beside it, and the form that logs one with its findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import BEIJING, Yes
from gridapp.printing import press
from gridapp.records import Finding, Patrol
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import duties, patrols, plans, routes
from ui.desk import Desk
from ui.forms import pickers
from ui.forms.form import Cell, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.patrol import PatrolForm
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way

DIARY, BOOK = "F07", "F08"
DAY_FROM, NIGHT_FROM = 6, 18
DAY, NIGHT = "01", "02"


def columns() -> list[Column]:
    weather, kind = codes.table("weather"), codes.table("patrol_category")
    return [Column(_("日期"), lambda r: str(r.day), 120, strong=True, key="day"), Column(_("时间"), lambda r: r.time, 120, key="time"),
            Column(_("类别"), lambda r: kind.label(r.category or ""), 80, pill=lambda r: "blue" if r.category == NIGHT else "grey", key="kind"),
            Column(_("天气"), lambda r: weather.label(r.weather or ""), 72, rank=2, key="weather"),
            Column(_("巡查人员"), lambda r: r.people, 150, rank=1, key="people"), Column(_("路线/区域"), lambda r: r.route, key="route"),
            Column(_("问题"), lambda r: _("{0} 个").format(r.findings) if r.findings else _("无"), 76,
                   pill=lambda r: "yellow" if r.findings else "green", key="findings")]


class PatrolsScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), patrols.count_patrols, patrols.list_patrols, patrols.patrol_card, facts,
                                       _("{0} {1:,} 次巡查"), patrols.FILTERS, groups, lambda card: [f.id for f in card.findings], arrange=patrols.arrange_patrols,
                                       paper=BOOK), [
            Action(_("打印日志"), "printer", "F8", self.print_diary, primary=True, calls=press.make), Action(_("修改"), "pencil", "F2", self.correct, calls=patrols.correct_patrol),
            Action(_("补记问题"), "plus", "F3", self.add_finding, calls=patrols.add_finding),
            Action(_("看隐患"), "triangle-alert", "F7", self.show_hazard, lambda card: any(f.hazard for f in card.findings))],
            [Way("plus", _("登记巡查（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=patrols.log_patrol),
             Way("printer", _("记录簿（Ctrl+P）"), self.print_book, "Ctrl+P", calls=press.make),
             Way("hourglass", _("走访计划（F9）"), lambda: self.go.emit("plans", "", ()), "F9", calls=plans.plan),
             Way("footprints", _("路线（F4）"), lambda: self.go.emit("routes", "", ()), "F4", calls=routes.list_routes),
             Way("users", _("交通劝导（F6）"), lambda: self.go.emit("duties", "", ()), "F6", calls=duties.list_duties)])
        self._new: FormPage | None = None

    def open(self, entity: str, record_id: Any) -> None:
        """Show a patrol, or the one a finding belongs to, on a page of its own."""
        if entity == "finding":
            self.desk.ask(patrols.patrol_of, record_id, then=self.open_card)
        else:
            self.open_card(record_id)

    # -- logging

    def register(self, given: dict[str, Any] | None = None) -> None:
        """Log a patrol; the form knows today, the hour, and who sits here; `given` is what a route tells."""
        if self._new is None:
            self._new = self.form_page(_WithPickers(self.desk), "patrol", self._log)
        now = datetime.now(BEIJING)
        at_night = not DAY_FROM <= now.hour < NIGHT_FROM
        self._new.begin(_("登记巡查"), {"day": self.desk.today, "category": NIGHT if at_night else DAY, "shift": NIGHT if at_night else DAY} | (given or {}))
        self.show_page(self._new)
        self.desk.ask(patrols.usual_people, then=self._offer_people)
        self._new.form.focus("start")

    def _offer_people(self, names: str) -> None:
        assert self._new is not None
        editor = self._new.form.editor("people")
        if not editor.text():
            editor.set_text(names)

    def _log(self, values: dict[str, Any], _next: bool) -> None:
        page = self._new
        assert page is not None
        saved = self.saved(page, lambda done: self.open_card(done.result))
        self.desk.do(patrols.log_patrol, values.pop("findings"), then=saved, fail=page.failed, **values)

    def correct(self, card: Any) -> None:
        self.begin_correcting(PatrolForm(findings=False), patrols.correct_patrol, card, _("修改巡查：{0}").format(card.record.label()))

    def add_finding(self, card: Any) -> None:
        told = told_of(Finding, "place", "house", "problem", "category", "handling")
        told |= {"hazard": Told("hazard", Yes(), _("转为隐患"))}
        self.task(_("补记发现问题：{0}").format(card.record.label()), told,
                  [[Cell("place", 3), Cell("house", 3)], [Cell("problem")], [Cell("category"), Cell("handling"), Cell("hazard")]],
                  lambda v, then, fail: self.desk.do(patrols.add_finding, card.record.id, then=then, fail=fail,
                                                     **{n: x for n, x in v.items() if x is not None}))

    def show_hazard(self, card: Any) -> None:
        hazard = next(f.hazard for f in card.findings if f.hazard)
        self.go.emit("hazards", "open", ("hazard", hazard))

    def print_diary(self, card: Any) -> None:
        self.show_paper(DIARY, _("巡查日志 {0}").format(card.record.day), record=card.record.id)

    def print_book(self) -> None:
        """All patrols of a period; this month is proposed."""
        self.show_period(BOOK, _("巡查（巡夜）记录簿"), _("哪一段时间里的巡查"), self.desk.today.replace(day=1))


class _WithPickers(PatrolForm):
    """A patrol form whose lines find houses."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        super().__init__()

    def prepare(self, number: int) -> None:
        pickers.connect(self, self._desk)


def groups(card: Any) -> Groups:
    """The further cards of a patrol's page."""
    return [(_("巡查"), all_fields(card.record)), (_("发现问题"), [(f.place or "", _finding_words(f)) for f in card.findings])]


def _finding_words(finding: Any) -> str:
    known = fields_of(Finding)
    words = [finding.problem, known["category"].kind.show(finding.category), known["handling"].kind.show(finding.handling),
             _("已转隐患") if finding.hazard else ""]
    return "   ".join(w for w in words if w)


def facts(card: Any) -> Facts:
    """A patrol beside the list."""
    p, known = card.record, fields_of(Patrol)
    rows: list[Row] = [(_("人员"), p.people or ""), (_("路线"), p.route or ""), (_("内容"), known["contents"].kind.show(p.contents)),
                       (_("检查户数"), str(p.checked if p.checked is not None else "")),
                       (_("劝导人次"), str(p.persuaded if p.persuaded is not None else "")), (_("记录人"), card.recorder),
                       (_("备注"), p.remark or "")]
    time = "–".join(t for t in (p.start, p.end) if t)
    under = "  ".join(w for w in (time, known["weather"].kind.show(p.weather)) if w)
    pills: list[Row] = [(known["category"].kind.show(p.category), "blue")] if p.category else []
    pills.append((_("{0} 个问题").format(len(card.findings)), "yellow") if card.findings else (_("没有发现问题"), "green"))
    return Facts(str(p.day), under, pills, [r for r in rows if r[1]], _("发现问题"), [(f.place or "", f.problem) for f in card.findings[:5]], icon="footprints")


def build(desk: Desk, _settings: Settings) -> PatrolsScreen:
    return PatrolsScreen(desk)
