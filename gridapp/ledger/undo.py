"""Undo and redo: another act that writes the earlier values back; the journal only grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mistake
from gridapp.fields.field import by_tag
from gridapp.fields.kinds import Cbor
from gridapp.ledger import bulk, capture, dealings, fold
from gridapp.ledger import entries as bytes_
from gridapp.ledger.capture import Change, Taken
from gridapp.ledger.journal import SHIFT
from gridapp.ledger.permits import REVIEW, Needs
from gridapp.ledger.reader import Acting
from gridapp.ledger.registers import Registers
from gridapp.ledger.tables import ENTRY, SCOPE, SEAL
from gridapp.ledger.verbs import BY_ITSELF, NEEDS, verb
from gridapp.records import ENTITIES, Act, Record
from gridapp.texts import N_, _

CHUNK = 500
#: acts are read in pages: the one looked for is nearly always among the newest
PAGE = 50
DELETED = 100
UNDOES_BIRTH: dict[int, Cbor] = {DELETED: True}


class NothingToUndo(Mistake):
    def __init__(self) -> None:
        super().__init__(_("没有可以撤销的操作。"))


class NothingToRedo(Mistake):
    def __init__(self) -> None:
        super().__init__(_("没有可以重做的操作（撤销之后又做了新的操作，就不能再重做）。"))


class AlreadyUndone(Mistake):
    """Taking the same act back twice."""

    def __init__(self) -> None:
        super().__init__(_("这次操作已经撤销过了，不用再撤销。"))


class NothingLeft(Mistake):
    """Taking back what was erased by law, the erasing itself, or a parcel that brought nothing."""

    def __init__(self) -> None:
        super().__init__(_("这次操作没有留下可以恢复的内容（可能已依法删除），不用撤销。"))


class ChangedSince(Mistake):
    """A later act changed the same field."""

    def __init__(self, label: str, told: str) -> None:
        super().__init__(_("“{0}”的{1}后来又改过，不能直接撤销。请先撤销后面的操作，或直接修改这条记录。").format(label, told))


class UsedSince(Mistake):
    """A later record points at what would be taken back."""

    def __init__(self, title: str, count: int) -> None:
        super().__init__(_("这次登记的内容后来已被 {0} 条{1}使用，不能直接撤销。请先撤销后面的操作，或办理注销。").format(count, title))


@dataclass
class Reversal:
    """What one act did to one record, and what stood there before."""

    entity: type[Record]
    eid: UUID
    written: dict[int, Cbor]
    before: dict[int, Cbor]
    born: bool

    def back(self) -> dict[int, Cbor]:
        return UNDOES_BIRTH if self.born else {tag: self.before.get(tag) for tag in self.written}


def scope_of(session: Session, act: Act) -> str:
    """The scope an act was done in: it is taken back there."""
    return str(session.scalar(sa.select(SCOPE.c.name).where(SCOPE.c.no == act.scope)))


def needs_of(session: Session, act: Act) -> Needs | None:
    """What it takes to take an act back: what it took to do it; for an undo, what the act needs that it brings back."""
    while act.undoes is not None:
        before = session.scalar(sa.select(Act).where(Act.id == act.undoes))
        if before is None:
            break
        act = before
    return NEEDS.get(act.verb)


def _own(session: Session, acts: Sequence[Act], device: bytes) -> set[UUID]:
    """Those of these acts that were done at this station."""
    return {UUID(bytes=eid) for eid in session.scalars(sa.select(ENTRY.c.eid).join(SEAL, SEAL.c.sid == ENTRY.c.sid).where(
        ENTRY.c.ent == Act.CODE, bulk.among(ENTRY.c.eid, [act.id for act in acts]), SEAL.c.dev == device))}


def newest_first(session: Session) -> Iterator[tuple[Act, bool]]:
    """Every act with whether it stands: it falls with a standing act that undoes it. Read only as far as somebody looks."""
    fallen, last = set[UUID](), None
    while True:
        page = session.scalars(sa.select(Act).where(Act.seq < last if last else sa.true()).order_by(Act.seq.desc()).limit(PAGE)).all()
        for act in page:
            stands = act.id not in fallen
            if act.undoes is not None and stands:
                fallen.add(act.undoes)
            yield act, stands
        if len(page) < PAGE:
            return
        last = page[-1].seq


def _own_newest_first(session: Session, device: bytes) -> Iterator[tuple[Act, bool]]:
    """The same without what came from other stations: nobody takes back a colleague's work by a key."""
    told = newest_first(session)
    while page := list(islice(told, PAGE)):
        own = _own(session, [act for act, _stands in page], device)
        yield from ((act, stands) for act, stands in page if act.id in own)


def next_undo(session: Session, device: bytes) -> Act:
    """The newest act of this station that somebody did and is neither an undo nor undone. Raises NothingToUndo."""
    for act, stands in _own_newest_first(session, device):
        if act.undoes is None and act.verb not in BY_ITSELF and stands and _gives_back(session, act):
            return act
    raise NothingToUndo


def next_redo(session: Session, device: bytes) -> Act:
    """The newest standing undo of this station with no new act after it. Raises NothingToRedo."""
    for act, stands in _own_newest_first(session, device):
        if act.verb in BY_ITSELF:
            continue
        if act.undoes is None:  # a new act ends redoing, though it was itself undone and came back
            break
        if stands and _is_undo(session, act) and _gives_back(session, act):
            return act
    raise NothingToRedo


def chosen_undo(session: Session, act_id: UUID) -> Act:
    """An act by its id, which may be an undo itself. Raises NothingToUndo, AlreadyUndone, NothingLeft."""
    found = session.scalar(sa.select(Act).where(Act.id == act_id))
    if found is None:
        raise NothingToUndo
    if not _stands(session, act_id):
        raise AlreadyUndone
    if not _gives_back(session, found):
        raise NothingLeft
    return found


def _gives_back(session: Session, act: Act) -> bool:
    """Whether anything it wrote is still there: an act of erasing, and what it erased, must not stand in the way of what was before."""
    where, _before = _written_by(session, act)
    return where is not None and bool(session.scalar(sa.select(sa.exists().where(
        where, ENTRY.c.kind == bytes_.WRITE, ENTRY.c.payload.is_not(None), ENTRY.c.ent.in_(ENTITIES.keys() - {Act.CODE})))))


def _stands(session: Session, act_id: UUID) -> bool:
    """Whether no standing act undoes it, however long ago it was."""
    return not any(_stands(session, undoer) for undoer in session.scalars(sa.select(Act.id).where(Act.undoes == act_id)).all())


def _is_undo(session: Session, act: Act) -> bool:
    """Whether it takes an original act back (and is no redo, which takes an undo back)."""
    undone = session.execute(sa.select(Act.undoes).where(Act.id == act.undoes)).first()
    return undone is not None and undone.undoes is None


def reversals(session: Session, act: Act) -> list[Reversal]:
    """What would have to be written to take the act back, record by record."""
    where, before = _written_by(session, act)
    if where is None:
        return []
    done = fold.replay(session, where)
    ids: dict[int, list[UUID]] = {}
    for _no, ent, raw in done.rows:
        ids.setdefault(ent, []).append(UUID(bytes=raw))
    found = list[Reversal]()
    for ent, eids in ids.items():
        earlier = fold.replay(session, ENTRY.c.ent == ent, bulk.among(ENTRY.c.eid, eids), before)
        for eid in eids:
            key = (act.scope, ent, eid.bytes)
            stood = earlier.registers(key).values if key in earlier.rows else {}
            found.append(Reversal(ENTITIES[ent], eid, done.registers(key).values, stood, born=key not in earlier.rows))
    return [r for r in found if r.entity is not Act]


def any_stands(session: Session, acts: Sequence[UUID]) -> bool:
    """Whether one of these acts was not taken back, by whatever way."""
    return any(_stands(session, act) for act in acts)


def brought(session: Session, acts: Sequence[UUID]) -> list[tuple[int, Reversal]]:
    """(number of the scope, what was done) of these acts that still stand."""
    found = [session.scalars(sa.select(Act).where(Act.id == act)).one() for act in acts if _stands(session, act)]
    return [(act.scope, told) for act in found for told in reversals(session, act)]


def _written_by(session: Session, act: Act) -> tuple[sa.ColumnElement[bool] | None, sa.ColumnElement[bool]]:
    """Which entries the act wrote (for an act of taking in: those that came), and which of its scope were there before."""
    here = ENTRY.c.sid >= act.scope << SHIFT
    merged = dealings.merged_by(session, act.id)
    if merged is not None:
        return ENTRY.c.sid.between(*merged), sa.and_(here, ENTRY.c.sid < merged[0])
    head = session.execute(sa.select(ENTRY.c.sid, ENTRY.c.pos).where(
        ENTRY.c.ent == Act.CODE, ENTRY.c.eid == act.id.bytes).order_by(ENTRY.c.sid, ENTRY.c.pos)).first()
    if head is None or not act.touched:
        return None, sa.false()
    before = sa.tuple_(ENTRY.c.sid, ENTRY.c.pos) < sa.tuple_(sa.literal(head.sid), sa.literal(head.pos))
    return sa.and_(ENTRY.c.sid == head.sid, ENTRY.c.pos.between(head.pos + 1, head.pos + act.touched)), sa.and_(here, before)


def take_back(session: Session, taken: Taken, act: Act) -> None:
    """Write the earlier values back. Raises ChangedSince, UsedSince; nothing is written then."""
    by_entity: dict[type[Record], list[Reversal]] = {}
    for told in reversals(session, act):
        by_entity.setdefault(told.entity, []).append(told)
    for entity, many in by_entity.items():
        _refuse_if_used(session, entity, many, {r.eid for rs in by_entity.values() for r in rs})
        for start in range(0, len(many), CHUNK):
            _write_back(session, taken, entity, many[start:start + CHUNK])


def _refuse_if_used(session: Session, entity: type[Record], many: list[Reversal], own: set[UUID]) -> None:
    born = [r.eid for r in many if r.born]
    for other in ENTITIES.values():
        for name, to in fold.links(other):
            if to != entity.__tablename__ or other is Act:
                continue
            late = [user for user in session.scalars(sa.select(other.id).where(
                bulk.among(getattr(other, name), born), other.deleted.is_not(True))) if user not in own]
            if late:
                raise UsedSince(other.TITLE, len(late))


def _write_back(session: Session, taken: Taken, entity: type[Record], many: list[Reversal]) -> None:
    tags = by_tag(entity)
    rows = fold.kept(session, entity, taken.scope.no, [m.eid for m in many])
    changes = list[Change]()
    for told in many:
        row, back = rows[told.eid.bytes], dict(told.back())
        for tag, value in told.written.items():
            if row.values.get(tag) == value:
                continue
            if not _beside(row, tag, value):
                found = session.scalars(sa.select(entity).where(entity.id == told.eid, entity.scope == taken.scope.no)).one()
                raise ChangedSince(found.label(), tags[tag].label)
            if not told.born:
                back[tag] = row.values.get(tag)  # what came lost against ours: ours once more, and the question is closed
        changes.append(Change(told.eid, row, back))
    capture.change_many(session, taken, entity, changes)
    session.expunge_all()


def _beside(row: Registers, tag: int, value: Cbor) -> bool:
    """Whether a value that is not shown is one of those kept beside it."""
    return any(other[2] == value for other in row.heads.get(tag, ()))


@verb(N_("退回一条接收的记录"), REVIEW)
def put_back(act: Acting, merged: UUID, record: UUID) -> UUID:
    """Take back what an act of taking in brought to one record; all else it brought stays. Run it in the record's scope.

    Raises NothingToUndo, AlreadyUndone, ChangedSince, UsedSince; nothing is written then.
    """
    session = act._session
    done = chosen_undo(session, merged)
    found = [r for r in reversals(session, done) if r.eid == record]
    if not found:
        raise NothingToUndo
    for told in found:
        if told.born and fold.kept(session, told.entity, act._taken.scope.no, [record])[record.bytes].values.get(DELETED):
            raise AlreadyUndone
        _refuse_if_used(session, told.entity, [told], {record})
        _write_back(session, act._taken, told.entity, [told])
    return record
