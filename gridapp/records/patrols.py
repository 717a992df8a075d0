"""Patrol (巡查), its findings (发现问题), and hazards (隐患) in their simple form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Clock, Code, Codes, Day, Link, LongText, Name, Phone, Text, Whole
from gridapp.records.base import Record
from gridapp.texts import _


class Patrol(Record):
    """A walk through the village: paper F07 巡查日志 is its print."""

    __tablename__ = "patrol"
    CODE, TITLE = 9, "巡查"

    day: Mapped[date] = field(1, Day(), "巡查日期", required=True)
    start: Mapped[str | None] = field(2, Clock(), "开始时间", required=True)
    end: Mapped[str | None] = field(3, Clock(), "结束时间")
    weather: Mapped[str | None] = field(4, Code("weather"), "天气")
    category: Mapped[str | None] = field(5, Code("patrol_category"), "巡查类别")
    people: Mapped[str | None] = field(6, Text(200), "巡查人员", required=True)
    route: Mapped[str | None] = field(7, Text(200), "巡查路线/区域")
    contents: Mapped[str | None] = field(8, Codes("patrol_contents"), "巡查内容")
    persuaded: Mapped[int | None] = field(9, Whole(0, 9999), "宣传劝导人次")
    checked: Mapped[int | None] = field(10, Whole(0, 9999), "检查户数")
    remark: Mapped[str | None] = field(11, LongText(500), "交接/备注")
    recorder: Mapped[UUID | None] = field(12, Link("officer"), "记录人")
    shift: Mapped[str | None] = field(13, Code("patrol_shift"), "班次")
    route_walked: Mapped[UUID | None] = field(14, Link("route"), "按路线")
    #: the list is met in the order of each of its columns by an index alone
    __table_args__ = (UniqueConstraint("id", "scope"), Index(None, "route_walked", "day", "deleted"), *(
        Index(f"ix_patrol_by_{name}", *columns, "seq", "deleted") for name, columns in {
            "day": ["day"], "time": ["start", "end"], "kind": ["category"], "weather": ["weather"], "people": ["people"], "route": ["route"]}.items()))

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "warn", "future-date", _("巡查日期在今天以后，请核对。"))

    def label(self) -> str:
        return f"{self.day} {self.start or ''}".strip()


class Finding(Record):
    """One problem seen on a patrol; it may become a hazard."""

    __tablename__ = "finding"
    CODE, TITLE = 10, "发现问题"

    patrol: Mapped[UUID] = field(1, Link("patrol"), "巡查", required=True, index=True)
    place: Mapped[str | None] = field(2, Text(200), "地点", required=True)
    house: Mapped[UUID | None] = field(3, Link("house"), "房屋", index=True)
    problem: Mapped[str] = field(4, LongText(500), "问题", required=True)
    category: Mapped[str | None] = field(5, Code("hazard_degree"), "等级")
    handling: Mapped[str | None] = field(6, Code("handling"), "处理情况")
    hazard: Mapped[UUID | None] = field(7, Link("hazard"), "隐患")

    def label(self) -> str:
        return self.problem


class Hazard(Record):
    """A hazard (隐患) from finding to 销号; states are those of state_machines.json."""

    __tablename__ = "hazard"
    CODE, TITLE = 11, "隐患"

    found_on: Mapped[date] = field(1, Day(), "发现日期", required=True)
    house: Mapped[UUID | None] = field(2, Link("house"), "房屋", index=True)
    room: Mapped[UUID | None] = field(3, Link("room"), "房间")
    place: Mapped[str | None] = field(4, Text(200), "地点", required=True, index=True)
    content: Mapped[str] = field(5, LongText(500), "隐患内容", required=True)
    degree: Mapped[str | None] = field(6, Code("hazard_degree"), "等级", required=True)
    patrol: Mapped[UUID | None] = field(7, Link("patrol"), "来自巡查")
    state: Mapped[str] = field(8, Code("hazard_state"), "状态")
    due_on: Mapped[date | None] = field(9, Day(), "整改期限")
    notice_no: Mapped[str | None] = field(10, Text(40), "通知书文号")
    notice_on: Mapped[date | None] = field(11, Day(), "通知日期")
    responsible: Mapped[str | None] = field(12, Name(), "被通知人", private=True)
    phone: Mapped[str | None] = field(13, Phone(), "被通知人电话", private=True)
    finder: Mapped[str | None] = field(14, Text(100), "检查人")
    demand: Mapped[str | None] = field(15, LongText(500), "整改要求")
    rechecked_on: Mapped[date | None] = field(16, Day(), "复查日期")
    recheck_by: Mapped[str | None] = field(17, Text(100), "复查人")
    recheck_note: Mapped[str | None] = field(18, LongText(500), "复查意见")
    kind: Mapped[str | None] = field(19, Code("hazard_kind"), "类别", index=True)
    site: Mapped[UUID | None] = field(20, Link("site"), "场所", index=True)
    inspection: Mapped[UUID | None] = field(21, Link("inspection"), "来自检查", index=True)
    item: Mapped[str | None] = field(22, Text(10), "检查项")
    signed_on: Mapped[date | None] = field(23, Day(), "签收日期")
    signed_by: Mapped[str | None] = field(24, Name(), "签收人", private=True)
    told_on: Mapped[date | None] = field(25, Day(), "申报整改完成日期")
    told_note: Mapped[str | None] = field(26, LongText(500), "整改情况")
    referred_on: Mapped[date | None] = field(27, Day(), "上报日期")
    referred_to: Mapped[str | None] = field(28, Text(60), "上报单位")
    listed_on: Mapped[date | None] = field(29, Day(), "挂牌日期")
    listed_by: Mapped[str | None] = field(30, Text(60), "挂牌单位")
    #: what is late, and how all places stand, is told by the index alone
    __table_args__ = (UniqueConstraint("id", "scope"), Index("ix_hazard_standing", "state", "due_on", "deleted", "degree", "house", "site"))

    def check(self, today: date) -> Iterable[Mark]:
        if self.due_on and self.found_on and self.due_on < self.found_on:
            yield Mark("due_on", "block", "due-before-found", _("整改期限早于发现日期，请改正。"))
        if self.found_on and self.found_on > today:
            yield Mark("found_on", "warn", "future-date", _("发现日期在今天以后，请核对。"))

    def label(self) -> str:
        return self.content
