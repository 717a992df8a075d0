"""Backups at the windowless door: taken, listed, copied to a stick, restored on a fresh PC; before an import one is taken by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gridapp import places
from gridapp.store import reserve
from tests import ledgers
from tests.fixtures import WORKBOOK
from tests.flows.test_door import Door


@pytest.fixture
def door(village_ledger: Path, tmp_path: Path) -> Door:
    made = Door(tmp_path)
    ledgers.copy(village_ledger, Path(made.ledger))
    return made


def test_from_a_stick_to_a_fresh_pc(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B4 at the door: a backup, a stick, another PC, the password: the same digest."""
    before = door.told("digest")
    (tmp_path / "stick").mkdir()
    made, sent = door.told("backup", "-o", tmp_path / "stick")
    assert made["seq"] == sent["seq"] == 1 and door.told("backups")[0]["file"] == made["file"]
    monkeypatch.setenv("GRIDAPP_HOME", str(tmp_path / "fresh"))
    shutil.rmtree(Path(made["file"]).parent)
    to = tmp_path / "fresh" / "台账.grid"
    restored = door.told("restore", sent["file"], "--to", to)
    assert restored["aside"] is None and restored["seq"] == 1
    door.ledger = to
    assert door.told("digest") == before and door.told("verify")["ok"]


def test_restoring_over_a_ledger_moves_it_aside(door: Door, tmp_path: Path) -> None:
    made = door.told("backup")[0]
    before = door.told("digest")
    door.told("undo")
    wrong = tmp_path / "wrong"
    wrong.write_text("not this one at all\n", "utf-8")
    assert "密码不对" in door.run("restore", made["file"], password=wrong, expect=2)
    assert door.told("digest") != before
    restored = door.told("restore", made["file"])
    assert (Path(restored["aside"]) / "a.grid").exists() and door.told("digest") == before
    assert "gridbak" in door.run("restore", WORKBOOK, expect=2)


def test_one_is_taken_before_an_import_and_keys_come_back_from_it(door: Door) -> None:
    door.told("import", WORKBOOK)
    taken = door.told("backups")
    assert [row["reason"] for row in taken] == ["import"]
    for ending in (".keys", ".keys2"):
        Path(f"{door.ledger}{ending}").unlink()
    assert "密钥文件" in door.run("digest", expect=3)
    door.told("bring-back-keys")
    assert door.told("find", "彭兵")


def test_the_reserve_is_given_back(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "SIZE", 1 << 20)
    assert reserve.keep(Path(door.ledger))
    assert door.told("release-reserve") == {"released": 1 << 20} and door.told("release-reserve") == {"released": 0}
    assert places.data_dir().exists()
