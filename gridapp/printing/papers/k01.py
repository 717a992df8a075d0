"""K01 恢复纸: the sheet that opens the ledger when every password is forgotten; large type, groups of letters and the same as a QR code.

It is drawn from what is on the screen: the code stands in no record, so there is nothing to gather and no empty form (not in PAPERS).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gridapp.printing.ink import Look
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from gridapp.texts import N_, _

NUMBER, TITLE = "K01", N_("恢复纸")
WIDTH, HEIGHT, MARGIN = 210 * MM, 297 * MM, 22 * MM
_QR = 62 * MM
_ADVICE = (
    N_("密码都忘了，或者电脑坏了，用这张纸和备份就能打开台账。谁拿到这张纸和台账文件，谁就能打开它。"),
    N_("用法：在第一页点“从备份恢复…”，选“用恢复纸”，从第 1 组起按顺序输入。每组末尾的一个字母用来发现输错。"),
    N_("字母里没有 B、I、O，也没有数字 1，像 O 的都是零。"),
    N_("请锁在村委会的柜子里，不要拍照，不要和电脑放在一起。重新打印以后，这一张作废，请销毁。"),
)


def drawn(place: str, groups: Sequence[str], day: date) -> bytes:
    """The sheet as a PDF: `place` says whose ledger it opens, `groups` are what is typed."""
    pages = Pages(_(TITLE), day)
    pages.start(WIDTH, HEIGHT)
    pages.text(WIDTH / 2, 34 * MM, _(TITLE), "hei", 30, "center")
    pages.text(WIDTH / 2, 44 * MM, place, "hei", 15, "center")
    top, step = 62 * MM, 14 * MM
    for number, group in enumerate(groups):
        base = top + number * step
        pages.text(MARGIN, base, _("第 {0} 组").format(number + 1), "hei", 14)
        pages.text(MARGIN + 26 * MM, base, group, "hei", 28, gap=3)
    pages.qr(WIDTH - MARGIN - _QR, top - 8 * MM, _QR, " ".join(groups))
    _advise(pages, top + len(groups) * step + 8 * MM)
    pages.text(MARGIN, HEIGHT - 20 * MM, _("打印日期：{0}").format(f"{day:%Y年%m月%d日}"), "song", 12)
    pages.text(WIDTH - MARGIN, HEIGHT - 20 * MM, _("保管人签字：________________"), "song", 12, "right")
    pages.turn()
    pages.end_section(lambda _page, _of: None)
    return pages.data()


def _advise(pages: Pages, top: float) -> None:
    look = Look("song", 14, "left", 1.6)
    for told in _ADVICE:
        lines = pages.wrapped(_(told), look.style, look.size, WIDTH - 2 * MARGIN)
        for line in lines:
            pages.text(MARGIN, top, line, look.style, look.size)
            top += look.size * look.lead
        top += 3 * MM
