"""Photos on their way: the records go as data, the bytes where there is room, and both sides count the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.exchange import arriving, outgoing, pictures
from gridapp.exchange.carriers import Folder
from gridapp.exchange.carriers.folder import BESIDE
from gridapp.ledger import Acting, Ledger
from gridapp.records import Photo
from tests.exchange import handing

FACES = [b"\xff\xd8 face %d " % n + bytes([n % 251]) * 900 for n in range(175)]


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        made.officer = 1
        yield handing.joined(town, made, tmp_path)


class Small(Folder):
    """A stick with room for data only."""

    def free_space(self) -> int:
        return BESIDE + 60_000


def keep(act: Acting, photos: list[tuple[bytes, int]]) -> None:
    for content, size in photos:
        act.add(Photo(content=content.hex(), size=size, caption="登记照"))


def take_pictures(ledger: Ledger, faces: list[bytes]) -> None:
    kept = pictures.album(ledger)
    ledger.do(keep, [(kept.put(face), len(face)) for face in faces])


def test_all_of_them_arrive_and_are_what_they_were(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    take_pictures(village_pc, FACES)
    told = handing.hand(village_pc, None, tmp_path)
    assert (len(told.plan.photos), told.photos_left) == (175, 0)
    [taken] = handing.take(town, tmp_path)
    assert (taken.photos, taken.wanted) == (175, 0)
    kept = pictures.album(town)
    assert sorted(kept.get(name) for name in town.ask(pictures.named)) == sorted(FACES)


def test_on_a_small_stick_the_data_go_first_and_the_photos_with_the_next(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    take_pictures(village_pc, FACES)
    to = outgoing.receiver(village_pc)
    told = outgoing.hand_over(village_pc, to, Small(tmp_path))
    assert told.photos_left == 175 and told.written.photos == 0
    [taken] = handing.take(town, tmp_path)
    assert (taken.photos, taken.wanted) == (0, 175)
    handing.hand(town, "青后叶村一号机", tmp_path)
    handing.take(village_pc, tmp_path)
    again = handing.hand(village_pc, None, tmp_path)
    assert again.written.photos == 175, "the town has asked for them"
    [came] = handing.take(town, tmp_path)
    assert (came.photos, came.wanted) == (175, 0)


def test_a_photo_nobody_named_is_not_kept(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    take_pictures(village_pc, FACES[:2])
    stick = tmp_path / "stick"
    stick.mkdir()
    handing.hand(village_pc, None, stick)
    carrier = Folder(stick)
    [arrival] = arriving.find(town, carrier)
    with arriving.receive_from(town, carrier, arrival) as received:
        assert pictures.take(town, received.opened) == (0, 0), "its records are not in yet"


def test_one_picture_of_two_people_is_one_content(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    take_pictures(village_pc, [FACES[0], FACES[0]])
    assert handing.hand(village_pc, None, tmp_path).written.photos == 1
    [taken] = handing.take(town, tmp_path)
    assert (taken.photos, taken.wanted) == (1, 0)


def test_photos_that_would_fill_the_disk_wait_for_the_next_parcel(town: Ledger, village_pc: Ledger, tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """More than half of what is free is not taken; the records are, and nothing is lost: the photos are asked for again."""
    take_pictures(village_pc, FACES)
    size, stick = sum(map(len, FACES)), tmp_path / "stick"
    stick.mkdir()
    handing.hand(village_pc, None, stick)
    monkeypatch.setattr(pictures, "_free", lambda _path: 2 * size - 1)
    [taken] = handing.take(town, stick)
    assert (taken.photos, taken.wanted) == (0, 175) and any("一半以上" in note for note in taken.notes)
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    handing.hand(village_pc, None, stick)
    monkeypatch.setattr(pictures, "_free", lambda _path: 2 * size)
    [came] = handing.take(town, stick)
    assert (came.photos, came.wanted, came.notes) == (175, 0, ())
