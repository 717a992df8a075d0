"""The town's postbox as server: lets in by token, shows each station its own shelf, and reads nothing that is too big."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp.exchange.carriers import Folder, gate, name_of, postbox
from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.gate import Patience
from gridapp.exchange.carriers.https import AT_ONCE
from gridapp.exchange.carriers.troubles import Busy, Gone, NoSpace, NotAdmitted, TooBig, Unreachable
from tests.exchange.postboxes import ANSWER, BYTES, NAME, OTHER, TOKEN, VILLAGE, Town, certificate, put_headers


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), "town")


@pytest.fixture
def town(tmp_path: Path, papers: tuple[Path, Path]) -> Iterator[Town]:
    (tmp_path / "box").mkdir()
    made = Town(tmp_path / "box", papers)
    yield made
    made.close()


def test_each_station_reads_and_clears_its_own_shelf_only(town: Town) -> None:
    for name in (NAME, ANSWER):
        Folder(town.folder).put(name, lambda into: into.write(b"x"))
    other = town.station(OTHER)
    assert other.list() == [] and [f.name for f in town.station("h" * 40).list()] == sorted([NAME, ANSWER])
    with pytest.raises(NotAdmitted), other.open_read(ANSWER) as handle:
        handle.read()
    with pytest.raises(NotAdmitted):
        other.delete(ANSWER)
    with pytest.raises(Gone):
        town.station().open_read(name_of(VILLAGE, bytes(range(16))))
    assert set(town.files()) == {NAME, ANSWER}


@pytest.mark.parametrize("token", ["", "x" * 40, TOKEN[:-1], TOKEN + "t", TOKEN.upper()])
def test_without_the_right_token_nothing_is_told(town: Town, token: str) -> None:
    Folder(town.folder).put(ANSWER, lambda into: into.write(b"x"))
    station = town.station(token)
    asks: list[Callable[[], object]] = [
        station.list, lambda: station.open_read(ANSWER), lambda: station.delete(ANSWER), lambda: station.put(NAME, lambda into: into.write(b"x"))]
    for ask in asks:
        town.now += 60
        with pytest.raises(NotAdmitted, match="没有认出这台电脑"):
            ask()
    assert set(town.files()) == {ANSWER}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_tls_is_refused(town: Town) -> None:
    context = ssl.create_default_context(cadata=town.pem)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", town.port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="127.0.0.1")
    assert town.station().list() == []


def test_a_caller_that_says_nothing_stops_nobody(town: Town) -> None:
    with socket.create_connection(("127.0.0.1", town.port)), socket.create_connection(("127.0.0.1", town.port)):
        assert town.station().list() == []


def test_more_callers_than_can_be_served_are_sent_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postbox, "AT_MOST_OPEN", 0)
    with pytest.raises(Unreachable):
        town.station().list()


@pytest.mark.parametrize(("status", "changed"), [
    (201, {}), (413, {"Content_Range": f"bytes 0-2/{postbox.LARGEST + 1}"}), (400, {"Content_Range": "bytes 0-2/2"}), (400, {"Content_Range": "bytes 2-0/3"}),
    (400, {"Content_Range": "bytes 0-3/4"}), (400, {"Content_Range": ""}), (400, {"X_Digest": "xyz"}), (422, {"X_Digest": "0" * 64}), (409, {"Content_Range": "bytes 3-5/6"}),
    (413, {"Content_Length": str(AT_ONCE + 1)}), (413, {"Content_Length": "9" * 12}), (413, {"Content_Length": "many"}), (411, {"Transfer_Encoding": "chunked", "Content_Length": "3"})])
def test_what_is_declared_is_looked_at_before_anything_is_read(town: Town, status: int, changed: dict[str, str]) -> None:
    assert town.ask("PUT", f"/{NAME}", b"abc", **(put_headers(b"abc") | changed))[0] == status
    assert town.files() == ({NAME: b"abc"} if status == 201 else {})


@pytest.mark.parametrize("path", ["/..%2f..%2fetc/passwd", "/../../etc/passwd", f"/{NAME}.part", f"/{NAME}.PART", f"/{NAME.lower()}", f"/x/{NAME}", f"/{NAME}?x", "/WSYNC", "/x.wsb"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_parcels_name_in_one_spelling_names_anything(town: Town, path: str, method: str) -> None:
    body = b"abc" if method == "PUT" else None
    assert town.ask(method, path, body, **(put_headers(b"abc") if body else {}))[0] == 404
    assert town.files() == {}


def test_a_full_server_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "free", lambda self, path: postbox.RESERVE + len(BYTES) - 1)
    with pytest.raises(NoSpace):
        town.station().put(NAME, lambda into: into.write(BYTES))

    def full(self: Any, name: str, half: Path, start: int) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Disk, "free", lambda self, path: postbox.RESERVE + len(BYTES))
    monkeypatch.setattr(postbox._Request, "_receive", full)
    with pytest.raises(NoSpace):
        town.station().put(NAME, lambda into: into.write(BYTES))
    assert town.files() == {}


def test_a_parcel_too_big_for_the_server_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postbox, "LARGEST", len(BYTES) - 1)
    with pytest.raises(TooBig, match="U盘"):
        town.station().put(NAME, lambda into: into.write(BYTES))


def test_too_many_requests_must_wait_and_wrong_tokens_longer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BURST", 50.0)
    asked = 0
    with pytest.raises(Busy, match="过几分钟"):
        while asked < 10 * gate.BURST:
            town.station().list()
            asked += 1
    assert asked == gate.BURST
    town.now += 1 + 2 / gate.RATE
    town.station().list()
    guesses = 0
    with pytest.raises(Busy):
        while guesses < gate.BURST:
            try:
                town.station("guess").list()
            except NotAdmitted:
                guesses += 1
    assert guesses == 1


def test_patience_grows_again_up_to_its_limit_and_is_kept_for_each() -> None:
    now = [0.0]
    patience = Patience(lambda: now[0])
    assert [patience.asks("a") for _ in range(201)] == [True] * 200 + [False] and patience.asks("b")
    now[0] += 1_000_000
    assert sum(patience.asks("a") for _ in range(300)) == 200
