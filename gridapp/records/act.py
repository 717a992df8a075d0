"""An act (操作): what an officer did, as one line of the story; it stands in the journal before the entries it made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.fields.field import field
from gridapp.fields.kinds import Link, Moment, Text, Whole
from gridapp.records.base import Record


class Act(Record):
    """One act = one transaction = one line of the audit = one step of undo."""

    __tablename__ = "act"
    CODE, TITLE = 1, "操作"

    verb: Mapped[str] = field(1, Text(60), "动作")
    officer: Mapped[int] = field(2, Whole(0, 65535), "网格员编号")
    undoes: Mapped[UUID | None] = field(3, Link("act"), "撤销的操作")
    at: Mapped[datetime] = field(4, Moment(), "时间")
    touched: Mapped[int | None] = field(5, Whole(0, 10**9), "涉及记录数")

    def label(self) -> str:
        return self.verb
