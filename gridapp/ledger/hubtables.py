"""The ledger's tables in the town's PostgreSQL: the same columns, many scopes beside each other, each role seeing its own on the server.

Made from the one metadata, so a column is declared once. What differs: text sorts by its bytes as in the file, row numbers carry the number of
their scope in the upper half (so the range of one scope is a range of every index), and row-level security stands before every table.
No trigger, sequence, advisory lock or LISTEN (docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

from gridapp.ledger.tables import DRAFT, ENTRY, LOOKS, SEAL
from gridapp.records import Record, Table

#: the scope of a role that works in the town's office: everything, and the office's own keys and notes
OFFICE = -1
#: the scope of a role that sees nothing but the letterbox
LETTERS = -2
#: row numbers and seal numbers = number of the scope << SHIFT | counter
SHIFT = 32
_CHOSEN = "nullif(current_setting('gridapp.scope', true), '')::bigint"
_MINE = "SELECT s.scope FROM station_scope s WHERE s.role = current_user"
#: where parcels lie for whoever reaches the database
LETTERBOX = "letterbox"
#: a village's row numbers: two bounds, so that an index finds them; every number there is when no village is chosen
_IN_CHOSEN = (f"seq >= coalesce({_CHOSEN} << {SHIFT}, 0) AND "
              f"seq < coalesce(({_CHOSEN} + 1) << {SHIFT}, 9223372036854775807)")


def _column(column: sa.Column[object]) -> sa.Column[object]:
    kind = sa.Text(collation="C") if isinstance(column.type, sa.String) else column.type
    return sa.Column(column.name, kind, nullable=column.nullable, autoincrement=False)


def is_record(table: sa.Table) -> bool:
    return any(entity.__table__ is table for entity in Record.__subclasses__())


def _table(given: sa.Table, meta: sa.MetaData) -> sa.Table:
    made = sa.Table(given.name, meta, *(_column(c) for c in given.columns))
    if is_record(given):
        made.append_constraint(sa.PrimaryKeyConstraint("seq", "scope"))
        made.append_constraint(sa.UniqueConstraint("id", "scope"))
        made.append_constraint(sa.CheckConstraint(f"seq >> {SHIFT} = scope", name=f"ck_{given.name}_seq"))
    else:
        if given is DRAFT:
            made.append_column(sa.Column("role", sa.Text(collation="C"), nullable=False, server_default=sa.text("current_user")))
        made.append_constraint(sa.PrimaryKeyConstraint(*(["role"] if given is DRAFT else []), *(c.name for c in given.primary_key)))
        for unique in (c for c in given.constraints if isinstance(c, sa.UniqueConstraint)):
            made.append_constraint(sa.UniqueConstraint(*(c.name for c in unique.columns)))
    for index in sorted(given.indexes, key=lambda i: str(i.name)):
        own = [c.name for c in index.columns]
        names = [*own, *(["seq"] if is_record(given) and "seq" not in own else [])]
        told = index.dialect_options["sqlite"]["where"]
        where = None if told is None else sa.text(str(told).replace("IS NOT 1", "IS NOT true"))  # a yes is no number here
        sa.Index(index.name, *(made.c[name] for name in names), postgresql_where=where)
    return made


def schema() -> sa.MetaData:
    """Every table of the hub, as PostgreSQL is told."""
    meta = sa.MetaData(naming_convention=Table.metadata.naming_convention)
    for given in Table.metadata.tables.values():
        _table(given, meta)
    sa.Table("keeper", meta, sa.Column("role", sa.Text(collation="C"), primary_key=True, server_default=sa.text("current_user")),
             sa.Column("told", sa.Text(collation="C"), nullable=False))
    sa.Table("station_scope", meta, sa.Column("role", sa.Text(collation="C"), primary_key=True),
             sa.Column("scope", sa.Integer, primary_key=True, autoincrement=False))
    sa.Table("picture", meta, sa.Column("name", sa.LargeBinary, primary_key=True), sa.Column("data", sa.LargeBinary, nullable=False))
    sa.Table("letterbox", meta, sa.Column("name", sa.Text(collation="C"), primary_key=True),
             sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False), sa.Column("total", sa.BigInteger, nullable=False),
             sa.Column("digest", sa.LargeBinary, nullable=False), sa.Column("data", sa.LargeBinary, nullable=False),
             sa.Column("role", sa.Text(collation="C"), nullable=False, server_default=sa.text("current_user")))
    find = sa.Table("find", meta, sa.Column("rank", sa.SmallInteger, primary_key=True, autoincrement=False),
                    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
                    sa.Column("scope", sa.Integer, primary_key=True, autoincrement=False), sa.Column("doc", TSVECTOR, nullable=False))
    sa.Index("ix_find_doc", find.c.doc, postgresql_using="gin", postgresql_with={"fastupdate": "off"})
    return meta


# ---------------------------------------------------------------- who sees what

def _numbered(table: sa.Table) -> str | None:
    """How a row tells the number of its scope; None for what belongs to the office as a whole."""
    if table.name in (SEAL.name, ENTRY.name):
        return f"(sid >> {SHIFT})::integer"
    if table.name == "scope":
        return "no"
    return "scope" if "scope" in table.c and isinstance(table.c.scope.type, sa.Integer) else None


def _policies(table: sa.Table, stations: str, office: str) -> Iterator[str]:
    """Row-level security of one table: what a role may see at all, and what it has chosen to see.

    The office has a policy of its own that says nothing: "mine or everything" in one would cost every question its index (70 times slower).
    """
    number = _numbered(table)
    yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"
    for name in ("of_the_station", "of_the_office", "of_the_choice"):
        yield f"DROP POLICY IF EXISTS {name} ON {table.name}"
    if table.name in ("station_scope", "keeper", DRAFT.name):
        only = "FOR SELECT " if table.name == "station_scope" else ""
        yield f"CREATE POLICY of_the_station ON {table.name} {only}TO {stations}, {office} USING (role = current_user)"
        return
    yield f"CREATE POLICY of_the_office ON {table.name} TO {office} USING (true)"
    if table.name == LETTERBOX:  # ciphertext: whoever may come reads it, and takes back what they put
        yield f"CREATE POLICY of_the_station ON {table.name} TO {stations} USING (true) WITH CHECK (role = current_user)"
        yield f"DROP POLICY IF EXISTS of_whoever_put_it ON {table.name}"
        yield f"CREATE POLICY of_whoever_put_it ON {table.name} AS RESTRICTIVE FOR DELETE TO {stations} USING (role = current_user)"
        return
    if number is not None:
        yield f"CREATE POLICY of_the_station ON {table.name} TO {stations} USING ({number} = ANY (ARRAY({_MINE})))"
    if "seq" in table.c and number == "scope":
        yield f"CREATE POLICY of_the_choice ON {table.name} AS RESTRICTIVE USING ({_IN_CHOSEN})"


def _finder(place: str) -> str:
    """The door to the index of tokens: PostgreSQL lets no `@@` near an index under row-level security, so this looks for the caller.

    Everything is named with its schema: a temporary table of the caller's must not stand in for one of ours.
    """
    mine = f"SELECT s.scope FROM {place}.station_scope s WHERE s.role = session_user"
    office = f"(session_user = current_user OR {OFFICE} IN ({mine}))"
    return f"""CREATE OR REPLACE FUNCTION {place}.found(asked tsquery, most integer) RETURNS TABLE (rank smallint, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT f.rank, f.seq FROM {place}.find f
WHERE f.doc @@ (SELECT CASE WHEN {_CHOSEN} IS NOT NULL THEN asked && ('v' || {_CHOSEN})::tsquery
                            WHEN {office} THEN asked
                            ELSE asked && (SELECT string_agg('v' || m.scope, '|')::tsquery FROM ({mine}) m) END)
  AND ((SELECT {office}) OR f.scope = ANY (ARRAY({mine})))
ORDER BY f.rank, f.seq LIMIT most $$"""


def guard(connection: sa.Connection) -> None:
    """Put row-level security before every table; again after every migration."""
    _set_policies(connection)
    place = connection.dialect.identifier_preparer.quote(str(connection.scalar(sa.select(sa.func.current_schema()))))
    connection.exec_driver_sql(_finder(place))
    connection.exec_driver_sql("REVOKE EXECUTE ON FUNCTION found(tsquery, integer) FROM PUBLIC")


def _set_policies(connection: sa.Connection) -> None:
    """Each role is named in the policies it falls under; the owner of the tables stands in both lists, so that none is empty."""
    rows = connection.exec_driver_sql("SELECT role, bool_or(scope = %s) FROM station_scope GROUP BY role ORDER BY role", (OFFICE,)).all()
    stations, office = (", ".join(["current_user", *(_quoted(connection, role) for role, of in rows if of is kind)]) for kind in (False, True))
    for table in schema().sorted_tables:
        for statement in _policies(table, stations, office):
            connection.exec_driver_sql(statement)


def begin(connection: sa.Connection, revision: str) -> None:
    """Make all tables in an empty database and say which revision they are; whoever does it owns them and sees everything."""
    schema().create_all(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
    connection.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    guard(connection)


def end(connection: sa.Connection) -> None:
    """Take away all tables of a hub that was never begun to be used."""
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS found(tsquery, integer)")
    for name in ("alembic_version", *schema().tables):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name} CASCADE")


# ---------------------------------------------------------------- roles

def make_role(connection: sa.Connection, role: str, password: str) -> None:
    """A role that may log in. The password goes to the server as its SCRAM verifier only, so no log can hold it."""
    connection.exec_driver_sql(f"CREATE ROLE {_quoted(connection, role)} LOGIN NOINHERIT PASSWORD '{_proof(connection, role, password)}'")


def set_password(connection: sa.Connection, role: str, password: str) -> None:
    """Another password for a role, one's own or another's one has made."""
    connection.exec_driver_sql(f"ALTER ROLE {_quoted(connection, role)} PASSWORD '{_proof(connection, role, password)}'")


def shut_out(connection: sa.Connection, role: str) -> None:
    """Let a role log in no more; what it wrote stays."""
    revoke_station(connection, role)
    connection.exec_driver_sql(f"ALTER ROLE {_quoted(connection, role)} NOLOGIN")


def _proof(connection: sa.Connection, role: str, password: str) -> str:
    driver = connection.connection.driver_connection
    assert driver is not None
    proof: str = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    return proof


def grant_station(connection: sa.Connection, role: str, scopes: Iterable[int]) -> None:
    """Let a role see and write exactly these scopes, or everything and the office's own (`OFFICE`). Done by the owner of the tables."""
    wanted, name = set(scopes), _quoted(connection, role)
    revoke_station(connection, role)
    for scope in sorted(wanted):
        connection.execute(sa.text("INSERT INTO station_scope VALUES (:role, :scope)"), {"role": role, "scope": scope})
    for table in schema().sorted_tables:
        if LETTERS in wanted and table.name != LETTERBOX:
            continue
        if table.name == "station_scope":
            rights = "SELECT"
        elif table.name == LOOKS.name:
            rights = "SELECT, INSERT"  # the audit only grows
        elif OFFICE in wanted:
            rights = "SELECT, INSERT, UPDATE, DELETE"
        else:
            rights = "SELECT, UPDATE" if table.name == "scope" else "SELECT, INSERT, UPDATE"
        connection.exec_driver_sql(f"GRANT {rights} ON {table.name} TO {name}")
    connection.exec_driver_sql(f"GRANT DELETE ON {LETTERBOX if LETTERS in wanted else f'find, draft, {LETTERBOX}'} TO {name}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {name}")
    connection.exec_driver_sql(f"GRANT EXECUTE ON FUNCTION found(tsquery, integer) TO {name}")
    _set_policies(connection)


def grant_again(connection: sa.Connection) -> None:
    """Everybody's rights anew, on tables that came with a migration too."""
    rows = connection.exec_driver_sql("SELECT role, array_agg(scope) FROM station_scope GROUP BY role ORDER BY role").all()
    for role, scopes in rows:
        grant_station(connection, role, scopes)


def revoke_station(connection: sa.Connection, role: str) -> None:
    """Let a role see nothing any more."""
    name = _quoted(connection, role)
    connection.execute(sa.text("DELETE FROM station_scope WHERE role = :role"), {"role": role})
    for table in schema().sorted_tables:
        connection.exec_driver_sql(f"REVOKE ALL ON {table.name} FROM {name}")
    connection.exec_driver_sql(f"REVOKE ALL ON alembic_version FROM {name}")
    connection.exec_driver_sql(f"REVOKE ALL ON FUNCTION found(tsquery, integer) FROM {name}")
    _set_policies(connection)


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
