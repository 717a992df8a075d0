"""Coming in: whose password it is signs that officer in, by the window's way and by the door's; who left stays out."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.__main__ import main
from gridapp.ledger import Ledger
from gridapp.ledger.permits import NobodyHere
from gridapp.records import Officer
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import WrongPassword
from gridapp.store.slots import Vault
from gridapp.work import officers, opening, village
from tests import ledgers
from tests.ledgers import PASSWORD, TODAY

SECOND, THIRD = "第二位网格员的长密码", "长久的密码只有我知道"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def second(ledger: Ledger) -> int:
    """The number of 李红, a second officer with a password; the ledger is closed."""
    ledger.officer = 0
    number = ledger.do(officers.sign_up, "李红", ["grid"]).result
    ledger.add_password(number, f"officer {number}", SECOND)
    ledger.close()
    return number


def name_of(ledger: Ledger) -> str:
    return ledger.ask(village.desk).officer


@pytest.mark.parametrize("said", ["", "name", "number", "digits"])
def test_whose_password_it_is_signs_that_officer_in(ledger: Ledger, second: int, said: str) -> None:
    by = {"": (None, None), "name": ("王建国", "李红"), "number": (1, second), "digits": ("1", f" {second} ")}[said]
    for password, officer, name in zip((PASSWORD, SECOND), by, ("王建国", "李红"), strict=True):
        with opening.open_ledger(ledger.path, password, officer) as opened:
            assert name_of(opened) == name and opened.officer == opened.opened_as


@pytest.mark.parametrize("said", ["李红", "number", "谁也不是", 77, "77", ""])
def test_somebody_elses_password_is_a_wrong_one(ledger: Ledger, second: int, said: int | str) -> None:
    """Also for an officer who does not exist: nobody learns who has an account."""
    with pytest.raises(WrongPassword):
        opening.open_ledger(ledger.path, PASSWORD, second if said == "number" else said)
    opening.open_ledger(ledger.path, PASSWORD).close()


def record_of(ledger: Ledger, number: int) -> UUID:
    with ledger.home.engine.connect() as connection:
        return connection.execute(sa.select(Officer.id).where(Officer.number == number)).scalar_one()


def test_who_left_is_told_so_and_nothing_stays_open(ledger: Ledger, second: int) -> None:
    with Ledger.open(ledger.path, PASSWORD, wall=ledgers.Clock()) as admin:
        admin.do(officers.dismiss, record_of(admin, second), TODAY)
    with pytest.raises(NobodyHere, match="停用"):
        opening.open_ledger(ledger.path, SECOND)
    opening.open_ledger(ledger.path, PASSWORD).close()


def test_a_slot_without_a_record_is_nobodys(ledger: Ledger) -> None:
    ledger.add_password(9, "officer 9", SECOND)
    ledger.close()
    with pytest.raises(NobodyHere):
        opening.open_ledger(ledger.path, SECOND)


def test_an_old_slot_is_the_first_officers_and_says_so_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "a.grid"
    with Ledger.create(path, PASSWORD, "officer 1", "v:330784108238", cost=ledgers.CHEAP, officer=None) as made:
        made.do(village.found_village, "330784108238", "第一网格", "王建国")
    assert Vault.load(path).slots[0].officer is None
    with opening.open_ledger(path, PASSWORD) as opened:
        assert (opened.officer, opened.opened_as) == (1, 1)
    assert Vault.load(path).slots[0].officer == 1 and Vault.load(path).slots[0].id == opened.slot_id
    with pytest.raises(WrongPassword):
        opening.open_ledger(path, PASSWORD, 2)


@pytest.mark.parametrize("own", ["王建国的台账密码", "wangjianguo at home", "第一网格的王建国"])
def test_a_new_ledgers_password_is_none_of_the_officers_own_words(tmp_path: Path, own: str) -> None:
    with pytest.raises(WeakPassword):
        opening.new_ledger(tmp_path / "a.grid", own, "330784108238", "第一网格", "王建国")
    assert list(tmp_path.glob("a.grid*")) in ([], [tmp_path / "a.grid.lock"])


def test_another_password_for_one_of_several(ledger: Ledger, second: int) -> None:
    opening.change_password(ledger.path, SECOND, THIRD, second)
    with opening.open_ledger(ledger.path, THIRD, "李红"):
        pass
    with pytest.raises(WrongPassword):
        opening.change_password(ledger.path, PASSWORD, "又一句好记的话 three", second)


# ---------------------------------------------------------------- at the door

def door(ledger: Ledger, password: str, *words: str) -> tuple[int, str]:
    file = ledger.path.with_name("pw")
    file.write_text(password, "utf-8")
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(["--ledger", str(ledger.path), "--password-file", str(file), *words])
    return code, out.getvalue() + err.getvalue()


def test_the_door_asks_who_it_is_where_there_are_several(ledger: Ledger, second: int) -> None:
    code, said = door(ledger, SECOND, "find", "彭兵")
    assert code == 2 and "--officer" in said
    for who in ("李红", str(second)):
        assert door(ledger, SECOND, "--officer", who, "find", "彭兵")[0] == 0
    code, said = door(ledger, SECOND, "--officer", "王建国", "find", "彭兵")
    assert code == 2 and "密码不对" in said


def test_the_door_uses_no_password_up_that_is_good_once(ledger: Ledger, second: int) -> None:
    with Ledger.open(ledger.path, PASSWORD) as admin:
        once = admin.give_once(second, f"officer {second}")
    code, said = door(ledger, once, "--officer", "李红", "find", "彭兵")
    assert code == 2 and "change-password" in said
    new = ledger.path.with_name("new")
    new.write_text(THIRD, "utf-8")
    new.write_text("short", "utf-8")
    assert door(ledger, once, "--officer", "李红", "change-password", "--new-password-file", str(new))[0] == 2, "and nothing is used up"
    new.write_text(THIRD, "utf-8")
    assert door(ledger, once, "--officer", "李红", "change-password", "--new-password-file", str(new))[0] == 0
    assert door(ledger, THIRD, "--officer", "李红", "find", "彭兵")[0] == 0
    assert door(ledger, once, "--officer", "李红", "find", "彭兵")[0] == 2


def test_a2_at_the_door_ones_own_words_are_no_password_either(ledger: Ledger, second: int) -> None:
    new = ledger.path.with_name("new")
    new.write_text("青后叶村第一网格李红", "utf-8")
    code, said = door(ledger, SECOND, "--officer", "李红", "change-password", "--new-password-file", str(new))
    assert code == 2 and "姓名" in said and door(ledger, SECOND, "--officer", "李红", "find", "彭兵")[0] == 0
