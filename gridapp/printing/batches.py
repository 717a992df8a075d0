"""Batches (批量打印): one paper of every house of a village, a grid or a town, some houses at a time; a batch that was stopped goes on where it was.

What is drawn lies sealed in the data folder until the file is whole and goes to its place in one step; the numbers of pages stay for
reprints. The list of houses and the place in the journal are those of the beginning; a house is printed as it is when its turn comes.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.ledger import PRINT, Ledger, Reader, gated, looks, needs
from gridapp.printing import press, veiled
from gridapp.printing.batchhouses import Where, items, standing_in, values_of
from gridapp.printing.batchstate import Batch, Item, Plan
from gridapp.printing.chunks import AT_ONCE
from gridapp.printing.listed import Register
from gridapp.printing.page import Pages
from gridapp.printing.papers import Paper
from gridapp.printing.refused import Missing, NoGlyph, NotAsked
from gridapp.store.files import Sink, write_streamed
from gridapp.store.remains import SECRET, Remains
from gridapp.texts import _
from gridapp.work import registers, since, village

#: so many finished batches can be printed again in part
KEPT = 12
_NUMBER = re.compile(r"[0-9A-F]{4}-\d{6,}")


class NothingToPrint(Mistake):
    """No house lies where the batch shall be."""

    def __init__(self) -> None:
        super().__init__(_("选定的范围里没有出租房屋，没有打印。请换一个范围，或先登记房屋。"))


class NoSuchPages(Mistake):
    """Pages the batch does not have."""

    def __init__(self, pages: int) -> None:
        super().__init__(_("这一批已有第 1 到 {0} 页。请写这中间的页码，例如 37-52。").format(pages))


class NotYours(Mistake):
    """Another officer began it."""

    def __init__(self) -> None:
        super().__init__(_("这一批是另一位工作人员开始的，打印编号记在他名下。请由本人接着打印，或自己重新开始一批。"))


class _PiecesLost(Exception):
    """Something on the disk was damaged or taken away while the batch ran: it goes on from there."""


@dataclass(frozen=True)
class Told:
    """How far a batch is; `changed` and `gone`: houses that were changed, or taken back, since it was begun, told once when it is gone on with."""

    done: int
    total: int
    pages: int
    finished: bool
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def batchable(paper: Paper) -> bool:
    """Whether a paper is made of one house."""
    return paper.by in ("house", "place")


# ---------------------------------------------------------------- beginning, going on, giving up

@gated(PRINT)
def begin(ledger: Ledger, number: str, out: Path, where: Where = Where(), *, one_file: bool = True, mark_missing: bool = False,
          masked: bool | None = None, watermark: bool = False) -> Batch:
    """Make a batch's list and enter it in the audit: one file `out`, or a file for each house in the folder `out`. Nothing is drawn yet.

    Raises UnknownPaper, NotAsked, NothingToPrint, IsFolder, CannotWrite, DiskFull.
    """
    chosen = press.paper(number)
    if not batchable(chosen):
        raise NotAsked(chosen, _("全部房屋"))
    if one_file and out.is_dir():
        raise press.IsFolder(out)
    position = ledger.ask(since.reached)
    listed = tuple(items(ledger, where))
    if not listed:
        raise NothingToPrint
    veil, reason = press.veil(chosen, masked, "")
    why = "　".join(filter(None, (_("批量 {0} 户").format(len(listed)), reason)))
    trace = ledger.ask(_entered, chosen.number, why, _place(ledger, where))
    remains = Remains.fresh(Remains.here(), _secret(ledger))
    plan = Plan(chosen.number, listed, str(out), one_file, mark_missing, ledger.officer, ledger.today, ledger.ask(_maker), trace.foot, position, veil,
                trace.across if watermark and press.marked(chosen, veil) else "")
    remains.keep_plan(plan.dump())
    return Batch(remains, plan)


@gated(PRINT)
def batches(ledger: Ledger) -> list[Batch]:
    """The batches of whoever sits here, newest first: those to go on with, and the last finished ones."""
    found = [Batch.load(remains) for remains in Remains.all(Remains.here(), _secret(ledger))]
    return [batch for batch in reversed(found) if batch.plan.officer == ledger.officer]


@gated(PRINT)
def go_on(ledger: Ledger, batch: Batch) -> Told:
    """Print the next houses; the last step puts the file in its place. What was not finished is tried anew by the next call.

    Raises NotYours, NoGlyph, FileHeld, CannotWrite, DiskFull, BadLayout; then everything done so far stands.
    """
    if batch.plan.officer != ledger.officer:
        raise NotYours
    told = _news(ledger, batch)
    if batch.done < len(batch.plan.items):
        try:
            _draw(ledger, batch)
        except BaseException:
            batch.forget_page()
            raise
    if batch.done == len(batch.plan.items) and not batch.plan.finished:
        _finish(ledger, batch)
    return replace(told, done=batch.done, pages=batch.pages, finished=batch.plan.finished)


@gated(PRINT)
def give_up(ledger: Ledger, batch: Batch) -> None:
    """Forget a batch; files that are finished stay where they are. Raises CannotWrite."""
    batch.remains.drop()


def _news(ledger: Ledger, batch: Batch) -> Told:
    """What changed since it was begun, once after it was taken up again; that somebody goes on is written down."""
    told = Told(batch.done, len(batch.plan.items), batch.pages, batch.plan.finished)
    if not batch.taken_up:
        return told
    batch.taken_up = False
    changed, here = ledger.ask(_changed, batch.plan)
    names = [(item.name, item.id) for item in batch.plan.items]
    return replace(told, changed=tuple(name for name, key in names if key in changed and key in here),
                   gone=tuple(name for name, key in names if key not in here))


@needs(PRINT)
def _changed(read: Reader, plan: Plan) -> tuple[frozenset[UUID], frozenset[UUID]]:
    with read.every_grid():
        read.mark(looks.OPENED, None, plan.number, _("接着打印 {0}").format(number_in(plan.trace)))
        here = frozenset(key for key, _number in registers.let_houses(read))
        return since.changed_houses(read, plan.position), here


# ---------------------------------------------------------------- drawing

def _draw(ledger: Ledger, batch: Batch) -> None:
    """The next houses, and the piece that keeps them."""
    plan, first = batch.plan, batch.done
    chosen, counts = press.paper(plan.number), list[int]()
    some = plan.items[first:first + AT_ONCE]
    for item, values in values_of(ledger, chosen, some):
        if plan.one_file:
            pages, before = batch.page(chosen.title), batch.page(chosen.title).count
            if values is not None:
                _draw_one(pages, chosen, plan, values)
            counts.append(pages.count - before)
        else:
            counts.append(_put_one(batch, chosen, item, values, sum(batch.counts) + sum(counts)))
    batch.keep(first, tuple(counts))


def _draw_one(pages: Pages, chosen: Paper, plan: Plan, values: object) -> None:
    content = chosen.compose(veiled.veiled(values, chosen.private) if plan.masked else values)
    if isinstance(content, Register):
        content = replace(content, overall=True)
    else:
        pages.counted = True
    press.lay(pages, chosen, content, press.Imprint(plan.day, plan.maker))
    missing = tuple(Missing(char, where, page) for (char, where), page in pages.missing.items())
    if missing and not plan.mark_missing:
        raise NoGlyph(missing)


def _put_one(batch: Batch, chosen: Paper, item: Item, values: object | None, before: int) -> int:
    """A file of one house; its pages go on counting where the house before ended."""
    if values is None:
        return 0
    plan, out = batch.plan, Path(batch.plan.out) / batch.file_name(item)

    def written(sink: Sink) -> int:
        pages = Pages(chosen.title, plan.day, sink)
        pages.trace, pages.watermark = plan.trace, plan.watermark
        pages.skip_to(before)
        _draw_one(pages, chosen, plan, values)
        pages.finish()
        return pages.count - before

    with press.replacing(out):
        return write_streamed(out, written)


def _finish(ledger: Ledger, batch: Batch) -> None:
    """The file goes to its place in one step; of the pieces only the numbers of pages stay, and of old batches nothing."""
    plan, out = batch.plan, Path(batch.plan.out)
    if plan.one_file:
        def written(sink: Sink) -> None:
            done = 0
            for piece in batch.pieces():
                sink.write(piece.body)
                done += len(piece.counts)
            if done != batch.done:
                raise _PiecesLost
            sink.write(batch.ending(press.paper(plan.number).title))

        try:
            with press.replacing(out):
                write_streamed(out, written)
        except _PiecesLost:
            batch.reload()
            return
    batch.finish()
    for old in [one for one in batches(ledger) if one.plan.finished][KEPT:]:
        old.remains.drop()


# ---------------------------------------------------------------- once more

@gated(PRINT)
def reprint(ledger: Ledger, batch: Batch, first: int, last: int) -> tuple[press.Printed, bytes, tuple[str, ...]]:
    """Pages `first` to `last` of a batch as they are numbered there, in memory; the houses that have another number of pages now.

    A print of its own in the audit. Raises NoSuchPages, NoGlyph, BadLayout, NotYours.
    """
    if batch.plan.officer != ledger.officer:
        raise NotYours
    if not 1 <= first <= last <= batch.pages:
        raise NoSuchPages(batch.pages)
    plan = batch.plan
    chosen, wanted = press.paper(plan.number), [(item, before, count) for item, before, count in batch.spans() if before < last and before + count >= first]
    pages = Pages(chosen.title, plan.day)
    trace = ledger.ask(_entered, chosen.number, _("重印第 {0}-{1} 页").format(first, last), _place(ledger, Where()), plan.trace)
    pages.trace, pages.watermark = trace.foot, trace.across if plan.watermark else ""
    other = []
    for (item, before, count), (_same, values) in zip(wanted, values_of(ledger, chosen, [item for item, _before, _count in wanted]), strict=True):
        pages.skip_to(before)
        pages.only = range(max(first, before + 1), min(last, before + count) + 1)
        if values is not None:
            _draw_one(pages, chosen, plan, values)
        if pages.count - before != count:
            other.append(item.name)
    return press.Printed(last - first + 1), pages.data(), tuple(other)


@needs(PRINT)
def _entered(read: Reader, number: str, why: str, place: str, again: str = "") -> press.Traced:
    """A batch's, or a reprint's, line in the audit; what stands at the foot of its pages."""
    trace = press.traced(read, press.paper(number), village.desk(read), None, why, place)
    return trace._replace(foot=trace.foot + _("　重印自 {0}").format(number_in(again))) if again and trace.foot else trace


def number_in(trace: str) -> str:
    """The running number in the line at the foot of a page: '3F2A-000012'; '' where there is none."""
    found = _NUMBER.search(trace)
    return found.group() if found else ""


@needs(PRINT)
def _maker(read: Reader) -> str:
    return village.desk(read).officer


def _place(ledger: Ledger, where: Where) -> str:
    with standing_in(ledger, where.scope):
        return ledger.ask(village.desk).home(ledger.working or ledger.scope)


def _secret(ledger: Ledger) -> bytes:
    """The key of what is left of batches, made when first asked for and kept inside the ledger."""
    told = ledger.secret(SECRET)
    if told is None:
        told = os.urandom(32).hex()
        ledger.keep_secret(SECRET, told)
    return bytes.fromhex(told)
