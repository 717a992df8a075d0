"""走访计划: houses and sites in the order of their risk with the reasons; some of them become a route, or go on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.kinds import Whole
from gridapp.printing import press
from gridapp.records import Route
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import officers, patrols, plans, routes, visits
from ui.desk import Desk
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Told
from ui.forms.form import fields_of as told_of
from ui.lists.model import Column
from ui.screens.graded import grade_column, last_column
from ui.screens.listed import Subject, Way
from ui.screens.visits import PlacesToVisit, facts, groups

PAPER = "F34"


def columns(desk: Desk) -> list[Column]:
    kind = codes.table("site_class")
    return [Column(_("编号（名称）"), lambda r: r.label, 150, strong=True), Column(_("类别"), lambda r: kind.label(r.kind) or _("出租房屋"), 112, rank=2),
            Column(_("地址"), lambda r: desk.short(r.address), 140), grade_column(), last_column(), Column(_("分"), lambda r: str(r.score), 56, rank=1),
            Column(_("为什么去"), lambda r: "，".join(r.reasons))]


class PlansScreen(PlacesToVisit):
    """The plan of a day or a shift."""

    def __init__(self, desk: Desk) -> None:
        #: what the list is limited to, by the names `plan` knows them by
        self.only: dict[str, Any] = {}
        super().__init__(desk, Subject(columns(desk), plans.count_plan, plans.plan, visits.visit_card, lambda card: facts(card, desk), _("{0} {1:,} 处"), plans.FILTERS,
                                       groups),
                         [Way("footprints", _("编入路线（F7）"), self.take, "F7", primary=True, calls=plans.plan_round),
                          Way("printer", _("打印计划（Ctrl+P）"), self.print_plan, "Ctrl+P", calls=press.make),
                          Way("search", _("只看…（Ctrl+F）"), self.narrow, "Ctrl+F")])

    # -- one grid, one route

    def narrow(self) -> None:
        """Only what lies in one grid or along one route."""
        hint = _("都空着就看全部；按路线是看地址里有途经点的")

        def begin(grids: Sequence[tuple[UUID, str]], ways: Sequence[Any]) -> None:
            offered = {"grid": (_("网格"), tuple((str(gid), name) for gid, name in grids)), "route": (_("巡查路线"), tuple((str(way.id), way.name) for way in ways))}
            told = {name: Told(name, Chosen(pairs=pairs, several=False), words, hint=hint) for name, (words, pairs) in offered.items() if pairs}
            self.task(_("只看哪些地方"), told, [[Cell(name)] for name in told], self._narrowed, given={name: str(one) for name, one in self.only.items()})

        def came(grids: Sequence[tuple[UUID, str]]) -> None:
            self.desk.ask(routes.list_routes, then=lambda ways: begin(grids, ways))

        self.desk.ask(officers.grids, then=came)

    def _narrowed(self, values: dict[str, Any], then: Any, _fail: Any) -> None:
        self.only = {name: UUID(values[name]) for name in ("grid", "route") if values.get(name)}
        self.subject = replace(self.subject, count=partial(plans.count_plan, **self.only), rows=partial(plans.plan, **self.only))
        then(None)
        self.refresh()

    def nothing(self, title: str) -> str:
        return super().nothing(title) + (_("现在只看一部分地方，按 Ctrl+F 改回全部。") if self.only else "")

    # -- a route, a paper

    def take(self) -> None:
        """What is chosen becomes a route; of one row or none, as many from the top as a shift goes to."""
        rows = [row for row in self.list.chosen if row is not None]
        if len(rows) > 1:
            self._take(rows)
        else:
            self.desk.ask(self.subject.rows, self.list.which, 0, plans.in_one_shift(), then=self._take)

    def _take(self, rows: Sequence[Any]) -> None:
        if not rows:
            self.desk.tell(plans.NobodyToVisit())
            return
        told = told_of(Route, "name", "shift", "team") | {"many": Told("many", Whole(1, len(rows)), _("去前几处"), True)}
        given = {"name": _("走访 {0}").format(self.desk.today), "many": len(rows)}
        places = [row.id for row in rows]
        page = self.task(_("编入路线"), told, [[Cell("name", 3), Cell("many"), Cell("shift")], [Cell("team")]],
                         lambda v, then, fail: self.desk.do(plans.plan_round, places[:v.pop("many")], then=then, fail=fail, **v), given=given,
                         words="、".join(row.label for row in rows), then=lambda done: self.go.emit("routes", "open", ("route", done.result)))
        self.desk.ask(patrols.usual_people, then=page.form.editor("team").set_text)

    def print_plan(self) -> None:
        self.show_paper(PAPER, _("走访计划"), record=next(iter(self.only.values()), None))


def build(desk: Desk, _settings: Settings) -> PlansScreen:
    return PlansScreen(desk)
