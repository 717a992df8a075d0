"""Photos of a town's database (照片): a table of their bytes, so that every clerk sees them; asked as `store.photos.Photos` is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import sqlalchemy as sa

from gridapp.store import hub
from gridapp.store.photos import LARGEST, PhotoMissing, PhotoTooBig, hash_of

T = TypeVar("T")
#: hashes asked for in one question
SOME = 500
_PICTURE = sa.table("picture", sa.column("name"), sa.column("data"))


class HubPhotos:
    """The photos of one town's database; the server keeps them as it keeps the register."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, data: bytes) -> bytes:
        """Keep a photo; its hash. Raises PhotoTooBig, HubTrouble."""
        if len(data) > LARGEST:
            raise PhotoTooBig
        name = hash_of(data)

        def write(connection: sa.Connection) -> None:
            connection.execute(sa.delete(_PICTURE).where(_PICTURE.c.name == name))
            connection.execute(sa.insert(_PICTURE).values(name=name, data=data))

        hub.again_if_busy(lambda: self._run(write))  # a colleague may have put the same
        return name

    def get(self, name: bytes) -> bytes:
        """A photo by its hash. Raises PhotoMissing (also for one that is no longer what it was), HubTrouble."""
        data = self._run(lambda connection: connection.scalar(sa.select(_PICTURE.c.data).where(_PICTURE.c.name == name)))
        if data is None or hash_of(data) != name:
            raise PhotoMissing
        return bytes(data)

    def missing(self, names: Iterable[bytes]) -> list[bytes]:
        """Those of `names` that are not here, each once."""
        wanted = list(dict.fromkeys(names))
        here = set[bytes]()
        for start in range(0, len(wanted), SOME):
            some = wanted[start:start + SOME]
            here |= set(self._run(lambda connection, some=some: connection.scalars(  # type: ignore[misc]  # a default is no argument
                sa.select(_PICTURE.c.name).where(_PICTURE.c.name.in_(some))).all()))
        return [name for name in wanted if name not in here]

    def sizes(self) -> dict[bytes, int]:
        """Every photo that is here with its bytes."""
        rows = self._run(lambda connection: connection.execute(sa.select(_PICTURE.c.name, sa.func.length(_PICTURE.c.data))).all())
        return {bytes(name): int(size) for name, size in rows}

    def _run(self, what: Callable[[sa.Connection], T]) -> T:
        with hub.hub_failures(self._engine.url), self._engine.begin() as connection:
            return what(connection)
