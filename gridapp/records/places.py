"""Village (村), grid (网格), rental house (出租房屋) and room (房间)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields import idnumber
from gridapp.fields.field import field
from gridapp.fields.kinds import Area, Code, Day, IdNumber, Link, Money, Name, Phone, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _

HAVE = ("有", "无")


class Village(Record):
    """The village this register belongs to; codes are those of the statistics office (统计用区划代码)."""

    __tablename__ = "village"
    CODE, TITLE = 2, "村"

    code: Mapped[str] = field(1, Text(12), "村代码", required=True)
    name: Mapped[str] = field(2, Text(50), "村名", required=True)
    code_system: Mapped[str | None] = field(3, Code("code_system"), "代码体系")
    town: Mapped[str | None] = field(4, Text(50), "镇（街道）")
    county: Mapped[str | None] = field(5, Text(50), "县（市、区）")
    issuer: Mapped[str | None] = field(6, Text(20), "文号代字", hint="用在整改通知书的文号里，如“古青后叶”")
    phone: Mapped[str | None] = field(7, Phone(), "办公电话")

    def label(self) -> str:
        return self.name


class Grid(Record):
    """A grid (网格) of the village with its chief (网格长)."""

    __tablename__ = "grid"
    CODE, TITLE = 3, "网格"

    village: Mapped[UUID] = field(1, Link("village"), "村", required=True)
    name: Mapped[str] = field(2, Text(100), "网格名称", required=True)
    code: Mapped[str | None] = field(3, Text(15), "网格编码")
    chief: Mapped[str | None] = field(4, Name(), "网格长")

    def label(self) -> str:
        return self.name


class House(Record):
    """A rental house (出租房屋), GB/T 31000 rental items and the Zhejiang form (domain.md 1.3)."""

    __tablename__ = "house"
    CODE, TITLE = 5, "出租房屋"

    house_no: Mapped[str] = field(1, Text(50), "房屋编号", required=True, index=True)
    address: Mapped[str] = field(2, Text(200), "房屋坐落", required=True, index=True)
    grid: Mapped[UUID | None] = field(3, Link("grid"), "网格")
    lessor_kind: Mapped[str | None] = field(4, Code("lessor_kind"), "出租人类型")
    owner_name: Mapped[str | None] = field(5, Name(), "房主姓名", required=True, private=True)
    owner_id_kind: Mapped[str | None] = field(6, Code("id_kind"), "房主证件种类")
    owner_id_no: Mapped[str | None] = field(7, IdNumber(), "房主证件号码", private=True)
    owner_phone: Mapped[str | None] = field(8, Phone(), "房主电话", private=True)
    owner_addr: Mapped[str | None] = field(9, Text(200), "房主现住址", private=True)
    manager_name: Mapped[str | None] = field(10, Name(), "管理人（二房东）", private=True)
    manager_phone: Mapped[str | None] = field(11, Phone(), "管理人电话", private=True)
    nature: Mapped[str | None] = field(12, Code("nature"), "房屋性质")
    house_class: Mapped[str | None] = field(13, Code("house_class"), "房屋类别")
    floors: Mapped[int | None] = field(14, Whole(1, 99), "层数")
    rooms_let: Mapped[int | None] = field(15, Whole(1, 999), "出租间数")
    max_people: Mapped[int | None] = field(16, Whole(0, 9999), "限住人数")
    area: Mapped[int | None] = field(17, Area(), "建筑面积（㎡）")
    rent_use: Mapped[str | None] = field(18, Code("rent_use"), "出租用途")
    filing_no: Mapped[str | None] = field(19, Text(70), "租赁备案证号")
    registered_on: Mapped[date | None] = field(20, Day(), "登记日期")
    rent_from: Mapped[date | None] = field(21, Day(), "出租时间")
    smoke_alarm: Mapped[bool | None] = field(22, Yes(HAVE), "独立烟感")
    extinguisher: Mapped[bool | None] = field(23, Yes(HAVE), "灭火器")
    guarantee: Mapped[bool | None] = field(24, Yes(), "治安责任保证书")
    safe_exit: Mapped[bool | None] = field(25, Yes(HAVE), "安全通道")
    fire_exit: Mapped[bool | None] = field(26, Yes(HAVE), "消防通道")
    degree: Mapped[str | None] = field(27, Code("degree"), "隐患程度")
    remark: Mapped[str | None] = field(28, Text(200), "备注")

    def check(self, today: date) -> Iterable[Mark]:
        if self.owner_id_no:
            try:
                told = idnumber.examine(self.owner_id_no, self.owner_id_kind or "111", today=today)
                yield from (Mark(f"owner_{m.field}", m.level, m.code, m.text) for m in told.marks)
            except idnumber.BadNumber as bad:
                yield Mark("owner_id_no", "warn", bad.code, bad.text)
        if self.rent_from and self.registered_on and self.rent_from < self.registered_on:
            yield Mark("rent_from", "note", "rent-before-register", _("出租时间早于登记日期，请核对。"))

    def label(self) -> str:
        return f"{self.house_no} {self.address}"


class Room(Record):
    """A room of a house; who lived in it on which day is told by the tenancies."""

    __tablename__ = "room"
    CODE, TITLE = 6, "房间"
    #: how many there are, and which, is told by the index alone
    __table_args__ = (UniqueConstraint("id", "scope"), Index(None, "house", "deleted", "id"))

    house: Mapped[UUID] = field(1, Link("house"), "房屋", required=True)
    room_no: Mapped[str] = field(2, Text(20), "房号", required=True)
    floor: Mapped[int | None] = field(3, Whole(-3, 99), "楼层")
    area: Mapped[int | None] = field(4, Area(), "居室面积（㎡）")
    max_people: Mapped[int | None] = field(5, Whole(0, 99), "核定人数")
    rent: Mapped[int | None] = field(6, Money(), "月租金（元）")
    remark: Mapped[str | None] = field(7, Text(200), "备注")

    def label(self) -> str:
        return self.room_no
