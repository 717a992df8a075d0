"""The door's verbs of parcels: out to a stick, folder or server, in from there, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gridapp.door.base import Door, door
from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.records import Act
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.exchange.carriers import Carrier
    from gridapp.exchange.arriving import Received
    from gridapp.exchange.incoming import Preview, TakenIn
    from gridapp.exchange.outgoing import HandedOver
    from gridapp.exchange.town import Came

F = TypeVar("F", bound=Callable[..., Any])
#: whom a parcel is for when everybody gets one
ALL = "all"


class NothingHere(Mistake):
    """A place without a parcel for us."""

    def __init__(self, place: str) -> None:
        super().__init__(_("“{0}”里没有可以接收的交接包：没有，或者都接收过了，或者是交给别的站点的。").format(place))


class BadOption(Mistake):
    """No NAME=VALUE."""

    def __init__(self, given: str) -> None:
        super().__init__(_("“{0}”不是“名称=内容”的样子，例如 username=lihong。").format(given))


class Way:
    """How to reach a place that is no folder: the options every verb of parcels has."""

    def __init__(self, token_file: Path | None, certificate: Path | None, option: tuple[str, ...]) -> None:
        self._token_file, self._certificate, self._option = token_file, certificate, option

    def to(self, ledger: Ledger, place: str) -> Carrier:
        """The carrier of a place. Raises BadOption, CannotWrite, and what `postal.way` raises."""
        from gridapp.exchange import postal
        from gridapp.store.files import sorted_trouble

        told = dict[str, str]()
        for given in self._option:
            name, equals, value = given.partition("=")
            if not name or not equals:
                raise BadOption(given)
            told[name] = value
        texts = list[str]()
        for path in (self._token_file, self._certificate):
            if path is None:
                texts.append("")
            else:
                with sorted_trouble(path):
                    texts.append(path.read_text("utf-8-sig"))
        return postal.way(ledger, place, texts[0].strip(), texts[1] or None, **told)


def with_way(verb: F) -> F:
    """The three options of a way, told to the verb as `way`."""
    def run(*given: Any, token_file: Path | None, certificate: Path | None, option: tuple[str, ...], **told: Any) -> Any:
        return verb(*given, way=Way(token_file, certificate, option), **told)

    run.__doc__, run.__name__ = verb.__doc__, verb.__name__
    for decorate in (
            click.option("--option", multiple=True, metavar="NAME=VALUE", help="网络存储的参数，可以写多个，如 username=lihong"),
            click.option("--certificate", type=click.Path(path_type=Path), help="收发箱的证书文件（镇里给的）"),
            click.option("--token-file", type=click.Path(path_type=Path), help="收发箱口令文件")):
        run = decorate(run)
    return run  # type: ignore[return-value]  # click's decorators keep what they are given


# ---------------------------------------------------------------- out

@door.command("hand-over")
@click.option("--to", "to", help="交给哪个站点；不写则交给镇里；all 表示给每个村各写一个")
@click.option("-o", "--out", required=True, metavar="PLACE", help="U盘、文件夹，或网络地址（smb://、https:// 等）")
@click.option("--without-photos", is_flag=True, help="这次不带照片")
@click.pass_obj
@with_way
def hand_over(told: Door, to: str | None, out: str, without_photos: bool, way: Way) -> None:
    """把对方还没有的内容写成交接包，放进 U盘、文件夹或网络上的收发箱。"""
    from gridapp.exchange import outgoing

    with told.open() as ledger:
        carrier = way.to(ledger, out)
        done = list[outgoing.HandedOver]()
        if to == ALL:
            settled = outgoing.hand_over_all(ledger, carrier, with_photos=not without_photos, told=done.append)
        else:
            done.append(outgoing.hand_over(ledger, outgoing.receiver(ledger, to), carrier, with_photos=not without_photos))
            settled = done[0].settled
    rows = [_handed(one) for one in done]
    told.say(rows if to == ALL else rows[0], lambda: "\n".join((*(_handed_text(one) for one in done), settled.text)))


def _handed(done: HandedOver) -> dict[str, Any]:
    written = done.written
    return {"to": done.plan.to.name, "parcel": written.parcel.hex(), "files": list(done.names), "bytes": written.bytes, "seals": written.seals,
            "entries": written.entries, "counts": dict(done.plan.counts), "photos": written.photos, "photos_left": done.photos_left}


def _handed_text(done: HandedOver) -> str:
    if done.plan.empty:
        return _("已交给“{0}”：没有新内容，只有回执。").format(done.plan.to.name)
    return _("已交给“{0}”：{1} 条改动，{2} 字节。").format(done.plan.to.name, done.written.entries, done.written.bytes)


# ---------------------------------------------------------------- in

@door.command("take-in")
@click.argument("place", metavar="PLACE")
@click.option("--preview", is_flag=True, help="只查看，不接收")
@click.option("--workers", type=click.IntRange(1, 64), help="镇数据库：同时接收几个村的")
@click.option("--clear", is_flag=True, help="接收后从那里删除（用于收发箱）")
@click.pass_obj
@with_way
def take_in(told: Door, place: str, preview: bool, workers: int | None, clear: bool, way: Way) -> None:
    """接收交接包：一个文件，或 U盘、文件夹、网络地址里所有新的。"""
    from gridapp.work import keeping

    with told.open() as ledger:
        if not preview:
            keeping.take_and_send(ledger, "merge")
        if "://" not in place and not Path(place).is_dir():
            rows, words = _one_by_one(ledger, _file(ledger, Path(place)), preview)
        elif preview:
            rows, words = _one_by_one(ledger, _all(ledger, way.to(ledger, place)), preview)
        else:
            rows, words = _by_village(told, ledger, way.to(ledger, place), workers or 1, clear)
        digest = ledger.digest()
    if not rows:
        raise NothingHere(place)
    told.say({"parcels": rows, "digest": digest}, lambda: "\n".join(words))


def _one_by_one(ledger: Ledger, arrived: Iterator[Received], preview: bool) -> tuple[list[dict[str, Any]], list[str]]:
    from gridapp.exchange import incoming

    rows, words = list[dict[str, Any]](), list[str]()
    for received in arrived:
        with received:
            if preview:
                seen = incoming.preview(ledger, received)
                rows.append(_seen(seen))
                words.append(_seen_text(seen))
            else:
                taken = incoming.take_in(ledger, received)
                rows.append({"from": received.name} | taken_row(taken))
                words.append(taken_text(taken))
    return rows, words


def _file(ledger: Ledger, path: Path) -> Iterator[Received]:
    """One file, of which parts may lie beside it."""
    from gridapp.exchange import arriving

    yield arriving.receive(ledger, arriving.beside(path))


def _all(ledger: Ledger, carrier: Carrier) -> Iterator[Received]:
    """Everything new on a carrier. A refused parcel is told, the next one is tried."""
    from gridapp.exchange import arriving
    from gridapp.exchange.refusals import NotForUs, Refused

    for _arrival, received in arriving.receive_all(ledger, carrier):
        if not isinstance(received, Refused):
            yield received
        elif not isinstance(received, NotForUs):
            click.echo(received.text, err=True)


def _by_village(told: Door, ledger: Ledger, carrier: Carrier, workers: int, clear: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """Everything new on a carrier, village after village or several at once."""
    from gridapp.exchange import town
    from gridapp.exchange.carriers.troubles import Gone

    came = town.take_in_all(ledger, carrier, told.password(), told.place, workers)
    for one in came:
        if one.refused:
            click.echo(_("“{0}”：{1}").format(one.sender, one.refused) if one.sender else one.refused, err=True)
        elif clear:
            for name in one.names:
                with suppress(Gone):
                    carrier.delete(name)
    done = [one for one in came if not one.refused]
    return [{"from": one.sender, "parcel": one.parcel, **one.counts, "notes": list(one.notes)} for one in done], [_came_text(one) for one in done]


def _came_text(came: Came) -> str:
    counts = came.counts
    head = _("来自“{0}”：已接收 {1} 条记录，冲突 {2} 处，暂存 {3} 段。").format(came.sender, counts["records"], counts["clashes"], counts["held"])
    return "\n".join((head, *came.notes))


def taken_row(taken: TakenIn) -> dict[str, Any]:
    """What came of a parcel, as JSON."""
    from gridapp.exchange import incoming

    told = taken.admitted
    return {"parcel": taken.parcel.hex(), "seals": len(told.taken), "entries": told.entries, "records": incoming.records_in(told),
            "clashes": told.clashes, "held": taken.held, "photos": taken.photos, "photos_wanted": taken.wanted, "tidied": taken.tidied, "notes": list(taken.notes)}


def taken_text(taken: TakenIn) -> str:
    """The same in words."""
    from gridapp.exchange import incoming

    told = taken.admitted
    head = _("已接收 {0} 条记录，冲突 {1} 处，暂存 {2} 段。").format(incoming.records_in(told), told.clashes, taken.held)
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
