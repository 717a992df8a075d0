"""A look at a foreign file before anybody parses it: what it is, how big it would become, what it must not hold.

Limits: reliability.md I2. Everything here reads bytes only; names inside archives never become paths (I5).
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from gridapp.errors import Mistake
from gridapp.texts import _

FileKind = Literal["xlsx", "xls", "csv"]
MIB = 1 << 20
LARGEST_FILE = 20 * MIB
MOST_ENTRIES = 2_000
LARGEST_INFLATED = 200 * MIB
STEEPEST = 100
#: below this an archive may be as dense as it likes (an empty sheet packs 200 to 1)
SMALL = 4 * MIB
XLS_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: the 200th column is GR
FARTHEST_ROW, FARTHEST_COLUMN = 60_000, b"GR"


class NotAWorkbook(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”不是表格文件。请选择 Excel 工作簿（.xlsx、.xls）或 .csv 文件。").format(name))


class NoSuchFile(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("没有找到或无法读取“{0}”。请检查文件是否还在、U盘是否插好。").format(name))


class Encrypted(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”设有打开密码。请先在 Excel 里去掉密码，另存后再导入。").format(name))


class TooBig(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”太大或内容异常膨胀，没有打开。请只保留需要的工作表和行（最多 5 万行），另存后再导入。").format(name))


class Unsafe(Mistake):
    """Macros, links to other files, nested archives, document types: nothing a register needs."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(_("“{0}”含有{1}，为安全起见没有打开。请在 Excel 里另存为普通的 .xlsx 工作簿后再导入。").format(name, what))


class Broken(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”已损坏或不完整，无法读取。请重新复制一份，或在 Excel 里打开后另存。").format(name))


class WebPage(Mistake):
    """Many offices' systems write an HTML table and call it .xls."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”其实是网页，不是表格文件。请在 Excel 里打开它，另存为 .xlsx 工作簿后再导入。").format(name))


def look_at(path: Path) -> FileKind:
    """What kind of file it is, after every check that needs no parsing. Raises the Mistakes of this module."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise NoSuchFile(path.name)
        with path.open("rb") as handle:
            head = handle.read(4096)
    except (OSError, ValueError):  # a name with a zero byte is a ValueError
        raise NoSuchFile(path.name) from None
    if told.st_size > LARGEST_FILE:
        raise TooBig(path.name)
    if head.startswith(b"PK\x03\x04"):
        _check_archive(path)
        return "xlsx"
    if head.startswith(XLS_MAGIC):
        _check_streams(path)
        return "xls"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        raise WebPage(path.name)
    if path.suffix.lower() in (".csv", ".txt") and head and b"\0\0\0" not in head:
        return "csv"
    raise NotAWorkbook(path.name)


def _check_streams(path: Path) -> None:
    """An old workbook (or a locked new one) is a file of named streams; the names tell."""
    try:
        data = path.read_bytes()
    except OSError:
        raise NoSuchFile(path.name) from None
    if _named(data, "EncryptedPackage") or _has_password(data):
        raise Encrypted(path.name)
    if _named(data, "_VBA_PROJECT"):
        raise Unsafe(path.name, _("宏"))


def _named(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


#: how the stream of an old workbook begins ([MS-XLS] 2.4.21 BOF, versions 5 and 8), and the record a password leaves (2.4.117 FilePass)
_BEGINNING = re.compile(rb"\x09\x08[\x08\x10]\0\0[\x05\x06]\x05\0")
_PASSWORD = 0x2F


def _has_password(data: bytes) -> bool:
    """Whether one of the first records is the password's; it stands right behind the beginning."""
    found = _BEGINNING.search(data)
    at = found.start() if found else len(data)
    for _record in range(4):
        if at + 4 > len(data):
            return False
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == _PASSWORD:
            return True
        at += 4 + size
    return False


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(path.name, entries)
            _check_inflated(path.name, archive, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, struct.error) as error:
        raise Broken(path.name) from error
    except NotImplementedError as error:  # a way of packing zipfile does not know (Excel uses one only)
        raise Broken(path.name) from error
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise Encrypted(path.name) from error


def _check_entries(name: str, entries: list[zipfile.ZipInfo]) -> None:
    names = {e.filename.lower() for e in entries}
    if len(entries) > MOST_ENTRIES:
        raise TooBig(name)
    if not any(n.startswith("xl/workbook") for n in names):
        raise NotAWorkbook(name)
    if any(n.endswith("vbaproject.bin") for n in names):
        raise Unsafe(name, _("宏"))
    if any("externallinks/" in n for n in names):
        raise Unsafe(name, _("指向其他文件的链接"))
    if any(n.endswith((".zip", ".xlsx", ".jar", ".7z", ".rar")) for n in names):
        raise Unsafe(name, _("嵌套的压缩文件"))
    if any(e.flag_bits & 1 for e in entries):
        raise Encrypted(name)
    if sum(e.file_size for e in entries) > LARGEST_INFLATED:
        raise TooBig(name)


def _check_inflated(name: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Inflate everything once, counting (declared sizes may lie), and look for what the parser must not meet."""
    total = 0
    for entry in entries:
        xml, tail, mine = entry.filename.lower().endswith((".xml", ".rels")), b"", 0
        with archive.open(entry) as stream:
            while chunk := stream.read(MIB):
                total += len(chunk)
                mine += len(chunk)
                if total > LARGEST_INFLATED or (mine > SMALL and mine > STEEPEST * max(entry.compress_size, 1)):
                    raise TooBig(name)
                if xml and b"<!DOCTYPE" in tail + chunk:
                    raise Unsafe(name, _("文档类型声明"))
                if xml and "worksheets/" in entry.filename.lower():
                    _check_cells(name, tail + chunk)
                tail = chunk[-40:]


_CELL = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')


def _check_cells(name: str, text: bytes) -> None:
    """A single cell at XFD1048576 makes the parser ask for 152 GB and abort the process."""
    for letters, digits in _CELL.findall(text):
        if len(letters) == 3 or int(digits) > FARTHEST_ROW or (len(letters) == 2 and letters > FARTHEST_COLUMN):
            raise TooBig(name)
