"""The line above the screens: nothing lies over anything else, and what was saved can be read, however narrow the window and large the type."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QSize

from gridapp.ledger import Ledger


@pytest.mark.parametrize(("size", "factor", "named"), [(QSize(1366, 728), 1.0, True), (QSize(1366, 728), 1.5, True), (QSize(800, 560), 1.0, True),
                                                       (QSize(800, 560), 1.5, False)])
def test_nothing_in_the_header_lies_over_anything(open_office: Callable[..., Any], village: Ledger, size: QSize, factor: float, named: bool) -> None:
    office = open_office(village, size=size, factor=factor)
    header = office.window.header
    for saved in ("修改人员", "接收交接包并重新计算全部期限和统计"):
        office.desk.saved.emit(saved)
        office.settle()
        parts = [p for p in (header.title, header.search, header.keycap, header.undo, header.redo, header.pill, header.who) if p.isVisible()]
        assert all(left.geometry().right() < right.geometry().left() for left, right in pairwise(parts)), [p.geometry() for p in parts]
        assert parts[-1].geometry().right() <= header.width() and header.pill.width() >= header.pill.sizeHint().width()
        assert header.who.isVisible() is named and saved[:2] in header.pill.text()


def test_a_narrow_header_has_room_for_a_warning(open_office: Callable[..., Any], village: Ledger) -> None:
    office = open_office(village, size=QSize(800, 560), factor=1.5)
    header = office.window.header
    header.say("请先保存或取消这张表")
    office.settle()
    assert header.pill.width() >= header.pill.sizeHint().width() and header.search.geometry().right() < header.undo.geometry().left()
    office.window.resize(1366, 728)
    office.settle()
    assert header.pill.text() == "请先保存或取消这张表" and header.who.isVisible()
