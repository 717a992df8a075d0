"""Campaigns (专项整治, 一月一主题) with their targets (任务对象), outreach (宣传), meetings (会议) and listings (约谈、挂牌整治)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Clock, Code, Codes, Day, Link, LongText, Text, Whole
from gridapp.records.base import Record
from gridapp.texts import _


class Campaign(Record):
    """A theme with a beginning, an end and a choice of targets; whether a target is done is told by the inspections, not kept."""

    __tablename__ = "campaign"
    CODE, TITLE = 31, "专项整治"

    title: Mapped[str] = field(1, Text(60), "专项名称", required=True)
    theme: Mapped[str | None] = field(2, Code("campaign_theme"), "主题")
    start: Mapped[date] = field(3, Day(), "开始日期", required=True, index=True)
    end: Mapped[date] = field(4, Day(), "结束日期", required=True, index=True)
    content: Mapped[str | None] = field(5, LongText(1000), "任务内容")
    goal: Mapped[str | None] = field(6, Text(100), "目标（量化）")
    unit: Mapped[str | None] = field(7, Text(60), "责任单位")
    leader: Mapped[str | None] = field(8, Text(50), "责任人")
    checklist: Mapped[str | None] = field(9, Text(40), "检查表", hint="检查时用哪张表，空着就用场所类别自己的")
    choice: Mapped[str | None] = field(10, LongText(500), "对象条件", hint="哪些房屋、场所是任务对象")
    report: Mapped[str | None] = field(11, LongText(4000), "总结")
    ended_on: Mapped[date | None] = field(12, Day(), "结束归档日期")

    def check(self, today: date) -> Iterable[Mark]:
        if self.start and self.end and self.end < self.start:
            yield Mark("end", "block", "end-before-start", _("结束日期早于开始日期，请改正。"))

    def label(self) -> str:
        return self.title


class Target(Record):
    """One house or site a campaign asks to be checked, and by whom."""

    __tablename__ = "target"
    CODE, TITLE = 32, "任务对象"

    campaign: Mapped[UUID] = field(1, Link("campaign"), "专项整治", required=True, index=True)
    house: Mapped[UUID | None] = field(2, Link("house"), "房屋", index=True)
    site: Mapped[UUID | None] = field(3, Link("site"), "场所", index=True)
    officer: Mapped[UUID | None] = field(4, Link("officer"), "负责人", index=True)
    due_on: Mapped[date | None] = field(5, Day(), "期限")
    excused: Mapped[str | None] = field(6, Text(200), "不再检查的理由")


class Outreach(Record):
    """A round of telling people (宣传: 反诈、交通、消防), by 警格、网格、金融格 together; paper F17."""

    __tablename__ = "outreach"
    CODE, TITLE = 33, "宣传活动"

    day: Mapped[date] = field(1, Day(), "日期", required=True, index=True)
    start: Mapped[str | None] = field(2, Clock(), "时间")
    place: Mapped[str | None] = field(3, Text(200), "地点", required=True)
    topic: Mapped[str | None] = field(4, Code("campaign_theme"), "主题", required=True)
    forms: Mapped[str | None] = field(5, Codes("outreach_form"), "形式")
    people: Mapped[str | None] = field(6, Text(200), "宣传人员", required=True)
    partners: Mapped[str | None] = field(7, Codes("outreach_partner"), "参与方")
    audience: Mapped[int | None] = field(8, Whole(0, 99_999), "受众人数")
    leaflets: Mapped[int | None] = field(9, Whole(0, 99_999), "发放份数")
    content: Mapped[str | None] = field(10, LongText(2000), "内容")
    campaign: Mapped[UUID | None] = field(11, Link("campaign"), "专项整治", index=True)
    recorder: Mapped[str | None] = field(12, Text(50), "记录人")

    def check(self, today: date) -> Iterable[Mark]:
        if self.day and self.day > today:
            yield Mark("day", "warn", "future-date", _("日期在今天以后，请核对。"))

    def label(self) -> str:
        return f"{self.day} {self.place or ''}".strip()


class Meeting(Record):
    """A meeting (季度例会) with what was decided; paper F18."""

    __tablename__ = "meeting"
    CODE, TITLE = 34, "会议"

    day: Mapped[date] = field(1, Day(), "日期", required=True, index=True)
    start: Mapped[str | None] = field(2, Clock(), "时间")
    kind: Mapped[str | None] = field(3, Code("meeting_kind"), "会议类别")
    place: Mapped[str | None] = field(4, Text(100), "地点")
    chair: Mapped[str | None] = field(5, Text(50), "主持人", required=True)
    recorder: Mapped[str | None] = field(6, Text(50), "记录人")
    invited: Mapped[int | None] = field(7, Whole(0, 999), "应到")
    came: Mapped[int | None] = field(8, Whole(0, 999), "实到")
    present: Mapped[str | None] = field(9, LongText(500), "参加人员")
    topics: Mapped[str] = field(10, LongText(1000), "议题", required=True)
    summary: Mapped[str | None] = field(11, LongText(4000), "内容摘要")
    decisions: Mapped[str | None] = field(12, LongText(2000), "议定事项", hint="一行一项：事项｜责任人｜时限")
    about: Mapped[UUID | None] = field(13, Link(), "起因", index=True)

    def check(self, today: date) -> Iterable[Mark]:
        if self.invited is not None and self.came is not None and self.came > self.invited:
            yield Mark("came", "note", "more-came", _("实到人数多于应到人数，请核对。"))

    def label(self) -> str:
        return f"{self.day} {self.topics}"


class Listing(Record):
    """A formal talk (约谈) or a listing (挂牌整治) with what must be put right; machine `rectification_listing`, paper F19."""

    __tablename__ = "listing"
    CODE, TITLE = 35, "约谈挂牌"

    kind: Mapped[str] = field(1, Code("listing_kind"), "种类", required=True)
    unit: Mapped[str] = field(2, Text(100), "被约谈（挂牌）单位", required=True)
    by: Mapped[str | None] = field(3, Text(100), "约谈单位、约谈人")
    day: Mapped[date] = field(4, Day(), "日期", required=True, index=True)
    reason: Mapped[str] = field(5, LongText(1000), "事由", required=True, hint="得分、警情或隐患")
    about: Mapped[UUID | None] = field(6, Link(), "起因记录", index=True)
    problems: Mapped[str | None] = field(7, LongText(2000), "存在问题")
    measures: Mapped[str | None] = field(8, LongText(2000), "整改措施", hint="一行一项：措施｜责任人｜完成时限｜完成情况")
    due_on: Mapped[date | None] = field(9, Day(), "整改期限", index=True)
    report: Mapped[str | None] = field(10, LongText(4000), "整改报告")
    state: Mapped[str] = field(11, Code("listing_state"), "状态", index=True)
    accepted_by: Mapped[str | None] = field(12, Text(100), "验收人")
    accepted_on: Mapped[date | None] = field(13, Day(), "验收日期")
    verdict: Mapped[str | None] = field(14, LongText(500), "验收意见")
    house: Mapped[UUID | None] = field(15, Link("house"), "房屋", index=True)
    site: Mapped[UUID | None] = field(16, Link("site"), "场所", index=True)

    def check(self, today: date) -> Iterable[Mark]:
        if self.due_on and self.day and self.due_on < self.day:
            yield Mark("due_on", "block", "due-before", _("整改期限早于约谈（挂牌）日期，请改正。"))

    def label(self) -> str:
        return self.unit
