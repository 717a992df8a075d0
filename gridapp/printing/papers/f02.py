"""F02 流动人口登记簿: everybody registered as living here now (浙江省流动人口居住登记条例 第二十九条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.printing.listed import Group, Register


@dataclass(frozen=True)
class Row:
    """One person; codes already as words; `home` is the present address down to the room."""

    name: str = ""
    sex: str = ""
    ethnic: str = ""
    birth: date | None = None
    id_no: str = ""
    hukou: str = ""
    home: str = ""
    reason: str = ""
    workplace: str = ""
    phone: str = ""
    remark: str = ""

    @property
    def label(self) -> str:
        return f"{self.name}（{self.home}）" if self.home else self.name


@dataclass(frozen=True)
class Book:
    """The register of a village or a grid."""

    village: str = ""
    grid: str = ""
    rows: Sequence[Row] = ()
    label: str = ""


def compose(book: Book) -> Register:
    """One group: the rows follow each other over all pages."""
    return Register(book, [Group(book, book.rows)], len(book.rows))
