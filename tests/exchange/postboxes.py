"""A postbox that serves over real TLS on this PC, its self-made certificate, and a line to it that is cut."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gridapp.exchange.carriers import name_of, shelf_of
from gridapp.exchange.carriers.gate import Pass
from gridapp.exchange.carriers.https import AT_ONCE, Https
from gridapp.exchange.carriers.postbox import Postbox

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
        with suppress(OSError):
            while source.recv(65536):  # lost; whoever could not send any more would notice by the silence alone, ten seconds later
                pass

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


def put_headers(body: bytes, start: int = 0, total: int | None = None, digest: str | None = None) -> dict[str, str]:
    return {"Content_Range": f"bytes {start}-{start + len(body) - 1}/{len(body) if total is None else total}",
            "X_Digest": digest or blake2b(body, digest_size=32).hexdigest()}
