"""K01 恢复纸: what stands on it opens the ledger, typed off or scanned; the same sheet is the same file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gridapp.printing.papers import k01
from gridapp.store import papercode
from tests.printing import reading

DAY = date(2026, 11, 24)


def test_the_groups_on_the_sheet_are_the_code(tmp_path: Path) -> None:
    code = papercode.new_code()
    out = tmp_path / "k01.pdf"
    out.write_bytes(k01.drawn("永康市古山镇青后叶村", papercode.on_paper(code), DAY))
    told = reading.whole(out)
    assert "恢复纸" in told and "永康市古山镇青后叶村" in told
    groups = [told.split(f"第{n}组")[1][:papercode.GROUP + 1] for n in range(1, papercode.GROUPS + 1)]
    assert papercode.off_paper(" ".join(groups)) == code


def test_nothing_on_the_sheet_lies_over_anything_else(tmp_path: Path) -> None:
    out = tmp_path / "k01.pdf"
    out.write_bytes(k01.drawn("永康市古山镇青后叶村", papercode.on_paper("W" * 28), DAY))
    (ink,) = reading.letters(out)
    assert [(a.text, b.text) for place, a in enumerate(ink) for b in ink[place + 1:] if a.meets(b)] == []
    qr_left = (k01.WIDTH - k01.MARGIN - k01._QR)
    assert max(one.right for one in ink if one.top > k01.HEIGHT - 150 * k01.MM and one.text in papercode.LETTERS) < qr_left
