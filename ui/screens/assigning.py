"""Who is given what to check: chosen houses or sites join a campaign under way (加入专项), by a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gridapp.fields.kinds import Day
from gridapp.texts import _
from gridapp.work import campaigns, officers, progress
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Told
from ui.lists.facts import ForChosen
from ui.screens.pages import Pages

#: so many campaigns are offered
MOST = 50


def at_work(people: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """(id, name) of the officers who may be given something to check: who has a grid or leads, and has not left."""
    return tuple((str(row.id), row.name) for row in people if row.left_on is None and {"grid", "chief"} & row.roles)


def to_campaign(screen: Pages, kind: str) -> ForChosen:
    """What a list of houses ('houses') or sites ('sites') offers for its chosen rows."""
    return ForChosen(_("{0:,} 处加入专项…"), lambda rows: give(screen, kind, [row.id for row in rows]), calls=campaigns.add_targets)


def give(screen: Pages, kind: str, places: Sequence[UUID]) -> None:
    """Ask which campaign, who and by when."""
    desk = screen.desk

    def begin(running: Sequence[Any], people: Sequence[Any]) -> None:
        if not running:
            screen.say(_("现在没有进行中的专项，请先到“专项”里建立一个。"))
            return
        told = {"campaign": Told("campaign", Chosen(pairs=tuple((str(row.id), row.title) for row in running), several=False), _("加入哪个专项"), True),
                "who": Told("who", Chosen(pairs=at_work(people), several=False), _("由谁检查")),
                "due_on": Told("due_on", Day(), _("期限"))}
        screen.task(_("加入专项"), told, [[Cell("campaign", 3), Cell("who", 2), Cell("due_on", 2)]],
                    lambda v, then, fail: desk.do(campaigns.add_targets, UUID(v["campaign"]), **{kind: places}, officer=UUID(v["who"]) if v["who"] else None,
                                                  due_on=v["due_on"], then=then, fail=fail),
                    given={"campaign": str(running[0].id)}, words=_("选中 {0:,} 处；期限空着就是专项的最后一天").format(len(places)), then=said)

    def said(done: Any) -> None:
        screen.say(_("加入了 {0:,} 处").format(done.result) if done.result else _("选中的都已经在这个专项里"))

    def came(running: Sequence[Any]) -> None:
        desk.ask(officers.list_officers, then=lambda people: begin(running, people))

    desk.ask(progress.list_campaigns, progress.RUNNING, 0, MOST, then=came)
