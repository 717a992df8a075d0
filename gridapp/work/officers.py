"""Officers (网格员) and their accounts: who may come in, in which roles, for which grid; the last administrator cannot vanish."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.ledger import MANAGE, PLAIN, Acting, Reader, needs, verb
from gridapp.ledger.permits import ROLES, roles_of
from gridapp.ledger.reader import Gone
from gridapp.records import Grid, Officer
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import N_, _
from gridapp.work import village

MANAGER, AUDITOR, CLERK = "manage", "audit", "town"
#: roles a village gives, and those a town gives
GIVEN, GIVEN_IN_TOWN = ("grid", "chief", MANAGER, AUDITOR), (CLERK, AUDITOR)


class LastManager(Mistake):
    """Nobody could let anybody in any more."""

    def __init__(self) -> None:
        super().__init__(_("这是最后一个管理员账号，没有改动。请先把另一位设为管理员，再来改这一位。"))


class BadRoles(Mistake):
    """Roles that do not go together, none, or such as are not given here."""

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
        return in_titles(r for r in ROLES if r in self.roles)


def in_titles(roles: Iterable[str]) -> str:
    """'网格员、网格长'; a word that is no role as it stands."""
    return "、".join(_(ROLES[role].title) if role in ROLES else role for role in roles)


def manages(roles: Collection[str]) -> bool:
    """Whether whoever has these roles may let others in: 管理员 of a village, 镇工作人员 of a town."""
    return any(MANAGE in ROLES[role].permits for role in roles if role in ROLES)


@verb(N_("登记账号"), MANAGE, fresh=True)
def sign_up(act: Acting, name: str, roles: Iterable[str], grid: UUID | None = None, phone: str | None = None) -> int:
    """A new officer; returns the number. A town's is written in the configuration (`accounts.act_on`). Raises BadRoles, SameName, BadValue, Refused."""
    told = _checked(act, roles)
    if any(o.name == name for o in _working(act)):
        raise SameName(name)
    number = village.new_number(act)
    act.add(Officer(number=number, name=name, role=told, grid=grid, phone=fields_of(Officer)["phone"].kind.parse(phone)))
    return number


@verb(N_("修改账号"), MANAGE, fresh=True)
def change_roles(act: Acting, officer: UUID, roles: Iterable[str], grid: UUID | None = None) -> UUID:
    """Give an officer these roles and this grid (None: the whole village). Raises BadRoles, LastManager, Gone."""
    told, record = _checked(act, roles), officer_of(act, officer)
    if not manages(roles_of(told)):
        _refuse_last(act, record)
    return act.change(record, role=told, grid=grid).id


@verb(N_("停用账号"), MANAGE, fresh=True)
def dismiss(act: Acting, officer: UUID, day: date) -> UUID:
    """An officer leaves: nothing is done in their name from the next call on (GB/T 39786 6.6 b). Raises LastManager, Gone."""
    record = officer_of(act, officer)
    _refuse_last(act, record)
    return act.change(record, left_on=day).id


@verb(N_("恢复账号"), MANAGE, fresh=True)
def take_back(act: Acting, officer: UUID) -> UUID:
    """An officer comes back; they need a password anew. Raises SameName, Gone."""
    record = officer_of(act, officer)
    if any(o.name == record.name for o in _working(act)):
        raise SameName(record.name)
    return act.change(record, left_on=None).id


def _checked(read: Reader, roles: Iterable[str]) -> str:
    """The roles as they stand in the record. Whoever reads the audit does nothing that is audited (三员分立)."""
    offered, wanted = given(read), set(roles)
    if strange := sorted(wanted - set(offered)):
        here = _("镇里") if village.is_town(read) else _("村里")
        raise BadRoles(_("{0}的账号不能选“{1}”。可以选：{2}。").format(here, in_titles(strange), in_titles(offered)))
    told = [role for role in offered if role in wanted]
    if not told:
        raise BadRoles(_("请至少选一个角色。"))
    if AUDITOR in told and len(told) > 1:
        raise BadRoles(_("审计员只看审计，不能兼任别的角色。请另开一个账号。"))
    return "+".join(told)


def _refuse_last(read: Reader, record: Officer) -> None:
    if [o.id for o in _working(read) if manages(roles_of(o.role))] == [record.id]:
        raise LastManager


def _all(read: Reader) -> list[Officer]:
    """Of the village, or of the town's office: each holds records of the other's too, to tell their names."""
    return read.records(sa.select(Officer).where(Officer.deleted.is_not(True), village.own_officers(read)).order_by(Officer.seq))


def _working(read: Reader) -> list[Officer]:
    return [o for o in _all(read) if o.left_on is None]


# ---------------------------------------------------------------- questions

@needs(PLAIN)
def list_officers(read: Reader) -> list[OfficerRow]:
    """Every account of this desk, those who left last."""
    grids = {g.id: g.name for g in read.records(sa.select(Grid))}
    rows = [OfficerRow(o.id, o.number, o.name, roles_of(o.role), grids.get(o.grid, "") if o.grid else "", o.left_on) for o in _all(read)]
    return sorted(rows, key=lambda row: row.left_on is not None)


@needs(PLAIN)
def given(read: Reader) -> tuple[str, ...]:
    """The roles that are given at this desk."""
    return GIVEN_IN_TOWN if village.is_town(read) else GIVEN


@needs(MANAGE)
def officer_of(read: Reader, officer: UUID) -> Officer:
    """An officer of this desk, also one who left. Raises Gone, for a town's clerk at a village too."""
    record = read.get(Officer, officer)
    if (record.number >= FIRST_CLERK) != village.is_town(read):
        raise Gone
    return record


@needs(MANAGE)
def first_manager(read: Reader) -> int:
    """The number of the first officer who works here and manages the accounts; 0 for none."""
    return next((o.number for o in _working(read) if manages(roles_of(o.role))), 0)


@needs(PLAIN)
def grids(read: Reader) -> list[tuple[UUID, str]]:
    """(id, name) of the village's grids; a town's clerks work in all of them."""
    return [] if village.is_town(read) else [(g.id, g.name) for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.seq))]


@needs(PLAIN)
def number_of(read: Reader, told: str) -> int:
    """The number of a working officer by name, or by the number itself; whoever reads the audit asks for the town's clerks too.

    Raises NoSuchOfficer.
    """
    everybody = read.records(sa.select(Officer).where(Officer.deleted.is_not(True), Officer.left_on.is_(None)))
    found = [o.number for o in everybody if told in (o.name, str(o.number))]
    if len(found) != 1:
        raise NoSuchOfficer(told)
    return found[0]
