"""Clerks (镇里的账号): who may log in to a town's database, and what each sees there; decided by whoever made the tables."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mistake
from gridapp.ledger import hubtables
from gridapp.ledger.ledger import Ledger
from gridapp.texts import _

#: PostgreSQL's longest name
LONGEST = 63


class NotAHub(Mistake):
    """A file has one user."""

    def __init__(self) -> None:
        super().__init__(_("账号只用于镇数据库；这个台账是一个文件，用密码打开就行。"))


class BadClerk(Mistake):
    """No name a server takes."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”不能作账号名。请用 1 到 20 个汉字，或不超过 60 个的小写字母和数字，例如 lihong。").format(name))


class ClerkTaken(Mistake):
    """There is such a role on the server."""

    def __init__(self, name: str) -> None:
        super().__init__(_("账号“{0}”在这台服务器上已经有了，没有改动它。请换一个名字。").format(name))


class NoSuchClerk(Mistake):
    """Nobody of that name was admitted here."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(_("镇数据库里没有叫“{0}”的账号。现有的账号：{1}。").format(name, "、".join(known) or _("（暂无）")))


def new_clerk(ledger: Ledger, name: str, letters: bool = False) -> str:
    """A role of the office that may log in, or one that only puts parcels into the letterbox and takes them out (`letters`).

    Returns its address with a password; a clerk's is good until they join. Raises NotAHub, BadClerk, ClerkTaken, HubTrouble.
    """
    _refuse_file(ledger)
    if not name or len(name.encode()) > LONGEST or name.startswith("pg_") or not all(c.isalnum() or c in "_-" for c in name):
        raise BadClerk(name)
    once = secrets.token_hex(16)
    with ledger.home.sorted(), Session(ledger.home.writer) as session, session.begin():
        connection = session.connection()
        if connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}):
            raise ClerkTaken(name)
        hubtables.make_role(connection, name, once)
        hubtables.grant_station(connection, name, [hubtables.LETTERS if letters else hubtables.OFFICE])
    return ledger.home.writer.url.set(username=name, password=once).render_as_string(hide_password=False)


def stop_clerk(ledger: Ledger, name: str) -> None:
    """Let a role log in no more. Raises NotAHub, NoSuchClerk, HubTrouble."""
    _refuse_file(ledger)
    known = clerks(ledger)
    if name not in known:
        raise NoSuchClerk(name, known)
    with ledger.home.sorted(), Session(ledger.home.writer) as session, session.begin():
        hubtables.shut_out(session.connection(), name)


def clerks(ledger: Ledger) -> list[str]:
    """Names of the roles that may work here, the owner's not among them."""
    _refuse_file(ledger)
    with ledger.home.sorted(), Session(ledger.home.engine) as session:
        return list(session.scalars(sa.text("SELECT DISTINCT role FROM station_scope ORDER BY role")))


def _refuse_file(ledger: Ledger) -> None:
    if not ledger.home.shared:
        raise NotAHub
