"""The key vault: passwords in every spelling, two copies that stand in for each other, slots of newer programs, slots bound to their ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gridapp.store import vault as vaults
from gridapp.store.files import CannotWrite
from gridapp.store.vault import SUITE, KeysMissing, NewerKeys, Signer, Slot, Vault, WeakPassword, WrongPassword, signed_by
from tests.ledgers import CHEAP, PASSWORD


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


def rewritten(database: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Both copies as another program would have written them, sum and all."""
    raw = told(database)
    change(raw)
    Vault(Vault.beside(database), raw).save()


def test_the_key_comes_back_with_the_password_alone(tmp_path: Path) -> None:
    made, key = Vault.create(tmp_path / "a.grid", PASSWORD, "officer 1", CHEAP)
    assert len(key) == 32 and made.unlock(PASSWORD) == key == Vault.key_of(tmp_path / "a.grid", PASSWORD)
    assert key not in b"".join(p.read_bytes() for p in tmp_path.iterdir()) and key.hex() not in Vault.beside(tmp_path / "a.grid").read_text()
    assert Vault.create(tmp_path / "b.grid", PASSWORD, "officer 1", CHEAP)[1] != key


@pytest.mark.parametrize("wrong", ["", "一句好记的话 correct ", " 一句好记的话 correct", "一句好记的话 Correct", "一句好记的话　correct", "x" * 10_000, "\ud800"])
def test_another_password_opens_nothing(database: Path, wrong: str) -> None:
    with pytest.raises(WrongPassword, match="密码不对"):
        Vault.key_of(database, wrong)


def test_the_same_password_from_every_keyboard(tmp_path: Path) -> None:
    """One keyboard sends é, another e and an accent; a full-width letter is another letter."""
    Vault.create(tmp_path / "a.grid", "un café à Yongkang", "officer 1", CHEAP)
    assert Vault.key_of(tmp_path / "a.grid", "un cafe\u0301 a\u0300 Yongkang")
    with pytest.raises(WrongPassword):
        Vault.key_of(tmp_path / "a.grid", "un café à Ｙongkang")


@pytest.mark.parametrize("short", ["", "1234567", "e\u0301" * 7])
def test_a_short_password_is_refused_and_nothing_is_left(tmp_path: Path, short: str) -> None:
    with pytest.raises(WeakPassword, match="至少 8 个字符"):
        Vault.create(tmp_path / "a.grid", short, "officer 1", CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_new_vault_pays_the_full_price_of_guessing(tmp_path: Path) -> None:
    """reliability.md A1: three passes over 64 MiB at least; suite and costs stand in the slot."""
    made, _key = Vault.create(tmp_path / "a.grid", PASSWORD, "officer 1")
    slot = made.slots[0]
    assert slot.cost["t"] * slot.cost["m"] >= 3 * 64 * 1024
    assert slot.told["suite"] == SUITE and slot.told["kdf"]["name"] == "argon2id" and slot.told["label"] == "officer 1"


def test_every_slot_has_its_own_salt_and_nonce(tmp_path: Path) -> None:
    slots = [Vault.create(tmp_path / f"{n}.grid", PASSWORD, "officer 1", CHEAP)[0].slots[0].told for n in range(3)]
    for part in ("nonce", "wrapped", "id"):
        assert len({s[part] for s in slots}) == 3
    assert len({s["kdf"]["salt"] for s in slots}) == 3


def test_changing_the_password_keeps_the_key_and_shuts_the_old_one_out(database: Path) -> None:
    key = Vault.key_of(database, PASSWORD)
    Vault.load(database).change_password(PASSWORD, "另一句好记的话 battery")
    assert Vault.key_of(database, "另一句好记的话 battery") == key
    assert [p.read_bytes() for p in copies(database)] == [copies(database)[0].read_bytes()] * 2
    assert Vault.load(database).slots[0].told["label"] == "officer 1" and Vault.load(database).slots[0].cost == CHEAP
    with pytest.raises(WrongPassword):
        Vault.key_of(database, PASSWORD)


@pytest.mark.parametrize(("old", "new", "failure"), [("不是这个密码 at all", "另一句好记的话", WrongPassword), (PASSWORD, "短", WeakPassword)])
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
        Vault.key_of(database, PASSWORD)
    assert Vault.key_of(database, "另一句好记的话 battery")
    assert copies(database)[1].read_bytes() == copies(database)[0].read_bytes() != old


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("content", [None, b"", b"{", b"null", b"[]", b"{}", b'{"ledger": 1, "slots": 2}', b"\xff\xfe\x00", b"[" * 100_000], ids=repr)
def test_one_copy_stands_in_for_the_other_and_mends_it(database: Path, lost: int, content: bytes | None) -> None:
    key, whole = Vault.key_of(database, PASSWORD), copies(database)[lost].read_bytes()
    copies(database)[lost].unlink() if content is None else copies(database)[lost].write_bytes(content)
    assert Vault.key_of(database, PASSWORD) == key
    assert copies(database)[lost].read_bytes() == whole


def test_a_folder_that_cannot_be_written_still_opens(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _data: bytes) -> None:
        raise CannotWrite(path)

    copies(database)[0].unlink()
    monkeypatch.setattr(vaults, "write_whole", refuse)
    assert Vault.key_of(database, PASSWORD) and not copies(database)[0].exists()


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00" * 100])
def test_both_copies_lost_is_told_by_name(database: Path, content: bytes | None) -> None:
    for copy in copies(database):
        copy.unlink() if content is None else copy.write_bytes(content)
    with pytest.raises(KeysMissing, match=r"台账\.grid\.keys"):
        Vault.key_of(database, PASSWORD)


def test_any_flipped_byte_is_made_good_from_the_other_copy(database: Path) -> None:
    whole, key = copies(database)[0].read_bytes(), Vault.key_of(database, PASSWORD)
    for place in [*range(0, len(whole), 11), whole.index(b'"format": 1') + 10]:
        copies(database)[0].write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        assert Vault.key_of(database, PASSWORD) == key
        assert copies(database)[0].read_bytes() == whole


def test_any_flipped_byte_in_both_copies_opens_with_the_right_key_or_not_at_all(database: Path) -> None:
    whole, key = copies(database)[0].read_bytes(), Vault.key_of(database, PASSWORD)
    for place in range(0, len(whole), 5):
        for copy in copies(database):
            copy.write_bytes(whole[:place] + bytes([whole[place] ^ 2]) + whole[place + 1:])
        try:
            assert Vault.key_of(database, PASSWORD) == key
        except (WrongPassword, KeysMissing, NewerKeys) as told_so:
            assert told_so.text


def test_a_slot_moved_to_another_ledger_opens_nothing(database: Path) -> None:
    rewritten(database, lambda raw: raw.update(ledger=str(uuid4())))
    with pytest.raises(WrongPassword):
        Vault.key_of(database, PASSWORD)


@pytest.mark.parametrize("part", ["id", "label"])
def test_a_slot_given_to_another_officer_opens_nothing(database: Path, part: str) -> None:
    rewritten(database, lambda raw: raw["slots"][0].update({part: str(uuid4())}))
    with pytest.raises(WrongPassword):
        Vault.key_of(database, PASSWORD)


FOREIGN: tuple[dict[str, Any], ...] = ({"kind": "sheet", "suite": SUITE, "groups": 26}, {"kind": "password", "suite": "GM-1", "kdf": {"name": "sm3", "rounds": 9}},
                                       {"kind": "password", "suite": SUITE}, {})


def test_slots_of_newer_programs_are_skipped_and_kept(database: Path) -> None:
    key = Vault.key_of(database, PASSWORD)
    rewritten(database, lambda raw: (raw.update(slots=[*FOREIGN, *raw["slots"]], made_by="2.0"), raw["slots"][-1].update(hint="…")))
    assert Vault.key_of(database, PASSWORD) == key
    Vault.load(database).change_password(PASSWORD, "另一句好记的话 battery")
    after = told(database)
    assert after["slots"][:4] == list(FOREIGN) and after["made_by"] == "2.0"
    assert Vault.key_of(database, "另一句好记的话 battery") == key


def test_several_passwords_open_the_same_ledger(database: Path) -> None:
    vault, key = Vault.load(database), Vault.key_of(database, PASSWORD)
    vault.slots.append(Slot.made(key, vault.ledger, "第二位网格员的密码", "officer 2", CHEAP))
    vault.save()
    Vault.load(database).change_password("第二位网格员的密码", "第二位的新密码 staple")
    assert Vault.key_of(database, PASSWORD) == key == Vault.key_of(database, "第二位的新密码 staple")


@pytest.mark.parametrize("change", [lambda raw: raw.update(slots=list(FOREIGN[:2])), lambda raw: raw["slots"][0].update(suite="GM-1")])
def test_a_vault_of_slots_this_program_does_not_know_is_no_wrong_password(database: Path, change: Callable[[dict[str, Any]], object]) -> None:
    rewritten(database, change)
    with pytest.raises(NewerKeys, match="升级"):
        Vault.key_of(database, PASSWORD)


def test_a_vault_of_a_newer_format_is_refused_not_guessed_at(database: Path) -> None:
    raw = told(database) | {"format": 2}
    for copy in copies(database):
        copy.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(NewerKeys, match="升级"):
        Vault.key_of(database, PASSWORD)


@pytest.mark.parametrize("cost", [{"m": 2**31}, {"t": 2**31}, {"p": 0}, {"t": "3"}, {"m": None}, {"t": True}, {"salt": ""}, {"salt": "?"}])
def test_costs_that_would_exhaust_the_machine_are_not_paid(database: Path, cost: dict[str, Any]) -> None:
    rewritten(database, lambda raw: raw["slots"][0]["kdf"].update(cost))
    with pytest.raises(WrongPassword):
        Vault.key_of(database, PASSWORD)


def test_a_signature_is_of_one_device_over_one_message() -> None:
    signer = Signer()
    signature = signer.sign(b"seal")
    assert signed_by(signer.public, b"seal", signature) and Signer(signer.seed).public == signer.public
    assert not signed_by(signer.public, b"seal!", signature)
    assert not signed_by(Signer().public, b"seal", signature)
    assert not signed_by(signer.public, b"seal", signature[:-1] + bytes([signature[-1] ^ 1])) and not signed_by(b"short", b"seal", signature)
