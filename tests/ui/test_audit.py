"""审计: whoever checks sees who did and looked at what, narrows it, prints it; nobody else has the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.ledger import Ledger, looks
from gridapp.ledger.permits import Permit
from gridapp.work import people
from tests import ledgers, permissions
from ui.screens import navigation


@pytest.fixture
def screen(open_office: Callable[..., Any], village: Ledger) -> Any:
    """The audit of a village in which somebody looked at 彭兵 and looked for a number."""
    numbers = permissions.with_roles(village)
    village.sign_in(1)
    village.ask(people.person_card, village.search("彭兵")[0].id)
    village.search(ledgers.NUMBERS[1])
    village.sign_in(numbers["audit"])
    office = open_office(village)
    made = office.show("audit")
    made.office = office
    return made


def titles(screen: Any) -> list[str]:
    rows = screen.list.table.rows
    return [rows.row_at(number).title for number in range(rows.rowCount())]


def choose(screen: Any, which: str) -> None:
    screen.list.choose(which)
    screen.office.settle()


def test_acts_and_looks_stand_there_newest_first(screen: Any) -> None:
    told = titles(screen)
    assert {"登记人员", "打开完整记录", "按号码查找", "登录"} <= set(told) and not screen.office.told
    words = [screen.list.table.rows.index(row, column).data() for row in range(len(told)) for column in range(7)]
    assert "流动人口 彭＊" in words and not any("彭兵" in str(word) or ledgers.NUMBERS[1] in str(word) for word in words)


def test_it_is_narrowed_by_kind_person_and_days(screen: Any) -> None:
    choose(screen, looks.SOUGHT)
    assert titles(screen) == ["按号码查找"]
    choose(screen, "looks")
    screen.who.setCurrentIndex(screen.who.findText("王建国"))
    screen.who.activated.emit(screen.who.currentIndex())
    screen.office.settle()
    assert set(titles(screen)) == {"登录", "退出", "打开完整记录", "按号码查找"} and screen.who.currentText() == "王建国"
    screen.span.setCurrentIndex(1)
    screen.span.activated.emit(1)
    screen.office.settle()
    assert "登录" in titles(screen)


def test_one_record_alone_and_all_again(screen: Any) -> None:
    choose(screen, looks.OPENED)
    screen.list.table.selectRow(0)
    screen.office.press(Qt.Key.Key_F2)
    choose(screen, "all")
    assert titles(screen) == ["打开完整记录"] and "这条记录共 1 次" in screen.list.footer.text()
    screen.office.press(Qt.Key.Key_F2)
    assert len(titles(screen)) > 5


def test_it_is_shown_on_paper(screen: Any) -> None:
    screen.office.press(Qt.Key.Key_F7)
    screen.office.settle()
    preview = screen.currentWidget()
    assert preview._document is not None and len(preview._document) >= 1 and not screen.office.told


def test_r3_nobody_else_has_the_screen() -> None:
    def of(permits: set[Permit]) -> list[str]:
        return [entry.key for entry in navigation("v:330784108238", lambda wanted: not wanted or bool(set(wanted) & permits))]

    assert "audit" in of({Permit.PLAIN, Permit.AUDIT}) and "audit" not in of(set(Permit) - {Permit.AUDIT})


def test_r4_what_is_opened_in_the_window_is_what_the_audit_says(open_office: Callable[..., Any], village: Ledger) -> None:
    office = open_office(village)
    before = opened(village)
    found = village.search("彭兵")[0]
    office.window.open_record("person", found.id)
    office.settle()
    office.window._refresh()
    office.settle()
    assert opened(village)[len(before):].count(found.id.bytes) == 1


def opened(ledger: Ledger) -> list[bytes]:
    with ledger.home.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT record FROM look WHERE what = 'opened' ORDER BY seq").scalars())
