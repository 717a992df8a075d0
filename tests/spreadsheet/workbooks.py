"""Workbooks for tests: rows of a register in any shape, and raw archives for what no program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.ledgers import NUMBERS

Table = Sequence[Sequence[Any]]
HEAD = ("姓名", "性别", "证件号码", "房屋编号", "房号", "联系电话", "来本地日期")
#: never issued: see tests/ledgers.py
PENG = ("彭兵", "男", NUMBERS[0], "QHY0001", "101", "15026310431", "2024年3月31日")
WU = ("吴丽", "男", NUMBERS[1], "QHY0001", "102", "14723438638", "2026-03-22")
HOUSES = (("房屋编号", "房屋坐落", "房主姓名"), ("QHY0001", "永康市古山镇青后叶村祠堂路1号", "张浩"))


def book(path: Path, *tables: Table, names: Sequence[str] = (), hidden: Sequence[int] = (), merge: Mapping[int, Sequence[str]] | None = None) -> Path:
    """A workbook with one sheet per table; `hidden` and `merge` go by the number of the sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, rows in enumerate(tables):
        sheet = made.create_sheet(names[number] if names else f"表{number + 1}")
        for row in rows:
            sheet.append(list(row))
        for area in (merge or {}).get(number, ()):
            sheet.merge_cells(area)
        if number in hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def csv(path: Path, rows: Table, encoding: str, mark: str = ",") -> Path:
    path.write_bytes("\r\n".join(mark.join(map(str, row)) for row in rows).encode(encoding))
    return path


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{0}</sheetData></worksheet>'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '</Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.'
    'org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}


def raw(path: Path, cells: str = "", before: str = "", **parts: str | bytes) -> Path:
    """An xlsx put together by hand: `cells` inside sheetData, `before` in front of the sheet's XML, more parts by path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": before + _SHEET.format(cells), **parts}.items():
            archive.writestr(name, text)
    return path


def plain_xlsx(people: int = 20) -> bytes:
    """A small good workbook, to be damaged."""
    made = openpyxl.Workbook()
    made.active.append(HEAD)
    for number in range(people):
        made.active.append((*PENG[:4], str(101 + number), *PENG[5:]))
    told = io.BytesIO()
    made.save(told)
    return told.getvalue()


# ---------------------------------------------------------------- old files: streams in a compound file ([MS-CFB])

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(**streams: bytes) -> bytes:
    """A minimal compound file (version 3): one FAT sector, one run of directory sectors, streams of 4096 bytes and more."""
    padded = {name: data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0") for name, data in streams.items()}
    entries = -(-(len(padded) + 1) // 4)
    chains, start, fat = {}, 1 + entries, [_FAT, *range(2, 1 + entries), _END]
    for name, data in padded.items():
        count = len(data) // _SECTOR
        chains[name] = start
        fat += [*range(start + 1, start + count), _END]
        start += count
    assert len(fat) <= 128, "one FAT sector holds 128 numbers"
    numbers = (n.to_bytes(4, "little") for n in fat + [_FREE] * (128 - len(fat)))
    root = _entry("Root Entry", 5, 1 if padded else _FREE, _END, 0)
    told = [root, *(_entry(n, 2, _FREE, chains[n], len(d), right=i + 2 if i + 1 < len(padded) else _FREE)
                    for i, (n, d) in enumerate(padded.items()))]
    directory = b"".join(told).ljust(entries * _SECTOR, b"\0")
    return _head() + b"".join(numbers) + directory + b"".join(padded.values())


def _head() -> bytes:
    told = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16)]
    told += [n.to_bytes(2, "little") for n in (0x3E, 3, 0xFFFE, 9, 6)] + [bytes(6)]
    told += [n.to_bytes(4, "little") for n in (0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)] + [_FREE.to_bytes(4, "little") * 108]
    return b"".join(told)


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return b"".join([text.ljust(64, b"\0"), len(text).to_bytes(2, "little"), bytes([kind, 1]), _FREE.to_bytes(4, "little"),
                     right.to_bytes(4, "little"), child.to_bytes(4, "little"), bytes(36), start.to_bytes(4, "little"),
                     size.to_bytes(8, "little")])


def _record(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data


def xls(rows: Table = (), locked: bool = False) -> bytes:
    """A workbook of Excel 97 ([MS-XLS]) with one sheet of text cells; `locked` with the record a password leaves."""
    opening = bytes.fromhex("0006050000000000000000000000000000")[:16]
    password = _record(0x2F, bytes.fromhex("0100010001000100") + bytes(46)) if locked else b""
    cells = b"".join(_label(r, c, str(text)) for r, row in enumerate(rows) for c, text in enumerate(row))
    head = _record(0x809, opening) + password
    size = len(head) + len(_bound(0)) + 4
    book = head + _bound(size) + _record(0x0A, b"")
    sheet = _record(0x809, bytes.fromhex("00061000") + bytes(12)) + cells + _record(0x0A, b"")
    return compound(Workbook=book + sheet)


def _bound(offset: int) -> bytes:
    name = "S".encode("utf-16-le")
    return _record(0x85, offset.to_bytes(4, "little") + bytes([0, 0, 1, 1]) + name)


def _label(row: int, column: int, text: str) -> bytes:
    told = text.encode("utf-16-le")
    return _record(0x204, row.to_bytes(2, "little") + column.to_bytes(2, "little") + b"\0\0" + len(text).to_bytes(2, "little") + b"\1" + told)
