"""A ledger that lives in the town's database. What a station keeps to itself lies there too, sealed under a key only its password opens."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mistake, Trouble
from gridapp.ledger import hubtables, migrate
from gridapp.ledger.beside import AlreadyThere
from gridapp.ledger.tables import DEVICE, FACT
from gridapp.store import hub
from gridapp.store import passwords
from gridapp.store.slots import Vault
from gridapp.store.vault import ARGON2, Signer, login_secret, sealed, unsealed
from gridapp.texts import _

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_SEED = "signing seed"


class NoHub(Mistake):
    """The database has none of our tables."""

    def __init__(self, place: str) -> None:
        super().__init__(_("数据库“{0}”里还没有镇的台账。请镇里的管理员先建立，或检查数据库名。").format(place))


class NotJoined(Mistake):
    """The role may log in, but this station has no keys there yet."""

    def __init__(self, role: str) -> None:
        super().__init__(_("账号“{0}”第一次使用镇数据库，还没有自己的密钥。请先登记这个站点并设一个密码。").format(role))


class AlreadyJoined(Mistake):
    """The role has keys: new ones would make what it keeps unreadable."""

    def __init__(self, role: str) -> None:
        super().__init__(_("账号“{0}”已经登记过，请用原来的密码打开。忘了密码时，请镇里的管理员另开一个账号。").format(role))


class KeeperDamaged(Trouble):
    """What this station keeps is not as it was written."""

    def __init__(self) -> None:
        super().__init__(_("镇数据库里这个站点的密钥读不出来，可能被改动过。没有写入任何内容，请联系镇里的管理员，不要重新登记。"))


@contextmanager
def _owned(place: str | URL, certificate: Path | None) -> Iterator[sa.Connection]:
    engine = hub.hub_engine(_with_password(place, None), certificate=certificate)
    try:
        with hub.hub_failures(engine.url), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def begin(place: str | URL, certificate: Path | None = None) -> None:
    """Make the tables of a hub in an empty database, or anew in one where a beginning was cut short. Raises AlreadyThere, HubTrouble."""
    with _owned(place, certificate) as connection:
        if migrate.version_of(connection) is not None:
            if connection.scalar(sa.select(sa.func.count()).select_from(FACT)):
                raise AlreadyThere(Path(str(hub.address(place).database)))
            hubtables.end(connection)
        hubtables.begin(connection, migrate.REVISIONS[-1])


def end(place: str | URL, certificate: Path | None = None) -> None:
    """Take the tables away again: what was begun in them did not become a ledger."""
    with _owned(place, certificate) as connection:
        hubtables.end(connection)


def _with_password(place: str | URL, password: str | None) -> URL:
    """The address with what the role logs in with: as given, by libpq's own files, or made from the station's password."""
    url = hub.address(place)
    if password is None or url.password or url.username is None or {"passfile", "service"} & url.query.keys():
        return url
    return url.set(password=login_secret(password, url.username))


class HubHome:
    """The town's database as one station sees it; several write in it at the same time."""

    shared = True

    def __init__(self, engine: sa.Engine) -> None:
        self.writer, self.engine = engine, hub.reading(engine)
        self.role, self.path = str(engine.url.username or ""), Path(str(engine.url.database))
        self._key = b""

    @classmethod
    def _reached(cls, place: str | URL, password: str, certificate: Path | None) -> Self:
        made = cls(hub.hub_engine(_with_password(place, password), certificate=certificate))
        try:
            with made.sorted(), made.engine.connect() as connection:
                version = migrate.version_of(connection)
                if version is None:
                    raise NoHub(made.path.name)
                made.role = str(connection.scalar(sa.text("SELECT current_user")))
            with made.sorted():
                migrate.bring_up(made.writer)
            return made
        except BaseException:
            made.close()
            raise

    @classmethod
    def opened(cls, place: str | URL, password: str, certificate: Path | None = None) -> Self:
        """Raises NoHub, NotJoined, WrongPassword, NewerLedger, OlderHub, KeeperDamaged, HubTrouble."""
        made = cls._reached(place, password, certificate)
        try:
            with made.sorted(), Session(made.engine) as session:
                told = made._told(session)
            if told is None:
                raise NotJoined(made.role)
            made._key = Vault(made.path, told).unlock(password).key
            return made
        except BaseException:
            made.close()
            raise

    @classmethod
    def joined(cls, place: str | URL, password: str, label: str, certificate: Path | None = None, cost: dict[str, int] | None = None,
               own_login: bool = False) -> Self:
        """The same for a role that has no keys yet: they are made. `own_login`: from now on the role logs in with what `password` makes,
        no more with the password in `place`, which somebody else has seen.

        Raises AlreadyJoined, WeakPassword, NoHub, NewerLedger, HubTrouble.
        """
        made = cls._reached(place, password, certificate)
        try:
            bare = hub.address(place)._replace(password=None)
            own = _with_password(bare, password)
            with made.sorted(), Session(made.writer) as session, session.begin():
                if made._told(session) is not None:
                    raise AlreadyJoined(made.role)
                vault, made._key = Vault.fresh(made.path, password, label, cost or ARGON2, least=passwords.OFFICER)
                told = vault.told | {"secrets": {}}
                session.execute(sa.text("INSERT INTO keeper (told) VALUES (:told)"), {"told": json.dumps(told)})
                if own_login:
                    hubtables.set_password(session.connection(), made.role, str(own.password))
            if own_login:
                made.close()
                return cls.opened(own, password, certificate)
            return made
        except BaseException:
            made.close()
            raise

    @property
    def address(self) -> str:
        """Where it is and as whom, without a password."""
        return self.writer.url._replace(password=None).render_as_string()

    def change_password(self, old: str, new: str) -> None:
        """What this station keeps opens with `new` from now on, and its role logs in with it where it did with `old`.

        Raises WrongPassword, WeakPassword, HubTrouble.
        """
        with self.sorted(), Session(self.writer) as session, session.begin():
            found = json.loads(session.scalar(sa.text("SELECT told FROM keeper WHERE role = current_user FOR UPDATE")))
            vault = Vault(self.path, found)
            vault.rewrapped(old, new)
            session.execute(sa.text("UPDATE keeper SET told = :told WHERE role = current_user"), {"told": json.dumps(vault.told)})
            if self.writer.url.password == login_secret(old, self.role):
                hubtables.set_password(session.connection(), self.role, login_secret(new, self.role))

    def check_password(self, password: str, officer: int | None = None) -> None:
        """Whether it is theirs who sits here; a station's row holds one person's keys. Raises WrongPassword."""
        with self.sorted(), Session(self.engine) as session:
            Vault(self.path, self._told(session) or {}).unlock(password)

    def _told(self, session: Session) -> dict[str, Any] | None:
        found = session.scalar(sa.text("SELECT told FROM keeper WHERE role = current_user"))
        return None if found is None else json.loads(found)

    # -- what a ledger asks of its home

    def sorted(self) -> AbstractContextManager[None]:
        return hub.hub_failures(self.writer.url)

    def while_wanted(self, wanted: Callable[[], bool]) -> AbstractContextManager[None]:
        """The server answers to the end: breaking one off takes a second connection."""
        return nullcontext()

    def signer(self, session: Session) -> Signer:
        kept = self.secret(session, _SEED)
        if kept is not None:
            return Signer(bytes.fromhex(kept))
        made = Signer()
        self.keep_secret(session, _SEED, made.seed.hex())
        session.execute(DEVICE.insert().values(dev=made.public, name=self.role))
        return made

    def secret(self, session: Session, name: str) -> str | None:
        box = (self._told(session) or {}).get("secrets", {}).get(name)
        if box is None:
            return None
        found = unsealed(self._key, b64decode(box), self._bound(name))
        if found is None:
            raise KeeperDamaged
        return found.decode()

    def keep_secret(self, session: Session, name: str, value: str) -> None:
        found = session.scalar(sa.text("SELECT told FROM keeper WHERE role = current_user FOR UPDATE"))
        told = json.loads(found)
        told["secrets"][name] = b64encode(sealed(self._key, value.encode(), self._bound(name))).decode()
        session.execute(sa.text("UPDATE keeper SET told = :told WHERE role = current_user"), {"told": json.dumps(told)})

    def _bound(self, name: str) -> bytes:
        """A secret put under another name, or into another station's row, opens no more."""
        return json.dumps([self.role, name]).encode()

    def saved(self, act: UUID, at: datetime) -> None:
        """The server told that it is on its disk."""

    def look_for_the_last(self, session: Session) -> None:
        """A server that was put back to an older state is seen by what other stations hold."""

    def close(self) -> None:
        self.writer.dispose()
