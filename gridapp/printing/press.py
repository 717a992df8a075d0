"""From values to a file (付印): draws a paper, stops at a character no font has, and puts the PDF in its place in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple, TypedDict, Unpack
from uuid import UUID

from gridapp.fields.kinds import BEIJING
from gridapp.ledger import AUDIT, PRINT, Reader, looks, needs
from gridapp.ledger.resting import collector_rests
from gridapp.printing import charts, layout, stack, table, veiled
from gridapp.printing.boxed import Filled
from gridapp.printing.listed import Register
from gridapp.printing.page import Pages
from gridapp.printing.papers import AUDIT_PAPER, PAPERS, Paper
from gridapp.printing.papers.office import Wish
from gridapp.printing.refused import FileHeld, IsFolder, Missing, NoGlyph, NotAsked, Stopped, UnknownPaper
from gridapp.store import files
from gridapp.store.files import Sink
from gridapp.texts import _
from gridapp.work import audit, village
from gridapp.work.revealing import FILING, TO_PRINT, NoReason

Progress = Callable[[int, int], bool]
__all__ = ["FileHeld", "Imprint", "IsFolder", "Missing", "NoGlyph", "NotAsked", "Printed", "Stopped", "UnknownPaper", "draw", "drawn", "keep", "lay", "make",
           "make_audit", "paper", "render", "write"]


@dataclass(frozen=True)
class Printed:
    """What came out: pages, what was marked for want of a glyph, what does not fit its column (the layout is too narrow)."""

    pages: int
    missing: tuple[str, ...] = ()
    overflow: tuple[str, ...] = ()


class Wishes(TypedDict, total=False):
    """What may be wished for: one `house` by its number (or all), one patrol or hazard `record` (or the latest), of a list only some
    `records`, a period, of a town one village by its `scope`; `photo` gives the bytes of a photo by its hash; `progress` and `mark_missing` as for `drawn`; `masked` or in
    full (without it as the paper is made for), `why` in full a list that is made to be posted, whether with a `watermark`."""

    house: str | None
    record: UUID | None
    records: Sequence[UUID] | None
    since: date | None
    until: date | None
    scope: str | None
    today: date | None
    maker: str | None
    progress: Progress | None
    mark_missing: bool
    photo: Callable[[bytes], bytes] | None
    masked: bool | None
    why: str
    watermark: bool


@dataclass(frozen=True)
class Imprint:
    """What every paper may say about its making: the day and the officer (制表日期、制表人); no day on an empty form."""

    today: date | None
    maker: str


class Traced(NamedTuple):
    """What says of a print whose it is: at the foot of its pages, and across them where they bear a watermark."""

    foot: str
    across: str


@dataclass(frozen=True)
class _Job:
    """A paper that is to be drawn: its values, and what stands on every page."""

    paper: Paper
    values: object
    imprint: Imprint
    progress: Progress | None = None
    mark_missing: bool = False
    trace: str = ""
    watermark: str = ""

    def fill(self, sink: Sink | None = None) -> tuple[Printed, Pages]:
        """Draw it, piece by piece into `sink`. Raises NoGlyph, Stopped, BadLayout."""
        pages = Pages(self.paper.title, self.imprint.today, sink)
        pages.trace, pages.watermark = self.trace, self.watermark
        draw(pages, self.paper, self.values, self.imprint, self.progress)
        missing = tuple(Missing(char, where, page) for (char, where), page in pages.missing.items())
        if missing and not self.mark_missing:
            raise NoGlyph(missing)
        over = tuple(_("“{0}”（{1}，第 {2} 页）").format(text, where, page) for page, where, text in dict.fromkeys(pages.overflow))
        return Printed(pages.count, tuple(map(str, missing)), over), pages

    def data(self) -> tuple[Printed, bytes]:
        """The same in memory."""
        printed, pages = self.fill()
        return printed, pages.data()

    def put(self, out: Path) -> Printed:
        """The same in a file, whole or not at all. Raises IsFolder, FileHeld, CannotWrite, DiskFull besides."""
        def written(sink: Sink) -> Printed:
            printed, pages = self.fill(sink)
            pages.finish()
            return printed

        with replacing(out):
            return files.write_streamed(out, written)


def paper(number: str) -> Paper:
    """A paper by its number, in either case."""
    found = AUDIT_PAPER if number.upper() == AUDIT_PAPER.number else PAPERS.get(number.upper())
    if found is None:
        raise UnknownPaper(number, PAPERS)
    return found


@needs(PRINT)
def write(read: Reader, /, number: str, out: Path, *, all_houses: bool = False, **wish: Unpack[Wishes]) -> Printed:
    """Print a paper from the ledger into a file: what may be wished for is told at `make`; of ten thousand pages never all are in memory.

    Raises UnknownPaper, NotAsked, NoGlyph, Stopped, IsFolder, FileHeld, CannotWrite, DiskFull, BadLayout, NoSuchHouse, Gone; then
    nothing is left behind.
    """
    if all_houses and wish.get("house") is not None:
        raise NotAsked(paper(number), _("一户和全部房屋同时"))
    return _job(read, number, **wish).put(out)


@needs(PRINT)
def make(read: Reader, /, number: str, **wish: Unpack[Wishes]) -> tuple[Printed, bytes]:
    """A paper in memory: the preview shows these bytes and nothing lies on the disk in the clear until the officer saves it."""
    return _job(read, number, **wish).data()


def _job(read: Reader, number: str, **wish: Unpack[Wishes]) -> _Job:
    """What was wished for, gathered and entered in the audit."""
    chosen = paper(number)
    if chosen is AUDIT_PAPER:
        raise UnknownPaper(number, PAPERS)
    house, record, since, until, scope = wish.get("house"), wish.get("record"), wish.get("since"), wish.get("until"), wish.get("scope")
    if house is not None and chosen.by not in ("house", "place"):
        raise NotAsked(chosen, _("房屋"))
    if record is not None and chosen.by not in ("record", "place"):
        raise NotAsked(chosen, _("记录"))
    if (since or until) and chosen.by != "period":
        raise NotAsked(chosen, _("时间段"))
    if scope is not None and chosen.by != "period":
        raise NotAsked(chosen, _("村"))
    if wish.get("records") is not None and not chosen.some:
        raise NotAsked(chosen, _("选中的记录"))
    masked, reason = veil(chosen, wish.get("masked"), wish.get("why", ""))
    values = chosen.gather(read, Wish(house, record, since, until, scope, wish.get("photo"), wish.get("records"), not masked))
    values = veiled.veiled(values, chosen.private) if masked and not chosen.posted else values
    desk, maker = village.desk(read), wish.get("maker")
    imprint = Imprint(wish.get("today") or read.today, desk.officer if maker is None else maker)
    trace = traced(read, chosen, desk, record, "　".join(filter(None, (house, reason))) or None)
    across = trace.across if wish.get("watermark") and marked(chosen, masked) else ""
    return _Job(chosen, values, imprint, wish.get("progress"), wish.get("mark_missing", False), trace.foot, across)


def marked(chosen: Paper, masked: bool) -> bool:
    """Whether a copy bears the watermark, where one is wished for: what is filed or served goes without."""
    return masked or not chosen.official


def veil(chosen: Paper, masked: bool | None, why: str) -> tuple[bool, str]:
    """Whether a paper is printed masked, and what the audit says of it: a register is filed in full, a list that is posted in full needs a reason.

    Raises NotAsked, NoReason.
    """
    masked = chosen.posted if masked is None else masked
    if masked and not (chosen.maskable or chosen.posted):
        raise NotAsked(chosen, _("遮住姓名和号码"))
    if not chosen.maskable:
        return masked, why
    if not masked and chosen.posted and not why.strip():
        raise NoReason
    return masked, _("遮住的一份") if masked else why.strip() or _(TO_PRINT[FILING])


@needs(PRINT, AUDIT)
def traced(read: Reader, chosen: Paper, desk: village.Desk, record: UUID | None = None, why: str | None = None, place: str = "") -> Traced:
    """Enter a print in the audit before it is made (T3). Raises what writing raises: then nothing is printed."""
    mark = read.mark(looks.PRINTED, record, chosen.number, why)
    place = place or f"{desk.county}{desk.town}{desk.village}"
    if mark is None:
        return Traced("", f"{place}　{desk.officer}　{read.today}")
    at = datetime.fromtimestamp(mark.at / 1000, BEIJING)
    foot = _("打印编号 {0}-{1:06d}　{2}　{3}　{4:%Y-%m-%d %H:%M}　审计 {5}").format(
        mark.anchor.device[:4], mark.number, desk.officer, place, at, mark.anchor)
    return Traced(foot, f"{place}　{desk.officer}　{at:%Y-%m-%d %H:%M}")


@needs(AUDIT)
def make_audit(read: Reader, wish: audit.Wish, progress: Progress | None = None) -> tuple[Printed, bytes]:
    """A part of the audit (A01) as a PDF, in memory. Raises NoGlyph, Stopped, BadLayout."""
    values = AUDIT_PAPER.gather(read, wish)
    desk = village.desk(read)
    return drawn(AUDIT_PAPER.number, values, today=read.today, maker=desk.officer, progress=progress, mark_missing=True,
                 trace=traced(read, AUDIT_PAPER, desk, wish.record).foot)


def keep(data: bytes, out: Path) -> None:
    """Put a finished paper in its place, whole or not at all. Raises IsFolder, FileHeld, CannotWrite, DiskFull."""
    with replacing(out):
        files.write_whole(out, data)


@contextmanager
def replacing(out: Path) -> Iterator[None]:
    """Say what holds a file that shall be replaced. Raises IsFolder, FileHeld, CannotWrite."""
    if out.is_dir():
        raise IsFolder(out)
    try:
        yield
    except files.CannotWrite as error:
        raise FileHeld(out) if out.is_file() else error from error


def render(number: str, values: object, out: Path, *, today: date, maker: str = "", progress: Progress | None = None,
           mark_missing: bool = False) -> Printed:
    """Print `values` (the class of that paper) to `out`, which is written whole or not at all."""
    return _Job(paper(number), values, Imprint(today, maker), progress, mark_missing).put(out)


def drawn(number: str, values: object, *, today: date, maker: str, progress: Progress | None, mark_missing: bool, trace: str = "") -> tuple[Printed, bytes]:
    """`values` as a PDF; `trace` stands at the foot of every page.

    `progress(done, total)` is called as each page ends; False cancels (Stopped). A character without a glyph stops the print
    (NoGlyph) unless `mark_missing`: then it is drawn as 〓(U+33479) and listed in the result.
    """
    return _Job(paper(number), values, Imprint(today, maker), progress, mark_missing, trace).data()


def draw(pages: Pages, chosen: Paper, values: object, imprint: Imprint, progress: Progress | None) -> None:
    """Draw a paper's pages."""
    lay(pages, chosen, chosen.compose(values), imprint, progress)


def lay(pages: Pages, chosen: Paper, content: Register | Filled, imprint: Imprint, progress: Progress | None = None, section: layout.Section | None = None) -> None:
    """Draw what a paper's values were composed to, by a layout that is not yet kept (`section`) or the one there is."""
    def tick(done: int) -> None:
        if progress is not None and not progress(done, content.count):
            raise Stopped

    section = section or layout.load(chosen.number)
    with collector_rests():
        if isinstance(content, Register):
            table.draw(pages, section, content, imprint, tick)
            charts.append(pages, section.frame(), chosen.title, content.charts)
        else:
            stack.draw(pages, section, content, imprint, tick)
