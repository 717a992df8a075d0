"""事件 in the window: registered by keyboard, pushed to three, every step by its key until it is filed, printed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gridapp.work import events, houses
from tests.ledgers import TODAY
from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier
LATER = str(TODAY + timedelta(9))


def save(office: Any, screen: Any, **told: str) -> None:
    office.type(screen.currentWidget().form, **told)
    office.press(Qt.Key.Key_S, CONTROL)


def tick(screen: Any, name: str, words: str) -> None:
    """One box of several, by what stands beside it."""
    next(box for box in screen.currentWidget().form.editor(name).boxes.values() if box.text() == words).setChecked(True)


def told(widget: Any) -> str:
    """Every word in it."""
    return " ".join(one.text() for one in widget.findChildren(QLabel))


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
                             (Qt.Key.Key_F10, {"push": "镇平台", "answer": "已协调"}, "处置中"), (Qt.Key.Key_F10, {"answer": "已到场"}, "处置中"),
                             (Qt.Key.Key_F3, {"result": "双方和解"}, "待核查"), (Qt.Key.Key_F3, {"passed": "不通过，继续处置", "note": "缺笔录"}, "处置中"), (Qt.Key.Key_F3, {}, "待核查"),
                             (Qt.Key.Key_F3, {"passed": "通过"}, "待评价"), (Qt.Key.Key_F3, {"rating": "满意"}, "已归档")):
        office.press(key)
        if told is not None:
            for name in ("recipients", "push"):
                for one in filter(None, told.pop(name, "").split(",")):
                    tick(screen, name, one)
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


def test_what_can_be_done_stands_two_in_a_line_beside_the_list(office: Any) -> None:
    screen = begin(office)
    office.press(Qt.Key.Key_F4)
    office.press(Qt.Key.Key_S, CONTROL)
    office.press(Qt.Key.Key_Escape)
    grid = screen.list.detail._buttons
    lines = [[grid.itemAtPosition(line, place) for place in (0, 1)] for line in range(grid.rowCount())]
    stand = [{item.widget() for item in line if item is not None} for line in lines]
    assert len(set().union(*stand)) == 8 and len([line for line in stand if line]) == 5, "the usual one alone, one left over, the rest in pairs"
    assert not clipped(screen) and not too_wide(screen)


def test_not_fed_back_while_somebody_has_not_answered(office: Any) -> None:
    screen = begin(office)
    event = screen.card.record.id
    for verb, how in ((events.send_up, ()), (events.accept_event, ()), (events.dispatch, (["职能部门"], TODAY + timedelta(3))), (events.sign_for, ("周警官",))):
        office.desk.ledger.do(verb, event, *how)
    screen.open_card(event)
    office.settle()
    office.press(Qt.Key.Key_F3)
    save(office, screen, result="双方和解")
    page = screen.currentWidget()
    assert "推送已反馈 0/1，还差“职能部门”" in page._bar_text.text() and page.form.editor("result").text() == "双方和解", "what was typed is still there"


def test_what_may_be_the_same_is_shown_while_typing_and_linked_by_one_key(office: Any) -> None:
    screen = begin(office)
    office.press(Qt.Key.Key_Escape)
    office.press(Qt.Key.Key_N, CONTROL)
    form = screen.currentWidget().form
    assert form.like.isHidden()
    office.type(form, title="工业区有人打架")
    assert form.like.isVisible() and "标题相近" in told(form.like) and not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    save(office, screen, kind="打架斗殴", place="工业区一路", content="又打起来了")
    assert [o.title for o in screen.card.others] == ["工业区一路打架"] and not office.told


def test_correcting_keeps_where_it_happened(busy: Any) -> None:
    office, ledger = busy, busy.desk.ledger
    house = ledger.ask(houses.houses_matching, "祠堂路1号")[0]
    event = ledger.do(events.report_event, title="路灯不亮", kind="02", place="1号门口", content="路灯不亮", house=house[0]).result
    screen = office.show("events")
    screen.open_card(event)
    office.settle()
    office.press(Qt.Key.Key_F2)
    save(office, screen, content="路灯不亮三天了")
    assert (screen.card.record.house, screen.card.record.content) == (house[0], "路灯不亮三天了") and not office.told
