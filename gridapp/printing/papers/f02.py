"""F02 流动人口登记簿: everybody registered as living here now (浙江省流动人口居住登记条例 第二十九条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from gridapp.ledger import Reader
from gridapp.printing.chunks import Chunked
from gridapp.printing.papers.office import Wish, picked, words
from gridapp.work import registers, village

#: lines asked for at a time while they are printed
MANY = 500


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


def gather(read: Reader, wish: Wish) -> Book:
    """Everybody living in the village today, by house and room, or those of some people who do; a wish for one house does not narrow the register."""
    desk, keys = village.desk(read), registers.register_keys(read, tenants=wish.records)
    rows: Sequence[Row] = Chunked(keys, partial(_some, read), MANY) if len(keys) > MANY else _some(read, keys)
    return Book(desk.village, desk.grid if wish.records is None else f"{desk.grid}（{picked(keys)}）", rows)


def _some(read: Reader, keys: Sequence[UUID]) -> list[Row]:
    return [_row(row) for row in registers.register_rows(read, only=keys)]


def _row(row: registers.RegisterRow) -> Row:
    return Row(
        name=row.name,
        sex=words("sex", row.sex),
        ethnic=words("ethnic", row.ethnic),
        birth=row.birth,
        id_no=row.id_no,
        hukou=row.hukou_addr,
        home=row.place,
        reason=words("reason", row.reason),
        workplace=row.workplace,
        phone=row.phone,
        remark=row.remark,
    )
