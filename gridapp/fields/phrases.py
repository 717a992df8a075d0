"""Wordings of hazards (隐患用语) offered while somebody types: by kind, by a part of their words, by pinyin initials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gridapp.fields import codes, pinyin
from gridapp.fields.codes import Row

TABLE = "hazard_phrases"
#: what parts one wording from the next in a longer text (commas stand within them)
_ENDS = re.compile("[。；;\n]")
_LETTERS = re.compile("[A-Za-z]+$")


@dataclass(frozen=True)
class Phrase:
    """A wording, and the code of its kind of hazard (None: of any kind)."""

    words: str
    kind: str | None


def offered(kind: str | None, typed: str = "") -> list[Phrase]:
    """Those of a kind (of every kind where it is None) in whose words, aliases or pinyin initials what is typed stands, first those that begin so.

    All of the kind when nothing is typed; a wording that is typed out already is not offered.
    """
    wanted, found = codes.folded(typed), list[tuple[bool, Phrase]]()
    for row in codes.table(TABLE).offered:
        of = codes.table("hazard_kind").find(row.told("kind")) if row.told("kind") else None
        if kind in (None, of) or of is None:
            place = _place(row, wanted)
            if place is not None and codes.folded(row.name) != wanted:
                found.append((place > 0, Phrase(row.name, of)))
    return [phrase for _later, phrase in sorted(found, key=lambda one: one[0])]


def _place(row: Row, wanted: str) -> int | None:
    """Where in its words what is wanted stands; None where it stands nowhere."""
    if not wanted:
        return 0
    if wanted.isascii() and wanted.isalpha():
        return min((short.find(wanted) for word in (row.name, *row.words) for short in _initials(word) if wanted in short), default=None)
    return min((folded.find(wanted) for folded in map(codes.folded, (row.name, *row.words)) if wanted in folded), default=None)


@lru_cache(maxsize=2000)
def _initials(words: str) -> tuple[str, ...]:
    """'飞线充电' → 'fxcd', once for every way to read it."""
    return tuple(dict.fromkeys("".join(syllable[0] for syllable in way) for way in pinyin.readings(words)))


def last_of(text: str) -> str:
    """What is being typed at the end of a text: the letters there, else all behind the last full stop, semicolon or new line."""
    letters = _LETTERS.search(text)
    return letters[0] if letters else _ENDS.split(text)[-1].lstrip()
