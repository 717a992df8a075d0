"""The town's postbox over real TLS on this PC: resumed after a line is cut, let in by token, and nothing read that is too big."""

from __future__ import annotations

import datetime
import errno
import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gridapp.exchange.carriers import Folder, name_of, shelf_of
from gridapp.exchange.carriers import gate, https, lines, postbox
from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.gate import Pass, Patience
from gridapp.exchange.carriers.https import AT_ONCE, Https
from gridapp.exchange.carriers.postbox import Postbox
from gridapp.exchange.carriers.troubles import Busy, Gone, Impostor, NoSpace, NoSuchWay, NotAdmitted, Stopped, TooBig, Unreachable

TOWN, VILLAGE = "age1town", "age1village"
NAME, ANSWER = name_of(TOWN, bytes(range(16))), name_of(VILLAGE, bytes(16))
BYTES = os.urandom(AT_ONCE) * 2 + b"the rest"
TOKEN, OTHER = "t" * 40, "o" * 40


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-made certificate for 127.0.0.1 with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    pem, private = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return pem, private


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"), "town")


class Town:
    """A postbox that serves, and its stations."""

    def __init__(self, folder: Path, papers: tuple[Path, Path]) -> None:
        self.folder, self.pem = folder, papers[0].read_text()
        self.now = 0.0
        passes = [Pass(TOKEN, frozenset({shelf_of(VILLAGE)})), Pass(OTHER, frozenset()), Pass("h" * 40)]
        self.box = Postbox(("127.0.0.1", 0), folder, *papers, passes, clock=lambda: self.now)
        self.port = self.box.server_port
        self._thread = threading.Thread(target=self.box.serve_forever, args=(0.01,))
        self._thread.start()

    def station(self, token: str = TOKEN, port: int | None = None, pem: str | None = None) -> Https:
        return Https(f"https://127.0.0.1:{port or self.port}", token, pem or self.pem, silence=10)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str]]:
        """A request by hand: status and headers."""
        line = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=ssl.create_default_context(cadata=self.pem))
        line.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"} | {n.replace("_", "-"): v for n, v in headers.items()})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status, dict(answer.headers)

    def files(self) -> dict[str, bytes]:
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}

    def close(self) -> None:
        self.box.shutdown()
        self._thread.join()
        self.box.server_close()


@pytest.fixture
def town(tmp_path: Path, papers: tuple[Path, Path]) -> Iterator[Town]:
    (tmp_path / "box").mkdir()
    made = Town(tmp_path / "box", papers)
    yield made
    made.close()


@contextmanager
def bad_line(port: int, cuts: list[int], back: bool = False) -> Iterator[int]:
    """A way to `port` that is cut after so many bytes of the caller's (or, `back`, of the answer's), once for each number; then a good one."""
    here = socket.create_server(("127.0.0.1", 0))
    left = list(cuts)

    def carry(source: socket.socket, target: socket.socket, limit: int | None, ends_it: bool) -> None:
        """After a cut the town takes what is on its way and hangs up; only then the caller notices: what arrived is the same in every run."""
        done = 0
        with suppress(OSError):
            while data := source.recv(65536):
                done += len(data)
                if limit is not None and done > limit:
                    break
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR if ends_it else socket.SHUT_WR)

    def accept() -> None:
        threads, ends = list[threading.Thread](), list[socket.socket]()
        while True:
            try:
                caller, _who = here.accept()
            except OSError:
                break
            far = socket.create_connection(("127.0.0.1", port))
            limit = left.pop(0) if left else None
            ends += [caller, far]
            for way in ((caller, far, None if back else limit, False), (far, caller, limit if back else None, True)):
                threads.append(threading.Thread(target=carry, args=way))
                threads[-1].start()
        for thread in threads:
            thread.join()
        for end in ends:
            end.close()

    thread = threading.Thread(target=accept)
    thread.start()
    yield here.getsockname()[1]
    here.shutdown(socket.SHUT_RDWR)
    here.close()
    thread.join()
    assert not left, "the line was not cut as often as the test wanted"


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


def test_a_server_with_another_certificate_is_no_town(town: Town, tmp_path: Path) -> None:
    pem, _key = certificate(tmp_path, "impostor")
    with pytest.raises(Impostor, match="打电话"):
        town.station(pem=pem.read_text()).list()


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


def put_headers(body: bytes, start: int = 0, total: int | None = None, digest: str | None = None) -> dict[str, str]:
    return {"Content_Range": f"bytes {start}-{start + len(body) - 1}/{len(body) if total is None else total}",
            "X_Digest": digest or blake2b(body, digest_size=32).hexdigest()}


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
