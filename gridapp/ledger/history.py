"""The story of a record (来历): who changed what, when, from what to what, read from the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import by_tag
from gridapp.fields.kinds import Cbor
from gridapp.ledger import entries as bytes_
from gridapp.ledger.journal import SHIFT
from gridapp.ledger.tables import ENTRY
from gridapp.ledger.undo import newest_first
from gridapp.ledger.verbs import title_of
from gridapp.ledger.wording import in_words
from gridapp.records import ENTITIES, Act, Officer
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import _


#: seal and place of an entry; (scope, number) of an officer and their name
Spot = tuple[int, int]
Names = Mapping[tuple[int, int], str]
_AT_ONCE = 400


@dataclass(frozen=True)
class Change:
    """One field: `old` and `new` as an officer reads them; '' for nothing."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """One act's share in the story of one record."""

    at: datetime
    officer: str
    verb: str
    title: str
    act: UUID | None
    changes: tuple[Change, ...]


def story(session: Session, record_id: UUID, newest: int | None = None) -> list[Step]:
    """Every step of a record, oldest first, or so many of the newest; empty when no such record was ever written."""
    rows = session.execute(sa.select(ENTRY).where(
        ENTRY.c.eid == record_id.bytes, ENTRY.c.ent.in_(list(ENTITIES)), ENTRY.c.kind == bytes_.WRITE).order_by(ENTRY.c.hlc, ENTRY.c.sid, ENTRY.c.pos)).all()
    before: dict[int, Cbor] = {}
    told = rows if newest is None else rows[-newest:]
    acts, names = _acts_of(session, told), _names(session)
    steps = []
    for place, row in enumerate(rows, len(told) - len(rows)):
        values = bytes_.decode(row.payload) if row.payload is not None else {}
        if place >= 0:
            changes = tuple(_change(session, row.ent, tag, before.get(tag), value) for tag, value in values.items())
            steps.append(_step(session, row, changes, acts.get((row.sid, row.pos)), names))
        before |= values
    return steps


def entity_of(session: Session, record_id: UUID) -> str | None:
    """What kind of record has this id; None for none that was ever written."""
    code = session.scalar(sa.select(ENTRY.c.ent).where(ENTRY.c.eid == record_id.bytes, ENTRY.c.ent.in_(list(ENTITIES))).limit(1))
    return ENTITIES[code].__tablename__ if code is not None else None


def _step(session: Session, row: sa.Row[tuple[object, ...]], changes: tuple[Change, ...], act: Act | None, names: Names) -> Step:
    at = datetime.fromtimestamp((row.hlc >> 16) / 1000, UTC)
    return Step(at, _name(names, row.officer, row.sid >> SHIFT), act.verb if act else "", _title(session, act), act.id if act else None, changes)


def _acts_of(session: Session, rows: Sequence[sa.Row[tuple[object, ...]]]) -> dict[Spot, Act]:
    """The act each entry belongs to: its line has place 0. A place tells how far back that is, as far as places go; asked for all of them together."""
    leads: dict[Spot, Spot] = {(row.sid, row.pos): (row.sid, row.pos - row.txb) for row in rows}
    acts: dict[Spot, bytes] = {}
    wanted = set(leads.values())
    while wanted:
        found = [row for some in _chunks(sorted(wanted)) for row in session.execute(
            sa.select(ENTRY.c.sid, ENTRY.c.pos, ENTRY.c.txb, ENTRY.c.eid).where(sa.tuple_(ENTRY.c.sid, ENTRY.c.pos).in_(some)))]
        acts |= {(row.sid, row.pos): row.eid for row in found if not row.txb}
        further = {(row.sid, row.pos): (row.sid, row.pos - row.txb) for row in found if row.txb}
        leads = {spot: further.get(place, place) for spot, place in leads.items()}
        wanted = set(further.values())
    ids = sorted({UUID(bytes=eid) for eid in acts.values()})
    lines = {act.id: act for some in _chunks(ids) for act in session.scalars(sa.select(Act).where(Act.id.in_(some)))}
    met = {spot: lines.get(UUID(bytes=acts[place])) for spot, place in leads.items() if place in acts}
    return {spot: act for spot, act in met.items() if act is not None}


def _chunks(told: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(told), _AT_ONCE):
        yield told[start:start + _AT_ONCE]


def _title(session: Session, act: Act | None) -> str:
    """'办理入住', '撤销：办理入住' or '重做：办理入住'."""
    if act is None or act.undoes is None:
        return title_of(act.verb) if act else ""
    told, back = act, False
    while told.undoes is not None:
        back = not back
        earlier = session.scalar(sa.select(Act).where(Act.id == told.undoes))
        if earlier is None:
            break
        told = earlier
    return _("{0}：{1}").format(title_of("undo" if back else "redo"), title_of(told.verb))


def _names(session: Session) -> Names:
    """Who is meant by an officer's number in a scope; a clerk of the town is meant in all (scope 0)."""
    names = {(scope, number): name for scope, number, name in session.execute(sa.select(Officer.scope, Officer.number, Officer.name))}
    return names | {(0, number): name for (_scope, number), name in names.items() if number >= FIRST_CLERK}


def _name(names: Names, number: int, scope: int) -> str:
    return names.get((scope, number)) or names.get((0, number)) or _("程序")


def _change(session: Session, ent: int, tag: int, old: Cbor, new: Cbor) -> Change:
    told = by_tag(ENTITIES[ent]).get(tag)
    if told is None:
        return Change(str(tag), str(tag), str(old or ""), str(new or ""))
    return Change(told.name, told.label, in_words(session, told, old), in_words(session, told, new))


@dataclass(frozen=True)
class ActLine:
    """One line of the list of acts: what undo would take back."""

    id: UUID
    at: datetime
    officer: str
    verb: str
    title: str
    touched: int
    standing: bool


def recent(session: Session, limit: int = 50) -> list[ActLine]:
    """The newest acts first, with whether they still stand."""
    names = _names(session)
    return [ActLine(a.id, a.at, _name(names, a.officer or 0, a.scope), a.verb, _title(session, a), a.touched or 0, stands)
            for a, stands in islice(newest_first(session), limit)]
