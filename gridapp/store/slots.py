"""The vault: who may come in, by which slot, and how a slot is put in, changed, taken away, or sealed to a new key of the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self
from uuid import uuid4

from gridapp.store import papercode, passwords, vault
from gridapp.store.files import CannotWrite, DiskFull
from gridapp.store.keyfile import FORMAT
from gridapp.store.refusals import ForeignSheet, ForeignTown, KeysChanged, NewerKeys, PasswordOver, WrongPassword
from gridapp.store.slot import PASSWORD, SHEET, TOWN, Slot
from gridapp.store.turning import Turning
from gridapp.store.vault import KEY_BYTES


@dataclass(frozen=True)
class Opened:
    """The ledger's 32-byte key and the slot it came from; `old`: the key it may still have, where getting a new one was cut short."""

    key: bytes
    slot: Slot
    old: bytes | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Vault(Turning):
    """The slots of one ledger, and what may be done with them."""

    # -- beginning

    @classmethod
    def create(cls, database: Path, password: str, label: str, cost: dict[str, int] | None = None, officer: int | None = 1, *,
               least: int = passwords.ADMINISTRATOR, words: Collection[str] = ()) -> tuple[Vault, bytes]:
        """A new vault and the random 32-byte key it holds; without `cost` what suits this PC. Raises WeakPassword."""
        made, key = cls.fresh(cls.beside(database), password, label, cost, officer, least=least, words=words)
        made.save()
        return made, key

    @classmethod
    def fresh(cls, path: Path, password: str, label: str, cost: dict[str, int] | None = None, officer: int | None = None, *,
              least: int = passwords.OFFICER, words: Collection[str] = ()) -> tuple[Vault, bytes]:
        """The same without writing a file. Raises WeakPassword."""
        passwords.check(password, least, words)
        paid = cost or vault.fitting()
        key, ledger = os.urandom(KEY_BYTES), uuid4()
        slot = Slot.made(key, ledger, password, label, paid, officer=officer, least=least)
        made = cls(path, {"format": FORMAT, "ledger": str(ledger), "cost": paid, "turn": 0, "slots": [slot.told]})
        made._vouch(key)
        return made, key

    @classmethod
    def enter(cls, database: Path, typed: str, officer: int | None = None, by: str = PASSWORD, now: datetime | None = None) -> tuple[Self, Opened]:
        """Open as somebody who begins to work: a damaged copy is written anew, a slot that is too cheap is made anew (A1), and one that
        is good once has been used.

        Raises KeysMissing, NewerKeys, KeysChanged, WrongPassword, PasswordOver; by sheet or town BadGroup, NotACode, ForeignSheet, ForeignTown.
        """
        copies, now = cls.copies(database), now or _now()
        made, opened = cls._one_of(copies, by, typed, officer, now)
        return made, made._settle_in(copies, opened, typed, now)

    @classmethod
    def key_of(cls, database: Path, typed: str, by: str = PASSWORD) -> bytes:
        """The ledger's key and nothing else: nothing is written, no password is used up. Raises like `enter`."""
        return cls._one_of(cls.copies(database), by, typed, None, _now())[1].key

    @classmethod
    def _one_of(cls, copies: list[Self], by: str, typed: str, officer: int | None, now: datetime) -> tuple[Self, Opened]:
        """A copy that was changed by accident or intent is passed over for the other."""
        failure: Exception | None = None
        for made in copies:
            try:
                return made, made.unlock_by(by, typed, officer, now)
            except (WrongPassword, NewerKeys, KeysChanged, ForeignSheet, ForeignTown) as told:
                failure = failure or told
                if made.whole and not isinstance(told, KeysChanged):
                    break
        assert failure is not None
        raise failure

    def _settle_in(self, copies: list[Self], opened: Opened, typed: str, now: datetime) -> Opened:
        """Both copies are as this one again, and its slot as it should be, if the folder may be written."""
        slot = opened.slot
        if slot.once:
            slot = self._put(slot, slot.used(now), opened.key)
        elif self._too_cheap(slot) and self.coming is None:
            with suppress(CannotWrite, DiskFull):
                slot = self._put(slot, self._anew(opened.key, slot, typed, slot.officer), opened.key)
        elif (self.whole or not self.old) and [copy._told for copy in copies] != [self._told] * 2:
            with suppress(CannotWrite, DiskFull):
                self.save()
        return replace(opened, slot=slot)

    # -- opening

    def _check(self, opened: Opened) -> None:
        """Raises KeysChanged when a slot was put in, left out, changed or moved by somebody who does not have the key."""
        if self.old:
            return  # format 1 has no mark; of its slots none is sealed to anybody
        self._refuse_foreign(opened.old or opened.key, self.slots, self._told.get("mark"), self._turn)
        if self.coming is not None:
            self._refuse_foreign(opened.key, self.coming, self._told["next"].get("mark"), self._turn + 1)

    def unlock(self, password: str, officer: int | None = None, now: datetime | None = None) -> Opened:
        """Without `officer` every password is tried; an unknown officer takes the time of a wrong password (A3).

        Raises WrongPassword, PasswordOver, KeysChanged, NewerKeys when no slot is for this program.
        """
        ways = [s for s in self._ways(PASSWORD) if officer is None or s.officer in (officer, None)]
        if not ways:
            vault.stretch(password, bytes(16), **self.cost)
        opened = self._first(ways, lambda slot: slot.secret_of(self.ledger, password), password)
        if opened is None:
            raise WrongPassword
        if opened.slot.over(now or _now()):
            raise PasswordOver
        return opened

    def unlock_sheet(self, typed: str) -> Opened:
        """With the sheet of paper. Raises BadGroup, NotACode, ForeignSheet, KeysChanged, NewerKeys."""
        code = papercode.off_paper(typed)
        opened = self._first(self._ways(SHEET), lambda slot: slot.secret_of(self.ledger, code))
        if opened is None:
            raise ForeignSheet
        return opened

    def unlock_town(self, secret: str) -> Opened:
        """With the secret half of what the town gave. Raises ForeignTown, KeysChanged, NewerKeys."""
        opened = self._first(self._ways(TOWN), lambda _slot: secret)
        if opened is None:
            raise ForeignTown
        return opened

    def unlock_by(self, by: str, typed: str, officer: int | None = None, now: datetime | None = None) -> Opened:
        """Whichever of the three."""
        ways: dict[str, Callable[[str], Opened]] = {PASSWORD: partial(self.unlock, officer=officer, now=now), SHEET: self.unlock_sheet,
                                                    TOWN: self.unlock_town}
        return ways[by](typed)

    def _ways(self, kind: str) -> list[Slot]:
        """While the key is being changed only who stays comes in. Raises NewerKeys."""
        ways = self.slots if self.coming is None else self.coming
        if self.newer or not any(slot.known for slot in ways):
            raise NewerKeys
        return [slot for slot in ways if slot.known and slot.kind == kind]

    def _first(self, ways: list[Slot], secret_of: Callable[[Slot], str | None], typed: str | None = None) -> Opened | None:
        for slot in ways:
            opened = self._with(slot, secret_of(slot)) if slot.public else self._by_old(slot, typed)
            if opened is not None:
                self._check(opened)
                return opened
        return None

    def _with(self, slot: Slot, secret: str | None) -> Opened | None:
        key = None if secret is None else slot.key_with(self.ledger, secret)
        if key is None or secret is None:
            return None
        if self.coming is None:
            return Opened(key, slot)
        before = next((s for s in self.slots if s.id == slot.id), None)
        old = None if before is None else before.key_with(self.ledger, secret)
        return None if old is None else Opened(key, slot, old)

    def _by_old(self, slot: Slot, typed: str | None) -> Opened | None:
        key = None if typed is None else slot.old_key(self.ledger, typed)
        return None if key is None else Opened(key, slot)

    def _too_cheap(self, slot: Slot) -> bool:
        return slot.kind == PASSWORD and (not slot.public or vault.paid(slot.cost) < vault.paid(self.cost))

    # -- changing; each begins by looking whether the list is ours (KeysChanged, KeysTurning)

    def add_password(self, key: bytes, officer: int, label: str, password: str, once_until: datetime | None = None, *,
                     least: int = passwords.OFFICER, words: Collection[str] = ()) -> Slot:
        """Another officer's password, in place of one they had. With `once_until` it is good once. Raises WeakPassword."""
        self._ours(key)
        passwords.check(password, least, words, self.profile)
        slot = Slot.made(key, self.ledger, password, label, self.cost, officer=officer, once=once_until, least=least)
        self.slots = [s for s in self.slots if (s.kind, s.officer) != (PASSWORD, officer)]
        return self._added(slot, key)

    def add_sheet(self, key: bytes) -> list[str]:
        """A new sheet of paper in place of an older one: the groups to print, kept nowhere."""
        self._ours(key)
        code = papercode.new_code()
        slot = Slot.made(key, self.ledger, code, SHEET, self.cost, kind=SHEET)
        self.slots = [s for s in self.slots if s.kind != SHEET]
        self._added(slot, key)
        return papercode.on_paper(code)

    def add_town(self, key: bytes, recipient: str) -> Slot:
        """Let the town open it, in place of an older key of the town's. Raises ForeignTown for what is no public key."""
        self._ours(key)
        try:
            slot = Slot.for_town(key, self.ledger, recipient)
        except ValueError as error:
            raise ForeignTown from error
        self.slots = [s for s in self.slots if s.kind != TOWN]
        return self._added(slot, key)

    def _added(self, slot: Slot, key: bytes) -> Slot:
        self.slots.append(slot)
        self._vouch(key)
        self.save()
        return slot

    def change_password(self, old: str, new: str, officer: int | None = None, words: Collection[str] = ()) -> Slot:
        """From now on the slot that `old` opens opens with `new`, for good; the ledger itself is not encrypted anew.

        Raises WrongPassword, PasswordOver, WeakPassword, NewerKeys.
        """
        slot = self.rewrapped(old, new, officer, words)
        self.save()
        return slot

    def rewrapped(self, old: str, new: str, officer: int | None = None, words: Collection[str] = ()) -> Slot:
        """The same without writing a file; `told` is what is to be kept."""
        opened = self.unlock(old, officer)
        return self._chosen(opened.key, opened.slot, new, words)

    def choose(self, key: bytes, slot_id: str, new: str, words: Collection[str] = ()) -> Slot:
        """The lasting password in place of one that was good once. Raises WeakPassword, KeyError."""
        slot = self._chosen(key, self._found(slot_id), new, words)
        self.save()
        return slot

    def _chosen(self, key: bytes, slot: Slot, new: str, words: Collection[str]) -> Slot:
        self._ours(key)
        passwords.check(new, slot.least or passwords.OFFICER, words, self.profile)
        made = Slot.made(key, self.ledger, new, slot.label, self._dearer(slot), officer=slot.officer, least=slot.least)
        self.slots = [made if s.id == slot.id else s for s in self.slots]
        self._vouch(key)
        return made

    def claim(self, key: bytes, slot_id: str, password: str, officer: int) -> Slot:
        """Write an officer's number on the slot `password` opens; one that had no number yet. Raises KeyError."""
        self._ours(key)
        slot = self._found(slot_id)
        return self._put(slot, self._anew(key, slot, password, officer), key)

    def _anew(self, key: bytes, slot: Slot, password: str, officer: int | None) -> Slot:
        return Slot.made(key, self.ledger, password, slot.label, self._dearer(slot), officer=officer, least=slot.least, now=slot.made_at)

    def _dearer(self, slot: Slot) -> dict[str, int]:
        return max(slot.cost, self.cost, key=vault.paid)

    def _put(self, before: Slot, after: Slot, key: bytes) -> Slot:
        if self.coming is not None:
            self.coming = [after if s.id == before.id else s for s in self.coming]
            self._told["next"] = self._next(key)
        else:
            self.slots = [after if s.id == before.id else s for s in self.slots]
            self._vouch(key)
        self.save()
        return after

    def set_profile(self, key: bytes, profile: str) -> None:
        """Other rules for the passwords that are chosen from now on."""
        self._ours(key)
        self._told["profile"] = profile
        self._vouch(key)
        self.save()
