"""A town and its villages with real ledgers, paired by files, that hand parcels over in a folder."""

from __future__ import annotations

from pathlib import Path

from gridapp.exchange import arriving, incoming, joining, outgoing, pairing
from gridapp.exchange.carriers import Folder
from gridapp.exchange.arriving import Received
from gridapp.exchange.incoming import TakenIn
from gridapp.exchange.outgoing import HandedOver
from gridapp.exchange.refusals import NotForUs
from gridapp.ledger import Ledger
from tests import ledgers
from tests.exchange.paired import SCOPE, a_village, empty_town


def a_town(path: Path) -> Ledger:
    town = empty_town(path)
    pairing.found_town(town, "古山镇一号机")
    return town


def joined(town: Ledger, pc: Ledger, folder: Path, name: str = "青后叶村一号机") -> Ledger:
    """Paired through files; the town's digits were heard."""
    request = joining.write_request(pc, folder / "申请.wsq", name)
    assert joining.read(folder / "申请.wsq").digits == request.digits
    told = joining.accept(town, joining.read(folder / "申请.wsq"), folder / "回复.wsb")
    joining.finish(pc, folder / "回复.wsb", told.answer.digits)
    return pc


def hand(giver: Ledger, to: str | None, folder: Path) -> HandedOver:
    return outgoing.hand_over(giver, outgoing.receiver(giver, to), Folder(folder))


def take(taker: Ledger, folder: Path) -> list[TakenIn]:
    """Everything on the stick that is new for this station."""
    told = []
    for _arrival, received in arriving.receive_all(taker, Folder(folder)):
        if isinstance(received, NotForUs):
            continue
        assert isinstance(received, Received), received
        with received:
            told.append(incoming.take_in(taker, received))
    return told


def round_trip(village: Ledger, town: Ledger, folder: Path) -> None:
    """A stick goes to the town and one comes back."""
    hand(village, None, folder)
    take(town, folder)
    hand(town, next(r.name for r in outgoing.receivers(town) if r.device == village.device), folder)
    take(village, folder)


__all__ = ["SCOPE", "a_town", "a_village", "hand", "joined", "ledgers", "round_trip", "take"]
