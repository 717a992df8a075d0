"""A new ledger from nothing: the encrypted file, then the village in it; half a ledger is never left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gridapp.ledger import Ledger
from gridapp.store.vault import Vault
from gridapp.work import village

#: the key file is readable by anybody: its slots name officers by number only
FIRST_SLOT = "officer 1"
#: under which a clerk of a town's database keeps their own number
OFFICER = "officer"


def new_ledger(path: Path, password: str, code: str, grid: str, admin: str, name: str | None = None) -> Ledger:
    """Create and fill a ledger; it is open, with its first officer signed in.

    Raises AlreadyThere, WeakPassword, BadVillageCode, UnknownVillage, CannotWrite, DiskFull.
    """
    ledger = Ledger.create(path, password, FIRST_SLOT, f"v:{code}",
                           found=lambda new: new.do(village.found_village, code, grid, admin, name))
    ledger.officer = ledger.ask(village.first_officer)
    return ledger


def open_ledger(place: Path | str, password: str) -> Ledger:
    """Open a ledger, or the town's database (postgresql+psycopg://…), and sign its first officer in.

    Raises what Ledger.open and Ledger.open_hub raise.
    """
    ledger = Ledger.open_hub(place, password) if isinstance(place, str) else Ledger.open(place, password)
    _sign_in(ledger)
    return ledger


def begin_ledger(place: Path | str, password: str, scope: str, found: Callable[[Ledger], object] = lambda _new: None) -> Ledger:
    """A new ledger with nothing in it but what `found` puts there: a file, or a town's empty database.

    Raises AlreadyThere, WeakPassword, CannotWrite, DiskFull, what Ledger.create_hub and `found` raise.
    """
    if isinstance(place, str):
        return Ledger.create_hub(place, password, FIRST_SLOT, scope, found=found)
    return Ledger.create(place, password, FIRST_SLOT, scope, found=found)


def join_town(place: str, password: str, officer: str = "") -> Ledger:
    """A clerk's first time at the town's database: own keys under `password`, and the password in `place` good no more.

    `officer` is the clerk's name in the story. Raises AlreadyJoined and what Ledger.join_hub raises.
    """
    ledger = Ledger.join_hub(place, password, FIRST_SLOT, own_login=True)
    if officer:
        ledger.keep_secret(OFFICER, str(ledger.do_in(f"c:{ledger.scope[2:]}", village.sign_on, officer).result))
    _sign_in(ledger)
    return ledger


def _sign_in(ledger: Ledger) -> None:
    """A clerk of a town's database is who they said they are; in a file it is the first officer."""
    own = ledger.secret(OFFICER) if ledger.home.shared else None
    ledger.officer = int(own) if own else ledger.ask(village.first_officer)


def change_password(place: Path | str, old: str, new: str) -> None:
    """Wrap the ledger's key, or what a clerk keeps in the town's database, anew for `new`.

    Raises WrongPassword, WeakPassword, KeysMissing, CannotWrite, DiskFull, HubTrouble.
    """
    if isinstance(place, Path):
        Vault.load(place).change_password(old, new)
        return
    with Ledger.open_hub(place, old) as ledger:
        ledger.home.change_password(old, new)
