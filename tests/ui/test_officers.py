"""账号: the list, who comes, who goes, the sheet, the town; and each role sees the screens it may use, and no refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt

from gridapp.exchange import founding, lent
from gridapp.ledger import Ledger
from gridapp.ledger.permits import ROLES, Permit
from gridapp.records import Officer
from gridapp.records.people import FIRST_CLERK
from gridapp.settings import Settings
from gridapp.store import vault
from gridapp.store.slot import TOWN
from gridapp.work import accounts, backups, recovery
from gridapp.work import village as village_work
from tests import ledgers, permissions
from tests.exchange import handing
from tests.exchange.paired import CONF, a_village
from ui.screens import SCREENS, navigation
from ui.screens.officers import where

HER_OWN = "只有李红知道的一句话"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def screen(office: Any) -> Any:
    return office.show("officers")


def add(office: Any, screen: Any, name: str, *roles: str) -> str:
    """Through the page; returns the password that is good once."""
    screen.add()
    office.settle()
    page = screen._account
    page.name.setText(name)
    for role, box in page.roles.items():
        box.setChecked(role in roles)
    page.save()
    office.settle()
    return str(screen._said.large.text())


def choose(office: Any, screen: Any, name: str) -> Any:
    row = next(r for r in screen.rows if r.account.officer.name == name)
    screen.list.select(row.id)
    office.settle()
    return row


def test_a_new_account_gets_a_password_to_write_down_that_is_forgotten(office: Any, screen: Any) -> None:
    once = add(office, screen, "李红", "grid", "chief")
    assert len(once) == 19 and "24 小时" in screen._said.words.text()
    screen._said.leave()
    assert screen._said.large.text() == "" and screen.currentWidget() is screen.home
    row = choose(office, screen, "李红")
    assert row.account.officer.titles == "网格员、网格长" and row.account.way == accounts.ONCE
    office.close()
    with Ledger.open(Path(Settings.load().ledger), once, row.account.officer.number, wall=ledgers.Clock()) as opened:
        assert opened.must_change


@pytest.mark.parametrize(("name", "roles", "said"), [("", ["grid"], "请填写姓名"), ("李红", [], "至少选一个角色"), ("李红", ["grid", "audit"], "不能兼任"),
                                                    ("王建国", ["grid"], "已经有一个")])
def test_a_bad_account_is_said_on_the_page(office: Any, screen: Any, name: str, roles: list[str], said: str) -> None:
    assert add(office, screen, name, *roles) == ""
    assert said in screen._account.alert.text() and screen.currentWidget() is screen._account and screen._account.save_button.isEnabled()


def test_a_masked_telephone_number_is_refused_on_the_page(office: Any, screen: Any) -> None:
    screen.add()
    office.settle()
    screen._account.phone.setText("139****0000")
    screen._account.name.setText("李红")
    screen._account.save()
    office.settle()
    assert "请填完整的号码" in screen._account.alert.text() and screen.currentWidget() is screen._account
    screen._account.phone.setText("139 0000 0000")
    screen._account.save()
    office.settle()
    with office.desk.ledger.read() as read:
        assert read.scalar(sa.select(Officer.phone).where(Officer.name == "李红")) == "13900000000"


def test_roles_are_changed_and_the_last_manager_stays(office: Any, screen: Any) -> None:
    add(office, screen, "李红", "grid")
    screen._said.leave()
    screen.change(choose(office, screen, "李红"))
    office.settle()
    page = screen._account
    assert page.roles["grid"].isChecked() and page.name.isReadOnly() and page.grid.currentText() == "全村"
    page.roles["grid"].setChecked(False)
    page.roles["manage"].setChecked(True)
    page.grid.setCurrentIndex(1)
    page.save()
    office.settle()
    row = choose(office, screen, "李红")
    assert row.account.officer.roles == {"manage"} and row.account.officer.grid == "第一网格" and screen.currentWidget() is screen.home


def test_another_password_is_given_and_not_to_oneself(office: Any, screen: Any) -> None:
    first = add(office, screen, "李红", "grid")
    screen._said.leave()
    screen.reset(choose(office, screen, "李红"))
    office.settle()
    assert screen._said.large.text() not in ("", first)
    own = next(r for r in screen.rows if r.own)
    assert [a.title for a in screen.offers if a.when(own)] == ["改角色"]


def test_k4_leaving_turns_the_key_and_lists_old_backups(office: Any, screen: Any) -> None:
    ledger = office.desk.ledger
    add(office, screen, "李红", "grid")
    screen._said.leave()
    backups.take(ledger, backups.ASKED)
    key, settings = ledger.home.key, office.window.settings
    hers = choose(office, screen, "李红")
    settings.saw(settings.ledger, hers.account.officer.number, "李红")
    settings.save()
    screen.dismiss(hers)
    office.settle()
    screen.currentWidget().save(False)
    office.qtbot.waitUntil(lambda: screen.currentWidget() is screen._said, timeout=20_000)
    office.settle()
    assert ledger.home.key != key and "以前的备份" in screen._said.words.text() and ".gridbak" in screen._said.words.text()
    assert [name for _number, name in Settings.load().seen(settings.ledger)] == ["王建国"], "the first page offers her name no more"
    screen._said.leave()
    screen.list.choose("left")
    office.settle()
    row = choose(office, screen, "李红")
    assert [a.title for a in screen.offers if a.when(row)] == ["恢复账号"]
    screen.take_back(row)
    office.settle()
    assert len(screen._said.large.text()) == 19


def test_k2_a_new_sheet_is_typed_back(office: Any, screen: Any) -> None:
    assert "没有" in screen.words.text()
    office.press(Qt.Key.Key_F6)
    assert screen.sheet.isVisible()
    screen.sheet.next_button.click()
    for text, field in screen.sheet.asked:
        field.setText(text)
    screen.sheet.next_button.click()
    office.settle()
    assert screen.currentWidget() is screen.home and "没有" not in screen.words.text().partition("镇里")[0] and screen.sheet._lines == ()


def test_k3_the_town_is_let_in_and_out_where_there_is_one(office: Any, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.town()
    office.settle()
    assert "还没有和镇里配对" in screen.words.text()
    monkeypatch.setattr(lent, "lend", lambda ledger: recovery.let_town(ledger, vault.new_pair()[1]))
    screen.town()
    office.qtbot.waitUntil(lambda: "能打开（" in screen.words.text(), timeout=10_000)
    assert any(slot.kind == TOWN for slot in office.desk.ledger.slots())
    office.settle()
    screen.town()
    office.qtbot.waitUntil(lambda: "应急密钥：打不开" in screen.words.text(), timeout=10_000)
    assert not any(slot.kind == TOWN for slot in office.desk.ledger.slots())


def test_k4_another_key_without_anybody_leaving(office: Any, screen: Any) -> None:
    before = office.desk.ledger.home.key
    office.press(Qt.Key.Key_F10)
    office.qtbot.waitUntil(lambda: office.desk.ledger.home.key != before, timeout=10_000)
    office.settle()
    assert "已换新密钥" in office.window.pill.text() and screen.rows


# ---------------------------------------------------------------- at a town

@pytest.fixture
def town_office(open_office: Callable[..., Any], tmp_path: Path) -> Iterator[Any]:
    """A window on a town's file with its first clerk and a village's records."""
    with handing.a_town(tmp_path / "town.grid") as town, a_village(tmp_path / "village.grid") as pc:
        town.do_in(CONF, village_work.sign_on, "李镇长")
        town.officer = town.ask(village_work.first_officer)
        founding.escrow_written(town)
        handing.joined(town, pc, tmp_path)
        handing.hand(pc, None, tmp_path)
        handing.take(town, tmp_path)
        yield open_office(town)


def test_a_town_shows_its_clerks_and_gives_its_own_roles(town_office: Any) -> None:
    screen = town_office.show("officers")
    assert [(r.account.officer.name, where(r)) for r in screen.rows] == [("李镇长", "全镇")], "the village's officers are the village's"
    once = add(town_office, screen, "赵明", "town")
    page = screen._account
    assert [role for role, box in page.roles.items() if not box.isHidden()] == ["town", "audit"] and page.grid.isHidden()
    assert len(once) == 19
    screen._said.leave()
    row = choose(town_office, screen, "赵明")
    assert row.account.officer.titles == "镇工作人员" and row.account.officer.number > FIRST_CLERK
    screen.change(row)
    town_office.settle()
    assert page.roles["town"].isChecked() and page.roles["town"].hasFocus() and not page.roles["grid"].isChecked()
    page.roles["town"].setChecked(False)
    page.roles["audit"].setChecked(True)
    page.save()
    town_office.settle()
    assert choose(town_office, screen, "赵明").account.officer.titles == "审计员" and not town_office.told


def test_a_village_gives_no_role_of_the_towns(office: Any, screen: Any) -> None:
    screen.add()
    office.settle()
    page = screen._account
    assert [role for role, box in page.roles.items() if not box.isHidden()] == ["grid", "chief", "manage", "audit"] and page.roles["grid"].isChecked()
    assert page.name.hasFocus() and not page.grid.isHidden() and {where(r) for r in screen.rows} <= {"第一网格", "全村"}


def test_the_first_account_of_a_town_without_one_is_told_whose_password_it_is(open_office: Callable[..., Any], tmp_path: Path) -> None:
    with handing.a_town(tmp_path / "town.grid") as town:
        office = open_office(town)
        screen = office.show("officers")
        assert add(office, screen, "李镇长", "town") == ""
        assert screen.currentWidget() is screen._said and "建立台账时的密码" in screen._said.words.text()


# ---------------------------------------------------------------- what a role may not use is not there

@pytest.mark.parametrize("entry", SCREENS, ids=lambda entry: entry.key)
def test_every_screen_declares_permits_there_are(entry: Any) -> None:
    assert set(entry.permits) <= set(Permit)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "town"])
def test_a_role_sees_the_screens_it_may_use_and_hears_no_refusal(open_office: Callable[..., Any], village: Ledger, role: str) -> None:
    village.sign_in(0)
    numbers = permissions.with_roles(village)
    village.sign_in(numbers[role])
    office = open_office(village)
    assert not office.told, "the first screen asks for nothing that is not allowed"
    usable = [e.key for e in office.window.usable]
    assert list(office.window._nav.buttons) == [e.key for e in navigation("v:330784108238") if e.key in usable]
    for key in usable:
        office.show(key)
        assert not office.told, (key, office.told)
    assert ("people" in usable) == bool({"look"} & {str(p) for p in ROLES[role].permits}) and ("officers" in usable) == (role == "manage")


def test_no_way_leads_to_a_screen_one_may_not_use(open_office: Callable[..., Any], village: Ledger) -> None:
    village.sign_in(0)
    numbers = permissions.with_roles(village)
    village.sign_in(numbers["audit"])
    office = open_office(village)
    office.window.go("officers", "", ())
    office.settle()
    assert "officers" not in office.window.screens and not office.told


def test_the_reminder_of_the_missing_sheet_is_for_whoever_manages(office: Any) -> None:
    today = office.show("today")
    assert today._accounts.count() == 1
    recovery.sheet(office.desk.ledger)
    recovery.sheet_checked(office.desk.ledger)
    office.window._touched(None)
    office.settle()
    assert today._accounts.count() == 0
