"""A new ledger from nothing: the encrypted file, then the village in it; half a ledger is never left behind."""

from __future__ import annotations

from pathlib import Path

from gridapp.ledger import Ledger
from gridapp.store.vault import Vault
from gridapp.work import village

#: the key file is readable by anybody: its slots name officers by number only
FIRST_SLOT = "officer 1"


def new_ledger(path: Path, password: str, code: str, grid: str, admin: str, name: str | None = None) -> Ledger:
    """Create and fill a ledger; it is open, with its first officer signed in.

    Raises AlreadyThere, WeakPassword, BadVillageCode, UnknownVillage, CannotWrite, DiskFull.
    """
    ledger = Ledger.create(path, password, FIRST_SLOT, f"v:{code}",
                           found=lambda new: new.do(village.found_village, code, grid, admin, name))
    ledger.officer = ledger.ask(village.first_officer)
    return ledger


def open_ledger(path: Path, password: str) -> Ledger:
    """Open a ledger and sign its first officer in. Raises what Ledger.open raises."""
    ledger = Ledger.open(path, password)
    ledger.officer = ledger.ask(village.first_officer)
    return ledger


def change_password(path: Path, old: str, new: str) -> None:
    """Wrap the ledger's key anew for `new`. Raises WrongPassword, WeakPassword, KeysMissing, CannotWrite, DiskFull."""
    Vault.load(path).change_password(old, new)
