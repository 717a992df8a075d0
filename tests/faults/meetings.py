"""Meetings: random histories of stations that hand over to each other by sticks that come late, twice, never, cut or out of order.

Clocks are off by up to an hour, files are put back from old copies, two PCs run on copies of one file. Whatever a ledger does is foretold
by the oracle; in the end everybody equals the fold of what he may hold. Seeded: the chances of a history are told by its seed.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.exchange import envelope, parcel
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import Acting, meeting
from gridapp.ledger.entries import Seal
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers, postgres
from tests.faults import forging
from tests.faults.oracle import CLOSED_ON, DELETED, Told
from tests.faults.rows import Row
from tests.faults.stage import QUICK, Stage, Stick, World
from tests.faults.stations import BORN, Station

#: few records and few fields, so that everybody is always in everybody's way
RECORDS = tuple(UUID(int=n).bytes for n in (1, 2, 3))
PHONE, WORKPLACE = 11, 12
CHOICES: dict[int, tuple[Cbor, ...]] = {PHONE: ("13800001111", "13800002222", None), WORKPLACE: ("甲厂", "乙厂", None),
                                        CLOSED_ON: ("2026-11-24", "2026-11-23", None), DELETED: (True, None)}
NAMES = {f.tag: (n, f.kind) for n, f in fields_of(Person).items()}


def write_raw(act: Acting, record: UUID, values: dict[int, Cbor]) -> None:
    """Set fields of a person, withdrawn or not; he is born where he is not there."""
    told = {NAMES[tag][0]: NAMES[tag][1].load(value) for tag, value in values.items()}
    person = act.one(sa.select(Person).where(Person.id == record, Person.scope == act._taken.scope.no))
    if person is None:
        person = act.add(Person(id=record, id_kind=BORN[1], id_no=BORN[2], name=BORN[3]))
    act.change(person, **told)


def erase(act: Acting, record: UUID) -> None:
    person = act.one(sa.select(Person).where(Person.id == record, Person.scope == act._taken.scope.no))
    assert person is not None
    act.erase(person, "个人信息保护法第四十七条")


# ---------------------------------------------------------------- steps

def _write(world: World) -> None:
    """One officer writes one or two fields of a record."""
    station, record = world.chance.choice(world.stations), world.chance.choice(RECORDS[:2])
    scope = world.chance.choice(station.scopes)
    tags = world.chance.choice(((PHONE,), (PHONE,), (WORKPLACE,), (PHONE, WORKPLACE), (CLOSED_ON,), (DELETED,), (PHONE, CLOSED_ON)))
    values = {tag: world.chance.choice(CHOICES[tag]) for tag in tags}
    row = station.rows(scope).get(record)
    if row is None and _erased(station, scope, record):
        return
    shown = row.values if row else {}
    told = {tag: value for tag, value in values.items() if shown.get(tag) != value}
    expected = {record: told if row else BORN | {t: v for t, v in values.items() if v is not None}} if told or not row else {}
    station.do(scope, write_raw, expected, UUID(bytes=record), values)


def _erased(station: Station, scope: str, record: bytes) -> bool:
    return any(w.erases and w.record == record for w in station.oracle.those(station.told.known, scope))


def _officer(world: World) -> None:
    """The same through the officer's own verbs."""
    station, record = world.chance.choice(world.stations), world.chance.choice(RECORDS[:2])
    scope, verb = station.scopes[0], world.chance.choice((people.correct_person, people.close_person, people.reopen_person))
    row = station.rows(scope).get(record)
    if row is None or row.values.get(DELETED):
        return
    phone, arguments = world.chance.choice(CHOICES[PHONE]), tuple[Any, ...]()
    values: dict[int, Cbor] = {CLOSED_ON: None, 104: None, 105: None}
    if verb is people.close_person:
        values, arguments = {CLOSED_ON: ledgers.TODAY.isoformat(), 104: "01", 105: None}, (ledgers.TODAY, "01")
    named = {"phone": phone} if verb is people.correct_person else {}
    told = {PHONE: phone} if named else values
    changed = {tag: value for tag, value in told.items() if row.values.get(tag) != value}
    station.do(scope, verb, {record: changed} if changed else {}, UUID(bytes=record), *arguments, **named)


def _several(world: World) -> None:
    """One act writes two records: it is never half seen."""
    station = world.chance.choice(world.stations)
    scope, phone = world.chance.choice(station.scopes), world.chance.choice(CHOICES[PHONE][:2])
    rows, expected = station.rows(scope), dict[bytes, dict[int, Cbor]]()
    some = [r for r in RECORDS[:2] if r in rows]
    for record in some:
        if rows[record].values.get(PHONE) != phone:
            expected[record] = {PHONE: phone}

    def write_both(act: Acting) -> None:
        for record in some:
            write_raw(act, UUID(bytes=record), {PHONE: phone})

    station.do(scope, write_both, expected)


def _asked(world: World) -> tuple[Station, str, bytes, Told] | None:
    """Some record about which a question is open, where somebody sees it."""
    found = [(station, scope, record, row) for station in world.stations for scope in station.scopes
             for record, row in sorted(station.rows(scope).items()) if row.questions]
    return world.chance.choice(found) if found else None


def _set(station: Station, scope: str, record: bytes, row: Told, tag: int) -> None:
    value = next(v for v in CHOICES[tag] if v != row.values.get(tag))
    station.do(scope, write_raw, {record: {tag: value}}, UUID(bytes=record), {tag: value})


def _disagree(world: World) -> None:
    """Two write one field of one record differently and then meet."""
    one, other = world.two()
    both = [(scope, record, tag) for scope in one.scopes if scope in other.scopes for record in RECORDS[:2] for tag in (PHONE, WORKPLACE)
            if record in one.rows(scope) and record in other.rows(scope)]
    if both and one.told is not other.told:
        scope, record, tag = world.chance.choice(both)
        _set(one, scope, record, one.rows(scope)[record], tag)
        _set(other, scope, record, other.rows(scope)[record], tag)
        other.takes(one.gives([scope], [h for ids in other.ledger.heads().values() for h in ids]))


def _common_ground(world: World) -> None:
    """Everybody holds one record from the beginning."""
    first = world.stations[0]
    first.do(first.scopes[0], write_raw, {RECORDS[0]: BORN | {PHONE: "13800001111"}}, UUID(bytes=RECORDS[0]), {PHONE: "13800001111"})
    for other in world.stations[1:]:
        if first.scopes[0] in other.scopes:
            other.takes(first.gives(first.scopes[:1], []))


def _answer(world: World) -> None:
    """Somebody decides what two wrote differently."""
    if (found := _asked(world)) is not None:
        _set(*found, world.chance.choice([PHONE, *found[3].losers.keys() & CHOICES.keys()]))


def _change_of_mind(world: World) -> None:
    """Somebody changes another field of it and takes that back: the question stays open."""
    found = _asked(world)
    free = [tag for tag in (PHONE, WORKPLACE) if found and tag not in found[3].losers]
    if found is not None and free:
        _set(*found, world.chance.choice(free))
        found[0].takes_back(found[0].ledger.undo)


def _undo(world: World) -> None:
    station = world.chance.choice(world.stations)
    chosen = world.chance.choice([*station.told.acts]) if station.told.acts and world.chance.random() < 0.6 else None
    station.takes_back(lambda: station.ledger.undo(chosen), chosen)


def _redo(world: World) -> None:
    station = world.chance.choice(world.stations)
    station.takes_back(station.ledger.redo)


def _erase(world: World) -> None:
    """By law; where there is one, somebody two scopes hold: he is erased in one of them."""
    held = [(station, scope, record) for station in world.stations for scope in station.scopes for record in sorted(station.rows(scope))]
    often = [(s, scope, record) for s, scope, record in held if sum((s, other, record) in held for other in s.scopes) > 1]
    if held:
        station, scope, record = world.chance.choice(often or held)
        station.do(scope, erase, {record: {}}, UUID(bytes=record), erases=True)


def _hand_over(world: World) -> None:
    """Given and taken in at once."""
    giver, taker = world.two()
    _deliver(world, taker, _given(world, giver, taker))


def _close(world: World) -> None:
    """A seal is closed though nothing is handed over: it is full, or somebody looked what would go."""
    world.chance.choice(world.stations).close_seals()


def _to_drawer(world: World) -> None:
    giver, taker = world.two()
    world.drawer.append(_given(world, giver, taker))


def _given(world: World, giver: Station, taker: Station) -> Stick:
    """A stick for somebody whose holding is known rightly, as of some time ago, or not at all."""
    right, number = [h for ids in taker.ledger.heads().values() for h in ids], world.stations.index(taker)
    known = world.chance.choice((right, right, world.heard.get(number, []), []))
    if world.chance.random() < 0.5:
        world.heard[number] = right
    scopes = tuple(s for s in giver.scopes if s in taker.scopes)
    return Stick(scopes, giver.gives(scopes, known))


def _deliver(world: World, taker: Station, stick: Stick) -> None:
    seals, how, lot = list(stick.seals), world.chance.random(), meeting.A_LOT
    if how < 0.06:
        seals = _through_a_parcel(world, seals)
    elif how < 0.18:
        world.chance.shuffle(seals)
    elif how < 0.26:
        seals = [s for s in seals if world.chance.random() < 0.7]
    elif how < 0.62:
        seals = _without_one(world, taker, seals)
    elif how < 0.78:
        lot = world.chance.randint(1, 4)  # gone through in small lots, as a first parcel of 100,000 people is
    if seals:
        look_first = lot == meeting.A_LOT and world.chance.random() < 0.3
        with patch.object(meeting, "A_LOT", lot):
            taker.takes(seals, look_first)


def _without_one(world: World, taker: Station, seals: list[Seal]) -> list[Seal]:
    """Something others build on is missing: they must wait."""
    built_on = {p for s in seals for p in s.head.parents} - taker.told.seals
    lost = world.chance.choice(sorted(built_on & {s.id for s in seals})) if built_on else None
    return [s for s in seals if s.id != lost]


def _through_a_parcel(world: World, seals: list[Seal]) -> list[Seal]:
    """The same, as a file."""
    secret, address = envelope.new_identity()
    path, inside = world.folder / "parcel.wsb", io.BytesIO()
    parcel.write(inside, seals, signer=world.stations[0].ledger.signer, recipients=[address], heads={}, made_at=0)
    path.write_bytes(inside.getvalue())
    with parcel.open_parcel([path], secret) as opened:
        came = list(opened.seals())
    assert [s.id for s in came] == [s.id for s in seals]
    return came


def _late(world: World) -> None:
    """A stick from the drawer, at whoever may read it; now and then it stays there to come again."""
    if not world.drawer:
        return
    stick = world.chance.choice(world.drawer)
    _deliver(world, world.chance.choice(world.stations), stick)
    if world.chance.random() < 0.6:
        world.drawer.remove(stick)


def _forged(world: World) -> None:
    """One seal of a stick is not what its author signed, or breaks the rules."""
    giver, taker = world.two()
    stick = _given(world, giver, taker)
    fresh = [n for n, s in enumerate(stick.seals) if s.id not in taker.told.seals]
    if fresh:
        number = world.chance.choice(fresh)
        taker.refuses([[*stick.seals[:number], forge(giver.ledger.signer, stick.seals[number]), *stick.seals[number + 1:]]
                       for forge in forging.FORGERIES])


def _lose(world: World) -> None:
    if world.drawer:
        world.drawer.remove(world.chance.choice(world.drawer))


def _copy(world: World) -> None:
    """Somebody copies a ledger away."""
    station = world.chance.choice(world.files())
    world.made += 1
    folder = world.folder / f"copy{world.made}"
    world.copies.append((station, folder, station.copied(folder)))


def _put_back(world: World) -> None:
    """A PC is put back to an old copy and goes on as if nothing had been."""
    if world.copies:
        station, folder, told = world.chance.choice(world.copies)
        station.put_back(folder, told)


STEPS: dict[Callable[[World], None], int] = {_write: 30, _officer: 6, _several: 4, _disagree: 9, _answer: 7, _change_of_mind: 5, _undo: 11, _redo: 4, _erase: 2, _hand_over: 34, _close: 8,
                                             _to_drawer: 8, _late: 14, _lose: 3, _copy: 2, _put_back: 2,
                                             _forged: 3}


def live(stage: Stage, kind: str, seed: int, length: int = 50) -> int:
    """One history; returns how many steps it took. Raises AssertionError with its steps."""
    world = stage.begun(kind, seed)
    try:
        if world.chance.random() < 0.7:
            _common_ground(world)
        for step in world.chance.choices([*STEPS], [*STEPS.values()], k=world.chance.randint(5, length)):
            world.steps.append(step.__name__[1:])
            world.now[0] += world.chance.choice(world.pace)
            step(world)
        settle(world)
    except (AssertionError, Mistake, KeyError, sa.exc.SQLAlchemyError) as wrong:
        raise AssertionError(f"{kind}, seed {seed}: {type(wrong).__name__} {wrong}; steps: {' '.join(world.steps)}") from wrong
    return len(world.steps)


def settle(world: World) -> None:
    """Everybody meets everybody through the last station, and equals the fold of what he may hold."""
    hub = world.stations[-1]
    for giver, taker in [(s, hub) for s in world.stations[:-1]] + [(hub, s) for s in world.stations[:-1]]:
        scopes = tuple(s for s in giver.scopes if s in taker.scopes)
        taker.takes(giver.gives(scopes, [h for ids in taker.ledger.heads().values() for h in ids]))
    for station in world.stations:
        station.close_seals()
    chosen = world.chance.choice(world.stations)
    for station in world.stations:
        station.prove(thoroughly=station is chosen)
    for scope in {s for station in world.stations for s in station.scopes}:
        told: list[dict[bytes, Told]] = [s.rows(scope) for s in world.stations if scope in s.scopes]
        assert all(t == told[0] for t in told), "somebody lacks what was accepted"
        assert len({s.ledger.digest(scope) for s in world.stations if scope in s.scopes}) == 1, "digests differ"


def run(seconds: float) -> list[Row]:
    """Histories of every kind of world until the time is over."""
    rows = list[Row]()
    with postgres.server() as server, tempfile.TemporaryDirectory(dir=QUICK) as name, Stage(Path(name), server) as stage:
        for kind in stage.kinds():
            wrong, seed, steps, start = list[str](), 0, 0, time.monotonic()
            while time.monotonic() < start + seconds / len(stage.kinds()):
                seed += 1
                try:
                    steps += live(stage, kind, seed)
                except AssertionError as error:
                    wrong.append(str(error))
            rate = seed / (time.monotonic() - start)
            rows.append(Row(f"meetings, {kind}: random histories against the oracle", seed, len(wrong),
                            "; ".join(wrong)[:800] or f"{steps} steps, {rate:.1f} histories/s"))
    return rows
