"""The card of 今日 with what the town asked for: the most pressing first, each with its day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame

from gridapp.exchange import rollcall
from gridapp.ledger import LOOK, needs
from gridapp.texts import _
from gridapp.work import tasks
from ui import theme
from ui.desk import Desk
from ui.flow import Flow
from ui.screens.pages import days_word
from ui.widgets import button, card, label, line, pill, row_of

SHOWN, LONGEST, LONGEST_WHEN_NARROW = 5, 22, 9


@needs(LOOK)
def asked(read: Any) -> tuple[dict[str, int], Sequence[Any]]:
    """How many wait, and those that are shown."""
    return tasks.count_tasks(read), tasks.list_tasks(read, tasks.OPEN, 0, SHOWN)


def built(told: tuple[dict[str, int], Sequence[Any]], desk: Desk, wide: bool, go: Callable[[str, str, tuple[Any, ...]], object]) -> QFrame:
    """The card; `go` shows another screen."""
    town = desk.scope.startswith("t:")
    counts, rows = told
    made, inside = card()
    pills = [pill(_("{0:,} 项").format(counts[tasks.OPEN]), "blue")]
    if counts[tasks.OVERDUE]:
        pills.append(pill(_("{0:,} 项逾期").format(counts[tasks.OVERDUE]), "red"))
    inside.addLayout(Flow(label(_("各村的任务") if town else _("镇里的任务"), "subtitle"), *pills,
                          button(_("全部任务"), lambda: go("tasks", "choose", (tasks.OPEN,)), icon="clipboard-list", role="tight")))
    for row in rows:
        inside.addWidget(line())
        inside.addLayout(_row(row, rollcall.place(row.village) if town else "", desk.today, LONGEST if wide else LONGEST_WHEN_NARROW, go))
    return made


def _row(task: Any, village: str, today: Any, longest: int, go: Callable[[str, str, tuple[Any, ...]], object]) -> Any:
    name = task.title if len(task.title) <= longest else task.title[:longest] + "…"
    row = row_of(button(name, lambda: go("tasks", "open", ("task", task.id)), role="link", name=task.title), stretch=False)
    place = label(village, "muted")
    place.setMinimumWidth(theme.look.px(60))
    row.addWidget(place, 1)
    if task.due_on is not None:
        row.addWidget(pill(*days_word((task.due_on - today).days)))
    return row
