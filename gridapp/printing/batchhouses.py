"""The houses of a batch: which they are, and what a paper says of each, some of them asked for at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from gridapp.ledger import PRINT, Ledger, Reader, gated, needs
from gridapp.printing import press
from gridapp.printing.batchstate import Item
from gridapp.printing.chunks import AT_ONCE
from gridapp.printing.papers import Paper
from gridapp.printing.papers.office import Wish
from gridapp.texts import _
from gridapp.work import officers, registers, village
from gridapp.work.figures import villages


@dataclass(frozen=True)
class Where:
    """Of which houses: of a town one village by its scope (else all), of a village one grid (else all)."""

    scope: str | None = None
    grid: UUID | None = None


@needs(PRINT)
def ranges(read: Reader) -> list[tuple[str, Where]]:
    """What a batch can be of: everything that is looked at first, then each grid of a village, each village of a town."""
    here = villages(read)
    if village.is_town(read) and len(here) > 1:
        return [(_("全镇"), Where()), *((name, Where(scope)) for scope, name in here.items())]
    found = officers.grids(read)
    return [(_("全村"), Where()), *((name, Where(grid=key)) for key, name in found if len(found) > 1)]


@gated(PRINT)
def values_of(ledger: Ledger, chosen: Paper, items: Sequence[Item]) -> Iterator[tuple[Item, object | None]]:
    """Each house's values, some houses at a time, each village from its own desk; None for a house that was taken back."""
    for scope, there in groupby(items, lambda item: item.scope):
        told = list(there)
        for start in range(0, len(told), AT_ONCE):
            some = told[start:start + AT_ONCE]
            with standing_in(ledger, scope):
                values = ledger.ask(_gathered, chosen.number, [item.id for item in some])
            yield from ((item, values.get(item.id)) for item in some)


@needs(PRINT)
def _gathered(read: Reader, number: str, keys: Sequence[UUID]) -> dict[UUID, object]:
    chosen = press.paper(number)
    if chosen.each is not None:
        return dict(chosen.each(read, keys))
    here = registers.numbers_of(read, keys)
    return {key: chosen.gather(read, Wish(house=here[key]) if chosen.by == "house" else Wish(record=key)) for key in keys if key in here}


@gated(PRINT)
def items(ledger: Ledger, where: Where) -> Iterator[Item]:
    """The houses that are let there, village by village."""
    for scope in _scopes(ledger, where.scope):
        with standing_in(ledger, scope):
            desk = ledger.ask(village.desk)
            for key, number in ledger.ask(registers.let_houses, where.grid):
                yield Item(scope or "", key, f"{desk.village} {number}" if scope else number)


def _scopes(ledger: Ledger, scope: str | None) -> list[str | None]:
    if not ledger.scope.startswith("t:"):
        return [None]
    wanted = scope or ledger.working
    return [wanted] if wanted else [name for name in ledger.scopes() if name.startswith("v:")]


@gated(PRINT)
@contextmanager
def standing_in(ledger: Ledger, scope: str | None) -> Iterator[None]:
    """Look into one village of a town for a moment."""
    if not scope:
        yield
        return
    before = ledger.working
    ledger.work_in(scope)
    try:
        yield
    finally:
        ledger.working = before
