"""The engines side by side in one run: each in fresh processes, round after round, the least processor time of each; every name sought in the text."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.papers import sample

ROUNDS = 7
#: seconds that these take are many, and their ratios far from the aims
SLOW_ROUNDS = 3
#: houses and people of about ten thousand pages
MANY = 29_500, 132_750
#: engine: what it is called, by how much this program shall be faster
PEERS = {"floor": ("a content stream written by hand", 0.8), "qt": ("Qt's QPdfWriter", 1.3), "typeset": ("typst", 1.5),
         "tabled": ("ReportLab's Table, Paragraph cells", 3.0), "fpdf": ("fpdf2", 4.0)}
FAST = ("ours", "floor", "qt")


@dataclass
class Drawn:
    """One engine: processor seconds of each round, pages, memory at most (MB), names that do not come out."""

    seconds: list[float]
    pages: int = 0
    peak: float = 0.0
    lost: str = ""

    @property
    def best(self) -> float:
        return min(self.seconds)


def papers(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """F04 of 1,000 houses and 4,500 people, houses below each other, by this program and its peers; ten thousand pages by this program alone."""
    data = folder / "village.jsonl"
    sample.write(data, sample.HOUSES, sample.PEOPLE)
    found = {engine: Drawn([]) for engine in ("ours", *PEERS)}
    for turn in range(ROUNDS):
        for engine in list(found):
            if (turn < SLOW_ROUNDS or engine in FAST) and not _once(engine, data, folder / f"{engine}.pdf", found[engine]):
                del found[engine]
    for engine, drawn in found.items():
        drawn.lost = _lost(folder / f"{engine}.pdf", data)
    many = folder / "many.jsonl"
    sample.write(many, *MANY)
    book = Drawn([])
    _once("ours", many, folder / "many.pdf", book)
    return [*_compared(found), _figure_of_many(book, found["ours"])]


def _once(engine: str, data: Path, out: Path, drawn: Drawn) -> bool:
    """One round; False when that peer is not installed."""
    made = subprocess.run([sys.executable, "-m", "tests.bench.papers", engine, str(data), str(out)], capture_output=True, text=True, check=False)
    if "ModuleNotFoundError" in made.stderr and engine != "ours":
        print(f"left out: {engine} is not installed", file=sys.stderr)
        return False
    if made.returncode:
        raise RuntimeError(made.stderr)
    told = json.loads(made.stdout)
    drawn.seconds.append(told["seconds"])
    drawn.pages, drawn.peak = told["pages"], max(drawn.peak, told["peak"])
    return True


def _lost(pdf: Path, data: Path) -> str:
    """How many names the text of the file lacks: by pdftotext where this machine has it, else by pdfium."""
    text = "".join(_text(pdf).split())
    wanted = Counter("".join(name.split()) for house in sample.read(data) for name in (house.owner, *(tenant[1] for tenant in house.tenants)))
    lost = sum(max(0, count - text.count(name)) for name, count in wanted.items())
    return f"{lost} of {wanted.total():,} names lost"


def _text(pdf: Path) -> str:
    if shutil.which("pdftotext"):
        return subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def _compared(found: dict[str, Drawn]) -> list[Figure]:
    ours = found["ours"]
    told = [Figure("this program (F04, 1,000 houses, 4,500 people)", _told(ours), "", "every name comes out")]
    for engine, (name, aim) in PEERS.items():
        if engine in found:
            peer = found[engine]
            told.append(Figure(f"against {name}", f"{peer.best / ours.best:.2f} × as fast", _told(peer), f"≥ {aim:g} ×"))
    return told


def _told(drawn: Drawn) -> str:
    return f"{drawn.pages} pages in {drawn.best:.2f} s of processor = {drawn.pages / drawn.best:.0f} a second, {drawn.peak:.0f} MB, {drawn.lost}"


def _figure_of_many(book: Drawn, few: Drawn) -> Figure:
    return Figure("ten thousand pages in one file", f"{book.pages:,} pages in {book.best:.1f} s of processor = {book.pages / book.best:.0f} a second, {book.peak:.0f} MB",
                  f"{few.pages} pages: {few.peak:.0f} MB", "≤ 200 MB")
