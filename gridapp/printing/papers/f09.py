"""F09 安全隐患整改通知书: two copies and a stub. The village has no penalty power: the text refers to the competent authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import hazards, village


@dataclass(frozen=True)
class Item:
    """One hazard (隐患) of the notice, what is to be done, and by when."""

    content: str = ""
    demand: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Notice:
    """One notice; `code` is what its QR code says (short: it is scanned into the search box), `inspector` found the hazards."""

    issuer: str = ""
    notice_no: str = "（　　　）隐改〔　　　　〕第　　　号"
    to: str = ""
    address: str = ""
    house_no: str = ""
    phone: str = ""
    found_on: date | None = None
    items: Sequence[Item] = ()
    due_on: date | None = None
    inspector: str = ""
    contact: str = ""
    contact_phone: str = ""
    issued_on: date | None = None
    code: str = ""

    @property
    def label(self) -> str:
        return self.notice_no

    @property
    def summary(self) -> str:
        """All hazards in one text, for the stub."""
        return "；".join(f"{number}．{item.content.rstrip('。；')}" for number, item in enumerate(self.items, 1) if item.content)

    @property
    def due_text(self) -> str:
        """The time limit in words of the notice."""
        return say(self.due_on, "年月日") + "前"


def compose(notice: Notice) -> Filled:
    """The layout's parts make the copies."""
    return Filled([notice])


def blank() -> Notice:
    """A form to fill in by hand."""
    return Notice(items=[Item()] * 5)


def gather(read: Reader, wish: Wish) -> Notice:
    """The notice of one hazard with all that is on it, the most pressing when none is named; an empty form when there is none. Raises Gone."""
    pressing = hazards.list_hazards(read, hazards.OPEN, limit=1) or hazards.list_hazards(read, hazards.ALL, limit=1)
    if wish.record is None and not pressing:
        return replace(blank(), issuer=committee(read))
    told = hazards.hazard_on_paper(read, wish.record or pressing[0].id)
    hazard, house = told.record, told.house
    number = (house.house_no if house else None) or ""
    return Notice(
        issuer=committee(read),
        notice_no=hazard.notice_no or Notice.notice_no,
        to=told.keeper,
        address=told.address,
        house_no=number,
        phone=told.phone,
        found_on=hazard.found_on,
        items=[Item(told.told(item), item.demand or "", item.due_on) for item in told.items],
        due_on=max((item.due_on for item in told.items if item.due_on), default=None),
        inspector=hazard.finder or "",
        contact=village.desk(read).chief,
        contact_phone=(told.village.phone if told.village else None) or "",
        issued_on=hazard.notice_on,
        code=number or code_of(hazard.id),
    )
