"""事件 in the window: registered by keyboard, pushed to three, every step by its key until it is filed, printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt

from tests.ledgers import TODAY
from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier
LATER = str(TODAY + timedelta(9))


def save(office: Any, screen: Any, **told: str) -> None:
    office.type(screen.currentWidget().form, **told)
    office.press(Qt.Key.Key_S, CONTROL)


def begin(office: Any) -> Any:
    screen = office.show("events")
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    save(office, screen, title="工业区一路打架", kind="打架斗殴", place="工业区一路路口", content="两人酒后动手", teller="彭兵", teller_phone="13800001111")
    assert not office.told and screen.card.state == "采集"
    return screen


def test_the_whole_story_of_one_event(office: Any) -> None:
    screen = begin(office)
    assert "138****1111" in str(screen.subject.facts(screen.card).rows)
    for key, told, state in ((Qt.Key.Key_F3, {"note": "请镇里协调"}, "待受理"), (Qt.Key.Key_F3, None, "待分派"), (Qt.Key.Key_F3, {"recipients": "镇平台,职能部门"}, "待签收"),
                             (Qt.Key.Key_F3, {"who": "周警官"}, "处置中"), (Qt.Key.Key_F9, {"reason": "等伤情鉴定", "due_on": LATER}, "挂起"), (Qt.Key.Key_F3, None, "处置中"),
                             (Qt.Key.Key_F3, {"result": "双方和解"}, "待核查"), (Qt.Key.Key_F3, {"passed": "不通过，继续处置", "note": "缺笔录"}, "处置中"), (Qt.Key.Key_F3, {}, "待核查"),
                             (Qt.Key.Key_F3, {"passed": "通过"}, "待评价"), (Qt.Key.Key_F3, {"rating": "满意"}, "已归档")):
        office.press(key)
        if told is not None:
            for name in ("recipients",):
                if name in told:
                    for one in told.pop(name).split(","):
                        screen.currentWidget().form.editor(name).boxes[one].setChecked(True)
            save(office, screen, **told)
        assert (screen.card.state, office.told) == (state, [])
    assert [p.recipient for p in screen.card.pushes] == ["镇平台", "职能部门"] and not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_F8)
    assert screen.currentWidget() is screen._preview and not office.told


def test_three_are_told_and_each_answers(office: Any) -> None:
    screen = begin(office)
    office.press(Qt.Key.Key_F4)
    office.press(Qt.Key.Key_S, CONTROL)
    assert len(screen.card.pushes) == 3 and not office.told
    for key, told in ((Qt.Key.Key_F7, {"who": "李红"}), (Qt.Key.Key_F10, {"answer": "已派人"})):
        office.press(key)
        form = screen.currentWidget().form
        next(iter(form.editor("push").boxes.values())).setChecked(True)
        save(office, screen, **told)
    first = screen.card.pushes[0]
    assert (first.receiver, first.answer) == ("李红", "已派人") and not office.told
    office.press(Qt.Key.Key_F10)
    save(office, screen, answer="好")
    assert screen.filling, "which of the two is asked"
