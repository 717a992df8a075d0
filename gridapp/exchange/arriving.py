"""From a carrier to an opened parcel (到达): which parcels lie there, and opening one, in the fixed order of checks (sync.md 4.4).

Nothing of it is in the ledger yet; that is incoming.py's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gridapp.errors import Mistake
from gridapp.exchange import pairing, parcel, parts
from gridapp.exchange.carriers import Carrier, named
from gridapp.exchange.carriers.troubles import Gone
from gridapp.exchange.manifest import SealLine
from gridapp.exchange.parcel import Opened
from gridapp.exchange.refusals import NotForUs, Refused
from gridapp.exchange.trust import Trust, within_of
from gridapp.ledger import HAND, PLAIN, Ledger, dealings, gated
from gridapp.ledger.entries import Seal
from gridapp.records.stations import TOWN
from gridapp.texts import _


class NoKey(Mistake):
    """Nothing can be for us yet."""

    def __init__(self) -> None:
        super().__init__(_("本机还没有申请过配对，收不到交接包。请先在“交接”里申请配对。"))


class UnknownSender(Refused):
    """A station the town has not certified; nothing of it is read further."""

    code = "E_UNKNOWN_DEVICE"

    def __init__(self, device: bytes) -> None:
        mark = device.hex()[:12].upper()
        super().__init__(_("做这个交接包的电脑没有在镇里登记（编号 {0}），没有接收。请把编号报给镇里核对；登记后再接收，U盘上的文件请保留。").format(mark))


@dataclass(frozen=True)
class Arrival:
    """A parcel on a carrier: its files, its id and size, and whether it was taken in before; `why` says why it can't be read."""

    names: tuple[str, ...]
    parcel: bytes
    size: int
    known: bool
    why: str = ""


@gated(PLAIN)
def find(ledger: Ledger, carrier: Carrier) -> list[Arrival]:
    """Parcels on a carrier that are for this station or may be: our own are left out. Names say nothing; what has none of ours is asked itself."""
    taken = {p.id for p in ledger.look(dealings.parcels, dealings.IN)}
    own = {p.id for p in ledger.look(dealings.parcels, dealings.OUT)}
    groups: dict[bytes, list[tuple[str, int]]] = {}
    loose = list[Arrival]()
    for name, size in carrier.list():
        told = named(name)
        if told is None:
            parcel_id = _says(carrier, name)
            if parcel_id not in own:
                loose.append(Arrival((name,), parcel_id, size, parcel_id in taken))
        elif told.parcel not in own:
            groups.setdefault(told.parcel, []).append((name, size))
    found = [Arrival(tuple(n for n, _size in files), parcel_id, sum(s for _n, s in files), parcel_id in taken)
             for parcel_id, files in sorted(groups.items())]
    return [*found, *loose]


def _says(carrier: Carrier, name: str) -> bytes:
    """Which parcel a file with a name of somebody's choosing says it is: the answer of a town is one, and is taken in once like any other."""
    with suppress(Gone), carrier.open_read(name) as file:
        return parts.parcel_of(file.read(parts.HEADER))
    return b""


class Received(AbstractContextManager["Received"]):
    """An opened parcel: whole, for us, signed by a station the town knows. Nothing of it is in the ledger yet."""

    def __init__(self, ledger: Ledger, opened: Opened, name: str, without: Collection[tuple[str, bytes]] = ()) -> None:
        """What `without` names by scope and author is not looked at: nobody here may ever believe it."""
        self._ledger, self.opened, self.name, self._without = ledger, opened, name, without
        self._rest = ExitStack()

    @property
    def lines(self) -> list[SealLine]:
        """What the manifest tells of the seals."""
        return [line for line in self.opened.manifest.seals if (line.scope, line.device) not in self._without]

    def seals(self) -> Iterator[Seal]:
        """The seals themselves, in their order. Raises what Opened.seals raises."""
        return (seal for seal in self.opened.seals() if (seal.head.scope, seal.head.device) not in self._without)

    @property
    def replay(self) -> bool:
        """Whether it was taken in before."""
        return any(p.id == self.opened.parcel and p.state == "merged" for p in self._ledger.look(dealings.parcels, dealings.IN))

    def close(self) -> None:
        self.opened.close()
        self._rest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()


@gated(HAND)
def receive(ledger: Ledger, paths: Sequence[Path]) -> Received:
    """Open a parcel of one or several files. Raises what `parcel.open_parcel` raises, NoKey, UnknownSender."""
    secret = ledger.secret("age")
    if secret is None:
        raise NoKey
    opened = parcel.open_parcel(paths, secret)
    try:
        trust = trust_with(ledger, opened)
        sender = trust.known.get(opened.manifest.sender)
        if opened.manifest.sender == ledger.device:
            raise NotForUs(paths[0].name)
        if sender is None:
            raise UnknownSender(opened.manifest.sender)
        _hold_villages(ledger, opened, trust)
        return Received(ledger, opened, sender.certificate.name)
    except BaseException:
        opened.close()
        raise


def _hold_villages(ledger: Ledger, opened: Opened, trust: Trust) -> None:
    """Another town PC hears of a village by the first parcel with its register: it holds all its certificate covers."""
    own = trust.known.get(ledger.device)
    if own is not None and own.certificate.role == TOWN:
        new = {line.scope for line in opened.manifest.seals if own.certificate.may_hold(line.scope)} - set(ledger.scopes())
        if new:
            ledger.hold_scopes(sorted(new))


def beside(path: Path) -> list[Path]:
    """A parcel's file with its other parts, if it is one of several: NAME.001, NAME.002 …"""
    if not path.suffix[1:].isdigit():
        return [path]
    return sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p.suffix[1:].isdigit()) or [path]


@gated(HAND)
def receive_from(ledger: Ledger, carrier: Carrier, arrival: Arrival) -> Received:
    """The same from a carrier: copied first (it stays encrypted), so that a pulled stick interrupts nothing."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gridapp-"))
        received = receive(ledger, copied(carrier, arrival, Path(folder)))
        received._rest = stack.pop_all()
        return received


def copied(carrier: Carrier, arrival: Arrival, folder: Path) -> list[Path]:
    """A parcel's files, copied from a carrier into a folder under names of our own. Raises the Trouble of the carrier."""
    folder.mkdir(exist_ok=True)
    paths = list[Path]()
    for number, name in enumerate(arrival.names, 1):
        path = folder / _own_name(arrival, number)
        with carrier.open_read(name) as source, path.open("wb") as target:
            while piece := source.read(1 << 20):
                target.write(piece)
        paths.append(path)
    return paths


@gated(HAND)
def receive_all(ledger: Ledger, carrier: Carrier) -> Iterator[tuple[Arrival, Received | Refused]]:
    """What is new on a carrier, one parcel after another: opened (close it), or why not."""
    for arrival in find(ledger, carrier):
        if arrival.known:
            continue
        try:
            yield arrival, receive_from(ledger, carrier, arrival)
        except Refused as refused:
            yield arrival, refused


def _own_name(arrival: Arrival, number: int) -> str:
    """What a copy is called, and refusals with it: made from the parcel's id, never a name from the carrier."""
    return _("交接包") + (f"{arrival.parcel.hex()[:8].upper()}" if arrival.parcel else "") + (f"-{number}" if len(arrival.names) > 1 else "")


@gated(PLAIN)
def trust_with(ledger: Ledger, opened: Opened) -> Trust:
    """With the certificates the parcel itself carries: each speaks for itself against the root key pinned at pairing."""
    trust = pairing.trust_of(ledger)
    if not any(line.scope.startswith("c:") for line in opened.manifest.seals):
        return trust
    wanted = [s for s in opened.seals() if s.head.scope.startswith("c:")]
    return trust.told(wanted, ledger.now_ms(), within_of(wanted))
