"""换表检查: one inspection of a house or a site by another checklist than its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridapp.texts import _
from gridapp.work import checklists
from ui.forms.chosen import Chosen
from ui.forms.form import Cell, Told
from ui.screens.pages import Pages


def inspect_by(screen: Pages, record: Any, way: str) -> None:
    """By another list than that of its class: a round for epidemics or of an area has a short one of its own. `way` begins the inspection."""
    def begin(offered: Sequence[Any]) -> None:
        told = {"list": Told("list", Chosen(pairs=tuple((o.name, o.title) for o in offered), several=False), _("检查表"), required=True)}
        screen.task(_("换一张表检查：{0}").format(record.label()), told, [[Cell("list")]], lambda v, then, _fail: then(v["list"]),
                    given={"list": checklists.ZONE}, then=lambda name: screen.go.emit("inspections", way, (record.id, False, name)))

    screen.desk.ask(checklists.lists, then=begin)
