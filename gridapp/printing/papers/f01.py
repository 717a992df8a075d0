"""F01 流动人口登记表: everything registered of one person, with the face in its box (浙江省流动人口居住登记条例 第二十九条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.album import bytes_of
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.work import personpapers
from gridapp.work.registers import home_of

_YES, _NO, _HAVE, _LACK = "是", "否", "有", "无"


@dataclass(frozen=True)
class Lodger:
    """Somebody who lives in the same room; codes already as words."""

    name: str = ""
    sex: str = ""
    id_no: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Form:
    """One person; codes already as words, what the layout ticks as words too; `face` holds one photo or none."""

    issuer: str = ""
    registered_on: date | None = None
    name: str = ""
    sex: str = ""
    ethnic: str = ""
    used_name: str = ""
    birth: date | None = None
    id_kind: str = ""
    id_no: str = ""
    political: str = ""
    education: str = ""
    marital: str = ""
    phone: str = ""
    hukou: str = ""
    home: str = ""
    house_no: str = ""
    owner: str = ""
    owner_phone: str = ""
    living_kind: str = ""
    arrived_on: date | None = None
    start: date | None = None
    leave_planned: date | None = None
    reason: str = ""
    workplace: str = ""
    employment: str = ""
    insured: str = ""
    permit: str = ""
    permit_no: str = ""
    relation: str = ""
    contact: str = ""
    contact_phone: str = ""
    lodgers: Sequence[Lodger] = ()
    end: date | None = None
    end_to: str = ""
    registrar: str = ""
    face: Sequence[bytes] = ()
    code: str = ""

    @property
    def label(self) -> str:
        return self.name

    @property
    def face_word(self) -> str:
        """What stands in the box where there is no photo."""
        return "" if self.face else "照　片\n（35×45毫米）"


def compose(form: Form) -> Filled:
    """One form."""
    return Filled([form])


def gather(read: Reader, wish: Wish) -> Form:
    """One person; an empty form when none is named: nobody's data is printed unasked. Raises Gone."""
    if wish.record is None:
        return Form(committee(read))
    told = personpapers.person_on_paper(read, wish.record)
    p, stay, house = told.record, told.stay, told.house
    face = next((data for photo in told.faces if (data := bytes_of(photo, wish)) is not None), None)
    return Form(
        issuer=committee(read),
        registered_on=p.registered_on,
        name=p.name,
        sex=words("sex", p.sex),
        ethnic=words("ethnic", p.ethnic),
        used_name=p.used_name or p.foreign_name or "",
        birth=p.birth,
        id_kind=words("id_kind", p.id_kind),
        id_no=p.id_no or "",
        political=words("political", p.political),
        education=words("education", p.education),
        marital=words("marital", p.marital),
        phone=p.phone or "",
        hukou=home_of(p),
        home=f"{house.address} {told.room.room_no}" if house is not None and told.room is not None else "",
        house_no=house.house_no if house is not None else "",
        owner=(house.owner_name if house is not None else None) or "",
        owner_phone=(house.owner_phone if house is not None else None) or "",
        living_kind=words("living_kind", p.living_kind),
        arrived_on=p.arrived_on,
        start=stay.start if stay is not None else None,
        leave_planned=p.leave_planned,
        reason=words("reason", p.reason),
        workplace=p.workplace or "",
        employment=words("employment", p.employment),
        insured=_said(p.social_security, _YES, _NO),
        permit=_said(p.permit, _HAVE, _LACK),
        permit_no=f"{p.permit_no or ''}　{f'至{p.permit_until}' if p.permit_until else ''}".strip(),
        relation=words("relation", stay.relation) if stay is not None else "",
        contact=p.agent_name or "",
        contact_phone=p.agent_phone or "",
        lodgers=[Lodger(one.name, words("sex", one.sex), one.id_no, words("relation", one.relation)) for one in told.lodgers],
        end=stay.end if stay is not None else None,
        end_to=(stay.end_to if stay is not None else None) or "",
        registrar=told.registrar,
        face=[face] if face is not None else [],
        code=code_of(p.id),
    )


def _said(value: bool | None, yes: str, no: str) -> str:
    """The word to tick; none where nothing was said."""
    return "" if value is None else yes if value else no
