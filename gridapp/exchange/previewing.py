"""A parcel in plain rows (预览): what is new, what would change from what to what, where two differ, who looks registered twice, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import sqlalchemy as sa

from gridapp.exchange import stations
from gridapp.exchange.incoming import UNTOLD, Preview
from gridapp.exchange.phrases import Key, Phrases, Values
from gridapp.fields.field import Field, by_tag, fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import LOOK, REVIEW, Ledger, Reader, dealings, gated, needs, undo, writes
from gridapp.ledger.admission import Seen
from gridapp.ledger.undo import Reversal
from gridapp.records import ENTITIES, Officer, Person, Record
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import N_, _

NEW, CHANGED, CLASHING, TWIN, HELD = "new", "changed", "clash", "twin", "held"
KINDS = {NEW: N_("新增"), CHANGED: N_("修改"), CLASHING: N_("冲突"), TWIN: N_("疑似重复"), HELD: N_("暂存")}
SOME = 500
#: fields of a station nobody can read
KEYS = ("device", "age", "certificate", "accepted")


@dataclass(frozen=True)
class Change:
    """One field, as an officer reads it; private numbers are masked; '' for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """One line: a new record as a whole, or one field of one that is here. `changes` tell everything of its record.

    Of kind HELD there is no record: `label` says how much, `after` why. `who` wrote it where, and when: '' and None when that is not told.
    """

    kind: str
    entity: str
    id: UUID | None
    scope: int
    title: str
    label: str
    field: str
    before: str
    after: str
    who: str = ""
    station: str = ""
    at: datetime | None = None
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class Told:
    """A preview in words; `counts` by kind are of records (of entries for HELD), `whole` is False where there was too much to show."""

    rows: Sequence[Row]
    counts: Mapping[str, int]
    whole: bool = True


@gated(LOOK)
def tell(ledger: Ledger, preview: Preview) -> Told:
    """What taking the parcel in would do, row by row: clashes and likely twins first, then new records, then changes."""
    weighed = preview.weighed
    rows = ledger.ask(_rows, weighed.seen, preview.by) if weighed is not None else []
    held = [Row(HELD, "", None, 0, _("暂存"), _("{0:,} 条改动").format(count), "", "", text) for _reason, text, count in preview.held]
    counts = Counter(dict.fromkeys(KINDS, 0))
    counts.update(kind for kind, _id in {(row.kind, row.id) for row in rows})
    counts[HELD] = sum(count for _reason, _text, count in preview.held)
    order = [CLASHING, TWIN, NEW, CHANGED]
    return Told((*sorted(rows, key=lambda r: order.index(r.kind)), *held), counts, weighed is not None)


@needs(LOOK)
def _rows(read: Reader, seen: Sequence[Seen], by: Mapping[tuple[int, bytes], tuple[bytes, int]]) -> list[Row]:
    shown = [s for s in seen if s.key[1] not in UNTOLD]
    phrases = Phrases(read, {s.key: s.then.values for s in shown})
    authors, twins, rows = _Authors(read, shown, by), _twins(read, shown), list[Row]()
    for one in shown:
        rows += _of_record(one, phrases, authors, twins)
    return rows


def _of_record(one: Seen, phrases: Phrases, authors: _Authors, twins: Mapping[Key, str]) -> Iterator[Row]:
    entity, now, then = ENTITIES[one.key[1]], one.now.values if one.now else {}, one.then.values
    known = {tag: field for tag, field in by_tag(entity).items() if field.name not in KEYS}
    tags = [t for t in sorted(then.keys() | now.keys()) if t in known and then.get(t) != now.get(t)]
    clashing = [t for t in one.then.differing() if t in known and (one.now is None or len(one.now.heads.get(t, ())) < len(one.then.heads[t]))]
    changes = [_change(phrases, known[t], now.get(t), then.get(t)) for t in tags]
    if one.now is None:
        if not then.get(undo.DELETED):
            yield _whole(one, entity, phrases, authors, changes, twins.get(one.key))
        return
    for tag in clashing:
        theirs = next(v for v in (then.get(tag), *(h[2] for h in one.then.heads[tag])) if v != now.get(tag))
        stamp = next((h[:2] for h in one.then.heads[tag] if h[2] == theirs), one.then.stamp(tag))
        told = _change(phrases, known[tag], now.get(tag), theirs)
        yield _row(CLASHING, one.key, entity, phrases, told, authors.of(stamp, one.key), [told, *(c for c in changes if c.label != told.label)])
    if one.ended is not None:
        told = Change(_("注销（撤销）以后又改过"), "", _("收下后由您决定"))
        yield _row(CLASHING, one.key, entity, phrases, told, authors.of(one.then.stamp(one.ended), one.key), changes)
    for tag, told in zip(tags, changes, strict=True):
        if tag not in clashing:
            yield _row(CHANGED, one.key, entity, phrases, told, authors.of(one.then.stamp(tag), one.key), changes)


def _whole(one: Seen, entity: type[Record], phrases: Phrases, authors: _Authors, changes: Sequence[Change], twin: str | None) -> Row:
    """A new record in one row: what it says, or who has the same number."""
    told = Change("", "", "；".join(f"{c.label} {c.after}" for c in changes if c.after))
    if twin is not None:
        told = Change(fields_of(Person)["id_no"].label, twin, _("证件号码相同，可能是同一个人"))
    return _row(NEW if twin is None else TWIN, one.key, entity, phrases, told, authors.of(one.then.base, one.key), changes)


Author = tuple[str, str, datetime | None]
NOBODY: Author = ("", "", None)


def _row(kind: str, key: Key, entity: type[Record], phrases: Phrases, told: Change, author: Author, changes: Sequence[Change]) -> Row:
    return Row(kind, entity.__tablename__, UUID(bytes=key[2]), key[0], entity.TITLE, phrases.label(key), told.label, told.before, told.after,
               *author, changes)


def _change(phrases: Phrases, field: Field, before: Cbor, after: Cbor) -> Change:
    return Change(field.label, phrases.words(field, before), phrases.words(field, after))


# ---------------------------------------------------------------- who, where, when

class _Authors:
    """Names of officers and stations: of those here, and of those the parcel brings."""

    def __init__(self, read: Reader, seen: Sequence[Seen], by: Mapping[tuple[int, bytes], tuple[bytes, int]]) -> None:
        self._by = by
        self._officers = {(scope, number): name for scope, number, name in read.rows(sa.select(Officer.scope, Officer.number, Officer.name))}
        number, name = (fields_of(Officer)[n].tag for n in ("number", "name"))
        self._officers |= {(s.key[0], s.then.values.get(number)): str(s.then.values.get(name)) for s in seen if s.key[1] == Officer.CODE}
        self._clerks = {no: told for (_scope, no), told in self._officers.items() if no is not None and no >= FIRST_CLERK}
        self._station = cache(lambda device: stations.station_of(read, device))

    def of(self, stamp: tuple[int, int] | None, key: Key) -> Author:
        """('王建国', '青后叶村一号机', when)"""
        if stamp is None:
            return NOBODY
        at = datetime.fromtimestamp((stamp[0] >> 16) / 1000, UTC)
        device, officer = self._by.get((stamp[0], key[2]), (b"", 0))
        if not device:
            return "", _("本机"), at
        station = self._station(device)
        return self._officers.get((key[0], officer)) or self._clerks.get(officer, ""), station.name if station else "", at


# ---------------------------------------------------------------- twins

def _twins(read: Reader, seen: Sequence[Seen]) -> dict[Key, str]:
    """New people whose number somebody in the same register has, here or in the parcel: {record: who}."""
    number, name = (fields_of(Person)[n].tag for n in ("id_no", "name"))
    new = [s for s in seen if s.key[1] == Person.CODE and s.now is None and s.then.values.get(number) and not s.then.values.get(undo.DELETED)]
    here = dict[tuple[int, Cbor], str]()
    wanted = sorted({str(s.then.values[number]) for s in new})
    for start in range(0, len(wanted), SOME):
        asked = sa.select(Person.scope, Person.id_no, Person.name).where(
            Person.id_no.in_(wanted[start:start + SOME]), Person.deleted.is_not(True), Person.unmerged())
        here |= {(scope, id_no): _("本机已有：{0}").format(told) for scope, id_no, told in read.rows(asked)}
    found = dict[Key, str]()
    for one in new:
        place = (one.key[0], one.then.values[number])
        if place in here:
            found[one.key] = here[place]
        else:
            here[place] = _("这个交接包里还有：{0}").format(one.then.values.get(name) or "")
    return found


# ---------------------------------------------------------------- afterwards

@gated(LOOK)
def brought(ledger: Ledger, parcel: dealings.Parcel) -> list[Row]:
    """What a taking-in brought, row by row: so that single records can be put back. Nothing for one that was undone."""
    told = ledger.look(undo.brought, [UUID(bytes=act) for _first, _last, act in parcel.taken.values()])
    return ledger.ask(_brought, told)


@needs(LOOK)
def _brought(read: Reader, told: Iterable[tuple[int, Reversal]]) -> list[Row]:
    found = {(no, r.entity.CODE, r.eid.bytes): r for no, r in told}
    phrases, rows = Phrases(read, {key: _after(r) for key, r in found.items()}), list[Row]()
    for key, one in found.items():
        known = by_tag(one.entity)
        changes = [_change(phrases, known[t], one.before.get(t), v) for t, v in one.written.items() if t in known and v != one.before.get(t)]
        if one.born and not one.written.get(undo.DELETED):
            whole = Change("", "", "；".join(f"{c.label} {c.after}" for c in changes if c.after))
            rows.append(_row(NEW, key, one.entity, phrases, whole, NOBODY, changes))
        elif not one.born:
            rows += [_row(CHANGED, key, one.entity, phrases, c, NOBODY, changes) for c in changes]
    return sorted(rows, key=lambda r: r.kind == CHANGED)


def _after(told: Reversal) -> Values:
    return {tag: value for tag, value in {**told.before, **told.written}.items() if value is not None}


@gated(REVIEW)
def put_back(ledger: Ledger, parcel: dealings.Parcel, row: Row) -> None:
    """Take one record of a taking-in back, all else stays. Raises AlreadyUndone, ChangedSince, UsedSince."""
    assert row.id is not None
    _first, _last, act = parcel.taken[row.scope]
    ledger.do_in(ledger.ask(writes.scope_names)[row.scope], undo.put_back, UUID(bytes=act), row.id)
