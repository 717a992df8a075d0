"""The door's verbs of accounts: who may come in, who leaves, the recovery sheet, and the way in with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gridapp.door.base import Door, PasswordNeeded, door, first_line, whole
from gridapp.errors import Mistake
from gridapp.ledger.permits import ROLES
from gridapp.texts import _

#: a role as one says it → its code; which of them are given depends on the desk, and is told where it is not
ROLES_SAID = {_(role.title): code for code, role in ROLES.items()}


def _role(said: str) -> str:
    """A role's code from its title, or from the code `officers --json` tells. Raises ValueError, which click tells of."""
    if said not in {*ROLES_SAID, *ROLES_SAID.values()}:
        raise ValueError(said)
    return ROLES_SAID.get(said, said)


class NoSuchGrid(Mistake):
    """A grid by a name nobody gave."""

    def __init__(self, name: str) -> None:
        super().__init__(_("没有叫“{0}”的网格。请核对名称；管整个村的和镇里的，不要写 --grid。").format(name))


def _row(account: Any) -> dict[str, Any]:
    officer = account.officer
    return {"number": officer.number, "name": officer.name, "roles": sorted(officer.roles), "grid": officer.grid, "way": account.way,
            "since": account.since, "left_on": officer.left_on}


def _id_of(ledger: Any, told: str) -> Any:
    """An account by name or number, also one that was closed. Raises NoSuchOfficer."""
    from gridapp.work import officers

    found = [row.id for row in ledger.ask(officers.list_officers) if told in (row.name, str(row.number))]
    if len(found) != 1:
        raise officers.NoSuchOfficer(told)
    return found[0]


def _grid(ledger: Any, name: str | None) -> Any:
    from gridapp.work import officers

    if name is None:
        return None
    for grid, called in ledger.ask(officers.grids):
        if called == name:
            return grid
    raise NoSuchGrid(name)


def _say_once(told: Door, welcome: Any) -> None:
    told.say({"number": welcome.number, "name": welcome.name, "password": welcome.password},
             lambda: _("已登记{0}（编号 {1}），是这个台账的第一个账号：建立台账时的密码就是本人的。").format(welcome.name, welcome.number) if not welcome.password else _("{0}（编号 {1}）的一次性密码：{2}\n24 小时内只能用一次，只显示这一次；本人用它进入后设自己的密码（命令行用 change-password）。").format(
                 welcome.name, welcome.number, welcome.password))


@door.command("officers")
@click.pass_obj
def list_officers(told: Door) -> None:
    """列出账号、角色和本机的密码情况。"""
    from gridapp.work import accounts, village

    with told.open() as ledger:
        rows, everywhere = [_row(account) for account in accounts.overview(ledger).rows], _("全镇") if ledger.ask(village.is_town) else _("全村")
    told.say(rows, lambda: "\n".join("  ".join((str(r["number"]), r["name"], "、".join(_(ROLES[role].title) for role in r["roles"]), r["grid"] or everywhere, r["way"] or "-",
                                                *([_("{0} 停用").format(r["left_on"])] if r["left_on"] else []))) for r in rows))


@door.command("officer-add")
@click.argument("name")
@click.option("--role", "roles", type=_role, metavar="|".join(ROLES_SAID), multiple=True, required=True, help="角色，可以写几次")
@click.option("--grid", help="只管哪个网格；不写是全村")
@click.option("--phone", help="电话")
@click.pass_obj
def add(told: Door, name: str, roles: tuple[str, ...], grid: str | None, phone: str | None) -> None:
    """新增账号，得到一个一次性密码。"""
    from gridapp.work import accounts

    with told.open() as ledger:
        welcome = accounts.add_officer(ledger, name, roles, _grid(ledger, grid), phone)
    _say_once(told, welcome)


@door.command("officer-roles")
@click.argument("officer")
@click.option("--role", "roles", type=_role, metavar="|".join(ROLES_SAID), multiple=True, required=True, help="角色，可以写几次")
@click.option("--grid", help="只管哪个网格；不写是全村")
@click.pass_obj
def roles(told: Door, officer: str, roles: tuple[str, ...], grid: str | None) -> None:
    """改账号的角色和网格。"""
    from gridapp.work import accounts

    with told.open() as ledger:
        accounts.change_roles(ledger, _id_of(ledger, officer), roles, _grid(ledger, grid))
    told.say({"officer": officer, "roles": sorted(roles)}, lambda: _("已修改：{0}").format(officer))


@door.command("officer-reset")
@click.argument("officer")
@click.pass_obj
def reset(told: Door, officer: str) -> None:
    """重设密码，得到一个一次性密码；原来的密码作废。"""
    from gridapp.work import accounts

    with told.open() as ledger:
        welcome = accounts.reset(ledger, _id_of(ledger, officer))
    _say_once(told, welcome)


@door.command("officer-dismiss")
@click.argument("officer")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="停用日期；不写是今天")
@click.pass_obj
def dismiss(told: Door, officer: str, day: datetime | None) -> None:
    """停用账号，给台账换一把新密钥。"""
    from gridapp.work import accounts

    with told.open() as ledger:
        gone = accounts.dismiss(ledger, _id_of(ledger, officer), day.date() if day else ledger.today)
    old = [str(path) for path in gone.old_backups]
    told.say({"name": gone.name, "rotated": gone.rotated, "old_backups": old}, lambda: "\n".join((
        _("已停用：{0}").format(gone.name), *([_("台账已换新密钥。")] if gone.rotated else []),
        *([_("此人用旧密码还能打开这些以前的备份：")] if old else []), *old)))


@door.command("rotate-key")
@click.pass_obj
def rotate(told: Door) -> None:
    """给台账换一把新密钥：恢复纸或密钥文件可能被人看过、拷走时用；大家的密码不变。"""
    from gridapp.work import accounts

    with told.open() as ledger:
        accounts.rotate(ledger)
    told.say({"rotated": True}, lambda: _("台账已换新密钥，大家的密码不变。以前的备份仍是旧密钥，请看好或删除。"))


@door.command("password-rules")
@click.argument("rules", type=click.Choice(["平常", "等保"]), required=False)
@click.pass_obj
def password_rules(told: Door, rules: str | None) -> None:
    """看或改设密码的规则：平常，或等保（四类字符至少三类，90 天换一次）。"""
    from gridapp.store.passwords import DENGBAO
    from gridapp.work import accounts

    with told.open() as ledger:
        if rules is not None:
            accounts.set_password_rules(ledger, DENGBAO if rules == "等保" else "")
        now = accounts.password_rules(ledger)
    words = _("由数据库管理员规定") if now is None else _("等保") if now else _("平常")
    told.say({"rules": now}, lambda: _("密码规则：{0}").format(words))


@door.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="写成 PDF，打印后请删除")
@click.pass_obj
def sheet(told: Door, out: Path | None) -> None:
    """换一张新的恢复纸：显示各组字母，原来的作废。"""
    from gridapp.work import recovery, village

    with told.open() as ledger:
        groups, where, scope, today = recovery.sheet(ledger), ledger.ask(village.desk), ledger.scope, ledger.today
    if out is not None:
        from gridapp import printing
        from gridapp.printing.papers import k01

        printing.keep(k01.drawn(where.home(scope), groups, today), out)
    told.say({"groups": groups, "paper": str(out) if out else None},
             lambda: _("恢复纸（请抄下或打印，锁好；只显示这一次）：\n{0}").format("\n".join(f"{n}  {group}" for n, group in enumerate(groups, 1))))


@door.command("sheet-check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def sheet_check(told: Door, file: Path) -> None:
    """核对恢复纸：文件的第一行是照纸输入的各组字母。"""
    from gridapp.work import recovery

    with told.open() as ledger:
        recovery.check_sheet(ledger, first_line(file))
    told.say({"checked": True}, lambda: _("恢复纸没有抄错，能打开这个台账。"))


@door.command("open-with-sheet")
@click.option("--new-password-file", required=True, type=click.Path(path_type=Path), help="新密码文件，第一行是新密码")
@click.option("--town", is_flag=True, help="密码文件里写的是镇里应急密钥纸上的各行（村里开通了镇应急）")
@click.pass_obj
def open_with_sheet(told: Door, new_password_file: Path, town: bool) -> None:
    """管理员忘了密码：密码文件里写恢复纸上的各组字母，给管理员设一个新密码。"""
    from gridapp.exchange import lent
    from gridapp.work import recovery, village

    if told.password_file is None:
        raise PasswordNeeded
    enter, typed = (lent.enter, whole(told.password_file)) if town else (recovery.enter_by, told.password())
    with enter(told.file, typed, first_line(new_password_file)) as ledger:
        name = ledger.ask(village.desk).officer
    told.say({"officer": name}, lambda: _("已给{0}设好新密码。请用新密码打开，再打印一张新的恢复纸。").format(name))
