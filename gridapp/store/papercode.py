"""Secrets on paper: groups short enough to be typed off, each with a letter that tells a slip of the pen; and the recovery code made of them.

Used for the recovery sheet (恢复纸) of a ledger and the town's escrow key (exchange/escrow.py).
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence

from gridapp.errors import Mistake
from gridapp.texts import _

#: no B, I, O or 1 that could be taken for 8, 1 or 0 (bech32)
LETTERS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
#: 7 groups of 4 letters are 140 bits (reliability.md K2: at least 128)
GROUPS, GROUP = 7, 4
_MISREAD = str.maketrans("BOI1", "80LL")


class BadGroup(Mistake):
    """One group was typed off wrongly, or stands in another's place."""

    def __init__(self, number: int) -> None:
        super().__init__(_("第 {0} 组与纸上的不一致。请对照恢复纸，重新输入这一组，注意各组的先后。").format(number))
        self.number = number


class NotACode(Mistake):
    """Groups are missing, or it is something else."""

    def __init__(self) -> None:
        super().__init__(_("输入的不是完整的恢复码：应有 {0} 组，每组 {1} 个字母或数字。请照恢复纸从第 1 组起按顺序输入。").format(GROUPS, GROUP + 1))


def new_code() -> str:
    """A code at random: 28 letters, 140 bits."""
    return "".join(secrets.choice(LETTERS) for _again in range(GROUPS * GROUP))


def on_paper(code: str) -> list[str]:
    """The groups to print, in order, each with its check letter: 'QPZRK'. Raises ValueError for what is no code (our bug)."""
    if len(code) != GROUPS * GROUP or set(code) - set(LETTERS):
        raise ValueError("no recovery code")
    groups = [code[at:at + GROUP] for at in range(0, len(code), GROUP)]
    return [group + check_letter(number, group) for number, group in enumerate(groups, 1)]


def off_paper(typed: str) -> str:
    """The code from groups typed off: in any case and width, with or without numbers, blanks and strokes. Raises BadGroup, NotACode."""
    groups = cut(_letters(typed), GROUP + 1)
    if len(groups) != GROUPS or len(groups[-1]) != GROUP + 1:
        raise NotACode
    for number, group in enumerate(groups, 1):
        if not is_group(number, group):
            raise BadGroup(number)
    return "".join(group[:-1] for group in groups)


def is_group(number: int, typed: str) -> bool:
    """Whether this can stand as the group with this number: to ask single groups back from the paper, compare with what was printed."""
    group = _letters(typed)
    return len(group) == GROUP + 1 and not set(group) - set(LETTERS) and check_letter(number, group[:-1]) == group[-1]


def cut(text: str, size: int) -> Sequence[str]:
    """A text in pieces of this size; the last may be shorter."""
    return [text[at:at + size] for at in range(0, len(text), size)]


def _letters(typed: str) -> str:
    """Without blanks, strokes and the numbers of groups; letters that look alike are read as the one there is."""
    found = ""
    for word in re.split(r"[\s\-.:,]+", unicodedata.normalize("NFKC", typed).upper()):
        if len(found) % (GROUP + 1) or word != str(len(found) // (GROUP + 1) + 1):
            found += word.translate(_MISREAD)
    return found


def check_letter(number: int, line: str) -> str:
    """Luhn modulo 32, begun with the line's number: every single wrong letter is seen, nearly every pair changed about, a line in another's place."""
    total = number
    for place, letter in enumerate(reversed(line)):
        value = LETTERS.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return LETTERS[-total % 32]
