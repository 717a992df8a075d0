"""Who opens a ledger: which officer's slot, sheet or town; waits after wrong passwords; a password that is good once; the fresh password."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.keyring import OnlyAFile
from gridapp.store import passwords, vault
from gridapp.store.files import InUse
from gridapp.store.refusals import LastSlot, MustWait, PasswordOver, WrongPassword
from gridapp.store.slot import SHEET, TOWN
from gridapp.store.slots import Vault
from tests import ledgers
from tests.ledgers import PASSWORD, Clock

SECOND, THIRD = "第二位网格员的长密码", "长久的密码只有我知道"
WRONG = "不是这个密码 at all"


@pytest.fixture
def path(ledger: Ledger) -> Path:
    """A closed ledger of two officers."""
    ledger.add_password(2, "officer 2", SECOND)
    ledger.close()
    return ledger.path


def test_the_ledger_knows_whose_password_it_was(path: Path) -> None:
    for password, officer in ((PASSWORD, 1), (SECOND, 2)):
        for said in (None, officer):
            with Ledger.open(path, password, said, wall=Clock()) as opened:
                assert (opened.opened_as, opened.opened_by, opened.must_change) == (officer, "password", False)
                assert opened.slots_of(officer) == [opened.slot_id]
    with pytest.raises(WrongPassword):
        Ledger.open(path, PASSWORD, 2, wall=Clock())


def test_after_five_wrong_passwords_even_the_right_one_waits(path: Path) -> None:
    """Promise A3: over restarts; for this officer, and not for ever."""
    clock = Clock()
    for _again in range(5):
        with pytest.raises(WrongPassword):
            Ledger.open(path, WRONG, 2, wall=clock)
    with pytest.raises(MustWait, match="请等 30 秒"):
        Ledger.open(path, SECOND, 2, wall=clock)
    Ledger.open(path, PASSWORD, 1, wall=clock).close()
    clock.ms += 30_000
    Ledger.open(path, SECOND, 2, wall=clock).close()
    with pytest.raises(WrongPassword):
        Ledger.open(path, WRONG, 2, wall=clock)


def test_a_file_in_use_counts_no_wrong_password_and_uses_none_up(path: Path) -> None:
    with Ledger.open(path, PASSWORD, wall=Clock()) as first:
        once = first.give_once(2, "officer 2")
        with pytest.raises(InUse):
            Ledger.open(path, once, wall=Clock())
    with Ledger.open(path, once, wall=Clock()) as second:
        assert second.must_change


def test_a_reset_makes_a_password_that_is_good_once_and_leads_to_a_lasting_one(path: Path) -> None:
    """Promises K3 and A4: the administrator never knows the lasting one."""
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        once = admin.give_once(2, "officer 2")
        assert [slot.once for slot in admin.slots()] == [False, True]
    with pytest.raises(WrongPassword):
        Ledger.open(path, SECOND, wall=Clock())
    with Ledger.open(path, once, wall=Clock()) as officer:
        assert officer.opened_as == 2 and officer.must_change
        with pytest.raises(passwords.WeakPassword):
            officer.choose_password("short")
        assert officer.must_change
        officer.choose_password(THIRD)
        assert not officer.must_change and officer.slots_of(2) == [officer.slot_id]
    with pytest.raises(WrongPassword):
        Ledger.open(path, once, wall=Clock())
    with Ledger.open(path, THIRD, 2, wall=Clock()) as officer:
        assert not officer.must_change


def test_who_did_not_choose_a_lasting_one_asks_again(path: Path) -> None:
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        once, late = admin.give_once(2, "officer 2"), admin.give_once(3, "officer 3")
    Ledger.open(path, once, wall=Clock()).close()
    with pytest.raises(PasswordOver, match="请管理员再发一个"):
        Ledger.open(path, once, wall=Clock())
    with pytest.raises(PasswordOver):
        Ledger.open(path, late, wall=Clock(ledgers.NOON + int(timedelta(hours=25).total_seconds()) * 1000))


def test_the_sheet_opens_the_ledger_for_nobody_in_particular(path: Path) -> None:
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        groups, digest = admin.add_sheet(), admin.digest()
    with Ledger.open(path, "\n".join(groups), by=SHEET, wall=Clock()) as opened:
        assert (opened.opened_as, opened.opened_by, opened.digest()) == (None, SHEET, digest)
        opened.add_password(1, "officer 1", THIRD)
    Ledger.open(path, THIRD, 1, wall=Clock()).close()


def test_the_town_opens_it_while_the_village_lets_it(path: Path) -> None:
    secret, public = vault.new_pair()
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        admin.add_town(public)
        admin.rotate()
    with Ledger.open(path, secret, by=TOWN, wall=Clock()) as town:
        assert (town.opened_as, town.opened_by) == (None, TOWN)
        town.rotate([town.slot_id])
        assert TOWN not in {slot.kind for slot in town.slots()}


def test_the_last_password_stays(path: Path) -> None:
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        admin.rotate(admin.slots_of(2))
        with pytest.raises(LastSlot):
            admin.rotate(admin.slots_of(1))
    Ledger.open(path, PASSWORD, wall=Clock()).close()


def test_a_password_is_shown_again_by_whoever_sits_there(path: Path) -> None:
    """Promise A6, the ledger's half: the own password counts, a colleague's does not, and wrong ones are counted."""
    with Ledger.open(path, SECOND, 2, wall=Clock()) as opened:
        opened.home.check_password(SECOND, 2)
        for other in (PASSWORD, WRONG, PASSWORD, WRONG, PASSWORD):
            with pytest.raises(WrongPassword):
                opened.home.check_password(other, 2)
        with pytest.raises(MustWait):
            opened.home.check_password(SECOND, 2)


def test_an_office_under_dengbao_wants_another_password_after_ninety_days(path: Path) -> None:
    with Ledger.open(path, PASSWORD, wall=Clock()) as admin:
        admin.set_password_rules(passwords.DENGBAO)
        with pytest.raises(passwords.WeakPassword, match="三类"):
            admin.add_password(2, "officer 2", "blue kettle sings")
    made = Vault.load(path).slots[0].made_at
    assert made is not None
    day = int(made.timestamp() * 1000)
    for days, due in ((89, False), (91, True)):
        with Ledger.open(path, PASSWORD, wall=Clock(day + days * 86_400_000)) as opened:
            assert opened.must_change == due


def test_a_towns_database_has_no_key_file(hub_ledger: Ledger) -> None:
    with pytest.raises(OnlyAFile, match="clerk-new"):
        hub_ledger.slots()
    hub_ledger.home.check_password(PASSWORD)
    with pytest.raises(WrongPassword):
        hub_ledger.home.check_password(WRONG)
