"""A stick pulled at every step of a hand-over (thousands of pulls: `python3 dev.py faults sticks`)."""

from __future__ import annotations

import random

import pytest

from tests.faults import images, sticks


@pytest.mark.parametrize("seed", range(3))
def test_a_stick_pulled_at_any_step_holds_a_whole_parcel_or_none_and_nothing_is_pretended(seed: int) -> None:
    wrong = sticks.pull_everywhere(random.Random(seed))
    assert wrong.pop("tried") > 14
    assert wrong == {}


def test_a_fake_stick_is_never_told_as_done() -> None:
    wrong = sticks.fake(random.Random(1))
    assert wrong.pop("tried") == 4 and wrong == {}


@pytest.mark.parametrize("kind", ["ext2", "exfat"])
def test_a_real_file_system_pulled_at_every_step_keeps_the_promise(kind: str) -> None:
    wrong = images.alone(kind)
    if isinstance(wrong, str):
        pytest.skip(wrong)
    assert wrong.pop("tried") > 8
    assert wrong == {}


def test_a_hand_over_that_forgets_to_flush_would_be_found_out() -> None:
    assert sticks.control(random.Random(1)) == {"tried": 2, "found": 2}


def test_a_file_just_written_to_a_real_stick_is_not_there_after_a_pull() -> None:
    wrong = images.alone("ext2", careless=True)
    if isinstance(wrong, str):
        pytest.skip(wrong)
    assert wrong["told as done and not there"] == 1
