"""Names on a carrier, and a folder as carrier: written to the end or not at all, told in plain words, never led elsewhere."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from gridapp.errors import Trouble
from gridapp.exchange.carriers import Folder, clear, name_of, named, shelf_of, sticks
from gridapp.exchange.carriers.carrier import PIECE
from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.names import steps
from gridapp.exchange.carriers.stick import Stick
from gridapp.exchange.carriers.troubles import Gone, Medium, NoSpace, Odd, Pulled, ReadOnly, Stopped, in_words, sorted_out

TOWN, PARCEL = "age1town", bytes(range(16))
NAME = name_of(TOWN, PARCEL)
BYTES = bytes(range(256)) * 10_000  # 2.5 pieces
POSIX = pytest.mark.skipif(os.name == "nt", reason="links and pipes as POSIX has them")


def files(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def heard(told: list[tuple[int, int]]) -> Callable[[int, int], bool]:
    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    return progress


def zeros(length: int, into: BinaryIO) -> None:
    into.write(bytes(length))


def read(carrier: Folder, name: str) -> bytes:
    with carrier.open_read(name) as handle:
        return handle.read()


def test_a_name_tells_its_parcel_and_nothing_else() -> None:
    assert NAME == f"WSYNC/{shelf_of(TOWN)}/AAAQEAYEAUDAOCAJBIFQYDIOB4.wsb" and NAME.isascii() and len(NAME) <= 60
    assert named(NAME) == (shelf_of(TOWN), PARCEL, 0, False)
    assert named(f"{name_of(TOWN, PARCEL, 12)}.part".lower()) == (shelf_of(TOWN), PARCEL, 12, True)
    assert len({shelf_of(f"age1{n}") for n in range(1000)}) == 1000


@pytest.mark.parametrize("name", [
    "", "a.wsb", f"../{NAME}", f"/{NAME}", NAME.replace("/", "\\"), f"{NAME} (2)", f"{NAME}.1", f"{NAME}\n", NAME.replace("/A", "/8"), NAME[:-5] + "ſ.wsb"])
def test_what_only_looks_like_a_name_is_none(name: str, tmp_path: Path) -> None:
    assert named(name) is None
    with pytest.raises(ValueError):
        Folder(tmp_path).put(name, lambda into: None)
    assert files(tmp_path) == {}


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "a/b/c/d", "a//b", "..", "a\\..\\b", "a\0b", "a:stream", "a.", "a "])
def test_no_name_leads_elsewhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "a").write_bytes(b"secret")
    with pytest.raises(ValueError):
        steps(name)
    with pytest.raises(Gone):
        Folder(tmp_path / "stick").open_read(name)
    Folder(tmp_path / "stick").delete(name)
    assert files(tmp_path) == {"a": b"secret"}


def test_a_parcel_is_put_listed_read_and_deleted(tmp_path: Path) -> None:
    carrier, told = Folder(tmp_path), list[tuple[int, int]]()
    source = tmp_path.with_name("source")
    source.write_bytes(BYTES)
    carrier.put(NAME, source, heard(told))
    assert carrier.list() == [(NAME, len(BYTES))] and read(carrier, NAME) == BYTES
    assert told[0] == (0, len(BYTES)) and told[-1] == (len(BYTES), len(BYTES)) and len(told) == 4
    carrier.put(NAME, lambda into: [into.write(BYTES[:7]), into.write(BYTES[7:])])
    assert files(tmp_path) == {NAME: BYTES}
    with carrier.open_read(NAME) as handle:
        assert handle.seek(2_000_000) and handle.read(5) == BYTES[2_000_000:2_000_005]
    carrier.delete(NAME)
    carrier.delete(NAME)
    assert carrier.list() == [] and carrier.free_space()


def test_an_empty_parcel_and_one_of_whole_pieces_are_read_back_too(tmp_path: Path) -> None:
    for length in (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE):
        Folder(tmp_path).put(NAME, partial(zeros, length))
        assert files(tmp_path) == {NAME: bytes(length)}


def test_whatever_it_is_called_a_file_in_our_folders_is_found(tmp_path: Path) -> None:
    shelf = tmp_path / "WSYNC" / "0A1B2C3D"
    shelf.mkdir(parents=True)
    expected = {"WSYNC/0A1B2C3D/x.wsb.part", "WSYNC/0A1B2C3D/附件 (2).zip", "WSYNC/loose", "ABC.WSB", "a (2).wsb.zip"}
    for name in (*expected, "照片.jpg", "WSYNC/0A1B2C3D/deeper/x.wsb", "other/x.wsb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    carrier = Folder(tmp_path)
    assert {found.name for found in carrier.list()} == expected
    assert all(read(carrier, found.name) == b"x" for found in carrier.list())


@POSIX
def test_links_and_pipes_are_neither_listed_nor_followed(tmp_path: Path) -> None:
    stick, home = tmp_path / "stick", tmp_path / "home"
    (home / "0A1B2C3D").mkdir(parents=True)
    (home / "0A1B2C3D" / "x.wsb").write_bytes(b"secret")
    (stick / "WSYNC" / "0A1B2C3D").mkdir(parents=True)
    (stick / "WSYNC" / "0A1B2C3D" / "link.wsb").symlink_to(home / "0A1B2C3D" / "x.wsb")
    os.mkfifo(stick / "WSYNC" / "0A1B2C3D" / "pipe.wsb")
    (stick / "WSYNC" / "LINKED").symlink_to(home / "0A1B2C3D")
    carrier = Folder(stick)
    assert carrier.list() == []
    for name in ("WSYNC/0A1B2C3D/link.wsb", "WSYNC/0A1B2C3D/pipe.wsb", "WSYNC/LINKED/x.wsb", "WSYNC/0A1B2C3D", "WSYNC/none/x"):
        with pytest.raises(Gone):
            carrier.open_read(name)
    carrier.delete("WSYNC/LINKED/x.wsb")
    assert files(home) == {"0A1B2C3D/x.wsb": b"secret"}


@POSIX
def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    stick, home = tmp_path / "stick", tmp_path / "home"
    stick.mkdir()
    home.mkdir()
    (stick / "WSYNC").symlink_to(home)
    with pytest.raises(Odd, match="WSYNC"):
        Folder(stick).put(NAME, lambda into: None)
    (stick / "WSYNC").unlink()
    (stick / "WSYNC" / shelf_of(TOWN)).mkdir(parents=True)
    (stick / f"{NAME}.part").symlink_to(home / "victim")
    with pytest.raises(Trouble):
        Folder(stick).put(NAME, lambda into: None)
    assert files(home) == {} and not (stick / NAME).exists()


def test_where_a_file_stands_in_the_way_of_our_folder_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "WSYNC").write_bytes(b"")
    with pytest.raises(Odd, match="改个名字"):
        Folder(tmp_path).put(NAME, lambda into: None)


class Refusing(Disk):
    """A disk that refuses one thing, from its n-th time on."""

    def __init__(self, what: str, number: int, after: int = 0) -> None:
        self.number, self.after = number, after
        setattr(self, what, self._refuse(getattr(self, what)))

    def _refuse(self, done: Callable[..., object]) -> Callable[..., object]:
        def refuse(*given: object) -> object:
            if self.after == 0:
                raise OSError(self.number, os.strerror(self.number))
            self.after -= 1
            return done(*given)

        return refuse


@pytest.mark.parametrize("what", ["make_folder", "create", "write", "flush", "rename", "flush_folder", "read_back"])
@pytest.mark.parametrize(("number", "failure"), [(errno.ENOSPC, NoSpace), (errno.EROFS, ReadOnly), (errno.EACCES, ReadOnly), (errno.EIO, Medium),
                                                 (errno.ENODEV, Pulled), (errno.ENXIO, Pulled)])
def test_whatever_the_stick_refuses_is_told_and_leaves_no_half_file(tmp_path: Path, what: str, number: int, failure: type[Trouble]) -> None:
    with pytest.raises(failure) as told:
        Folder(tmp_path, disk=Refusing(what, number)).put(NAME, lambda into: into.write(BYTES))
    assert told.value.text.endswith("。")
    assert set(files(tmp_path)) <= ({NAME} if what in ("flush_folder", "read_back") else set())


def test_no_space_is_seen_before_writing_and_told_in_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "free", lambda self, path: 5 << 20)
    with pytest.raises(NoSpace, match=r"需要 11\.0 MB，只剩 5\.0 MB") as told:
        Folder(tmp_path).put(NAME, lambda into: None, size=10 << 20)
    assert told.value.needed == 11 << 20 and files(tmp_path) == {} and not (tmp_path / "WSYNC").exists()


def test_the_officer_stops_it_and_no_half_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="已停止"):
        Folder(tmp_path).put(NAME, lambda into: into.write(BYTES), lambda done, total: done == 0)
    assert files(tmp_path) == {}


def test_our_own_bug_while_filling_passes_through_and_leaves_no_half_file(tmp_path: Path) -> None:
    def fill(into: BinaryIO) -> None:
        into.write(BYTES)
        raise KeyError("bug")

    with pytest.raises(KeyError):
        Folder(tmp_path).put(NAME, fill)
    assert files(tmp_path) == {}


def test_a_stick_that_forgets_what_it_took_is_found_out(tmp_path: Path) -> None:
    class Fake(Disk):
        def rename(self, source: Path, target: Path) -> None:
            source.write_bytes(source.read_bytes()[:-1000] + bytes(1000))
            super().rename(source, target)

    with pytest.raises(Medium, match="换一个U盘"):
        Folder(tmp_path, disk=Fake()).put(NAME, lambda into: into.write(BYTES))
    assert files(tmp_path) == {}


def test_the_empty_mount_point_of_a_pulled_stick_is_not_taken_for_the_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = Folder(tmp_path)
    monkeypatch.setattr(carrier, "_device", -1)
    with pytest.raises(Pulled):
        carrier.put(NAME, lambda into: into.write(BYTES))
    with pytest.raises(Pulled):
        carrier.settle()
    with pytest.raises(Pulled):
        Folder(tmp_path / "none")


def test_a_stick_pulled_while_it_is_read_is_told(tmp_path: Path) -> None:
    class Torn(Disk):
        def open(self, path: Path) -> int:
            return os.open(path, os.O_WRONLY)  # reading then fails as on a device that is gone: EBADF

    Folder(tmp_path).put(NAME, lambda into: into.write(BYTES))
    with Folder(tmp_path, disk=Torn()).open_read(NAME) as handle, pytest.raises(Pulled, match="重新插好"):
        handle.read(1)


@pytest.mark.parametrize(("number", "failure"), [(19, ReadOnly), (21, Pulled), (1167, Pulled), (23, Medium), (1117, Medium)])
def test_windows_says_it_more_exactly(number: int, failure: type[Trouble]) -> None:
    error = OSError(errno.EACCES, "")
    error.winerror = number  # type: ignore[attr-defined,unused-ignore]
    with pytest.raises(failure), sorted_out(lambda: True):
        raise error


def test_old_parcels_of_ours_are_cleared_and_nobody_elses(tmp_path: Path) -> None:
    carrier, other = Folder(tmp_path), name_of(TOWN, bytes(16))
    for name in (NAME, name_of(TOWN, PARCEL, 2), other):
        carrier.put(name, lambda into: into.write(b"xyz"))
    (tmp_path / f"{NAME}.part").write_bytes(b"half")
    (tmp_path / "年报.docx").write_bytes(b"theirs")
    assert clear(carrier, {PARCEL}) == 10
    assert set(files(tmp_path)) == {other, "年报.docx"}


def test_it_never_says_that_a_stick_may_be_pulled_when_it_was_not_ejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = Stick(tmp_path, "PINGAN", 1, False, "vfat", "/dev/none")
    assert Folder(tmp_path).settle().free_to_go
    for ejected in (False, True):
        monkeypatch.setattr(sticks, "eject", lambda told, ejected=ejected: ejected and told is stick)
        settled = Folder(tmp_path, stick).settle()
        assert settled.free_to_go is ejected
        assert ("可以拔出" in settled.text) is ejected and ("安全弹出" in settled.text) is not ejected


def test_sizes_are_told_as_an_officer_reads_them() -> None:
    assert [in_words(n) for n in (0, 1023, 1024, 1536 << 10, 5 << 30, 5 << 40)] == ["0 B", "1023 B", "1.0 KB", "1.5 MB", "5.0 GB", "5120.0 GB"]


@pytest.mark.skipif(sys.platform != "linux", reason="the cache is looked at as Linux tells of it")
def test_the_order_is_flush_rename_flush_the_folders_and_read_back(tmp_path: Path) -> None:
    done = list[str]()

    class Watched(Disk):
        def __getattribute__(self, name: str) -> object:
            if not name.startswith("_"):
                done.append(name)
            return super().__getattribute__(name)

    Folder(tmp_path, disk=Watched()).put(NAME, lambda into: into.write(BYTES))
    assert done == ["free", "make_folder", "make_folder", "create", "write", "write", "write", "flush", "close", "rename",
                    "flush_folder", "flush_folder", "flush_folder", "read_back"]
