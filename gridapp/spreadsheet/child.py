"""The child process that parses a foreign workbook: little memory, little time, and only plain cells come back.

Started as `python child.py KIND < file` (as a file, so that the program is not imported); writes CBOR [[sheet, first row, [[cell]]]] to its output.
A 4 KB file may abort the parser (reliability.md finding 5): then only this process is gone.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import cbor2

MEMORY = 1 << 29
CPU_SECONDS = 20
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, LONGEST_CELL = 50_000, 100, 50, 2_000
TOO_BIG = 7


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent puts this process into a job object
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(cell: Any) -> Any:
    """A cell as CBOR knows it: days without their time, long text cut off where no field could hold it."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, str):
        return cell[:LONGEST_CELL] or None
    return cell


def workbook(data: bytes) -> Iterator[tuple[str, int, list[list[Any]]]]:
    """(name, Excel row of the first row, rows) of every sheet; hidden ones too."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names[:MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None or sheet.start is None:
            continue
        if sheet.end[0] - sheet.start[0] >= MOST_ROWS + 1000:
            sys.exit(TOO_BIG)
        rows = [[plain(c) for c in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=True)]
        yield name, sheet.start[0] + 1, rows


def decoded(data: bytes) -> str:
    """Text of a CSV: byte order mark, else strict UTF-8, else GB 18030 (also when UTF-8 gave no Chinese at all)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")
    odd = [c for c in text if ord(c) > 127]
    if odd and not any("\u3400" <= c <= "\u9fff" for c in odd):
        return data.decode("gb18030", errors="replace")
    return text


def table(data: bytes) -> Iterator[tuple[str, int, list[list[Any]]]]:
    """The one sheet of a CSV file."""
    text = decoded(data)
    first = text.partition("\n")[0]
    mark = "\t" if first.count("\t") > first.count(",") else ","
    rows = [[plain(c) for c in row[:MOST_COLUMNS]] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    if len(rows) > MOST_ROWS + 1000:
        sys.exit(TOO_BIG)
    yield "CSV", 1, rows


def main() -> None:
    _limit()
    kind, data = sys.argv[1], sys.stdin.buffer.read()
    sheets = table(data) if kind == "csv" else workbook(data)
    cbor2.dump([[name, first, rows] for name, first, rows in sheets], sys.stdout.buffer)


if __name__ == "__main__":
    main()
