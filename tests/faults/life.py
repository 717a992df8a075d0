"""A working day: acts of every kind in a loop, each told the moment it is saved; and what must be true of a ledger after a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake, Sorted
from gridapp.ledger import Acting, Ledger
from gridapp.records import Act, Person
from gridapp.work import houses, invent, people, tenancies
from tests import ledgers

FORM = "life"


def many(act: Acting, seed: int) -> int:
    """A small village in one act, as an import writes it."""
    return invent.invent(act, 60, seed)


def live(ledger: Ledger, chance: random.Random) -> Iterator[str]:
    """Work for ever; after each saved draft 'd 17', after each saved act 'a <id>'."""
    counties = invent._counties()
    drafts = max((int(d.values["n"]) for d in ledger.drafts()), default=0)
    while True:
        drafts += 1
        ledger.keep_draft(FORM, {"n": str(drafts), "name": "写到一半"})
        yield f"d {drafts}"
        number, _birth = invent.number(chance, chance.choice(counties), ledger.today)
        yield f"a {_one(ledger, chance, number)}"


def _one(ledger: Ledger, chance: random.Random, number: str) -> UUID | None:
    """One act of some kind; None when the day had nothing to undo or redo."""
    try:
        kind = chance.choice(("person", "person", "tenant", "house", "phone", "undo", "redo", "seal", "many"))
        if kind == "undo":
            return ledger.undo().act
        if kind == "redo":
            return ledger.redo().act
        if kind == "seal":
            ledger.close_seal()
        if kind == "many":
            return ledger.do(many, chance.randrange(10**9)).act
        if kind == "house":
            return ledger.do(houses.register_house, houses.numbered(6, 8), house_no=f"X{chance.randrange(10**9)}",
                             address="青后叶前街1号", owner_name="张浩", owner_phone="18957709790").act
        known = ledger.ask(lambda read: read.one(sa.select(Person).where(Person.deleted.is_not(True)).order_by(Person.seq.desc())))
        if kind == "phone" and known is not None:
            return ledger.do(people.correct_person, known.id, phone=f"138{chance.randrange(10**8):08d}").act
        return ledger.do(tenancies.register_tenant, None, None, name="彭兵", id_kind="111", id_no=number).act
    except Mistake:
        return None


class Told:
    """What was told as saved so far."""

    def __init__(self) -> None:
        self.acts: list[UUID] = []
        self.draft = 0

    def hear(self, line: str) -> None:
        kind, what = line.split()
        if kind == "d":
            self.draft = int(what)
        elif what != "None":
            self.acts.append(UUID(what))


def wrongs(path: Path, told: Told, *, exact: bool = True) -> list[str]:
    """What is lost or wrong in a ledger that was told to hold these acts; nothing when all is well.

    With `exact` there may be one more act than was told (it was saved, the telling was cut off), never more.
    """
    try:
        with ledgers.reopen(path) as ledger:
            found = ledger.ask(lambda read: [r.id for r in read.rows(sa.select(Act.id).order_by(Act.seq))])
            drafts = max((int(d.values["n"]) for d in ledger.drafts()), default=0)
            wrong = [f"verify: {fault}" for fault in ledger.verify().faults]
    except Sorted as failure:
        return [f"does not open: {type(failure).__name__}"]
    known = [a for a in found if a in set(told.acts)]
    wrong += ["an act is lost"] * (known != told.acts)
    wrong += ["an act nobody did"] * (exact and len(found) - 1 > len(told.acts) + 1)
    wrong += ["a draft is lost"] * (drafts not in (told.draft, told.draft + 1) if exact else drafts < told.draft)
    return wrong
