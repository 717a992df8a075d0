"""F03 居住房屋出租登记表: one rented house with its owner, its rooms, what makes it safe and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields.field import fields_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.records import House
from gridapp.work import housepapers

#: what the form asks of safety → the field that tells; the others are ticked by hand
_SAFE = {"治安责任保证书": "guarantee", "安全通道": "safe_exit", "消防通道": "fire_exit", "独立烟感": "smoke_alarm", "灭火器": "extinguisher"}
#: degree as it is kept → as the form words it
_DEGREES = {"严重": "严重（红）", "一般": "一般（黄）", "安全": "安全（绿）"}


@dataclass(frozen=True)
class Form:
    """One house; codes already as words. Counts are None on a form to fill in by hand."""

    issuer: str = ""
    house_no: str = ""
    registered_on: date | None = None
    address: str = ""
    lessor_kind: str = ""
    owner: str = ""
    owner_phone: str = ""
    id_kind: str = ""
    id_no: str = ""
    owner_addr: str = ""
    manager: str = ""
    manager_phone: str = ""
    nature: str = ""
    house_class: str = ""
    floors: int | None = None
    area: str = ""
    rooms: int | None = None
    rooms_let: int | None = None
    max_people: int | None = None
    people: int | None = None
    filing_no: str = ""
    rent_use: str = ""
    rent_from: date | None = None
    safe: Sequence[str] = ()
    degree: str = ""
    grade: str = ""
    hazards: Sequence[str] = ()
    remark: str = ""

    @property
    def label(self) -> str:
        return self.house_no

    @property
    def built(self) -> str:
        """建筑结构/层数: the structure is written by hand."""
        return f"　　　　/ {say(self.floors, '2')}层"

    @property
    def let(self) -> str:
        """出租起止: from the day that is known until further notice."""
        return f"{say(self.rent_from, '年月日')} 起" if self.rent_from else ""

    @property
    def found(self) -> str:
        """隐患情况: what is open, numbered, and the remark."""
        many = len(self.hazards) > 1
        told = [f"{number}．{text.rstrip('。；')}" if many else text for number, text in enumerate(self.hazards, 1)]
        return "；".join(filter(None, [*told, self.remark]))


def blank() -> list[Form]:
    """A form to fill in by hand."""
    return [Form()]


def compose(forms: Sequence[Form]) -> Filled:
    """One form for each house."""
    return Filled(forms)


def gather(read: Reader, wish: Wish) -> list[Form]:
    """One house, or all that are let; an empty form while there is none. Raises NoSuchHouse."""
    issuer = committee(read)
    return [_form(told, issuer) for told in housepapers.houses_on_paper(read, wish.house)] or [Form(issuer)]


def _form(told: housepapers.OnPaper, issuer: str) -> Form:
    h, known = told.record, fields_of(House)
    return Form(
        issuer=issuer,
        house_no=h.house_no,
        registered_on=h.registered_on,
        address=h.address,
        lessor_kind=words("lessor_kind", h.lessor_kind),
        owner=h.owner_name or "",
        owner_phone=h.owner_phone or "",
        id_kind=words("id_kind", h.owner_id_kind),
        id_no=h.owner_id_no or "",
        owner_addr=h.owner_addr or "",
        manager=h.manager_name or "",
        manager_phone=h.manager_phone or "",
        nature=words("nature", h.nature),
        house_class=words("house_class", h.house_class),
        floors=h.floors,
        area=known["area"].kind.show(h.area),
        rooms=told.rooms,
        rooms_let=h.rooms_let,
        max_people=h.max_people,
        people=told.people,
        filing_no=h.filing_no or "",
        rent_use=words("rent_use", h.rent_use),
        rent_from=h.rent_from,
        safe=[option for option, field in _SAFE.items() if getattr(h, field)],
        degree=_DEGREES.get(words("degree", h.degree), words("degree", h.degree)),
        grade=words("place_grade", told.grade),
        hazards=told.hazards,
        remark=h.remark or "",
    )
