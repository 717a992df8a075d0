"""The story of a record (来历): who changed what, when, from what to what, read from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
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


def story(session: Session, record_id: UUID) -> list[Step]:
    """Every step of a record, oldest first; empty when no such record was ever written."""
    rows = session.execute(sa.select(ENTRY).where(
        ENTRY.c.eid == record_id.bytes, ENTRY.c.ent.in_(list(ENTITIES)), ENTRY.c.kind == bytes_.WRITE).order_by(ENTRY.c.hlc, ENTRY.c.sid, ENTRY.c.pos)).all()
    before: dict[int, Cbor] = {}
    steps = []
    for row in rows:
        values = bytes_.decode(row.payload) if row.payload is not None else {}
        changes = tuple(_change(session, row.ent, tag, before.get(tag), value) for tag, value in values.items())
        before |= values
        steps.append(_step(session, row, changes))
    return steps


def entity_of(session: Session, record_id: UUID) -> str | None:
    """What kind of record has this id; None for none that was ever written."""
    code = session.scalar(sa.select(ENTRY.c.ent).where(ENTRY.c.eid == record_id.bytes, ENTRY.c.ent.in_(list(ENTITIES))).limit(1))
    return ENTITIES[code].__tablename__ if code is not None else None


def _step(session: Session, row: sa.Row[tuple[object, ...]], changes: tuple[Change, ...]) -> Step:
    act = _act_of(session, row.sid, row.pos, row.txb)
    at = datetime.fromtimestamp((row.hlc >> 16) / 1000, UTC)
    return Step(at, officer_name(session, row.officer, row.sid >> SHIFT), act.verb if act else "", _title(session, act),
                act.id if act else None, changes)


def _act_of(session: Session, sid: int, pos: int, txb: int) -> Act | None:
    """The act an entry belongs to: its line has place 0. A place tells how far back that is, as far as places go."""
    eid: bytes | None = None
    while txb or eid is None:
        pos -= txb
        row = session.execute(sa.select(ENTRY.c.txb, ENTRY.c.eid).where(ENTRY.c.sid == sid, ENTRY.c.pos == pos)).first()
        if row is None:
            return None
        txb, eid = row.txb, row.eid
    return session.scalar(sa.select(Act).where(Act.id == UUID(bytes=eid)))


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


def officer_name(session: Session, number: int, scope: int) -> str:
    """The name of the officer with this number in entry heads of a scope: its own, or a clerk of the town."""
    own = sa.or_(Officer.scope == scope, Officer.number >= FIRST_CLERK)
    return session.scalar(sa.select(Officer.name).where(Officer.number == number, own)) or _("程序")


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
    names = {(scope, number): name for scope, number, name in session.execute(sa.select(Officer.scope, Officer.number, Officer.name))}
    names |= {(0, number): name for (_scope, number), name in names.items() if number >= FIRST_CLERK}
    return [ActLine(a.id, a.at, names.get((a.scope, a.officer)) or names.get((0, a.officer)) or _("程序"), a.verb, _title(session, a), a.touched or 0, stands)
            for a, stands in islice(newest_first(session), limit)]
