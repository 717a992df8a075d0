"""The door's verb of the audit: what was done and looked at, as a list or as a paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gridapp.door.base import Door, door
from gridapp.errors import Mistake
from gridapp.texts import _

#: a day as it is typed
DAY = click.DateTime(["%Y-%m-%d", "%Y%m%d"])


class NoSuchKind(Mistake):
    """A word that is no kind of what the audit holds."""

    def __init__(self, given: str, known: Iterable[str]) -> None:
        super().__init__(_("审计里没有“{0}”这一种。可以写：{1}。").format(given, "、".join(known)))


def _kind(said: str) -> str:
    """What is asked for, by its title or by the code the answer tells. Raises NoSuchKind."""
    from gridapp.ledger.looks import WHATS
    from gridapp.work.audit import FILTERS

    kinds = {**FILTERS, **WHATS}
    told = {_(title): code for code, title in kinds.items()}
    if said not in kinds and said not in told:
        raise NoSuchKind(said, told)
    return told.get(said, said)


@door.command("audit")
@click.option("--since", type=DAY, help="从哪一天起，如 2026-11-01")
@click.option("--until", type=DAY, help="到哪一天止")
@click.option("--of", "of", metavar="姓名", help="只看一个人：姓名或编号")
@click.option("--what", default="全部", show_default=True, help="全部、操作、查看，或一种，如 显示完整号码、打印、权限不足")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 5000), help="最多多少条")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="印成 PDF（A01 审计记录）")
@click.pass_obj
def list_audit(told: Door, since: datetime | None, until: datetime | None, of: str | None, what: str, limit: int, out: Path | None) -> None:
    """审计：谁、何时、做了或看了什么，新的在前；要审计权限。"""
    from gridapp import printing
    from gridapp.work import audit, officers

    with told.open() as ledger:
        number = ledger.ask(officers.number_of, of) if of else None
        wish = audit.Wish(since.date() if since else None, until.date() if until else None, number, _kind(what))
        if out is not None:
            printed, data = ledger.ask(printing.make_audit, wish)
            printing.keep(data, out)
            told.say({"pages": printed.pages}, lambda: _("已打印 {0} 页：{1}").format(printed.pages, out))
            return
        lines = ledger.ask(audit.lines, wish, limit)
    rows: list[dict[str, Any]] = [{"at": line.at.isoformat(), "officer": line.officer, "what": line.what, "title": line.title, "about": line.about,
                                   "why": line.why, "result": line.result, "where": line.where} for line in lines]
    told.say(rows, lambda: "\n".join(f"{r['at'][:19]}  {r['officer']}  {r['title']}  {r['about']}  {r['why']}  {r['where']}".rstrip() for r in rows)
             or _("没有记录。"))
