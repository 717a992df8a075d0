"""Spoilt parcels, some of each family; `python3 dev.py faults parcels` goes on for longer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gridapp.exchange import columns
from tests.faults import parcels


@pytest.mark.parametrize("name", parcels.FAMILIES)
def test_a_spoilt_parcel_gives_seals_or_a_refusal(name: str, tmp_path: Path) -> None:
    chance = random.Random(parcels.SEED)
    told = [parcels.spoil(name, chance, tmp_path) for _turn in range(150)]
    assert [t for t in told if t.startswith("bug")] == []
    assert told.count("taken") < len(told) / 3, "the accidents are such that most are refused"


def test_the_good_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.wsb").write_bytes(parcels.whole())
    assert parcels.outcome(tmp_path / "a.wsb", may_pass=False) == "taken"


def test_a_failure_that_is_no_refusal_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(raw: bytes) -> None:
        raise TypeError("broken")

    (tmp_path / "a.wsb").write_bytes(parcels.whole())
    monkeypatch.setattr(columns, "decode", break_down)
    assert parcels.outcome(tmp_path / "a.wsb", may_pass=True) == "bug: TypeError broken"


def test_something_else_than_was_sent_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wsb").write_bytes(parcels.whole())
    monkeypatch.setattr(parcels, "SEALS", parcels.SEALS[:1])
    assert parcels.outcome(tmp_path / "a.wsb", may_pass=False) == "bug: taken, and something else than was sent"
