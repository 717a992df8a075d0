"""How the search index is written: in the order of its row numbers, or FTS5 puts a segment on the disk at every step back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.ids import new_id
from gridapp.ledger import Acting, Ledger
from gridapp.records import Person, Tenancy
from tests import ledgers


@contextmanager
def watched(ledger: Ledger) -> Iterator[dict[str, list[list[int]]]]:
    """The row numbers of every statement that writes the index, by its first word."""
    seen: dict[str, list[list[int]]] = {"INSERT": [], "DELETE": []}

    def look(_connection: Any, _cursor: Any, statement: str, rows: list[tuple[int, ...]], *_told: Any) -> None:
        if statement.startswith(("INSERT INTO find(", "DELETE FROM find ")):
            seen[statement[:6]].append([row[0] for row in rows])

    sa.event.listen(ledger.home.engine, "before_cursor_execute", look)
    yield seen
    sa.event.remove(ledger.home.engine, "before_cursor_execute", look)


def settle(act: Acting, room: UUID, people: int) -> None:
    """Every second one lives in the room, the others nowhere."""
    told = act.add_many(Person, [{"id": new_id(), "name": f"彭{n}"} for n in range(people)])
    act.add_many(Tenancy, [{"person": person, "room": room, "start": ledgers.TODAY} for person in told[::2]])


def test_row_numbers_only_grow(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    with watched(ledger) as seen:
        ledger.do(settle, room, 50)
        ledger.undo()
    assert [len(rows) for rows in seen["INSERT"]] == [50] and max(map(len, seen["DELETE"])) == 100
    assert all(rows == sorted(rows) for rows in (*seen["INSERT"], *seen["DELETE"]))
