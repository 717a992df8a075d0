"""When every password is forgotten (应急): the sheet of paper (恢复纸), the town's slot; and beginning a ledger, which ends with the sheet."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import MANAGE, PLAIN, Ledger, Reader, gated, looks, needs
from gridapp.ledger.permits import NobodyHere, roles_of
from gridapp.records import Officer
from gridapp.store import passwords
from gridapp.store.slot import SHEET, TOWN
from gridapp.store.slots import Vault
from gridapp.texts import _
from gridapp.work import backups, officers, opening, rescue
from gridapp.work.accounts import CHECKED, act_on, label_of, newest, own_words
from gridapp.work.officers import MANAGER


class SamePassword(Mistake):
    """Two people with one password are one person."""

    def __init__(self) -> None:
        super().__init__(_("管理员的密码和您的密码一样。两个人要各用各的密码，请换一个。"))


# ---------------------------------------------------------------- beginning

def begin(path: Path, password: str, code: str, grid: str, name: str, manager: tuple[str, str] | None = None) -> tuple[Ledger, list[str]]:
    """A new ledger, its first officer signed in, and the groups of its first sheet of paper.

    `manager`: name and password of somebody else who manages the accounts; without one the first officer does (兼任, docs/adr/0022).
    Raises SamePassword, WeakPassword, SameName and what opening.new_ledger raises, then no ledger is left behind; and CannotWrite, DiskFull.
    """
    if manager is not None:
        if manager[1] == password:
            raise SamePassword
        if manager[0] == name:
            raise officers.SameName(name)
        passwords.check(manager[1], passwords.ADMINISTRATOR, opening.spelt(manager[0], name, grid, code))
    ledger = opening.new_ledger(path, password, code, grid, name)
    try:
        groups = sheet(ledger)
        if manager is not None:
            _share(ledger, *manager)
    except BaseException:
        ledger.close()
        raise
    return ledger, groups


def _share(ledger: Ledger, name: str, password: str) -> None:
    """Somebody else manages the accounts from the beginning; the first officer registers and reviews."""
    number = act_on(ledger, officers.sign_up, name, [MANAGER]).result
    ledger.add_password(number, label_of(number), password, least=passwords.ADMINISTRATOR)
    own = ledger.ask(_by_number, ledger.officer)
    act_on(ledger, officers.change_roles, own.id, roles_of(own.role) - {MANAGER}, own.grid)


# ---------------------------------------------------------------- the sheet and the town

@gated(MANAGE, fresh=True)
def sheet(ledger: Ledger) -> list[str]:
    """A new recovery sheet (恢复纸) in place of an older one: its groups, shown once and kept nowhere. Raises OnlyAFile, CannotWrite, DiskFull."""
    return ledger.add_sheet()


@gated(PLAIN)
def sheet_checked(ledger: Ledger) -> None:
    """Somebody has typed groups back from the paper: the sheet counts from now on."""
    ledger.keep_secret(CHECKED, next(slot.id for slot in ledger.slots() if slot.kind == SHEET))


@gated(MANAGE)
def check_sheet(ledger: Ledger, typed: str) -> None:
    """The whole sheet typed off, where nobody is asked for two groups. Raises BadGroup, NotACode, ForeignSheet."""
    Vault.key_of(ledger.path, typed, SHEET)
    sheet_checked(ledger)


@gated(PLAIN)
def reminders(ledger: Ledger) -> list[str]:
    """What 今日 says to whoever manages the accounts: nothing where all is well."""
    if ledger.home.shared or MANAGE not in ledger.seat.permits or not ledger.slots_of(ledger.officer):
        return []
    slot = newest(ledger.slots(), SHEET)
    if slot is None:
        return [_("还没有恢复纸：密码都忘了，台账就谁也打不开。请到“账号”里打印一张，锁在柜子里。")]
    if ledger.secret(CHECKED) != slot.id:
        return [_("恢复纸还没有核对过，不知道抄得对不对。请到“账号”里重新打印一张，照着输两组。")]
    return []


@gated(MANAGE, fresh=True)
def let_town(ledger: Ledger, recipient: str) -> None:
    """The town's emergency key (age1…) opens this ledger from now on. Raises ForeignTown, OnlyAFile, CannotWrite, DiskFull."""
    ledger.add_town(recipient)


@gated(MANAGE, fresh=True)
def without_town(ledger: Ledger) -> None:
    """The town's emergency key opens it no more; the ledger gets another key. Nothing else may be under way. Raises like `rotate`."""
    leaving = [slot.id for slot in ledger.slots() if slot.kind == TOWN]
    if leaving:
        backups.take(ledger, "rotate")
        ledger.rotate(leaving)


def enter_by(path: Path, typed: str, new: str, by: str = SHEET) -> Ledger:
    """Every password is forgotten: with the sheet, or the secret the town keeps (TOWN), the administrator gets a new one and is signed in.

    Raises BadGroup, NotACode, ForeignSheet, ForeignTown, WeakPassword, NobodyHere, and what Ledger.open raises.
    """
    ledger = rescue.opened(path, lambda: Ledger.open(path, typed, by=by))
    try:
        number = ledger.ask(officers.first_manager)
        if not number:
            raise NobodyHere
        ledger.sign_in(number)
        ledger.looked(looks.KEYS, field=looks.BY_TOWN if by == TOWN else looks.BY_SHEET)
        ledger.add_password(number, label_of(number), new, least=passwords.ADMINISTRATOR, words=own_words(ledger))
    except BaseException:
        ledger.close()
        raise
    return ledger


@needs(MANAGE)
def _by_number(read: Reader, number: int) -> Officer:
    return read.records(sa.select(Officer).where(Officer.number == number, Officer.deleted.is_not(True)))[0]
