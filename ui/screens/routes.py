"""路线: the ways patrols go, when each was last walked and when it is due."""

from __future__ import annotations

from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.records import Route
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import patrols, routes
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section
from ui.forms.form import fields_of as told_of
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.pages import days_word

SAID = ("name", "shift", "every_days", "team", "points", "remark")


def due(row: Any, today: Any) -> Row:
    """Words and colour of the day it is due."""
    return ("", "") if row.due_on is None else days_word((row.due_on - today).days)


def columns(desk: Desk) -> list[Column]:
    shift = codes.table("patrol_shift")
    return [Column(_("路线名称"), lambda r: r.name, strong=True), Column(_("班次"), lambda r: shift.label(r.shift or ""), 84), Column(_("队员"), lambda r: r.team, 180, rank=1),
            Column(_("点位"), lambda r: str(r.points), 72, rank=2), Column(_("上次"), lambda r: str(r.last or _("没走过")), 118),
            Column(_("该走日期"), lambda r: due(r, desk.today)[0], 118, pill=lambda r: due(r, desk.today)[1])]


class RoutesScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        def used(card: Any) -> bool:
            return card.record.closed_on is None

        super().__init__(desk, Subject(columns(desk), routes.count_routes, routes.list_routes, routes.route_card, lambda card: facts(card, desk.today),
                                       _("{0} {1:,} 条路线"), routes.FILTERS, groups), [
            Action(_("登记走这条路线"), "footprints", "F3", self.walk, used, primary=True, calls=patrols.log_patrol),
            Action(_("修改"), "pencil", "F2", self.correct, used, calls=routes.correct_route), Action(_("停用"), "ban", "F9", self.close_route, used, calls=routes.close_route)],
            [Way("plus", _("登记路线（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=routes.lay_route)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show one route on a page of its own."""
        self.open_card(record_id)

    def walk(self, card: Any) -> None:
        """A patrol along it: the form of a patrol knows route, shift and members."""
        r = card.record
        self.go.emit("patrols", "register", ({"route_walked": (r.id, r.name), "shift": r.shift, "people": r.team, "route": "—".join(routes.points_of(r))[:200]},))

    def close_route(self, card: Any) -> None:
        self.desk.do(routes.close_route, card.record.id)

    def _form(self) -> Form:
        return Form(told_of(Route, *SAID), [Section(_("怎么走"), [[Cell("name", 3), Cell("shift"), Cell("every_days")], [Cell("team")], [Cell("points")], [Cell("remark")]])])

    def register(self) -> None:
        """A new route."""
        self.begin_new(self._form(), "route", routes.lay_route, _("登记巡查路线"), {})

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), routes.correct_route, card, _("修改巡查路线"))

def groups(card: Any) -> Groups:
    """The further cards of its page."""
    return [(_("路线"), all_fields(card.record)), (_("走过的"), [(str(day), people) for day, people in card.walked])]


def facts(card: Any, today: Any) -> Facts:
    """A route beside the list."""
    r, known = card.record, fields_of(Route)
    words, colour = due(card.row, today)
    pills: list[Row] = [(known["shift"].kind.show(r.shift), "blue")] if r.shift else []
    if words:
        pills.append((words, colour))
    rows: list[Row] = [(_("队员"), r.team or ""), (_("途经点"), "—".join(routes.points_of(r))), (_("几天一次"), str(r.every_days or "")), (_("备注"), r.remark or "")]
    return Facts(r.name, "", pills, [row for row in rows if row[1]], _("走过的"), [(str(day), people) for day, people in card.walked[:5]], icon="footprints")


def build(desk: Desk, _settings: Settings) -> RoutesScreen:
    return RoutesScreen(desk)
