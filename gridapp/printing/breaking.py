"""Breaking a text into lines by 避头尾: no line begins with a closing mark or ends with an opening one, no number is torn."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

NO_START = frozenset("/．／，。、；：？！）》」』】〕〉’”…—～·％℃°㎡,.;:?!)]}%'")
NO_END = frozenset("（《「『【〔〈‘“([{￥$№□☑")
HANGING = frozenset("，。、；：？！）》」』】〕〉’”")
_STOPS = frozenset("，。；、 ")
_WORD = frozenset("-./_@:+#&'=")
_SPARE = 3


def _wordlike(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in _WORD)


def _clings(before: str, char: str) -> bool:
    """Whether no line may break between `before` and `char`."""
    if char in NO_START or before in NO_END or char == " ":
        return True
    if _wordlike(before) and _wordlike(char):
        return True
    return not char.isascii() and unicodedata.category(char) in ("Mn", "Me", "Cf")


def atoms(text: str) -> list[str]:
    """The pieces of `text` that stay whole; a name such as 阿依古丽·买买提 breaks after the interpunct only."""
    if "·" in text and not _STOPS.intersection(text):
        first, *rest = text.split("·")
        return _interpuncts([first, *rest])
    pieces: list[str] = []
    for char in text:
        if pieces and _clings(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _interpuncts(parts: list[str]) -> list[str]:
    return [piece for piece in [part + "·" for part in parts[:-1]] + parts[-1:] if piece]


def wrap(text: str, width: float, measure: Callable[[str], float], first: float = 0.0) -> list[str]:
    """Lines no wider than `width` (a closing mark may hang out by half its width); joined they are `text` without its line ends.

    `measure` gives a text's width in the unit of `width`; `first` is the first line's indent in that unit.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph, width, measure, first if not lines else 0.0)
    return lines


def _paragraph(text: str, width: float, measure: Callable[[str], float], used: float) -> list[str]:
    if used + measure(text) <= width:
        return [text]
    lines: list[list[str]] = []
    line: list[str] = []
    room = width + 1e-6
    for piece in _fitting(atoms(text), room, measure):
        bare = piece.rstrip(" ")
        hang = measure(bare[-1]) / 2 if bare and bare[-1] in HANGING else 0.0
        if line and used + measure(bare) - hang > room:
            lines.append(line)
            line, used = [], 0.0
        line.append(piece)
        used += measure(piece)
    if lines and _lonely(line, lines[-1]) and used + measure(lines[-1][-1]) <= room:
        line.insert(0, lines[-1].pop())
    return ["".join(pieces) for pieces in [*lines, line]]


def _lonely(line: list[str], before: list[str]) -> bool:
    """Whether a last line holds one character and the line before it can spare another."""
    return len(line) == 1 and len(line[0].rstrip("".join(NO_START))) == 1 and len(before) > _SPARE


def _fitting(pieces: list[str], room: float, measure: Callable[[str], float]) -> list[str]:
    """Pieces wider than a whole line are torn into characters: torn is better than lost."""
    out: list[str] = []
    for piece in pieces:
        out += [piece] if measure(piece.rstrip(" ")) <= room else list(piece)
    return out
