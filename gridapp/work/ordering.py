"""The order of a list (排序): by the column an officer chose, and how all its rows stand, so that any page of it is found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gridapp.fields import codes
from gridapp.ledger import Reader

#: hexadecimal digits of a row number in an arrangement
WIDTH = 16
#: column → what it sorts by, several things one after another
Key = sa.SQLColumnExpression[Any]
Keys = Mapping[str, Sequence[Key | partial[Any]]]


def order(sort: str, keys: Keys, usual: Sequence[Any], last: sa.SQLColumnExpression[Any]) -> list[Any]:
    """ORDER BY for 'name' (upwards), '-name' (downwards) or '' (as the list usually stands); `last` decides between equals.

    Nothing comes before something, as in an index of the file; a column nobody knows (remembered by another version) is as good as none.
    """
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name not in keys:
        return list(usual)
    told = [key() if isinstance(key, partial) else key for key in keys[name]]
    return [key.desc().nulls_last() if down else key.asc().nulls_first() for key in (*told, last)]


def by_code(table: str, column: Key) -> partial[Key]:
    """Codes in the order their table tells them at the time (轻微 before 严重): a county may publish another."""
    return partial(_places, table, column)


def _places(table: str, column: Key) -> Key:
    places = {row.code: place for place, row in enumerate(codes.table(table).rows, 1)}
    return sa.case(places, value=column, else_=sa.case((sa.func.coalesce(column, "") == "", 0), else_=len(places) + 1))


def page(asked: sa.Select[*tuple[Any, ...]], read: Reader, seq: sa.SQLColumnExpression[int], ordered: Sequence[Any], offset: int, limit: int,
         seqs: Sequence[int] | None, apart: bool = False) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """A page of a list: from a row on, or those with these row numbers. A page far down is quick by its numbers alone: whoever counts to it reads all before.

    `apart`: which rows they are is asked first, what is reckoned for each (how many live there) for those alone: sorted by owner 40,000 houses took 300 ms.
    """
    if seqs is None and apart:
        seqs = [row.no for row in read.rows(asked.with_only_columns(seq.label("no")).order_by(*ordered).offset(offset).limit(limit))]
    if seqs is None:
        return read.rows(asked.order_by(*ordered).offset(offset).limit(limit))
    place = {number: place for place, number in enumerate(seqs)}
    return sorted(read.rows(asked.where(seq.in_(seqs))), key=lambda row: place[row.seq])


def one_after_another(parts: Sequence[sa.Select[*tuple[Any, ...]]], read: Reader, limit: int) -> list[sa.Row[Any]]:
    """The first rows of several questions in turn; the later ones are asked only while there are too few."""
    found = list[sa.Row[Any]]()
    for part in parts:
        if len(found) < limit:
            found += read.rows(part.limit(limit - len(found)))
    return found


def by_codes(asked: sa.Select[*tuple[Any, ...]], read: Reader, table: str, column: sa.SQLColumnExpression[str | None], last: sa.SQLColumnExpression[int],
             down: bool, limit: int) -> list[sa.Row[Any]]:
    """The first rows in the order of `by_code`, code by code: of a column with an index (its codes, then `last`) without looking at every row."""
    places = {row.code: place for place, row in enumerate(codes.table(table).rows, 1)}
    groups: dict[int, list[str]] = {}
    code = read.scalar(sa.select(sa.func.min(column)))
    while code is not None:
        groups.setdefault(places.get(code, len(places) + 1) if code else 0, []).append(code)
        code = read.scalar(sa.select(sa.func.min(column)).where(column > code))
    parts = [asked.where(sa.or_(column.is_(None), column == "") if not place and place in groups else column.in_(groups[place]) if place else column.is_(None))
             for place in sorted({0, *groups}, reverse=down)]
    return one_after_another([part.order_by(last.desc() if down else last) for part in parts], read, limit)


def arranged(asked: sa.Select[*tuple[Any, ...]], read: Reader, seq: sa.SQLColumnExpression[int], ordered: Sequence[Any]) -> str:
    """How a whole list stands: the row numbers of everything in it, 16 hexadecimal digits each, in one text that is cut and never read as a whole.

    A million rows are 16 MB and no object each: handed out as numbers they held up the window (storage.md: 50,000 rows, up to 112 ms).
    It is how the list stood when it was asked for. While it is paged through nothing comes twice and nothing is left out, whatever changes meanwhile:
    a changed row stands where it stood, one that came is seen and one that went is missed when the list is asked for anew.
    """
    told = asked.with_only_columns(seq.label("no")).order_by(*ordered).subquery()
    return read.scalar(sa.select(_InOne(told.c.no)).select_from(told)) or ""


class _InOne(FunctionElement[str]):
    """Row numbers in the order a sub-select tells them, as one text; both databases read it in that order."""

    type, name, inherit_cache = sa.Text(), "in_one", True


@compiles(_InOne)
def _in_file(element: _InOne, compiler: SQLCompiler, **told: Any) -> str:
    return f"group_concat(printf('%0{WIDTH}x', {compiler.process(element.clauses, **told)}), '')"


@compiles(_InOne, "postgresql")
def _in_town(element: _InOne, compiler: SQLCompiler, **told: Any) -> str:
    return f"string_agg(lpad(to_hex({compiler.process(element.clauses, **told)}), {WIDTH}, '0'), '')"


def numbers(arrangement: str, offset: int, limit: int) -> list[int]:
    """The row numbers of a page."""
    return list(_numbers(arrangement[offset * WIDTH:(offset + limit) * WIDTH]))


def _numbers(some: str) -> Iterator[int]:
    return (int(some[start:start + WIDTH], 16) for start in range(0, len(some), WIDTH))


def length(arrangement: str) -> int:
    """How many rows."""
    return len(arrangement) // WIDTH
