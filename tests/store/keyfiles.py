"""Key files for tests: what stands in them, and what another program might have written there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from gridapp.store import keyfile, vault
from gridapp.store.slots import Vault
from gridapp.store.vault import SUITE
from tests.ledgers import CHEAP, PASSWORD

SECOND = "第二位网格员的长密码"


def copies(database: Path) -> list[Path]:
    return [Vault.beside(database), Vault.beside(database).with_name("台账.grid.keys2")]


def told(database: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Vault.beside(database).read_text("utf-8"))
    return found


def entered(database: Path, password: str = PASSWORD) -> bytes:
    """The key as it comes out at the beginning of a day."""
    return Vault.enter(database, password)[1].key


def rewritten(database: Path, change: Callable[[dict[str, Any]], object], key: bytes | None = None) -> None:
    """Both copies as another program would have written them, sum and all; with the key also the mark."""
    raw = told(database)
    change(raw)
    made = Vault(Vault.beside(database), raw)
    if key is not None:
        made._vouch(key)
    made.save()


def of_format_1(database: Path, key: bytes, cost: dict[str, int] = CHEAP) -> None:
    """The key file as the first program wrote it: the key itself under the password."""
    ledger, salt = str(uuid4()), bytes(range(16))
    slot = {"id": str(uuid4()), "kind": "password", "label": "officer 1", "suite": SUITE,
            "kdf": {"name": "argon2id", "salt": keyfile.written(salt)} | cost}
    bound = json.dumps([slot[n] for n in ("id", "kind", "label", "suite")] + [ledger], ensure_ascii=True).encode()
    box = vault.sealed(vault.stretch(PASSWORD, salt, **cost), key, bound)
    raw = {"format": 1, "ledger": ledger, "slots": [slot | {"nonce": keyfile.written(box[:12]), "wrapped": keyfile.written(box[12:])}]}
    Vault(Vault.beside(database), raw).save()
