"""Another key for a ledger (K4): when somebody leaves, what they knew opens it no more. A kill at any point is made good at the next opening.

First the key file holds the new key beside the old one, for everybody who stays; then the ledger is encrypted anew in one transaction;
then the key file forgets the old key. Photos and the signing key hang on secrets inside the ledger and stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from gridapp.ledger.home import FileHome
from gridapp.store.database import Damaged
from gridapp.store.rekey import opens_with, rekey
from gridapp.store.slots import Opened, Vault


def rotate(home: FileHome, leaving: Collection[str] = ()) -> None:
    """Give the ledger another key; slots named in `leaving` get none. Nothing else may be under way in the ledger.

    Raises LastSlot, KeysChanged, CannotWrite, DiskFull; where it was cut short, the next opening finishes it.
    """
    vault = Vault.load(home.path)
    new = vault.begin_turn(home.key, leaving)
    home.engine.dispose()
    try:
        turn(home.path, home.key, new)
    finally:
        if opens_with(home.path, new):  # also where the disk failed after the file had it
            home.turn(new)
    vault.end_turn()


def turn(path: Path, old: bytes, new: bytes) -> None:
    """The file's part of it, done or already done. Raises Damaged when neither key opens it."""
    if opens_with(path, old):
        rekey(path, old, new)
    elif not opens_with(path, new):
        raise Damaged(path)


def finish(vault: Vault, path: Path, opened: Opened) -> None:
    """What was cut short, with what a slot gave; the file's lock is held."""
    if opened.old is not None:
        turn(path, opened.old, opened.key)
        vault.end_turn()
