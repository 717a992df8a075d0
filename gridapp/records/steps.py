"""Step (经过): one step of a case on its way through a state machine, with who, when and what was said; a case is a hazard, an event, a dispute …"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.fields.field import field
from gridapp.fields.kinds import Day, Link, LongText, Text
from gridapp.records.base import Record


class Step(Record):
    """What was done (`step`), which state it led to; states and steps are the words of resources/states."""

    __tablename__ = "step"
    CODE, TITLE = 19, "经过"

    matter: Mapped[UUID] = field(1, Link(), "所属事项", required=True, index=True)
    machine: Mapped[str] = field(2, Text(30), "流程", required=True)
    step: Mapped[str] = field(3, Text(30), "步骤", required=True)
    state: Mapped[str] = field(4, Text(30), "之后的状态", required=True)
    day: Mapped[date] = field(5, Day(), "日期", required=True)
    who: Mapped[str | None] = field(6, Text(100), "经办人")
    unit: Mapped[str | None] = field(7, Text(60), "单位")
    note: Mapped[str | None] = field(8, LongText(1000), "说明")
    number: Mapped[str | None] = field(9, Text(40), "文号")
    due_on: Mapped[date | None] = field(10, Day(), "期限")
    officer: Mapped[UUID | None] = field(11, Link("officer"), "记录人")

    def label(self) -> str:
        return f"{self.day} {self.step}"
