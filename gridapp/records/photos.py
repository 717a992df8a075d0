"""Photo (照片): the record names it by the hash of its content; the bytes lie encrypted beside the ledger and travel when there is room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, Link, Text, Whole
from gridapp.records.base import Record


class Photo(Record):
    """A picture of somebody or something; the same picture twice is one content with two records."""

    __tablename__ = "photo"
    CODE, TITLE = 13, "照片"

    content: Mapped[str] = field(1, Text(64), "内容编号", required=True, index=True, hint="照片内容的 BLAKE2b-256，十六进制")
    size: Mapped[int | None] = field(2, Whole(0, 8_388_608), "字节数")
    of: Mapped[UUID | None] = field(3, Link(), "所属记录", index=True)
    caption: Mapped[str | None] = field(4, Text(100), "说明")
    taken_on: Mapped[date | None] = field(5, Day(), "拍摄日期")
    stage: Mapped[str | None] = field(6, Code("photo_stage"), "拍的是", hint="整改前、整改后等")

    def label(self) -> str:
        return self.caption or self.TITLE
