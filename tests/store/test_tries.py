"""Wrong passwords (promise A3): the wait after five, doubling to a quarter of an hour, over restarts and clocks that were set back."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.store.refusals import MustWait, WrongPassword
from gridapp.store.tries import ENDING, Tries
from tests.ledgers import NOON, Clock


def wrong(path: Path, clock: Clock, officer: int | None = 1, times: int = 1) -> None:
    """Each try is another start of the program, as soon as it is heard again."""
    for _again in range(times):
        clock.ms += Tries(path, officer, clock).wait()
        with pytest.raises(WrongPassword), Tries(path, officer, clock).counted():
            raise WrongPassword


def wait(path: Path, clock: Clock, officer: int | None = 1) -> float:
    return Tries(path, officer, clock).wait() / 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.grid"


def test_four_slips_cost_nothing_and_a_right_password_forgets_them(path: Path) -> None:
    clock = Clock()
    wrong(path, clock, times=4)
    assert wait(path, clock) == 0
    with Tries(path, 1, clock).counted():
        pass
    wrong(path, clock, times=4)
    assert wait(path, clock) == 0


def test_the_wait_doubles_to_a_quarter_of_an_hour_and_is_never_for_ever(path: Path) -> None:
    clock, waits = Clock(), []
    wrong(path, clock, times=4)
    for _again in range(30):
        wrong(path, clock)
        waits.append(wait(path, clock))
        with pytest.raises(MustWait), Tries(path, 1, clock).counted():
            raise AssertionError("not even tried")
        clock.ms += int(waits[-1] * 1000) - 1
        assert wait(path, clock) > 0
        clock.ms += 1
    assert waits == [30, 60, 120, 240, 480] + [900] * 25
    with Tries(path, 1, clock).counted():
        pass
    assert wait(path, clock) == 0


@pytest.mark.parametrize(("seconds", "said"), [(30, "请等 30 秒"), (59, "请等 59 秒"), (60, "请等 1 分钟"), (61, "请等 2 分钟"), (900, "请等 15 分钟")])
def test_the_sentence_says_how_long(seconds: int, said: str) -> None:
    assert said in MustWait(seconds).text


def test_a_clock_set_back_makes_the_whole_wait_begin_anew(path: Path) -> None:
    clock = Clock()
    wrong(path, clock, times=6)
    clock.ms += 50_000
    assert wait(path, clock) == 10
    clock.ms = NOON - 86_400_000
    assert wait(path, clock) == 60
    clock.ms += 59_000
    assert wait(path, clock) == 1
    clock.ms += 1_000
    assert wait(path, clock) == 0


def test_each_officer_and_each_ledger_waits_for_itself(path: Path) -> None:
    clock = Clock()
    wrong(path, clock, officer=None, times=6)
    wrong(path, clock, officer=1, times=5)
    assert (wait(path, clock, 1), wait(path, clock, None), wait(path, clock, 2)) == (30, 60, 0)
    assert wait(path.with_name("b.grid"), clock) == 0
    clock.ms += 60_000
    with Tries(path, 1, clock).counted():
        pass
    wrong(path, clock, officer=None)
    assert (wait(path, clock, 1), wait(path, clock, None)) == (0, 120)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"1": 3}', b'{"1": [9]}', b'{"1": ["9", 0]}', b'{"1": [-1, 0]}', b"\xff", b"[" * 100_000], ids=repr)
def test_a_damaged_count_keeps_nobody_out_and_is_written_anew(path: Path, content: bytes) -> None:
    path.with_name(path.name + ENDING).write_bytes(content)
    clock = Clock()
    assert wait(path, clock) == 0
    wrong(path, clock, times=5)
    assert wait(path, clock) == 30


def test_other_failures_are_not_counted(path: Path) -> None:
    for _again in range(9):
        with pytest.raises(KeyError), Tries(path, 1, Clock()).counted():
            raise KeyError
    assert wait(path, Clock()) == 0 and not list(path.parent.iterdir())


def test_where_nothing_can_be_written_nobody_is_kept_out(tmp_path: Path) -> None:
    wrong(tmp_path / "no folder" / "a.grid", Clock(), times=9)
    assert wait(tmp_path / "no folder" / "a.grid", Clock()) == 0
