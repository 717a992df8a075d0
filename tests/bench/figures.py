"""A figure, the baseline it is held against, and the table of all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured thing in words; `baseline` is what the same machine does at best, `aim` what the issue asks."""

    name: str
    value: str
    baseline: str = ""
    aim: str = ""


def spent(what: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def p95(seconds: Sequence[float]) -> float:
    """Between the slowest measured ones, never beyond: of seven times a guess beyond them is no measurement."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[18]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"p50 {ms(statistics.median(seconds))}, p95 {ms(p95(seconds))} (n={len(seconds)})"


def table(figures: Sequence[Figure]) -> str:
    rows = [("measured", "value", "baseline, same run", "aim"), ("---",) * 4]
    rows += [(f.name, f.value, f.baseline, f.aim) for f in figures]
    return "\n".join("| " + " | ".join(r) + " |" for r in rows)
