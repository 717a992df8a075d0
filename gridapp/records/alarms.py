"""Sensors (智能设备: 智慧烟感, 智安小区) and the alarms (告警) they give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, Link, LongText, Moment, Text
from gridapp.records.base import Record
from gridapp.texts import _


class Sensor(Record):
    """A detector or camera by the number its maker gave it."""

    __tablename__ = "sensor"
    CODE, TITLE = 23, "智能设备"

    number: Mapped[str] = field(1, Text(60), "设备编号", required=True, index=True)
    kind: Mapped[str | None] = field(2, Code("sensor_kind"), "类别")
    house: Mapped[UUID | None] = field(3, Link("house"), "房屋", index=True)
    room: Mapped[UUID | None] = field(4, Link("room"), "房间")
    site: Mapped[UUID | None] = field(5, Link("site"), "场所", index=True)
    place: Mapped[str | None] = field(6, Text(200), "安装位置")
    vendor: Mapped[str | None] = field(7, Text(60), "厂家")
    installed_on: Mapped[date | None] = field(8, Day(), "安装日期")
    remark: Mapped[str | None] = field(9, Text(200), "备注")

    def label(self) -> str:
        return f"{self.number} {self.place or ''}".strip()


class Alarm(Record):
    """One alarm; `serial` is what its maker calls it, so that the same file taken in twice brings it once."""

    __tablename__ = "alarm"
    CODE, TITLE = 24, "告警"

    at: Mapped[datetime] = field(1, Moment(), "告警时间", required=True, index=True)
    sensor: Mapped[UUID | None] = field(2, Link("sensor"), "设备", index=True)
    number: Mapped[str | None] = field(3, Text(60), "设备编号", hint="来报的原文")
    kind: Mapped[str | None] = field(4, Code("alarm_kind"), "告警类别")
    house: Mapped[UUID | None] = field(5, Link("house"), "房屋", index=True)
    site: Mapped[UUID | None] = field(6, Link("site"), "场所")
    place: Mapped[str | None] = field(7, Text(200), "地点")
    content: Mapped[str | None] = field(8, LongText(500), "内容")
    source: Mapped[str | None] = field(9, Code("alarm_source"), "来源")
    serial: Mapped[str | None] = field(10, Text(80), "厂家流水号", index=True)
    verdict: Mapped[str | None] = field(11, Code("alarm_verdict"), "核实结果", index=True)
    judged_on: Mapped[date | None] = field(12, Day(), "核实日期")
    judged_by: Mapped[str | None] = field(13, Text(100), "核实人")
    note: Mapped[str | None] = field(14, LongText(500), "核实情况")
    hazard: Mapped[UUID | None] = field(15, Link("hazard"), "转为隐患")
    event: Mapped[UUID | None] = field(16, Link("event"), "转为事件")

    def check(self, today: date) -> Iterable[Mark]:
        if self.verdict and not self.judged_by:
            yield Mark("judged_by", "block", "nobody-judged", _("填了核实结果，请写明核实人。"))

    def label(self) -> str:
        return f"{self.place or self.number or ''} {self.content or ''}".strip() or self.TITLE
