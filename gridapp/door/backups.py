"""The door's verbs of backups: take one, list them, restore onto this or a fresh PC, give the reserve back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gridapp.door.base import Door, FileNeeded, PasswordNeeded, door, first_line
from gridapp.fields.kinds import BEIJING
from gridapp.texts import _


def _row(kept: Any) -> dict[str, Any]:
    told = kept.manifest
    return {"file": str(kept.path), "seq": told.seq, "at": told.moment.isoformat(), "reason": told.reason, "size": kept.size, "photos": told.photos}


def _words(kept: Any) -> str:
    from gridapp.work.backups import REASONS

    told = kept.manifest
    return f"{told.seq:>6}  {told.moment.astimezone(BEIJING):%Y-%m-%d %H:%M}  {_(REASONS.get(told.reason, told.reason))}  {kept.size / 2**20:,.1f} MB  {kept.path}"


@door.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="同时复制到哪个文件夹或U盘")
@click.pass_obj
def backup(told: Door, out: Path | None) -> None:
    """备份台账，并打开副本逐页核对。"""
    from gridapp.work import backups, keeping

    with told.open() as ledger:
        kept = backups.take(ledger, backups.ASKED)
        sent = keeping.send(ledger, out) if out is not None and kept is not None else None
    if kept is None:
        raise FileNeeded
    rows = [k for k in (kept, sent) if k is not None]
    told.say([_row(k) for k in rows], lambda: "\n".join((_("已备份并核对："), *map(_words, rows))))


@door.command("backups")
@click.pass_obj
def list_backups(told: Door) -> None:
    """列出这个台账的备份，新的在前；不用密码。"""
    from gridapp.work import rescue

    rows = rescue.offers(told.file)
    told.say([_row(k) for k in rows], lambda: "\n".join(map(_words, rows)) or _("没有备份。"))


@door.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="恢复成哪个台账文件；不写则用 --ledger 指明的")
@click.option("--sheet", is_flag=True, help="密码文件里写的是恢复纸上的各组字符")
@click.option("--password-file", "own", type=click.Path(path_type=Path), help="密码文件；也可以写在动作前面")
@click.pass_obj
def restore(told: Door, file: Path, to: Path | None, sheet: bool, own: Path | None) -> None:
    """用备份恢复台账；原有的台账整个移到旁边的文件夹，不会覆盖。"""
    from gridapp.work import rescue

    given = own or told.password_file
    if given is None:
        raise PasswordNeeded
    typed, place = first_line(given), to or told.file
    restored = rescue.restore(file, place, rescue.by_sheet(typed) if sheet else rescue.by_password(typed))
    aside = str(restored.aside) if restored.aside else None
    told.say({"ledger": str(place), "seq": restored.manifest.seq, "at": restored.manifest.moment.isoformat(), "aside": aside, "photos": restored.photos},
             lambda: "\n".join((_("已恢复到 {0} 的备份：{1}").format(f"{restored.manifest.moment.astimezone(BEIJING):%Y-%m-%d %H:%M}", place),
                                *([_("原来的台账在 {0}").format(aside)] if aside else []))))


@door.command("bring-back-keys")
@click.pass_obj
def bring_back_keys(told: Door) -> None:
    """密钥文件丢了：用最新完好备份里的放回去，台账本身不动。"""
    from gridapp.work import rescue

    kept = rescue.bring_back_keys(told.file)
    told.say(_row(kept), lambda: _("已放回密钥文件。请用做这个备份时的密码打开。"))


@door.command("release-reserve")
@click.pass_obj
def release_reserve(told: Door) -> None:
    """磁盘满了：释放备用空间，好保存并关闭；有空间时会自动再留。"""
    from gridapp.store import reserve

    size = reserve.release(told.file)
    told.say({"released": size}, lambda: _("已释放 {0} MB。请尽快清理磁盘。").format(size >> 20) if size else _("备用空间已经释放过了。请清理磁盘。"))
