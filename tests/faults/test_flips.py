"""A flipped bit beside the ledger (in its keys, its tip): the other copy serves, or nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

from tests.faults import flips


def test_no_flipped_bit_gives_a_wrong_answer_in_silence(tmp_path: Path) -> None:
    counts = flips.flip_often(tmp_path, 60, at_most=30)
    assert all(count.total() == 5 for count in counts.values())
    assert [ending for ending, count in counts.items() if count["a wrong answer in silence"]] == []
    assert [counts[ending]["no effect"] for ending in (flips.CLOSED, "-wal")] == [0, 0]
    assert [counts[ending]["told"] for ending in (".keys", ".keys2", ".tip")] == [0, 0, 0]
