"""Photos (照片): each in an encrypted file of its own beside the ledger, named by the hash of its bytes; what is damaged is never handed out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from gridapp.errors import Mistake, Trouble
from gridapp.store.files import make_folder, sorted_trouble, write_whole
from gridapp.store.vault import KEY_BYTES, NONCE_BYTES, TAG_BYTES, sealed, unsealed
from gridapp.texts import _

#: the design's limit for one attachment; the program itself makes photos of 60 KB
LARGEST = 8 << 20
HASH_BYTES = 32
_MAGIC = b"GPH1"
#: bytes a file is bigger than its photo
AROUND = len(_MAGIC) + NONCE_BYTES + TAG_BYTES
_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


class PhotoTooBig(Mistake):
    """Bigger than any parcel may bring."""

    def __init__(self) -> None:
        super().__init__(_("照片太大，每张最多 8 MB，没有保存。请用小一点的照片，或先把它缩小。"))


class PhotoDamaged(Trouble):
    """A file whose content is no longer the photo it is named for."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("照片文件“{0}”已损坏，没有显示，其他内容完好。请从备份中取回这个文件，或请有这张照片的一方再交一次。").format(path.name))
        self.path = path


class PhotoMissing(Trouble):
    """Known by its hash, but not (yet) here."""

    def __init__(self) -> None:
        super().__init__(_("这张照片还没有收到。请让对方在下次交接时带上照片。"))


def hash_of(data: bytes) -> bytes:
    """What a photo is known by: BLAKE2b-256 of its bytes."""
    return blake2b(data, digest_size=HASH_BYTES).digest()


class Photos:
    """The photos of one ledger; `secret`: 32 random bytes the ledger keeps."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("the secret has 32 bytes")
        self.folder = folder
        self._key = blake2b(key=secret, person=b"gridapp-photo", digest_size=KEY_BYTES).digest()

    @staticmethod
    def beside(database: Path) -> Path:
        return database.with_name(database.name + ".photos")

    def put(self, data: bytes) -> bytes:
        """Keep a photo; its hash. One that is here whole is not written again. Raises PhotoTooBig, DiskFull, CannotWrite."""
        if len(data) > LARGEST:
            raise PhotoTooBig
        name = hash_of(data)
        if self._opened(name) != data:
            path = self._path(name)
            with sorted_trouble(path):
                make_folder(path.parent)
            write_whole(path, _MAGIC + sealed(self._key, data, name))
        return name

    def get(self, name: bytes) -> bytes:
        """A photo by its hash. Raises PhotoMissing, PhotoDamaged."""
        if not self.has(name):
            raise PhotoMissing
        data = self._opened(name)
        if data is None:
            raise PhotoDamaged(self._path(name))
        return data

    def has(self, name: bytes) -> bool:
        """Whether its file is here; `get` says whether it is whole."""
        return self._path(name).is_file()

    def missing(self, names: Iterable[bytes]) -> list[bytes]:
        """Those of `names` that are not here, each once: "175 of 175" is an empty list."""
        return [name for name in dict.fromkeys(names) if not self.has(name)]

    def sizes(self) -> dict[bytes, int]:
        """Every photo that is here with its bytes, without reading any."""
        found = dict[bytes, int]()
        for path in self._files():
            with suppress(OSError):
                found[bytes.fromhex(path.name)] = max(path.stat().st_size - AROUND, 0)
        return found

    def damaged(self) -> Iterator[bytes]:
        """Photos that are no longer what they were; reads every one, of a village some minutes' worth."""
        for path in self._files():
            name = bytes.fromhex(path.name)
            if self._opened(name) is None:
                yield name

    def delete(self, name: bytes) -> None:
        """Erase a photo; whoever asks has made sure that nobody else's record names it."""
        path = self._path(name)
        with sorted_trouble(path):
            path.unlink(missing_ok=True)

    def _path(self, name: bytes) -> Path:
        if len(name) != HASH_BYTES:
            raise ValueError("a photo is known by 32 bytes")
        return self.folder / name.hex()[:2] / name.hex()

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("[0-9a-f][0-9a-f]/*") if _NAME.fullmatch(path.name) and path.name.startswith(path.parent.name))

    def _opened(self, name: bytes) -> bytes | None:
        """None when it is not here, cannot be read or is not what its name says; never reads more than a photo may have."""
        try:
            with self._path(name).open("rb") as file:
                box = file.read(LARGEST + AROUND + 1)
        except OSError:
            return None
        data = unsealed(self._key, box[len(_MAGIC):], name) if box.startswith(_MAGIC) else None
        return data if data is not None and hash_of(data) == name else None
