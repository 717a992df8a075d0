"""Officer (网格员), person (流动人口) and tenancy (租住): who lived where, from which day to which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields import idnumber
from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, IdNumber, Link, LongText, Money, Name, Phone, Place, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _

HAVE = ("有", "无")
#: passports and permits that foreigners carry: whose they are, only the nationality tells
ABROAD = frozenset({"411", "412", "414", "417", "418", "553", "554", "555"})


#: numbers of a town's clerks begin here: every village of the town reads the configuration they stand in, and has its own officers from 1
FIRST_CLERK = 50_001
#: what the first officer's field said before there were roles, and what it says now: everything but the audit, until somebody else has a share
LEGACY, JOINT = "admin", "grid+chief+manage"


class Officer(Record):
    """Somebody who works with this ledger; `number` stands in the journal's entry heads and is never given twice."""

    __tablename__ = "officer"
    CODE, TITLE = 4, "网格员"

    number: Mapped[int] = field(1, Whole(1, 65535), "编号", required=True)
    name: Mapped[str] = field(2, Name(), "姓名", required=True)
    phone: Mapped[str | None] = field(3, Phone(), "电话", private=True)
    grid: Mapped[UUID | None] = field(4, Link("grid"), "网格")
    role: Mapped[str | None] = field(5, Text(20), "角色", hint="一个或几个角色，用 + 连接")
    left_on: Mapped[date | None] = field(6, Day(), "停用日期")

    def label(self) -> str:
        return self.name


class Person(Record):
    """A migrant (流动人口). The items are those of 浙江省流动人口居住登记条例 Art. 29 and what the forms need; no more."""

    __tablename__ = "person"
    CODE, TITLE = 7, "流动人口"

    id_kind: Mapped[str | None] = field(1, Code("id_kind"), "证件种类", required=True)
    id_no: Mapped[str | None] = field(2, IdNumber(), "证件号码", private=True, index=True)
    name: Mapped[str] = field(3, Name(), "姓名", required=True, private=True)
    used_name: Mapped[str | None] = field(4, Name(), "曾用名", private=True)
    foreign_name: Mapped[str | None] = field(5, Text(80), "外文姓名", private=True)
    sex: Mapped[str | None] = field(6, Code("sex"), "性别")
    birth: Mapped[date | None] = field(7, Day(), "出生日期", private=True)
    ethnic: Mapped[str | None] = field(8, Code("ethnic"), "民族")
    hukou_code: Mapped[str | None] = field(9, Place(), "户籍地")
    hukou_addr: Mapped[str | None] = field(10, Text(120), "户籍地址", private=True)
    phone: Mapped[str | None] = field(11, Phone(), "联系电话", private=True, index=True)
    workplace: Mapped[str | None] = field(12, Text(100), "服务处所")
    employment: Mapped[str | None] = field(13, Code("employment"), "从业状况")
    political: Mapped[str | None] = field(14, Code("political"), "政治面貌")
    education: Mapped[str | None] = field(15, Code("education"), "学历")
    marital: Mapped[str | None] = field(16, Code("marital"), "婚姻状况")
    social_security: Mapped[bool | None] = field(17, Yes(), "参加社保")
    reason: Mapped[str | None] = field(18, Code("reason"), "流入事由")
    arrived_on: Mapped[date | None] = field(19, Day(), "来本地日期")
    registered_on: Mapped[date | None] = field(20, Day(), "登记日期")
    living_kind: Mapped[str | None] = field(21, Code("living_kind"), "居住处所")
    leave_planned: Mapped[date | None] = field(22, Day(), "拟离开日期")
    permit: Mapped[bool | None] = field(23, Yes(HAVE), "居住证")
    permit_no: Mapped[str | None] = field(24, Text(22), "居住证号", private=True)
    permit_until: Mapped[date | None] = field(25, Day(), "居住证到期", index=True)
    nationality: Mapped[str | None] = field(26, Code("country"), "国籍（地区）")
    agent_name: Mapped[str | None] = field(27, Name(), "代办人（监护人）", private=True)
    agent_phone: Mapped[str | None] = field(28, Phone(), "代办人电话", private=True)
    name_note: Mapped[str | None] = field(29, Text(100), "姓名用字说明")
    remark: Mapped[str | None] = field(30, LongText(500), "备注")
    #: what figures ask is read from an index alone: village by village; of all in the order of the stays, which are looked up for each (of 160,000
    #: people 45 ms; 90 in another order, 370 from the rows), with their names, to be sorted by them; of those who may have a permit by the day that began it
    __table_args__ = (
        UniqueConstraint("id", "scope"),
        Index(None, "name", "birth"),  # names in their order, and who shares both
        Index("ix_person_counted", "scope", "closed_on", "deleted", "into", "id", "registered_on", "reported_on", "living_kind", "permit"),
        Index("ix_person_standing", "id", "scope", "closed_on", "deleted", "into", "registered_on", "reported_on", "living_kind", "name"),
        Index("ix_person_without_permit", "registered_on", "scope", "id", "into", "deleted", sqlite_where=text("permit IS NOT 1 AND closed_on IS NULL")),
        Index("ix_person_closed", "seq", sqlite_where=text("closed_on IS NOT NULL")))  # few: looked for among a million they took a second

    def check(self, today: date) -> Iterable[Mark]:
        try:
            facts = idnumber.examine(self.id_no or "", self.id_kind or "111", today=today)
        except idnumber.BadNumber as bad:
            yield Mark("id_no", "block", bad.code, bad.text)
            return
        yield from facts.marks
        yield from self._against_number(facts)
        if self.birth and self.birth > today:
            yield Mark("birth", "block", "bad-date", _("出生日期在今天以后，请核对。"))
        if self.arrived_on and self.arrived_on > today:
            yield Mark("arrived_on", "warn", "future-date", _("来本地日期在今天以后，请核对。"))
        if self.birth and idnumber.age(self.birth, today) < 16 and not self.agent_name:
            yield Mark("agent_name", "note", "minor", _("未满 16 周岁，应由监护人代为申报（条例第七条）。"))
        if self.id_kind in ABROAD and not self.nationality:
            yield Mark("nationality", "note", "no-nationality", _("请填写国籍（地区）：境外人员 24 小时内要报公安。"))
        yield from self._order_of_days()

    def _order_of_days(self) -> Iterable[Mark]:
        """The order the Zhejiang form asks for (domain.md 1.2): arrived, registered, permit until, leaving."""
        for later, earlier, text in (("registered_on", "arrived_on", _("登记日期早于来本地日期，请核对。")),
                                     ("permit_until", "registered_on", _("居住证到期早于登记日期，请核对。")),
                                     ("leave_planned", "arrived_on", _("拟离开日期早于来本地日期，请核对。"))):
            first, then = getattr(self, earlier), getattr(self, later)
            if first and then and then < first:
                yield Mark(later, "note", "order-of-days", text)

    def _against_number(self, facts: idnumber.Facts) -> Iterable[Mark]:
        if facts.sex and self.sex and self.sex != facts.sex:
            yield Mark("sex", "warn", "sex-differs", _("性别与证件号码不一致（号码第 17 位）。请看证件核对。"))
        if facts.birth and self.birth and self.birth != facts.birth:
            yield Mark("birth", "warn", "birth-differs",
                       _("出生日期与证件号码不一致（号码里是 {0}）。请看证件核对。").format(facts.birth.isoformat()))

    def fill_from_number(self, today: date) -> None:
        """Sex, birth date and home county from the number, where they were left empty (GB 11643)."""
        facts = idnumber.examine(self.id_no or "", self.id_kind or "111", today=today)
        self.sex = self.sex or facts.sex
        self.birth = self.birth or facts.birth
        self.hukou_code = self.hukou_code or facts.division

    def label(self) -> str:
        return self.name


class Tenancy(Record):
    """One stay of one person in one room, dated and never overwritten: changing rooms ends one and begins another."""

    __tablename__ = "tenancy"
    CODE, TITLE = 8, "租住"

    person: Mapped[UUID] = field(1, Link("person"), "承租人", required=True)
    room: Mapped[UUID] = field(2, Link("room"), "房间", required=True)
    start: Mapped[date | None] = field(3, Day(), "入住日期", required=True)
    end: Mapped[date | None] = field(4, Day(), "离开日期")
    relation: Mapped[str | None] = field(5, Code("relation"), "与承租人关系")
    end_why: Mapped[str | None] = field(6, Code("end_reason"), "离开原因")
    end_to: Mapped[str | None] = field(7, Text(100), "离开去向")
    rent: Mapped[int | None] = field(8, Money(), "月租金（元）")
    contract_no: Mapped[str | None] = field(9, Text(50), "合同号")
    registrar: Mapped[UUID | None] = field(10, Link("officer"), "登记人")
    end_reported_on: Mapped[date | None] = field(11, Day(), "退租已报送公安日期")
    end_reported_batch: Mapped[str | None] = field(12, Text(40), "退租报送批次")
    #: whether somebody lives here, and since when, is told by the index alone
    __table_args__ = (UniqueConstraint("id", "scope"), Index(None, "person", "scope", "end", "deleted", "start"), Index(None, "room", "end", "deleted"),
                      Index("ix_tenancy_start_open", "start", "person", "scope", "deleted", sqlite_where=text('"end" IS NULL')),
                      Index("ix_tenancy_start_unreported", "start", sqlite_where=text("reported_on IS NULL")),
                      Index("ix_tenancy_end_unreported", "end", sqlite_where=text('end_reported_on IS NULL AND "end" IS NOT NULL')))

    def check(self, today: date) -> Iterable[Mark]:
        if self.start and self.end and self.end < self.start:
            yield Mark("end", "block", "end-before-start", _("离开日期早于入住日期，请改正其中一个。"))
        for name, text in (("start", _("入住日期在今天以后，请核对。")), ("end", _("离开日期在今天以后；办理后就按已离开统计，请核对。"))):
            if (day := getattr(self, name)) and day > today:
                yield Mark(name, "warn", "future-date", text)
