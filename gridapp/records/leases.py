"""Lease (文号段): a run of document numbers the town has given to one station, so that two PCs of a village never give out the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Mapped

from gridapp.errors import Mark
from gridapp.fields.field import field
from gridapp.fields.kinds import Text, Whole
from gridapp.records.base import Record
from gridapp.texts import _


class Lease(Record):
    """Numbers from `lo` to `hi` of a series ('notice v:330784108238 2026') for the station with this device key; lives in `c:…`."""

    __tablename__ = "lease"
    CODE, TITLE = 14, "文号段"

    series: Mapped[str] = field(1, Text(60), "文号系列", required=True, index=True)
    lo: Mapped[int] = field(2, Whole(1, 999_999), "起号", required=True)
    hi: Mapped[int] = field(3, Whole(1, 999_999), "止号", required=True)
    device: Mapped[str] = field(4, Text(64), "设备公钥", required=True)
    note: Mapped[str | None] = field(5, Text(100), "说明")

    def check(self, today: date) -> Iterable[Mark]:
        if self.lo is not None and self.hi is not None and self.hi < self.lo:
            yield Mark("hi", "block", "empty-lease", _("止号小于起号，请改正。"))

    def label(self) -> str:
        return f"{self.lo}–{self.hi}"
