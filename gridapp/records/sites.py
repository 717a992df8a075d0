"""Sites (场所: shops, workshops, building sites, schools, road points, self-built houses) and the inspections (检查) of them and of rental houses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Area, Clock, Code, Day, Link, LongText, Name, Phone, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _


class Site(Record):
    """A place that is checked and is no rental house; `kind` says which (code table site_class: a new class is data)."""

    __tablename__ = "site"
    CODE, TITLE = 17, "场所"

    kind: Mapped[str] = field(1, Code("site_class"), "类别", required=True, index=True)
    name: Mapped[str] = field(2, Text(100), "名称", required=True)
    address: Mapped[str] = field(3, Text(200), "地址", required=True)
    grid: Mapped[UUID | None] = field(4, Link("grid"), "网格")
    keeper: Mapped[str | None] = field(5, Name(), "负责人", private=True)
    phone: Mapped[str | None] = field(6, Phone(), "联系电话", private=True)
    licence: Mapped[str | None] = field(7, Text(30), "统一社会信用代码/证照号")
    trade: Mapped[str | None] = field(8, Text(60), "经营（生产）内容")
    staff: Mapped[int | None] = field(9, Whole(0, 99_999), "人数")
    area: Mapped[int | None] = field(10, Area(), "面积（㎡）")
    floors: Mapped[int | None] = field(11, Whole(1, 99), "层数")
    sleeping: Mapped[bool | None] = field(12, Yes(), "有人住宿（合用）")
    dangerous: Mapped[bool | None] = field(13, Yes(), "存放易燃易爆物品")
    appraisal: Mapped[str | None] = field(14, Code("appraisal"), "房屋鉴定等级")
    appraised_on: Mapped[date | None] = field(15, Day(), "鉴定日期")
    appraiser: Mapped[str | None] = field(16, Text(100), "鉴定机构")
    registered_on: Mapped[date | None] = field(17, Day(), "登记日期")
    remark: Mapped[str | None] = field(18, LongText(500), "备注")
    let: Mapped[bool | None] = field(19, Yes(), "对外出租", hint="自建房出租前须有房屋安全鉴定")

    def check(self, today: date) -> Iterable[Mark]:
        if self.appraised_on and self.appraised_on > today:
            yield Mark("appraised_on", "warn", "future-date", _("鉴定日期在今天以后，请核对。"))
        if self.appraisal and not self.appraised_on:
            yield Mark("appraised_on", "note", "no-day", _("填了鉴定等级，请补上鉴定日期。"))

    def label(self) -> str:
        return self.name


class Inspection(Record):
    """One check of a house or a site by an edition of a checklist; what was answered to each item stands in one line ('R01=1 R02=2')."""

    __tablename__ = "inspection"
    CODE, TITLE = 18, "检查"

    day: Mapped[date] = field(1, Day(), "检查日期", required=True, index=True)
    house: Mapped[UUID | None] = field(2, Link("house"), "房屋")
    site: Mapped[UUID | None] = field(3, Link("site"), "场所")
    checklist: Mapped[str] = field(4, Text(40), "检查表", required=True)
    edition: Mapped[int] = field(5, Whole(0, 999_999), "检查表版次", required=True)
    answers: Mapped[str | None] = field(6, LongText(4000), "逐项结果", hint="1 合格 2 不合格 3 不适用")
    kind: Mapped[str | None] = field(7, Code("inspection_kind"), "检查类别")
    people: Mapped[str | None] = field(8, Text(200), "检查人", required=True)
    with_whom: Mapped[str | None] = field(9, Name(), "陪同人（被检查人）", private=True)
    start: Mapped[str | None] = field(10, Clock(), "时间")
    nobody_home: Mapped[bool | None] = field(11, Yes(), "无人在家")
    remark: Mapped[str | None] = field(12, LongText(500), "备注")
    on_paper: Mapped[bool | None] = field(13, Yes(), "按纸质表补录")
    patrol: Mapped[UUID | None] = field(14, Link("patrol"), "来自巡查", index=True)
    #: the last visit of a place is one look into an index, and all that is asked stands there: of 31,000 places 60 ms instead of 100
    __table_args__ = (UniqueConstraint("id", "scope"), *(Index(None, place, "day", "deleted", "nobody_home", "scope") for place in ("house", "site")))

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "block", "future-date", _("检查日期在今天以后，请改正。"))

    def label(self) -> str:
        return f"{self.day} {self.TITLE}"
