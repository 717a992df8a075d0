"""Accounts: who comes gets what is good once, who leaves opens nothing new, and nothing grave is done on an old password (A6, K2-K4)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from gridapp.ledger import Ledger, looks, seating
from gridapp.ledger.clock import wall_ms
from gridapp.ledger.permits import NobodyHere, NotAllowed, PasswordAgain, needed
from gridapp.store import papercode, passwords, vault
from gridapp.store.files import DiskFull
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import ForeignSheet, ForeignTown, PasswordOver, WrongPassword
from gridapp.store.slot import SHEET, TOWN
from gridapp.store.slots import Vault
from gridapp.work import accounts, audit, backups, officers, opening, recovery
from gridapp.work.audit import Wish
from tests import ledgers
from tests.ledgers import PASSWORD, TODAY

HER_OWN, OTHERS = "只有李红知道的一句话", "别人想不到的管理口令"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def office(ledger: Ledger) -> Ledger:
    """A ledger whose first officer has just typed the password, at the hour it is opened again by the program itself."""
    ledger._wall.ms = wall_ms()
    ledger.sign_in(1)
    return ledger


def row_of(ledger: Ledger, name: str) -> accounts.Account:
    return next(a for a in accounts.overview(ledger).rows if a.officer.name == name)


def come_in(path: Path, password: str, chosen: str) -> None:
    """Once, and choose a lasting one."""
    with opening.open_ledger(path, password, "李红") as opened:
        assert opened.must_change
        opened.choose_password(chosen)


def test_k3_a_new_officer_gets_a_password_that_is_good_once_and_chooses_their_own(office: Ledger) -> None:
    told = accounts.add_officer(office, "李红", ["grid"])
    assert row_of(office, "李红").way == accounts.ONCE and row_of(office, "王建国").way == accounts.LASTING
    office.close()
    come_in(office.path, told.password, HER_OWN)
    with opening.open_ledger(office.path, HER_OWN, "李红") as hers:
        assert hers.officer == told.number and not hers.must_change
        with pytest.raises(NotAllowed):
            accounts.reset(hers, row_of_as_house(hers, "王建国"))
    with pytest.raises(WrongPassword):
        opening.open_ledger(office.path, told.password, "李红")


def row_of_as_house(ledger: Ledger, name: str) -> Any:
    return next(row.id for row in ledger.ask(officers.list_officers) if row.name == name)


def test_k3_a_password_that_was_used_once_and_changed_by_nobody_is_over(office: Ledger) -> None:
    told = accounts.add_officer(office, "李红", ["grid"])
    office.close()
    opening.open_ledger(office.path, told.password, "李红").close()
    with pytest.raises(PasswordOver):
        opening.open_ledger(office.path, told.password, "李红")


def test_k3_a_reset_opens_and_the_old_password_does_not(office: Ledger) -> None:
    first = accounts.add_officer(office, "李红", ["grid"])
    told = accounts.reset(office, row_of(office, "李红").officer.id)
    office.close()
    with pytest.raises(WrongPassword):
        opening.open_ledger(office.path, first.password, "李红")
    come_in(office.path, told.password, HER_OWN)


def test_whoever_is_known_from_another_pc_gets_a_way_in_here(office: Ledger) -> None:
    """Their record came by a parcel; their slot did not."""
    office.do(officers.sign_up, "李红", ["grid"])
    assert row_of(office, "李红").way == accounts.NONE
    told = accounts.reset(office, row_of(office, "李红").officer.id)
    office.close()
    come_in(office.path, told.password, HER_OWN)


def test_k3_a_manager_must_choose_a_longer_password(office: Ledger) -> None:
    told = accounts.add_officer(office, "李红", ["manage"])
    office.close()
    with opening.open_ledger(office.path, told.password, "李红") as hers, pytest.raises(WeakPassword, match=str(passwords.ADMINISTRATOR)):
        hers.choose_password("thirteen chrs")


def test_k4_who_leaves_opens_the_ledger_no_more_and_everybody_else_does(office: Ledger) -> None:
    groups = recovery.sheet(office)
    come = accounts.add_officer(office, "李红", ["grid"])
    backups.take(office, backups.ASKED)
    key = office.home.key  # type: ignore[attr-defined]
    told = accounts.dismiss(office, row_of(office, "李红").officer.id, TODAY)
    assert told.rotated and office.home.key != key  # type: ignore[attr-defined]
    assert len(told.old_backups) == 2 and all(file.exists() for file in told.old_backups), "that of before, and that of the moment"
    assert row_of(office, "李红").officer.left_on == TODAY and row_of(office, "李红").way == accounts.NONE
    office.close()
    with pytest.raises(WrongPassword):
        opening.open_ledger(office.path, come.password, "李红")
    opening.open_ledger(office.path, PASSWORD, "王建国").close()
    assert Vault.key_of(office.path, " ".join(groups), SHEET)


def test_k4_a_dismissal_that_was_cut_short_is_finished_the_second_time(office: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.add_officer(office, "李红", ["grid"])
    hers = row_of(office, "李红").officer.id
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "rotate", lambda *_args: (_ for _ in ()).throw(WrongPassword()))
        with pytest.raises(WrongPassword):
            accounts.dismiss(office, hers, TODAY)
    assert row_of(office, "李红").way, "her slot is still there"
    assert accounts.dismiss(office, hers, TODAY).rotated and not row_of(office, "李红").way


def test_nobody_locks_themselves_out(office: Ledger) -> None:
    own = row_of(office, "王建国").officer.id
    for step in (accounts.reset, lambda ledger, who: accounts.dismiss(ledger, who, TODAY)):
        with pytest.raises(accounts.NotYourself):
            step(office, own)
    assert opening.several_officers(office.path) is False


def test_who_left_gets_no_password_until_taken_back(office: Ledger) -> None:
    accounts.add_officer(office, "李红", ["grid"])
    hers = row_of(office, "李红").officer.id
    accounts.dismiss(office, hers, TODAY)
    with pytest.raises(accounts.AccountClosed):
        accounts.reset(office, hers)
    told = accounts.take_back(office, hers)
    office.close()
    come_in(office.path, told.password, HER_OWN)


def test_k2_the_first_ledger_has_a_sheet_that_counts_once_it_was_typed_back(tmp_path: Path) -> None:
    ledger, groups = recovery.begin(tmp_path / "a.grid", PASSWORD, "330784108238", "第一网格", "王建国")
    with ledger:
        assert len(groups) == 7 and len(recovery.reminders(ledger)) == 1
        recovery.sheet_checked(ledger)
        assert recovery.reminders(ledger) == [] and accounts.overview(ledger).sheet_checked
        recovery.sheet(ledger)
        assert len(recovery.reminders(ledger)) == 1, "a new sheet is not the one that was typed back"
    with pytest.raises(ForeignSheet):
        Vault.key_of(ledger.path, " ".join(groups), SHEET)


def test_a_ledger_without_a_sheet_reminds_whoever_manages_it(office: Ledger) -> None:
    assert "恢复纸" in recovery.reminders(office)[0]
    told = accounts.add_officer(office, "李红", ["grid"])
    office.sign_in(told.number)
    assert recovery.reminders(office) == []


def test_a_village_begins_with_a_manager_of_its_own(tmp_path: Path) -> None:
    """The roles are apart from the first moment; each opens with their own password (docs/adr/0020)."""
    path = tmp_path / "a.grid"
    ledger, _groups = recovery.begin(path, PASSWORD, "330784108238", "第一网格", "王建国", ("李红", OTHERS))
    assert ledger.seat.roles == {"grid", "chief"}
    with pytest.raises(NotAllowed):
        accounts.overview(ledger)
    ledger.close()
    with opening.open_ledger(path, OTHERS, "李红") as hers:
        assert hers.seat.roles == {"manage"}


@pytest.mark.parametrize(("manager", "refusal"), [(("李红", PASSWORD), recovery.SamePassword), (("王建国", OTHERS), officers.SameName),
                                                  (("李红", "short"), WeakPassword), (("李红", "李红330784108238"), WeakPassword)])
def test_a_bad_beginning_leaves_no_ledger(tmp_path: Path, manager: tuple[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        recovery.begin(tmp_path / "a.grid", PASSWORD, "330784108238", "第一网格", "王建国", manager)
    assert list(tmp_path.iterdir()) == []


def test_k3_the_town_opens_what_was_sealed_to_it_until_that_is_taken_away(office: Ledger) -> None:
    secret, public = vault.new_pair()
    recovery.let_town(office, public)
    assert accounts.overview(office).town is not None and Vault.key_of(office.path, secret, TOWN)
    recovery.without_town(office)
    assert accounts.overview(office).town is None
    with pytest.raises(ForeignTown):
        Vault.key_of(office.path, secret, TOWN)


def keyed(path: Path) -> list[tuple[str, str]]:
    """What the audit tells of passwords and keys, the oldest first; read by the program itself."""
    with ledgers.reopen(path) as opened:
        return [(line.why, line.result) for line in reversed(opened.ask(audit.lines, Wish(what=looks.KEYS)))]


def test_k3_every_change_of_passwords_and_keys_stands_in_the_audit(office: Ledger) -> None:
    groups, hers = recovery.sheet(office), accounts.add_officer(office, "李红", ["grid"])
    once = accounts.reset(office, row_of(office, "李红").officer.id)
    recovery.let_town(office, vault.new_pair()[1])
    recovery.without_town(office)
    accounts.set_password_rules(office, passwords.DENGBAO)
    accounts.set_password_rules(office, "")
    accounts.rotate(office)
    accounts.change_password(office, PASSWORD, OTHERS)
    office.close()
    with opening.open_ledger(office.path, once.password, "李红") as opened:
        accounts.choose_password(opened, HER_OWN)
    with recovery.enter_by(office.path, " ".join(groups), PASSWORD) as opened:
        accounts.dismiss(opened, row_of(opened, "李红").officer.id, TODAY)
    n = hers.number
    assert keyed(office.path) == [(told, looks.OK) for told in (
        "换恢复纸", f"发一次性密码　账号 {n}", f"发一次性密码　账号 {n}", "开通镇应急", "换密钥　镇应急取消", "改密码规则　等保", "改密码规则　平常", "换密钥",
        "改自己的密码", "改自己的密码", "用恢复纸进入", "设密码　账号 1", f"换密钥　账号 {n}")]


def test_k3_what_could_not_be_done_stands_there_too(office: Ledger) -> None:
    for fails, refusal in ((lambda: accounts.change_password(office, "wrong", OTHERS), WrongPassword), (lambda: recovery.let_town(office, "age1"), ForeignTown)):
        with pytest.raises(refusal):
            fails()
    office.close()
    assert keyed(office.path) == [("改自己的密码", looks.OK), ("改自己的密码", looks.FAILED), ("开通镇应急", looks.OK), ("开通镇应急", looks.FAILED)]


def test_t1_no_key_is_changed_where_it_cannot_be_written_down(office: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: Any) -> NoReturn:
        raise DiskFull

    her = accounts.add_officer(office, "李红", ["grid"])
    record, before = row_of(office, "李红").officer.id, [path.read_bytes() for path in office.path.parent.glob("*.keys*")]
    backups.take(office, backups.ASKED)
    monkeypatch.setattr(office, "_written", full)
    steps: list[Callable[[], Any]] = [
        lambda: accounts.reset(office, record), lambda: accounts.change_password(office, PASSWORD, OTHERS), lambda: recovery.sheet(office),
        lambda: recovery.let_town(office, vault.new_pair()[1]), lambda: accounts.set_password_rules(office, passwords.DENGBAO), lambda: office.rotate()]
    for step in steps:
        with pytest.raises(DiskFull):
            step()
    assert [path.read_bytes() for path in office.path.parent.glob("*.keys*")] == before and her.password


def test_a2_the_office_chooses_its_rules(office: Ledger) -> None:
    """等保: three kinds of four, and another one after 90 days; who manages the accounts says so."""
    assert accounts.password_rules(office) == ""
    accounts.set_password_rules(office, passwords.DENGBAO)
    assert accounts.password_rules(office) == passwords.DENGBAO
    with pytest.raises(WeakPassword, match="三类"):
        accounts.change_password(office, PASSWORD, "blue kettle sings")
    accounts.set_password_rules(office, "")
    accounts.change_password(office, PASSWORD, "blue kettle sings")
    her = accounts.add_officer(office, "李红", ["grid"])
    office.sign_in(her.number)
    assert accounts.password_rules(office) == ""
    with pytest.raises(NotAllowed):
        accounts.set_password_rules(office, passwords.DENGBAO)


def test_k3_no_other_key_is_taken_for_the_towns(office: Ledger) -> None:
    with pytest.raises(ForeignTown):
        recovery.let_town(office, "age1nonsense")
    assert accounts.overview(office).town is None


#: what only looks, or is about one's own password, which is typed anyway
LIGHT = (accounts.overview, accounts.password_rules, accounts.choose_password, accounts.change_password, accounts.own_words, recovery.reminders, recovery.sheet_checked,
         recovery.check_sheet)
GRAVE = [told for module in (accounts, recovery) for _name, told in inspect.getmembers(module, inspect.isfunction)
         if needed(told) and told.__module__ == module.__name__ and not told.__name__.startswith("_") and told not in LIGHT]


@pytest.mark.parametrize("step", GRAVE, ids=lambda step: step.__name__)
def test_a6_nothing_grave_is_done_on_an_old_password(office: Ledger, step: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seating, "monotonic", lambda now=seating.monotonic(): now + seating.FRESH + 1)
    with pytest.raises(PasswordAgain):
        step(office, nobody_takes_this=True)
    office.prove(PASSWORD)
    with pytest.raises(TypeError):
        step(office, nobody_takes_this=True)


def test_who_was_dismissed_meanwhile_does_nothing_more(office: Ledger) -> None:
    told = accounts.add_officer(office, "李红", ["manage"])
    accounts.dismiss(office, row_of(office, "李红").officer.id, TODAY)
    office.sign_in(told.number)
    with pytest.raises(NobodyHere):
        accounts.overview(office)


@pytest.mark.parametrize("typed", ["whole", "bad group", "another ledger's"])
def test_k2_whoever_has_the_sheet_gives_the_manager_another_password(office: Ledger, typed: str) -> None:
    groups = recovery.sheet(office)
    accounts.add_officer(office, "李红", ["grid"])
    office.close()
    if typed == "whole":
        with recovery.enter_by(office.path, " ".join(groups), OTHERS) as opened:
            assert opened.officer == 1 and not opened.must_change
        opening.open_ledger(office.path, OTHERS, "王建国").close()
        with pytest.raises(WrongPassword):
            opening.open_ledger(office.path, PASSWORD, "王建国")
        return
    wrong = " ".join(groups[:3] + [groups[4]] + groups[4:]) if typed == "bad group" else " ".join(papercode.on_paper(papercode.new_code()))
    with pytest.raises(papercode.BadGroup if typed == "bad group" else ForeignSheet):
        recovery.enter_by(office.path, wrong, OTHERS)
    opening.open_ledger(office.path, PASSWORD, "王建国").close()


def test_ones_own_password_is_none_of_ones_own_words(office: Ledger) -> None:
    for weak in ("王建国王建国王建国", "青后叶村第一网格王建国"):
        with pytest.raises(WeakPassword):
            accounts.change_password(office, PASSWORD, weak)
    accounts.change_password(office, PASSWORD, OTHERS)
    office.prove(OTHERS)
