"""Where the bags of search tokens lie: an FTS5 table in the file, a column of tokens under a GIN index in the town's database.

A bag's place is (rank, row number of its record); asked, both give the places in the order of ranks, and in each the newest record first: the row
number is kept upside down. FTS5 knows one number a row: rank << SHIFT | row number upside down, always written in order, because it puts a segment on the disk at every one that is smaller than the last
(an import's share of it: 0.29 s out of order, 0.07 s in order).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from gridapp.ledger.bulk import on_hub
from gridapp.ledger.tokens import Tier

SHIFT = 40
LOW = (1 << SHIFT) - 1
#: the row number within a village: on a hub the village's number stands above it (hubtables.SHIFT)
_WITHIN = (1 << 32) - 1
#: prefixes of four characters: of a million people "QHY012345 101" took 57 ms without them; they are a seventh of the index
_FIND = "CREATE VIRTUAL TABLE find USING fts5(t, content='', contentless_delete=1, detail=none, prefix='2 3 4', tokenize='ascii')"
Place = tuple[int, int]


def _turned(seq: int) -> int:
    """A row number upside down, and back again; a village's number above it (on a hub) stays."""
    return seq ^ _WITHIN


def put(session: Session, bags: Mapping[Place, Iterable[str]]) -> None:
    """Write new bags."""
    ordered = sorted(((rank, _turned(seq)), bag) for (rank, seq), bag in bags.items())
    if not ordered:
        return
    if on_hub(session):
        from gridapp.ledger import hubbulk

        hubbulk.put_bags(session, ordered)
        return
    session.connection().exec_driver_sql("INSERT INTO find(rowid, t) VALUES (?, ?)",
                                         [(rank << SHIFT | turned, " ".join(bag)) for (rank, turned), bag in ordered])


def drop(session: Session, ranks: Sequence[int], seqs: Iterable[int]) -> None:
    """Take the bags of these records away, whichever of the ranks they have."""
    ordered = sorted(map(_turned, seqs))
    if not ordered:
        return
    if on_hub(session):
        session.connection().exec_driver_sql("DELETE FROM find WHERE rank = ANY(%s) AND seq = ANY(%s)", (list(ranks), ordered))
        return
    session.connection().exec_driver_sql("DELETE FROM find WHERE rowid = ?", [(rank << SHIFT | turned,) for rank in ranks for turned in ordered])


def newest(session: Session, ranks: Sequence[int]) -> int | None:
    """The greatest row number among these bags: what was born later cannot be there. Not asked on a hub, where every village counts for itself."""
    if on_hub(session):
        return None
    asked = "SELECT rowid FROM find WHERE rowid >= ? AND rowid < ? ORDER BY rowid LIMIT 1"
    found = [session.connection().exec_driver_sql(asked, (rank << SHIFT, rank + 1 << SHIFT)).scalar() for rank in ranks]
    return max((_turned(rowid & LOW) for rowid in found if rowid is not None), default=0)


def clear(session: Session) -> None:
    """Take all bags away; `rest` must follow when the new ones are there."""
    if on_hub(session) and _ours(session):
        session.connection().exec_driver_sql("DROP INDEX IF EXISTS ix_find_doc")
    for statement in ("DELETE FROM find",) if on_hub(session) else ("DROP TABLE find", _FIND):
        session.connection().exec_driver_sql(statement)


def rest(session: Session) -> None:
    """All bags are there: on a hub the index over them is made in one go, a tenth of the time it takes token by token."""
    if on_hub(session) and _ours(session):
        session.connection().exec_driver_sql("CREATE INDEX IF NOT EXISTS ix_find_doc ON find USING gin (doc) WITH (fastupdate = off)")


def _ours(session: Session) -> bool:
    """Only the owner of the tables may take an index away and make it again."""
    return bool(session.connection().exec_driver_sql(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'find'::regclass").scalar_one())


def match(tiers: Iterable[Tier]) -> str:
    """Tiers as one FTS5 expression. Tokens hold letters, digits and non-ASCII only, so nothing in them is an operator."""
    return " OR ".join("(" + " AND ".join(f'"{t}"{" *" if prefix else ""}' for t, prefix in way) + ")"
                       for tier in tiers for way in tier.ways)


def _as_tsquery(question: str) -> str:
    """The same question in PostgreSQL's words."""
    return question.replace('" *', "':*").replace('"', "'").replace(" AND ", " & ").replace(" OR ", " | ")


def places(session: Session, question: str, limit: int) -> list[Place]:
    """The first places whose bags answer to an FTS5 expression, in order."""
    if on_hub(session):
        asked = session.connection().exec_driver_sql("SELECT rank, seq FROM found(%s::tsquery, %s)", (_as_tsquery(question), limit))
        return [(rank, _turned(turned)) for rank, turned in asked]
    rows = session.connection().exec_driver_sql("SELECT rowid FROM find WHERE find MATCH ? ORDER BY rowid LIMIT ?", (question, limit))
    return [(rowid >> SHIFT, _turned(rowid & LOW)) for (rowid,) in rows]
