"""What a program notes beside the ledger is read back, and what somebody spoilt by hand counts as never noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gridapp.store.remembered import recall, remember


@dataclass
class Notes:
    days: int = 3
    names: list[str] = field(default_factory=list)


def test_what_was_noted_is_read_back(tmp_path: Path) -> None:
    remember(Notes(5, ["王建国"]), tmp_path / "notes.json")
    assert recall(Notes(), tmp_path / "notes.json") == Notes(5, ["王建国"])


@pytest.mark.parametrize(("said", "left"), [(b"", Notes()), (b"[1]", Notes()), (b"\xff\xfe", Notes()), (b'{"days": "5", "names": ["a"]}', Notes(3, ["a"])),
                                            (b'{"days": 4, "weeks": 1}', Notes(4))])
def test_what_cannot_be_understood_stays_as_it_begins(tmp_path: Path, said: bytes, left: Notes) -> None:
    (tmp_path / "notes.json").write_bytes(said)
    assert recall(Notes(), tmp_path / "notes.json") == left


def test_what_was_never_noted_stays_as_it_begins(tmp_path: Path) -> None:
    assert recall(Notes(), tmp_path / "none.json") == Notes()
