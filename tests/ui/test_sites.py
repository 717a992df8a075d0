"""场所: registered, listed, narrowed, closed; from a site to its inspection and its hazards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gridapp.fields import codes
from gridapp.work import inspected, inspections, sites
from tests.ledgers import TODAY

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("sites")


def a_site(busy: Any, name: str = "老王五金店", kind: str = "01", **values: Any) -> UUID:
    told = {"address": "永康市古山镇青后叶村祠堂路8号", "keeper": "王五", "phone": "13857912345"} | values
    made: UUID = busy.desk.ledger.do(sites.register_site, name=name, kind=kind, **told).result
    return made


def rows(screen: Any) -> list[str]:
    model = screen.list.table.rows
    return [model.row_at(n).name for n in range(model.rowCount())]


def cells(screen: Any, row: int = 0) -> list[str]:
    model = screen.list.table.model()
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_a_site_is_registered_with_the_keyboard_and_shown(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, name="老王五金店", kind="沿街店铺", address="永康市古山镇青后叶村祠堂路8号", keeper="王五", phone="13857912345")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert not busy.told and screen.currentWidget() is screen.page
    told = words(screen.page)
    assert "老王五金店" in told and "沿街店铺" in told and "未查" in told and "138****2345" in told
    busy.press(Qt.Key.Key_Escape)
    assert rows(screen) == ["老王五金店"]
    assert cells(screen) == ["老王五金店", "沿街店铺", "祠堂路8号", "未查", "没有", "今天到期", ""]


def test_the_same_place_twice_is_refused_and_nothing_typed_is_lost(busy: Any, screen: Any) -> None:
    a_site(busy)
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, name="老王五金店", kind="沿街店铺", address="永康市古山镇青后叶村祠堂路8号")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "已经登记过了" in screen._new._bar_text.text() and form.editor("name").text() == "老王五金店"


def test_the_list_shows_grade_and_what_the_appraisal_says(busy: Any, screen: Any) -> None:
    shop = a_site(busy)
    a_site(busy, "叶家自建房", "07", address="9号", let=True)
    busy.desk.do(inspections.inspect, site=shop, day=TODAY - timedelta(3), answers={"S03": 2})
    busy.settle()
    assert rows(screen) == ["老王五金店", "叶家自建房"]
    assert cells(screen)[3:6] == ["红", "2026-11-21", "还有 4 天"] and cells(screen, 1)[6] == "出租未鉴定"
    for which, there in (("red", ["老王五金店"]), ("marked", ["叶家自建房"]), ("due", ["叶家自建房"]), ("focus", ["老王五金店"])):
        screen.list.choose(which)
        busy.settle()
        assert rows(screen) == there, which
        assert screen.list.chips[which].text().endswith(" 1")


def test_only_one_class_is_looked_at_and_all_again(busy: Any, screen: Any) -> None:
    a_site(busy)
    a_site(busy, "某厂", "02", address="9号")
    busy.settle()
    screen.refresh()
    busy.settle()
    busy.press(Qt.Key.Key_F, CONTROL)
    busy.type(screen.currentWidget().form, kind=codes.table("site_class").label("02"))
    busy.press(Qt.Key.Key_S, CONTROL)
    assert rows(screen) == ["某厂"] and screen.list.chips["open"].text() == "在用 1"
    screen.list.choose("closed")
    busy.settle()
    assert "现在只看一部分场所" in screen.list.table.nothing
    busy.press(Qt.Key.Key_F, CONTROL)
    assert screen.currentWidget().form.editor("kind").text() == "厂房（企业）", "what it is narrowed to is shown"
    screen.currentWidget().form.editor("kind").set_value(None)
    busy.press(Qt.Key.Key_S, CONTROL)
    screen.list.choose("open")
    busy.settle()
    assert rows(screen) == ["老王五金店", "某厂"]


def test_correcting_closing_and_reopening(busy: Any, screen: Any) -> None:
    site = a_site(busy)
    screen.open_card(site)
    busy.settle()
    busy.press(Qt.Key.Key_F2)
    page = screen.currentWidget()
    assert page.form.slots["phone"].locked, "a masked number is not typed over"
    busy.type(page.form, trade="五金零售")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert not busy.told and "五金零售" in words(screen.page)
    busy.press(Qt.Key.Key_F9)
    busy.type(screen.currentWidget().form, why=codes.table("close_reason").choices()[0][1])
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "已注销 2026-11-24" in words(screen.page)
    busy.press(Qt.Key.Key_F9)
    assert busy.desk.ledger.ask(sites.site_card, site).record.closed_on is None
    with busy.desk.ledger.read() as read:
        from gridapp.records import Site

        assert read.get(Site, site).phone == "13857912345", "what was masked stays"


def test_one_key_leads_to_the_inspection_and_esc_back(busy: Any, screen: Any) -> None:
    site = a_site(busy)
    screen.open_card(site)
    busy.settle()
    busy.press(Qt.Key.Key_F3)
    there = busy.window.screens["inspections"]
    assert there.isVisible() and "老王五金店" in there.currentWidget().title.text()
    busy.press(Qt.Key.Key_Escape)
    assert screen.isVisible()
    busy.press(Qt.Key.Key_F6)
    form = there.currentWidget().form
    assert form.editor("on_paper").text() == "是" and form.editor("day").text() == "", "the day stands on the paper"


def test_a_round_through_an_area_has_its_own_short_list(busy: Any, screen: Any) -> None:
    site = a_site(busy)
    screen.open_card(site)
    busy.settle()
    busy.press(Qt.Key.Key_F3, CONTROL)
    assert screen.currentWidget().form.editor("list").text() == "zone", "the short list is proposed"
    busy.press(Qt.Key.Key_S, CONTROL)
    form = busy.window.screens["inspections"].currentWidget().form
    assert form.isVisible() and form.checklist.name == "zone"
    for _item in form.checklist.items:
        busy.press(Qt.Key.Key_1)
    busy.press(Qt.Key.Key_S, CONTROL)
    done = busy.desk.ledger.ask(inspected.list_inspections)
    assert [(row.checklist, row.place) for row in done] == [("区域排查表", "老王五金店")]


def test_a_hazard_seen_at_a_site_begins_with_its_place(busy: Any, screen: Any) -> None:
    site = a_site(busy)
    screen.open_card(site)
    busy.settle()
    busy.press(Qt.Key.Key_F7)
    there = busy.window.screens["hazards"]
    assert there.isVisible() and "老王五金店" in there.currentWidget().form.editor("place").text()


def test_the_search_box_opens_a_site(busy: Any, screen: Any) -> None:
    site = a_site(busy)
    [hit] = busy.desk.ledger.search("老王五金")
    busy.window.open_record(hit.entity, hit.id)
    busy.settle()
    assert screen.currentWidget() is screen.page and screen.card.record.id == site
