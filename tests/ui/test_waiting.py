"""What waits stands on 今日, one press away from where it is done."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QPushButton

from gridapp.work import waiting
from tests.ui.test_screens import clipped, too_wide


def test_each_line_leads_to_its_list_with_its_filter(busy: Any) -> None:
    ledger = busy.desk.ledger
    ledger._wall.ms += 40 * 86_400_000
    screen = busy.show("today")
    screen.refresh()
    busy.settle()
    told = ledger.ask(waiting.waiting)
    assert {one.title for one in told} >= {"隐患逾期", "该走访"} and not clipped(screen) and not too_wide(screen)
    for one in told:
        busy.show("today")
        next(b for b in screen.findChildren(QPushButton) if b.text().startswith(one.title)).click()
        busy.settle()
        there = busy.window.screens[one.screen]
        assert there.isVisible() and there.list.which == one.which and there.list.table.rows.rowCount() == one.count and not busy.told
