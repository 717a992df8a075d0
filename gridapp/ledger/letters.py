"""The letterbox (信箱): a table of the town's database where parcels lie in pieces for whoever reaches the server; ciphertext only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from gridapp.ledger.hubtables import LETTERBOX
from gridapp.store import hub

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_BOX = sa.table(LETTERBOX, *(sa.column(name) for name in ("name", "place", "total", "digest", "data")))


class Letter(NamedTuple):
    """A parcel's file as far as it is here."""

    name: str
    have: int
    total: int
    digest: bytes

    @property
    def whole(self) -> bool:
        return self.have == self.total


class Letters:
    """The letterbox behind an address, asked piece by piece: each question is a transaction of its own."""

    def __init__(self, place: str | URL, certificate: Path | None = None) -> None:
        self._engine = hub.hub_engine(place, certificate=certificate)

    def here(self, name: str | None = None) -> list[Letter]:
        """What lies there, half-written letters too; all or one. Raises HubTrouble."""
        asked = sa.select(_BOX.c.name, sa.func.sum(sa.func.length(_BOX.c.data)), sa.func.max(_BOX.c.total), sa.func.min(_BOX.c.digest))
        asked = asked.group_by(_BOX.c.name).order_by(_BOX.c.name)
        with hub.hub_failures(self._engine.url), self._engine.begin() as connection:
            return [Letter(*row) for row in connection.execute(asked if name is None else asked.where(_BOX.c.name == name))]

    def put(self, name: str, place: int, total: int, digest: bytes, data: bytes) -> None:
        """One piece at its place. Raises HubTrouble (HubBusy for a piece that is there)."""
        with hub.hub_failures(self._engine.url), self._engine.begin() as connection:
            connection.execute(sa.insert(_BOX).values(name=name, place=place, total=total, digest=digest, data=data))

    def piece(self, name: str, place: int) -> bytes:
        """The rest of the piece that holds byte `place`; b'' behind the end. Raises HubTrouble."""
        asked = sa.select(_BOX.c.place, _BOX.c.data).where(_BOX.c.name == name, _BOX.c.place <= place).order_by(_BOX.c.place.desc()).limit(1)
        with hub.hub_failures(self._engine.url), self._engine.begin() as connection:
            found = connection.execute(asked).first()
        return b"" if found is None else bytes(found.data)[place - found.place:]

    def forget(self, name: str) -> None:
        """Take a letter out, if it is ours to take. Raises HubTrouble."""
        with hub.hub_failures(self._engine.url), self._engine.begin() as connection:
            connection.execute(sa.delete(_BOX).where(_BOX.c.name == name))

    def close(self) -> None:
        """Hang up; the next question calls again."""
        self._engine.dispose()
