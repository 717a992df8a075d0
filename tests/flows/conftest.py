"""Whoever comes to the door within the process of a test opens with a password that costs little; a door in a process of its own costs what it costs in life."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    """See above."""
