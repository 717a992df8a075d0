"""路线 and 交通劝导 in the window, reached from 巡查: laid out, walked, counted, posted."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.work import duties, patrols, routes, sites
from tests.ledgers import TODAY
from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier


def save(office: Any, screen: Any, **told: str) -> None:
    office.type(screen.currentWidget().form, **told)
    office.press(Qt.Key.Key_S, CONTROL)


def test_a_route_is_laid_out_and_walked(office: Any) -> None:
    office.show("patrols")
    office.press(Qt.Key.Key_F4)
    screen = office.window.screens["routes"]
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    save(office, screen, name="工业区夜巡", shift="夜班", every_days="3", team="王建国、李红", points="祠堂\n工业区一路")
    assert not office.told and screen.card.row.points == 2
    office.press(Qt.Key.Key_F3)
    walk = office.window.screens["patrols"]
    form = walk.currentWidget().form
    assert (form.editor("people").text(), form.editor("route").text(), form.editor("shift").text()) == ("王建国、李红", "祠堂—工业区一路", "夜班")
    save(office, walk, start="20:00")
    card = office.desk.ledger.ask(routes.route_card, screen.card.record.id)
    assert card.row.last == office.desk.today and office.desk.ledger.ask(routes.count_routes)[routes.DUE] == 0 and not office.told


def test_hours_at_a_post_are_counted_and_posted(office: Any) -> None:
    office.show("patrols")
    office.press(Qt.Key.Key_F6)
    screen = office.window.screens["duties"]
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    save(office, screen, place="村口劝导站", start="07:00", people="张浩", passed="40", helmets="41")
    assert screen.filling, "more helmets than heads are refused on the form"
    screen.currentWidget().form.editor("helmets").set_text("")
    save(office, screen, helmets="31")
    assert screen.card.record.helmets == 31 and not office.told
    office.press(Qt.Key.Key_F3)
    save(office, screen, name="彭兵", what="骑电动车不戴头盔")
    assert [o.name for o in screen.card.offenders] == ["彭兵"] and not clipped(screen) and not too_wide(screen)
    screen.back()
    office.press(Qt.Key.Key_F8)
    form = screen.currentWidget().form
    assert (form.editor("since").text(), form.editor("until").text()) == ("2026-11-01", "2026-11-24")
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen._preview and not office.told
    assert office.desk.ledger.ask(patrols.count_patrols)[patrols.ALL] == 0


def test_what_a_record_points_at_stays_when_something_else_is_corrected(office: Any) -> None:
    """The editor of a link is given an id alone; its words come a moment later, and saving before that loses nothing."""
    ledger = office.desk.ledger
    site = ledger.do(sites.register_site, kind="11", name="村口劝导站", address="古山路口").result
    duty = ledger.do(duties.log_duty, day=TODAY, place="村口", start="07:00", people="张浩", site=site).result
    screen = office.show("duties")
    screen.open_card(duty)
    office.settle()
    office.press(Qt.Key.Key_F2)
    editor = screen.currentWidget().form.editor("site")
    assert "村口劝导站" in editor.line.text(), "it says what it points at"
    save(office, screen, remark="早高峰")
    assert (screen.card.record.site, screen.card.record.remark) == (site, "早高峰") and not office.told
    office.press(Qt.Key.Key_F2)
    editor = screen.currentWidget().form.editor("site")
    editor.line.selectAll()
    office.press(Qt.Key.Key_Delete, widget=editor.line)
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.site is None, "what is cleared by hand is cleared"


@pytest.mark.parametrize(("key", "days"), [
    (Qt.Key.Key_1, ("2026-11-01", "2026-11-24")), (Qt.Key.Key_2, ("2026-10-01", "2026-11-24")), (Qt.Key.Key_3, ("2026-01-01", "2026-11-24")),
    (Qt.Key.Key_4, ("2026-10-01", "2026-10-31")), (Qt.Key.Key_5, ("2026-07-01", "2026-09-30")), (Qt.Key.Key_6, ("2025-01-01", "2025-12-31"))])
@pytest.mark.parametrize("of", ["hazards", "disputes"])
def test_a_key_fills_in_from_which_day_to_which(office: Any, key: Qt.Key, days: tuple[str, str], of: str) -> None:
    screen = office.show(of)
    office.press(Qt.Key.Key_P, CONTROL, widget=screen.list.table)
    form = screen.currentWidget().form
    assert (form.editor("since").text(), form.editor("until").text()) == ("2026-01-01", "2026-11-24")
    office.press(key, Qt.KeyboardModifier.AltModifier)
    assert (form.editor("since").text(), form.editor("until").text()) == days and not too_wide(screen.currentWidget()) and not clipped(screen.currentWidget())
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen._preview and not office.told


def test_places_are_ticked_off_one_after_the_other_by_one_key(busy: Any) -> None:
    screen = busy.show("rounds")
    first = [screen.list.table.rows.row_at(n).label for n in range(2)]
    assert first == ["QHY0002", "QHY0001"] and screen.card.record.house_no == "QHY0002", "方岩大道 before 祠堂路"
    busy.press(Qt.Key.Key_F10, widget=screen.list.table)
    assert screen.card.record.house_no == "QHY0001" and screen.list.table.rows.rowCount() == 1
    busy.press(Qt.Key.Key_F10, widget=screen.list.table)
    assert screen.list.table.rows.rowCount() == 0
    screen.choose("today")
    busy.settle()
    assert screen.list.table.rows.rowCount() == 2
    busy.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert screen.list.table.rows.rowCount() == 1


def test_the_walking_list_is_one_key_from_the_due_visits(busy: Any) -> None:
    screen = busy.show("visits")
    busy.press(Qt.Key.Key_F9, widget=screen.list.table)
    assert busy.window.screens["rounds"].isVisible()
