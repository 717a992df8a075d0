"""Keep papers as they are drawn today: `python -m tests.golden.papers [NUMBER …]`, all when none is named."""

from __future__ import annotations

import sys

from gridapp.printing import PAPERS
from tests.golden.papers import keep

for number in sys.argv[1:] or PAPERS:
    keep(number)
