"""Anything fsspec opens as carrier: a share (smb://), WebDAV, SFTP, S3 and its kind; each needs its own plug-in on this PC.

None of them promises to have flushed anything: the reader's look at the trailer is what counts, and the next parcel brings it all again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, cast

from gridapp.exchange.carriers.carrier import Fill, Found, Progress, Settled, at_once, in_pieces, only_plain, size_of, tell
from gridapp.exchange.carriers.lines import TRIES, Line, resumed
from gridapp.exchange.carriers.names import FOLDER, PART, named, steps
from gridapp.exchange.carriers.troubles import Gone, NoSuchWay, Unreachable


class Remote:
    """A carrier behind an address such as smb://server/share/folder; `options` are the plug-in's (name, password)."""

    def __init__(self, address: str, **options: Any) -> None:
        import fsspec  # when it is needed: the window paints first
        from fsspec.spec import AbstractFileSystem

        try:
            with Line(files=True):
                # fsspec brings no types
                self._files, root = cast("tuple[Any, str]", fsspec.core.url_to_fs(address, **options))
        except (ValueError, ImportError) as error:
            raise NoSuchWay(address) from error
        self._root = root.rstrip("/")
        #: moving is one step on the server; the base class would copy and delete, but there (S3) a put is one step itself
        self._moves = type(self._files).mv is not AbstractFileSystem.mv

    def list(self) -> Sequence[Found]:
        """Raises Unreachable."""
        with Line(files=True):
            self._files.invalidate_cache()
            return only_plain(self._found(self._root, "", 0))

    def open_read(self, name: str) -> BinaryIO:
        """Goes on by itself after a line that broke. Raises Gone, Unreachable (while reading, too)."""
        path = self._path(name)
        told = self._told(path)
        if told is None or not _is_plain(told):
            raise Gone

        def open_at(place: int) -> BinaryIO:
            opened = cast(BinaryIO, self._files.open(path, "rb"))
            opened.seek(place)
            return opened

        return resumed(open_at, int(told["size"]))

    def put(self, name: str, fill: Fill, progress: Progress | None = None, size: int = 0) -> None:
        """Begun anew when the line breaks. Raises Unreachable, ReadOnly, NoSpace, Stopped; ValueError for a name that is not a parcel's."""
        if named(name) is None:
            raise ValueError("not a parcel's name")
        for attempt in range(TRIES):
            try:
                return self._put(self._path(name), fill, progress, size_of(fill, size))
            except Unreachable:
                if attempt == TRIES - 1:
                    raise

    def delete(self, name: str) -> None:
        """Raises Unreachable, ReadOnly."""
        with suppress(Gone), Line(files=True):
            self._files.rm_file(self._path(name))

    def free_space(self) -> int | None:
        return None

    def settle(self) -> Settled:
        return at_once()

    def _path(self, name: str) -> str:
        try:
            return "/".join((self._root, *steps(name)))
        except ValueError:
            raise Gone from None

    def _told(self, path: str) -> dict[str, Any] | None:
        self._files.invalidate_cache()
        with suppress(Gone), Line(files=True):
            return cast("dict[str, Any]", self._files.info(path))
        return None

    def _found(self, folder: str, before: str, depth: int) -> Iterator[Found]:
        with suppress(FileNotFoundError):
            for told in self._files.ls(folder, detail=True):
                last = str(told["name"]).rstrip("/").rpartition("/")[2]
                name = f"{before}{last}"
                try:
                    steps(name)
                except ValueError:
                    continue
                if told["type"] == "directory" and (depth == 1 or depth == 0 and last.upper() == FOLDER):
                    yield from self._found(f"{folder}/{last}", f"{name}/", depth + 1)
                elif _is_plain(told) and (depth or ".wsb" in last.lower()):
                    yield Found(name, int(told["size"] or 0))

    def _put(self, path: str, fill: Fill, progress: Progress | None, size: int) -> None:
        half = path + PART if self._moves else path
        try:
            with Line(files=True):
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
                count = self._write(half, fill, progress, size)
                told = self._told(half)
                if told is None or told["size"] != count:
                    raise Unreachable
                if self._moves:
                    if self._files.exists(path):  # an earlier try; SMB does not move onto a file
                        self._files.rm_file(path)
                    self._files.mv(half, path)
        except BaseException:
            with suppress(Gone, Unreachable), Line(files=True):
                self._files.rm_file(half)
            raise

    def _write(self, half: str, fill: Fill, progress: Progress | None, size: int) -> int:
        done = 0
        with self._files.open(half, "wb") as far:
            def take(piece: memoryview) -> None:
                nonlocal done
                tell(progress, done, size)
                far.write(bytes(piece))
                done += len(piece)

            count = in_pieces(fill, take)
        tell(progress, done, size)
        return count


def _is_plain(told: dict[str, Any]) -> bool:
    return bool(told["type"] == "file" and not told.get("islink"))
