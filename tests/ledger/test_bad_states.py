"""Bad states: each gets a clear sentence, nothing is lost, and nothing is ever answered wrongly in silence."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gridapp.errors import Sorted
from gridapp.ledger import Ledger
from gridapp.ledger.beside import ActsMissing, AlreadyThere
from gridapp.store.database import Damaged, NoLedger, NotALedger
from gridapp.store import files
from gridapp.store.files import CannotWrite, InUse
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import KeysMissing, WrongPassword
from gridapp.store.slots import Vault
from tests import ledgers


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def flip(file: Path, place: int) -> None:
    with file.open("r+b") as handle:
        handle.seek(place)
        byte = handle.read(1)[0]
        handle.seek(place)
        handle.write(bytes([byte ^ 0x01]))


def crashed(ledger: Ledger, folder: Path) -> Path:
    """The files as a kill leaves them: the log is not yet taken into the ledger file."""
    path = folder / ledger.path.name
    folder.mkdir(parents=True)
    for ending in ("", "-wal", ".keys", ".keys2", ".tip"):
        shutil.copy(beside(ledger.path, ending), beside(path, ending))
    assert beside(path, "-wal").stat().st_size > 0
    return path


# ---------------------------------------------------------------- what is opened is no ledger

@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("a.xlsx", b"PK\x03\x04" + bytes(4092), "不是平安网格的台账文件"),
    ("b.txt", "不是台账".encode(), "不是平安网格的台账文件"),
    ("c.grid", b"", "不是平安网格的台账文件"),
    ("d.grid", random.Random(1).randbytes(5000), "不是平安网格的台账文件"),
    ("e.grid", random.Random(2).randbytes(8192), "找不到或读不出密钥文件"),
    ("f.db", b"SQLite format 3\0" + bytes(4080), "不是平安网格的台账文件"),
], ids=["zip", "text", "empty", "noise", "noise of whole pages", "plain sqlite"])
def test_other_files_are_named_as_what_they_are_not(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    other = tmp_path / name
    other.write_bytes(content)
    with pytest.raises((NotALedger, KeysMissing), match=sentence):
        Ledger.open(other, ledgers.PASSWORD)
    assert other.read_bytes() == content and list(tmp_path.iterdir()) == [other]


def test_a_folder_and_a_missing_file_are_no_ledgers(tmp_path: Path) -> None:
    with pytest.raises(NotALedger):
        Ledger.open(tmp_path, ledgers.PASSWORD)
    for missing in (tmp_path / "none.grid", tmp_path / "no folder" / "none.grid"):
        with pytest.raises(NoLedger):
            Ledger.open(missing, ledgers.PASSWORD)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(4092), random.Random(3).randbytes(8192)],
                         ids=["empty", "zip", "noise"])
def test_a_ledger_overwritten_by_something_else_is_damaged_and_never_begun_anew(ledger: Ledger, content: bytes) -> None:
    ledger.close()
    ledger.path.write_bytes(content)
    with pytest.raises(Damaged, match="已损坏"):
        ledgers.reopen(ledger.path)
    assert ledger.path.read_bytes() == content


# ---------------------------------------------------------------- damage

@pytest.mark.parametrize("kept", [100, 4096, 40_000, 0.5, -4096, -1])
def test_a_truncated_ledger_is_damaged(ledger: Ledger, kept: float) -> None:
    ledgers.a_house(ledger)
    ledger.close()
    size = ledger.path.stat().st_size
    os.truncate(ledger.path, size + int(kept) if kept < 0 else int(size * kept) if kept < 1 else int(kept))
    with pytest.raises(Damaged, match="用最近的备份恢复"), ledgers.reopen(ledger.path) as opened:
        if opened.verify().faults:
            raise Damaged(ledger.path)


def told_about(path: Path) -> bool:
    """Whether opening or verifying says that something is wrong."""
    try:
        with ledgers.reopen(path) as opened:
            return opened.verify().faults != ()
    except Sorted:
        return True


def test_no_flipped_byte_of_the_file_goes_unnoticed(ledger: Ledger, tmp_path: Path) -> None:
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0])
    ledger.close()
    chance = random.Random(7)
    size = ledger.path.stat().st_size
    places = [0, 15, 16, 4015, 4016, 4095, size - 1] + [chance.randrange(size) for _ in range(20)]
    for number, place in enumerate(places):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = ledgers.copy(ledger.path, folder / "a.grid")
        flip(path, place)
        assert told_about(path), place


def test_no_flipped_byte_of_the_log_loses_an_act_in_silence(ledger: Ledger, tmp_path: Path) -> None:
    """SQLite takes a log only up to its first bad frame, without a word: the tip tells that an act is missing."""
    ledgers.a_house(ledger)
    ledgers.a_person(ledger)
    digest, chance = ledger.digest(), random.Random(8)
    size = beside(ledger.path, "-wal").stat().st_size
    missing = 0
    for number, place in enumerate([0, 8, 16, 24, 31, 32, 40, 48, size - 1] + [chance.randrange(size) for _ in range(16)]):
        path = crashed(ledger, tmp_path / str(number))
        flip(beside(path, "-wal"), place)
        try:
            with ledgers.reopen(path) as opened:
                assert opened.digest() == digest and opened.verify().faults == (), place
        except ActsMissing:
            missing += 1
    assert missing > 10


def test_a_ledger_copied_without_its_log_is_told_once_and_then_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    ledgers.a_person(ledger)
    path = crashed(ledger, tmp_path / "stick")
    damaged = beside(path, "-wal").read_bytes()[:-4096] + bytes(4096)
    beside(path, "-wal").write_bytes(damaged)
    with pytest.raises(ActsMissing, match="缺少最后保存的操作"):
        ledgers.reopen(path)
    assert beside(path, "-wal.kept").read_bytes() == damaged
    with ledgers.reopen(path) as opened:
        ledgers.a_person(opened, "吴丽", ledgers.NUMBERS[1])
        assert opened.verify().faults == ()
    ledgers.reopen(path).close()


def test_a_ledger_with_its_whole_log_opens_after_a_kill(ledger: Ledger, tmp_path: Path) -> None:
    ledgers.a_person(ledger)
    with ledgers.reopen(crashed(ledger, tmp_path / "whole")) as opened:
        assert opened.digest() == ledger.digest() and opened.verify().faults == ()


@pytest.mark.parametrize("tip", [None, b"", b"GRIDTIP1", bytes(40)], ids=["none", "empty", "short", "zeros"])
def test_a_ledger_without_a_readable_tip_is_as_good_a_ledger(ledger: Ledger, tip: bytes | None) -> None:
    ledgers.a_person(ledger)
    ledger.close()
    beside(ledger.path, ".tip").unlink()
    if tip is not None:
        beside(ledger.path, ".tip").write_bytes(tip)
    with ledgers.reopen(ledger.path) as opened:
        assert opened.verify().faults == ()


def test_a_flipped_byte_in_one_key_file_does_not_make_the_password_wrong(ledger: Ledger) -> None:
    ledger.close()
    keys = Vault.beside(ledger.path)
    whole = keys.read_bytes()
    for place in range(0, len(whole), 7):
        keys.write_bytes(whole[:place] + bytes([whole[place] ^ 0x01]) + whole[place + 1:])
        assert Vault.key_of(ledger.path, ledgers.PASSWORD)
    with pytest.raises(WrongPassword, match="密码不对"):
        Vault.key_of(ledger.path, "something else")


# ---------------------------------------------------------------- somebody else has it

def test_a_ledger_open_in_another_program_is_not_opened_twice(ledger: Ledger) -> None:
    holds = ("import sys; from gridapp.ledger import Ledger; from pathlib import Path; "
             "ledger = Ledger.open(Path(sys.argv[1]), sys.argv[2]); print('open', flush=True); sys.stdin.read()")
    ledger.close()
    other = subprocess.Popen([sys.executable, "-c", holds, str(ledger.path), ledgers.PASSWORD], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        with pytest.raises(InUse, match="正在另一个窗口或程序中打开"):
            ledgers.reopen(ledger.path)
    finally:
        other.communicate()
    ledgers.reopen(ledger.path).close()


def test_a_file_held_by_a_backup_program_is_told_and_nothing_is_written(ledger: Ledger) -> None:
    digest = ledger.digest()
    with ledger.home.engine.connect() as held:
        held.execution_options(sqlite_begin="IMMEDIATE")
        held.exec_driver_sql("SELECT 1")
        with ledger.home.engine.connect() as impatient:
            impatient.exec_driver_sql("PRAGMA busy_timeout = 0")
        with pytest.raises(InUse):
            ledgers.a_person(ledger)
    ledgers.a_person(ledger)
    assert ledger.digest() != digest and ledger.verify().faults == ()


@pytest.mark.parametrize("moves", range(4))
def test_a_new_ledger_that_was_cut_short_anywhere_can_be_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """The power fails after so many of its files have got their names."""
    path, done, really = tmp_path / "a.grid", list[Path](), files.move_flushed

    def move(source: Path, target: Path) -> None:
        if len(done) == moves:
            raise SystemExit
        really(source, target)
        done.append(target)

    with monkeypatch.context() as patch:
        patch.setattr("gridapp.ledger.beside.move_flushed", move)
        patch.setattr("gridapp.ledger.beside.sweep", lambda _path: None)
        with pytest.raises(SystemExit):
            ledgers.found(path)
    assert not path.exists() and len(done) == moves
    with ledgers.found(path) as ledger:
        assert ledger.verify().faults == ()
    assert not list(tmp_path.glob("*.new*"))
    with pytest.raises(AlreadyThere):
        ledgers.found(path)
    path.rename(tmp_path / "elsewhere.grid")
    with pytest.raises(AlreadyThere):
        ledgers.found(path)


def test_remains_that_cannot_be_removed_are_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a ledger that was cut short; and where clearing up afterwards fails, too, what went wrong first is told."""
    def fails(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "no", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", fails)
        with pytest.raises(CannotWrite):
            ledgers.found(tmp_path / "a.grid")
        patch.setattr("gridapp.ledger.beside.clear", lambda _path: None)
        with pytest.raises(WeakPassword):
            Ledger.create(tmp_path / "b.grid", "1", "officer 1", "v:330784108238")
    for name in ("a.grid", "b.grid"):
        with ledgers.found(tmp_path / name) as ledger:
            assert ledger.verify().faults == ()


def test_a_page_torn_by_a_power_cut_that_the_log_holds_whole_is_no_damage(ledger: Ledger, tmp_path: Path) -> None:
    """The cut came while the log was taken into the file: the cipher's own check reads past the log."""
    ledgers.a_person(ledger)
    path = crashed(ledger, tmp_path / "cut")
    page = _page_in_log(beside(path, "-wal"))
    with path.open("r+b") as handle:
        handle.seek((page - 1) * 4096 + 512)
        handle.write(bytes(512))
    with ledgers.reopen(path) as again:
        assert again.verify().faults == () and again.digest() == ledger.digest()


def _page_in_log(log: Path) -> int:
    """The page of the first frame."""
    return int.from_bytes(log.read_bytes()[32:36], "big")
