"""Looking at one village of many: a town's ledger holds thirty-five registers, and every question and rule is about one of them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from gridapp.ledger.tables import SCOPE
from gridapp.records import Record


def visible(session: Session, scope: str | None) -> tuple[int, ...]:
    """Numbers of the scopes seen when working in one register: itself and all that are no register. () where nothing is hidden."""
    if scope is None:
        return ()
    numbers = {row.name: row.no for row in session.execute(sa.select(SCOPE.c.name, SCOPE.c.no))}
    if scope not in numbers or sum(name.startswith("v:") for name in numbers) < 2:
        return ()
    return tuple(sorted(no for name, no in numbers.items() if name == scope or not name.startswith("v:")))


def limit(session: Session, scope: str | None) -> None:
    """Every SELECT of records through this session sees only what `visible` tells."""
    numbers = visible(session, scope)
    if numbers:
        sa.event.listen(session, "do_orm_execute", lambda state: _add(state, numbers))


def _add(state: ORMExecuteState, numbers: Collection[int]) -> None:
    if state.is_select:
        state.statement = state.statement.options(with_loader_criteria(Record, lambda cls: cls.scope.in_(numbers), include_aliases=True))
