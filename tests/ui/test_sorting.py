"""Lists in the order of a column: a click on its head, the first page at once and the rest behind it, told in the head and to screen readers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gridapp.ledger import REGISTER, VERBS, Acting, Ledger, verb
from gridapp.records import House, Room
from gridapp.settings import Settings
from gridapp.work import audit, invent, people
from ui.lists.model import PAGE
from ui.screens import SCREENS
from ui.screens.listed import Listed

MANY = 2 * PAGE + 50
#: columns that are shown in the town alone
ELSEWHERE = {"list_tasks": {"village"}}
HEAD, SAID = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def crowded(open_office: Callable[..., Any], village: Ledger) -> Any:
    """A window on a village of several pages."""
    village.do(invent.invent, MANY)
    return open_office(village)


def click(office: Any, screen: Any, title: str) -> None:
    """The head of a column, with the mouse."""
    head = screen.list.table.horizontalHeader()
    place = next(n for n, column in enumerate(screen.subject.columns) if column.title == title)
    at = head.viewport().rect().center()
    at.setX(head.sectionViewportPosition(place) + 10)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    office.settle()


def shown(office: Any, screen: Any) -> list[Any]:
    """Every row, as somebody sees them who scrolls through the list."""
    rows, found = screen.list.table.rows, []
    for number in range(rows.rowCount()):
        if rows.row_at(number) is None:
            office.settle()
        found.append(rows.row_at(number))
    return found


def head(screen: Any, place: int, role: Qt.ItemDataRole = HEAD) -> str:
    told: str = screen.list.table.rows.headerData(place, Qt.Orientation.Horizontal, role)
    return told


def test_a_click_on_a_head_sorts_up_then_down_then_as_usual(crowded: Any) -> None:
    screen = crowded.show("people")
    usual = shown(crowded, screen)
    assert len(usual) > MANY and len({r.id for r in usual}) == len(usual)
    click(crowded, screen, "姓名")
    up = shown(crowded, screen)
    assert up == sorted(up, key=lambda r: r.name.encode()) and {r.id for r in up} == {r.id for r in usual}
    assert head(screen, 0) == "姓名 ↑" and head(screen, 0, SAID) == "姓名，升序"
    click(crowded, screen, "姓名")
    assert shown(crowded, screen) == up[::-1] and head(screen, 0) == "姓名 ↓" and head(screen, 0, SAID) == "姓名，降序"
    click(crowded, screen, "姓名")
    assert shown(crowded, screen) == usual and head(screen, 0) == "姓名" == head(screen, 0, SAID)


def test_a_masked_number_is_not_sorted_by_and_says_why(crowded: Any) -> None:
    screen = crowded.show("people")
    usual = shown(crowded, screen)
    for place, title in ((1, "证件号码"), (2, "联系电话")):
        click(crowded, screen, title)
        assert shown(crowded, screen) == usual and head(screen, place) == title
        assert "遮住的号码不能排序" in head(screen, place, Qt.ItemDataRole.ToolTipRole)


def test_the_first_page_stands_before_it_is_known_how_many_there_are(crowded: Any) -> None:
    screen = crowded.show("people")
    footer = screen.list.footer.text()
    held: list[Any] = []
    ask, crowded.desk.aside.ask = crowded.desk.aside.ask, lambda *told, **more: held.append((told, more))
    click(crowded, screen, "现住址")
    first = [screen.list.table.rows.row_at(number) for number in range(PAGE)]
    assert screen.list.table.rows.rowCount() == PAGE and None not in first and screen.list.row == first[0]
    assert "正在数" in screen.list.footer.text() and screen.card.record.id == first[0].id
    crowded.desk.aside.ask = ask
    for told, more in held:
        ask(*told, **more)
    crowded.settle()
    assert screen.list.footer.text() == footer and screen.list.table.rows.rowCount() == MANY + 2
    whole = shown(crowded, screen)
    assert whole[:PAGE] == first and whole == sorted(whole, key=lambda r: r.place.encode())


def test_an_act_leaves_the_list_where_it_was_read(crowded: Any) -> None:
    screen = crowded.show("people")
    click(crowded, screen, "姓名")
    shown(crowded, screen)
    screen.list.table.selectRow(MANY - 30)
    crowded.settle()
    chosen = screen.list.row
    crowded.desk.do(people.correct_person, chosen.id, workplace="快递网点")
    crowded.settle()
    assert screen.list.row.id == chosen.id and screen.list.table.currentIndex().row() == MANY - 30


def test_a_long_list_keeps_only_a_few_pages(crowded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.lists.model.KEPT", 2)
    screen = crowded.show("people")
    click(crowded, screen, "状态")
    for _time in range(2):
        assert len(shown(crowded, screen)) == MANY + 2
        assert len(screen.list.table.rows._pages) == 2


def test_every_column_that_says_it_is_sorted_by_is_known_to_its_question(busy: Any) -> None:
    sorted_by: dict[str, set[str]] = {}
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if isinstance(screen, Listed):
            question = getattr(screen.subject.rows, "func", screen.subject.rows)
            keys = {column.key for column in screen.subject.columns} - {""}
            sorted_by[question.__name__] = keys
            asked = getattr(sys.modules[question.__module__], "KEYS", ()) if screen.subject.arrange is not None else ()
            assert keys == set(asked) - ELSEWHERE.get(question.__name__, set()), question.__name__
            for key in sorted(keys):
                screen.list.sort_by(key)
                busy.settle()
    assert {"list_people", "list_houses", "list_patrols", "list_hazards", "list_sites", "list_events", "list_disputes", "list_tasks", "list_petitions",
            "list_alarms"} <= {n for n, keys in sorted_by.items() if keys}


@verb("试", REGISTER)
def let_many(act: Acting) -> None:
    """Houses with none to six rooms."""
    houses = act.add_many(House, [{"house_no": f"Z{n:03}", "owner_name": "张浩", "address": f"祠堂路{n}号"} for n in range(MANY)])
    act.add_many(Room, [{"house": house, "room_no": f"10{room}"} for n, house in enumerate(houses) for room in range(n % 7)])


VERBS.pop("let_many")  # of these tests alone: others count the verbs of the program


def test_what_is_reckoned_of_other_records_is_sorted_from_the_top_once_all_stand(crowded: Any, village: Ledger) -> None:
    village.do(let_many)
    screen = crowded.show("houses")
    usual = shown(crowded, screen)
    screen.list.table.selectRow(PAGE + 7)
    crowded.settle()
    click(crowded, screen, "房间/住人")
    up = shown(crowded, screen)
    assert {r.id for r in up} == {r.id for r in usual} and len(up) == len(usual) > PAGE
    assert [(r.rooms, r.people) for r in up] == sorted((r.rooms, r.people) for r in usual) and screen.list.table.currentIndex().row() == 0
    click(crowded, screen, "房间/住人")
    assert shown(crowded, screen) == up[::-1]
    assert screen.list.footer.text() == f"在租 {len(up)} 处"


def test_how_another_filter_stands_comes_too_late_for_the_one_that_is_shown(crowded: Any) -> None:
    screen = crowded.show("people")
    waiting = list[Callable[[], None]]()
    ask = crowded.desk.aside.ask
    crowded.desk.aside.ask = lambda question, *args, then, **more: ask(
        question, *args, then=(lambda told: waiting.append(lambda: then(told))) if question is people.arrange_people else then, **more)
    screen.list.choose(people.ALL)
    crowded.settle()
    assert len(waiting) == 1
    screen.list.choose(people.CLOSED)
    crowded.settle()
    few = shown(crowded, screen)
    assert len(few) == 1
    waiting[0]()
    crowded.settle()
    assert shown(crowded, screen) == few


# ---------------------------------------------------------------- what is remembered, saved, copied and exported

@pytest.fixture
def remembering(open_office: Callable[..., Any], village: Ledger) -> Any:
    return open_office(village).show("people")


def rebuilt(screen: Any) -> Any:
    """The screen as it is built the next time."""
    from ui.screens.people import PeopleScreen

    built = PeopleScreen(screen.desk)
    built.setParent(screen)  # it goes with the window
    return built


def test_order_and_columns_are_remembered_for_the_officer_and_given_back(remembering: Any) -> None:
    screen = remembering
    head = screen.list.table.horizontalHeader()
    usual, width = screen.list.table.order, head.sectionSize(0)
    head.resizeSection(0, width + 40)
    head.moveSection(0, 2)
    screen.list.sort_by("place")
    moved = [*usual[1:3], usual[0], *usual[3:]]
    built = rebuilt(screen)
    assert (built.list.sort, built.list.table.order) == ("place", moved) and built.list.table.horizontalHeader().sectionSize(0) == width + 40
    assert Settings.load().lists == screen.desk.settings.lists != {}
    built.arranging.restore()
    fresh = rebuilt(screen)
    for one in (built, fresh):
        assert (one.list.sort, one.list.table.order, one.list.table.horizontalHeader().sectionSize(0)) == ("", usual, width)
    assert Settings.load().lists == {}


def test_another_officer_and_another_list_have_their_own(remembering: Any) -> None:
    screen = remembering
    screen.list.sort_by("place")
    [key] = screen.desk.settings.lists
    ledger, officer, name = key.rsplit(" ", 2)
    assert (officer, name) == (str(screen.desk.officer), "list_people")
    screen.desk.settings.lists = {f"{ledger} 99 {name}": {"sort": "name"}, f"{ledger} {officer} list_houses": {"sort": "name"}}
    assert rebuilt(screen).list.sort == ""


@pytest.mark.parametrize("damaged", [None, 3, {"sort": 5}, {"sort": "-gone"}, {"widths": {"姓名": "x", "没有": 9}}, {"order": ["姓名"]}, {"saved": [["x"], ["x", "gone", ""], 7]}])
def test_what_is_damaged_is_as_good_as_none(remembering: Any, damaged: Any) -> None:
    screen = remembering
    screen.list.sort_by("place")
    [key] = screen.desk.settings.lists
    screen.desk.settings.lists = {key: damaged}
    built = rebuilt(screen)
    assert (built.list.sort, built.list.table.order, built.list.table.widths, built.arranging.now.saved) == ("", screen.list.table.order, {}, [])


def test_a_saved_filter_is_a_chip_with_its_count(busy: Any) -> None:
    screen = busy.show("people")
    screen.list.choose("all")
    screen.list.sort_by("name")
    busy.settle()
    screen.arranging.save_filter()
    page = screen.currentWidget()
    busy.type(page.form, name="全部按姓名")
    page.save(False)
    busy.settle()
    [(saved, chip)] = screen.list._saved
    assert chip.text() == f"全部按姓名 {screen.list.table.rows.rowCount()}" and chip.isChecked() and chip.isVisible()
    screen.list.sort_as("")
    screen.list.choose("living")
    busy.settle()
    assert not chip.isChecked()
    chip.click()
    busy.settle()
    assert (screen.list.which, screen.list.sort) == ("all", "name") and chip.isChecked()
    assert [one.name for one in rebuilt(screen).arranging.now.saved] == ["全部按姓名"]
    screen.arranging.drop_filter(saved)
    assert screen.list._saved == [] and rebuilt(screen).arranging.now.saved == []


def test_the_menu_is_opened_by_its_key_and_sorts(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.activeAction().text() == "按“姓名”排序"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    busy.settle()
    assert screen.list.sort == "name" and head(screen, 0) == "姓名 ↑"


def test_chosen_rows_are_copied_masked_and_without_formulas(busy: Any, village: Ledger) -> None:
    village.do(people.register_person, name="=1+1", id_kind="999", phone="13800001111", id_no="G-1234567")
    screen = busy.show("people")
    screen.list.choose("all")
    busy.settle()
    screen.list.table.selectAll()
    full = {row.id: {"id_no": "510185196707119619", "phone": "13800001111"} for row in screen.list.chosen}
    screen.rows_veil.values = full
    screen.list.setFocus()
    busy.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    told = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    assert len(told) == screen.list.table.rows.rowCount() and {len(line) for line in told} == {5}
    assert "'=1+1" in {line[0] for line in told} and "彭兵" in {line[0] for line in told}
    assert "510185196707119619" not in QApplication.clipboard().text() and "13800001111" not in QApplication.clipboard().text()


def test_chosen_rows_are_exported_masked_and_it_stands_in_the_audit(busy: Any, tmp_path: Path) -> None:
    screen = busy.show("people")
    screen.list.table.selectAll()
    rows = screen.list.table.told(screen.list.chosen)
    screen.arranging.export_to(tmp_path / "a.xlsx", rows)
    busy.settle()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    written = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert written == [screen.list.table.order, *rows] and "*" in rows[0][1]
    with busy.desk.ledger.read() as read:
        newest = audit.lines(read)[0]
    assert newest.title == "导出" and f"在住 {len(rows)} 行" in newest.why
