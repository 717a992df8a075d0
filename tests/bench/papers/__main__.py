"""One engine in a process of its own: `python -m tests.bench.papers ENGINE DATA OUT` prints what it took as JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path


def main(engine: str, data: str, out: str) -> None:
    draw = importlib.import_module(f"tests.bench.papers.{engine}").draw
    begun = time.process_time()
    pages = draw(Path(data), Path(out))
    spent = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": spent, "pages": pages, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
