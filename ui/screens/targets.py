"""任务对象: the houses and sites one campaign asks to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import campaigns, officers, progress
from ui.desk import Desk
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Told
from ui.forms.told import told_text
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.assigning import at_work
from ui.screens.listed import Listed, Subject, Way

#: before one is chosen
NOBODY = UUID(int=0)
STANDINGS = {progress.DONE: "green", progress.EXCUSED: "grey", progress.LATE: "red", progress.OPEN: "blue"}


def standing(row: Any) -> Row:
    """Words and colour of where a target stands."""
    return _(progress.FILTERS[row.standing]), STANDINGS[row.standing]


def columns(desk: Desk) -> list[Column]:
    return [Column(_("编号（名称）"), lambda r: r.name, 150, strong=True), Column(_("地址"), lambda r: desk.short(r.place)), Column(_("网格"), lambda r: r.grid, 120, rank=2),
            Column(_("负责人"), lambda r: r.officer, 96, rank=1), Column(_("期限"), lambda r: str(r.due_on or ""), 112, rank=2),
            Column(_("进度"), lambda r: standing(r)[0], 92, pill=lambda r: standing(r)[1])]


class TargetsScreen(Listed):
    """The targets of one campaign at a time."""

    def __init__(self, desk: Desk) -> None:

        def waits(card: Any) -> bool:
            return card.row.standing in (progress.OPEN, progress.LATE) and card.campaign.ended_on is None

        super().__init__(desk, Subject(
            columns(desk), partial(progress.count_targets, campaign=NOBODY),
            partial(progress.targets, campaign=NOBODY), progress.target_card,
            lambda card: facts(card), _("{0} {1:,} 处"), progress.FILTERS), [
            Action(_("去检查"), "clipboard-list", "F3", self.go_there, primary=True, calls=progress.target_card),
            Action(_("免查"), "ban", "F9", self.excuse, waits, calls=campaigns.excuse),
            Action(_("改派"), "users", "F2", self.hand_on, waits, calls=campaigns.hand_to)],
            [Way("arrow-left", _("回到专项（F4）"), lambda: self.go.emit("campaigns", "", ()), "F4")])

    def show_campaign(self, campaign: UUID, which: str = progress.OPEN, village: str = "") -> None:
        """The targets of this campaign; with a village those of its theme there."""
        self.subject = replace(self.subject, count=partial(progress.count_targets, campaign=campaign, village=village),
                               rows=partial(progress.targets, campaign=campaign, village=village))
        self.choose(which)
        self.refresh()

    def nothing(self, title: str) -> str:
        return super().nothing(title) + _("换一个专项，请按 F4 回到“专项”，选中后按 F3。")

    def go_there(self, card: Any) -> None:
        """The place itself, where an inspection begins."""
        target = card.record
        self.go.emit(*(("houses", "open", ("house", target.house)) if target.house else ("sites", "open", ("site", target.site))))

    def excuse(self, card: Any) -> None:
        self.task(_("免查"), {"why": told_text("why", _("理由"), 200, required=True)}, [[Cell("why")]],
                  lambda v, then, fail: self.desk.do(campaigns.excuse, card.record.id, v["why"], then=then, fail=fail), words=card.row.place)

    def hand_on(self, card: Any) -> None:
        def begin(people: Sequence[Any]) -> None:
            self.task(_("改派"), {"who": Told("who", Chosen(pairs=at_work(people), several=False), _("分给谁"), True)}, [[Cell("who")]],
                      lambda v, then, fail: self.desk.do(campaigns.hand_to, card.record.id, UUID(v["who"]), then=then, fail=fail), words=card.row.place)

        self.desk.ask(officers.list_officers, then=begin)


def facts(card: Any) -> Facts:
    """A target beside its list."""
    row = card.row
    rows: list[Row] = [(_("专项"), card.campaign.title), (_("地址"), row.place), (_("网格"), row.grid), (_("负责人"), row.officer), (_("期限"), str(row.due_on or "")),
                       (_("任务内容"), card.campaign.content or ""), (_("免查理由"), row.excused)]
    return Facts(row.name, "", [standing(row)], [r for r in rows if r[1]], icon="clipboard-list")


def build(desk: Desk, _settings: Settings) -> TargetsScreen:
    return TargetsScreen(desk)
