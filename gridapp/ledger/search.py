"""The search box: one index of tokens over people, houses, rooms and hazards; best matches first, each saying why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields import idnumber, phones, pinyin
from gridapp.ledger import tokens
from gridapp.ledger.tokens import Alternative, squash
from gridapp.records import BY_NAME, ENTITIES, Hazard, House, Person, Record, Room, Tenancy
from gridapp.texts import _

CHUNK = 500
#: rowid of the index = entity code and row number, so that one index serves all
SHIFT = 40
SOUGHT: tuple[type[Record], ...] = (Person, House, Room, Hazard)
Touched = Iterable[tuple[int, UUID]]


@dataclass(frozen=True)
class Hit:
    """One answer: what it is, which record, how lists name it (numbers masked), and why it matched."""

    entity: str
    id: UUID
    label: str
    why: str


# ---------------------------------------------------------------- keeping the index

def _people(session: Session, where: sa.ColumnElement[bool]) -> Iterator[tuple[int, str]]:
    """(rowid, tokens) of people, with the rooms they live in now."""
    lives = sa.and_(Tenancy.person == Person.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
    asked = (sa.select(Person.seq, Person.name, Person.used_name, Person.id_no, Person.phone, Person.hukou_addr,
                       Room.room_no, House.address, House.house_no)
             .outerjoin(Tenancy, lives).outerjoin(Room, Room.id == Tenancy.room).outerjoin(House, House.id == Room.house)
             .where(where, Person.deleted.is_not(True)))
    for p in session.execute(asked):
        yield _rowid(Person, p.seq), tokens.bag(
            tokens.of_name(p.name or ""), tokens.of_name(p.used_name or ""), tokens.of_number(p.id_no or ""),
            tokens.of_phone(p.phone or ""), tokens.of_address(p.hukou_addr or ""), tokens.of_address(p.address or ""),
            tokens.of_address(p.room_no or ""), {"h" + squash(p.house_no)} if p.house_no else ())


def _houses(session: Session, where: sa.ColumnElement[bool]) -> Iterator[tuple[int, str]]:
    for h in session.execute(sa.select(House.seq, House.house_no, House.address, House.owner_name, House.owner_phone)
                             .where(where, House.deleted.is_not(True))):
        yield _rowid(House, h.seq), tokens.bag(
            {"h" + squash(h.house_no or "")}, tokens.of_address(h.address or ""), tokens.of_name(h.owner_name or ""),
            tokens.of_phone(h.owner_phone or ""))


def _rooms(session: Session, where: sa.ColumnElement[bool]) -> Iterator[tuple[int, str]]:
    asked = (sa.select(Room.seq, Room.room_no, House.house_no, House.address)
             .outerjoin(House, House.id == Room.house).where(where, Room.deleted.is_not(True)))
    for r in session.execute(asked):
        number = squash(r.room_no or "")
        yield _rowid(Room, r.seq), tokens.bag({"a" + number, "h" + squash(r.house_no or "") + number},
                                              tokens.of_address(r.address or ""))


def _hazards(session: Session, where: sa.ColumnElement[bool]) -> Iterator[tuple[int, str]]:
    for z in session.execute(sa.select(Hazard.seq, Hazard.place, Hazard.content, Hazard.notice_no)
                             .where(where, Hazard.deleted.is_not(True))):
        yield _rowid(Hazard, z.seq), tokens.bag(tokens.of_address(z.place or ""), tokens.of_address(z.content or ""),
                                                tokens.of_address(z.notice_no or ""))


GATHER: dict[type[Record], Any] = {Person: _people, House: _houses, Room: _rooms, Hazard: _hazards}


def _rowid(entity: type[Record], seq: int) -> int:
    return (entity.CODE << SHIFT) | seq


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start:start + CHUNK]


def index(session: Session, touched: Touched) -> None:
    """Bring the index up to date for the records of one act and the people living in them."""
    by_code: dict[int, list[UUID]] = {}
    for code, eid in touched:
        by_code.setdefault(code, []).append(eid)
    people = dict.fromkeys(by_code.get(Person.CODE, ()))
    for ids in _chunks(by_code.get(Tenancy.CODE, ())):
        people |= dict.fromkeys(session.scalars(sa.select(Tenancy.person).where(Tenancy.id.in_(ids))))
    for ids in _chunks(by_code.get(House.CODE, ())):
        rooms = sa.select(Room.id).where(Room.house.in_(ids))
        people |= dict.fromkeys(session.scalars(sa.select(Tenancy.person).where(Tenancy.room.in_(rooms))))
    for ids in _chunks(by_code.get(Room.CODE, ())):
        people |= dict.fromkeys(session.scalars(sa.select(Tenancy.person).where(Tenancy.room.in_(ids))))
    by_code[Person.CODE] = list(people)
    for entity in SOUGHT:
        for ids in _chunks(by_code.get(entity.CODE, ())):
            _write(session, entity, entity.id.in_(ids))


def _write(session: Session, entity: type[Record], where: sa.ColumnElement[bool]) -> None:
    connection = session.connection()
    seqs = session.scalars(sa.select(entity.seq).where(where, entity.deleted.is_(True))).all()
    if seqs:
        connection.exec_driver_sql("DELETE FROM find WHERE rowid = ?", [(_rowid(entity, s),) for s in seqs])
    bags: dict[int, set[str]] = {}
    for rowid, line in GATHER[entity](session, where):
        bags.setdefault(rowid, set()).update(line.split())
    if bags:
        connection.exec_driver_sql("INSERT OR REPLACE INTO find(rowid, t) VALUES (?, ?)",
                                   [(rowid, " ".join(sorted(b))) for rowid, b in bags.items()])


def index_all(session: Session) -> None:
    """Make the whole index again."""
    session.connection().exec_driver_sql("INSERT INTO find(find) VALUES ('delete-all')")
    for entity in SOUGHT:
        _write(session, entity, sa.true())


# ---------------------------------------------------------------- asking it

def _match(alternatives: Iterable[Alternative]) -> str:
    return " OR ".join("(" + " AND ".join(f'"{t}"{" *" if prefix else ""}' for t, prefix in a) + ")" for a in alternatives)


def _tiers(text: str) -> list[str]:
    """FTS queries from the sharpest to the widest; several words must all match, each in any of its ways."""
    plans = [p for p in (tokens.plan(word) for word in text.split()) if p]
    if not plans:
        return []
    if len(plans) == 1:
        return [_match(tier) for tier in plans[0]]
    return [" AND ".join("(" + _match([a for tier in p for a in tier]) + ")" for p in plans)]


def search(session: Session, text: str, limit: int = 20) -> list[Hit]:
    """Records matching `text`, at most `limit`, best first: people, then houses, rooms and hazards inside each tier."""
    found: dict[int, None] = {}
    for query in _tiers(text):
        rows = session.connection().exec_driver_sql(
            "SELECT rowid FROM find WHERE find MATCH ? LIMIT ?", (query, limit * 5 + len(found)))
        fresh = sorted((r[0] for r in rows), key=lambda rowid: _rank(rowid))
        found |= dict.fromkeys(fresh)
        if len(found) >= limit:
            break
    return _hits(session, list(found)[:limit], text)


def _rank(rowid: int) -> tuple[int, int]:
    order = {e.CODE: place for place, e in enumerate(SOUGHT)}
    return order.get(rowid >> SHIFT, len(order)), rowid


def _hits(session: Session, rowids: list[int], text: str) -> list[Hit]:
    told: dict[int, Hit] = {}
    for entity in SOUGHT:
        seqs = [r & ((1 << SHIFT) - 1) for r in rowids if r >> SHIFT == entity.CODE]
        if seqs:
            for record in session.scalars(sa.select(entity).where(entity.seq.in_(seqs))):
                label, why = DESCRIBE[entity](session, record, text)
                told[_rowid(entity, record.seq)] = Hit(entity.__tablename__, record.id, label, why)
    return [told[r] for r in rowids if r in told]


def _describe_person(session: Session, person: Person, text: str) -> tuple[str, str]:
    lives = session.execute(
        sa.select(House.address, Room.room_no).select_from(Tenancy).join(Room, Room.id == Tenancy.room)
        .join(House, House.id == Room.house)
        .where(Tenancy.person == person.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).limit(1)).first()
    where = f"{lives.address} {lives.room_no}" if lives else _("已离开")
    label = " ".join(p for p in (person.name, idnumber.mask(person.id_no or ""), where) if p)
    return label, "、".join(dict.fromkeys(_why_person(person, where, word) for word in text.split()))


def _why_person(person: Person, where: str, word: str) -> str:
    plain, number = squash(word), squash(person.id_no or "")
    if plain and plain in squash(person.name):
        return _("姓名")
    if plain and plain in squash(person.used_name or ""):
        return _("曾用名")
    if number and number.endswith(plain):
        return _("证件号码尾号 {0}").format(plain.upper())
    if number and number.startswith(plain):
        return _("证件号码")
    if plain.isdigit() and plain in (person.phone or ""):
        return _("电话 {0}").format(phones.mask(person.phone or ""))
    if plain.isascii() and any(_sounds(r, plain) for r in pinyin.readings(person.name)):
        return _("姓名拼音")
    return _("户籍地址") if plain in squash(person.hukou_addr or "") else _("住址 {0}").format(where)


def _sounds(syllables: tuple[str, ...], plain: str) -> bool:
    initials = "".join(s[0] for s in syllables)
    return plain in "".join(syllables) or plain in initials or (syllables[0] + initials[1:]).startswith(plain)


def _describe_house(session: Session, house: House, text: str) -> tuple[str, str]:
    label = f"{house.house_no} {house.address} {house.owner_name or ''}".strip()
    plain = squash(text)
    if plain in squash(house.house_no):
        return label, _("房屋编号")
    if plain in squash(house.address):
        return label, _("房屋坐落")
    if plain.isdigit() and plain in (house.owner_phone or ""):
        return label, _("房主电话")
    return label, _("房主姓名") if squash(house.owner_name or "") and not plain.isdigit() else _("房屋坐落")


def _describe_room(session: Session, room: Room, text: str) -> tuple[str, str]:
    house = session.scalar(sa.select(House).where(House.id == room.house))
    return (f"{house.house_no} {house.address} {room.room_no}" if house else room.room_no), _("房号")


def _describe_hazard(session: Session, hazard: Hazard, text: str) -> tuple[str, str]:
    return f"{hazard.place or ''} {hazard.content}".strip(), _("隐患")


DESCRIBE: dict[type[Record], Any] = {Person: _describe_person, House: _describe_house, Room: _describe_room,
                                     Hazard: _describe_hazard}
assert set(GATHER) == set(DESCRIBE) == set(SOUGHT) <= set(ENTITIES.values()) <= set(BY_NAME.values())
