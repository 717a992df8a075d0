"""Another key for a ledger (promise K4): everybody who stays comes in, whoever left does not, and a cut at any point is made good."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.store import files, rekey
from gridapp.store.database import Damaged
from gridapp.store.files import DiskFull
from gridapp.store.refusals import KeysTurning, LastSlot, WrongPassword
from gridapp.store.slots import Vault
from tests import ledgers

SECOND = "第二位网格员的长密码"
#: every step of a rotation that reaches the disk, by the call that is cut off in front of it
STEPS = ("keys", "keys2", "log", "pages", "log again", "keys in the end", "keys2 in the end")


@pytest.fixture
def shared(ledger: Ledger) -> Ledger:
    """A ledger with somebody in it and a second officer."""
    ledgers.a_person(ledger)
    ledger.add_password(2, "officer 2", SECOND)
    return ledger


def opens(path: Path, password: str, digest: str) -> bool:
    """Whether the password opens the whole ledger; never a wrong or damaged one."""
    try:
        with Ledger.open(path, password, wall=ledgers.Clock()) as opened:
            assert opened.digest() == digest and opened.verify().faults == ()
            return True
    except WrongPassword:
        return False


def files_of(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in path.parent.iterdir() if p.is_file() and p.suffix != ".lock"}


def test_who_left_comes_in_no_more_and_all_others_do(shared: Ledger) -> None:
    old, digest, before = Vault.key_of(shared.path, SECOND), shared.digest(), files_of(shared.path)
    shared.rotate(shared.slots_of(2))
    ledgers.a_person(shared, "李红", ledgers.NUMBERS[1])
    assert shared.digest() != digest and shared.verify().faults == ()
    digest = shared.digest()
    shared.close()
    assert not rekey.opens_with(shared.path, old)
    assert opens(shared.path, ledgers.PASSWORD, digest) and not opens(shared.path, SECOND, digest)
    for ending in (".keys", ".keys2"):  # his own copy of the key file from before opens nothing either
        shared.path.with_name(shared.path.name + ending).write_bytes(before[shared.path.name + ending])
    with pytest.raises(Damaged):
        Ledger.open(shared.path, SECOND, wall=ledgers.Clock())


def test_photos_and_signatures_stay_as_they_were(shared: Ledger) -> None:
    """They hang on secrets inside the ledger."""
    device = shared.device
    shared.keep_secret("photos", "a secret")
    shared.rotate()
    assert (shared.device, shared.secret("photos")) == (device, "a secret")
    assert shared.verify().faults == ()


def test_no_page_under_the_old_key_is_left(shared: Ledger) -> None:
    old = [files_of(shared.path)[shared.path.name][at:at + 4096] for at in range(4096, 12 * 4096, 4096)]
    shared.rotate()
    now = b"".join(files_of(shared.path).values())
    assert not any(page in now for page in old)


def test_nobody_is_locked_out_by_a_rotation(shared: Ledger) -> None:
    key = Vault.key_of(shared.path, ledgers.PASSWORD)
    with pytest.raises(LastSlot):
        shared.rotate([slot.id for slot in shared.slots()])
    assert Vault.key_of(shared.path, ledgers.PASSWORD) == key
    assert ledgers.a_person(shared, "李红", ledgers.NUMBERS[1])


def cut(monkeypatch: pytest.MonkeyPatch, step: int, how: Callable[[], object]) -> None:
    """Let `how` happen instead of the step with this number."""
    left = [step]

    def counted(really: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object) -> object:
            left[0] -= 1
            if left[0] == -1:
                how()
            return really(*words)

        return call

    monkeypatch.setattr("gridapp.store.keyfile.write_whole", counted(files.write_whole))
    monkeypatch.setattr(rekey, "_log_taken_in", counted(rekey._log_taken_in))
    monkeypatch.setattr(rekey, "_turned", counted(rekey._turned))


def full() -> None:
    raise DiskFull


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_write_that_fails_at_any_step_loses_nothing(shared: Ledger, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The officer is told, may go on working, and the next opening finishes what was begun."""
    with monkeypatch.context() as patch:
        cut(patch, step, full)
        with pytest.raises(DiskFull):
            shared.rotate(shared.slots_of(2))
    ledgers.a_person(shared, "李红", ledgers.NUMBERS[1])
    digest = shared.digest()
    if 0 < step < len(STEPS) - 1:
        with pytest.raises(KeysTurning):
            shared.rotate()
    shared.close()
    assert opens(shared.path, ledgers.PASSWORD, digest)
    assert opens(shared.path, SECOND, digest) == (step == 0)
    assert Vault.load(shared.path).coming is None


KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
from gridapp.ledger import Ledger
from tests import ledgers
from tests.ledger.test_rotation import cut
with pytest.MonkeyPatch.context() as patch, Ledger.open(Path(sys.argv[1]), ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
    cut(patch, int(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL))
    ledger.rotate(ledger.slots_of(2))
"""


@pytest.mark.parametrize("step", range(len(STEPS)), ids=STEPS)
def test_a_kill_at_any_step_is_made_good_at_the_next_opening(shared: Ledger, tmp_path: Path, step: int) -> None:
    digest = shared.digest()
    shared.close()
    ran = subprocess.run([sys.executable, "-c", KILLED, str(shared.path), str(step)], cwd=Path(__file__).parents[2], capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()
    kept = tmp_path / "kept"
    shutil.copytree(shared.path.parent, kept)
    assert opens(shared.path, ledgers.PASSWORD, digest)
    assert opens(shared.path, SECOND, digest) == (step == 0)
    assert not opens(kept / shared.path.name, SECOND, digest) or step == 0, "whoever left comes first"


def test_a_rotation_that_was_cut_short_is_cut_short_again(shared: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails twice: also finishing may be interrupted anywhere."""
    digest = shared.digest()
    with monkeypatch.context() as patch:
        cut(patch, 3, full)
        with pytest.raises(DiskFull):
            shared.rotate()
    shared.close()
    for step in (0, 1, 2, 0, 1):  # after the third the pages are turned, and only the key file is left to write
        with monkeypatch.context() as patch:
            cut(patch, step, full)
            with pytest.raises(DiskFull):
                Ledger.open(shared.path, ledgers.PASSWORD, wall=ledgers.Clock())
    assert opens(shared.path, ledgers.PASSWORD, digest)
