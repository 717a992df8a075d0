"""Ledgers that begin with the exchange: a town's, and that of a new PC which joins a village that has a register already."""

from __future__ import annotations

from pathlib import Path

from gridapp.errors import Mistake
from gridapp.exchange import pairing
from gridapp.exchange.pairing import Founded
from gridapp.ledger import MANAGE, PLAIN, Ledger, gated
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import _
from gridapp.work import opening, village


class BadTownCode(Mistake):
    """No nine digits."""

    def __init__(self, code: str) -> None:
        super().__init__(_("“{0}”不是 9 位的镇（街道）代码。例如古山镇是 330784108。").format(code))


class NoClerk(Mistake):
    """A ledger nobody answers for."""

    def __init__(self) -> None:
        super().__init__(_("请写明是谁在用这个台账（镇工作人员的姓名）：以后的操作都记在本人名下。"))


def _is_town(code: str) -> bool:
    return len(code) == 9 and code.isascii() and code.isdigit()


def new_town(place: Path | str, password: str, code: str, name: str, clerk: str) -> tuple[Ledger, Founded]:
    """A town's ledger, as a file or in an empty database, with its keys; the escrow key in what is returned is shown once.

    `clerk` is who works with it and is signed in. Raises NoClerk, BadTownCode, BadName, and what creating a ledger raises.
    """
    if not clerk:
        raise NoClerk
    if not _is_town(code):
        raise BadTownCode(code)
    founded = list[Founded]()

    def found(new: Ledger) -> None:
        founded.append(pairing.found_town(new, name))
        new.do_in(f"c:{code}", village.sign_on, clerk, FIRST_CLERK)

    ledger = opening.begin_ledger(place, password, f"t:{code}", found)
    ledger.sign_in(FIRST_CLERK)
    return ledger, founded[0]


@gated(MANAGE)
def escrow_written(ledger: Ledger) -> None:
    """Somebody has shown that the escrow key stands on paper."""
    ledger.keep_secret("escrow", "written")


@gated(PLAIN)
def lacks_paper(ledger: Ledger) -> bool:
    """Whether this is the town's own PC and nobody has shown that the escrow key stands on paper (the program ended too early)."""
    return bool(ledger.secret("root")) and not ledger.secret("escrow")


@gated(MANAGE, fresh=True)
def new_escrow(ledger: Ledger) -> str:
    """Another escrow key, where the paper was lost or never written; parcels from now on are encrypted to it. Shown once, kept nowhere.

    Raises NoRoot.
    """
    secret = pairing.renew_escrow(ledger)
    ledger.keep_secret("escrow", "")
    return secret


def joining_ledger(path: Path, password: str, code: str) -> Ledger:
    """An empty ledger for a PC that joins a village, or as another one a town (nine digits): all there is comes from the town.

    One begun before is opened. Raises BadVillageCode, and what creating or opening a ledger raises.
    """
    town = _is_town(code)
    if not town:
        village.refuse_other_than_code(code)
    if path.exists():
        return opening.open_ledger(path, password)
    return opening.begin_ledger(path, password, f"{'t' if town else 'v'}:{code}")


@gated(PLAIN)
def default_name(ledger: Ledger) -> str:
    """What a PC is called when nobody says: the village and the end of its device key."""
    place = ledger.ask(village.desk).village or ledger.scope[2:]
    return _("{0}电脑{1}").format(place, ledger.device.hex()[:4].upper())
