"""Make the parcels of today's version: `python -m tests.parcels FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests import parcels

if __name__ == "__main__":
    parcels.make(Path(sys.argv[1]))
