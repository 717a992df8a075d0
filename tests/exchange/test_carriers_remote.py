"""Parcels over what fsspec opens: another file system, lines that break in the middle, libraries with failures of their own."""

from __future__ import annotations

import errno
import importlib.util
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from gridapp.exchange.carriers import Carrier, Folder, name_of
from gridapp.exchange.carriers.carrier import PIECE
from gridapp.exchange.carriers.lines import TRIES, Line, resumed
from gridapp.exchange.carriers.remote import Remote
from gridapp.exchange.carriers.troubles import Gone, NoSpace, NoSuchWay, ReadOnly, Stopped, Unreachable

NAME = name_of("age1town", bytes(range(16)))
BYTES = bytes(range(256)) * 10_000


class Flaky(MemoryFileSystem):  # type: ignore[misc]  # fsspec brings no types
    """Memory behind a bad line: it breaks after so many bytes, so many times."""

    protocol = "flaky"
    breaks: dict[str, Any] = {}

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("flaky:/")))

    def _open(self, path: str, mode: str = "rb", **given: Any) -> Any:
        opened = super()._open(path, mode, **given)
        opened = opened if mode == "wb" else io.BytesIO(opened.getvalue())  # memory gives out the one it keeps
        plain: Any = {"rb": opened.read, "wb": opened.write}[mode]

        def broken(told: Any) -> Any:
            size = int(told) if mode == "rb" else len(told)
            if self.breaks["times"] and opened.tell() + size > self.breaks["after"]:
                self.breaks["times"] -= 1
                raise self.breaks["failure"]
            answer = plain(told)
            self.breaks["bytes"] += size if mode == "wb" else len(answer)
            return answer

        setattr(opened, {"rb": "read", "wb": "write"}[mode], broken)
        return opened


@pytest.fixture(autouse=True)
def _flaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Flaky, "breaks", {"after": 0, "times": 0, "failure": ConnectionResetError(), "bytes": 0})
    fsspec.register_implementation("flaky", Flaky, clobber=True)
    yield
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


@pytest.fixture(params=["memory", "file"])
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Carrier:
    return Remote("memory://hub/exchange" if request.param == "memory" else tmp_path.as_uri())


def read(carrier: Carrier, name: str = NAME) -> bytes:
    with carrier.open_read(name) as handle:
        return handle.read()


def stored() -> dict[str, bytes]:
    return {name: bytes(file.getbuffer()) for name, file in MemoryFileSystem.store.items()}


def test_a_parcel_is_put_listed_read_and_deleted(far: Carrier, tmp_path: Path) -> None:
    assert far.list() == []
    source = tmp_path.with_name("source")
    source.write_bytes(BYTES)
    for fill in (source, lambda into: into.write(BYTES)):
        far.put(NAME, fill)
        assert far.list() == [(NAME, len(BYTES))] and read(far) == BYTES
    with far.open_read(NAME) as handle:
        assert handle.seek(-7, os.SEEK_END) and handle.read() == BYTES[-7:] and handle.seek(3) == 3 and handle.read(2) == BYTES[3:5]
    far.delete(NAME)
    far.delete(NAME)
    assert far.list() == [] and far.settle().free_to_go
    with pytest.raises(Gone):
        far.open_read(NAME)


def test_an_empty_file_can_be_read(far: Carrier) -> None:
    far.put(NAME, lambda into: None)
    assert read(far) == b""


def test_a_folder_and_the_same_folder_by_its_address_hold_the_same(tmp_path: Path) -> None:
    Folder(tmp_path).put(NAME, lambda into: into.write(BYTES))
    for odd in ("WSYNC/0A1B2C3D/x.wsb.part", "copied (2).wsb.zip", "other/x.wsb", "年报.docx"):
        (tmp_path / odd).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / odd).write_bytes(b"x")
    assert Remote(tmp_path.as_uri()).list() == Folder(tmp_path).list() and len(Folder(tmp_path).list()) == 3


@pytest.mark.skipif(os.name == "nt", reason="links as POSIX has them")
def test_a_link_is_neither_listed_nor_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "x.wsb").symlink_to(tmp_path / "secret")
    (tmp_path / "far" / "WSYNC").symlink_to(tmp_path / "home")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "x").write_bytes(b"secret")
    far = Remote((tmp_path / "far").as_uri())
    assert far.list() == []
    for name in ("x.wsb", "../secret", "WSYNC"):
        with pytest.raises(Gone):
            far.open_read(name)


def test_only_parcels_are_put(far: Carrier) -> None:
    with pytest.raises(ValueError):
        far.put("../x.wsb", lambda into: None)


def test_a_line_that_breaks_while_putting_is_begun_anew() -> None:
    Flaky.breaks |= {"after": PIECE + 5, "times": TRIES - 1}
    Remote("flaky://hub").put(NAME, lambda into: into.write(BYTES))
    assert stored() == {f"/hub/{NAME}": BYTES}


@pytest.mark.parametrize("far", ["memory", "file"], indirect=True)
def test_the_officer_stops_it_and_nothing_is_left(far: Carrier) -> None:
    with pytest.raises(Stopped):
        far.put(NAME, lambda into: into.write(BYTES), lambda done, total: done == 0)
    assert far.list() == []


def test_a_line_that_stays_broken_is_told_and_leaves_nothing_under_the_name() -> None:
    Flaky.breaks |= {"after": PIECE + 5, "times": 99}
    with pytest.raises(Unreachable, match="接着传"):
        Remote("flaky://hub").put(NAME, lambda into: into.write(BYTES))
    assert stored() == {} and Flaky.breaks["times"] == 99 - TRIES


def test_an_upload_that_arrives_short_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Flaky.info
    monkeypatch.setattr(Flaky, "info", lambda self, path, **given: plain(self, path, **given) | {"size": 5})
    with pytest.raises(Unreachable):
        Remote("flaky://hub").put(NAME, lambda into: into.write(BYTES))
    assert stored() == {}


def test_reading_goes_on_where_the_line_broke() -> None:
    Remote("flaky://hub").put(NAME, lambda into: into.write(BYTES))
    Flaky.breaks |= {"after": PIECE + 5, "times": TRIES - 1, "bytes": 0}
    with Remote("flaky://hub").open_read(NAME) as handle:
        found = handle.read(PIECE)
        assert found + handle.read() == BYTES
    assert Flaky.breaks["times"] == 0 and Flaky.breaks["bytes"] == len(BYTES), "nothing is fetched twice"


def test_a_file_cut_short_while_it_is_read_is_no_whole_one() -> None:
    Remote("flaky://hub").put(NAME, lambda into: into.write(BYTES))
    handle = Remote("flaky://hub").open_read(NAME)
    MemoryFileSystem.store[f"/hub/{NAME}"].truncate(5)
    with pytest.raises(Unreachable):
        handle.read()


class SMBException(Exception):
    """As smbprotocol has it: no OSError."""

    __module__ = "smbprotocol.exceptions"


class LogonFailure(SMBException):
    __module__ = "tests"


@pytest.mark.parametrize(("failure", "expected"), [
    (LogonFailure(), Unreachable), (TimeoutError(), Unreachable), (OSError(errno.ENOSPC, ""), NoSpace), (PermissionError(), ReadOnly),
    (FileNotFoundError(), Gone), (KeyError("bug"), KeyError), (Stopped(), Stopped)])
def test_failures_are_sorted_by_who_can_mend_them(failure: BaseException, expected: type[BaseException]) -> None:
    with pytest.raises(expected), Line(files=True):
        raise failure


def test_a_firewall_is_no_write_protection() -> None:
    with pytest.raises(Unreachable), Line():
        raise PermissionError(errno.EACCES, "connecting is forbidden")


def test_an_address_nobody_can_open_is_told() -> None:
    for address in ("nonsense://x", "s3://bucket/x" if not _installed("s3fs") else "nonsense://y"):
        with pytest.raises(NoSuchWay, match="打不开"):
            Remote(address)


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def test_a_far_file_counts_its_tries_anew_after_each_progress() -> None:
    class Once(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() % 10 == 0 and self.tell() != start[-1]:
                raise TimeoutError
            return super().read(1)

    start = list[int]()

    def open_at(place: int) -> Once:
        start.append(place)
        opened = Once(BYTES[:100])
        opened.seek(place)
        return opened

    assert resumed(open_at, 100).read() == BYTES[:100]
    assert start == [*range(0, 100, 10)]
