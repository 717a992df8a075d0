"""The page that tells how far a printer is off (校准页): fold it in half both ways, and the creases lie on the numbers to type in.

It is nobody's form, so it is not in PAPERS; it has no personal data.
"""

from __future__ import annotations

from datetime import date

from gridapp.printing.ink import Look
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from gridapp.texts import N_, _

TITLE = N_("打印校准页")
WIDTH, HEIGHT, MARGIN = 210 * MM, 297 * MM, 25 * MM
#: mm to each side of the middle, as far as a printer is put right
REACH = 20
#: how far from the top the ruler lies that the upright crease crosses, and from the left the one that stands
LIES_AT, STANDS_AT = 115 * MM, 60 * MM
_ADVICE = (
    N_("1. 用要校准的打印机、A4 纸、实际大小（不缩放）打印这一页。"),
    N_("2. 把纸左右对折，边对齐，压一道折痕；打开，再上下对折，压一道折痕。"),
    N_("3. 竖着的折痕压在横尺的哪个数上，“左右”就填那个数；横着的折痕压在竖尺的哪个数上，“上下”就填那个数。负数连负号一起填。"),
    N_("4. 折痕正好压在 0 上，不用校准。每台打印机校准一次，换了纸盒或打印机再做一次。"),
)


def drawn(printer: str, day: date) -> bytes:
    """The page as a PDF, printed without any offset."""
    pages = Pages(_(TITLE), day)
    pages.start(WIDTH, HEIGHT)
    pages.text(WIDTH / 2, 26 * MM, _(TITLE), "hei", 20, "center")
    pages.text(WIDTH / 2, 34 * MM, printer, "hei", 11, "center")
    _advise(pages, 46 * MM)
    _scale(pages)
    pages.text(WIDTH - MARGIN, HEIGHT - 20 * MM, f"{day:%Y-%m-%d}", "song", 9, "right")
    pages.turn()
    pages.end_section(lambda _page, _of: None)
    return pages.data()


def _scale(pages: Pages) -> None:
    """Two rulers with their zeros where the middle of the paper should be; negative to the left and above."""
    x, y = WIDTH / 2, HEIGHT / 2
    pages.lines([(x - REACH * MM, LIES_AT, x + REACH * MM, LIES_AT), (STANDS_AT, y - REACH * MM, STANDS_AT, y + REACH * MM)], 0.3)
    for place in range(-REACH, REACH + 1):
        half = 3 * MM if place % 5 == 0 else 1.5 * MM
        across, down = x + place * MM, y + place * MM
        pages.lines([(across, LIES_AT - half, across, LIES_AT + half), (STANDS_AT - half, down, STANDS_AT + half, down)], 0.3)
        if place % 5 == 0:
            pages.text(across, LIES_AT + 7 * MM, str(place), "song", 9, "center")
            pages.text(STANDS_AT + 5 * MM, down + 1.1 * MM, str(place), "song", 9)
    pages.text(x - (REACH + 4) * MM, LIES_AT + 1.5 * MM, _("左右"), "hei", 11, "right")
    pages.text(STANDS_AT, y - (REACH + 5) * MM, _("上下"), "hei", 11, "center")


def _advise(pages: Pages, top: float) -> None:
    look = Look("song", 11, "left", 1.6)
    for told in _ADVICE:
        for line in pages.wrapped(_(told), look.style, look.size, WIDTH - 2 * MARGIN):
            pages.text(MARGIN, top, line, look.style, look.size)
            top += look.size * look.lead
        top += 2 * MM
