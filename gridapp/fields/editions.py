"""A new edition (版) of a code table: read from a file, and held against what every code has meant so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gridapp.errors import Mark, Mistake
from gridapp.fields import checklists, codes
from gridapp.fields.codes import Row
from gridapp.fields.kinds import plain_text
from gridapp.texts import _

HEADS = ("code", "name", "alias", "suggest_in_ui")
#: several values of one field are told with these between them
SEPARATORS = ",，、;；"
LARGEST_FILE, LONGEST_NAME, SHOWN_FAULTS = 256 * 1024, 60, 8
_CODE = re.compile(r"[0-9A-Za-z._-]{1,20}")


class BadCodeTable(Mistake):
    """An edition that may not be published; a mark for each fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        told = tuple(faults)
        more = [_("还有 {0} 处。").format(len(told) - SHOWN_FAULTS)] if len(told) > SHOWN_FAULTS else []
        super().__init__("\n".join([_("代码表没有发布，请改正文件后再试："), *told[:SHOWN_FAULTS], *more]),
                         [Mark(None, "block", "bad-code-table", text) for text in told])


@dataclass(frozen=True)
class Edition:
    """What is to be published: its text as it is kept, and what it changes."""

    name: str
    text: str
    rows: tuple[Row, ...]
    added: tuple[Row, ...]
    renamed: tuple[tuple[str, Row], ...]
    retired: tuple[Row, ...]
    back: tuple[Row, ...]
    #: the further columns of these say something else
    retold: tuple[Row, ...] = ()


def text_of(rows: Iterable[Row]) -> str:
    """Rows as a table in text, as it is kept and as a town may go on from it."""
    told = tuple(rows)
    further = [head for head in codes.FURTHER if any(r.told(head) for r in told)]
    lines = ["\t".join((r.code, r.name, "|".join(r.words), "1" if r.suggested else "", *map(r.told, further))) for r in told]
    return "\n".join(("\t".join((*HEADS, *further)), *lines)) + "\n"


def read(file: Path, name: str = "") -> Edition:
    """The edition in a file; its table is told by the file's name unless it is named. Raises BadCodeTable."""
    try:
        with file.open("rb") as handle:
            data = handle.read(LARGEST_FILE + 1)
    except OSError as error:
        raise BadCodeTable([_("读不到文件“{0}”，请检查位置。").format(file.name)]) from error
    if len(data) > LARGEST_FILE:
        raise BadCodeTable([_("文件“{0}”太大，不像代码表。").format(file.name)])
    return edition(name or file.stem, _decoded(data, file.name))


def _decoded(data: bytes, shown: str) -> str:
    """As Excel and text editors save: UTF-8, "Unicode text", or the GB of older programs."""
    ways = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for way in ways:
        try:
            return data.decode(way)
        except UnicodeDecodeError:
            continue
    raise BadCodeTable([_("文件“{0}”不是文本，请在 Excel 里另存为“文本文件（制表符分隔）”。").format(shown)])


def edition(name: str, text: str) -> Edition:
    """The edition of the table `name` in a text. Raises BadCodeTable with every fault it has."""
    if name not in codes.names() and not checklists.is_name(name):
        fixed = _("“{0}”这张表由程序使用，不能另发。") if name in codes.FIXED else _("没有“{0}”这张代码表。请用表的名称作文件名，如 reason.tsv。")
        raise BadCodeTable([fixed.format(name)])
    lines, rows, faults = _lines(text), list[Row](), list[str]()
    parted = checklists.is_name(name) or any(mark in row.name for row in codes.shipped(name) for mark in SEPARATORS)
    for number, told in lines:
        if fault := _fault(told, parted):
            faults.append(_("第 {0} 行：{1}").format(number, fault))
        else:
            rows += codes.rows_in([_kept(name, told)])
    faults += [] if rows or faults else [_("文件里一个代码也没有。")]
    faults += [] if faults else [*_twice(rows), *_another_meaning(name, rows), *checklists.faults(name, rows)]
    if faults:
        raise BadCodeTable(faults)
    return _compared(name, tuple(rows))


def _lines(text: str) -> list[tuple[int, dict[str, str]]]:
    """Its lines by the heads, each with its number in the file; under '' what stands right of the last head. Raises BadCodeTable."""
    told = [(number, [plain_text(cell).strip('"') for cell in line.split("\t")]) for number, line in enumerate(text.split("\n"), 1)
            if line.strip() and not line.startswith("#")]
    heads = told[0][1] if told else []
    if not {"code", "name"} <= set(heads):
        raise BadCodeTable([_("第一行要有 code 和 name 两列，中间用 Tab 键隔开。")])
    return [(number, dict(zip(heads, cells, strict=False)) | {"": "".join(cells[len(heads):])}) for number, cells in told[1:]]


def _kept(name: str, told: dict[str, str]) -> dict[str, str]:
    """A file without a further column (an older one) leaves what the codes it had say there."""
    known = next((row for row in codes.table(name).rows if row.code == told["code"]), None)
    return (dict(known.more) if known else {}) | told


def _fault(told: dict[str, str], parted: bool) -> str:
    """What is wrong with one line by itself; '' for nothing. `parted`: names of this table may have commas in them."""
    code, name = told.get("code", ""), told.get("name", "")
    if told[""]:
        return _("格子比第一行多，请检查 Tab 键。")
    if not code or not name:
        return _("代码和名称都要填。")
    if not _CODE.fullmatch(code):
        return _("代码“{0}”只能用数字、字母和 . _ -，最多 20 个。").format(code)
    if len(name) > LONGEST_NAME or len(told.get("alias", "")) > LONGEST_NAME * 4:
        return _("“{0}…”太长，名称最多 {1} 个字。").format(name[:10], LONGEST_NAME)
    if name.startswith(codes.NEW) or not parted and any(mark in name for mark in SEPARATORS):
        return _("名称“{0}”里不能有逗号、顿号、分号，也不能以“{1}”开头。").format(name, codes.NEW)
    return ""


def _words(row: Row) -> list[str]:
    return [row.name, *row.words]


def _twice(rows: list[Row]) -> Iterator[str]:
    """Codes and words that stand in two lines."""
    given, met = dict[str, str](), set[str]()
    for row in rows:
        if row.code in met:
            yield _("代码 {0} 写了两次。").format(row.code)
        met.add(row.code)
        for word in _words(row):
            if given.setdefault(codes.folded(word), row.code) != row.code:
                yield _("“{0}”同时是代码 {1} 和 {2}，请只留一个。").format(word, given[codes.folded(word)], row.code)


def _another_meaning(name: str, rows: list[Row]) -> Iterator[str]:
    """A code is never used again for something else, nor a word for another code: records of years ago must read the same."""
    table = codes.table(name)
    known = {row.code: row for row in table.rows}
    for row in rows:
        before = known.get(row.code)
        if before is not None and codes.folded(before.name) not in map(codes.folded, _words(row)):
            yield _("代码 {0} 一直是“{1}”，不能改作“{2}”。请另用新代码；如果只是换个说法，请把“{1}”写进 alias 列。").format(row.code, before.name, row.name)
            continue
        for word in _words(row):
            if (other := table.find(word)) not in (None, row.code) and not (before and codes.folded(word) in map(codes.folded, _words(before))):
                yield _("“{0}”一直是代码 {1} 的意思，不能给代码 {2}。").format(word, other, row.code)


def _compared(name: str, rows: tuple[Row, ...]) -> Edition:
    """Raises BadCodeTable where nothing is new."""
    table = codes.table(name)
    known, offered = {row.code: row for row in table.rows}, {row.code: row for row in table.offered}
    told = {row.code for row in rows}
    if text_of(rows) == text_of(table.offered):
        raise BadCodeTable([_("这张表和现在用的完全一样，不用再发布。")])
    return Edition(
        name, text_of(rows), rows, tuple(r for r in rows if r.code not in known),
        tuple((known[r.code].name, r) for r in rows if r.code in known and known[r.code].name != r.name),
        tuple(r for r in table.offered if r.code not in told), tuple(r for r in rows if r.code in known and r.code not in offered),
        tuple(r for r in rows if r.code in known and known[r.code].more != r.more))
