"""A new key for the ledger, as the key file knows it: for a while it holds both, sealed for everybody who stays."""

from __future__ import annotations

import os
from collections.abc import Collection

from gridapp.store.keyfile import KeyFile
from gridapp.store.refusals import LastSlot
from gridapp.store.slot import PASSWORD
from gridapp.store.vault import KEY_BYTES


class Turning(KeyFile):
    """The part of a vault that changes the key; `Vault` is the whole."""

    def begin_turn(self, key: bytes, leaving: Collection[str] = ()) -> bytes:
        """A new key, sealed for every slot that stays, beside the old one until `end_turn`. Returns it. Raises LastSlot.

        A slot of format 1, or of a newer program, cannot be sealed to: it stays behind.
        """
        self._ours(key)
        new = os.urandom(KEY_BYTES)
        staying = [slot.resealed(new, self.ledger) for slot in self.slots if slot.id not in leaving]
        self.coming = [slot for slot in staying if slot is not None]
        if not any(s.kind == PASSWORD and not s.once for s in self.coming):
            self.coming = None
            raise LastSlot
        self._told["next"] = self._next(new)
        self.save()
        return new

    def _next(self, key: bytes) -> dict[str, object]:
        assert self.coming is not None
        return {"slots": [slot.told for slot in self.coming], "mark": self._mark(key, self.coming, self._turn + 1)}

    def end_turn(self) -> None:
        """The ledger has its new key: the old one is kept no more."""
        assert self.coming is not None
        coming = self._told.pop("next")
        self.slots, self.coming = self.coming, None
        self._told |= {"turn": self._turn + 1, "mark": coming["mark"]}
        self.save()
