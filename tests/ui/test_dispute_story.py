"""The whole story of one dispute in the real window, by keyboard: taken in with a registered party, mediated, signed and printed, performed, visited, shelved; and a petition beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.work import casefile, disputes, petitions
from tests import ledgers
from tests.printing import reading
from tests.ui.test_disputes import shown
from tests.work import cases

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("disputes")


def fill(office: Any, screen: Any, **told: str) -> None:
    """Type into the form in front and save it."""
    form = screen.currentWidget().form
    office.type(form, **told)
    office.press(Key.Key_S, CONTROL)
    assert not office.told, office.told


def step(office: Any, screen: Any, key: Qt.Key, state: str, **told: str) -> None:
    """One step from the record's page, its form filled in; the dispute is then in this state."""
    assert screen.currentWidget() is screen.page
    office.press(key, widget=screen.page)
    fill(office, screen, **told)
    if screen.currentWidget() is screen._preview:
        return
    assert screen.currentWidget() is screen.page and screen.card.state == state, shown(screen)


def taken_in(office: Any, screen: Any, title: str = "祠堂路排水沟纠纷") -> None:
    """A dispute between somebody registered and a neighbour."""
    office.press(Key.Key_N, CONTROL)
    form = screen.currentWidget().form
    office.type(form, title=title, category="邻里关系", content="雨天积水流入邻家院内。", **{"party.0.person": "彭兵"})
    form.editor("party.0.person")._settle()
    form.editor("party.0.person").edited.emit()
    office.settle()
    assert form.editor("party.0.name").text() == "彭兵" and ledgers.NUMBERS[0] not in shown(screen) and "保存时按登记填入" in shown(screen)
    fill(office, screen, **{"party.1.name": "李小河", "party.1.phone": "13857900002"})
    assert screen.currentWidget() is screen.page, shown(screen)


def test_a_dispute_from_intake_to_the_shelf(busy: Any, screen: Any, tmp_path: Path) -> None:
    taken_in(busy, screen)
    assert screen.card.record.number == "古青后叶调〔2026〕第001号" and screen.card.parties[0].age == 59
    busy.press(Key.Key_F3, widget=screen.page)
    busy.press(Key.Key_S, CONTROL)
    assert screen.filling and "请填写权利义务告知" in shown(screen), "nobody mediates before the parties know their rights"
    fill(busy, screen, informed="已告知")
    assert screen.card.state == disputes.ACCEPTED
    step(busy, screen, Key.Key_F3, disputes.MEDIATING, mediators="王建国、李红")
    step(busy, screen, Key.Key_F6, disputes.MEDIATING, content="双方各退一步。", place="村委会")
    assert "双方各退一步。" in shown(screen)
    step(busy, screen, Key.Key_F3, disputes.WRITTEN, agreement="一、恢复原排水沟。", perform="自行修复", perform_by="2026-12-14")
    preview = screen._preview
    assert screen.currentWidget() is preview, "what was signed is shown for printing"
    preview.save(tmp_path / "F15.pdf")
    text = reading.whole(tmp_path / "F15.pdf")
    for said in ("古青后叶调协〔2026〕第001号", "彭兵", "李小河", "一、恢复原排水沟。", "履行期限：2026年12月14日前"):
        assert said in text, said
    busy.press(Key.Key_Escape)
    assert screen.currentWidget() is screen.page and screen.card.record.perform_by == date(2026, 12, 14)
    assert "可申请到 2026-12-24（还有 30 天）" in [words for _name, words in screen.subject.facts(screen.card).rows]
    step(busy, screen, Key.Key_F3, disputes.PERFORMING)
    step(busy, screen, Key.Key_F3, disputes.PERFORMED)
    step(busy, screen, Key.Key_F3, disputes.VISITED, content="双方满意。")
    busy.press(Key.Key_F3, widget=screen.page)
    busy.press(Key.Key_S, CONTROL)
    assert screen.filling and "还缺：人民调解申请书（卷内材料）" in shown(screen), "no file is shelved that lacks something"
    busy.press(Key.Key_Escape)
    cases.whole_file(busy.desk.ledger, screen.card.record.id)
    screen.refresh()
    busy.settle()
    step(busy, screen, Key.Key_F3, disputes.SHELVED)
    assert "已装 8/13，该有的都有了" in shown(screen) and busy.desk.ledger.ask(disputes.count_disputes)[disputes.SHUT] == 1


def test_the_file_is_ticked_by_keyboard(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    busy.press(Key.Key_F10, widget=screen.page)
    boxes = screen.currentWidget().form.editor("papers").boxes
    boxes["01"].setFocus()
    busy.press(Key.Key_Space, widget=boxes["01"])
    fill(busy, screen)
    assert [i.name for i in busy.desk.ledger.ask(casefile.case_file, screen.card.record.id).items if i.there] == ["人民调解申请书"]


def test_an_earlier_dispute_is_shown_while_typing_and_linked_by_a_key(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    busy.press(Key.Key_Escape)
    busy.press(Key.Key_N, CONTROL)
    form = screen.currentWidget().form
    busy.type(form, title="祠堂路排水沟又起纠纷")
    assert "名称相近" in " ".join(w.text() for w in form.like.findChildren(type(form.slots["title"].mark))) and "按 Alt+1" in form.slots["title"].mark.text()
    busy.press(Key.Key_1, ALT)
    fill(busy, screen, category="邻里关系", content="又改道了。", **{"party.0.name": "彭兵", "party.1.name": "李小河"})
    assert [o.title for o in screen.card.chain] == ["祠堂路排水沟纠纷"] and "祠堂路排水沟纠纷" in shown(screen)


@pytest.mark.parametrize(("keys", "told", "state"), [
    ((Key.Key_F9,), {"reason": "属于治安案件"}, disputes.DECLINED),
    ((Key.Key_F3, Key.Key_F3, Key.Key_F9), {"reason": "双方不愿再谈"}, disputes.FAILED)])
def test_what_ends_without_an_agreement_asks_for_a_reason(busy: Any, screen: Any, keys: tuple[Qt.Key, ...], told: dict[str, str], state: str) -> None:
    taken_in(busy, screen)
    for key, given in zip(keys[:-1], ({"informed": "已告知"}, {"mediators": "王建国"}), strict=False):
        busy.press(key, widget=screen.page)
        fill(busy, screen, **given)
    step(busy, screen, keys[-1], state, **told)
    assert screen.card.record.result == told["reason"]


def parts(office: Any, screen: Any) -> Any:
    office.press(Key.Key_F4, widget=screen.page)
    return screen.currentWidget()


def test_parties_and_records_are_added_corrected_and_taken_out(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    page = parts(busy, screen)
    busy.press(Key.Key_N, CONTROL, widget=page.list.table)
    fill(busy, screen, side="第三人", name="王三")
    assert screen.currentWidget() is screen.page and [p.name for p in screen.card.parties] == ["彭兵", "李小河", "王三"]
    page = parts(busy, screen)
    page.list.table.selectRow(2)
    busy.press(Key.Key_F9, widget=page.list.table)
    fill(busy, screen, why="与本纠纷无关")
    assert [p.name for p in screen.card.parties] == ["彭兵", "李小河"]
    page = parts(busy, screen)
    page.list.table.selectRow(1)
    busy.press(Key.Key_Return, widget=page.list.table)
    form = screen.currentWidget().form
    assert form.slots["phone"].locked, "a masked number is not typed over"
    fill(busy, screen, work="五金加工")
    assert screen.card.parties[1].work == "五金加工"
    with busy.desk.ledger.read() as read:
        assert disputes.dispute_on_paper(read, screen.card.record.id).parties[1].phone == "13857900002"


def test_numbers_are_shown_for_a_reason_and_covered_again(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    assert "13857900002" not in shown(screen)
    busy.press(Key.Key_F11, widget=screen.page)
    screen.veil.reasons["call"].click()
    busy.settle()
    assert "13857900002" in shown(screen) and ledgers.NUMBERS[0] in shown(screen)
    screen.veil.hide_button.click()
    busy.settle()
    assert "13857900002" not in shown(screen) and ledgers.NUMBERS[0] not in shown(screen)


def test_a_petition_changes_hands_and_is_answered(busy: Any) -> None:
    screen = busy.show("petitions")
    busy.press(Key.Key_N, CONTROL)
    fill(busy, screen, title="夜间施工扰民", content="要求夜间停工。", leader="王建国", **{"party.0.name": "李小河"})
    for key, state, told in ((Key.Key_F3, petitions.ACCEPTED, {}), (Key.Key_F3, petitions.UNDER_WAY, {"team": "李红", "due_on": "2026-12-24"}),
                             (Key.Key_F7, petitions.UNDER_WAY, {"leader": "陈国平", "reason": "外出学习"}),
                             (Key.Key_F10, petitions.UNDER_WAY, {"due_on": "2027-01-24", "reason": "需要鉴定"}),
                             (Key.Key_F3, petitions.ANSWERED, {"result": "22 时后停工。"}), (Key.Key_F3, petitions.CLOSED, {})):
        if told.get("leader"):
            busy.press(key, widget=screen.page)
            screen.currentWidget().form.editor("leader").set_text("")
            fill(busy, screen, **told)
            continue
        step(busy, screen, key, state, **told)
    assert [(who, why) for _day, who, why in screen.card.leaders] == [("王建国", ""), ("王建国", ""), ("陈国平", "外出学习")] and "外出学习" in shown(screen)
    assert screen.card.record.due_on == date(2027, 1, 24)


def test_a_dispute_leads_to_its_petition_and_back(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    petition = cases.a_petition(busy.desk.ledger)
    page = parts(busy, screen)
    busy.press(Key.Key_T, CONTROL, widget=page.list.table)
    fill(busy, screen, petition="反映夜间")
    assert screen.card.petition.id == petition
    page = parts(busy, screen)
    page.list.table.selectRow(2)
    busy.press(Key.Key_Return, widget=page.list.table)
    other = busy.window.screens["petitions"]
    assert other.isVisible() and other.card.record.id == petition and "祠堂路排水沟纠纷" in shown(other)


def test_papers_are_chosen_the_likely_one_first(busy: Any, screen: Any) -> None:
    taken_in(busy, screen)
    busy.press(Key.Key_F8, widget=screen.page)
    page = screen.currentWidget()
    assert page.list.row.name == "人民调解申请书"
    busy.press(Key.Key_Return, widget=page.list.table)
    assert screen.currentWidget() is screen._preview and screen._preview._document is not None
    busy.press(Key.Key_Escape)
    assert screen.currentWidget() is screen.page


