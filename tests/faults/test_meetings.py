"""A few random meetings of every kind (hundreds: `python3 dev.py faults meetings`), and the oracle's own judgement on cases plain to see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import meetings
from tests.faults.oracle import Oracle, Told
from tests.faults.stage import WORLDS, Stage
from tests.faults.stations import Station
from tests.postgres import Server


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage"), postgres) as ready:
        yield ready


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", WORLDS)
def test_whoever_meets_whom_and_when_everybody_comes_to_hold_the_same(stage: Stage, kind: str, seed: int) -> None:
    assert meetings.live(stage, kind, seed) >= 5


def test_a_history_that_goes_wrong_is_told_with_its_steps(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def unproved(_station: Station, thoroughly: bool = False) -> None:
        raise AssertionError("not whole")

    monkeypatch.setattr(Station, "prove", unproved)
    with pytest.raises(AssertionError, match=r"one village, seed 7: AssertionError not whole; steps: .*write"):
        meetings.live(stage, "one village", 7)


ONE, OTHER = bytes(16), bytes([1]) * 16


def told(oracle: Oracle, *numbers: int) -> Told:
    return oracle.rows(sum(1 << n for n in numbers), "v:1")[ONE]


def test_the_oracle_keeps_what_two_wrote_unknowing_and_asks_once_for_each_field() -> None:
    oracle = Oracle()
    oracle.wrote("v:1", ONE, {11: "a", 12: "b"}, 0, 10)
    oracle.wrote("v:1", ONE, {11: "c", 12: "b"}, 0b1, 20)
    oracle.wrote("v:1", ONE, {11: "d", 12: "b"}, 0b1, 30)
    assert told(oracle, 0, 1) == Told({11: "c", 12: "b"}, {}, 0)
    assert told(oracle, 0, 1, 2) == Told({11: "d", 12: "b"}, {11: [(20, b"", "c")], 12: [(20, b"", "b")]}, 1)
    oracle.wrote("v:1", ONE, {11: None}, 0b111, 40)
    assert told(oracle, 0, 1, 2, 3) == Told({12: "b"}, {12: [(20, b"", "b")]}, 0)


def test_the_oracle_asks_about_who_was_edited_after_the_end_by_somebody_who_did_not_know() -> None:
    oracle = Oracle()
    oracle.wrote("v:1", ONE, {11: "a"}, 0, 10)
    oracle.wrote("v:1", ONE, {103: "2026-11-24"}, 0b1, 20)
    oracle.wrote("v:1", ONE, {11: "b"}, 0b1, 30)
    oracle.wrote("v:1", ONE, {11: "c"}, 0b111, 40)
    assert [told(oracle, *range(n)).questions for n in (2, 3, 4)] == [0, 1, 0]


def test_the_oracle_lets_an_erasure_win_over_what_comes_later_and_leaves_other_records_alone() -> None:
    oracle = Oracle()
    oracle.wrote("v:1", ONE, {}, 0, 10, erases=True)
    oracle.wrote("v:1", ONE, {11: "a"}, 0, 20)
    oracle.wrote("v:1", OTHER, {11: "a"}, 0, 20)
    oracle.wrote("v:2", ONE, {11: "a"}, 0, 20)
    assert list(oracle.rows(0b1111, "v:1")) == [OTHER] and list(oracle.rows(0b1111, "v:2")) == [ONE]
