"""宣传, 会议, 约谈挂牌 in the window: reached from 专项, registered by keyboard, each step by its key, printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ledgers import TODAY
from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier
FORMS = {"outreach": {"place": "工业区一路", "topic": "反诈骗", "people": "王建国、派出所小李"}, "meetings": {"chair": "王建国", "topics": "四季度例会"},
         "listings": {"unit": "祠堂路1号出租房", "reason": "三次检查不合格"}}
KEYS = {"outreach": Qt.Key.Key_F10, "meetings": Qt.Key.Key_F4, "listings": Qt.Key.Key_F7}


def save(office: Any, screen: Any, **told: str) -> None:
    office.type(screen.currentWidget().form, **told)
    office.press(Qt.Key.Key_S, CONTROL)


def reached(office: Any, key: str) -> Any:
    office.show("campaigns")
    office.press(KEYS[key])
    assert office.window.screens[key].isVisible()
    return office.window.screens[key]


@pytest.mark.parametrize("key", FORMS)
def test_one_is_registered_corrected_and_printed(office: Any, key: str) -> None:
    screen = reached(office, key)
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_S, CONTROL)
    assert "请填写" in " ".join(w.text() for w in screen.currentWidget().findChildren(QLabel) if w.isVisible()), "what is missing is said"
    save(office, screen, **FORMS[key])
    assert not office.told and screen.card is not None and not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_F2)
    save(office, screen, **{next(iter(FORMS[key])): "改过的内容"})
    assert getattr(screen.card.record, next(iter(FORMS[key]))) == "改过的内容"
    office.press(Qt.Key.Key_F8)
    assert screen.currentWidget() is screen._preview and not office.told


def test_a_decision_nobody_could_read_is_said_on_the_form(office: Any) -> None:
    screen = reached(office, "meetings")
    office.press(Qt.Key.Key_N, CONTROL)
    save(office, screen, **FORMS["meetings"], decisions="装烟感｜李红｜下个月")
    assert any("第 1 行的时限“下个月”不是日期" in w.text() for w in screen.currentWidget().findChildren(QLabel) if w.isVisible())


def test_a_talk_goes_all_its_way_by_keys(office: Any) -> None:
    screen = reached(office, "listings")
    office.press(Qt.Key.Key_N, CONTROL)
    save(office, screen, **FORMS["listings"])
    later = str(TODAY + timedelta(20))
    for key, told, state in (
            (Qt.Key.Key_F3, {"who": "周主任", "note": "通报问题"}, "约谈"), (Qt.Key.Key_F6, {"problems": "楼道充电", "measures": f"清空楼道｜张浩｜{later}", "due_on": later}, "下达整改"),
            (Qt.Key.Key_F3, {"who": "张浩"}, "整改中"), (Qt.Key.Key_F6, {"report": "已清空"}, "反馈"),
            (Qt.Key.Key_F7, {"passed": "不达标，升级挂牌", "who": "周主任", "verdict": "又被占用"}, "升级挂牌"), (Qt.Key.Key_F7, {"due_on": later}, "整改中"),
            (Qt.Key.Key_F6, {"report": "再次清空"}, "反馈"), (Qt.Key.Key_F7, {"passed": "达标，摘牌", "who": "周主任", "verdict": "达标"}, "达标摘牌")):
        office.press(key)
        save(office, screen, **told)
        assert screen.card.state == state and not office.told
    assert not clipped(screen) and not too_wide(screen)
