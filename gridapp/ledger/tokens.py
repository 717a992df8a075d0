"""Search tokens: what a person, house, room or hazard can be found by, as one bag of short words with a kind letter first.

n whole name · m its endings · p full pinyin · i initials · q j their endings · r last eight digits, reversed · d head of an ID
number · t head of a phone · h house number · a address: Han bigrams and numbers. A prefix search on endings is a substring search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from gridapp.fields import pinyin

_RUN = re.compile(r"[0-9a-z]+|[^0-9a-z]+")
TAIL = 8


def squash(text: str) -> str:
    """Lower case, half width, without dots, dashes and blanks."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if c.isalnum())


def runs(text: str) -> list[str]:
    """Alternating pieces: ASCII words or numbers, and everything else."""
    return _RUN.findall(squash(text))


@lru_cache(maxsize=20_000)
def of_name(name: str) -> frozenset[str]:
    """Tokens of a person's name: any part of it, full pinyin, initials, and both from any character on."""
    plain = squash(name)
    found = {"n" + plain} | {"m" + plain[k:] for k in range(1, len(plain))}
    for syllables in pinyin.readings(name):
        initials = [s[0] for s in syllables]
        found |= {"p" + "".join(syllables), "i" + "".join(initials), "p" + syllables[0] + "".join(initials[1:])}
        for k in range(1, len(syllables)):
            found |= {"q" + "".join(syllables[k:]), "j" + "".join(initials[k:])}
    return frozenset(found) if plain else frozenset()


def of_number(number: str) -> set[str]:
    """Tail and head of an ID number."""
    plain = squash(number)
    return {"r" + plain[:-TAIL - 1:-1], "d" + plain} if plain else set()


def of_phone(phone: str) -> set[str]:
    return {t for part in re.split(r"[^0-9]+", phone) if part for t in ("r" + part[:-TAIL - 1:-1], "t" + part)}


@lru_cache(maxsize=20_000)
def of_address(address: str) -> frozenset[str]:
    found = set()
    for run in runs(address):
        if run[0].isascii():
            found.add("a" + run)
        else:
            found |= {"a" + run[k:k + 2] for k in range(max(1, len(run) - 1))}
    return frozenset(found)


def bag(*parts: Iterable[str]) -> str:
    """All tokens in one line for the index."""
    return " ".join(sorted(set().union(*parts)))


Alternative = list[tuple[str, bool]]


def plan(term: str) -> list[list[Alternative]]:
    """How to look for one word: tiers, best first; a tier is a list of alternatives; each is ANDed (token, is_prefix)."""
    plain = squash(term)
    if not plain:
        return []
    digits = plain.isdigit() or (plain[:-1].isdigit() and plain[-1] == "x")
    if digits:
        return _plan_digits(plain)
    if plain.isascii():
        return [[[("h" + plain, False)], [("p" + plain, False)], [("i" + plain, False)]],
                [[("p" + plain, True)], [("i" + plain, True)], [("h" + plain, True)], [("d" + plain, True)]],
                [[("q" + plain, True)], [("j" + plain, True)]]]
    pieces = _address_pieces(plain)
    if any(run[0].isascii() for run in runs(plain)):
        return [[pieces]]
    named: list[list[Alternative]] = [[[("n" + plain, False)]], [[("n" + plain, True)]], [[("m" + plain, True)]]]
    return named + [[pieces]]


def _plan_digits(plain: str) -> list[list[Alternative]]:
    tail: Alternative = [("r" + plain[:-TAIL - 1:-1], len(plain) < TAIL)]
    if len(plain) > TAIL:
        heads: list[Alternative] = [[("d" + plain, True)], [("t" + plain, True)]]
        return [[head, ] for head in heads] + ([[tail]] if len(plain) < 11 else [])
    place: Alternative = [("a" + plain, False)]
    if len(plain) < 4:
        return [[place], [[("a" + plain, True)]]]
    return [[place], [tail], [[("d" + plain, True)], [("t" + plain, True)]]]


def _address_pieces(plain: str) -> Alternative:
    pieces: Alternative = []
    for run in runs(plain):
        if run[0].isascii():
            pieces.append(("a" + run, True))
        else:
            pieces += [("a" + run[k:k + 2], len(run) == 1) for k in range(max(1, len(run) - 1))]
    return pieces
