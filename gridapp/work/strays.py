"""Strays: what somebody wrote on a registration after it had been merged into another, not knowing of it; none of it is lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gridapp.fields.field import by_tag
from gridapp.fields.kinds import Cbor
from gridapp.ledger import LOOK, REVIEW, Acting, Reader, needs, verb
from gridapp.ledger.questions import registers_of, words
from gridapp.ledger.registers import UNIVERSAL
from gridapp.ledger.writes import graph_of, put_down, writes_of
from gridapp.records import Person
from gridapp.texts import N_
from gridapp.work import aliases

INTO = 101


@dataclass(frozen=True)
class Stray:
    """One field: what was written on the merged registration (`value`, `said`), what the person shows (`now`), and when.

    `plain`: the person has nothing there, or what the writer had before them: it can be carried over without asking.
    """

    away: UUID
    person: UUID
    label: str
    field: str
    field_label: str
    value: Any
    said: str
    now: str
    at: datetime
    plain: bool


@needs(LOOK)
def strays(read: Reader, scope: int | None = None) -> list[Stray]:
    """Everything written on merged people that the ones standing for them do not show."""
    merged, graph, known, found = aliases.away(read, Person, scope), graph_of(read), by_tag(Person), list[Stray]()
    for away in merged:
        record, person = read.find(Person, away), read.find(Person, aliases.root(read, Person, away))
        told = registers_of(record) if record is not None else None
        into = told.stamp(INTO) if told is not None else None
        if record is None or told is None or into is None or person is None or person.id == away:
            continue
        late = {tag: stamp for tag, stamp in told.stamps() if tag < UNIVERSAL and told.stamp(tag) == stamp and not graph.saw(into, stamp)}
        shown = {tag: known[tag].kind.dump(getattr(person, known[tag].name)) for tag in late}
        for tag in sorted(t for t in late if shown[t] != told.values.get(t)):
            before = _before(read, away, tag, into)
            at = next(w.at for w in writes_of(read, Person, [away])[away] if w.stamp == late[tag])
            value = told.values.get(tag)
            found.append(Stray(away, person.id, person.label(), known[tag].name, known[tag].label, known[tag].kind.load(value),
                               words(read, Person, tag, value), words(read, Person, tag, shown[tag]), at, shown[tag] in (None, before)))
    return found


def _before(read: Reader, away: UUID, tag: int, into: tuple[int, int]) -> Cbor:
    """What the field said when the registration was merged."""
    graph = graph_of(read)
    seen = [w for w in writes_of(read, Person, [away])[away] if tag in w.values and graph.saw(into, w.stamp)]
    return max(seen, key=lambda w: graph.rank(w.stamp)).values[tag] if seen else None


@verb(N_("转到合并后的人员"), REVIEW)
def carry_over(act: Acting, away: UUID, fields: Collection[str] = ()) -> UUID:
    """Decide all strays of a merged registration: these fields go to the person who stands for it, the others stay as the person shows them.

    Returns the person. Raises Gone.
    """
    return carry(act, away, fields, confirm=True)


@needs(REVIEW)
def carry(act: Acting, away: UUID, fields: Collection[str], confirm: bool) -> UUID:
    """`confirm`: the merge is written again by somebody who knew what had been written, so that nothing of it is a stray any more."""
    record, chain = act.get(Person, away), aliases.chain(act, Person, away)
    if fields:
        put_down(act, Person, {chain[-1]: {name: getattr(record, name) for name in fields}})
    if confirm and len(chain) > 1:
        put_down(act, Person, {away: {"into": chain[1]}})
    return chain[-1]
