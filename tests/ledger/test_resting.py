"""The garbage collector rests during an act, and only then."""

from __future__ import annotations

import gc

import pytest

from gridapp.ledger import Acting, Ledger
from gridapp.ledger.resting import collector_rests
from tests import ledgers


def looks(_act: Acting) -> bool:
    return gc.isenabled()


def fails(_act: Acting) -> None:
    raise KeyError("a bug of ours")


def test_it_rests_while_an_act_runs_and_works_again_afterwards(ledger: Ledger) -> None:
    assert ledger.do(looks).result is False
    assert gc.isenabled()


def test_it_works_again_after_an_act_that_failed(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        ledger.do(fails)
    assert gc.isenabled()


def test_it_rests_while_an_act_is_taken_back(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers.a_person(ledger)
    seen = list[bool]()
    monkeypatch.setattr("gridapp.ledger.undo.take_back", lambda *_told: seen.append(gc.isenabled()))
    ledger.undo()
    assert seen == [False] and gc.isenabled()


def test_who_let_it_rest_before_finds_it_resting() -> None:
    with collector_rests():
        with collector_rests():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
