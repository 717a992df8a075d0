"""走访单: where nobody was seen for long or somebody's limit ends, in the order one walks; F10 ticks a place off and goes on to the next."""

from __future__ import annotations

from datetime import date
from typing import Any

from gridapp.fields import codes
from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import plans, rounds, visits
from ui.desk import Desk
from ui.lists.facts import Action
from ui.lists.model import Column
from ui.screens.listed import Subject, Way
from ui.screens.visits import PlacesToVisit, facts, groups


PAPER = "F34"


def columns(desk: Desk) -> list[Column]:
    kind = codes.table("site_class")
    return [Column(_("地址"), lambda r: desk.short(r.address), 230, strong=True), Column(_("编号（名称）"), lambda r: r.label, 150),
            Column(_("类别"), lambda r: kind.label(r.kind) or _("出租房屋"), 112, rank=2),
            Column(_("上次见到"), lambda r: seen_words(r.seen, desk.today), 150, pill=lambda r: "red" if r.seen is None or (desk.today - r.seen).days >= rounds.DAYS[rounds.LONGER] else "grey"),
            Column(_("为什么去"), lambda r: "，".join(r.reasons))]


def seen_words(seen: date | None, today: date) -> str:
    """'2026-08-01（115 天）'."""
    return _("从来没有") if seen is None else _("{0}（{1} 天）").format(seen, (today - seen).days) if seen < today else _("今天")


class RoundsScreen(PlacesToVisit):
    """A list to walk along."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(desk), None, rounds.walks, visits.visit_card, lambda card: facts(card, desk), _("{0} {1:,} 处"),
                                       rounds.FILTERS, groups, paper=PAPER),
                         [Way("printer", _("打印（Ctrl+P）"), self.print_round, "Ctrl+P", calls=press.make),
                          Way("footprints", _("走访计划（F7）"), lambda: self.go.emit("plans", "", ()), "F7", calls=plans.plan)],
                         [Action(_("走访过了"), "check", "F10", self.tick, primary=True, calls=rounds.tick_visit)])

    def print_round(self) -> None:
        """Several chosen places, or all that are shown, in the order one walks, with room to write."""
        table = self.list.table
        (table.with_chosen if self.list.many > 1 else table.with_all)(self._print_chosen)

    def tick(self, card: Any) -> None:
        """Somebody went there: it leaves the list, and the next one is chosen."""
        row = self.list.table.currentIndex().row()
        following = self.list.table.rows.row_at(row + 1) if row + 1 < self.list.table.rows.rowCount() else None

        def ticked(_done: Any) -> None:
            if self.currentWidget() is not self.list:
                self.back()
            elif following is not None:
                self.list.expect(following.id)

        self.desk.do(rounds.tick_visit, card.record.id, then=ticked)


def build(desk: Desk, _settings: Settings) -> RoundsScreen:
    return RoundsScreen(desk)
