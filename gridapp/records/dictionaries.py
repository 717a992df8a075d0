"""Dictionary (代码表): one code table as the town has published it; lives in the configuration scope `c:…`, so it travels like data."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from gridapp.fields.field import field
from gridapp.fields.kinds import Day, LongText, Text, Whole
from gridapp.records.base import Record


class Dictionary(Record):
    """One edition of a table; earlier editions stay, so that a code one of them had is shown by its words for ever."""

    __tablename__ = "dictionary"
    CODE, TITLE = 15, "代码表"

    name: Mapped[str] = field(1, Text(40), "代码表", required=True, index=True, hint="与随程序的代码表同名，如 reason")
    edition: Mapped[int] = field(2, Whole(1, 999_999), "版次", required=True)
    day: Mapped[date] = field(3, Day(), "发布日期", required=True)
    rows: Mapped[str] = field(4, LongText(200_000), "内容", required=True, hint="制表符分列，与 resources/codes 中的写法相同")
    note: Mapped[str | None] = field(5, Text(200), "说明")

    def label(self) -> str:
        return f"{self.name} 第{self.edition}版"
