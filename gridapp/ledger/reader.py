"""Reading the ledger, and acting on it: a Reader has no `add`; an Acting has, and everything it does is journalled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mark, Mistake
from gridapp.fields.field import Field, fields_of
from gridapp.fields.ids import new_id
from gridapp.fields.kinds import Kind
from gridapp.ledger import capture, meanwhile, viewing
from gridapp.ledger.capture import Taken
from gridapp.ledger.looks import Written
from gridapp.ledger.watching import Watching
from gridapp.records import Record
from gridapp.texts import _

R = TypeVar("R", bound=Record)


class Refused(Mistake):
    """The record breaks a rule; the marks say which field and why."""

    def __init__(self, title: str, marks: Iterable[Mark]) -> None:
        marks = tuple(marks)
        first = next(m for m in marks if m.level == "block")
        super().__init__(_("{0}没有保存：{1}").format(title, first.text), marks)


class Gone(Mistake):
    """The record asked for is not (or no longer) there."""

    def __init__(self) -> None:
        super().__init__(_("没有找到这条记录，可能已被撤销。请刷新列表后再试。"))


@cache
def _remarkable(entity: type[Record]) -> list[tuple[str, Field]]:
    """The fields there may be something to say about: those that must be filled, and kinds with an opinion (8 of a person's 40)."""
    return [(n, f) for n, f in fields_of(entity).items() if f.required or type(f.kind).remarks is not Kind.remarks]


def marks_of(record: Record, today: date) -> list[Mark]:
    """Everything there is to say about a record before it is saved: missing fields, odd values, broken rules."""
    marks, loaded = [], record.__dict__
    for name, told in _remarkable(type(record)):
        value = loaded[name] if name in loaded else getattr(record, name)
        if value is not None and value != "":
            marks += [Mark(name, m.level, m.code, m.text) for m in told.kind.remarks(value)]
        elif told.required:
            marks.append(Mark(name, "block", f"no-{name}", _("请填写{0}。").format(told.label)))
    return marks + list(record.check(today))


class Reader:
    """One consistent view of the ledger. Records it hands out are detached when it closes."""

    def __init__(self, session: Session, today: date, officer: int) -> None:
        self._session, self.today, self.officer = session, today, officer
        #: who writes down what is looked at; None: an act, which is written down itself, or the program at its own work
        self._watch: Watching | None = None

    # -- what is written down (R4); raises what writing raises, and then nothing is shown

    def opened(self, record: Record) -> None:
        """All of this record is about to be shown."""
        if self._watch is not None:
            self._watch.opened(record.__tablename__, record.id)

    def sought(self, number: str) -> None:
        """Somebody looks for this number."""
        if self._watch is not None:
            self._watch.sought(number)

    def audited(self) -> None:
        """Somebody reads the audit."""
        if self._watch is not None:
            self._watch.audited()

    def mark(self, what: str, record: UUID | None = None, field: str | None = None, why: str | None = None) -> Written | None:
        """Something else is about to be shown, printed or exported; its number and anchor."""
        return self._watch.mark(what, record, None, field, why) if self._watch is not None else None

    def rows(self, asked: sa.Select[*tuple[Any, ...]]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        """Plain rows of a SELECT."""
        return self._session.execute(asked).all()

    def records(self, asked: sa.Select[R]) -> list[R]:
        """Records of a SELECT over one entity, withdrawn births (已撤销) included unless asked otherwise."""
        return list(self._session.scalars(asked))

    def scalar(self, asked: sa.Select[Any]) -> Any:
        return self._session.scalar(asked)

    @contextmanager
    def every_grid(self) -> Iterator[None]:
        """Look beyond the officer's own grid: whoever has the whole ID number in hand, or needs a house number nobody has."""
        told = self._session.info
        before = told.get(viewing.EVERY_GRID, False)
        told[viewing.EVERY_GRID] = True
        try:
            yield
        finally:
            told[viewing.EVERY_GRID] = before

    def find(self, entity: type[R], record_id: UUID | None) -> R | None:
        """The record with this id, None when there is none or its registration was taken back."""
        if record_id is None:
            return None
        found = self._session.scalar(sa.select(entity).where(entity.id == record_id))
        return None if found is None or found.deleted else found

    def get(self, entity: type[R], record_id: UUID) -> R:
        """The record with this id. Raises Gone."""
        found = self.find(entity, record_id)
        if found is None:
            raise Gone
        return found

    def one(self, asked: sa.Select[R]) -> R | None:
        """The first record of a SELECT, or None."""
        return self._session.scalars(asked.limit(1)).first()


class Acting(Reader):
    """What a verb gets as its first parameter: reads as a Reader, and writes inside one transaction."""

    def __init__(self, session: Session, today: date, officer: int, taken: Taken) -> None:
        super().__init__(session, today, officer)
        self._taken = taken
        self.marks: list[Mark] = []
        self.undoes: UUID | None = None
        self.act_id: UUID | None = None
        #: told how many records have just been put into the search index when the act ends; may raise to stop it all
        self.on_indexed: Callable[[int], None] = lambda _records: None

    def find(self, entity: type[R], record_id: UUID | None) -> R | None:
        """The same; where several scopes hold a record under one id, that of the scope acted in."""
        if record_id is None:
            return None
        found = self._session.scalars(sa.select(entity).where(entity.id == record_id)).all()
        own = next((r for r in found if r.scope == self._taken.scope.no), None) or next(iter(found), None)
        return None if own is None or own.deleted else own

    def add(self, record: R) -> R:
        """Register a new record. Raises Refused when a rule blocks it; warnings are collected in `marks`."""
        self.check(record)
        self._session.add(record)
        return record

    def change(self, record: R, *, seen: bytes | None = None, **values: Any) -> R:
        """Set fields of a record that was read in this act. Raises Refused.

        `seen` is the version (`ver`) of the row the officer's form was loaded with: a field of `values` that was changed
        since then raises ChangedMeanwhile.
        """
        if seen is not None:
            meanwhile.refuse_if_changed(self._session, record, seen, values)
        for name, value in values.items():
            if name not in fields_of(type(record)):
                raise AttributeError(f"{type(record).__name__} has no field {name}")
            if getattr(record, name) != value:
                setattr(record, name, value)
        self.check(record)
        return record

    def check(self, record: Record) -> None:
        with self._session.no_autoflush:
            marks = marks_of(record, self.today)
        if any(m.level == "block" for m in marks):
            raise Refused(record.TITLE, marks)
        self.marks += marks

    def erase(self, record: Record, basis: str) -> None:
        """Erase a record by law, here and wherever the journal goes; it cannot be taken back. `basis` is the legal ground."""
        self._session.flush()
        self._taken.erase(type(record), record.id, basis)
        self._session.expunge(record)

    def add_many(self, entity: type[Record], rows: list[dict[str, Any]]) -> list[UUID]:
        """Register many records of one entity from field values already checked; returns their ids."""
        self._session.flush()
        rows = [row if "id" in row else row | {"id": new_id()} for row in rows]
        capture.bear_many(self._session, self._taken, entity, rows)
        return [row["id"] for row in rows]
