"""A finished PDF on its way to a printer (送打印机): which pages on which paper, moved by the printer's offset, and the words of the system's print command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Literal

MM = 72 / 25.4
#: papers by width and height in mm, upright, and how PWG 5101.1 names them to CUPS
MEDIA = {(210, 297): "iso_a4_210x297mm", (297, 420): "iso_a3_297x420mm", (184, 260): "om_16k_184x260mm"}
Sides = Literal["", "one-sided", "two-sided-long-edge", "two-sided-short-edge"]


@dataclass(frozen=True)
class Job:
    """What was chosen in the printer's dialog: pages from 0 in the order of printing, copies, both sides ('': as the printer is set), mm to the right and down."""

    pages: tuple[int, ...]
    printer: str = ""
    copies: int = 1
    collated: bool = True
    sides: Sides = ""
    grey: bool = False
    across: float = 0.0
    down: float = 0.0

    @property
    def plan(self) -> tuple[int, ...]:
        """Every page as often as it comes out, in that order."""
        return self.pages * self.copies if self.collated else tuple(page for page in self.pages for _copy in range(self.copies))


@dataclass(frozen=True)
class Piece:
    """Pages in a row on one kind of paper, given to the print command at once."""

    pages: tuple[int, ...]
    medium: str
    copies: int

    @property
    def sides(self) -> int:
        """How many printed pages come of it."""
        return len(self.pages) * self.copies


def sizes(data: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in mm, as it lies."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        return [(width / MM, height / MM) for width, height in map(pdf.get_page_size, range(len(pdf)))]


def upright(size: tuple[float, float]) -> tuple[int, int]:
    """The paper of a page of this size, in whole mm: one that lies is the same paper."""
    narrow, high = sorted(map(round, size))
    return narrow, high


def medium(size: tuple[float, float]) -> str:
    """How CUPS is told of it."""
    narrow, high = upright(size)
    return MEDIA.get((narrow, high), f"Custom.{narrow}x{high}mm")


def pieces(data: bytes, job: Job) -> list[Piece]:
    """A job as few calls of the print command: one where all pages are of one size, else one for every run of equal pages, copy after copy."""
    told = sizes(data)
    runs = [(tuple(run), name) for name, run in groupby(job.pages, lambda page: medium(told[page]))]
    if len(runs) == 1 or not job.collated:
        return [Piece(run, name, job.copies) for run, name in runs]
    return [Piece(run, name, 1) for _copy in range(job.copies) for run, name in runs]


def command(job: Job, piece: Piece) -> list[str]:
    """The arguments of `lp` (CUPS) that print a piece it reads from its standard input, as large as it is."""
    return [*(["-d", job.printer] if job.printer else []), "-n", str(piece.copies), *(word for told in _options(job, piece) for word in ("-o", told))]


def _options(job: Job, piece: Piece) -> Iterator[str]:
    yield f"media={piece.medium}"
    yield "print-scaling=none"
    yield f"collate={'true' if job.collated else 'false'}"
    if job.sides:
        yield f"sides={job.sides}"
    if job.grey:
        yield "print-color-mode=monochrome"


def cut(data: bytes, pages: Sequence[int], across: float = 0.0, down: float = 0.0) -> bytes:
    """A PDF of these pages, their content `across` mm further right and `down` mm further down; the very bytes where nothing changes."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as whole:
        if not across and not down and list(pages) == list(range(len(whole))):
            return data
        with pypdfium2.PdfDocument.new() as made:
            made.import_pages(whole, list(pages))
            for number in range(len(made)):
                page = made[number]
                left, bottom, right, top = page.get_mediabox()
                page.set_mediabox(left - across * MM, bottom + down * MM, right - across * MM, top + down * MM)
                page.close()
            kept = BytesIO()
            made.save(kept)
    return kept.getvalue()
