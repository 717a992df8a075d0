"""The door's verbs of the hand-off: town, pairing, stations, questions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO
from uuid import UUID

import click

from gridapp.door.base import Door, door
from gridapp.door.parcels import NothingHere, taken_row, taken_text
from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.ledger import Ledger
from gridapp.records import BY_NAME
from gridapp.records.stations import COUNTY, LOST, REVOKED, TOWN, VILLAGE
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.exchange.clashes import Clash

#: levels as one says them
ROLES = {"村": VILLAGE, "镇": TOWN, "县": COUNTY}


class NoSuchQuestion(Mistake):
    """Settling what is not open."""

    def __init__(self, given: str, field: str) -> None:
        super().__init__(_("记录“{0}”的“{1}”没有待处理的冲突。请用 conflicts 查看。").format(given, field))


class WhichSide(Mistake):
    """Neither a side nor a value, both, or words that mean no side or several."""

    def __init__(self, stations: Iterable[str]) -> None:
        super().__init__(_("请写要采用的完整值，或者用 --side 写采用哪一方（我方、对方，或站点名称：{0}），两样只写一样。").format("、".join(stations)))


class StarsTyped(Mistake):
    """A masked value typed as if it were one."""

    def __init__(self) -> None:
        super().__init__(_("给出的值是遮住的，不能保存。请写完整的值，或者用 --side 写采用哪一方（我方、对方，或站点名称）。"))


# ---------------------------------------------------------------- the town, and joining it

@door.command("town-new")
@click.option("--town", required=True, help="9 位镇（街道）代码，如 330784108")
@click.option("--name", required=True, help="这台电脑的名称，如“古山镇一号机”")
@click.option("--officer", required=True, help="谁在用：镇工作人员的姓名")
@click.pass_obj
def town_new(told: Door, town: str, name: str, officer: str) -> None:
    """建立镇级台账：镇级密钥、应急密钥和本机的证书。应急密钥只显示这一次。"""
    from gridapp.exchange import escrow, founding

    ledger, founded = founding.new_town(told.place, told.password(), town, name, officer)
    with ledger:
        lines, digest = escrow.on_paper(founded.escrow), ledger.digest()
    told.say({"ledger": told.shown, "root": founded.root.hex(), "escrow": lines, "digest": digest},
             lambda: "\n".join((_("已建立镇级台账：{0}").format(told.shown), _("请把下面的应急密钥抄在纸上，分两处保管；它只显示这一次："), *lines)))


@door.command("pair-request")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="申请写成哪个文件")
@click.option("--name", help="这台电脑的名称，如“青后叶村一号机”；不写则用村名")
@click.option("--village", help="台账还没有时：加入哪个村（12 位村代码）；镇里再加一台电脑写 9 位镇代码")
@click.pass_obj
def pair_request(told: Door, out: Path, name: str | None, village: str | None) -> None:
    """申请和镇里配对：写出申请文件，显示两组六位数字。"""
    from gridapp.exchange import founding, joining

    with founding.joining_ledger(told.file, told.password(), village) if village else told.open() as ledger:
        request = joining.write_request(ledger, out, name or founding.default_name(ledger))
    told.say({"file": str(out), "digits": request.digits, "name": request.name, "scope": request.scope},
             lambda: _("申请已写入 {0}。请打电话给镇里核对这两组数字：{1}").format(out, request.digits))


@door.command("pair-accept")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="回复写成哪个文件")
@click.option("--digits", help="对方读出的两组数字；写了就核对，不一致不批准")
@click.option("--role", type=click.Choice(["村", "镇", "县"]), help="级别；不写则看它申请的是村还是镇")
@click.option("--replaces", help="替换哪一个站点（名称）")
@click.pass_obj
def pair_accept(told: Door, file: Path, out: Path, digits: str | None, role: str | None, replaces: str | None) -> None:
    """批准配对申请：显示两组六位数字，写出给对方的回复。"""
    from gridapp.exchange import joining, slips

    with told.open() as ledger:
        request = joining.read(file)
        if digits is not None:
            slips.refuse_other_digits(request.digits, digits)
        done = joining.accept(ledger, request, out, ROLES[role] if role else None, replaces=_station(ledger, replaces) if replaces else None)
    told.say({"digits": request.digits, "answer_digits": done.answer.digits, "name": request.name, "scope": request.scope, "file": str(out)},
             lambda: _("申请的数字：{0}（请和对方核对）\n已批准“{1}”，回复写入 {2}。对方导入时核对：{3}").format(
                 request.digits, request.name, out, done.answer.digits))


@door.command("pair-finish")
@click.argument("answer", type=click.Path(path_type=Path))
@click.option("--digits", help="镇里读出的两组数字；写了就核对，不一致不采用")
@click.pass_obj
def pair_finish(told: Door, answer: Path, digits: str | None) -> None:
    """导入镇里的回复，完成配对，并接收镇里已有的内容。"""
    from gridapp.exchange import joining

    with told.open() as ledger:
        shown = joining.look(ledger, answer).digits
        taken = joining.finish(ledger, answer, digits)
        digest = ledger.digest()
    told.say({"digits": shown, **taken_row(taken), "digest": digest},
             lambda: _("镇里的数字：{0}（请和镇里核对）\n配对完成。{1}").format(shown, taken_text(taken)))


def _station(ledger: Ledger, name: str) -> UUID:
    from gridapp.exchange import stations
    from gridapp.exchange.outgoing import NoSuchStation

    known = ledger.ask(stations.stations)
    found = [s.id for s in known if s.name == name]
    if not found:
        raise NoSuchStation(name, [s.name for s in known])
    return found[0]


@door.command()
@click.pass_obj
def stations(told: Door) -> None:
    """列出站点：名称、级别、状态、上次听到它的时间。"""
    from gridapp.exchange import stations as known
    from gridapp.ledger import dealings

    with told.open() as ledger:
        heard = {p.device.hex(): p.heard_at for p in ledger.look(dealings.peers)}
        rows = [{"name": s.name, "role": s.role, "state": s.state, "scopes": s.scopes or "", "serial": s.serial, "device": s.device or "",
                 "heard_at": heard.get(s.device or "")} for s in ledger.ask(known.stations)]
    told.say(rows, lambda: "\n".join(f"{r['serial']}  {r['name']}  {r['role']}  {r['state']}  {r['scopes']}" for r in rows) or _("还没有站点。"))


@door.command("revoke")
@click.argument("name")
@click.option("--lost", is_flag=True, help="电脑丢失或被盗")
@click.option("--note", help="说明")
@click.pass_obj
def revoke(told: Door, name: str, lost: bool, note: str | None) -> None:
    """停用一个站点：已收到的记录有效，以后交来的先暂存。"""
    from gridapp.exchange import pairing

    with told.open() as ledger:
        pairing.stop(ledger, _station(ledger, name), LOST if lost else REVOKED, note)
    told.say({"revoked": name}, lambda: _("已停用“{0}”。下次交接后各站点都会知道。").format(name))


# ---------------------------------------------------------------- where the town's keys are lost

@door.command("open-escrow")
@click.argument("place", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--sheet", type=click.File(encoding="utf-8-sig"), help="应急密钥的文本文件（- 是标准输入）；不写则逐行输入，不显示")
@click.option("--vouch", is_flag=True, help="认可列出的原来的电脑（先不加这一项，核对名单）")
@click.pass_obj
def open_escrow(told: Door, place: tuple[Path, ...], sheet: TextIO | None, vouch: bool) -> None:
    """镇里的密钥丢了：用纸上的应急密钥打开交接包（文件或文件夹），接收到新建或恢复的镇级台账。"""
    from gridapp.exchange import escrow, rescue

    with told.open() as ledger:
        groups = rescue.parcels_in(place)
        if not groups:
            raise NothingHere("、".join(map(str, place)))
        secret = escrow.off_paper(sheet.read()) if sheet is not None else _typed_off()
        done = rescue.open_escrow(ledger, groups, secret, vouch)
        digest = ledger.digest()
    told.say({"parcels": [{"from": one.name} | taken_row(one.taken) for one in done], "digest": digest},
             lambda: "\n".join(f"{one.name}：{taken_text(one.taken)}" for one in done))


def _typed_off() -> str:
    """The sheet line by line, unseen; a line typed wrongly is asked for again."""
    from gridapp.exchange import escrow

    lines = list[str]()
    while len(lines) < escrow.LINES:
        line = click.prompt(_("应急密钥第 {0} 行").format(len(lines) + 1), hide_input=True, err=True)
        try:
            escrow.off_line(len(lines) + 1, line)
        except escrow.BadLine as bad:
            click.echo(bad.text, err=True)
        else:
            lines.append(line)
    return escrow.off_paper("\n".join(lines))


# ---------------------------------------------------------------- questions

@door.command()
@click.pass_obj
def conflicts(told: Door) -> None:
    """列出待处理的冲突：记录、字段、双方的值。"""
    from gridapp.exchange import clashes

    with told.open() as ledger:
        found = ledger.ask(clashes.open_clashes, ledger.device)
    rows = [{"id": str(c.id), "entity": c.entity, "scope": c.scope, "label": c.label, "field": c.field, "field_label": c.field_label,
             "kind": c.kind, "before": c.before_words,
             "sides": [{"value": s.words, "officer": s.officer, "at": s.at.isoformat(), "station": s.station, "own": s.own} for s in c.sides]}
            for c in found]
    told.say(rows, lambda: "\n".join(f"{c.id}  {c.label}  {c.field}  {c.field_label}：{'／'.join(f'{s.station} {s.words}' for s in c.sides)}"
                                     for c in found) or _("没有待处理的冲突。"))


def _chosen(clash: Clash, value: str | None, side: str | None) -> Any:
    """The value decided on: of a side, or as typed. Raises WhichSide, StarsTyped, BadValue."""
    from gridapp.work.masking import hides

    field = fields_of(BY_NAME[clash.entity])[clash.field]
    if value is not None and side is None:
        told = ((clash.before, clash.before_words), *((s.value, s.words) for s in clash.sides))
        if any(value == words and hides(field, whole) for whole, words in told):
            raise StarsTyped
        return field.kind.parse(value) if value else None
    sides = {_("我方"): (clash.ours,), _("对方"): clash.theirs}.get(side or "") or [s for s in clash.sides if s.station == side]
    if value is not None or len(sides) != 1:
        raise WhichSide(dict.fromkeys(s.station for s in clash.sides))
    return sides[0].value


@door.command()
@click.argument("id")
@click.argument("field")
@click.argument("value", required=False)
@click.option("--side", metavar="哪一方", help="采用哪一方的值：我方、对方，或 conflicts 列出的站点名称；号码遮住时不用抄写")
@click.pass_obj
def settle(told: Door, id: str, field: str, value: str | None, side: str | None) -> None:
    """处理一处冲突：采用给出的完整值（空值写 ""），或用 --side 采用一方的值。"""
    from gridapp.exchange import clashes

    with told.open() as ledger:
        found = [c for c in ledger.ask(clashes.open_clashes, ledger.device) if str(c.id) == id and c.field == field]
        if not found:
            raise NoSuchQuestion(id, field)
        ledger.do_in(found[0].scope, clashes.settle, found[0].entity, found[0].id, field, _chosen(found[0], value, side), seen=found[0].ver)
        digest = ledger.digest()
    told.say({"settled": id, "field": field, "digest": digest}, lambda: _("已处理。"))
