"""What each kind of record can be found by, how a list of answers names it, and whether it is here or gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from gridapp.fields import codes, idnumber, phones
from gridapp.fields.field import fields_of
from gridapp.ledger import tokens
from gridapp.records import BY_NAME, ENTITIES, Campaign, Dispute, Event, Hazard, House, Party, Person, Petition, Record, Room, Site, Tenancy
from gridapp.texts import N_, _

Row = sa.Row[Any]


@dataclass(frozen=True)
class Face:
    """One thing a record is found by: its tokens, and what the answer says when it was (told the row, the word and the kind letter that answered).

    Two functions, because the index needs the tokens alone: sentences for every record were a third of its time.
    """

    tokens: Callable[[Row], frozenset[str]]
    why: Callable[[Row, str, str], str]


@dataclass(frozen=True)
class Findable:
    """One kind of record: the rows to read (seq, id and what the rest needs), what each is found by and how it is named.

    Withdrawn births and records merged into another are not found; closed ones and those who left come after all others.
    """

    entity: type[Record]
    asked: sa.Select[*tuple[Any, ...]]
    faces: tuple[Face, ...]
    label: Callable[[Row], str]
    here: Callable[[Row], bool]


def _says(text: str) -> Callable[[Row, str, str], str]:
    return lambda _row, _word, _kind: _(text)


def _named(title: str, field: str) -> Face:
    get = attrgetter(field)
    return Face(lambda row: tokens.of_name(get(row) or ""),
                lambda _row, _word, kind: _(title) if kind in "nm" else _("{0}拼音").format(_(title)))


def _phone(title: str, field: str) -> Face:
    get = attrgetter(field)
    return Face(lambda row: tokens.of_phone(get(row) or ""), lambda row, _word, _kind: f"{_(title)} {phones.mask(get(row) or '')}")


# ---------------------------------------------------------------- people

_lives = sa.and_(Tenancy.person == Person.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
_lived = sa.exists().where(Tenancy.person == Person.id, Tenancy.deleted.is_not(True)).correlate(Person)
_PEOPLE = (sa.select(Person.seq, Person.id, Person.name, Person.used_name, Person.id_no, Person.phone, Person.hukou_addr,
                     Person.closed_on, Room.room_no, House.address, House.house_no, _lived.label("lived"))
           .outerjoin(Tenancy, _lives).outerjoin(Room, Room.id == Tenancy.room).outerjoin(House, House.id == Room.house))


_OF_PEOPLE = (
    _named(N_("姓名"), "name"), _named(N_("曾用名"), "used_name"),
    Face(lambda p: tokens.of_number(p.id_no or ""),
         lambda _row, word, kind: _("证件号码尾号 {0}").format(word.upper()) if kind == "r" else _("证件号码")),
    _phone(N_("电话"), "phone"),
    Face(lambda p: tokens.of_room(p.address or "", p.room_no or ""), _says(N_("住址"))),
    Face(lambda p: tokens.one("c", p.house_no), _says(N_("住址"))),
    Face(lambda p: tokens.of_place(p.hukou_addr or "", "g"), _says(N_("户籍地址"))))


def _label_of_person(p: Row) -> str:
    where = f"{p.address} {p.room_no}" if p.address else _("已注销") if p.closed_on else _("已离开") if p.lived else _("未登记住处")
    return " ".join(part for part in (p.name, idnumber.mask(p.id_no or ""), where) if part)


# ---------------------------------------------------------------- houses and rooms

_HOUSES = sa.select(House.seq, House.id, House.house_no, House.address, House.owner_name, House.owner_phone, House.manager_name,
                    House.manager_phone, House.closed_on)
_ROOMS = (sa.select(Room.seq, Room.id, Room.room_no, Room.closed_on, House.house_no, House.address,
                    House.closed_on.label("shut")).outerjoin(House, House.id == Room.house))


_OF_HOUSES = (
    Face(lambda h: tokens.one("h", h.house_no), _says(N_("房屋编号"))),
    Face(lambda h: tokens.of_place(h.address or "", "b"), _says(N_("房屋坐落"))),
    _named(N_("房主姓名"), "owner_name"), _phone(N_("房主电话"), "owner_phone"),
    _named(N_("管理人姓名"), "manager_name"), _phone(N_("管理人电话"), "manager_phone"))
_OF_ROOMS = (
    Face(lambda r: tokens.one("k", r.room_no) | tokens.one("u", r.house_no, r.room_no), _says(N_("房号"))),
    Face(lambda r: tokens.one("c", r.house_no), _says(N_("房屋编号"))),
    Face(lambda r: tokens.of_room(r.address or "", r.room_no or ""), _says(N_("房屋坐落"))))


# ---------------------------------------------------------------- hazards

_HAZARDS = sa.select(Hazard.seq, Hazard.id, Hazard.place, Hazard.content, Hazard.notice_no, Hazard.state, Hazard.closed_on)


_OF_HAZARDS = (
    Face(lambda z: tokens.of_place(z.place or ""), _says(N_("隐患地点"))), Face(lambda z: tokens.of_place(z.content), _says(N_("隐患内容"))),
    Face(lambda z: tokens.of_case_no(z.notice_no or ""), _says(N_("通知书文号"))))

#: what is done with: kind of record → (code table of its states, the states nothing leads out of)
ENDED: dict[type[Record], tuple[str, tuple[str, ...]]] = {
    Hazard: ("hazard_state", ("已销号", "误报/撤销")), Event: ("event_state", ("已归档", "退回")),
    Dispute: ("dispute_state", ("归档", "移交上级", "引导诉讼仲裁", "不予受理")), Petition: ("petition_state", ("已办结", "不予受理")),
}


def _under_way(entity: type[Record]) -> Callable[[Row], bool]:
    name, ended = ENDED[entity]
    return lambda row: row.closed_on is None and codes.table(name).label(row.state) not in ended


# ---------------------------------------------------------------- sites

#: of a longer name only this much is sought from every character on, all of it by pairs of neighbours
LONGEST_SITE_NAME = 30
_SITES = sa.select(Site.seq, Site.id, Site.kind, Site.name, Site.address, Site.keeper, Site.phone, Site.closed_on)


_OF_SITES = (
    Face(lambda s: tokens.of_name((s.name or "")[:LONGEST_SITE_NAME]),
         lambda _row, _word, kind: _("场所名称") if kind in "nm" else _("{0}拼音").format(_("场所名称"))),
    Face(lambda s: tokens.of_place(s.name or ""), _says(N_("场所名称"))), Face(lambda s: tokens.of_place(s.address or "", "b"), _says(N_("场所地址"))),
    _named(N_("负责人姓名"), "keeper"), _phone(N_("负责人电话"), "phone"))


# ---------------------------------------------------------------- disputes, petitions, events, campaigns: never what was said or agreed (人民调解法 Art. 15)

def _case(entity: type[Dispute] | type[Petition]) -> sa.Select[*tuple[Any, ...]]:
    """A row for each party that is one still; of a case without parties one row."""
    still = sa.and_(Party.matter == entity.id, Party.deleted.is_not(True), Party.closed_on.is_(None))
    return (sa.select(entity.seq, entity.id, entity.number, entity.title, entity.state, entity.closed_on, Party.name.label("party"))
            .outerjoin(Party, still).order_by(entity.seq, Party.seq))


_EVENTS = sa.select(Event.seq, Event.id, Event.number, Event.title, Event.place, Event.state, Event.closed_on)
_CAMPAIGNS = sa.select(Campaign.seq, Campaign.id, Campaign.title, Campaign.ended_on, Campaign.closed_on)


def _number(title: str) -> Face:
    return Face(lambda case: tokens.of_case_no(case.number or ""), _says(title))


def _title(title: str) -> Face:
    return Face(lambda case: tokens.of_place(case.title), _says(title))


_PARTY = _named(N_("当事人姓名"), "party")
_OF_DISPUTES, _OF_PETITIONS = (_number(N_("卷号")), _PARTY, _title(N_("纠纷名称"))), (_number(N_("信访编号")), _PARTY, _title(N_("信访事项")))
_OF_EVENTS = (_number(N_("事件编号")), _title(N_("事件标题")), Face(lambda e: tokens.of_place(e.place or ""), _says(N_("发生地点"))))


def _label_of_case(case: Row) -> str:
    return f"{case.number or ''} {case.title}".strip()


#: in the order the answers come: people, then houses, rooms, hazards, sites, disputes, petitions, events and campaigns
SOUGHT = (
    Findable(Person, _PEOPLE, _OF_PEOPLE, _label_of_person, lambda p: p.address is not None and p.closed_on is None),
    Findable(House, _HOUSES, _OF_HOUSES, lambda h: f"{h.house_no} {h.address} {h.owner_name or ''}".strip(),
             lambda h: h.closed_on is None),
    Findable(Room, _ROOMS, _OF_ROOMS, lambda r: f"{r.house_no or ''} {r.address or ''} {r.room_no}".strip(),
             lambda r: r.closed_on is None and r.shut is None),
    Findable(Hazard, _HAZARDS, _OF_HAZARDS, lambda z: f"{z.place or ''} {z.content}".strip(), _under_way(Hazard)),
    Findable(Site, _SITES, _OF_SITES, lambda s: f"{s.name or ''} {s.address or ''}".strip(), lambda s: s.closed_on is None),
    Findable(Dispute, _case(Dispute), _OF_DISPUTES, _label_of_case, _under_way(Dispute)),
    Findable(Petition, _case(Petition), _OF_PETITIONS, _label_of_case, _under_way(Petition)),
    Findable(Event, _EVENTS, _OF_EVENTS, _label_of_case, _under_way(Event)),
    Findable(Campaign, _CAMPAIGNS, (_title(N_("专项名称")),), lambda c: str(c.title), lambda c: c.closed_on is None and c.ended_on is None),
)


def _watched() -> dict[int, frozenset[int]]:
    """By entity, the tags of all fields those questions ask, and of what takes a record out of the answers."""
    named: dict[str, set[str]] = {}
    for sought in SOUGHT:
        for part in visitors.iterate(sought.asked):
            if isinstance(part, sa.Column) and isinstance(part.table, sa.Table):
                named.setdefault(part.table.name, {"deleted", "into"}).add(part.name)
    return {BY_NAME[table].CODE: frozenset(f.tag for n, f in fields_of(BY_NAME[table]).items() if n in names) for table, names in named.items()}


#: a write of none of these leaves every bag as it was
WATCHED = _watched()
assert {s.entity for s in SOUGHT} <= set(ENTITIES.values()) <= set(BY_NAME.values())
