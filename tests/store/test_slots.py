"""The key file: passwords in every spelling, two copies that stand in for each other, slots bound to their ledger and to each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from gridapp.store import keyfile, vault
from gridapp.store.files import CannotWrite
from gridapp.store.keyfile import FORMAT
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import (
    ForeignSheet, ForeignTown, KeysChanged, KeysMissing, KeysTurning, LastSlot, NewerKeys, PasswordOver, WrongPassword)
from gridapp.store.slot import PASSWORD as BY_PASSWORD
from gridapp.store.slot import SHEET, TOWN, Slot
from gridapp.store.slots import Vault
from gridapp.store.vault import SUITE
from tests.ledgers import CHEAP, PASSWORD

SECOND = "第二位网格员的长密码"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a ledger would lie; its vault is beside it."""
    Vault.create(tmp_path / "台账.grid", PASSWORD, "officer 1", CHEAP)
    return tmp_path / "台账.grid"


def copies(database: Path) -> list[Path]:
    return [Vault.beside(database), Vault.beside(database).with_name("台账.grid.keys2")]


def told(database: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Vault.beside(database).read_text("utf-8"))
    return found


def entered(database: Path, password: str = PASSWORD) -> bytes:
    """The key as it comes out at the beginning of a day."""
    return Vault.enter(database, password)[1].key


def rewritten(database: Path, change: Callable[[dict[str, Any]], object], key: bytes | None = None) -> None:
    """Both copies as another program would have written them, sum and all; with the key also the mark."""
    raw = told(database)
    change(raw)
    made = Vault(Vault.beside(database), raw)
    if key is not None:
        made._vouch(key)
    made.save()


def test_the_key_comes_back_with_the_password_alone(tmp_path: Path) -> None:
    made, key = Vault.create(tmp_path / "a.grid", PASSWORD, "officer 1", CHEAP)
    assert len(key) == 32 and made.unlock(PASSWORD).key == key == entered(tmp_path / "a.grid")
    assert key not in b"".join(p.read_bytes() for p in tmp_path.iterdir()) and key.hex() not in Vault.beside(tmp_path / "a.grid").read_text()
    assert Vault.create(tmp_path / "b.grid", PASSWORD, "officer 1", CHEAP)[1] != key


@pytest.mark.parametrize("wrong", ["", "一句好记的话 correct ", " 一句好记的话 correct", "一句好记的话 Correct", "一句好记的话　correct", "x" * 10_000, "\ud800"])
def test_another_password_opens_nothing(database: Path, wrong: str) -> None:
    with pytest.raises(WrongPassword, match="密码不对"):
        entered(database, wrong)


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


def test_changing_the_password_keeps_the_key_and_shuts_the_old_one_out(database: Path) -> None:
    key = entered(database)
    Vault.load(database).change_password(PASSWORD, "另一句好记的话 battery")
    assert entered(database, "另一句好记的话 battery") == key
    assert [p.read_bytes() for p in copies(database)] == [copies(database)[0].read_bytes()] * 2
    assert Vault.load(database).slots[0].told["label"] == "officer 1" and Vault.load(database).slots[0].cost == CHEAP
    with pytest.raises(WrongPassword):
        entered(database)


@pytest.mark.parametrize(("old", "new", "failure"), [("不是这个密码 at all", "另一句好记的话", WrongPassword), (PASSWORD, "短", WeakPassword), (PASSWORD, "password password", WeakPassword)])
def test_a_change_that_is_refused_changes_nothing(database: Path, old: str, new: str, failure: type[Exception]) -> None:
    before = [p.read_bytes() for p in copies(database)]
    with pytest.raises(failure):
        Vault.load(database).change_password(old, new)
    assert [p.read_bytes() for p in copies(database)] == before


def test_a_change_interrupted_between_the_copies_has_happened(database: Path) -> None:
    old = copies(database)[1].read_bytes()
    Vault.load(database).change_password(PASSWORD, "另一句好记的话 battery")
    copies(database)[1].write_bytes(old)
    with pytest.raises(WrongPassword):
        entered(database)
    assert entered(database, "另一句好记的话 battery")
    assert copies(database)[1].read_bytes() == copies(database)[0].read_bytes() != old


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("content", [None, b"", b"{", b"null", b"[]", b"{}", b'{"ledger": 1, "slots": 2}', b"\xff\xfe\x00", b"[" * 100_000], ids=repr)
def test_one_copy_stands_in_for_the_other_and_mends_it(database: Path, lost: int, content: bytes | None) -> None:
    key, whole = entered(database), copies(database)[lost].read_bytes()
    copies(database)[lost].unlink() if content is None else copies(database)[lost].write_bytes(content)
    assert entered(database) == key
    assert copies(database)[lost].read_bytes() == whole


def test_a_folder_that_cannot_be_written_still_opens(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _data: bytes) -> None:
        raise CannotWrite(path)

    copies(database)[0].unlink()
    monkeypatch.setattr(keyfile, "write_whole", refuse)
    assert entered(database) and not copies(database)[0].exists()


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00" * 100])
def test_both_copies_lost_is_told_by_name(database: Path, content: bytes | None) -> None:
    for copy in copies(database):
        copy.unlink() if content is None else copy.write_bytes(content)
    with pytest.raises(KeysMissing, match=r"台账\.grid\.keys"):
        entered(database)


def test_any_flipped_byte_is_made_good_from_the_other_copy(database: Path) -> None:
    whole, key = copies(database)[0].read_bytes(), entered(database)
    for place in [*range(0, len(whole), 11), whole.index(b'"format": 2') + 10]:
        copies(database)[0].write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        assert entered(database) == key
        assert copies(database)[0].read_bytes() == whole


def test_any_flipped_byte_in_both_copies_opens_with_the_right_key_or_not_at_all(database: Path) -> None:
    whole, key = copies(database)[0].read_bytes(), entered(database)
    for place in range(0, len(whole), 3):
        for copy in copies(database):
            copy.write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        try:
            assert entered(database) == key
        except (WrongPassword, KeysMissing, NewerKeys, KeysChanged) as told_so:
            assert told_so.text


def test_a_slot_moved_to_another_ledger_opens_nothing(database: Path) -> None:
    rewritten(database, lambda raw: raw.update(ledger=str(uuid4())))
    with pytest.raises(WrongPassword):
        entered(database)


@pytest.mark.parametrize(("part", "value"), [("id", str(uuid4())), ("label", "x"), ("officer", 2), ("once", "2026-11-24T00:00:00+00:00"), ("least", 1),
                                           ("made", None), ("public", vault.new_pair()[1])])
def test_a_slot_given_to_another_officer_opens_nothing(database: Path, part: str, value: object) -> None:
    """Promise K1: even by somebody who has the ledger's key."""
    key = entered(database)
    rewritten(database, lambda raw: raw["slots"][0].update({part: value}), key)
    with pytest.raises(WrongPassword):
        entered(database)


FOREIGN: tuple[dict[str, Any], ...] = ({"kind": "key ring", "suite": SUITE, "groups": 26}, {"kind": "password", "suite": "GM-1", "kdf": {"name": "sm3", "rounds": 9}},
                                       {"kind": "password", "suite": SUITE}, {})


def test_slots_of_newer_programs_are_skipped_and_kept(database: Path) -> None:
    key = entered(database)
    rewritten(database, lambda raw: (raw.update(slots=[*FOREIGN, *raw["slots"]], made_by="2.0"), raw["slots"][-1].update(hint="…")), key)
    assert entered(database) == key
    Vault.load(database).change_password(PASSWORD, "另一句好记的话 battery")
    after = told(database)
    assert after["slots"][:4] == list(FOREIGN) and after["made_by"] == "2.0"
    assert entered(database, "另一句好记的话 battery") == key


@pytest.fixture
def shared(database: Path) -> Path:
    """The same with a second officer."""
    Vault.load(database).add_password(entered(database), 2, "officer 2", SECOND)
    return database


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


# ---------------------------------------------------------------- what others do to the file

def test_two_slots_changed_about_are_refused(shared: Path) -> None:
    """Promise K1, with the sum made right: the order, and what is in them."""
    before = told(shared)
    rewritten(shared, lambda raw: raw["slots"].reverse())
    with pytest.raises(KeysChanged, match="改动过"):
        entered(shared)
    for part in ("wrapped", "sealed", "public", "kdf"):
        one, two = before["slots"]
        rewritten(shared, lambda raw, one=one, two=two, part=part: raw.update(slots=[one | {part: two[part]}, two | {part: one[part]}]))
        for password in (PASSWORD, SECOND):
            with pytest.raises((KeysChanged, WrongPassword)):
                entered(shared, password)


def test_every_flipped_byte_of_two_slots_is_refused_or_opens_with_the_right_key(shared: Path) -> None:
    whole, key = copies(shared)[0].read_bytes(), entered(shared)
    for place in range(0, len(whole), 3):
        raw = whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1:]
        try:
            assert Vault(copies(shared)[0], json.loads(raw)).unlock(SECOND).key == key
        except (WrongPassword, NewerKeys, KeysChanged, ValueError, KeyError, TypeError):
            continue


def test_a_slot_put_in_by_hand_is_refused_before_anything_is_sealed_to_it(shared: Path) -> None:
    key = entered(shared)
    foreign = Slot.for_town(key, UUID(told(shared)["ledger"]), vault.new_pair()[1])
    rewritten(shared, lambda raw: raw["slots"].append(foreign.told))
    with pytest.raises(KeysChanged):
        entered(shared)
    changing: list[Callable[[Vault], object]] = [lambda v: v.begin_turn(key), lambda v: v.add_sheet(key), lambda v: v.set_profile(key, ""),
                                                 lambda v: v.add_password(key, 3, "officer 3", SECOND), lambda v: v.remove(key, foreign.id)]
    before = copies(shared)[0].read_bytes()
    for change in changing:
        with pytest.raises(KeysChanged):
            change(Vault.load(shared))
    assert copies(shared)[0].read_bytes() == before


def test_a_file_told_to_be_of_the_old_format_keeps_no_slot_that_is_sealed(shared: Path) -> None:
    """The old format has no mark: so that nobody gets a slot in by calling the file old, only what it knew is left."""
    rewritten(shared, lambda raw: raw.update(format=1))
    with pytest.raises(NewerKeys):
        entered(shared)


def test_a_first_copy_changed_by_hand_is_mended_from_the_second(shared: Path) -> None:
    second, key = copies(shared)[1].read_bytes(), entered(shared)
    rewritten(shared, lambda raw: raw["slots"].reverse())
    copies(shared)[1].write_bytes(second)
    assert entered(shared) == key
    assert copies(shared)[0].read_bytes() == second


# ---------------------------------------------------------------- of older programs, and too cheap

def of_format_1(database: Path, key: bytes, cost: dict[str, int] = CHEAP) -> None:
    """The key file as the first program wrote it: the key itself under the password."""
    ledger, salt = str(uuid4()), bytes(range(16))
    slot = {"id": str(uuid4()), "kind": "password", "label": "officer 1", "suite": SUITE,
            "kdf": {"name": "argon2id", "salt": keyfile.written(salt)} | cost}
    bound = json.dumps([slot[n] for n in ("id", "kind", "label", "suite")] + [ledger], ensure_ascii=True).encode()
    box = vault.sealed(vault.stretch(PASSWORD, salt, **cost), key, bound)
    raw = {"format": 1, "ledger": ledger, "slots": [slot | {"nonce": keyfile.written(box[:12]), "wrapped": keyfile.written(box[12:])}]}
    Vault(Vault.beside(database), raw).save()


def test_a_file_of_format_1_opens_and_is_made_anew_at_the_next_login(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", CHEAP)
    of_format_1(database, b"k" * 32)
    assert told(database)["format"] == 1
    assert entered(database) == b"k" * 32 == entered(database)
    after = told(database)
    assert (after["format"], after["slots"][0]["officer"], after["slots"][0]["label"]) == (FORMAT, None, "officer 1")
    with pytest.raises(WrongPassword):
        entered(database, "不是这个密码 at all")


def test_a_slot_below_the_floor_is_made_anew_at_the_next_login(tmp_path: Path) -> None:
    """Promise A1: one that an older or slower PC made."""
    of_format_1(tmp_path / "a.grid", b"k" * 32)
    assert entered(tmp_path / "a.grid") == b"k" * 32
    slot = Vault.load(tmp_path / "a.grid").slots[0]
    assert vault.paid(slot.cost) >= 3 * 64 * 1024
    before = Vault.beside(tmp_path / "a.grid").read_bytes()
    assert entered(tmp_path / "a.grid") and Vault.beside(tmp_path / "a.grid").read_bytes() == before


def test_a_wrong_password_makes_nothing_anew(database: Path) -> None:
    of_format_1(database, b"k" * 32)
    before = copies(database)[0].read_bytes()
    with pytest.raises(WrongPassword):
        entered(database, "不是这个密码 at all")
    assert copies(database)[0].read_bytes() == before


def test_whose_an_old_slot_is_is_written_on_it(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", CHEAP)
    of_format_1(database, b"k" * 32)
    made, opened = Vault.enter(database, PASSWORD)
    made.claim(opened.key, opened.slot.id, PASSWORD, 1)
    assert Vault.load(database).unlock(PASSWORD, 1).slot.officer == 1
    with pytest.raises(WrongPassword):
        Vault.load(database).unlock(PASSWORD, 2)


# ---------------------------------------------------------------- good once

def reset(database: Path, until: datetime = NOW + timedelta(hours=24)) -> str:
    Vault.load(database).add_password(entered(database), 2, "officer 2", "good only once, really", until)
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

def test_the_sheet_opens_until_another_is_printed(database: Path) -> None:
    """Promise K2, the store's half."""
    key = entered(database)
    first = Vault.load(database).add_sheet(key)
    assert Vault.load(database).unlock_sheet("\n".join(first)).key == key == Vault.enter(database, " ".join(first).lower(), by=SHEET)[1].key
    second = Vault.load(database).add_sheet(key)
    assert Vault.load(database).unlock_sheet(" ".join(second)).key == key and second != first
    with pytest.raises(ForeignSheet, match="恢复纸"):
        Vault.load(database).unlock_sheet(" ".join(first))
    assert "".join(second) not in copies(database)[0].read_text("utf-8")


def test_the_town_opens_while_it_is_let(database: Path) -> None:
    """Promise K3: visible, can be taken away, absent by default."""
    key, (secret, public) = entered(database), vault.new_pair()
    with pytest.raises(ForeignTown):
        Vault.load(database).unlock_town(secret)
    slot = Vault.load(database).add_town(key, public)
    assert Vault.load(database).unlock_town(secret).key == key == Vault.enter(database, secret, by=TOWN)[1].key
    assert [s.kind for s in Vault.load(database).ways()] == [BY_PASSWORD, TOWN]
    for other in (vault.new_pair()[0], "no key"):
        with pytest.raises(ForeignTown, match="镇里的这把密钥"):
            Vault.load(database).unlock_town(other)
    with pytest.raises(ForeignTown):
        Vault.load(database).add_town(key, "age1nothing")
    Vault.load(database).remove(key, slot.id)
    with pytest.raises(ForeignTown):
        Vault.load(database).unlock_town(secret)


def test_the_last_lasting_password_cannot_be_taken_away(shared: Path) -> None:
    key = entered(shared)
    first, second = (s.id for s in Vault.load(shared).ways())
    Vault.load(shared).add_sheet(key)
    Vault.load(shared).remove(key, first)
    with pytest.raises(WrongPassword):
        entered(shared)
    with pytest.raises(LastSlot, match="最后一个"):
        Vault.load(shared).remove(key, second)
    with pytest.raises(KeyError):
        Vault.load(shared).remove(key, first)
    assert entered(shared, SECOND) == key


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


def test_nobody_is_left_behind_by_a_new_key(database: Path) -> None:
    before = copies(database)[0].read_bytes()
    with pytest.raises(LastSlot):
        Vault.load(database).begin_turn(entered(database), [Vault.load(database).slots[0].id])
    assert copies(database)[0].read_bytes() == before


@pytest.mark.parametrize("change", [lambda raw: raw.update(slots=list(FOREIGN[:2])), lambda raw: raw["slots"][0].update(suite="GM-1")])
def test_a_vault_of_slots_this_program_does_not_know_is_no_wrong_password(database: Path, change: Callable[[dict[str, Any]], object]) -> None:
    rewritten(database, change)
    with pytest.raises(NewerKeys, match="升级"):
        entered(database)


def test_a_vault_of_a_newer_format_is_refused_not_guessed_at(database: Path) -> None:
    raw = told(database) | {"format": 3}
    for copy in copies(database):
        copy.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(NewerKeys, match="升级"):
        entered(database)


@pytest.mark.parametrize("cost", [{"m": 2**31}, {"t": 2**31}, {"p": 0}, {"t": "3"}, {"m": None}, {"t": True}, {"salt": ""}, {"salt": "?"}])
def test_costs_that_would_exhaust_the_machine_are_not_paid(database: Path, cost: dict[str, Any]) -> None:
    rewritten(database, lambda raw: raw["slots"][0]["kdf"].update(cost))
    with pytest.raises(WrongPassword):
        entered(database)
