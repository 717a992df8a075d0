"""F24 两房一店安全检查记录: the checklist of a house, a workshop or a shop; which classes belong to it is a code table (focus_class)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import checklists, codes
from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers import checked
from gridapp.printing.papers.checked import Line
from gridapp.printing.papers.office import Wish
from gridapp.work import checkpapers, grades, village

GOOD = "合格"


@dataclass(frozen=True)
class Record:
    """One place and its items; `kind` is its class in words, `handled` what the layout ticks."""

    village: str = ""
    grid: str = ""
    kind: str = ""
    name: str = ""
    address: str = ""
    keeper: str = ""
    phone: str = ""
    day: date | None = None
    checklist: str = ""
    items: Sequence[Line] = ()
    handled: Sequence[str] = ()
    until: date | None = None
    inspectors: str = ""
    remark: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        return self.name

    @property
    def classes(self) -> str:
        """'□出租房　☑厂房（企业）　□沿街店铺': the classes of the code table, the place's own ticked; another is written behind them."""
        offered = [row.name for row in codes.table("focus_class").offered]
        told = [("☑" if name == self.kind else "□") + name for name in offered]
        return "　".join([*told, *([f"☑{self.kind}"] if self.kind and self.kind not in offered else [])])

    @property
    def where(self) -> str:
        """名称/地址."""
        return f"{self.name}　{self.address}".strip()

    @property
    def who(self) -> str:
        """负责人/电话."""
        return f"{self.keeper}　{self.phone}".strip()

    @property
    def until_text(self) -> str:
        return checked.until_text(self.until)


def compose(record: Record) -> Filled:
    """One form."""
    return Filled([record])


def blank() -> Record:
    """The shipped items of shops and workshops, to be filled in by hand."""
    items = map(checklists.item_of, codes.table("checklist_shop").offered)
    return Record(items=[Line(i.category, i.text, i.standard) for i in items])


def gather(read: Reader, wish: Wish) -> Record:
    """One inspection, a place to be inspected, or the latest inspection; an empty form when there was none.

    Raises Gone, NoSuchHouse, NoChecklist, NoSuchChecklist.
    """
    told, desk = checkpapers.on_paper(read, wish.record, wish.house), village.desk(read)
    house, site, inspection = told.house, told.site, told.inspection
    if house is None and site is None:
        return blank()
    about = inspection or site or house
    place = (house.house_no, house.address, house.owner_name, house.owner_phone) if house else (
        (site.name, site.address, site.keeper, site.phone) if site else ("", "", None, None))
    return Record(
        village=desk.village,
        grid=desk.grid,
        kind=grades.RENTED if site is None else codes.table("site_class").label(site.kind),
        name=place[0],
        address=place[1],
        keeper=place[2] or "",
        phone=place[3] or "",
        day=inspection.day if inspection else None,
        checklist=told.checklist.title,
        items=checked.lines(told),
        handled=[*([GOOD] if checked.all_good(told) else []), *checked.handled(told)],
        until=checked.until(told),
        inspectors=(inspection.people if inspection else None) or "",
        remark="无人在家" if inspection and inspection.nobody_home else (inspection.remark if inspection else None) or "",
        code=code_of(about.id) if about is not None else "",
    )
