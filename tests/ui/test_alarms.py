"""Alarms in the real window: a file is weighed before it is taken in, a verdict by one key, an unknown device registered from its alarm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.work import alarmlists, eventlists, hazards
from tests.ui.test_dispute_story import fill
from tests.ui.test_disputes import shown
from ui import files, messages

CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key
FILE = "告警时间,设备编号,告警类型,安装位置\n2026-11-23 08:30,YG-1,烟雾,祠堂路1号\n2026-11-23 09:30,YG-2,烟雾,\n不知道,YG-3,烟雾,\n"


@pytest.fixture
def screen(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    path = tmp_path / "导出.csv"
    path.write_text(FILE, "utf-8")
    monkeypatch.setattr(files, "to_read", lambda *_told: path)
    busy.show("events")
    busy.press(Key.Key_T, CONTROL)
    return busy.window.screens["alarms"]


def test_a_file_is_weighed_and_taken_in_and_the_second_time_nothing_is_new(busy: Any, screen: Any, boxes: list[str]) -> None:
    busy.press(Key.Key_O, CONTROL, widget=screen)
    assert "新告警 2 条，已经有的 0 条" in boxes[0] and "YG-1、YG-2" in boxes[0] and "第 4 行：时间看不懂：“不知道”" in boxes[0]
    assert busy.desk.ledger.ask(alarmlists.count_alarms)[alarmlists.OPEN] == 2 and "编号 YG-2 没有登记" in shown(screen)
    busy.press(Key.Key_O, CONTROL, widget=screen)
    assert "新告警 0 条，已经有的 2 条" in boxes[1] and busy.desk.ledger.ask(alarmlists.count_alarms)[alarmlists.ALL] == 2


def test_a_file_may_be_left_alone(busy: Any, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ask", lambda _text, _yes, _no: False)
    busy.press(Key.Key_O, CONTROL, widget=screen)
    assert busy.desk.ledger.ask(alarmlists.count_alarms)[alarmlists.ALL] == 0


def test_a_real_one_becomes_a_hazard_by_two_keys(busy: Any, screen: Any, boxes: list[str]) -> None:
    busy.press(Key.Key_O, CONTROL, widget=screen)
    screen.list.table.selectRow(1)
    busy.settle()
    busy.press(Key.Key_F3, widget=screen)
    fill(busy, screen, verdict="1", becomes="1", note="电线短路")
    [found] = [h for h in busy.desk.ledger.ask(hazards.list_hazards) if "电线短路" in h.content]
    screen.choose(alarmlists.SURE)
    busy.settle()
    busy.press(Key.Key_F7, widget=screen)
    assert busy.window.screens["hazards"].card.record.id == found.id, "what it became is one key away"


def test_a_false_one_cannot_become_anything(busy: Any, screen: Any, boxes: list[str]) -> None:
    busy.press(Key.Key_O, CONTROL, widget=screen)
    busy.press(Key.Key_F3, widget=screen)
    busy.type(screen.currentWidget().form, verdict="2", becomes="2")
    busy.press(Key.Key_S, CONTROL)
    assert screen.filling and "只有核实为“真实”" in shown(screen) + "".join(str(t) for t in busy.told)
    assert not busy.desk.ledger.ask(eventlists.list_events)


def test_an_unknown_device_is_registered_from_its_alarm(busy: Any, screen: Any, boxes: list[str]) -> None:
    busy.press(Key.Key_O, CONTROL, widget=screen)
    screen.list.table.selectRow(0)
    busy.settle()
    assert "编号 YG-2 没有登记" in shown(screen)
    busy.press(Key.Key_F4, widget=screen)
    fill(busy, screen, place="村口岗亭")
    assert "村口岗亭" in shown(screen) and busy.desk.ledger.ask(alarmlists.count_alarms)[alarmlists.STRANGE] == 1
    sensors = busy.show("sensors")
    busy.press(Key.Key_F2, widget=sensors)
    fill(busy, sensors, remark="电池已换")
    assert busy.desk.ledger.ask(alarmlists.list_sensors)[0].place == "村口岗亭" and "电池已换" in shown(sensors)


def test_one_by_hand(busy: Any, screen: Any) -> None:
    busy.press(Key.Key_N, CONTROL, widget=screen)
    fill(busy, screen, clock="7:05", kind="燃气泄漏", place="祠堂路2号")
    assert "07:05" in shown(screen) and "祠堂路2号" in shown(screen)
