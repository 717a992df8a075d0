"""Random histories: an officer's acts with undo and redo between them, against a model that only remembers states.

Seeded: a history that goes wrong is told by its seed and its steps, and can be lived again.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.ledger import Done, Ledger
from gridapp.ledger.undo import AlreadyUndone, ChangedSince, NothingToRedo, UsedSince
from gridapp.records import Person
from gridapp.work import hazards, houses, invent, patrols, people, tenancies
from tests import ledgers
from tests.faults.rows import Row

WORDS = ("世雅铸造厂", "欧圣门业", None, "“引号”＆<标签>", "𠮷野家")


@dataclass
class Past:
    """One act that stands: the state before and after it."""

    act: UUID
    before: str
    after: str


@dataclass
class Life:
    """A ledger, what it should be after undo and redo, and the steps so far."""

    ledger: Ledger
    chance: random.Random
    past: list[Past] = field(default_factory=list)
    future: list[Past] = field(default_factory=list)
    houses: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    refused: int = 0

    def act(self, verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """Do it; a refusal must leave nothing, an act that changes nothing must not be told as one."""
        before = self.ledger.digest()
        try:
            done: Done[Any] = self.ledger.do(verb, *args, **values)
        except Mistake:
            self.refused += 1
            assert self.ledger.digest() == before, "a refused act left something"
            return None
        after = self.ledger.digest()
        assert (done.act is None) == (after == before), "an act is told where nothing changed, or the other way round"
        if done.act is not None:
            self.past.append(Past(done.act, before, after))
            self.future.clear()
        return done.result


def _house(life: Life) -> None:
    born = life.act(houses.register_house, houses.numbered(1, 3), house_no=f"H{life.chance.randrange(10**6)}", address="青后叶前街1号",
                    owner_name="张浩")
    life.houses += [born] * (born is not None)


def _person(life: Life) -> None:
    number, _birth = invent.number(life.chance, life.chance.choice(invent._counties()), ledgers.TODAY)
    born = life.act(people.register_person, name=life.chance.choice(("彭兵", "吴丽", "阿卜杜拉·买买提")), id_no=number)
    life.people += [born] * (born is not None)


def _correct(life: Life) -> None:
    """One field, with its story: old and new as the officer reads them."""
    if not life.people:
        return
    person, name = life.chance.choice(life.people), life.chance.choice(("workplace", "phone", "marital", "arrived_on", "permit"))
    values: dict[str, list[Any]] = {"workplace": [*WORDS], "phone": ["13800001111", "13800002222", None], "marital": ["10", "20", None],
                                    "arrived_on": [ledgers.TODAY, ledgers.TODAY - timedelta(400), None], "permit": [True, False, None]}
    new = life.chance.choice(values[name])
    try:
        old = getattr(ledgers.whole(life.ledger, person), name)
    except Mistake:
        old = new
    acts = len(life.past)
    life.act(people.correct_person, person, **{name: new})
    if len(life.past) > acts:
        told, step = fields_of(Person)[name], life.ledger.history(person)[-1]
        assert [(c.field, c.old, c.new) for c in step.changes] == [(name, told.words(old), told.words(new))], "the story differs"


def _move(life: Life) -> None:
    if not life.people or not life.houses:
        return
    person = life.chance.choice(life.people)
    rooms = ledgers.rooms_of(life.ledger, house) if (house := _there(life)) else []
    stay = life.ledger.ask(tenancies.open_stay, person)
    if stay is None and rooms:
        life.act(tenancies.move_in, person, life.chance.choice(rooms), ledgers.TODAY)
    elif stay is not None and rooms and life.chance.random() < 0.5:
        life.act(tenancies.change_room, person, life.chance.choice(rooms), ledgers.TODAY)
    elif stay is not None:
        life.act(tenancies.move_out, stay.id, ledgers.TODAY - timedelta(life.chance.choice((-1, 0, 1))))


def _there(life: Life) -> UUID | None:
    house = life.chance.choice(life.houses)
    try:
        life.ledger.ask(houses.house_card, house)
    except Mistake:
        return None
    return house


def _close(life: Life) -> None:
    if life.people:
        person = life.chance.choice(life.people)
        life.act(*life.chance.choice(((people.close_person, person, ledgers.TODAY, "1"), (people.reopen_person, person))))


def _patrol(life: Life) -> None:
    life.act(patrols.log_patrol, [{"place": "祠堂路1号", "problem": "楼道堆物", "hazard": life.chance.random() < 0.7}], day=ledgers.TODAY,
             start="20:00", people="王建国")
    open_ones = life.ledger.ask(hazards.list_hazards)
    if open_ones:
        life.act(hazards.serve_notice, life.chance.choice(open_ones).id, ledgers.TODAY + timedelta(7))


def _undo(life: Life) -> None:
    if not life.past:
        return
    last = life.past.pop()
    life.ledger.undo()
    assert life.ledger.digest() == last.before, "undo did not bring the state of before"
    life.future.append(last)


def _redo(life: Life) -> None:
    if not life.future:
        _refuses(life, life.ledger.redo, NothingToRedo)
        return
    back = life.future.pop()
    life.ledger.redo()
    assert life.ledger.digest() == back.after, "redo did not bring the state of after"
    life.past.append(back)


def _undo_old(life: Life) -> None:
    """An older act, and the undoing of that undo; where something newer stands on it, a refusal."""
    if not life.past:
        return
    before, chosen = life.ledger.digest(), life.chance.choice(life.past)
    try:
        done = life.ledger.undo(chosen.act)
    except (ChangedSince, UsedSince):
        life.refused += 1
        assert life.ledger.digest() == before and chosen is not life.past[-1], "the newest act must be undoable"
        return
    _refuses(life, lambda: life.ledger.undo(chosen.act), AlreadyUndone)
    assert done.act is not None
    life.ledger.undo(done.act)
    assert life.ledger.digest() == before, "undoing the undo did not bring the state back"


def _seal(life: Life) -> None:
    life.ledger.close_seal()


def _rebuild(life: Life) -> None:
    before, hits = life.ledger.digest(), life.ledger.search("彭兵", 5)
    life.ledger.rebuild()
    assert life.ledger.digest() == before and len(life.ledger.search("彭兵", 5)) == len(hits), "rebuilding changed something"


def _refuses(life: Life, door: Callable[[], Any], kind: type[Mistake]) -> None:
    before = life.ledger.digest()
    try:
        door()
    except kind:
        assert life.ledger.digest() == before
        return
    raise AssertionError(f"not refused with {kind.__name__}")


STEPS: dict[Callable[[Life], None], int] = {
    _house: 3, _person: 6, _correct: 10, _move: 8, _close: 3, _patrol: 2, _undo: 10, _redo: 8, _undo_old: 5, _seal: 1, _rebuild: 1}


def live(path: Path, seed: int, length: int = 60) -> Life:
    """One history; raises AssertionError with its steps."""
    with ledgers.reopen(path) as ledger:
        life = Life(ledger, random.Random(seed))
        for step in life.chance.choices([*STEPS], [*STEPS.values()], k=length):
            life.steps.append(step.__name__[1:])
            try:
                step(life)
            except AssertionError as wrong:
                raise AssertionError(f"seed {seed}: {wrong}; steps: {' '.join(life.steps)}") from wrong
        faults = ledger.verify().faults
        assert faults == (), f"seed {seed}: {faults}"
        while life.past:
            _undo(life)
    return life


def run(seconds: float) -> list[Row]:
    """Histories of every seed until the time is over."""
    wrong, seed, steps, end = list[str](), 0, 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.grid"
        ledgers.begin(first).close()
        while time.monotonic() < end:
            seed += 1
            try:
                steps += len(live(ledgers.copy(first, Path(folder) / f"{seed}.grid"), seed).steps)
            except AssertionError as error:
                wrong.append(str(error))
    return [Row("random histories with undo and redo against the model", seed, len(wrong), "; ".join(wrong)[:500] or f"{steps} steps")]
