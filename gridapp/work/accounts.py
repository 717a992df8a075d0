"""Accounts (账号) with their ways in: a new officer, another password, leaving; each a whole step.

An officer's record travels to every PC of the village; their password does not: each PC has slots of its own, and whoever is known from
another PC gets one here by `reset`. The administrator hands over what is good once and never learns the lasting password (promise K3).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from gridapp.errors import Mistake, Sorted
from gridapp.ledger import MANAGE, PLAIN, Done, Ledger, gated, looks
from gridapp.ledger.codebook import configuration_of
from gridapp.ledger.permits import roles_of
from gridapp.records import Officer
from gridapp.store import backup, passwords
from gridapp.store.refusals import KeysChanged, KeysMissing, NewerKeys, PasswordOver, WrongPassword
from gridapp.store.slot import PASSWORD, SHEET, TOWN, Slot
from gridapp.store.slots import Vault
from gridapp.texts import _
from gridapp.work import backups, officers, opening, rescue, village
from gridapp.work.officers import OfficerRow

T = TypeVar("T")

#: under which it is kept that a sheet was typed back: the id of its slot
CHECKED = "sheet"
LASTING, ONCE, NONE = "lasting", "once", ""


class NotYourself(Mistake):
    """Whoever sits here would lock themselves out in the middle."""

    def __init__(self) -> None:
        super().__init__(_("这是您自己的账号。修改自己的密码请到“设置”；要停用它，请另一位管理员来做。"))


class AccountClosed(Mistake):
    """Nobody who left gets a password."""

    def __init__(self) -> None:
        super().__init__(_("这个账号已停用，没有发密码。请先恢复账号。"))


@dataclass(frozen=True)
class Welcome:
    """A new way in: whose, and the password that is good once within a day; it is shown once and kept nowhere.

    No password: theirs is the one the ledger was begun with.
    """

    name: str
    number: int
    password: str


@dataclass(frozen=True)
class Farewell:
    """Whoever left, whether the ledger got another key, and the backups they could still open with what they know."""

    name: str
    rotated: bool
    old_backups: tuple[Path, ...]


@dataclass(frozen=True)
class Account:
    """An officer and their way in on this PC: a lasting password, one good once, or none; since when."""

    officer: OfficerRow
    way: str
    since: datetime | None


@dataclass(frozen=True)
class Accounts:
    """All there is to show: every account, since when there is a sheet and whether it was typed back, and a slot of the town's."""

    rows: tuple[Account, ...]
    sheet: datetime | None
    sheet_checked: bool
    town: datetime | None
    own: int


# ---------------------------------------------------------------- who comes and goes

@gated(MANAGE, fresh=True)
def act_on(ledger: Ledger, verb: Callable[..., T], *args: Any) -> Done[T]:
    """Let an officer of this desk do a verb where its accounts stand: a town's in the configuration, so that the villages can read the names.

    Raises what `Ledger.do` raises.
    """
    return ledger.do_in(configuration_of(ledger.scope), verb, *args) if ledger.ask(village.is_town) else ledger.do(verb, *args)


@gated(MANAGE, fresh=True)
def add_officer(ledger: Ledger, name: str, roles: Collection[str], grid: UUID | None = None, phone: str | None = None) -> Welcome:
    """A record, and a password that is good once. Raises BadRoles, SameName, BadValue, Refused, OnlyAFile, KeysChanged, CannotWrite, DiskFull.

    The first clerk of a town's file that was begun without one is whoever has its password.
    """
    ledger.slots()  # refuses a town's database before anything is written
    nobody = ledger.ask(village.is_town) and not ledger.ask(village.first_officer)
    number = act_on(ledger, officers.sign_up, name, roles, grid, phone).result
    if nobody:
        opening.is_theirs(ledger, number)
        return Welcome(name, number, "")
    return _welcome(ledger, number, name, roles)


@gated(MANAGE, fresh=True)
def reset(ledger: Ledger, officer: UUID) -> Welcome:
    """Another password that is good once; the one before opens no more. Also for whoever has none on this PC yet.

    Raises NotYourself, AccountClosed, Gone, OnlyAFile, KeysChanged, CannotWrite, DiskFull.
    """
    found = ledger.ask(officers.officer_of, officer)
    _refuse_own(ledger, found)
    if found.left_on is not None:
        raise AccountClosed
    return _welcome(ledger, found.number, found.name, roles_of(found.role))


def _welcome(ledger: Ledger, number: int, name: str, roles: Collection[str]) -> Welcome:
    least = passwords.ADMINISTRATOR if officers.manages(roles) else passwords.OFFICER
    return Welcome(name, number, ledger.give_once(number, label_of(number), least=least))


@gated(MANAGE, fresh=True)
def change_roles(ledger: Ledger, officer: UUID, roles: Collection[str], grid: UUID | None = None) -> UUID:
    """Other roles, or another grid; counts with their next step. Raises BadRoles, LastManager, Gone."""
    return act_on(ledger, officers.change_roles, officer, roles, grid).result


@gated(MANAGE, fresh=True)
def dismiss(ledger: Ledger, officer: UUID, day: date) -> Farewell:
    """Close the account, take its way in away and give the ledger another key; done a second time it finishes what was cut short.

    Nothing else may be under way in the ledger. Raises NotYourself, LastManager, LastSlot, Gone, KeysChanged, CannotWrite, DiskFull,
    and what backups.take raises.
    """
    found = ledger.ask(officers.officer_of, officer)
    _refuse_own(ledger, found)
    if found.left_on is None:
        act_on(ledger, officers.dismiss, officer, day)
    leaving = [] if ledger.home.shared else ledger.slots_of(found.number)
    if leaving:
        backups.take(ledger, "rotate")
        ledger.rotate(leaving)
    return Farewell(found.name, bool(leaving), () if ledger.home.shared else tuple(_openable(ledger.path, found.number)))


@gated(MANAGE, fresh=True)
def take_back(ledger: Ledger, officer: UUID) -> Welcome:
    """Open a closed account again, with a password that is good once. Raises SameName, Gone and what `reset` raises."""
    ledger.slots()
    act_on(ledger, officers.take_back, officer)
    return reset(ledger, officer)


@gated(MANAGE, fresh=True)
def rotate(ledger: Ledger) -> None:
    """Another key for the ledger, everybody stays. Raises KeysChanged, CannotWrite, DiskFull, and what backups.take raises."""
    backups.take(ledger, "rotate")
    ledger.rotate()


@gated(PLAIN)
def password_rules(ledger: Ledger) -> str | None:
    """The rules passwords are chosen under: '' or passwords.DENGBAO; None where the town's database has its own. Raises KeysMissing."""
    return None if ledger.home.shared else ledger.password_rules


@gated(MANAGE, fresh=True)
def set_password_rules(ledger: Ledger, profile: str) -> None:
    """Other rules, for every password from the next one chosen on. Raises OnlyAFile, KeysChanged, CannotWrite, DiskFull."""
    ledger.set_password_rules(profile)


def _refuse_own(ledger: Ledger, officer: Officer) -> None:
    if officer.number == ledger.officer:
        raise NotYourself


def label_of(number: int) -> str:
    """The key file is readable by anybody: its slots name officers by number only."""
    return f"officer {number}"


def _openable(path: Path, number: int) -> Iterable[Path]:
    """Backups taken while they had a password: it opens them for ever, on whatever disk they lie."""
    for kept in rescue.offers(path):
        with suppress(Sorted, ValueError, KeyError, TypeError):  # a damaged one opens for nobody
            told = Vault(Vault.beside(path), json.loads(backup.keys_of(kept.path)))
            if any(slot.kind == PASSWORD and slot.officer == number for slot in told.ways()):
                yield kept.path


# ---------------------------------------------------------------- one's own password

@gated(PLAIN)
def choose_password(ledger: Ledger, new: str) -> None:
    """The lasting password of whoever came in with one that is good once. Raises WeakPassword, CannotWrite, DiskFull."""
    ledger.choose_password(new, own_words(ledger))


@gated(PLAIN)
def change_password(ledger: Ledger, old: str, new: str) -> None:
    """Another password for whoever sits here. Raises WrongPassword, MustWait, WeakPassword, CannotWrite, DiskFull, HubTrouble."""
    words = own_words(ledger)
    with ledger.keyed(looks.OWN):
        opening.change_password(ledger.place, old, new, None if ledger.home.shared else ledger.officer, words)


def renew_password(place: Path | str, old: str, new: str, officer: int | str | None = None) -> None:
    """Where no window is: come in with `old`, also where it is good once or too old, and choose `new`; a weak one uses nothing up.

    Raises what opening.open_ledger, `choose_password` and `change_password` raise.
    """
    if isinstance(place, Path):
        with suppress(KeysMissing, KeysChanged, NewerKeys, WrongPassword, PasswordOver):  # told, and counted, by opening itself
            vault = Vault.load(place)
            slot = vault.unlock(old, officer if isinstance(officer, int) else None).slot
            passwords.check(new, slot.least or passwords.OFFICER, (), vault.profile)
    with opening.open_ledger(place, old, officer) as ledger:
        if ledger.must_change:
            choose_password(ledger, new)
        else:
            change_password(ledger, old, new)


@gated(PLAIN)
def own_words(ledger: Ledger) -> list[str]:
    """What a password may not be made of: the names and the code of this desk."""
    desk = ledger.ask(village.desk)
    return opening.spelt(desk.officer, desk.grid, desk.village, ledger.scope[2:])


# ---------------------------------------------------------------- questions

@gated(MANAGE)
def overview(ledger: Ledger) -> Accounts:
    """Every account with its way in on this PC. Raises KeysMissing."""
    slots = [] if ledger.home.shared else ledger.slots()
    own, on_paper = [s for s in slots if s.kind == PASSWORD], newest(slots, SHEET)
    first = ledger.ask(village.first_officer)  # an old slot without a number is theirs
    rows = tuple(_account(row, [s for s in own if (first if s.officer is None else s.officer) == row.number]) for row in ledger.ask(officers.list_officers))
    town = newest(slots, TOWN)
    return Accounts(rows, on_paper.made_at if on_paper else None, on_paper is not None and ledger.secret(CHECKED) == on_paper.id,
                    town.made_at if town else None, ledger.officer)


def _account(row: OfficerRow, slots: list[Slot]) -> Account:
    slot = slots[-1] if slots else None
    return Account(row, NONE if slot is None else ONCE if slot.once else LASTING, slot.made_at if slot else None)


def newest(slots: list[Slot], kind: str) -> Slot | None:
    """The last slot of a kind."""
    return next((slot for slot in reversed(slots) if slot.kind == kind), None)
