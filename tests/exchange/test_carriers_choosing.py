"""A place as the officer or a script gives it, and the carrier that stands behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.exchange.carriers import Folder, carrier_at, name_of, sticks
from gridapp.exchange.carriers.https import Https
from gridapp.exchange.carriers.remote import Remote
from gridapp.exchange.carriers.stick import Stick
from gridapp.exchange.carriers.troubles import NoSuchWay, Pulled


@pytest.mark.parametrize("as_address", [False, True])
def test_a_path_is_a_folder_with_blanks_and_chinese_too(tmp_path: Path, as_address: bool) -> None:
    place = tmp_path / "平安 U盘"
    place.mkdir()
    carrier = carrier_at(place.as_uri() if as_address else str(place))
    assert isinstance(carrier, Folder) and carrier.root == place and carrier.stick is None
    carrier.put(name_of("age1town", bytes(16)), lambda into: into.write(b"x"))
    assert [path.read_bytes() for path in place.rglob("*.wsb")] == [b"x"]


def test_a_folder_on_a_stick_knows_its_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = Stick(tmp_path, "a", 5, False, "vfat")
    monkeypatch.setattr(sticks, "plugged_in", lambda: [stick])
    (tmp_path / "below").mkdir()
    carrier = carrier_at(str(tmp_path / "below"))
    assert isinstance(carrier, Folder) and carrier.stick is stick


def test_an_address_is_what_it_says() -> None:
    assert isinstance(carrier_at("https://town.example", "t"), Https) and isinstance(carrier_at("memory://hub"), Remote)


@pytest.mark.parametrize("place", ["http://town.example", "nonsense://town", "https://"])
def test_what_nobody_opens_is_told_and_nothing_goes_in_the_clear(place: str) -> None:
    with pytest.raises(NoSuchWay, match="地址"):
        carrier_at(place)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Pulled):
        carrier_at(str(tmp_path / "none"))
