"""Who may do what (权限): a function declares what it needs, a role has some of it, and what is not declared is refused.

The one check stands in `Ledger`, on the way of every question and every act; neither the window nor the door decides anything.
Roles: GB/T 22239 三员分立 (whoever manages accounts sees no personal data, whoever reads the audit changes nothing).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mistake
from gridapp.records import Officer
from gridapp.records.people import JOINT, LEGACY
from gridapp.texts import N_, _

F = TypeVar("F", bound=Callable[..., Any])


class Permit(StrEnum):
    """What a function can need."""

    PLAIN = "plain"
    LOOK = "look"
    REVEAL = "reveal"
    REGISTER = "register"
    REVIEW = "review"
    PRINT = "print"
    EXPORT = "export"
    HAND = "hand"
    MANAGE = "manage"
    AUDIT = "audit"


PLAIN, LOOK, REVEAL, REGISTER, REVIEW, PRINT, EXPORT, HAND, MANAGE, AUDIT = Permit

#: how sentences and the printed table name them
PERMITS: dict[Permit, str] = {
    PLAIN: N_("不含个人信息的内容"), LOOK: N_("查看登记（号码遮住一部分）"), REVEAL: N_("显示完整号码"), REGISTER: N_("登记和修改"),
    REVIEW: N_("复核、销号、裁决冲突"), PRINT: N_("打印表单"), EXPORT: N_("导出表格"), HAND: N_("交接（包是密封的）"),
    MANAGE: N_("管理账号、配对和备份"), AUDIT: N_("查看审计"),
}
_DAILY = frozenset({PLAIN, LOOK, REVEAL, REGISTER, PRINT, EXPORT, HAND})


@dataclass(frozen=True)
class Role:
    """One role: its title and all it may."""

    title: str
    permits: frozenset[Permit]


ROLES: dict[str, Role] = {
    "grid": Role(N_("网格员"), _DAILY),
    "chief": Role(N_("网格长"), _DAILY | {REVIEW}),
    "manage": Role(N_("管理员"), frozenset({PLAIN, MANAGE, HAND})),
    "audit": Role(N_("审计员"), frozenset({PLAIN, AUDIT})),
    "town": Role(N_("镇工作人员"), _DAILY | {REVIEW, MANAGE, AUDIT}),
}


class NotAllowed(Mistake):
    """The officer's roles do not reach that far."""

    def __init__(self, what: str) -> None:
        super().__init__(_("您的账号没有“{0}”的权限，没有做任何改动。需要时请找管理员调整您的角色。").format(what))
        self.what = what


class NobodyHere(Mistake):
    """The officer's account was closed, or never was."""

    def __init__(self) -> None:
        super().__init__(_("您的账号已停用或不在这个台账里，不能继续操作。已保存的内容都在；请找管理员。"))


class PasswordAgain(Mistake):
    """Something grave: whoever sits here shows once more who they are (reliability.md A6)."""

    def __init__(self) -> None:
        super().__init__(_("这一步要再输一次您的密码，确认是您本人。请输入密码后再试。"))


@dataclass(frozen=True)
class Needs:
    """What a function asks for: one of these permits; `fresh`: and the password typed within the last minutes."""

    any_of: frozenset[Permit]
    fresh: bool = False


def needs(*permits: Permit, fresh: bool = False) -> Callable[[F], F]:
    """Declare what it takes to run a function: any one of `permits`."""

    def declare(function: F) -> F:
        function.__needs__ = Needs(frozenset(permits), fresh)  # type: ignore[attr-defined]
        return function

    return declare


def needed(function: Callable[..., Any]) -> Needs | None:
    """What was declared; None for what nobody declared."""
    while isinstance(function, partial):
        function = function.func
    found: Needs | None = getattr(function, "__needs__", None)
    return found


def roles_of(told: str | None) -> frozenset[str]:
    """The set of roles in an officer's field. The first officer of a ledger begun before there were roles does everything."""
    return frozenset((JOINT if told in (None, LEGACY) else told or "").split("+")) & ROLES.keys()


@dataclass(frozen=True)
class Seat:
    """Who sits here: the officer, their roles, and the grid they work in (None: the whole village). Number 0 is the program itself."""

    officer: int
    name: str = ""
    roles: frozenset[str] = frozenset()
    grid: UUID | None = None

    @property
    def permits(self) -> frozenset[Permit]:
        return frozenset().union(*(ROLES[r].permits for r in self.roles))

    def may(self, wanted: Collection[Permit]) -> bool:
        """Whether any one of them is allowed."""
        return self == HOUSE or not self.permits.isdisjoint(wanted)

    def refuse(self, asked: Needs | None) -> None:
        """Raises NobodyHere, NotAllowed; the program itself may do everything."""
        if self == HOUSE:
            return
        if not self.roles:
            raise NobodyHere
        if asked is None:
            raise NotAllowed(_("未声明的功能"))
        if not self.may(asked.any_of):
            raise NotAllowed(in_words(asked.any_of))


#: the program at its own work: founding, workers, the search index
HOUSE = Seat(0)


def in_words(permits: Iterable[Permit]) -> str:
    """'登记和修改 / 复核、销号、裁决冲突'."""
    return " / ".join(_(PERMITS[p]) for p in Permit if p in set(permits))


def seat_of(session: Session, officer: int) -> Seat:
    """The seat of an officer as the ledger tells it at this moment: a role taken away is gone with the next call."""
    found = session.scalars(sa.select(Officer).where(Officer.number == officer, Officer.deleted.is_not(True))).first()
    if found is None or found.left_on is not None:
        return Seat(officer)
    roles = roles_of(found.role)
    return Seat(officer, found.name, roles, found.grid if roles == {"grid"} else None)


def gated(*permits: Permit, fresh: bool = False) -> Callable[[F], F]:
    """Declare what it takes to run a function that is given the whole ledger; the ledger is asked before anything else.

    The function raises NotAllowed, NobodyHere, PasswordAgain besides its own.
    """

    def declare(function: F) -> F:
        @wraps(function)
        def ask_first(ledger: Any, *args: Any, **kwargs: Any) -> Any:
            ledger.require(*permits, fresh=fresh)
            return function(ledger, *args, **kwargs)

        return cast(F, needs(*permits, fresh=fresh)(ask_first))

    return declare
