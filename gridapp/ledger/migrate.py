"""Bringing an older ledger file to today's tables; a newer one is refused, never guessed at."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.texts import _

MIGRATIONS = Path(__file__).with_name("migrations")
#: revisions in order; the last one is what this program writes
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")


class NewerLedger(Mistake):
    """Written by a newer program."""

    def __init__(self) -> None:
        super().__init__(_("这个台账由更新版本的程序写成，本程序打不开。请先升级程序；台账没有被改动。"))


class OlderHub(Mistake):
    """A town's database of an older program, opened by somebody who may not change its tables."""

    def __init__(self) -> None:
        super().__init__(_("镇数据库还是旧版程序的，你的账号不能升级它。请建立数据库的管理员先用新版程序打开一次，然后再试；内容没有改动。"))


def version_of(connection: sa.Connection) -> str | None:
    """The revision of the file, None when it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def is_begun(engine: sa.Engine) -> bool:
    """Whether the file has tables at all: opening never begins a ledger anew."""
    with engine.connect() as connection:
        return version_of(connection) is not None


def is_older(engine: sa.Engine) -> bool:
    """Whether `bring_up` has something to do to what is there."""
    with engine.connect() as connection:
        return version_of(connection) in REVISIONS[:-1]


def bring_up(engine: sa.Engine) -> bool:
    """Migrate to today's tables in one transaction; True when something was done. Raises NewerLedger, OlderHub."""
    with engine.connect() as connection:
        version = version_of(connection)
    if version == REVISIONS[-1]:
        return False
    if version is not None and version not in REVISIONS:
        raise NewerLedger
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection, connection.begin():
        return _bring_up_hub(connection) if engine.dialect.name == "postgresql" else _upgrade(connection)


def _bring_up_hub(connection: sa.Connection) -> bool:
    """The same revisions on the town's database, where others may be at it too: the first one does it, and everybody's rights are set again."""
    from gridapp.ledger import hubtables

    owner = "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'alembic_version' AND schemaname = current_schema()"
    if not connection.exec_driver_sql(owner).scalar():
        raise OlderHub
    connection.exec_driver_sql("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
    if version_of(connection) == REVISIONS[-1]:
        return False
    _upgrade(connection)
    hubtables.guard(connection)
    hubtables.grant_again(connection)
    return True


def _upgrade(connection: sa.Connection) -> bool:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True
