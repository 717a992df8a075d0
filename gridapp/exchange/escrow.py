"""The escrow key (应急密钥) on paper: lines short enough to be typed off, each with a letter that tells a slip of the pen.

Every parcel is encrypted to it too; should the town lose its keys, this sheet from the safe opens them (sync.md 4.5).
"""

from __future__ import annotations

import unicodedata

from gridapp.errors import Mistake
from gridapp.store.papercode import LETTERS, check_letter
from gridapp.texts import _

HEAD = "AGE-SECRET-KEY-1"
LENGTH, LINE, GROUP = 58, 10, 5
LINES = -(-LENGTH // LINE)


class BadLine(Mistake):
    """One line was typed off wrongly."""

    def __init__(self, number: int) -> None:
        super().__init__(_("第 {0} 行与纸上的不一致（行末的校验字母不对）。请对照应急密钥纸，重新输入这一行。").format(number))
        self.number = number


class NotASheet(Mistake):
    """Lines are missing, or it is something else."""

    def __init__(self) -> None:
        super().__init__(_("输入的不是完整的应急密钥：应有 {0} 行，每行末尾有一个校验字母。请从第 1 行起按顺序输入。").format(LINES))


def on_paper(secret: str) -> list[str]:
    """The lines to print: '1  QPZRY 9X8GF  K'. Raises ValueError for what is no age key (our bug)."""
    body = secret.removeprefix(HEAD)
    if secret == body or len(body) != LENGTH or set(body) - set(LETTERS):
        raise ValueError("no age key")
    lines = [body[at:at + LINE] for at in range(0, LENGTH, LINE)]
    return [f"{n}  {' '.join(line[g:g + GROUP] for g in range(0, len(line), GROUP))}  {check_letter(n, line)}" for n, line in enumerate(lines, 1)]


def off_paper(typed: str) -> str:
    """The key from lines typed off, in any case and with any blanks. Raises BadLine, NotASheet."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if len(lines) != LINES:
        raise NotASheet
    return HEAD + "".join(off_line(number, line) for number, line in enumerate(lines, 1))


def off_line(number: int, typed: str) -> str:
    """One line's letters without its check letter. Raises BadLine."""
    line, length = _bare(typed), min(LINE, LENGTH - (number - 1) * LINE)
    if len(line) != length + 1 or set(line) - set(LETTERS) or check_letter(number, line[:-1]) != line[-1]:
        raise BadLine(number)
    return line[:-1]


def _bare(line: str) -> str:
    """Without the line's number and blanks."""
    text = unicodedata.normalize("NFKC", line).upper().strip()
    number, _gap, rest = text.partition(" ")
    return "".join((rest if len(number) == 1 and rest else text).split())
