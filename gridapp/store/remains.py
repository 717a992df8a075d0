"""What is left of long work that was interrupted (未完成的): sealed pieces in this user's data folder, each whole or absent; nobody's name in the clear."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from gridapp import places
from gridapp.store.files import make_folder, sorted_trouble, write_whole
from gridapp.store.vault import KEY_BYTES, sealed, unsealed

#: under which name the ledger keeps the secret
SECRET = "batches"
_PLAN = "plan"


class Remains:
    """One piece of long work: its plan, and piece after piece what is done of it. `secret`: 32 random bytes the ledger keeps."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("the secret has 32 bytes")
        self.folder = folder
        self._key = blake2b(key=secret, person=b"gridapp-remains", digest_size=KEY_BYTES).digest()

    @classmethod
    def all(cls, folder: Path, secret: bytes) -> Iterator[Remains]:
        """Everything left in a folder, oldest first; what belongs to another ledger does not open and is left alone."""
        for found in sorted(path for path in folder.glob("*") if path.is_dir()):
            one = cls(found, secret)
            if one.plan is not None:
                yield one

    @classmethod
    def fresh(cls, folder: Path, secret: bytes) -> Remains:
        """For new work: later than all there are, whatever the clock says."""
        last = max((int(found.name[:6]) for found in folder.glob("[0-9][0-9][0-9][0-9][0-9][0-9]-*")), default=0)
        return cls(folder / f"{last + 1:06d}-{os.urandom(4).hex()}", secret)

    @staticmethod
    def here() -> Path:
        """Where they lie: this user's data folder."""
        return places.data_dir() / "batches"

    # -- the plan, and what is done

    @property
    def plan(self) -> bytes | None:
        """What was to be done; None where it cannot be read."""
        return self._opened(_PLAN)

    def keep_plan(self, data: bytes) -> None:
        """Raises DiskFull, CannotWrite."""
        self._keep(_PLAN, data)

    def keep(self, number: int, data: bytes) -> None:
        """Piece `number` from 0; it stands when this returns. Raises DiskFull, CannotWrite."""
        self._keep(f"{number:06d}", data)

    def piece(self, number: int) -> bytes | None:
        """None when it is not there or damaged: then it and all after it are made anew."""
        return self._opened(f"{number:06d}")

    def pieces(self) -> Iterator[bytes]:
        """In order, to the first that is not there."""
        number = 0
        while (data := self.piece(number)) is not None:
            yield data
            number += 1

    def drop_pieces(self) -> None:
        """The work is finished: only the plan stays."""
        with sorted_trouble(self.folder):
            for path in self.folder.glob("[0-9]*"):
                path.unlink(missing_ok=True)

    def drop(self) -> None:
        """Nothing of it stays."""
        with sorted_trouble(self.folder):
            shutil.rmtree(self.folder)

    # -- one file

    def _bound(self, name: str) -> bytes:
        return f"{self.folder.name}/{name}".encode()

    def _keep(self, name: str, data: bytes) -> None:
        path = self.folder / name
        with sorted_trouble(path):
            make_folder(self.folder)
        write_whole(path, sealed(self._key, data, self._bound(name)))

    def _opened(self, name: str) -> bytes | None:
        try:
            box = (self.folder / name).read_bytes()
        except OSError:
            return None
        return unsealed(self._key, box, self._bound(name))
