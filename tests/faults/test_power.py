"""More than 500 power cuts in the middle of real calls (10,000: `python3 dev.py faults power`), and what must be found out."""

from __future__ import annotations

import pytest

from tests.faults import power, recording

#: call -> (cuts that are drawn by lot, different states they leave at least)
DRAWN = {"acts": (190, 160), "act": (110, 76), "merge": (60, 50), "small import": (65, 52), "migrate 0001": (8, 6), "begin": (14, 11),
         "password": (600, 10), "photos": (2400, 150), "rotate": (12, 8), "backup": (12, 8)}
#: how careless -> found out here; the others: `dev.py faults power`
CARELESS = [("acts", "OFF"), ("password", "names"), ("careless", "FULL")]
pytestmark = pytest.mark.skipif(bool(recording.lacking()), reason=recording.lacking() or "nothing is lacking")


def test_the_cuts_are_more_than_500() -> None:
    assert sum(least for _drawn, least in DRAWN.values()) >= 500


@pytest.mark.parametrize("call", [*DRAWN])
def test_a_power_cut_leaves_what_was_told_as_saved_and_nothing_by_half(call: str) -> None:
    drawn, least = DRAWN[call]
    count, _changes = power.of(call, at_most=drawn, again=6)
    assert count.pop("states") >= least
    assert count == {}


@pytest.mark.parametrize(("call", "how"), CARELESS)
def test_a_careless_program_would_be_found_out(call: str, how: str) -> None:
    count, _changes = power.of(call, how, at_most=60)
    del count["states"]
    assert count.total() >= 1
