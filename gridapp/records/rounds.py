"""Routes of the patrols (巡查路线), traffic posts (两站两员 值勤劝导) and who was stopped there (晒一晒)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Clock, Code, Day, Link, LongText, Name, Text, Whole
from gridapp.records.base import Record
from gridapp.texts import _


class Route(Record):
    """A way patrols go, with its points in order, one a line."""

    __tablename__ = "route"
    CODE, TITLE = 20, "巡查路线"

    name: Mapped[str] = field(1, Text(60), "路线名称", required=True)
    points: Mapped[str] = field(2, LongText(1000), "途经点", required=True, hint="一行一个，按先后")
    shift: Mapped[str | None] = field(3, Code("patrol_shift"), "班次")
    every_days: Mapped[int | None] = field(4, Whole(1, 365), "几天走一次")
    team: Mapped[str | None] = field(5, Text(200), "队员")
    grid: Mapped[UUID | None] = field(6, Link("grid"), "网格")
    remark: Mapped[str | None] = field(7, LongText(500), "备注")

    def label(self) -> str:
        return self.name


class Duty(Record):
    """Hours at a traffic post (劝导站) with what was counted there."""

    __tablename__ = "duty"
    CODE, TITLE = 21, "交通劝导"

    day: Mapped[date] = field(1, Day(), "日期", required=True, index=True)
    site: Mapped[UUID | None] = field(2, Link("site"), "劝导点", index=True)
    place: Mapped[str | None] = field(3, Text(200), "地点", required=True)
    start: Mapped[str | None] = field(4, Clock(), "开始时间", required=True)
    end: Mapped[str | None] = field(5, Clock(), "结束时间")
    people: Mapped[str | None] = field(6, Text(200), "值勤人员", required=True)
    persuaded: Mapped[int | None] = field(7, Whole(0, 9999), "劝导人次")
    passed: Mapped[int | None] = field(8, Whole(0, 99_999), "骑乘人数（抽查）")
    helmets: Mapped[int | None] = field(9, Whole(0, 99_999), "戴头盔人数")
    overloaded: Mapped[int | None] = field(10, Whole(0, 9999), "违规载人")
    wrong_way: Mapped[int | None] = field(11, Whole(0, 9999), "逆行闯红灯")
    unlicensed: Mapped[int | None] = field(12, Whole(0, 9999), "无牌、非标车")
    leaflets: Mapped[int | None] = field(13, Whole(0, 99_999), "发放资料")
    remark: Mapped[str | None] = field(14, LongText(500), "备注")

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "warn", "future-date", _("日期在今天以后，请核对。"))
        if self.passed is not None and self.helmets is not None and self.helmets > self.passed:
            yield Mark("helmets", "block", "more-than-all", _("戴头盔的人数多于骑乘人数，请改正。"))

    def label(self) -> str:
        return f"{self.day} {self.place or ''}".strip()


class Offender(Record):
    """Somebody stopped at a traffic post; posted (晒一晒) with the name masked; neither number nor plate is asked for."""

    __tablename__ = "offender"
    CODE, TITLE = 22, "劝导对象"

    duty: Mapped[UUID] = field(1, Link("duty"), "交通劝导", required=True, index=True)
    name: Mapped[str | None] = field(2, Name(), "姓名", private=True)
    what: Mapped[str] = field(3, Code("traffic_offence"), "行为", required=True)
    employer: Mapped[str | None] = field(4, Text(100), "所在单位（厂）")
    times: Mapped[int | None] = field(5, Whole(1, 99), "第几次")
    remark: Mapped[str | None] = field(6, Text(200), "备注")

    def label(self) -> str:
        return self.name or self.TITLE
