"""How a name sounds: readings of every character, surnames with their own (单 shàn, 仇 qiú), a few with two."""

from __future__ import annotations

import lzma
from functools import cache
from itertools import islice, product

from gridapp import places

DOTS = frozenset("·•・.．。 -—")
MOST = 4


@cache
def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """(character → reading, surname → readings, other characters with several readings, compound surname → syllables)."""
    reading: dict[str, str] = {}
    parts: dict[str, dict[str, tuple[str, ...]]] = {"surname": {}, "several": {}, "compound": {}}
    for line in lzma.decompress(places.resource("pinyin.tsv.xz").read_bytes()).decode().splitlines():
        if line.startswith("#"):
            continue
        kind, key, value = line.split("\t")
        if kind == "reading":
            reading |= dict.fromkeys(value, key)
        else:
            parts[kind][key] = tuple(value.split())
    return reading, parts["surname"], parts["several"], parts["compound"]


def readings(name: str, surname: bool = True) -> list[tuple[str, ...]]:
    """Syllables of a name, the likeliest reading first, at most four; [] for a name without any known character.

    Without `surname` the characters are read as they are inside a name.
    """
    reading, surnames, several, compound = _tables()
    plain = "".join(c for c in name if c not in DOTS)
    if not plain:
        return []
    if plain.isascii():
        return [tuple(w.lower() for w in name.split())]
    options: list[tuple[str, ...]] = []
    if surname and len(plain) > 2 and plain[:2] in compound:
        options, plain = [(s,) for s in compound[plain[:2]]], plain[2:]
    elif surname and plain[0] in surnames:
        options, plain = [surnames[plain[0]]], plain[1:]
    options += [several.get(c) or (reading.get(c, ""),) for c in plain]
    # all of them are two to the number of such characters: a sentence in the search box would never end
    found = [tuple(s for s in way if s) for way in islice(product(*options), MOST)]
    return [way for way in dict.fromkeys(found) if way]
