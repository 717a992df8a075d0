"""Disputes (矛盾纠纷) with their parties (当事人) and sessions (调解记录), and petitions (信访). What was said is confidential (人民调解法 Art. 15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields import idnumber
from gridapp.fields.field import field
from gridapp.fields.kinds import Clock, Code, Codes, Day, IdNumber, Link, LongText, Money, Name, Phone, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _


class Dispute(Record):
    """A dispute from intake to the shelf; states are those of the machine `dispute` (人民调解法)."""

    __tablename__ = "dispute"
    CODE, TITLE = 27, "矛盾纠纷"

    number: Mapped[str | None] = field(1, Text(40), "卷号", index=True)
    title: Mapped[str] = field(2, Text(100), "纠纷名称", required=True)
    category: Mapped[str | None] = field(3, Code("dispute_category"), "类别", required=True)
    source: Mapped[str | None] = field(4, Code("dispute_source"), "来源")
    found_on: Mapped[date] = field(5, Day(), "申请（发现）日期", required=True, index=True)
    place: Mapped[str | None] = field(6, Text(200), "发生地点")
    house: Mapped[UUID | None] = field(7, Link("house"), "房屋", index=True)
    scale: Mapped[str | None] = field(8, Code("event_scale"), "规模")
    people: Mapped[int | None] = field(9, Whole(1, 9999), "涉及人数")
    content: Mapped[str] = field(10, LongText(2000), "纠纷简要情况", required=True)
    claim: Mapped[str | None] = field(11, LongText(1000), "申请事项")
    amount: Mapped[int | None] = field(12, Money(), "涉及金额（元）")
    risk: Mapped[str | None] = field(13, Code("risk"), "风险")
    mediators: Mapped[str | None] = field(14, Text(200), "调解员")
    accepted_on: Mapped[date | None] = field(15, Day(), "受理日期")
    state: Mapped[str] = field(16, Code("dispute_state"), "状态", index=True)
    agreed_on: Mapped[date | None] = field(17, Day(), "协议日期")
    agreement: Mapped[str | None] = field(18, LongText(4000), "协议内容")
    agreement_no: Mapped[str | None] = field(19, Text(40), "协议书编号")
    perform: Mapped[str | None] = field(20, LongText(1000), "履行方式、地点")
    perform_by: Mapped[date | None] = field(21, Day(), "履行期限", index=True)
    performed_on: Mapped[date | None] = field(22, Day(), "履行完毕日期")
    court: Mapped[str | None] = field(23, Code("court_confirm"), "司法确认")
    court_on: Mapped[date | None] = field(24, Day(), "司法确认日期")
    visit_by: Mapped[date | None] = field(25, Day(), "回访期限")
    papers: Mapped[str | None] = field(26, Codes("dispute_papers"), "卷内材料", hint="已经装进卷宗的")
    archived_on: Mapped[date | None] = field(27, Day(), "立卷日期")
    linked: Mapped[UUID | None] = field(28, Link("dispute"), "关联纠纷", index=True)
    petition: Mapped[UUID | None] = field(29, Link("petition"), "关联信访")
    result: Mapped[str | None] = field(30, LongText(1000), "调处结果")

    def check(self, today: date) -> Iterable[Mark]:
        if self.found_on and self.found_on > today:
            yield Mark("found_on", "block", "future-date", _("申请（发现）日期在今天以后，请改正。"))
        for name in ("accepted_on", "agreed_on", "performed_on", "court_on"):
            if (day := getattr(self, name)) and self.found_on and day < self.found_on:
                yield Mark(name, "block", "before-found", _("这个日期早于申请（发现）日期，请改正。"))

    def label(self) -> str:
        return self.title


class Party(Record):
    """One of those it is about: of a dispute or a petition."""

    __tablename__ = "party"
    CODE, TITLE = 28, "当事人"

    matter: Mapped[UUID] = field(1, Link(), "所属事项", required=True, index=True)
    side: Mapped[str] = field(2, Code("party_side"), "当事人地位", required=True)
    name: Mapped[str] = field(3, Name(), "姓名（单位）", required=True, private=True)
    sex: Mapped[str | None] = field(4, Code("sex"), "性别")
    ethnic: Mapped[str | None] = field(5, Code("ethnic"), "民族")
    age: Mapped[int | None] = field(6, Whole(0, 150), "年龄")
    id_no: Mapped[str | None] = field(7, IdNumber(), "证件号码", private=True, index=True)
    phone: Mapped[str | None] = field(8, Phone(), "联系方式", private=True)
    work: Mapped[str | None] = field(9, Text(60), "职业")
    address: Mapped[str | None] = field(10, Text(200), "单位或住址", private=True)
    person: Mapped[UUID | None] = field(11, Link("person"), "登记的人口", index=True)
    agent: Mapped[str | None] = field(12, Name(), "代理人", private=True)

    def check(self, today: date) -> Iterable[Mark]:
        if self.id_no:
            try:
                yield from idnumber.examine(self.id_no, "111", today=today).marks
            except idnumber.BadNumber as bad:
                yield Mark("id_no", "warn", bad.code, bad.text)

    def label(self) -> str:
        return self.name


class Sitting(Record):
    """A session of mediation, an inquiry or a visit afterwards (F14, F16)."""

    __tablename__ = "sitting"
    CODE, TITLE = 29, "调解记录"

    matter: Mapped[UUID] = field(1, Link(), "所属事项", required=True, index=True)
    kind: Mapped[str] = field(2, Code("sitting_kind"), "种类", required=True)
    day: Mapped[date] = field(3, Day(), "日期", required=True)
    start: Mapped[str | None] = field(4, Clock(), "开始时间")
    end: Mapped[str | None] = field(5, Clock(), "结束时间")
    place: Mapped[str | None] = field(6, Text(100), "地点")
    mediators: Mapped[str | None] = field(7, Text(200), "调解员（调查人）", required=True)
    present: Mapped[str | None] = field(8, Text(200), "参加人")
    content: Mapped[str] = field(9, LongText(8000), "记录", required=True)
    result: Mapped[str | None] = field(10, LongText(1000), "结果")
    performed: Mapped[bool | None] = field(11, Yes(), "协议已履行")

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "block", "future-date", _("日期在今天以后，请改正。"))

    def label(self) -> str:
        return f"{self.day} {self.TITLE}"


class Petition(Record):
    """A petition (信访): one named person in charge (包案人) until it is over."""

    __tablename__ = "petition"
    CODE, TITLE = 30, "信访"

    number: Mapped[str | None] = field(1, Text(40), "信访编号", index=True)
    title: Mapped[str] = field(2, Text(100), "事项", required=True)
    way: Mapped[str | None] = field(3, Code("petition_way"), "来访方式")
    came_on: Mapped[date] = field(4, Day(), "来访日期", required=True, index=True)
    content: Mapped[str] = field(5, LongText(2000), "诉求", required=True)
    people: Mapped[int | None] = field(6, Whole(1, 9999), "人数")
    leader: Mapped[str | None] = field(7, Name(), "包案人", required=True)
    team: Mapped[str | None] = field(8, Text(200), "专班成员")
    due_on: Mapped[date | None] = field(9, Day(), "办理期限", index=True)
    state: Mapped[str] = field(10, Code("petition_state"), "状态", index=True)
    risk: Mapped[str | None] = field(11, Code("risk"), "风险")
    result: Mapped[str | None] = field(12, LongText(2000), "办理结果")
    done_on: Mapped[date | None] = field(13, Day(), "办结日期")
    linked: Mapped[UUID | None] = field(14, Link("petition"), "关联信访", index=True)

    def check(self, today: date) -> Iterable[Mark]:
        if self.came_on and self.came_on > today:
            yield Mark("came_on", "block", "future-date", _("来访日期在今天以后，请改正。"))
        if self.due_on and self.came_on and self.due_on < self.came_on:
            yield Mark("due_on", "block", "due-before", _("办理期限早于来访日期，请改正。"))

    def label(self) -> str:
        return self.title
