"""The child process that parses a foreign workbook: little memory, little time, and only plain cells come back.

Started as `python child.py KIND < file` (as a file, so that the program is not imported); writes CBOR [[sheet, first row, hidden,
[[cell]]]] to its output, visible sheets first. A 4 KB file may abort the parser (reliability.md finding 5): then only this process is gone.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone
from typing import Any

import cbor2

MEMORY = 1 << 29
CPU_SECONDS = 20
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS, LONGEST_CELL, MOST_MERGED = 50_000, 100, 50, 2_000, 20_000
#: room for a title, notes and a header above the rows
ABOVE = 1_000
#: bytes of the answer (50,000 rows of a register are 15 MiB)
LARGEST_ANSWER = 40 << 20
#: exit codes
TOO_BIG, LOCKED = 7, 8
Found = tuple[str, int, bool, list[list[Any]]]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent puts this process into a job object
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))  # SIGXCPU first, so that the parent knows why
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(cell: Any) -> Any:
    """A cell as CBOR knows it: a day, or a moment where it has a time of day (CBOR wants a zone, the sheet has none); long text cut off where no field could hold it."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=timezone.utc) if cell.time() != time() else cell.date()
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, str):
        return cell[:LONGEST_CELL] or None
    return cell


def workbook(data: bytes) -> Iterator[Found]:
    """(name, Excel row of the first row, whether it is hidden, rows) of every sheet, the visible ones first."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        sys.exit(LOCKED)
    told = [(m.name, m.visible != SheetVisibleEnum.Visible) for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    for name, hidden in sorted(told[:MOST_SHEETS], key=lambda n: n[1]):
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None or sheet.start is None:
            continue
        if sheet.end[0] - sheet.start[0] >= MOST_ROWS + ABOVE:
            sys.exit(TOO_BIG)
        rows = [[plain(c) for c in row[:MOST_COLUMNS]] for row in sheet.to_python(skip_empty_area=True)]
        fill_down(rows, sheet.start, sheet.merged_cell_ranges or [])
        yield name, sheet.start[0] + 1, hidden, rows


def fill_down(rows: list[list[Any]], start: tuple[int, int], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over several rows (one house, many tenants) tells the same of each of them."""
    for (top, column), (bottom, _right) in merged[:MOST_MERGED]:
        first, place = top - start[0], column - start[1]
        if first >= 0 and bottom > top and 0 <= place < len(rows[first] if first < len(rows) else ()):
            for row in rows[first + 1:bottom - start[0] + 1]:
                row[place] = rows[first][place]


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


def table(data: bytes) -> Iterator[Found]:
    """The one sheet of a CSV file."""
    text = decoded(data)
    top = "\n".join(text.splitlines()[:30])
    mark = max(",\t;", key=top.count)
    rows = [[plain(c) for c in row[:MOST_COLUMNS]] for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    if len(rows) > MOST_ROWS + ABOVE:
        sys.exit(TOO_BIG)
    yield "CSV", 1, False, rows


def answer(found: Iterator[Found]) -> bytes:
    """All sheets as CBOR, as long as they stay within what the parent is willing to hold."""
    parts, size = [], 0
    for sheet in found:
        parts.append(cbor2.dumps(sheet))
        size += len(parts[-1])
        if size > LARGEST_ANSWER:
            sys.exit(TOO_BIG)
    return cbor2.dumps(parts)


def main() -> None:
    _limit()
    kind, data = sys.argv[1], sys.stdin.buffer.read()
    try:
        told = answer(table(data) if kind == "csv" else workbook(data))
    except MemoryError:
        sys.exit(TOO_BIG)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
