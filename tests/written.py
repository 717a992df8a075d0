"""Documents whose figures a command writes: one part for each measurement or family of faults, the others stay as they were."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
FLUSHES = 300


def put(document: Path, title: str, text: str) -> None:
    """Put one part anew, or behind the others when it is not there yet."""
    head, *parts = document.read_text("utf-8").split("\n## ")
    kept = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts} | {title: f"\n{text}"}
    document.write_text("\n## ".join([head.rstrip("\n") + "\n", *(f"{name}\n{body}" for name, body in kept.items())]), "utf-8")


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def flushes(folder: Path) -> list[float]:
    """What this disk needs for one 4 KB append that is really flushed, in seconds."""
    taken = list[float]()
    with (folder / "flush").open("ab", buffering=0) as handle:
        for _again in range(FLUSHES):
            begun = time.perf_counter()
            handle.write(os.urandom(4096))
            os.fsync(handle.fileno())
            taken.append(time.perf_counter() - begun)
    return taken
