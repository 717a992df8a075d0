"""The door's verbs for what the town pushes: code tables, and tasks for its villages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gridapp.door.base import Door, door
from gridapp.texts import _

WHICH = {"待办": "open", "逾期": "overdue", "完成": "done", "全部": "all"}


# ---------------------------------------------------------------- code tables

@door.command("codes")
@click.argument("name", required=False)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="把这张表写成哪个文件，改好后可以再发布")
@click.pass_obj
def codes(told: Door, name: str | None, out: Path | None) -> None:
    """列出代码表和镇里发布到第几版；写了名称就列出这张表的代码。"""
    from gridapp.exchange import publishing
    from gridapp.store.files import sorted_trouble

    with told.open() as ledger:
        found = ledger.ask(publishing.sheets, ledger.scope)
    if name is None:
        rows: list[dict[str, Any]] = [{"name": s.id, "edition": s.edition, "day": s.day, "note": s.note, "codes": len(s.offered),
                                       "retired": len(s.retired), "used": list(s.used), "twice": s.twice} for s in found]
        told.say(rows, lambda: "\n".join(_("{name}  第 {edition} 版  {codes} 个代码，停用 {retired} 个  {0}").format("、".join(r["used"]), **r) for r in rows))
        return
    sheet = next((s for s in found if s.id == name), None)
    if sheet is None:
        raise publishing.NoSuchTable(name)
    if out is not None:
        with sorted_trouble(out):
            out.write_text(publishing.text_of(name), "utf-8-sig", newline="\n")
    rows = [{"code": r.code, "name": r.name, "words": list(r.words), "retired": r in sheet.retired} for r in (*sheet.offered, *sheet.retired)]
    told.say(rows, lambda: "\n".join(f"{r['code']}  {r['name']}" + (_("（停用）") if r["retired"] else "") for r in rows))


@door.command("publish-codes")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", help="发布哪一张表；不写则按文件名，如 reason.tsv")
@click.option("--note", help="说明，如“按县里 11 月通知”")
@click.option("--dry-run", is_flag=True, help="只检查，不发布")
@click.pass_obj
def publish_codes(told: Door, file: Path, table: str | None, note: str | None, dry_run: bool) -> None:
    """发布代码表：检查文件，写进镇里的设置，随交接包带到各村。"""
    from gridapp.exchange import publishing
    from gridapp.fields import editions

    with told.open() as ledger:
        edition = editions.read(file, table or "")
        seen = ledger.ask(publishing.newest, edition.name)
        changes = publishing.changes(edition)
        number = seen if dry_run else publishing.publish(ledger, edition, seen, note)
    told.say({"table": edition.name, "edition": number, "published": not dry_run, "changes": [list(c) for c in changes]},
             lambda: "\n".join((_("检查通过，没有发布：") if dry_run else _("已发布 {0} 第 {1} 版：").format(edition.name, number),
                                *(f"{what}  {row}" for what, row in changes))))


# ---------------------------------------------------------------- tasks

@door.command("task-new")
@click.option("--title", required=True, help="任务，如“核查出租房电动车充电”")
@click.option("--text", help="要求")
@click.option("--kind", help="类别：核查、补登记、整改督促、上报材料、其他")
@click.option("--due", help="期限，如 2026-12-10")
@click.option("--village", multiple=True, help="给哪个村（12 位村代码），可以写多个")
@click.option("--all", "all_villages", is_flag=True, help="给每一个村")
@click.pass_obj
def task_new(told: Door, title: str, text: str | None, kind: str | None, due: str | None, village: tuple[str, ...], all_villages: bool) -> None:
    """给村里下达任务，随下一个交接包带去。"""
    from gridapp.exchange import rollcall
    from gridapp.fields.field import fields_of
    from gridapp.records import Task
    from gridapp.work import tasks

    known = fields_of(Task)
    values = {n: known[n].kind.parse(given) for n, given in {"title": title, "text": text, "kind": kind, "due_on": due}.items()}
    with told.open() as ledger:
        chosen = rollcall.villages_in(ledger.scopes()) if all_villages else [f"v:{code}" for code in village]
        made = tasks.set_in_villages(ledger, chosen, **values)
    told.say({"tasks": {scope[2:]: str(eid) for scope, eid in made.items()}}, lambda: _("已给 {0} 个村下达任务“{1}”。").format(len(made), title))


@door.command("tasks")
@click.option("--which", type=click.Choice(list(WHICH)), default="待办", show_default=True, help="列出哪些")
@click.pass_obj
def tasks(told: Door, which: str) -> None:
    """列出任务：村、任务、期限、完成没有。"""
    from gridapp.exchange import rollcall
    from gridapp.work import tasks as work

    with told.open() as ledger:
        found, counts = ledger.ask(work.list_tasks, WHICH[which], 0, 100_000), ledger.ask(work.by_village)
    rows: list[dict[str, Any]] = [{"id": str(t.id), "village": t.village[2:], "title": t.title, "kind": t.kind or "", "due": t.due_on, "done": t.done_on,
                                   "called_off": t.called_off} for t in found]
    told.say({"tasks": rows, "villages": {scope[2:]: {"open": s.open, "overdue": s.overdue, "done": s.done} for scope, s in counts.items()}},
             lambda: "\n".join(f"{rollcall.place('v:' + r['village'])}  {r['title']}  {r['due'] or ''}  {r['id']}" for r in rows) or _("没有任务。"))


@door.command("task-done")
@click.argument("id")
@click.option("--note", help="完成情况")
@click.pass_obj
def task_done(told: Door, id: str, note: str | None) -> None:
    """完成一项任务；随下一个交接包告诉镇里。"""
    from gridapp.fields.kinds import Link
    from gridapp.work import tasks as work

    with told.open() as ledger:
        ledger.do(work.tick_off, Link().parse(id), note)
        digest = ledger.digest()
    told.say({"done": id, "digest": digest}, lambda: _("已完成。"))
