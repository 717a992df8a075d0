"""A full, a read-only and a failing disk: a sentence, every earlier act there, and the same act works once there is room again."""

from __future__ import annotations

import pytest

from tests.faults import narrow

#: of what a disk may leave free every how manyth is tried here; all: `dev.py faults "narrow disks"`
COARSE = 3


@pytest.mark.parametrize("scenario", [*narrow.SCENARIOS])
def test_a_narrow_disk_is_told_and_loses_nothing(scenario: str) -> None:
    found = narrow.alone(scenario, coarse=COARSE)
    if isinstance(found, str):
        pytest.skip(found)
    assert found.pop("tried") >= 2, "the disk was never too narrow"
    assert found == {}
