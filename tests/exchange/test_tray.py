"""The tray: what is new on a stick is opened, what is for others is only counted, what is spoilt says so; nothing is left behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.exchange import incoming, tray
from gridapp.exchange.carriers import Folder
from gridapp.exchange.carriers.troubles import Stopped
from gridapp.ledger import Ledger
from tests.exchange import handing


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        yield handing.joined(town, made, tmp_path)


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where parcels are copied to while they are looked at."""
    made = tmp_path / "copies"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def test_what_is_new_is_opened_and_what_was_taken_in_is_counted(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    with tray.look(town, Folder(stick)) as found:
        [received] = found.ready
        assert received.name == "青后叶村一号机" and (found.known, found.others, found.refused, found.empty) == (0, 0, [], False)
        incoming.take_in(town, received)
        found.drop()
        assert found.ready == []
    with tray.look(town, Folder(stick)) as again:
        assert again.empty and again.known == 1


def test_what_is_for_others_is_only_counted(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        handing.hand(village_pc, None, stick)
        with tray.look(other, Folder(stick)) as found:
            assert found.empty and found.others == 1


def test_what_is_spoilt_says_so_and_the_rest_is_opened(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    for _time in range(2):
        handing.hand(village_pc, None, stick)
    spoilt = sorted(stick.rglob("*.wsb"))[0]
    data = bytearray(spoilt.read_bytes())
    data[200] ^= 1
    spoilt.write_bytes(data)
    with tray.look(town, Folder(stick)) as found:
        assert len(found.ready) == 1 and len(found.refused) == 1 and "损坏" in found.refused[0]


def test_it_can_be_stopped_and_nothing_stays_behind(town: Ledger, village_pc: Ledger, stick: Path, copies: Path) -> None:
    for _time in range(2):
        handing.hand(village_pc, None, stick)
    with pytest.raises(Stopped):
        tray.look(town, Folder(stick), lambda done, _total: done < 1)
    assert list(copies.iterdir()) == []
    found = tray.look(town, Folder(stick))
    assert len(list(copies.iterdir())) == 2
    found.close()
    found.close()
    assert list(copies.iterdir()) == []


def test_the_answer_of_a_town_is_its_own_at_the_town_and_known_at_the_village(town: Ledger, tmp_path: Path, stick: Path) -> None:
    with handing.a_village(tmp_path / "village.grid") as made:
        handing.joined(town, made, stick)
        assert [p.name for p in stick.iterdir() if p.suffix == ".wsb"] == ["回复.wsb"]
        with tray.look(town, Folder(stick)) as found:
            assert (found.empty, found.known, found.others) == (True, 0, 0), "the town wrote it itself: nothing is said of others"
        with tray.look(made, Folder(stick)) as found:
            assert (found.empty, found.known, found.others) == (True, 1, 0)


def test_a_file_with_a_name_of_ones_own_is_taken_in_once(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    moved = tmp_path / "moved"
    moved.mkdir()
    next(stick.rglob("*.wsb")).rename(moved / "青后叶村.wsb")
    (moved / "别的.wsb").write_bytes(b"short")
    with tray.look(town, Folder(moved)) as found:
        [received] = found.ready
        incoming.take_in(town, received)
        assert len(found.refused) == 1, "what is no parcel says so"
    with tray.look(town, Folder(moved)) as again:
        assert (again.ready, again.known) == ([], 1)
