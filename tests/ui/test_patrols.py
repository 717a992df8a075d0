"""巡查 and 隐患: a night patrol with a finding that becomes a hazard, its notice, its paper, its closing."""

from __future__ import annotations

from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp import printing
from gridapp.work import hazards, patrols

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("patrols")


def log(busy: Any, screen: Any, **texts: str) -> Any:
    """Ctrl+N and what is typed into the form."""
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, **texts)
    return form


def test_a_patrol_with_findings_of_which_one_becomes_a_hazard(busy: Any, screen: Any) -> None:
    form = log(busy, screen, start="2030", end="22:00", weather="晴", route="祠堂路", checked="12")
    assert form.slots["people"].editor.text() == "王建国、李红", "who went the last time"
    form.add_line()
    busy.type(form, **{"finding.0.house": "QHY0001", "finding.0.problem": "堵塞疏散通道", "finding.0.hazard": "是",
                       "finding.1.place": "工业区一路", "finding.1.problem": "路灯不亮", "finding.1.handling": "上报"})
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.page, screen._new._bar_text.text()
    card = screen.card
    assert (card.record.start, card.record.end, card.record.checked) == ("20:30", "22:00", 12)
    assert [(f.place, f.problem, f.hazard is not None) for f in card.findings] == [
        ("QHY0001 永康市古山镇青后叶村祠堂路1号", "堵塞疏散通道", True), ("工业区一路", "路灯不亮", False)]
    assert "堵塞疏散通道" in [h.content for h in busy.desk.ledger.ask(hazards.list_hazards)]


def test_half_a_finding_is_asked_for(busy: Any, screen: Any) -> None:
    form = log(busy, screen, start="20:00", **{"finding.0.place": "路口"})
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "请填写问题" in form.slots["finding.0.problem"].mark.text()
    assert busy.desk.ledger.ask(patrols.count_patrols)["all"] == 1


def test_a_patrol_without_findings_is_one_too(busy: Any, screen: Any) -> None:
    log(busy, screen, start="20:00")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.findings == () and busy.desk.ledger.ask(patrols.count_patrols)["all"] == 2


def test_nonsense_is_marked_in_words(busy: Any, screen: Any) -> None:
    form = log(busy, screen, start="25:70", checked="abc")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "20:30" in form.slots["start"].mark.text() and "整数" in form.slots["checked"].mark.text()


def test_a_finding_later_and_the_hazard_of_a_patrol(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F3, widget=screen.list.table)
    busy.type(screen.currentWidget().form, place="河头巷", problem="电线私拉乱接", hazard="是")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert len(screen.card.findings) == 3
    busy.press(Qt.Key.Key_F7, widget=screen.list.table)
    other = busy.window.screens["hazards"]
    assert other.isVisible() and other.card.record.content.startswith("楼道内停放电动自行车")


def test_a_hazard_from_notice_to_closing(busy: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made: list[bytes] = []
    plain = printing.make

    @wraps(plain)
    def kept(*args: Any, **kwargs: Any) -> Any:
        made.append((told := plain(*args, **kwargs))[1])
        return told

    monkeypatch.setattr(printing, "make", kept)
    screen = busy.show("hazards")
    busy.press(Qt.Key.Key_N, CONTROL)
    busy.type(screen._new.form, house="QHY0002", content="私拉电线", degree="严重")
    assert screen._new.form.slots["place"].editor.text() == ""
    busy.type(screen._new.form, place="二楼楼道")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.page, [s.mark.text() for s in screen._new.form.slots.values()]
    busy.press(Qt.Key.Key_F6, widget=screen.page)
    busy.type(screen.currentWidget().form, **{f"demand {screen.card.record.id}": "三日内拆除。"})
    busy.press(Qt.Key.Key_S, CONTROL)
    preview = screen._preview
    assert screen.currentWidget() is preview and preview._document is not None
    preview.save(tmp_path / "F09.pdf")
    assert made == [preview._document.data] == [(tmp_path / "F09.pdf").read_bytes()], "numbered once: seen, kept and printed are the very PDF"
    busy.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.page, "back to the hazard it was printed for"
    assert screen.card.record.notice_no == "古青后叶隐改〔2026〕第002号" and screen.card.record.due_on == date(2026, 12, 1)
    busy.press(Qt.Key.Key_F3, widget=screen.page)
    busy.press(Qt.Key.Key_S, CONTROL)
    busy.press(Qt.Key.Key_F7, widget=screen.page)
    task, passed = screen.currentWidget(), f"passed {screen.card.record.id}"
    assert task.form.slots["by"].editor.text() == "王建国"
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "请填写" in task.form.slots[passed].mark.text()
    task.form.slots[passed].editor.set_text("1")
    busy.press(Qt.Key.Key_S, CONTROL)
    closed = busy.desk.ledger.ask(hazards.list_hazards, hazards.SHUT)
    assert [h.content for h in closed] == ["私拉电线"]


def test_the_preview_turns_pages_and_saves_what_it_shows(busy: Any, tmp_path: Any) -> None:
    screen = busy.show("houses")
    screen.print_all()
    busy.settle()
    preview = screen._preview
    assert preview._page.maximum() == 2 and preview._of.text() == "共 2 页"
    first = preview._sheet.pixmap().toImage()
    busy.press(Qt.Key.Key_PageDown)
    assert preview._page.value() == 2 and preview._sheet.pixmap().toImage() != first
    preview.save(tmp_path / "登记簿.pdf")
    assert (tmp_path / "登记簿.pdf").read_bytes() == preview._document.data and "已保存" in preview._told.text()
    preview.save(tmp_path / "没有这个文件夹" / "a.pdf")
    assert "无法" in preview._told.text()


def test_a_character_no_font_has_stops_the_print_and_is_named(busy: Any) -> None:
    from gridapp.work import people
    from tests import ledgers

    ledgers.a_tenant(busy.desk.ledger, ledgers.rooms_of(busy.desk.ledger, busy.desk.ledger.ask(
        __import__("gridapp.work.houses", fromlist=["x"]).by_number, "QHY0001").id)[0], "张\ue000", "510185199205173627")
    screen = busy.show("people")
    assert busy.desk.ledger.ask(people.count_people)["living"] == 3
    screen.print_register()
    busy.settle()
    assert "U+E000" in screen._preview._told.text() and screen._preview._document is None
