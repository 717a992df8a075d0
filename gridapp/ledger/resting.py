"""The garbage collector rests while an act runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_rests() -> Iterator[None]:
    """An act of thousands of records makes a million objects and hardly a cycle; looking for some takes time and finds nothing.

    Measured with the 4,500 rows of the sample: import 0.83 s with it, 0.76 s without; undo 0.84 s, 0.60 s; peak memory 165 MB, 166 MB.
    """
    if not gc.isenabled():  # an act inside an act, or somebody who knows better
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
