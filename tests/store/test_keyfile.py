"""The key file: two copies that stand in for each other, one mark over all slots, files of older and newer programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from gridapp.store import keyfile, vault
from gridapp.store.files import CannotWrite
from gridapp.store.keyfile import FORMAT
from gridapp.store.refusals import KeysChanged, KeysMissing, NewerKeys, WrongPassword
from gridapp.store.slot import Slot
from gridapp.store.slots import Vault
from gridapp.store.vault import SUITE
from tests.ledgers import CHEAP, PASSWORD
from tests.store.keyfiles import SECOND, copies, entered, of_format_1, rewritten, told


def test_a_change_interrupted_between_the_copies_has_happened(grid: Path) -> None:
    old = copies(grid)[1].read_bytes()
    Vault.load(grid).change_password(PASSWORD, "另一句好记的话 battery")
    copies(grid)[1].write_bytes(old)
    with pytest.raises(WrongPassword):
        entered(grid)
    assert entered(grid, "另一句好记的话 battery")
    assert copies(grid)[1].read_bytes() == copies(grid)[0].read_bytes() != old


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("content", [None, b"", b"{", b"null", b"[]", b"{}", b'{"ledger": 1, "slots": 2}', b"\xff\xfe\x00", b"[" * 100_000], ids=repr)
def test_one_copy_stands_in_for_the_other_and_mends_it(grid: Path, lost: int, content: bytes | None) -> None:
    key, whole = entered(grid), copies(grid)[lost].read_bytes()
    copies(grid)[lost].unlink() if content is None else copies(grid)[lost].write_bytes(content)
    assert entered(grid) == key
    assert copies(grid)[lost].read_bytes() == whole


def test_a_folder_that_cannot_be_written_still_opens(grid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _data: bytes) -> None:
        raise CannotWrite(path)

    copies(grid)[0].unlink()
    monkeypatch.setattr(keyfile, "write_whole", refuse)
    assert entered(grid) and not copies(grid)[0].exists()


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00" * 100])
def test_both_copies_lost_is_told_by_name(grid: Path, content: bytes | None) -> None:
    for copy in copies(grid):
        copy.unlink() if content is None else copy.write_bytes(content)
    with pytest.raises(KeysMissing, match=r"台账\.grid\.keys"):
        entered(grid)


def test_any_flipped_byte_is_made_good_from_the_other_copy(grid: Path) -> None:
    whole, key = copies(grid)[0].read_bytes(), entered(grid)
    for place in [*range(0, len(whole), 11), whole.index(b'"format": 2') + 10]:
        copies(grid)[0].write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        assert entered(grid) == key
        assert copies(grid)[0].read_bytes() == whole


def test_any_flipped_byte_in_both_copies_opens_with_the_right_key_or_not_at_all(grid: Path) -> None:
    whole, key = copies(grid)[0].read_bytes(), entered(grid)
    for place in range(0, len(whole), 3):
        for copy in copies(grid):
            copy.write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        try:
            assert entered(grid) == key
        except (WrongPassword, KeysMissing, NewerKeys, KeysChanged) as told_so:
            assert told_so.text


def test_a_slot_moved_to_another_ledger_opens_nothing(grid: Path) -> None:
    rewritten(grid, lambda raw: raw.update(ledger=str(uuid4())))
    with pytest.raises(WrongPassword):
        entered(grid)


#: named, so that the random values beside them do not name the tests
PARTS = ("id", "label", "officer", "once", "least", "made", "public")


@pytest.mark.parametrize(("part", "value"), [("id", str(uuid4())), ("label", "x"), ("officer", 2), ("once", "2026-11-24T00:00:00+00:00"), ("least", 1),
                                           ("made", None), ("public", vault.new_pair()[1])], ids=lambda told: told if told in PARTS else "")
def test_a_slot_given_to_another_officer_opens_nothing(grid: Path, part: str, value: object) -> None:
    """Promise K1: even by somebody who has the ledger's key."""
    key = entered(grid)
    rewritten(grid, lambda raw: raw["slots"][0].update({part: value}), key)
    with pytest.raises(WrongPassword):
        entered(grid)


FOREIGN: tuple[dict[str, Any], ...] = ({"kind": "key ring", "suite": SUITE, "groups": 26}, {"kind": "password", "suite": "GM-1", "kdf": {"name": "sm3", "rounds": 9}},
                                       {"kind": "password", "suite": SUITE}, {})


def test_slots_of_newer_programs_are_skipped_and_kept(grid: Path) -> None:
    key = entered(grid)
    rewritten(grid, lambda raw: (raw.update(slots=[*FOREIGN, *raw["slots"]], made_by="2.0"), raw["slots"][-1].update(hint="…")), key)
    assert entered(grid) == key
    Vault.load(grid).change_password(PASSWORD, "另一句好记的话 battery")
    after = told(grid)
    assert after["slots"][:4] == list(FOREIGN) and after["made_by"] == "2.0"
    assert entered(grid, "另一句好记的话 battery") == key


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
                                                 lambda v: v.add_password(key, 3, "officer 3", SECOND)]
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


def test_a_file_of_format_1_opens_and_is_made_anew_at_the_next_login(grid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", CHEAP)
    of_format_1(grid, b"k" * 32)
    assert told(grid)["format"] == 1
    assert entered(grid) == b"k" * 32 == entered(grid)
    after = told(grid)
    assert (after["format"], after["slots"][0]["officer"], after["slots"][0]["label"]) == (FORMAT, None, "officer 1")
    with pytest.raises(WrongPassword):
        entered(grid, "不是这个密码 at all")


def test_a_slot_below_the_floor_is_made_anew_at_the_next_login(tmp_path: Path) -> None:
    """Promise A1: one that an older or slower PC made."""
    of_format_1(tmp_path / "a.grid", b"k" * 32)
    assert entered(tmp_path / "a.grid") == b"k" * 32
    slot = Vault.load(tmp_path / "a.grid").slots[0]
    assert vault.paid(slot.cost) >= 3 * 64 * 1024
    before = Vault.beside(tmp_path / "a.grid").read_bytes()
    assert entered(tmp_path / "a.grid") and Vault.beside(tmp_path / "a.grid").read_bytes() == before


def test_a_wrong_password_makes_nothing_anew(grid: Path) -> None:
    of_format_1(grid, b"k" * 32)
    before = copies(grid)[0].read_bytes()
    with pytest.raises(WrongPassword):
        entered(grid, "不是这个密码 at all")
    assert copies(grid)[0].read_bytes() == before


def test_whose_an_old_slot_is_is_written_on_it(grid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", CHEAP)
    of_format_1(grid, b"k" * 32)
    made, opened = Vault.enter(grid, PASSWORD)
    made.claim(opened.key, opened.slot.id, PASSWORD, 1)
    assert Vault.load(grid).unlock(PASSWORD, 1).slot.officer == 1
    with pytest.raises(WrongPassword):
        Vault.load(grid).unlock(PASSWORD, 2)


@pytest.mark.parametrize("change", [lambda raw: raw.update(slots=list(FOREIGN[:2])), lambda raw: raw["slots"][0].update(suite="GM-1")])
def test_a_vault_of_slots_this_program_does_not_know_is_no_wrong_password(grid: Path, change: Callable[[dict[str, Any]], object]) -> None:
    rewritten(grid, change)
    with pytest.raises(NewerKeys, match="升级"):
        entered(grid)


def test_a_vault_of_a_newer_format_is_refused_not_guessed_at(grid: Path) -> None:
    raw = told(grid) | {"format": 3}
    for copy in copies(grid):
        copy.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(NewerKeys, match="升级"):
        entered(grid)


@pytest.mark.parametrize("cost", [{"m": 2**31}, {"t": 2**31}, {"p": 0}, {"t": "3"}, {"m": None}, {"t": True}, {"salt": ""}, {"salt": "?"}])
def test_costs_that_would_exhaust_the_machine_are_not_paid(grid: Path, cost: dict[str, Any]) -> None:
    rewritten(grid, lambda raw: raw["slots"][0]["kdf"].update(cost))
    with pytest.raises(WrongPassword):
        entered(grid)
