"""Events (事件、警情) and whom each was pushed to (推送: 一警情三推送)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Clock, Code, Day, Link, LongText, Name, Phone, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _


class Event(Record):
    """What happened and what became of it; states are those of the machine `event` (GB/T 34300 workflow)."""

    __tablename__ = "event"
    CODE, TITLE = 25, "事件"

    number: Mapped[str | None] = field(1, Text(40), "事件编号", index=True)
    title: Mapped[str] = field(2, Text(100), "标题", required=True)
    kind: Mapped[str | None] = field(3, Code("event_kind"), "类别", required=True)
    source: Mapped[str | None] = field(4, Code("event_source"), "来源")
    grade: Mapped[str | None] = field(5, Code("event_grade"), "等级")
    scale: Mapped[str | None] = field(6, Code("event_scale"), "规模")
    day: Mapped[date] = field(7, Day(), "发生日期", required=True, index=True)
    time: Mapped[str | None] = field(8, Clock(), "发生时间")
    house: Mapped[UUID | None] = field(9, Link("house"), "房屋", index=True)
    site: Mapped[UUID | None] = field(10, Link("site"), "场所", index=True)
    place: Mapped[str | None] = field(11, Text(200), "发生地点", required=True)
    content: Mapped[str] = field(12, LongText(2000), "情况描述", required=True)
    people: Mapped[int | None] = field(13, Whole(0, 99_999), "涉及人数")
    teller: Mapped[str | None] = field(14, Name(), "报告人", private=True)
    teller_phone: Mapped[str | None] = field(15, Phone(), "报告人电话", private=True)
    platform: Mapped[str | None] = field(16, Code("platform"), "所属平台")
    state: Mapped[str] = field(17, Code("event_state"), "状态")
    due_on: Mapped[date | None] = field(18, Day(), "办理期限")
    result: Mapped[str | None] = field(19, LongText(2000), "处置结果")
    done_on: Mapped[date | None] = field(20, Day(), "办结日期")
    rating: Mapped[str | None] = field(21, Code("satisfaction"), "评价")
    police: Mapped[bool | None] = field(22, Yes(), "警情")
    alarm: Mapped[UUID | None] = field(23, Link("alarm"), "来自告警")
    linked: Mapped[UUID | None] = field(24, Link("event"), "关联事件", index=True)
    __table_args__ = (UniqueConstraint("id", "scope"), Index("ix_event_standing", "state", "due_on", "deleted", "id"))

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "block", "future-date", _("发生日期在今天以后，请改正。"))
        if self.due_on and self.day and self.due_on < self.day:
            yield Mark("due_on", "block", "due-before", _("办理期限早于发生日期，请改正。"))
        if self.linked and self.linked == self.id:
            yield Mark("linked", "block", "linked-to-itself", _("这就是它自己，请另选一件事件。"))

    def label(self) -> str:
        return self.title


class Push(Record):
    """One recipient of an event: when it was told, by when it answers, what it answered."""

    __tablename__ = "push"
    CODE, TITLE = 26, "推送"

    event: Mapped[UUID] = field(1, Link("event"), "事件", required=True)
    recipient: Mapped[str] = field(2, Text(60), "推送对象", required=True)
    sent_on: Mapped[date] = field(3, Day(), "推送日期", required=True)
    due_on: Mapped[date | None] = field(4, Day(), "反馈期限")
    received_on: Mapped[date | None] = field(5, Day(), "签收日期")
    receiver: Mapped[str | None] = field(6, Text(50), "签收人")
    answered_on: Mapped[date | None] = field(7, Day(), "反馈日期")
    answer: Mapped[str | None] = field(8, LongText(1000), "反馈内容")
    contact: Mapped[str | None] = field(9, Text(60), "联系方式")
    __table_args__ = (UniqueConstraint("id", "scope"), Index("ix_push_waiting", "event", "answered_on", "due_on", "deleted"))

    def check(self, today: date) -> Iterable[Mark]:
        for name, text in (("received_on", _("签收日期早于推送日期，请改正。")), ("answered_on", _("反馈日期早于推送日期，请改正。")),
                           ("due_on", _("反馈期限早于推送日期，请改正。"))):
            if (day := getattr(self, name)) and self.sent_on and day < self.sent_on:
                yield Mark(name, "block", "before-sent", text)

    def label(self) -> str:
        return self.recipient
