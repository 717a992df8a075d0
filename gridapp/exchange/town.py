"""The town takes in many parcels at once (多村接收): one worker per village, and one that cannot be taken in stops nobody else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gridapp.errors import Mistake, Trouble
from gridapp.exchange import arriving, incoming
from gridapp.exchange.carriers import Carrier
from gridapp.exchange.arriving import Arrival
from gridapp.exchange.refusals import NotForUs, Refused
from gridapp.ledger import HAND, Ledger, gated
from gridapp.texts import _

#: what a worker process is started as
WORKER = [sys.executable, "-m", "gridapp.exchange.worker"]
#: where the program lies
PROGRAM = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Came:
    """One parcel: whose, and what came of it in numbers, or why nothing did."""

    sender: str
    parcel: str
    counts: dict[str, int]
    notes: tuple[str, ...] = ()
    refused: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Copied:
    """A parcel of one village, copied from the carrier, still encrypted."""

    arrival: Arrival
    paths: tuple[Path, ...]
    sender: str
    village: str


@gated(HAND)
def take_in_all(ledger: Ledger, carrier: Carrier, password: str, place: Path | str, workers: int = 1,
                told: Callable[[Came], None] = lambda _came: None) -> list[Came]:
    """Everything new on a carrier, village after village, in the town's database by `workers` processes at once; `told` hears of each.

    A file has one writer: there they go one after another. Raises NoKey and the Trouble of the carrier.
    """
    done = list[Came]()

    def tell(came: Came) -> None:
        done.append(came)
        told(came)

    with TemporaryDirectory(prefix="gridapp-") as folder:
        groups = dict[str, list[_Copied]]()
        for found in _copied(ledger, carrier, Path(folder)):
            if isinstance(found, Came):
                tell(found)
            else:
                groups.setdefault(found.village, []).append(found)
        shares = _shared_out(list(groups.values()), workers if ledger.home.shared and isinstance(place, str) else 1)
        if len(shares) > 1:
            for came in _by_processes(shares, str(place), password):
                tell(came)
        else:
            for one in (copied for share in shares for copied in share):
                tell(taken(ledger, one.paths, one.sender, one.arrival.names))
    return done


def _copied(ledger: Ledger, carrier: Carrier, folder: Path) -> Iterator[_Copied | Came]:
    """Each new parcel, opened once to see whose it is; what is not for us is left out."""
    for number, arrival in enumerate(a for a in arriving.find(ledger, carrier) if not a.known):
        paths = tuple(arriving.copied(carrier, arrival, folder / str(number)))
        try:
            with arriving.receive(ledger, paths) as received:
                villages = sorted({line.scope for line in received.opened.manifest.seals if line.scope.startswith("v:")})
                yield _Copied(arrival, paths, received.name, villages[0] if villages else received.name)
        except NotForUs:
            continue
        except Refused as refused:
            yield Came("", arrival.parcel.hex(), {}, refused=refused.text, names=arrival.names)


def _shared_out(groups: list[list[_Copied]], workers: int) -> list[list[_Copied]]:
    """Villages to workers, the biggest first and always to whoever has least; parcels of one village never to two."""
    shares = [list[_Copied]() for _worker in range(max(1, min(workers, len(groups))))]
    for group in sorted(groups, key=_weight, reverse=True):
        min(shares, key=_weight).extend(group)
    return [share for share in shares if share]


def _weight(share: Sequence[_Copied]) -> int:
    return sum(one.arrival.size for one in share)


@gated(HAND)
def taken(ledger: Ledger, paths: Sequence[Path], sender: str, names: Sequence[str] = ()) -> Came:
    """Take one parcel in; what hinders it is told, not raised: the next village waits behind it."""
    parcel = ""
    try:
        with arriving.receive(ledger, paths) as received:
            parcel = received.opened.parcel.hex()
            came = incoming.take_in(ledger, received)
    except (Mistake, Trouble) as hindered:
        return Came(sender, parcel, {}, refused=hindered.text, names=tuple(names))
    admitted = came.admitted
    return Came(sender, parcel, {"seals": len(admitted.taken), "entries": admitted.entries, "records": incoming.records_in(admitted),
                                 "clashes": admitted.clashes, "held": came.held, "photos": came.photos, "photos_wanted": came.wanted,
                                 "tidied": came.tidied}, came.notes, names=tuple(names))


# ---------------------------------------------------------------- processes

def _by_processes(shares: Sequence[Sequence[_Copied]], place: str, password: str) -> Iterator[Came]:
    """One process for each share; what it says is read as it comes, share by share."""
    with ExitStack() as running:
        workers = [running.enter_context(_started(place, password, share)) for share in shares]
        for share, worker in zip(shares, workers, strict=True):
            yield from _told_by(worker, share)


def _started(place: str, password: str, share: Sequence[_Copied]) -> subprocess.Popen[str]:
    worker = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
                              cwd=PROGRAM)
    assert worker.stdin is not None
    try:
        json.dump({"place": place, "password": password, "parcels": [
            {"paths": [str(p) for p in one.paths], "sender": one.sender, "names": one.arrival.names} for one in share]}, worker.stdin)
        worker.stdin.close()
    except BrokenPipeError:
        pass  # it has ended already: nothing of its share will be told as taken
    return worker


def _told_by(worker: subprocess.Popen[str], share: Sequence[_Copied]) -> Iterator[Came]:
    """A line for each parcel; those a worker did not come to (it was killed) are told as not taken in."""
    assert worker.stdout is not None
    left = list(share)
    for line in worker.stdout:
        told = json.loads(line)
        one = left.pop(0)
        yield Came(told["sender"], told["parcel"], told["counts"], tuple(told["notes"]), told["refused"], one.arrival.names)
    worker.wait()
    for one in left:
        yield Came(one.sender, one.arrival.parcel.hex(), {}, names=one.arrival.names,
                   refused=_("接收“{0}”的交接包时程序中断了，没有接收。请再接收一次；其他村不受影响。").format(one.sender))
