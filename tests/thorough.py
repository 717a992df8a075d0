"""Every combination, or a few that stand for all: the suite has six minutes, `python3 dev.py faults thorough` takes its time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
ASKED = "GRIDAPP_THOROUGH"
THOROUGH = bool(os.environ.get(ASKED))
MANY = 1000
#: how many examples a property is tried on where it names no number itself
EXAMPLES = MANY if THOROUGH else 50


def of(every: Sequence[T], few: Sequence[T]) -> Sequence[T]:
    """What a test is tried with now."""
    return every if THOROUGH else few
