"""The crypto suite: what a PC can bear, keys to seal to, marks, signatures."""

from __future__ import annotations

import pytest

from gridapp.store import vault
from gridapp.store.vault import Signer, new_pair, opened_with, scaled, sealed_to, signed_by, vouched
from tests.ledgers import CHEAP


@pytest.mark.parametrize("seconds", [0.001, 0.02, 0.1, 0.3, 0.5, 0.75, 1.0, 4.0])
def test_a_slot_costs_what_the_pc_can_bear(seconds: float) -> None:
    """Promise A1: never below the floor, at most 256 MiB, half a second to one where the PC is quick enough for it."""
    cost = scaled(seconds)
    assert vault.paid(cost) >= vault.paid(vault.FLOOR) and cost["m"] <= 256 * 1024 and cost["p"] == 4 and cost["t"] >= 3
    taken = seconds * vault.paid(cost) / vault.paid(vault.FLOOR)
    assert 0.5 <= taken <= 1.0 or taken == seconds > 1.0 or cost["t"] == vault.COSTLIEST["t"]


def test_costs_somebody_told_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", CHEAP)
    assert vault.fitting() == CHEAP


def test_what_is_sealed_to_a_key_opens_with_its_secret_alone() -> None:
    (secret, public), (other, _public) = new_pair(), new_pair()
    box = sealed_to(public, b"key")
    assert opened_with(secret, box) == b"key" and b"key" not in box
    assert opened_with(other, box) is None and opened_with("no key", box) is None
    for place in range(0, len(box), 7):
        assert opened_with(secret, box[:place] + bytes([box[place] ^ 1]) + box[place + 1:]) is None
    with pytest.raises(ValueError, match="no public key"):
        sealed_to("age1nothing", b"key")


def test_a_mark_is_of_one_key_for_one_use() -> None:
    assert vouched(b"k", b"a", b"data") == vouched(b"k", b"a", b"data")
    assert len({vouched(b"k", b"a", b"data"), vouched(b"l", b"a", b"data"), vouched(b"k", b"b", b"data"), vouched(b"k", b"a", b"date")}) == 4


def test_a_signature_is_of_one_device_over_one_message() -> None:
    signer = Signer()
    signature = signer.sign(b"seal")
    assert signed_by(signer.public, b"seal", signature) and Signer(signer.seed).public == signer.public
    assert not signed_by(signer.public, b"seal!", signature)
    assert not signed_by(Signer().public, b"seal", signature)
    assert not signed_by(signer.public, b"seal", signature[:-1] + bytes([signature[-1] ^ 1])) and not signed_by(b"short", b"seal", signature)
