"""From values to a file (付印): draws a paper, stops at a character no font has, and puts the PDF in its place in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import AUDIT, PRINT, Reader, looks, needs
from gridapp.ledger.resting import collector_rests
from gridapp.printing import charts, layout, stack, table
from gridapp.printing.listed import Register
from gridapp.printing.page import Pages
from gridapp.printing.papers import AUDIT_PAPER, PAPERS, Paper
from gridapp.printing.papers.office import Wish
from gridapp.store import files
from gridapp.texts import _
from gridapp.work import audit, village

Progress = Callable[[int, int], bool]
_NAMED = 5


@dataclass(frozen=True)
class Missing:
    """A character that no shipped font has, and whose text it stands in."""

    char: str
    where: str
    page: int

    def __str__(self) -> str:
        return _("“{0}”（U+{1}，{2}，第 {3} 页）").format(self.char, f"{ord(self.char):04X}", self.where or _("表头"), self.page)


@dataclass(frozen=True)
class Printed:
    """What came out: pages, what was marked for want of a glyph, what does not fit its column (the layout is too narrow)."""

    pages: int
    missing: tuple[str, ...] = ()
    overflow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imprint:
    """What every paper may say about its making: the day and the officer (制表日期、制表人)."""

    today: date
    maker: str


class UnknownPaper(Mistake):
    """A number that is not in PAPERS."""

    def __init__(self, number: str) -> None:
        super().__init__(_("没有编号为“{0}”的表单。可以打印的有：{1}。").format(number, "、".join(PAPERS)))


class NotAsked(Mistake):
    """A wish the paper cannot grant: the register of the village for one house, one house and all houses."""

    def __init__(self, chosen: Paper, wish: str) -> None:
        super().__init__(_("没有打印：{0}（{1}）不能按“{2}”打印。请去掉这一项再试。").format(chosen.title, chosen.number, wish))


class NoGlyph(Mistake):
    """Characters that cannot be printed; `missing` lists them all."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        named = "；".join(map(str, missing[:_NAMED]))
        more = _("等 {0} 处").format(len(missing)) if len(missing) > _NAMED else ""
        super().__init__(_("没有打印：字库中缺少下列文字 {0}{1}。请核对这个字是否录入有误，改正后再打印。").format(named, more))


class Stopped(Mistake):
    """The officer cancelled."""

    def __init__(self) -> None:
        super().__init__(_("已取消打印，没有留下任何文件。需要时请重新打印。"))


class IsFolder(Mistake):
    """Where the file shall go there is a folder of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”是一个文件夹。请写上文件名，例如 {1}。").format(path, path / "登记簿.pdf"))


class FileHeld(Mistake):
    """The old file cannot be replaced, usually because a PDF program shows it."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("无法替换“{0}”，它可能正被别的程序打开。请先关闭它，或换一个文件名再打印。").format(path.name))


def paper(number: str) -> Paper:
    """A paper by its number, in either case."""
    found = AUDIT_PAPER if number.upper() == AUDIT_PAPER.number else PAPERS.get(number.upper())
    if found is None:
        raise UnknownPaper(number)
    return found


@needs(PRINT)
def write(
    read: Reader,
    number: str,
    out: Path,
    *,
    house: str | None = None,
    all_houses: bool = False,
    record: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    scope: str | None = None,
    today: date | None = None,
    maker: str | None = None,
    progress: Progress | None = None,
    mark_missing: bool = False,
    photo: Callable[[bytes], bytes] | None = None,
) -> Printed:
    """Print a paper from the ledger: one `house` (or all), one patrol or hazard `record` (or the latest), a period, of a town
    one village by its `scope`; `photo` gives the bytes of a photo by its hash.

    Raises UnknownPaper, NotAsked, NoGlyph, Stopped, IsFolder, FileHeld, CannotWrite, DiskFull, BadLayout, NoSuchHouse, Gone; then
    nothing is left behind.
    """
    if all_houses and house is not None:
        raise NotAsked(paper(number), _("一户和全部房屋同时"))
    printed, data = make(read, number, house=house, record=record, since=since, until=until, scope=scope, today=today, maker=maker, progress=progress,
                         mark_missing=mark_missing, photo=photo)
    keep(data, out)
    return printed


@needs(PRINT)
def make(
    read: Reader,
    number: str,
    *,
    house: str | None = None,
    record: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    scope: str | None = None,
    today: date | None = None,
    maker: str | None = None,
    progress: Progress | None = None,
    mark_missing: bool = False,
    photo: Callable[[bytes], bytes] | None = None,
) -> tuple[Printed, bytes]:
    """The same, in memory: the preview shows these bytes and nothing lies on the disk in the clear until the officer saves it."""
    chosen = paper(number)
    if chosen is AUDIT_PAPER:
        raise UnknownPaper(number)
    if house is not None and chosen.by not in ("house", "place"):
        raise NotAsked(chosen, _("房屋"))
    if record is not None and chosen.by not in ("record", "place"):
        raise NotAsked(chosen, _("记录"))
    if (since or until) and chosen.by != "period":
        raise NotAsked(chosen, _("时间段"))
    if scope is not None and chosen.by != "period":
        raise NotAsked(chosen, _("村"))
    values = chosen.gather(read, Wish(house, record, since, until, scope, photo))
    desk = village.desk(read)
    trace = _traced(read, chosen, record, house, desk)
    maker = desk.officer if maker is None else maker
    return drawn(number, values, today=today or read.today, maker=maker, progress=progress, mark_missing=mark_missing, trace=trace)


def _traced(read: Reader, chosen: Paper, record: UUID | None, house: str | None, desk: village.Desk) -> str:
    """Enter a print in the audit before it is made; what stands at the foot of its pages (T3). Raises what writing raises: then nothing is printed."""
    mark = read.mark(looks.PRINTED, record, chosen.number, house)
    if mark is None:
        return ""
    at = datetime.fromtimestamp(mark.at / 1000, BEIJING)
    place = f"{desk.county}{desk.town}{desk.village}"
    return _("打印编号 {0}-{1:06d}　{2}　{3}　{4:%Y-%m-%d %H:%M}　审计 {5}").format(
        mark.anchor.device[:4], mark.number, desk.officer, place, at, mark.anchor)


@needs(AUDIT)
def make_audit(read: Reader, wish: audit.Wish, progress: Progress | None = None) -> tuple[Printed, bytes]:
    """A part of the audit (A01) as a PDF, in memory. Raises NoGlyph, Stopped, BadLayout."""
    values = AUDIT_PAPER.gather(read, wish)
    desk = village.desk(read)
    return drawn(AUDIT_PAPER.number, values, today=read.today, maker=desk.officer, progress=progress, mark_missing=True,
                 trace=_traced(read, AUDIT_PAPER, wish.record, None, desk))


def keep(data: bytes, out: Path) -> None:
    """Put a finished paper in its place, whole or not at all. Raises IsFolder, FileHeld, CannotWrite, DiskFull."""
    if out.is_dir():
        raise IsFolder(out)
    try:
        files.write_whole(out, data)
    except files.CannotWrite as error:
        raise FileHeld(out) if out.is_file() else error from error


def render(
    number: str,
    values: object,
    out: Path,
    *,
    today: date,
    maker: str = "",
    progress: Progress | None = None,
    mark_missing: bool = False,
) -> Printed:
    """Print `values` (the class of that paper) to `out`, which is written whole or not at all."""
    printed, data = drawn(number, values, today=today, maker=maker, progress=progress, mark_missing=mark_missing)
    keep(data, out)
    return printed


def drawn(
    number: str,
    values: object,
    *,
    today: date,
    maker: str,
    progress: Progress | None,
    mark_missing: bool,
    trace: str = "",
) -> tuple[Printed, bytes]:
    """`values` as a PDF; `trace` stands at the foot of every page.

    `progress(done, total)` is called as each page ends; False cancels (Stopped). A character without a glyph stops the print
    (NoGlyph) unless `mark_missing`: then it is drawn as 〓(U+33479) and listed in the result.
    """
    chosen = paper(number)
    pages = Pages(chosen.title, today)
    pages.trace = trace
    with collector_rests():
        draw(pages, chosen, values, Imprint(today, maker), progress)
    missing = tuple(Missing(char, where, page) for (char, where), page in pages.missing.items())
    if missing and not mark_missing:
        raise NoGlyph(missing)
    over = tuple(_("“{0}”（{1}，第 {2} 页）").format(text, where, page) for page, where, text in dict.fromkeys(pages.overflow))
    return Printed(pages.count, tuple(map(str, missing)), over), pages.data()


def draw(pages: Pages, chosen: Paper, values: object, imprint: Imprint, progress: Progress | None) -> None:
    """Draw a paper's pages."""
    content = chosen.compose(values)

    def tick(done: int) -> None:
        if progress is not None and not progress(done, content.count):
            raise Stopped

    section = layout.load(chosen.number)
    if isinstance(content, Register):
        table.draw(pages, section, content, imprint, tick)
        charts.append(pages, section.frame(), chosen.title, content.charts)
    else:
        stack.draw(pages, section, content, imprint, tick)
