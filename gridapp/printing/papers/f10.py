"""F10 整改复查意见书: what was open of one place, looked at again in one go, item by item; two copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import evidence, hazardpapers

MENDED, OPEN = "已整改", "未整改"
#: the conclusions as the layout file words them; a date is written into the second
CLOSED, GO_ON = "整改合格，予以销号", "不合格，继续整改"


@dataclass(frozen=True)
class Item:
    """One hazard looked at again: what was done about it, what was found."""

    content: str = ""
    measure: str = ""
    result: str = ""
    note: str = ""
    photos: str = ""


@dataclass(frozen=True)
class Opinion:
    """One recheck; `basis` is the notice it follows, `until` the new date for what is not put right."""

    issuer: str = ""
    number: str = "（　　　）复查〔　　　　〕第　　　号"
    to: str = ""
    address: str = ""
    basis: str = "（　　）隐改〔　　　〕第　　　号通知书"
    day: date | None = None
    items: Sequence[Item] = ()
    conclusion: Sequence[str] = ()
    until: date | None = None
    by: str = ""
    house_no: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        return self.number

    @property
    def until_text(self) -> str:
        """The new date in words, blanks where nothing is left open."""
        return say(self.until, "年月日")


def compose(opinion: Opinion) -> Filled:
    """The layout's parts make the copies."""
    return Filled([opinion])


def blank() -> Opinion:
    """A form to fill in by hand."""
    return Opinion(items=[Item()] * 5)


def gather(read: Reader, wish: Wish) -> Opinion:
    """The last recheck of a hazard, of all when none is named; an empty form when there was none. Raises Gone."""
    told = hazardpapers.recheck_on_paper(read, wish.record)
    if told is None:
        return replace(blank(), issuer=committee(read))
    notice, house = told.on.record.notice_no, told.on.house
    failed = [item for item in told.items if not item.passed]
    return Opinion(
        issuer=committee(read),
        number=told.number,
        to=told.on.keeper,
        address=told.on.address,
        basis=f"{notice}通知书" if notice else "检查中发现的隐患",
        day=told.day,
        items=[Item(told.on.told(item.hazard), item.hazard.told_note or item.hazard.demand or "", MENDED if item.passed else OPEN, item.line.note or "",
                    _photos(read, item.hazard.id))
               for item in told.items],
        conclusion=[*([CLOSED] if len(failed) < len(told.items) else []), *([GO_ON] if failed else [])],
        until=told.until,
        by=told.by,
        house_no=(house.house_no if house else None) or "",
        code=code_of(told.on.record.id),
    )


def _photos(read: Reader, hazard: UUID) -> str:
    """How many photos of it are kept; nothing where there are none."""
    many = len(evidence.photos_of(read, hazard))
    return f"{many} 张" if many else ""
