"""Files that are whole or absent, and the lock that keeps a second program out."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridapp.errors import Trouble
from gridapp.store import files
from gridapp.store.files import CannotWrite, DiskFull, InUse, Lock, Sink, write_streamed, write_whole, write_with


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_a_file_is_written_and_written_over(tmp_path: Path) -> None:
    for content in (b"one", b"", b"two" * 100_000):
        write_whole(tmp_path / "设置.json", content)
        assert (tmp_path / "设置.json").read_bytes() == content
    assert names(tmp_path) == {"设置.json"}


@pytest.mark.parametrize(("number", "failure"), [
    (errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, CannotWrite), (errno.EROFS, CannotWrite), (errno.EIO, CannotWrite)])
def test_a_disk_that_refuses_leaves_the_old_file_and_no_half_one(tmp_path: Path, number: int, failure: type[Trouble]) -> None:
    def fill(half: Path) -> None:
        half.write_bytes(b"half")
        raise OSError(number, os.strerror(number))

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(failure) as told:
        write_with(tmp_path / "a", fill)
    assert told.value.text.endswith("。")
    assert (tmp_path / "a").read_bytes() == b"old" and names(tmp_path) == {"a"}


def test_our_own_bug_while_filling_passes_through_and_leaves_no_half_file(tmp_path: Path) -> None:
    def fill(half: Path) -> None:
        half.write_bytes(b"half")
        raise KeyError("bug")

    with pytest.raises(KeyError):
        write_with(tmp_path / "a", fill)
    assert names(tmp_path) == set()


def test_content_is_on_the_disk_before_the_name_points_at_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("flush"), fsync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda half, path: (done.append("name"), replace(half, path))[1])
    write_whole(tmp_path / "a", b"new")
    assert done[:2] == ["flush", "name"]
    assert done[2:] == (["flush"] if os.name != "nt" else [])


def test_a_disk_that_lies_is_found_out_by_reading_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: open(self, "wb").close())
    with pytest.raises(CannotWrite):
        write_whole(tmp_path / "a", b"new")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "a", tmp_path / ("长" * 200)):
        with pytest.raises(CannotWrite, match="无法写入"):
            write_whole(path, b"x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        write_whole(tmp_path / "file" / "a", b"x")


def test_a_lock_is_held_once_and_let_go(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "a.lock")
    with pytest.raises(InUse, match=f"另一个窗口或程序中打开（本机，进程 {os.getpid()}，从 "):
        Lock(tmp_path / "a.lock")
    lock.release()
    Lock(tmp_path / "a.lock").release()


def test_a_lock_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_bytes(b"")
    with pytest.raises(CannotWrite):
        Lock(tmp_path / "file.txt" / "none" / "a.lock")


HOLD = "import sys; from pathlib import Path; from gridapp.store.files import Lock; lock = Lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


def test_another_program_is_kept_out_until_it_is_gone_even_killed(tmp_path: Path) -> None:
    root = Path(files.__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "a.lock")], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(InUse):
            Lock(tmp_path / "a.lock")
        other.kill()
        other.wait()
    Lock(tmp_path / "a.lock").release()


@pytest.mark.skipif(os.name == "nt", reason="Windows flushes no folders")
def test_new_folders_are_on_the_disk_before_anything_is_put_into_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr(files, "_flush_folder", flushed.append)
    for _again in range(2):
        files.make_folder(tmp_path / "照片" / "a0")
        assert (tmp_path / "照片" / "a0").is_dir() and flushed == [tmp_path, tmp_path / "照片"]


@pytest.mark.parametrize("told", [None, b"", b"\xff", b"[]", b'{"a": 1}', b'["x", 1, "y"]', b'["x", 1, 1e99]'])
def test_a_holder_who_did_not_say_who_it_is_is_refused_all_the_same(told: bytes | None, tmp_path: Path) -> None:
    lock, holder = Lock(tmp_path / "a.lock"), tmp_path / "a.lock.holder"
    holder.unlink() if told is None else holder.write_bytes(told)
    with pytest.raises(InUse) as refused:
        Lock(tmp_path / "a.lock")
    assert refused.value.holder == "" and "（" not in refused.value.text
    lock.release()
    assert not holder.exists()


def test_a_holder_on_another_pc_is_named(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "a.lock")
    (tmp_path / "a.lock.holder").write_text('["村委会-02", 77, 1795492800]', "utf-8")
    with pytest.raises(InUse, match="电脑“村委会-02”，进程 77，从 11-24 12:00 起"):
        Lock(tmp_path / "a.lock")
    lock.release()


def test_what_is_written_piece_by_piece_is_whole_or_absent(tmp_path: Path) -> None:
    def fill(sink: Sink) -> int:
        for piece in (b"ab", b"cd"):
            sink.write(piece)
        return 2

    assert write_streamed(tmp_path / "a", fill) == 2
    assert (tmp_path / "a").read_bytes() == b"abcd"

    def broken(sink: Sink) -> int:
        sink.write(b"x")
        raise KeyError

    with pytest.raises(KeyError):
        write_streamed(tmp_path / "a", broken)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"abcd")]


def test_a_drive_that_keeps_something_else_is_said_before_the_old_file_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr("gridapp.store.files.file_digest", lambda _handle, make: make())
    with pytest.raises(CannotWrite):
        write_streamed(tmp_path / "a", lambda sink: sink.write(b"new"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
