"""How long from the start of the program to the first painted window."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import Figure, spent

RUNS = 7
ROOT = Path(__file__).resolve().parents[2]


def _run(folder: Path, *command: str) -> list[float]:
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "GRIDAPP_HOME": str(folder / "home")}
    def once() -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True, capture_output=True)

    once()
    return [spent(once) for _ in range(RUNS)]


def start(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """`main.py --until-painted` ends itself after its first paint; warm, the whole process from outside."""
    window = _run(folder, "main.py", "--until-painted")
    bare = _run(folder, "-c", "from PySide6.QtWidgets import QApplication, QWidget; a = QApplication([]); w = QWidget(); w.show(); a.processEvents()")
    return [Figure("start to first painted window", f"median {statistics.median(window):.2f} s (n={RUNS})",
                   f"an empty Qt window {statistics.median(bare):.2f} s", "≤ 1 s warm")]
