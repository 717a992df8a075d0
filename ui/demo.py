"""The guided demonstration: the whole story on the sample workbook, into a folder: ledger, report, papers and pictures."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from gridapp import places
from gridapp.errors import Sorted
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.ledger import Ledger

VILLAGE, GRID, OFFICER, PASSWORD = "330784108238", "第一网格", "王建国", "演示用的密码-2026"
#: never issued: Jianyang (510185) became a county-level city long after this birth date
NEWCOMER = ("李晓梅", "510185199205173627")


def tell(folder: Path) -> int:
    """Run it; returns the exit code (0 done, 2 the folder cannot be used)."""
    try:
        target = _fresh(folder)
        _story(target)
    except Sorted as failure:
        print(failure.text, file=sys.stderr)
        return 2
    return 0


def _fresh(folder: Path) -> Path:
    """`folder`, or the first of folder-2, folder-3 … that does not exist yet."""
    number, target = 1, folder
    while target.exists():
        number += 1
        target = folder.with_name(f"{folder.name}-{number}")
    target.mkdir(parents=True)
    return target


def _say(text: str, path: Path | None = None) -> None:
    print(f"· {text}" + (f"  {path}" if path else ""), flush=True)


def _story(folder: Path) -> None:
    from gridapp.work import opening

    path = folder / "青后叶村.grid"
    ledger = opening.new_ledger(path, PASSWORD, VILLAGE, GRID, OFFICER)
    _say(_("新建加密台账（密码：{0}）").format(PASSWORD), path)
    try:
        _take_in(ledger, folder)
        _a_days_work(ledger)
        _papers(ledger, folder)
        digest = ledger.digest()
    finally:
        ledger.close()
    again = opening.open_ledger(path, PASSWORD)
    report = again.verify()
    again.close()
    _say(_("第二天重新打开：内容一致，共 {0} 条记录，检查无误").format(report.records)
         if report.digest == digest and not report.faults else _("检查发现问题：{0}").format("；".join(report.faults)))
    _pictures(path, folder)
    _say(_("演示完成，全部文件在"), folder.resolve())


def _take_in(ledger: Ledger, folder: Path) -> None:
    from gridapp import spreadsheet
    from gridapp.work import intake

    plan = ledger.ask(intake.weigh, spreadsheet.read_rows(places.sample()))
    spreadsheet.write_report(folder / "导入检查结果.xlsx", plan)
    _say(_("试导入：拒绝 {0} 行，有疑问 {1} 行").format(len(plan.refused), len(plan.warned)), folder / "导入检查结果.xlsx")
    ledger.do(intake.take_in, plan)
    _say(_("导入：{0} 处房屋、{1} 个房间、{2} 人").format(plan.created["house"], plan.created["room"], plan.created["person"]))


def _a_days_work(ledger: Ledger) -> UUID:
    """Find, register, move, patrol, undo."""
    from gridapp.fields import codes
    from gridapp.work import hazards, houses, patrols, people, tenancies

    hit = ledger.search("王𬱟", 1)[0]
    _say(_("查找“王𬱟”：{0}（{1}）").format(hit.label, hit.why))
    house = ledger.ask(houses.by_number, "QHY0011")
    rooms = [r.id for r in ledger.ask(houses.house_card, house.id).rooms]
    person = ledger.do(people.register_person, name=NEWCOMER[0], id_no=NEWCOMER[1], phone="15026310431", ethnic="01").result
    ledger.do(tenancies.move_in, person, rooms[0], ledger.today - timedelta(days=2), codes.table("relation").find("承租人"))
    ledger.do(tenancies.change_room, person, rooms[1], ledger.today)
    _say(_("登记{0}，办理入住，再换到另一间").format(NEWCOMER[0]))
    ledger.do(patrols.log_patrol, [
        {"place": house.address, "house": house.id, "problem": _("楼道内停放电动自行车并充电，占用疏散通道"), "hazard": True,
         "category": codes.table("hazard_degree").find("严重"), "handling": codes.table("handling").find("发整改通知")},
        {"place": _("工业区一路路口"), "problem": _("路灯不亮"), "handling": codes.table("handling").find("上报")}],
        day=ledger.today, start="20:00", end="21:30", weather=codes.table("weather").find("晴"), people="王建国、李红",
        category=codes.table("patrol_category").find("夜间"), route=_("祠堂路—青后叶后街—工业区一路"), persuaded=6, checked=12,
        contents=",".join(c for c, _name in codes.table("patrol_contents").choices()[:2]))
    hazard = ledger.ask(hazards.list_hazards)[0].id
    number = ledger.do(hazards.serve_notice, hazard, ledger.today + timedelta(days=7), _("清理楼道，设置室外集中充电点。")).result
    _say(_("夜间巡查发现隐患，开出整改通知书 {0}").format(number))
    ledger.do(people.correct_person, person, name=_("写错的名字"))
    ledger.undo()
    _say(_("改错姓名后撤销：{0}").format(ledger.ask(people.person_card, person).record.name))
    return hazard


def _papers(ledger: Ledger, folder: Path) -> None:
    from gridapp import printing

    for number, chosen in printing.PAPERS.items():
        out = folder / f"{number} {chosen.title}.pdf"
        printed = ledger.ask(printing.write, number, out, all_houses=number == "F04")
        _say(_("打印 {0}，{1} 页").format(chosen.title, printed.pages), out)


def _pictures(path: Path, folder: Path) -> None:
    """Screenshots of every screen, made by the program itself."""
    from ui.pictures import take

    for picture in take(path, PASSWORD, folder):
        _say(_("截图"), picture)
