"""Every paper as it was looked at: the text of its pages with nothing on it, with one of everything, with many, with the longest; a picture of two of them.

A paper that is changed on purpose is looked at, then kept anew: `python -m tests.golden.papers [NUMBER …]`.
"""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps

from gridapp import printing
from gridapp.printing import press
from tests.printing import filling

HERE = Path(__file__).parent
#: a letter is a few dots wide: enough to see what moved, small enough to keep
DPI = 40
#: pages whose text is kept; an agreement of 45 parties is printed once for each of them
KEPT = 12
#: of these the first page is kept as a picture
PICTURED = ("one", "longest")


def made(number: str, amount: str) -> bytes:
    """The PDF."""
    values = filling.filled(printing.paper(number), amount)
    return press.drawn(number, values, today=filling.DAY, maker="王建国", progress=None, mark_missing=False)[1]


def text(number: str) -> str:
    """What stands on all pages, as it is drawn, page after page."""
    told = []
    for amount in filling.AMOUNTS:
        with pypdfium2.PdfDocument(made(number, amount)) as document:
            for place, page in enumerate(islice(document, KEPT), 1):
                lines = page.get_textpage().get_text_range().split("\r\n")
                told += [f"== {amount}, page {place}", *(line.rstrip() for line in lines)]
    return "\n".join(told) + "\n"


def picture(number: str, amount: str) -> Image.Image:
    """The first page in sixteen greys."""
    with pypdfium2.PdfDocument(made(number, amount)) as document:
        bitmap: Any = document[0].render(scale=DPI / 72)
        return ImageOps.posterize(bitmap.to_pil().convert("L"), 4)


def keep(number: str) -> None:
    """Look at it first."""
    (HERE / f"{number}.txt").write_text(text(number), "utf-8", newline="\n")
    for amount in PICTURED:
        out = BytesIO()
        picture(number, amount).save(out, "PNG", optimize=True)
        (HERE / f"{number}-{amount}.png").write_bytes(out.getvalue())
