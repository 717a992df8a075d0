"""The door's verbs of the register: a new ledger, import, find, print, history, undo, verify."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from gridapp.door.base import MACHINE, Door, door
from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.texts import _


class NoSuchRecord(Mistake):
    """No id, or the id of nothing in this ledger."""

    def __init__(self, given: str) -> None:
        super().__init__(_("没有编号为“{0}”的记录。请先用 find 查到编号。").format(given))


@door.command()
@click.option("--village", required=True, help="12 位村代码，如 330784108238")
@click.option("--village-name", help="代码表里没有的新村，写明村名")
@click.option("--grid", required=True, help="网格名称")
@click.option("--admin", required=True, help="第一位网格员（管理员）姓名")
@click.pass_obj
def new(told: Door, village: str, village_name: str | None, grid: str, admin: str) -> None:
    """新建台账。"""
    from gridapp.work import opening

    password = told.password()
    with opening.new_ledger(told.file, password, village, grid, admin, village_name) as ledger:
        digest = ledger.digest()
    told.say({"ledger": told.shown, "digest": digest}, lambda: _("已新建台账：{0}").format(told.shown))


@door.command()
@click.option("--people", type=click.IntRange(1, 2_000_000), required=True, help="多少人")
@click.option("--seed", default=1, show_default=True, help="同一个数生成同样的人")
@click.pass_obj
def sample(told: Door, people: int, seed: int) -> None:
    """填入虚构的人员和房屋（号码从未发给任何人）。"""
    from gridapp.work import choosing, invent

    with told.open() as ledger:
        count = choosing.chosen(ledger).do(invent.invent, people, seed).result
    told.say({"people": count}, lambda: _("已生成 {0} 名虚构人员。").format(count))


@door.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
@click.option("--report", type=click.Path(path_type=Path), help="把被拒绝和有疑问的行写成表格")
@click.pass_obj
def take_in(told: Door, file: Path, dry_run: bool, report: Path | None) -> None:
    """导入流动人口、出租房屋工作簿。"""
    from gridapp import spreadsheet
    from gridapp.work import choosing, intake, keeping

    with told.open() as ledger:
        choosing.chosen(ledger)
        rows = spreadsheet.read_rows(file)
        plan = ledger.ask(intake.weigh, rows)
        if report is not None:  # first, so that nothing is taken in when it cannot be written
            spreadsheet.write_report(report, plan)
        if not dry_run:
            keeping.take_and_send(ledger, "import")
            ledger.do(intake.take_in, plan)
    outline = intake.outline(plan)
    told.say(outline, lambda: _outline_text(outline, dry_run))


def _outline_text(outline: dict[str, Any], dry_run: bool) -> str:
    head = _("试导入（没有写入）：") if dry_run else _("已导入：")
    lines = [head + _("新建 {0}；更新 {1}；拒绝 {2} 行；有疑问 {3} 行").format(
        outline["created"], outline["updated"], len(outline["refused"]), len(outline["warned"]))]
    for word, rows in ((_("拒绝"), outline["refused"]), (_("疑问"), outline["warned"])):
        lines += [f"{word}  {r['sheet']} 第 {r['row']} 行 {r['column']}：{r['text']}" for r in rows]
    return "\n".join(lines)


@door.command()
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="最多多少条")
@click.pass_obj
def find(told: Door, text: str, limit: int) -> None:
    """按姓名、拼音、证件号码（尾号）、电话、地址、房号查找。"""
    with told.open() as ledger:
        hits = ledger.search(text, limit)
    rows = [{"entity": h.entity, "id": str(h.id), "label": h.label, "why": h.why} for h in hits]
    told.say(rows, lambda: "\n".join(f"{r['entity']}  {r['label']}  （{r['why']}）  {r['id']}" for r in rows) or _("没有找到。"))


@door.command()
@click.pass_obj
def papers(told: Door) -> None:
    """列出可以打印的表单。"""
    from gridapp import printing

    rows = [{"number": p.number, "title": p.title} for p in printing.PAPERS.values()]
    told.say(rows, lambda: "\n".join(f"{r['number']}  {r['title']}" for r in rows))


@door.command("print")
@click.argument("paper")
@click.option("--house", help="房屋编号")
@click.option("--all", "all_houses", is_flag=True, help="全部房屋印在一个文件里")
@click.option("--record", help="巡查（F07）或隐患（F09）的记录编号；不写则取最近一条")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="写成哪个 PDF 文件")
@click.pass_obj
def print_(told: Door, paper: str, house: str | None, all_houses: bool, record: str | None, out: Path) -> None:
    """打印表单为 PDF，例如 print F04 --all -o 登记簿.pdf。"""
    from gridapp import printing
    from gridapp.exchange import pictures

    with told.open() as ledger:
        photo = pictures.album(ledger).get if printing.paper(paper).photos else None
        printed = ledger.ask(printing.write, paper, out, house=house, all_houses=all_houses, record=_id(record) if record else None, photo=photo)
    told.say({"pages": printed.pages, "missing": list(printed.missing)},
             lambda: _("已打印 {0} 页：{1}").format(printed.pages, out))


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NoSuchRecord(given) from None


@door.command()
@click.argument("id")
@click.pass_obj
def history(told: Door, id: str) -> None:
    """一条记录的来历：谁、何时、改了什么。"""
    with told.open() as ledger:
        steps = ledger.history(_id(id))
    if not steps:
        raise NoSuchRecord(id)
    rows: list[dict[str, Any]] = [{"at": s.at.isoformat(), "officer": s.officer, "verb": s.verb, "title": s.title,
             "changes": [{"field": c.field, "label": c.label, "old": c.old, "new": c.new} for c in s.changes]} for s in steps]
    told.say(rows, lambda: "\n".join(
        f"{r['at'][:16]}  {r['officer']}  {r['title']}  " + "；".join(f"{c['label']}：{c['old'] or '（空）'}→{c['new'] or '（空）'}"
                                                                  for c in r["changes"]) for r in rows))


def _reverse(told: Door, word: str, act: Callable[[Ledger], Any]) -> None:
    with told.open() as ledger:
        act(ledger)
        line = ledger.acts(1)[0]
    told.say({word: line.title, "touched": line.touched}, lambda: _("已{0}，涉及 {1} 条记录。").format(line.title, line.touched))


@door.command()
@click.pass_obj
def undo(told: Door) -> None:
    """撤销最近一次操作。"""
    _reverse(told, "undone", lambda ledger: ledger.undo())


@door.command()
@click.pass_obj
def redo(told: Door) -> None:
    """重做刚撤销的操作。"""
    _reverse(told, "redone", lambda ledger: ledger.redo())


@door.command()
@click.option("--anchor", "anchors", multiple=True, metavar="审计号", help="与外面留存的对照：表单页脚的审计号、含审计号的文本文件，或 .gridbak 备份")
@click.pass_obj
def verify(told: Door, anchors: tuple[str, ...]) -> None:
    """检查台账：页面、日志链、签名、由日志重建、关联、审计链，并与最近的备份对照。"""
    from gridapp.work import audit

    known = [found for given in anchors for found in audit.anchors_of(given)]
    with told.open() as ledger:
        report = audit.prove(ledger, known)
    told.say({"ok": not report.faults, "faults": list(report.faults), "records": report.records, "digest": report.digest},
             lambda: "\n".join(report.faults) or _("台账完好，共 {0} 条记录。").format(report.records))
    if report.faults:
        raise SystemExit(MACHINE)


@door.command()
@click.pass_obj
def digest(told: Door) -> None:
    """整个台账内容的一个哈希值。"""
    with told.open() as ledger:
        value = ledger.digest()
    told.say({"digest": value}, lambda: value)
