"""Make the ledger of today's revision: `python -m tests.golden.ledgers [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from gridapp.ledger.migrate import REVISIONS
from tests.golden.ledgers import HERE, make

make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / REVISIONS[-1])
