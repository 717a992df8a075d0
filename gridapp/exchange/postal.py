"""The town's postbox as people set it up (收发箱): the server's own certificate, a pass for each station, and where a village finds it."""

from __future__ import annotations

import json
import secrets
from base64 import b32encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gridapp.errors import Mistake
from gridapp.exchange import outgoing, stations
from gridapp.exchange.carriers import Carrier, carrier_at, shelf_of
from gridapp.exchange.carriers.gate import Pass
from gridapp.exchange.carriers.letterbox import Letterbox
from gridapp.exchange.carriers.postbox import Postbox
from gridapp.exchange.pairing import NotATown
from gridapp.ledger import MANAGE, PLAIN, Ledger, gated
from gridapp.ledger.letters import Letters
from gridapp.records.stations import TOWN
from gridapp.store.files import sorted_trouble, write_whole
from gridapp.store.hub import is_hub
from gridapp.store.vault import server_papers
from gridapp.texts import _

FORMAT = 1
#: a pass with its certificate is some two thousand bytes
LONGEST = 1 << 16


class NotAPass(Mistake):
    """Another kind of file, or damaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”不是收发箱通行证，或者没有拷完。请向镇里重新要一份。").format(path.name))


@dataclass(frozen=True)
class PostPass:
    """What one station needs to reach the postbox: where, who vouches for it (PEM, '' for the system's own list), and its secret word."""

    address: str
    token: str
    certificate: str


# ---------------------------------------------------------------- the town

def _kept(ledger: Ledger, name: str, made: str) -> str:
    """A secret of the town, made when first asked for."""
    kept = ledger.secret(name)
    if kept is None:
        ledger.keep_secret(name, made)
    return kept or made


@gated(PLAIN)
def token(ledger: Ledger, device: bytes) -> str:
    """The secret word of a station: 32 letters made from the town's own secret, so none has to be kept. Raises NotATown."""
    if ledger.scope[:2] != "t:":
        raise NotATown
    seed = bytes.fromhex(_kept(ledger, "postbox seed", secrets.token_hex(32)))
    return b32encode(blake2b(device, key=seed, digest_size=20).digest()).decode()


@gated(PLAIN)
def passes(ledger: Ledger) -> list[Pass]:
    """Who may come: every station in use, to its own shelf; stations of the town to all shelves of the town."""
    known = [s for s in ledger.ask(stations.active) if s.device]
    shelves = {s.id: frozenset({shelf_of(s.age)}) for s in known}
    of_the_town = frozenset().union(*(shelves[s.id] for s in known if s.role == TOWN))
    return [Pass(token(ledger, bytes.fromhex(s.device or "")), of_the_town if s.role == TOWN else shelves[s.id]) for s in known]


@gated(PLAIN)
def papers(ledger: Ledger, hosts: Sequence[str]) -> tuple[str, str]:
    """The postbox's certificate and key (PEM); made anew where it shall be reached under other names. Raises NotATown."""
    if ledger.scope[:2] != "t:":
        raise NotATown
    kept = json.loads(ledger.secret("postbox papers") or "{}")
    if kept.get("hosts") != list(hosts):
        certificate, key = server_papers(hosts)
        kept = {"hosts": list(hosts), "certificate": certificate, "key": key}
        ledger.keep_secret("postbox papers", json.dumps(kept))
    return kept["certificate"], kept["key"]


@gated(MANAGE)
def write_pass(ledger: Ledger, name: str, address: str, target: Path, certificate: str | None = None) -> PostPass:
    """The pass of one station as a file: given to its officer by hand, it lets whoever has it in. `certificate`: '' for a bought one.

    Raises NotATown, NotPaired, NoSuchStation, CannotWrite, DiskFull.
    """
    to = outgoing.receiver(ledger, name)
    told = PostPass(address, token(ledger, to.device), papers(ledger, _hosts(ledger))[0] if certificate is None else certificate)
    write_whole(target, json.dumps({"gridapp postbox pass": FORMAT} | asdict(told), ensure_ascii=False).encode())
    return told


def _hosts(ledger: Ledger) -> list[str]:
    hosts: list[str] = json.loads(ledger.secret("postbox papers") or "{}").get("hosts", [])
    return hosts or ["localhost", "127.0.0.1"]


@contextmanager
def served(folder: Path, address: tuple[str, int], let_in: Sequence[Pass], certificate: str, key: str) -> Iterator[Postbox]:
    """A postbox ready for `serve_forever`; the key lies on the disk only until it is read."""
    with TemporaryDirectory(prefix="gridapp-") as place:
        paths = Path(place) / "certificate.pem", Path(place) / "key.pem"
        for path, text in zip(paths, (certificate, key), strict=True):
            path.touch(0o600)
            path.write_text(text, "ascii")
        box = Postbox(address, folder, *paths, let_in)
    try:
        yield box
    finally:
        box.server_close()


# ---------------------------------------------------------------- the village

def read_pass(path: Path) -> PostPass:
    """Raises NotAPass, CannotWrite."""
    with sorted_trouble(path), path.open("rb") as file:
        raw = file.read(LONGEST)
    try:
        told = json.loads(raw)
        if told["gridapp postbox pass"] != FORMAT or not told["address"].startswith("https://"):
            raise NotAPass(path)
        return PostPass(str(told["address"]), str(told["token"]), str(told["certificate"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAPass(path) from None


@gated(MANAGE)
def keep_pass(ledger: Ledger, told: PostPass) -> None:
    """From now on this station finds the postbox by itself."""
    ledger.keep_secret("postbox pass", json.dumps(asdict(told)))


@gated(PLAIN)
def own_pass(ledger: Ledger) -> PostPass | None:
    """What was kept; None where nobody gave one."""
    kept = ledger.secret("postbox pass")
    return PostPass(**json.loads(kept)) if kept else None


@gated(PLAIN)
def way(ledger: Ledger, place: str, word: str = "", certificate: str | None = None, **options: Any) -> Carrier:
    """The carrier of a place; to the town's own postbox with the pass that was kept, to its letterbox in the database likewise.

    Raises NoSuchWay, Pulled, NotPaired, and what the carrier raises.
    """
    kept = own_pass(ledger) if place.startswith("https://") and not word else None
    if kept is not None and kept.address.rstrip("/") == place.rstrip("/"):
        return carrier_at(place, kept.token, kept.certificate or None)
    if is_hub(place) and ledger.home.shared and place == ledger.home.address:
        return Letterbox(Letters(ledger.home.writer.url))
    return carrier_at(place, word, certificate, **options)
