"""What the suite tries in a few combinations and on a few examples, in all and on a thousand: every button in every role, every size of window, every property."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests import thorough
from tests.faults.rows import Row

ROOT = Path(__file__).parents[2]
#: what is tried -> which tests those are
ASKED = {
    "every button and key in every role": ["tests/ui/test_offers.py"],
    "every screen in every size of window and type": ["tests/ui/test_screens.py"],
    f"properties on {thorough.MANY:,} examples": ["-m", "hypothesis", "tests"],
}


def run(_seconds: float) -> list[Row]:
    """A row for each, however long it takes."""
    return [_row(what, tests) for what, tests in ASKED.items()]


def _row(what: str, tests: list[str]) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        subprocess.run([sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-o", "timeout=1800", f"--junitxml={told}", *tests], check=False, cwd=ROOT,
                       stdout=subprocess.DEVNULL, env=os.environ | {thorough.ASKED: "1"})
        suite = next(ElementTree.parse(told).iter("testsuite"))
    return Row(what, int(suite.get("tests", 0)), int(suite.get("failures", 0)) + int(suite.get("errors", 0)))
