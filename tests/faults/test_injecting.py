"""The n-th change fails, on a full disk or once: a sentence, no damage, and the same works afterwards (more: `python3 dev.py faults injecting`)."""

from __future__ import annotations

import pytest

from tests.faults import injecting, recording

#: call -> every how manyth change fails here; all of them where one ledger stays open
EVERY = {injecting.OPEN: 1, "act": 21, "small import": 69, "begin": 631, "password": 1, "photos": 5}
pytestmark = pytest.mark.skipif(bool(recording.lacking()), reason=recording.lacking() or "nothing is lacking")


@pytest.mark.parametrize("call", [*EVERY])
def test_a_change_that_fails_is_told_and_loses_nothing(call: str) -> None:
    count = injecting.inject(call, [*injecting.HOWS], EVERY[call])
    assert count.pop("points") >= 4
    assert count == {}


def test_a_careless_program_would_be_found_out() -> None:
    count = injecting.inject("careless", [*injecting.HOWS])
    assert count["points"] >= 2 and count["neither the old nor the new file"] >= 1
