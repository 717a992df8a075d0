"""Slots: passwords in every spelling, good once or lasting, the sheet, the town, and a new key for all who stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gridapp.store import keyfile, vault
from gridapp.store.files import CannotWrite
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import ForeignSheet, ForeignTown, KeysChanged, KeysTurning, LastSlot, PasswordOver, WrongPassword
from gridapp.store.slot import PASSWORD as BY_PASSWORD
from gridapp.store.slot import SHEET, TOWN
from gridapp.store.slots import Vault
from gridapp.store.vault import SUITE
from tests.ledgers import CHEAP, PASSWORD
from tests.store.keyfiles import SECOND, copies, entered, rewritten, told

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_the_key_comes_back_with_the_password_alone(tmp_path: Path) -> None:
    made, key = Vault.create(tmp_path / "a.grid", PASSWORD, "officer 1", CHEAP)
    assert len(key) == 32 and made.unlock(PASSWORD).key == key == entered(tmp_path / "a.grid")
    assert key not in b"".join(p.read_bytes() for p in tmp_path.iterdir()) and key.hex() not in Vault.beside(tmp_path / "a.grid").read_text()
    assert Vault.create(tmp_path / "b.grid", PASSWORD, "officer 1", CHEAP)[1] != key


@pytest.mark.parametrize("wrong", ["", "一句好记的话 correct ", " 一句好记的话 correct", "一句好记的话 Correct", "一句好记的话　correct", "x" * 10_000, "\ud800"])
def test_another_password_opens_nothing(grid: Path, wrong: str) -> None:
    with pytest.raises(WrongPassword, match="密码不对"):
        entered(grid, wrong)


def test_the_same_password_from_every_keyboard(tmp_path: Path) -> None:
    """One keyboard sends é, another e and an accent; a full-width letter is another letter."""
    Vault.create(tmp_path / "a.grid", "un café à Yongkang", "officer 1", CHEAP)
    assert entered(tmp_path / "a.grid", "un cafe\u0301 a\u0300 Yongkang")
    with pytest.raises(WrongPassword):
        entered(tmp_path / "a.grid", "un café à Ｙongkang")


@pytest.mark.parametrize("short", ["", "1234567", "fourteen chars", "e\u0301" * 14, "一句七字的话"])
def test_a_short_password_is_refused_and_nothing_is_left(tmp_path: Path, short: str) -> None:
    with pytest.raises(WeakPassword, match="至少 15 个字符"):
        Vault.create(tmp_path / "a.grid", short, "officer 1", CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_new_vault_pays_the_full_price_of_guessing(tmp_path: Path) -> None:
    """Promise A1: three passes over 64 MiB at least; suite and costs stand in the slot."""
    made, _key = Vault.create(tmp_path / "a.grid", PASSWORD, "officer 1")
    slot = made.slots[0]
    assert slot.cost["t"] * slot.cost["m"] >= 3 * 64 * 1024
    assert slot.told["suite"] == SUITE and slot.told["kdf"]["name"] == "argon2id" and slot.told["label"] == "officer 1"


def test_every_slot_has_its_own_salt_and_nonce(tmp_path: Path) -> None:
    slots = [Vault.create(tmp_path / f"{n}.grid", PASSWORD, "officer 1", CHEAP)[0].slots[0].told for n in range(3)]
    for part in ("wrapped", "id", "public", "sealed"):
        assert len({s[part] for s in slots}) == 3
    assert len({s["wrapped"][:16] for s in slots}) == 3, "the nonce"
    assert len({s["kdf"]["salt"] for s in slots}) == 3


def test_changing_the_password_keeps_the_key_and_shuts_the_old_one_out(grid: Path) -> None:
    key = entered(grid)
    Vault.load(grid).change_password(PASSWORD, "另一句好记的话 battery")
    assert entered(grid, "另一句好记的话 battery") == key
    assert [p.read_bytes() for p in copies(grid)] == [copies(grid)[0].read_bytes()] * 2
    assert Vault.load(grid).slots[0].told["label"] == "officer 1" and Vault.load(grid).slots[0].cost == CHEAP
    with pytest.raises(WrongPassword):
        entered(grid)


@pytest.mark.parametrize(("old", "new", "failure"), [("不是这个密码 at all", "另一句好记的话", WrongPassword), (PASSWORD, "短", WeakPassword), (PASSWORD, "password password", WeakPassword)])
def test_a_change_that_is_refused_changes_nothing(grid: Path, old: str, new: str, failure: type[Exception]) -> None:
    before = [p.read_bytes() for p in copies(grid)]
    with pytest.raises(failure):
        Vault.load(grid).change_password(old, new)
    assert [p.read_bytes() for p in copies(grid)] == before


def test_several_officers_open_the_same_ledger(shared: Path) -> None:
    key = entered(shared)
    Vault.load(shared).change_password(SECOND, "第二位的新密码 staple", 2)
    assert entered(shared) == key == entered(shared, "第二位的新密码 staple")
    opened = Vault.load(shared).unlock("第二位的新密码 staple", 2)
    assert (opened.slot.officer, opened.slot.label, opened.slot.kind) == (2, "officer 2", BY_PASSWORD)
    with pytest.raises(WrongPassword):
        Vault.load(shared).unlock(PASSWORD, 2)


def test_a_new_password_for_an_officer_shuts_the_old_one_out(shared: Path) -> None:
    Vault.load(shared).add_password(entered(shared), 2, "officer 2", "又一句好记的话 three")
    assert len(Vault.load(shared).ways()) == 2 and entered(shared, "又一句好记的话 three")
    with pytest.raises(WrongPassword):
        entered(shared, SECOND)


def test_an_unknown_officer_costs_as_much_and_is_told_the_same(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise A3: nobody learns from time or words who has an account."""
    paid, really = list[object](), vault.stretch
    monkeypatch.setattr(vault, "stretch", lambda *words, **cost: paid.append(cost) or really(*words, **cost))
    said = []
    for officer in (2, 77):
        paid.clear()
        with pytest.raises(WrongPassword) as told_so:
            Vault.load(shared).unlock("不是这个密码 at all", officer)
        said.append((told_so.value.text, list(paid)))
    assert said[0] == said[1] and len(said[0][1]) == 1


# ---------------------------------------------------------------- good once

def reset(grid: Path, until: datetime = NOW + timedelta(hours=24)) -> str:
    Vault.load(grid).add_password(entered(grid), 2, "officer 2", "good only once, really", until)
    return "good only once, really"


def test_a_password_that_is_good_once_is_good_once(shared: Path) -> None:
    """Promises K3 and A4: the old one is gone, the new one opens once, then only the lasting one the officer chose."""
    once = reset(shared)
    with pytest.raises(WrongPassword):
        Vault.enter(shared, SECOND, now=NOW)
    made, opened = Vault.enter(shared, once, now=NOW)
    assert opened.slot.once and opened.slot.officer == 2
    with pytest.raises(PasswordOver, match="一次性密码"):
        Vault.enter(shared, once, now=NOW)
    made.choose(opened.key, opened.slot.id, "长久的密码只有我知道")
    assert Vault.enter(shared, "长久的密码只有我知道", 2)[1].key == opened.key
    assert not Vault.load(shared).unlock("长久的密码只有我知道").slot.once


def test_it_is_good_for_a_day(shared: Path) -> None:
    once = reset(shared)
    with pytest.raises(PasswordOver):
        Vault.enter(shared, once, now=NOW + timedelta(hours=24, seconds=1))
    assert Vault.enter(shared, once, now=NOW + timedelta(hours=24))[1].slot.once


def test_where_its_use_cannot_be_written_down_it_does_not_open(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _data: bytes) -> None:
        raise CannotWrite(path)

    once = reset(shared)
    monkeypatch.setattr(keyfile, "write_whole", refuse)
    with pytest.raises(CannotWrite):
        Vault.enter(shared, once, now=NOW)


def test_a_use_that_was_struck_out_is_noticed(shared: Path) -> None:
    once = reset(shared)
    Vault.enter(shared, once, now=NOW)
    rewritten(shared, lambda raw: raw["slots"][1].pop("used"))
    with pytest.raises(KeysChanged):
        Vault.enter(shared, once, now=NOW)


# ---------------------------------------------------------------- sheet, town, taking away

def test_the_sheet_opens_until_another_is_printed(grid: Path) -> None:
    """Promise K2, the store's half."""
    key = entered(grid)
    first = Vault.load(grid).add_sheet(key)
    assert Vault.load(grid).unlock_sheet("\n".join(first)).key == key == Vault.enter(grid, " ".join(first).lower(), by=SHEET)[1].key
    second = Vault.load(grid).add_sheet(key)
    assert Vault.load(grid).unlock_sheet(" ".join(second)).key == key and second != first
    with pytest.raises(ForeignSheet, match="恢复纸"):
        Vault.load(grid).unlock_sheet(" ".join(first))
    assert "".join(second) not in copies(grid)[0].read_text("utf-8")


def test_the_town_opens_while_it_is_let(grid: Path) -> None:
    """Promise K3: visible, can be taken away, absent by default."""
    key, (secret, public) = entered(grid), vault.new_pair()
    with pytest.raises(ForeignTown):
        Vault.load(grid).unlock_town(secret)
    slot = Vault.load(grid).add_town(key, public)
    assert Vault.load(grid).unlock_town(secret).key == key == Vault.enter(grid, secret, by=TOWN)[1].key
    assert [s.kind for s in Vault.load(grid).ways()] == [BY_PASSWORD, TOWN]
    for other in (vault.new_pair()[0], "no key"):
        with pytest.raises(ForeignTown, match="镇里的这把密钥"):
            Vault.load(grid).unlock_town(other)
    with pytest.raises(ForeignTown):
        Vault.load(grid).add_town(key, "age1nothing")
    turned = Vault.load(grid)
    turned.begin_turn(key, [slot.id])
    turned.end_turn()
    with pytest.raises(ForeignTown):
        Vault.load(grid).unlock_town(secret)


def test_the_last_lasting_password_cannot_be_taken_away(shared: Path) -> None:
    key = entered(shared)
    first, second = (s.id for s in Vault.load(shared).ways())
    Vault.load(shared).add_sheet(key)
    turned = Vault.load(shared)
    new = turned.begin_turn(key, [first])
    turned.end_turn()
    with pytest.raises(WrongPassword):
        entered(shared)
    with pytest.raises(LastSlot, match="最后一个"):
        Vault.load(shared).begin_turn(new, [second])
    assert entered(shared, SECOND) == new


# ---------------------------------------------------------------- a new key

def test_a_new_key_for_all_who_stay_without_their_passwords(shared: Path) -> None:
    """Promise K4: password, sheet and town go on opening; who left does not."""
    key, (secret, public) = entered(shared), vault.new_pair()
    sheet = Vault.load(shared).add_sheet(key)
    Vault.load(shared).add_town(key, public)
    gone = next(s.id for s in Vault.load(shared).ways() if s.officer == 2)
    made = Vault.load(shared)
    new = made.begin_turn(key, [gone])
    for opened in (Vault.load(shared).unlock(PASSWORD), Vault.load(shared).unlock_sheet(" ".join(sheet)), Vault.load(shared).unlock_town(secret)):
        assert (opened.key, opened.old) == (new, key) and new != key
    with pytest.raises(WrongPassword):
        Vault.load(shared).unlock(SECOND)
    with pytest.raises(KeysTurning):
        Vault.load(shared).change_password(PASSWORD, "另一句好记的话 battery")
    made.end_turn()
    for opened in (Vault.load(shared).unlock(PASSWORD), Vault.load(shared).unlock_sheet(" ".join(sheet)), Vault.load(shared).unlock_town(secret)):
        assert (opened.key, opened.old) == (new, None)
    with pytest.raises(WrongPassword):
        Vault.load(shared).unlock(SECOND)
    assert "next" not in told(shared) and gone not in copies(shared)[1].read_text("utf-8")


def test_what_is_changed_by_hand_while_the_key_is_changed_is_refused(shared: Path) -> None:
    key = entered(shared)
    Vault.load(shared).begin_turn(key)
    rewritten(shared, lambda raw: raw["next"]["slots"].reverse())
    with pytest.raises(KeysChanged):
        Vault.load(shared).unlock(PASSWORD)


def test_nobody_is_left_behind_by_a_new_key(grid: Path) -> None:
    before = copies(grid)[0].read_bytes()
    with pytest.raises(LastSlot):
        Vault.load(grid).begin_turn(entered(grid), [Vault.load(grid).slots[0].id])
    assert copies(grid)[0].read_bytes() == before
