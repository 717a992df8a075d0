"""Score-cards (村平安考核): a sheet of items as the town has set it, points given or taken by hand, and the villages' appeals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, Link, LongText, Points, Text, Whole, Yes
from gridapp.records.base import Record
from gridapp.texts import _


class ScoreSheet(Record):
    """One version of the sheet; a period is counted by the version that was in force at its end."""

    __tablename__ = "score_sheet"
    CODE, TITLE = 36, "考核表"

    name: Mapped[str] = field(1, Text(60), "考核表名称", required=True)
    version: Mapped[int] = field(2, Whole(1, 9999), "版次", required=True)
    period: Mapped[str] = field(3, Code("score_period"), "考核周期", required=True)
    since: Mapped[date] = field(4, Day(), "启用日期", required=True, index=True)
    total: Mapped[int] = field(5, Points(), "总分", required=True)
    excellent: Mapped[int | None] = field(6, Points(), "优秀不低于")
    good: Mapped[int | None] = field(7, Points(), "良好不低于")
    passing: Mapped[int | None] = field(8, Points(), "合格不低于")
    note: Mapped[str | None] = field(9, LongText(500), "说明")

    def label(self) -> str:
        return f"{self.name} 第{self.version}版"


class ScoreItem(Record):
    """One line of a sheet: how many points, and by which formula they are lost (percent below a target, per case, by hand) or all at once (veto)."""

    __tablename__ = "score_item"
    CODE, TITLE = 37, "考核项目"

    sheet: Mapped[UUID] = field(1, Link("score_sheet"), "考核表", required=True, index=True)
    no: Mapped[int] = field(2, Whole(1, 999), "序号", required=True)
    heading: Mapped[str | None] = field(3, Text(40), "考核项目")
    text: Mapped[str] = field(4, LongText(300), "考核内容与标准", required=True)
    points: Mapped[int] = field(5, Points(), "分值", required=True)
    formula: Mapped[str] = field(6, Code("score_formula"), "算法", required=True)
    figure: Mapped[str | None] = field(7, Text(40), "取数", hint="数据的名称，见“数字”")
    target: Mapped[int | None] = field(8, Points(), "目标值（%）")
    each: Mapped[int | None] = field(9, Points(), "每低 1%（每件）扣分")
    most: Mapped[int | None] = field(10, Points(), "最多扣分")
    veto: Mapped[bool | None] = field(11, Yes(), "一票否决（100−1=0）")

    def check(self, today: date) -> Iterable[Mark]:
        if self.most is not None and self.points is not None and self.most > self.points:
            yield Mark("most", "warn", "more-than-all", _("最多扣分多于本项分值，请核对。"))

    def label(self) -> str:
        return self.text


class Point(Record):
    """Points given or taken by hand for one village and period, with the record that shows why; an appeal may turn it round.

    An answer to an appeal against what a formula took is a point too: given back, `evidence` is the appeal.
    """

    __tablename__ = "point"
    CODE, TITLE = 38, "加扣分"

    item: Mapped[UUID] = field(1, Link("score_item"), "考核项目", required=True, index=True)
    village: Mapped[str] = field(2, Text(12), "村代码", required=True, index=True)
    period: Mapped[str] = field(3, Text(10), "考核期", required=True, hint="如 2026Q4、2026-11")
    day: Mapped[date] = field(4, Day(), "日期", required=True)
    taken: Mapped[int] = field(5, Points(), "分数", required=True)
    bonus: Mapped[bool | None] = field(6, Yes(), "加分")
    reason: Mapped[str] = field(7, LongText(500), "原因", required=True)
    evidence: Mapped[UUID | None] = field(8, Link(), "佐证记录", index=True)
    by: Mapped[str | None] = field(9, Text(50), "考核人")
    answer: Mapped[str | None] = field(12, LongText(1000), "申诉答复")
    answered_on: Mapped[date | None] = field(13, Day(), "答复日期")
    reversed: Mapped[bool | None] = field(14, Yes(), "申诉成立，撤回")

    def check(self, today: date) -> Iterable[Mark]:
        if self.reversed and not self.answer:
            yield Mark("answer", "block", "no-answer", _("撤回加扣分要写明申诉答复。"))

    def label(self) -> str:
        return self.reason


class Appeal(Record):
    """What a village says against a point or an item of its card; it stands in the village's own register, the answer in the town's point."""

    __tablename__ = "appeal"
    CODE, TITLE = 39, "考核申诉"

    item: Mapped[UUID] = field(1, Link("score_item"), "考核项目", required=True, index=True)
    period: Mapped[str] = field(2, Text(10), "考核期", required=True)
    point: Mapped[UUID | None] = field(3, Link("point"), "加扣分", index=True)
    text: Mapped[str] = field(4, LongText(1000), "申诉理由", required=True)
    day: Mapped[date] = field(5, Day(), "申诉日期", required=True)
    by: Mapped[str | None] = field(6, Text(50), "申诉人")

    def label(self) -> str:
        return self.text
