"""F06 出租房屋安全检查表: the checklist of one rented house, filled in or to be filled in by hand; two copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import checklists, codes
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers import checked
from gridapp.printing.papers.checked import Line
from gridapp.printing.papers.office import Wish
from gridapp.work import checkpapers, village


@dataclass(frozen=True)
class Sheet:
    """One house and its items; `grade` and `handled` are what the layout ticks."""

    village: str = ""
    grid: str = ""
    house_no: str = ""
    day: date | None = None
    address: str = ""
    owner: str = ""
    phone: str = ""
    rooms: int | None = None
    people: int | None = None
    items: Sequence[Line] = ()
    grade: str = ""
    handled: Sequence[str] = ()
    until: date | None = None
    inspectors: str = ""
    remark: str = ""

    @property
    def label(self) -> str:
        return self.house_no

    @property
    def keeper(self) -> str:
        """房主/电话."""
        return f"{self.owner}　{self.phone}".strip()

    @property
    def lived_in(self) -> str:
        """出租间数/人数."""
        return f"{self.rooms} 间 / {self.people} 人" if self.rooms is not None else "　　　间 /　　　人"

    @property
    def until_text(self) -> str:
        return checked.until_text(self.until)


def compose(sheet: Sheet) -> Filled:
    """One form."""
    return Filled([sheet])


def blank() -> Sheet:
    """The shipped items, to be filled in by hand."""
    items = map(checklists.item_of, codes.table("checklist_rental").offered)
    return Sheet(items=[Line(i.category, i.text, i.standard) for i in items])


def gather(read: Reader, wish: Wish) -> Sheet:
    """One inspection of a house, a house to be inspected, or the latest inspection; an empty form when there was none. Raises Gone, NoSuchHouse."""
    told, desk = checkpapers.on_paper(read, wish.record, wish.house, rental_only=True), village.desk(read)
    house, inspection = told.house, told.inspection
    return Sheet(
        village=desk.village,
        grid=desk.grid,
        house_no=house.house_no if house else "",
        day=inspection.day if inspection else None,
        address=house.address if house else "",
        owner=(house.owner_name if house else None) or "",
        phone=(house.owner_phone if house else None) or "",
        rooms=told.rooms,
        people=told.people,
        items=checked.lines(told),
        grade=checked.grade(told),
        handled=checked.handled(told),
        until=checked.until(told),
        inspectors=(inspection.people if inspection else None) or "",
        remark="无人在家" if inspection and inspection.nobody_home else (inspection.remark if inspection else None) or "",
    )
