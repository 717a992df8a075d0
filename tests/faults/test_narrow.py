"""A full, a read-only and a failing disk: a sentence, every earlier act there, and the same act works once there is room again."""

from __future__ import annotations

import pytest

from tests.faults import narrow


@pytest.mark.parametrize("scenario", [*narrow.SCENARIOS])
def test_a_narrow_disk_is_told_and_loses_nothing(scenario: str) -> None:
    found = narrow.alone(scenario)
    if isinstance(found, str):
        pytest.skip(found)
    assert found.pop("tried") >= 2, "the disk was never too narrow"
    assert found == {}
