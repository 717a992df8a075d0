"""The search box: one index of tokens over people, places, hazards and cases (findable.SOUGHT); best matches first, each saying why.

The place in the index begins with the rank: who is here before who left, and in each people before houses before rooms and so on. So the index
itself answers in the right order, and the first rows of a question are the best ones however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.ids import id_of
from gridapp.ledger import bags, bulk, tokens
from gridapp.ledger.bags import Place, match
from gridapp.ledger.findable import SOUGHT, Findable, Row
from gridapp.ledger.resting import collector_rests
from gridapp.ledger.tables import FACT
from gridapp.ledger.tokens import Tier
from gridapp.records import ENTITIES, Dispute, House, Party, Person, Petition, Record, Room, Tenancy
from gridapp.texts import _

CHUNK = 500
#: bags that are held in memory while the whole index is made again
HELD = 20_000
#: words beyond this many are left out: each is a part of one FTS expression
MOST_WORDS = 8
Touched = Iterable[tuple[int, UUID]]


@dataclass(frozen=True)
class Hit:
    """One answer: what it is, which record, how lists name it (numbers masked), and why it matched."""

    entity: str
    id: UUID
    label: str
    why: str


# ---------------------------------------------------------------- keeping the index

def _ranks(place: int) -> tuple[int, int]:
    """The ranks of one kind of record: here, and gone."""
    return place, place + len(SOUGHT)


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start:start + CHUNK]


def index(session: Session, touched: Touched, done: Callable[[int], None] = lambda _records: None) -> None:
    """Bring the index up to date for the records of one act and what is found by words of theirs.

    `done` is told after every few hundred how many they were; it may raise to stop.
    """
    by_code = _with_leaning(session, touched)
    for place, sought in enumerate(SOUGHT):
        wanted = list(by_code.get(sought.entity.CODE, ()))
        newest = bags.newest(session, _ranks(place)) if wanted else None
        for some in _chunks(wanted[::-1]):  # the newest first, as they stand in the index
            where = bulk.among(sought.entity.id, some)
            _forget(session, place, sought.entity, where if newest is None else sa.and_(where, sought.entity.seq <= newest))
            _write(session, place, sought, where)
            done(len(some))


def _with_leaning(session: Session, touched: Touched) -> dict[int, dict[UUID, None]]:
    """Ids by entity: those records, the rooms of the houses, the people living there, the cases of the parties."""
    by_code: dict[int, dict[UUID, None]] = {}
    for code, eid in touched:
        by_code.setdefault(code, {})[eid] = None
    people, rooms = by_code.setdefault(Person.CODE, {}), by_code.setdefault(Room.CODE, {})
    if houses := by_code.get(House.CODE):
        rooms |= dict.fromkeys(session.scalars(sa.select(Room.id).where(bulk.among(Room.house, houses))))
    for column, code in ((Tenancy.room, Room.CODE), (Tenancy.id, Tenancy.CODE)):
        if ids := by_code.get(code):
            people |= dict.fromkeys(session.scalars(sa.select(Tenancy.person).where(bulk.among(column, ids))))
    if parties := by_code.get(Party.CODE):
        matters = dict.fromkeys(session.scalars(sa.select(Party.matter).where(bulk.among(Party.id, parties))))
        for entity in (Dispute, Petition):
            by_code.setdefault(entity.CODE, {}).update(matters)
    return by_code


def cases_of(session: Session, parties: Iterable[UUID]) -> list[tuple[int, UUID]]:
    """What is found by the names of these parties, as `index` wants it: asked before they are erased, for afterwards nothing tells."""
    matters = session.connection().scalars(sa.select(Party.matter).where(bulk.among(Party.id, list(parties)))).all()
    return [(entity.CODE, matter) for entity in (Dispute, Petition) for matter in matters]


def _forget(session: Session, place: int, entity: type[Record], where: sa.ColumnElement[bool]) -> None:
    bags.drop(session, _ranks(place), session.connection().scalars(sa.select(entity.seq).where(where)))


def forget(session: Session, code: int, ids: Sequence[UUID]) -> None:
    """Take records that will not be there any more out of the index."""
    for place, sought in enumerate(SOUGHT):
        if sought.entity.CODE == code:
            _forget(session, place, sought.entity, bulk.among(sought.entity.id, ids))


def _write(session: Session, place: int, sought: Findable, where: sa.ColumnElement[bool]) -> None:
    here, gone = _ranks(place)
    found: dict[Place, set[str]] = {}
    asked = sought.asked.where(where, sought.entity.deleted.is_not(True), sought.entity.unmerged())
    for row in session.connection().execute(asked.order_by(None).order_by(sought.entity.seq.desc())):
        rank = here if sought.here(row) else gone
        if (rank, row.seq) not in found and len(found) >= HELD:
            bags.put(session, found)
            found = {}
        found.setdefault((rank, row.seq), set()).update(*[face.tokens(row) for face in sought.faces])
    bags.put(session, found)


def index_all(session: Session) -> None:
    """Make the whole index again."""
    bags.clear(session)
    with collector_rests():
        for place, sought in enumerate(SOUGHT):
            _write(session, place, sought, sa.true())
    bags.rest(session)


def keep_up(session: Session) -> None:
    """Make the index again when the file's was made of other tokens than today's (12 s for 100,000 people, once)."""
    known = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == "tokens"))
    if known == tokens.VERSION:
        return
    index_all(session)
    session.execute(sa.delete(FACT).where(FACT.c.name == "tokens"))
    session.execute(sa.insert(FACT).values(name="tokens", value=tokens.VERSION))


# ---------------------------------------------------------------- asking it

def _questions(words: list[str], alike: bool) -> Iterator[str]:
    """Expressions of the index from the sharpest to the widest; several words must all match, each at least as sharply as the grade says."""
    plans = [tokens.plan(word, alike) for word in words]
    if len(plans) == 1:
        yield from (match([tier]) for tier in plans[0])
        return
    yield match([tokens.joined(words)])
    for grade in (tokens.EXACT, tokens.HEAD, tokens.INSIDE):
        yield " AND ".join("(" + match(tier for tier in plan if tier.grade <= grade) + ")" for plan in plans)


def search(session: Session, text: str, limit: int = 20, alike: bool = False) -> list[Hit]:
    """Records matching `text`, at most `limit`: exact before beginning before inside; in each, those here before those gone, and then the newest first.

    `alike`: letters that sound alike will do (模糊音), after all others. The code of a paper, scanned or typed, finds its one record.
    """
    scanned = _scanned(session, text)
    if scanned is not None:
        return [scanned]
    words = tokens.words(text)[:MOST_WORDS]
    found: dict[Place, None] = {}
    for question in _questions(words, alike) if words else ():
        found |= dict.fromkeys(bags.places(session, question, limit + len(found)))
        if len(found) >= limit:
            break
    return _hits(session, list(found)[:limit], words, alike)


def _scanned(session: Session, text: str) -> Hit | None:
    """The record whose code stands on a paper, where it is seen from here and was not taken back."""
    record_id = id_of(text)
    for entity in ENTITIES.values() if record_id is not None else ():
        found = session.scalar(sa.select(entity).where(entity.id == record_id, entity.deleted.is_not(True)))
        if found is not None:
            sought = next((one for one in SOUGHT if one.entity is entity), None)
            row = session.execute(sought.asked.where(entity.id == record_id)).first() if sought is not None else None
            return Hit(entity.__tablename__, found.id, sought.label(row) if sought is not None and row is not None else found.label(), _("扫码"))
    return None


def _hits(session: Session, places: list[Place], words: list[str], alike: bool) -> list[Hit]:
    told: dict[Place, Hit] = {}
    for place, sought in enumerate(SOUGHT):
        mine = {seq: (rank, seq) for rank, seq in places if rank % len(SOUGHT) == place}
        rows: dict[int, list[Row]] = {}  # several of a dispute: one for each party
        for row in session.execute(sought.asked.where(sought.entity.seq.in_(list(mine)))) if mine else ():
            rows.setdefault(row.seq, []).append(row)
        for seq, found in rows.items():
            why = _why([_Shown(face.tokens(row), partial(face.why, row)) for row in found for face in sought.faces], words, alike)
            told[mine[seq]] = Hit(sought.entity.__tablename__, found[0].id, sought.label(found[0]), why)
    return [told[place] for place in places if place in told]


class _Shown(NamedTuple):
    """What one record is found by, and what the answer says then."""

    tokens: frozenset[str]
    why: Callable[[str, str], str]


def _why(faces: Sequence[_Shown], words: list[str], alike: bool) -> str:
    """What of the record answered to each word; to the words written as one where a single word did not."""
    reasons = [_reason(faces, tokens.plan(word, alike), word) for word in words]
    if not all(reasons) and len(words) > 1:
        reasons.append(_reason(faces, [tokens.joined(words)], "".join(words)))
    return "、".join(dict.fromkeys(filter(None, reasons)))


def _reason(faces: Sequence[_Shown], plan: list[Tier], word: str) -> str:
    for tier in plan:
        for face in faces:
            kind = next((way[0][0][0] for way in tier.ways if tokens.meets(face.tokens, way)), None)
            if kind:
                return face.why(word, kind)
    return ""
