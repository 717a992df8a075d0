"""Long lists: only what is seen is fetched, and what was dragged past is not waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gridapp.ledger import LOOK, Ledger, needs
from tests import ledgers
from ui.lists import model
from ui.lists.model import PAGE, Column, PagedModel

ROWS = 100 * PAGE


@pytest.fixture
def asked() -> list[tuple[int, Callable[[Sequence[Any]], None]]]:
    return []


@pytest.fixture
def rows(qapp: Any, asked: list[tuple[int, Callable[[Sequence[Any]], None]]]) -> PagedModel:
    made = PagedModel([Column("n", lambda r: str(r.id))])
    made.load(ROWS, lambda offset, _limit, then: asked.append((offset // PAGE, then)))
    return made


def page_of(number: int) -> list[Any]:
    return [SimpleNamespace(id=number * PAGE + place) for place in range(PAGE)]


def test_a_page_on_its_way_is_asked_for_once(rows: PagedModel, asked: Any) -> None:
    for row in (0, 1, PAGE - 1, PAGE, PAGE + 1):
        assert rows.row_at(row) is None
    assert [page for page, _then in asked] == [0, 1]
    for page, then in list(asked):
        then(page_of(page))
    assert rows.row_at(PAGE + 1).id == PAGE + 1 and len(asked) == 2  # type: ignore[union-attr]


def test_a_page_that_was_dropped_is_asked_for_again(rows: PagedModel, asked: Any) -> None:
    for page in (4, 6, 8, 4):
        rows.row_at(page * PAGE)
    assert [page for page, _then in asked] == [4, 6, 8, 4]


def test_dragging_through_a_long_list_asks_for_what_is_seen_in_the_end(open_office: Callable[..., Any], village: Ledger,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PAGE", 1)
    office = open_office(village)
    screen = office.show("people")
    came: list[int] = []

    @needs(LOOK)
    def slow(read: Any, _which: str, offset: int, _limit: int) -> list[Any]:
        came.append(offset)
        return [SimpleNamespace(id=offset)]

    monkeypatch.setattr(screen, "subject", replace(screen.subject, rows=slow))
    rows = PagedModel([Column("n", lambda r: str(r.id))])
    rows.load(1000, lambda offset, limit, then: screen._rows("living", offset, limit, then))
    go_on = Event()
    office.desk.worker.submit(go_on.wait)
    for number in range(0, 1000, 2):
        rows.row_at(number)
    go_on.set()
    office.settle()
    assert came == [998], "five hundred pages were dragged past"


def test_a_very_long_name_is_whole_somewhere_on_every_page(open_office: Callable[..., Any], ledger: Ledger) -> None:
    name, address = "阿卜杜热合曼·" * 7 + "𬱟", "永康市古山镇青后叶村" + "很长的路" * 9 + "1号"
    house = ledgers.a_house(ledger, address=address)
    person = ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0], name)
    office = open_office(ledger)
    for key, record, words in (("people", person, name), ("houses", house, address)):
        screen = office.show(key)
        for shown in (screen.list, screen.page):
            assert shown.isVisible() and any(words in label.text() for label in shown.findChildren(QLabel) if label.isVisible())
            screen.open_card(record)
            office.settle()
    door = next(d for d in screen.rooms.doors if d.room.lodgers)
    assert "…" in door.text() and name in door.toolTip()


def test_filters_keep_their_keys_when_their_counts_come(busy: Any) -> None:
    screen = busy.show("people")
    for number, key in enumerate(screen.list.filters, 1):
        busy.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.AltModifier)
        assert screen.list.which == key and screen.list.chips[key].text() != screen.list.filters[key]
