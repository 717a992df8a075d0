"""Station (站点): one PC with keys of its own, as the town has approved it; lives in the configuration scope `c:…`."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from gridapp.fields.field import field
from gridapp.fields.kinds import Code, Day, LongText, Text, Whole
from gridapp.records.base import Record

VILLAGE, TOWN, COUNTY, ESCROW = "village", "town", "county", "escrow"
ACTIVE, REVOKED, LOST, REPLACED = "active", "revoked", "lost", "replaced"


class Station(Record):
    """A PC that may hand over and take in; keys and seal ids stand in hexadecimal. What counts is the certificate, the rest is shown."""

    __tablename__ = "station"
    CODE, TITLE = 12, "站点"

    name: Mapped[str] = field(1, Text(50), "站点名称", required=True)
    role: Mapped[str] = field(2, Code("station_role"), "级别", required=True)
    device: Mapped[str | None] = field(3, Text(64), "设备公钥", index=True, hint="应急密钥没有设备")
    age: Mapped[str] = field(4, Text(120), "收件公钥", required=True)
    scopes: Mapped[str | None] = field(5, LongText(2000), "范围")
    serial: Mapped[int | None] = field(6, Whole(1, 999_999_999), "证书编号")
    certificate: Mapped[str | None] = field(7, LongText(8000), "证书")
    state: Mapped[str] = field(8, Code("station_state"), "状态", required=True)
    revoked_on: Mapped[date | None] = field(9, Day(), "停用日期")
    accepted: Mapped[str | None] = field(10, LongText(8000), "停用前认可的封", hint="停用以后只认这些封和它们之前的封")
    note: Mapped[str | None] = field(11, LongText(500), "说明")

    def label(self) -> str:
        return self.name
