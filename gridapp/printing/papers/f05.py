"""F05 出租房屋档案封面（一户一档）: the cover of a house's file with what belongs into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish
from gridapp.work import housepapers, village

_UNNAMED = "（县市）　　（镇街）　　（村）"


@dataclass(frozen=True)
class Paper:
    """One line of the list of contents; pages and remarks are written by hand."""

    name: str


_CONTENTS = tuple(map(Paper, ("居住房屋出租登记表", "房主身份证明复印件", "产权证明/租赁合同", "治安消防安全责任书", "承租人员登记簿", "流动人口登记表", "平面图/照片",
                              "安全检查表", "整改通知书及复查意见书", "其他")))


@dataclass(frozen=True)
class Cover:
    """One cover; `where` is county, town and village."""

    where: str = _UNNAMED
    house_no: str = ""
    address: str = ""
    owner: str = ""
    officers: Sequence[str] = ()
    opened_on: date | None = None
    contents: Sequence[Paper] = _CONTENTS

    @property
    def label(self) -> str:
        return self.house_no


def blank() -> list[Cover]:
    """A form to fill in by hand."""
    return [Cover()]


def compose(covers: Sequence[Cover]) -> Filled:
    """One cover for each house."""
    return Filled(covers)


def gather(read: Reader, wish: Wish) -> list[Cover]:
    """One house, or all that are let; an empty cover while there is none. Raises NoSuchHouse."""
    desk = village.desk(read)
    where = f"{desk.county}{desk.town}{desk.village}" or _UNNAMED
    told = housepapers.houses_on_paper(read, wish.house)
    return [Cover(where, one.record.house_no, one.record.address, one.record.owner_name or "", one.officers, one.record.registered_on)
            for one in told] or [Cover(where)]
