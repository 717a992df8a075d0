"""Officers (网格员) and their accounts: who may come in, in which roles, for which grid; the last administrator cannot vanish."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import MANAGE, PLAIN, Acting, Reader, needs, verb
from gridapp.ledger.permits import ROLES, roles_of
from gridapp.records import Grid, Officer
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import N_, _

MANAGER, AUDITOR = "manage", "audit"
#: roles a village gives; 镇工作人员 are the town's
GIVEN = ("grid", "chief", MANAGER, AUDITOR)


class LastManager(Mistake):
    """Nobody could let anybody in any more."""

    def __init__(self) -> None:
        super().__init__(_("这是最后一个管理员账号，没有改动。请先把另一位设为管理员，再来改这一位。"))


class BadRoles(Mistake):
    """Roles that do not go together, or none."""

    def __init__(self, text: str) -> None:
        super().__init__(text)


class NoSuchOfficer(Mistake):
    """Nobody of that name or number works here."""

    def __init__(self, told: str) -> None:
        super().__init__(_("没有叫“{0}”的账号。请核对姓名，或请管理员先登记。").format(told))


class SameName(Mistake):
    """Two accounts nobody could tell apart at the start."""

    def __init__(self, name: str) -> None:
        super().__init__(_("已经有一个叫“{0}”的账号在用。请在姓名后加一个字区别，例如“{0}二”。").format(name))


@dataclass(frozen=True)
class OfficerRow:
    """One line of the list of accounts."""

    id: UUID
    number: int
    name: str
    roles: frozenset[str]
    grid: str
    left_on: date | None

    @property
    def titles(self) -> str:
        """'网格员、网格长'."""
        return "、".join(_(ROLES[r].title) for r in ROLES if r in self.roles)


@verb(N_("登记账号"), MANAGE, fresh=True)
def sign_up(act: Acting, name: str, roles: Iterable[str], grid: UUID | None = None, phone: str | None = None) -> int:
    """A new officer; returns the number. It is drawn, not counted: two PCs of a village that are apart must not give the same.

    Raises BadRoles, SameName, Refused.
    """
    told = _checked(roles)
    if any(o.name == name for o in _working(act)):
        raise SameName(name)
    taken = {o.number for o in _all(act)}
    number = next(n for n in iter(lambda: secrets.randbelow(FIRST_CLERK - 2) + 2, 0) if n not in taken)
    act.add(Officer(number=number, name=name, role=told, grid=grid, phone=phone))
    return number


@verb(N_("修改账号"), MANAGE, fresh=True)
def change_roles(act: Acting, officer: UUID, roles: Iterable[str], grid: UUID | None = None) -> UUID:
    """Give an officer these roles and this grid (None: the whole village). Raises BadRoles, LastManager, Gone."""
    told, record = _checked(roles), act.get(Officer, officer)
    if MANAGER not in told.split("+"):
        _refuse_last(act, record)
    return act.change(record, role=told, grid=grid).id


@verb(N_("停用账号"), MANAGE, fresh=True)
def dismiss(act: Acting, officer: UUID, day: date) -> UUID:
    """An officer leaves: nothing is done in their name from the next call on (GB/T 39786 6.6 b). Raises LastManager, Gone."""
    record = act.get(Officer, officer)
    _refuse_last(act, record)
    return act.change(record, left_on=day).id


@verb(N_("恢复账号"), MANAGE, fresh=True)
def take_back(act: Acting, officer: UUID) -> UUID:
    """An officer comes back; they need a password anew. Raises SameName, Gone."""
    record = act.get(Officer, officer)
    if any(o.name == record.name for o in _working(act)):
        raise SameName(record.name)
    return act.change(record, left_on=None).id


def _checked(roles: Iterable[str]) -> str:
    """The roles as they stand in the record. Whoever reads the audit does nothing that is audited (三员分立)."""
    told = [role for role in GIVEN if role in set(roles)]
    if not told:
        raise BadRoles(_("请至少选一个角色。"))
    if AUDITOR in told and len(told) > 1:
        raise BadRoles(_("审计员只看审计，不能兼任别的角色。请另开一个账号。"))
    return "+".join(told)


def _refuse_last(read: Reader, record: Officer) -> None:
    managers = [o for o in _working(read) if MANAGER in roles_of(o.role)]
    if record.number < FIRST_CLERK and [o.id for o in managers] == [record.id]:
        raise LastManager


def _all(read: Reader) -> list[Officer]:
    """Of the village, or of the town's office."""
    return read.records(sa.select(Officer).where(Officer.deleted.is_not(True)).order_by(Officer.seq))


def _working(read: Reader) -> list[Officer]:
    return [o for o in _all(read) if o.left_on is None and o.number < FIRST_CLERK]


# ---------------------------------------------------------------- questions

@needs(PLAIN)
def list_officers(read: Reader) -> list[OfficerRow]:
    """Every account, those who left last."""
    grids = {g.id: g.name for g in read.records(sa.select(Grid))}
    rows = [OfficerRow(o.id, o.number, o.name, roles_of(o.role), grids.get(o.grid, "") if o.grid else "", o.left_on) for o in _all(read)]
    return sorted(rows, key=lambda row: row.left_on is not None)


@needs(PLAIN)
def grids(read: Reader) -> list[tuple[UUID, str]]:
    """(id, name) of the village's grids."""
    return [(g.id, g.name) for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.seq))]


@needs(PLAIN)
def number_of(read: Reader, told: str) -> int:
    """The number of a working officer by name, or by the number itself. Raises NoSuchOfficer."""
    found = [o.number for o in _all(read) if o.left_on is None and told in (o.name, str(o.number))]
    if len(found) != 1:
        raise NoSuchOfficer(told)
    return found[0]


@needs(PLAIN)
def joint(read: Reader) -> bool:
    """Whether whoever sits here registers people and manages accounts in one (兼任): fine for a village of one, shown all the same."""
    own = next((o for o in _all(read) if o.number == read.officer), None)
    return own is not None and {"grid", MANAGER} <= roles_of(own.role)
