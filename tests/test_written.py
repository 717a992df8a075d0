"""A document that a command writes keeps what the others wrote."""

from __future__ import annotations

from pathlib import Path

from tests import written

HEAD = "# Measured\n\nEach part is written by a command.\n"


def test_a_part_is_put_anew_and_the_others_stay(tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    document.write_text(HEAD, "utf-8")
    written.put(document, "first", "one\n")
    written.put(document, "second", "two\n")
    written.put(document, "first", "three\n")
    assert document.read_text("utf-8") == f"{HEAD}\n## first\n\nthree\n\n## second\n\ntwo\n"


def test_every_append_is_measured(tmp_path: Path) -> None:
    taken = written.flushes(tmp_path)
    assert len(taken) == written.FLUSHES and min(taken) > 0
    assert (tmp_path / "flush").stat().st_size == 4096 * written.FLUSHES
