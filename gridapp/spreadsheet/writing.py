"""Writing workbooks: text stays text (no formula, no link), numbers of papers are never numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Name
from gridapp.fields.masked import mask_text
from gridapp.records import House, Person
from gridapp.store.files import write_with
from gridapp.texts import _
from gridapp.work.intake import Plan, Weighed, column_label

#: in memory: what the writer puts aside otherwise lies readable in the folder for passing files (found by the canaries)
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_table(path: Path, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
    """One sheet: title, header (name, width in characters), rows of text. Whole or absent. Raises CannotWrite, DiskFull."""
    def fill(half: Path) -> None:
        book = xlsxwriter.Workbook(str(half), SAFE)
        sheet = book.add_worksheet(title[:31])
        head, body = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF8"}), book.add_format({"num_format": "@"})
        for place, (name, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, name, head)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, body)
        book.close()

    write_with(path, fill)


def write_report(path: Path, plan: Plan) -> None:
    """The dry run for the officer: every row that was refused or is doubtful, where, why, and what stood there."""
    columns = [(_("结果"), 8), (_("工作表"), 12), (_("行"), 6), (_("列"), 20), (_("原来的内容"), 26), (_("姓名或编号"), 16), (_("原因"), 70)]
    told = [(_("拒绝"), w, "block") for w in plan.refused] + [(_("疑问"), w, "warn") for w in plan.warned]
    write_table(path, _("导入检查结果"), columns, (line for word, w, level in told for line in _lines(word, w, level)))


def _lines(word: str, weighed: Weighed, level: str) -> Iterable[list[str]]:
    row = weighed.row
    raw: dict[str, str] = getattr(row, "raw", {})
    who = raw.get("name") or raw.get("house_no", "")
    for mark in weighed.marks:
        if mark.level == level:
            yield [word, row.sheet, str(row.row), column_label(row.kind, mark.field), _stood(row.kind, mark.field or "", raw), who, mark.text]


def _stood(kind: str, name: str, raw: Mapping[str, str]) -> str:
    """What the cell says; numbers of people masked, the row is found by its sheet and line."""
    told, text = fields_of(House if kind == "house" else Person).get(name), raw.get(name, "")
    return mask_text(text) if text and told is not None and told.private and not isinstance(told.kind, Name) else text
