"""Task (任务): something the town asks a village to do by a day; lives in the village's register and comes back done with the next hand-over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, Link, LongText, Text
from gridapp.records.base import Record
from gridapp.texts import _


class Task(Record):
    """Set by the town, ticked off by the village; `about` and `subject` name the record it is about, if there is one."""

    __tablename__ = "task"
    CODE, TITLE = 16, "任务"

    title: Mapped[str] = field(1, Text(60), "任务", required=True)
    text: Mapped[str | None] = field(2, LongText(1000), "要求")
    kind: Mapped[str | None] = field(3, Code("task_kind"), "类别")
    due_on: Mapped[date | None] = field(4, Day(), "期限", index=True)
    about: Mapped[str | None] = field(5, Text(20), "所指类别", hint="person、house 等")
    subject: Mapped[UUID | None] = field(6, Link(), "所指记录", index=True)
    set_by: Mapped[str | None] = field(7, Text(50), "下达人")
    set_on: Mapped[date] = field(8, Day(), "下达日期", required=True)
    done_on: Mapped[date | None] = field(9, Day(), "完成日期")
    done_note: Mapped[str | None] = field(10, LongText(500), "完成情况")
    done_by: Mapped[str | None] = field(11, Text(50), "完成人")

    def check(self, today: date) -> Iterable[Mark]:
        if self.done_on is None and (self.done_note or self.done_by):
            yield Mark("done_on", "block", "not-done", _("写了完成情况，请同时填完成日期。"))

    def label(self) -> str:
        return self.title
