"""The door's verbs of the hand-off: town, pairing, parcels out and in, questions, stations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from gridapp.door.base import Door, door
from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.ledger import Ledger
from gridapp.records import BY_NAME, Act
from gridapp.records.stations import COUNTY, LOST, REVOKED, TOWN, VILLAGE
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.exchange.incoming import Preview, Received, TakenIn


#: levels as one says them
ROLES = {"村": VILLAGE, "镇": TOWN, "县": COUNTY}


class NothingHere(Mistake):
    """A folder without a parcel for us."""

    def __init__(self, place: Path) -> None:
        super().__init__(_("“{0}”里没有可以接收的交接包：没有，或者都接收过了，或者是交给别的站点的。").format(place))


class NoSuchQuestion(Mistake):
    """Settling what is not open."""

    def __init__(self, given: str, field: str) -> None:
        super().__init__(_("记录“{0}”的“{1}”没有待处理的冲突。请用 conflicts 查看。").format(given, field))


# ---------------------------------------------------------------- the town, and joining it

@door.command("town-new")
@click.option("--town", required=True, help="9 位镇（街道）代码，如 330784108")
@click.option("--name", required=True, help="这台电脑的名称，如“古山镇一号机”")
@click.pass_obj
def town_new(told: Door, town: str, name: str) -> None:
    """建立镇级台账：镇级密钥、应急密钥和本机的证书。应急密钥只显示这一次。"""
    from gridapp.exchange import escrow, founding

    ledger, founded = founding.new_town(told.place, told.password(), town, name)
    with ledger:
        lines, digest = escrow.on_paper(founded.escrow), ledger.digest()
    told.say({"ledger": told.shown, "root": founded.root.hex(), "escrow": lines, "digest": digest},
             lambda: "\n".join((_("已建立镇级台账：{0}").format(told.shown), _("请把下面的应急密钥抄在纸上，分两处保管；它只显示这一次："), *lines)))


@door.command("pair-request")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="申请写成哪个文件")
@click.option("--name", help="这台电脑的名称，如“青后叶村一号机”；不写则用村名")
@click.option("--village", help="台账还没有时：加入哪个村（12 位村代码）")
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
@click.option("--role", type=click.Choice(["村", "镇", "县"]), default="村", show_default=True, help="级别")
@click.option("--replaces", help="替换哪一个站点（名称）")
@click.pass_obj
def pair_accept(told: Door, file: Path, out: Path, digits: str | None, role: str, replaces: str | None) -> None:
    """批准配对申请：显示两组六位数字，写出给对方的回复。"""
    from gridapp.exchange import joining, slips

    with told.open() as ledger:
        request = joining.read(file)
        if digits is not None:
            slips.refuse_other_digits(request.digits, digits)
        done = joining.accept(ledger, request, out, ROLES[role], replaces=_station(ledger, replaces) if replaces else None)
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
    told.say({"digits": shown, **_taken(taken), "digest": digest},
             lambda: _("镇里的数字：{0}（请和镇里核对）\n配对完成。{1}").format(shown, _taken_text(taken)))


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


# ---------------------------------------------------------------- parcels

@door.command("hand-over")
@click.option("--to", "to", help="交给哪个站点；不写则交给镇里")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="U盘或文件夹")
@click.option("--without-photos", is_flag=True, help="这次不带照片")
@click.pass_obj
def hand_over(told: Door, to: str | None, out: Path, without_photos: bool) -> None:
    """把对方还没有的内容写成交接包，放进 U盘或文件夹。"""
    from gridapp.exchange import outgoing
    from gridapp.exchange.carriers import Folder

    with told.open() as ledger:
        done = outgoing.hand_over(ledger, outgoing.receiver(ledger, to), Folder(out), with_photos=not without_photos)
    written = done.written
    row = {"to": done.plan.to.name, "parcel": written.parcel.hex(), "files": list(done.names), "bytes": written.bytes, "seals": written.seals,
           "entries": written.entries, "counts": dict(done.plan.counts), "photos": written.photos, "photos_left": done.photos_left}
    told.say(row, lambda: _("已交给“{0}”：{1} 条记录，{2} 字节。{3}").format(row["to"], row["entries"], row["bytes"], done.settled.text))


@door.command("take-in")
@click.argument("place", type=click.Path(path_type=Path))
@click.option("--preview", is_flag=True, help="只查看，不接收")
@click.pass_obj
def take_in(told: Door, place: Path, preview: bool) -> None:
    """接收交接包：一个文件，或 U盘（文件夹）里所有新的。"""
    from gridapp.exchange import incoming

    rows, words = list[dict[str, Any]](), list[str]()
    with told.open() as ledger:
        for received in _received(ledger, place):
            with received:
                if preview:
                    seen = incoming.preview(ledger, received)
                    rows.append(_seen(seen))
                    words.append(_seen_text(seen))
                else:
                    taken = incoming.take_in(ledger, received)
                    rows.append({"from": received.name} | _taken(taken))
                    words.append(_taken_text(taken))
        digest = ledger.digest()
    if not rows:
        raise NothingHere(place)
    told.say({"parcels": rows, "digest": digest}, lambda: "\n".join(words))


def _received(ledger: Ledger, place: Path) -> Iterator[Received]:
    """One file, of which parts may lie beside it; or everything new in a folder. A refused parcel is told, the next one is tried."""
    from gridapp.exchange import incoming
    from gridapp.exchange.carriers import Folder
    from gridapp.exchange.refusals import NotForUs, Refused

    if not place.is_dir():
        yield incoming.receive(ledger, incoming.beside(place))
        return
    for _arrival, received in incoming.receive_all(ledger, Folder(place)):
        if not isinstance(received, Refused):
            yield received
        elif not isinstance(received, NotForUs):
            click.echo(received.text, err=True)


def _taken(taken: TakenIn) -> dict[str, Any]:
    told = taken.admitted
    return {"parcel": taken.parcel.hex(), "seals": len(told.taken), "entries": told.entries, "records": len(told.touched),
            "clashes": told.clashes, "held": taken.held, "photos": taken.photos, "photos_wanted": taken.wanted, "tidied": taken.tidied, "notes": list(taken.notes)}


def _taken_text(taken: TakenIn) -> str:
    told = taken.admitted
    head = _("已接收 {0} 条记录，冲突 {1} 处，暂存 {2} 段。").format(len(told.touched), told.clashes, taken.held)
    return "\n".join((head, *taken.notes))


def _seen(seen: Preview) -> dict[str, Any]:
    weighed = seen.weighed
    records = [s for s in weighed.seen if s.key[1] != Act.CODE] if weighed else []
    return {"from": seen.sender, "entries": seen.entries, "new": sum(s.now is None for s in records) if weighed else None,
            "changed": sum(s.now is not None for s in records) if weighed else None, "clashes": weighed.told.clashes if weighed else None,
            "erased": weighed.erased if weighed else None, "held": [{"code": r.value, "text": t, "entries": n} for r, t, n in seen.held],
            "photos": seen.photos, "notes": list(seen.notes)}


def _seen_text(seen: Preview) -> str:
    row = _seen(seen)
    head = _("来自“{0}”：{1} 项，新增 {2}，修改 {3}，冲突 {4}（没有接收）").format(row["from"], row["entries"], row["new"], row["changed"], row["clashes"])
    return "\n".join((head, *(t for _r, t, _n in seen.held), *seen.notes))


@door.command("undo-merge")
@click.pass_obj
def undo_merge(told: Door) -> None:
    """撤销最近一次接收（下一次接收之前）。"""
    from gridapp.exchange import incoming

    with told.open() as ledger:
        undone = incoming.undo_merge(ledger)
        digest = ledger.digest()
    told.say({"parcel": undone.id.hex(), "digest": digest}, lambda: _("已撤销最近一次接收。"))


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
    told.say(rows, lambda: "\n".join(f"{c.id}  {c.label}  {c.field}  {c.field_label}：{'／'.join(s.words for s in c.sides)}" for c in found)
             or _("没有待处理的冲突。"))


@door.command()
@click.argument("id")
@click.argument("field")
@click.argument("value")
@click.pass_obj
def settle(told: Door, id: str, field: str, value: str) -> None:
    """处理一处冲突：采用给出的值（空值写 ""）。"""
    from gridapp.exchange import clashes

    with told.open() as ledger:
        found = [c for c in ledger.ask(clashes.open_clashes, ledger.device) if str(c.id) == id and c.field == field]
        if not found:
            raise NoSuchQuestion(id, field)
        ledger.do_in(found[0].scope, clashes.settle, found[0].entity, found[0].id, field,
                     fields_of(BY_NAME[found[0].entity])[field].kind.parse(value) if value else None, seen=found[0].ver)
        digest = ledger.digest()
    told.say({"settled": id, "field": field, "digest": digest}, lambda: _("已处理。"))

