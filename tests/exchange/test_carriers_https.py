"""Parcels to and from the town's postbox: resumed after a line is cut, and never told as sent when they are not there."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp.exchange.carriers import Folder, https, lines, postbox
from gridapp.exchange.carriers.https import AT_ONCE, Https
from gridapp.exchange.carriers.troubles import Gone, Impostor, NoSuchWay, Stopped, Unreachable
from tests.exchange.postboxes import ANSWER, BYTES, NAME, TOKEN, Town, bad_line, certificate, put_headers


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), "town")


@pytest.fixture
def town(tmp_path: Path, papers: tuple[Path, Path]) -> Iterator[Town]:
    (tmp_path / "box").mkdir()
    made = Town(tmp_path / "box", papers)
    yield made
    made.close()


def ranges(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Where each piece begins that the postbox receives, and where it ends."""
    heard, plain = list[tuple[int, int]](), postbox._Request._receive

    def receive(self: Any, name: str, half: Path, start: int) -> int:
        try:
            return plain(self, name, half, start)
        finally:
            heard.append((start, half.stat().st_size))

    monkeypatch.setattr(postbox._Request, "_receive", receive)
    return heard


def test_a_parcel_goes_to_the_town_and_an_answer_comes_back(town: Town, tmp_path: Path) -> None:
    station, told = town.station(), list[int]()
    source = tmp_path / "source"
    source.write_bytes(BYTES)

    def progress(done: int, total: int) -> bool:
        told.append(done)
        return total == len(BYTES)

    station.put(NAME, source, progress)
    assert town.files() == {NAME: BYTES} and told == [0, AT_ONCE, 2 * AT_ONCE, len(BYTES)]
    assert station.list() == [], "what lies on the town's shelf is the town's"
    Folder(town.folder).put(ANSWER, lambda into: into.write(BYTES))
    assert station.list() == [(ANSWER, len(BYTES))]
    with station.open_read(ANSWER) as handle:
        assert handle.read(3) + handle.read() == BYTES and handle.seek(-4, os.SEEK_END) and handle.read() == b"rest"
    station.delete(ANSWER)
    station.delete(ANSWER)
    assert town.files() == {NAME: BYTES} and station.settle().free_to_go and station.free_space() is None


def test_the_same_parcel_twice_is_one(town: Town) -> None:
    for _ in range(2):
        town.station().put(NAME, lambda into: into.write(BYTES))
    assert town.files() == {NAME: BYTES}


@pytest.mark.parametrize("cuts", [[50_000], [AT_ONCE + 200_000], [3_000_000, 3_000_000, 2_000_000], [100]])
def test_a_line_cut_while_putting_is_taken_up_where_it_was_cut(town: Town, monkeypatch: pytest.MonkeyPatch, cuts: list[int]) -> None:
    heard = ranges(monkeypatch)
    with bad_line(town.port, cuts) as port:
        station = town.station(port=port)
        station.put(NAME, lambda into: into.write(BYTES))
    assert town.files() == {NAME: BYTES}
    starts = [start for start, _end in heard]
    assert starts[1:] == [end for _start, end in heard[:-1]], "what had arrived is not sent again"
    assert cuts[0] < 1_000_000 or any(start % AT_ONCE for start in starts), "it goes on in the middle of a piece"


def test_a_line_cut_while_reading_is_taken_up_where_it_was_cut(town: Town) -> None:
    Folder(town.folder).put(ANSWER, lambda into: into.write(BYTES))
    with bad_line(town.port, [5_000, 3_000_000, 3_000_000], back=True) as port:
        station = town.station(port=port)
        with station.open_read(ANSWER) as handle:
            assert handle.read() == BYTES


def test_a_line_that_is_dead_is_told_and_what_arrived_is_kept_for_the_next_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with bad_line(town.port, [AT_ONCE + 500_000, *[100] * (2 * lines.TRIES - 1)]) as port:
        with pytest.raises(Unreachable, match="接着传"):
            town.station(port=port).put(NAME, lambda into: into.write(BYTES))
        for _ in range(lines.TRIES):
            with pytest.raises(Unreachable):
                town.station(port=port).list()
    [(half, arrived)] = town.files().items()
    assert half == f"{NAME}.part" and BYTES.startswith(arrived) and len(arrived) >= AT_ONCE and town.station("h" * 40).list() == []
    heard = ranges(monkeypatch)
    town.station().put(NAME, lambda into: into.write(BYTES))
    assert heard[0][0] == len(arrived) and town.files() == {NAME: BYTES}


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable):
        Https(f"https://127.0.0.1:{port}", TOKEN).list()


def test_the_officer_stops_it_and_goes_on_later(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped):
        town.station().put(NAME, lambda into: into.write(BYTES), lambda done, total: done == 0)
    assert set(town.files()) == {f"{NAME}.part"} and town.station("h" * 40).list() == []
    heard = ranges(monkeypatch)
    town.station().put(NAME, lambda into: into.write(BYTES))
    assert heard[0][0] == AT_ONCE and town.files() == {NAME: BYTES}


@pytest.mark.parametrize("left", [b"another beginning", BYTES[:-1] + b"X", BYTES, BYTES + b"too long"])
def test_whatever_lies_there_from_an_earlier_try_ends_in_the_right_parcel(town: Town, left: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = ranges(monkeypatch)
    half = town.folder / f"{NAME}.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(left)
    town.station().put(NAME, lambda into: into.write(BYTES))
    assert town.files() == {NAME: BYTES}
    assert not left.startswith(BYTES) or heard == [(2 * AT_ONCE, len(BYTES))], "what is whole already is only finished"


def test_another_parcel_under_a_name_that_is_taken_is_not_told_as_sent(town: Town) -> None:
    Folder(town.folder).put(NAME, lambda into: into.write(b"other"))
    with pytest.raises(Unreachable):
        town.station().put(NAME, lambda into: into.write(BYTES))
    assert town.ask("PUT", f"/{NAME}", b"abc", **put_headers(b"abc"))[0] == 409
    assert town.ask("PUT", f"/{NAME}", b"other", **put_headers(b"other"))[0] == 200
    assert town.files() == {NAME: b"other"}


@pytest.mark.parametrize("status", [202, 409])
def test_a_server_that_gets_nowhere_is_given_up(town: Town, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    asked = list[str]()

    def nowhere(self: Https, method: str, *given: object, **named: object) -> tuple[int, dict[str, str], bytes]:
        asked.append(method)
        assert len(asked) < 100
        return 200 if method == "HEAD" else status, {"X-Have": "0", "X-Whole": "0"}, b""

    monkeypatch.setattr(Https, "_ask", nowhere)
    with pytest.raises(Unreachable):
        town.station().put(NAME, lambda into: into.write(BYTES))
    assert asked == ["HEAD", "PUT"] * lines.TRIES


def test_a_server_with_another_certificate_is_no_town(town: Town, tmp_path: Path) -> None:
    pem, _key = certificate(tmp_path, "impostor")
    with pytest.raises(Impostor, match="打电话"):
        town.station(pem=pem.read_text()).list()


def test_a_list_of_nonsense_or_names_of_others_making_is_not_believed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(Https, "_ask", lambda self, *given: (200, {}, json.dumps(told[0]).encode()))
    for odd in ({"a": 1}, [1], [["x", 2, 3]], None):
        told[:] = [odd]
        with pytest.raises(Unreachable):
            town.station().list()
    told[:] = [[["../../x", 5], [ANSWER, "5"], [NAME, 5]]]
    assert town.station().list() == [(NAME, 5)]


@pytest.mark.parametrize("address", ["http://town", "town", "https://", "https://town:port", "ftp://town"])
def test_only_https_is_spoken(address: str) -> None:
    with pytest.raises(NoSuchWay, match="地址"):
        Https(address, TOKEN)


def test_only_parcels_are_put(town: Town) -> None:
    with pytest.raises(ValueError):
        town.station().put("../x", lambda into: None)
    with pytest.raises(Gone):
        town.station().open_read("../x")
    assert https.AT_ONCE <= postbox.AT_ONCE
