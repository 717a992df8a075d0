"""冲突 in the window: both sides and what was before, decided by key or typed; twins merged by choice and parted; nothing is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.exchange import clashes, inbox
from gridapp.fields import phones
from gridapp.ledger import Ledger
from gridapp.work import merging, people
from tests import ledgers
from tests.ledger.test_meeting import give
from tests.meeting import all_meet, later, pcs
from tests.ui.test_screens import clipped, too_wide

ONE, TWO, THREE = "13800001111", "13800002222", "13800003333"


@pytest.fixture
def pair(village: Ledger, tmp_path: Path) -> Iterator[list[Ledger]]:
    made = pcs(tmp_path, village)
    yield made
    made[1].close()


def differ(pair: list[Ledger], person: UUID, **fields: tuple[object, object]) -> None:
    """Two PCs write apart, the second a minute later; then they meet."""
    one, other = pair
    give(one, other)
    one.do(people.correct_person, person, **{n: v[0] for n, v in fields.items()})
    later(other, 1)
    other.do(people.correct_person, person, **{n: v[1] for n, v in fields.items()})
    all_meet(*pair)


def words(root: Any) -> str:
    return "\n".join(w.text() for kind in (QLabel, QPushButton) for w in root.findChildren(kind) if w.isVisible())


@pytest.fixture
def person(pair: list[Ledger]) -> UUID:
    """彭兵, whose phone and workplace two PCs wrote differently."""
    found = next(h.id for h in pair[0].search("彭兵") if h.entity == "person")
    differ(pair, found, phone=(ONE, TWO), workplace=("世雅铸造厂", "金城五金厂"))
    return found


@pytest.fixture
def office(open_office: Callable[..., Any], pair: list[Ledger], person: UUID) -> Any:
    return open_office(pair[0])


def now(office: Any, person: UUID) -> Any:
    return ledgers.whole(office.desk.ledger, person)


def test_a_clash_is_decided_by_a_digit_and_the_next_one_comes(office: Any, person: UUID) -> None:
    screen = office.show("clashes")
    assert screen.list.chips["open"].text() == "待处理 2" and [m.what for m in screen.rows] == ["联系电话", "服务处所"]
    assert phones.mask(ONE) in screen.rows[0].words
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    page = screen.deciding
    assert ONE not in words(page) and phones.mask(TWO) in words(page)
    office.press(Qt.Key.Key_F11)
    page.veil.reasons["call"].click()
    office.settle()
    said = words(page)
    for part in ("之前", "我方", "对方", ONE, TWO, "王建国", "本机", "采用这个（1）", "采用这个（2）", "第 1 项，共 2 项"):
        assert part in said, part
    office.press(Qt.Key.Key_2)
    assert now(office, person).phone == TWO and page.matter.what == "服务处所" and screen.currentWidget() is page
    office.press(Qt.Key.Key_1)
    assert now(office, person).workplace == "世雅铸造厂" and screen.currentWidget() is screen.list and screen.rows == []
    assert "没有要处理的冲突" in screen.list.table.nothing and not office.told


def test_a_third_value_is_typed_with_the_fields_own_editor(office: Any, person: UUID) -> None:
    screen = office.show("clashes")
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    page = screen.deciding
    target = page.slot.editor.target
    target.setFocus()
    QTest.keyClicks(target, "12345")
    office.press(Qt.Key.Key_Return)
    assert "再按一次" in page.slot.mark.text() and page.slot.mark.isVisible() and len(screen.rows) == 2, "no phone number"
    assert now(office, person).phone in (ONE, TWO), "digits typed into the field choose nothing"
    target.clear()
    QTest.keyClicks(target, THREE)
    office.press(Qt.Key.Key_Return)
    assert now(office, person).phone == THREE and [m.what for m in screen.rows] == ["服务处所"]
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "请先填写" in page.slot.mark.text() and len(screen.rows) == 1


def test_the_suggestion_is_told_with_its_reason_and_taken(office: Any, person: UUID) -> None:
    screen = office.show("clashes")
    assert "取后填的" in dict(screen.facts(screen.card).rows)["建议"] and TWO not in dict(screen.facts(screen.card).rows)["建议"]
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    assert "取后填的" in words(screen.deciding)
    office.press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert now(office, person).phone == TWO


def test_all_safe_suggestions_at_once_leave_the_others(office: Any, pair: list[Ledger], person: UUID) -> None:
    pair[0].do(people.correct_person, person, remark="两间")
    differ(pair, person, remark=("一间", None))
    screen = office.show("clashes")
    assert len(screen.rows) == 3
    office.press(Qt.Key.Key_F7, widget=screen.list.table)
    assert {m.what for m in screen.rows} == {"联系电话", "服务处所"} and now(office, person).remark == "一间"


def test_what_came_meanwhile_is_shown_and_not_decided_unseen(open_office: Callable[..., Any], village: Ledger, tmp_path: Path) -> None:
    one, other, third = pcs(tmp_path, village, 3)
    person = next(h.id for h in one.search("彭兵") if h.entity == "person")
    later(third, 5)
    third.do(people.correct_person, person, phone=THREE)
    differ([one, other], person, phone=(ONE, TWO))
    office = open_office(one)
    screen = office.show("clashes")
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    give(third, one)
    office.press(Qt.Key.Key_1)
    page = screen.deciding
    assert "收到了新的内容" in page.alert.text() and phones.mask(THREE) in words(page) and screen.currentWidget() is page
    office.press(Qt.Key.Key_1)
    assert screen.rows == [] and now(office, person).phone in (ONE, THREE)
    other.close()
    third.close()


def test_what_was_decided_elsewhere_meanwhile_is_said_to_be_gone(office: Any, pair: list[Ledger], person: UUID) -> None:
    screen = office.show("clashes")
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    pair[1].do(people.correct_person, person, phone=THREE)
    give(pair[1], pair[0])
    office.press(Qt.Key.Key_1)
    assert now(office, person).phone == THREE and screen.currentWidget() is screen.list
    assert "已经处理过了" in office.window.pill.text() and [m.what for m in screen.rows] == ["服务处所"]


def test_edited_after_closing_is_kept_closed_or_reopened(office: Any, pair: list[Ledger]) -> None:
    one, other = pair
    two = [next(h.id for h in one.search(name) if h.entity == "person") for name in ("王𬱟", "扎西·多吉")]
    give(one, other)
    for who in two[:1]:
        one.do(people.close_person, who, ledgers.TODAY, "01")
        other.do(people.correct_person, who, workplace="世雅铸造厂")
    all_meet(*pair)
    screen = office.show("clashes")
    screen.list.choose("ended")
    office.settle()
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    assert "世雅铸造厂" in words(screen.deciding)
    assert "恢复这条记录（2）" in words(screen.deciding) and screen.deciding.slot is None
    office.press(Qt.Key.Key_2)
    assert now(office, two[0]).closed_on is None and now(office, two[0]).workplace == "世雅铸造厂" and screen.list.chips["ended"].text().endswith(" 0")


def test_twins_are_merged_field_by_field_and_parted_again(open_office: Callable[..., Any], pair: list[Ledger]) -> None:
    one, other = pair
    number = "510185199205173627"
    first = ledgers.a_person(one, "李晓梅", number, phone=ONE)
    second = ledgers.a_person(other, "李小梅", number, phone=TWO, workplace="世雅铸造厂")
    all_meet(*pair)
    office = open_office(one)
    screen = office.show("clashes")
    screen.list.choose("twins")
    office.settle()
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    page = screen.merging
    assert set(page.choices) == {"name", "phone"} and page.choices["name"][0].hasFocus() or page.choices["phone"][0].hasFocus()
    assert {chip.text() for chip in page.choices["phone"]} == {phones.mask(ONE), phones.mask(TWO)}
    office.press(Qt.Key.Key_F11)
    page.veil.reasons["paper"].click()
    office.settle()
    other_phone = next(chip for chip in page.choices["phone"] if chip.text() == ONE)
    other_phone.click()
    next(chip for chip in page.choices["name"] if chip.text() == "李小梅").click()
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert screen.currentWidget() is screen.list and screen.list.chips["twins"].text().endswith(" 0")
    stays = min(first, second)
    assert (now(office, stays).phone, now(office, stays).name, now(office, stays).workplace) == (ONE, "李小梅", "世雅铸造厂")
    screen.list.choose("merged")
    office.settle()
    office.press(Qt.Key.Key_F9, widget=screen.list.table)
    assert screen.list.chips["merged"].text().endswith(" 0") and screen.list.chips["twins"].text().endswith(" 1")
    assert now(office, first).name == "李晓梅" and now(office, second).name == "李小梅" and not office.told
    screen.list.choose("twins")
    office.settle()
    assert "更正其中一个人的证件号码" in words(screen.detail) and "确认是两个人（F9）" not in words(screen.detail)
    office.press(Qt.Key.Key_F9, widget=screen.list.table)
    assert office.window.screens["people"].isVisible() and office.window.screens["people"].card.record.id == max(first, second)


def test_two_who_were_parted_and_share_no_number_are_said_to_be_two_people(open_office: Callable[..., Any], pair: list[Ledger]) -> None:
    one, other = pair
    for ledger, number in ((one, "510185199205173627"), (other, None)):
        ledgers.a_person(ledger, "李晓梅", number, phone=ONE)
    all_meet(*pair)
    twin = next(m for m in inbox.matters(one) if m.kind == inbox.TWIN).told
    one.do(merging.merge_people, twin.keep, twin.away)
    one.do(merging.unmerge, twin.away)
    office = open_office(one)
    screen = office.show("clashes")
    office.press(Qt.Key.Key_F9, widget=screen.list.table)
    assert screen.rows == [] and not office.told


def test_after_one_is_settled_the_next_row_is_chosen(office: Any, pair: list[Ledger], person: UUID) -> None:
    one, other = pair
    for ledger, name in ((one, "李晓梅"), (other, "李小梅")):
        ledgers.a_person(ledger, name, "510185199205173627")
    all_meet(*pair)
    screen = office.show("clashes")
    office.press(Qt.Key.Key_F5)
    twin = next(m for m in screen.rows if m.kind == inbox.TWIN)
    screen.list.select(screen.rows[0].id)
    office.settle()
    office.press(Qt.Key.Key_F2, widget=screen.list.table)
    assert screen.card is not None and screen.card.what == "服务处所" and "服务处所" in words(screen.detail)
    screen.list.select(twin.id)
    office.settle()
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert screen.currentWidget() is screen.list and [r.what for r in screen.shown()] == ["服务处所"]
    assert screen.card is not None and screen.card.id == screen.shown()[0].id == screen.list.row.id


def test_what_was_written_on_a_merged_registration_goes_over_when_ticked(open_office: Callable[..., Any], pair: list[Ledger]) -> None:
    one, other = pair
    number = "510185199205173627"
    ledgers.a_person(one, "李晓梅", number, phone=ONE)
    ledgers.a_person(other, "李小梅", number, phone=TWO)
    all_meet(*pair)
    twin = next(m for m in inbox.matters(one) if m.kind == inbox.TWIN).told
    one.do(merging.merge_people, twin.keep, twin.away)
    later(other, 1)
    other.do(people.correct_person, twin.away, phone=THREE)
    all_meet(*pair)
    office = open_office(one)
    screen = office.show("clashes")
    screen.list.choose("ended")
    office.settle()
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    tick = screen.late.ticks["phone"]
    assert phones.mask(THREE) in tick.text()
    tick.setChecked(True)
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert now(office, twin.keep).phone == THREE and screen.list.chips["ended"].text().endswith(" 0")


def test_the_record_and_the_slip_are_one_key_away(office: Any, person: UUID) -> None:
    screen = office.show("clashes")
    office.press(Qt.Key.Key_F6, widget=screen.list.table)
    assert office.window.screens["people"].isVisible() and office.window.screens["people"].card.record.id == person
    office.press(Qt.Key.Key_Escape)
    assert screen.isVisible()
    office.press(Qt.Key.Key_F8, widget=screen.list.table)
    assert screen.currentWidget() is screen._preview and not office.told
    assert office.desk.ledger.ask(clashes.count) == 2, "nothing was decided by looking"


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(1366, 728), 1.5), (QSize(800, 560), 1.5)])
def test_no_word_of_the_pages_is_cut_off(open_office: Callable[..., Any], pair: list[Ledger], person: UUID, size: QSize, factor: float) -> None:
    one, other = pair
    differ(pair, person, remark=("住在二楼靠北的一间，夜班，周末回老家", "手机常关机，请打厂里的电话 0579-87000000 找他"))
    for ledger, name, phone in ((one, "李晓梅", ONE), (other, "李小梅", TWO)):
        ledgers.a_person(ledger, name, "510185199205173627", phone=phone)
    all_meet(*pair)
    office = open_office(one, size=size, factor=factor)
    screen = office.show("clashes")
    lost = {}
    for row in screen.rows:
        screen.open_row(row)
        office.settle()
        assert screen.currentWidget() is not screen.list
        lost[row.id] = clipped(screen) + too_wide(screen)
        screen.back()
    assert len(lost) == 4 and {key: words for key, words in lost.items() if words} == {}
