"""Some hundred random events at the real window as each of two roles (15,000 in every role: `python3 dev.py faults monkey`)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.faults import hands, monkey

#: so many events here, in each role; the others are as good
SHORT = {"chief": 200, "manage": 150}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("monkey") / "stage"
    monkey.set_up(folder)
    yield folder


@pytest.mark.parametrize("role", SHORT)
def test_whatever_is_pressed_nothing_breaks_and_nothing_stands_still(role: str, stage: Path) -> None:
    told = monkey.in_a_child(role, 7, stage, SHORT[role])
    assert monkey.wrongs(told) == [], told["findings"]
    assert told["events"] == SHORT[role] and told["sessions"] >= 1
    assert told["nones"] > -SHORT[role], "references to None are lost"


def test_a_screen_that_breaks_and_one_that_stands_still_are_found(stage: Path) -> None:
    told = monkey.wrongs(monkey.in_a_child("chief", 1, stage, monkey.CONTROL, "--planted"))
    assert {what.partition(":")[0] for what in told} == {"ZeroDivisionError", "stood still"}, told


def test_the_same_seed_draws_the_same_events_and_all_kinds_of_them() -> None:
    one, again, other = (list(islice(hands.drawn(seed), 3000)) for seed in (1, 1, 2))
    assert one == again != other
    assert {event.kind for event in one} >= hands.SHARES.keys() - {"lock"}
