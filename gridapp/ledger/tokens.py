"""Search tokens: what a person, house, room, hazard, site, dispute or event can be found by, as one bag of short words with a kind letter first.

n whole name · m its endings · p full pinyin · i initials · q, j their endings · d head of an ID number · t head of a phone · r last
eight digits of both, reversed · h house number · u house and room number · k room number · c number of the house it is in · a where
it is: Han bigrams and numbers · b the same of a house · g the same of a home address. A prefix search on endings is a substring search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, product

from gridapp.fields import pinyin, variants
from gridapp.fields.alike import alikes

#: raise it with every change of a token or a rank: a file whose index is older makes it again when it is opened
VERSION = "5"
TAIL = 8
#: a whole phone number; shorter runs of digits may be tails of something longer
PHONE = 11
#: no address or name is longer; what is pasted beyond it is left out
LONGEST = 200
PLACES = "bag"
_ZEROS = re.compile("第0+")
_RUN = re.compile(r"[0-9a-z]+|[^0-9a-z]+")

EXACT, HEAD, INSIDE = range(3)
#: tokens that must all be there, each with whether it may go on
Way = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Tier:
    """Ways of looking that are equally sharp; any of them will do."""

    grade: int
    ways: list[Way]


def squash(text: str) -> str:
    """Lower case, half width, simplified characters, without dots, dashes and blanks."""
    if text.isascii() and text.isalnum():
        return text.lower()
    folded = variants.simplified(unicodedata.normalize("NFKC", text).lower())
    if folded.isalnum():  # numbers, most names: half of all texts, and a quarter of the time an import spends here
        return folded
    return "".join(c for c in folded if c.isalnum() or _beyond(c))


def _beyond(char: str) -> bool:
    """Han characters newer than this Python's tables (3.11 ends at Ext G), and characters somebody made (自造字)."""
    return "\U00020000" <= char <= "\U0003ffff" or unicodedata.category(char) == "Co"


def _runs(plain: str) -> list[str]:
    """Alternating pieces: ASCII words or numbers, and everything else."""
    return _RUN.findall(plain)


# ---------------------------------------------------------------- what a record is found by

@lru_cache(maxsize=20_000)
def of_name(name: str) -> frozenset[str]:
    """Any part of a person's name, full pinyin, initials, and both from any character on."""
    plain = squash(name)
    found = {"n" + plain} | {"m" + plain[k:] for k in range(1, len(plain))}
    for way in pinyin.readings(name):
        syllables = [s for s in map(squash, way) if s]  # O'Brien, Анна-Мария
        initials = [s[0] for s in syllables]
        if syllables:
            found |= {"p" + "".join(syllables), "i" + "".join(initials), "p" + syllables[0] + "".join(initials[1:])}
        for k in range(1, len(syllables)):
            found |= {"q" + "".join(syllables[k:]), "j" + "".join(initials[k:])}
    return frozenset(found) if plain else frozenset()


def of_number(number: str) -> frozenset[str]:
    """Tail and head of an ID number."""
    plain = squash(number)
    return frozenset({"r" + plain[:-TAIL - 1:-1], "d" + plain}) if plain else frozenset()


def of_phone(phone: str) -> frozenset[str]:
    """Tail and head of every number; a landline with and without its area code."""
    if phone.isascii() and phone.isdigit():
        return frozenset(("r" + phone[:-TAIL - 1:-1], "t" + phone))
    pieces = [p for number in phone.split() for p in (*number.split("-"), number)]
    parts = [re.sub("[^0-9]", "", p) for p in pieces]
    return frozenset(t for p in parts if p for t in ("r" + p[:-TAIL - 1:-1], "t" + p))


@lru_cache(maxsize=20_000)
def of_place(address: str, kind: str = "a") -> frozenset[str]:
    """Pairs of neighbours, numbers, numbers with the character before them, and the last character of every piece."""
    found, before = set[str](), ""
    for run in _runs(squash(address)):
        if run[0].isascii():
            found.add(kind + run)
            found.add(kind + before + run)
        else:
            before = run[-1]
            found.add(kind + before)
            found.update([kind + one + other for one, other in pairwise(run)])
    return frozenset(found)


def of_room(address: str, room_no: str) -> frozenset[str]:
    """Where a room is: the number alone is a `k`, one of those all over the village; after its address it is a part of that."""
    plain = squash(room_no)
    if not plain:
        return of_place(address)
    found = of_place(address) | {"k" + plain, "a" + squash(address)[-1:] + plain}
    return found if plain.isascii() else found | of_place(room_no)


def of_case_no(number: str) -> frozenset[str]:
    """Pieces of '古青后叶调〔2026〕第001号' as of an address, however its brackets are written; 第1号 means it too."""
    found, short = of_place(number), _ZEROS.sub("第", squash(number))
    return found | {token for token in of_place(short) if token.startswith("a第")}


def one(kind: str, *parts: str | None) -> frozenset[str]:
    """One token of a number that is found whole or by its head (house, room); none without a first part."""
    plain = "".join(squash(p or "") for p in parts)
    return frozenset({kind + plain}) if parts[0] and plain else frozenset()


def meets(bag: frozenset[str], way: Way) -> bool:
    """Whether a bag of tokens answers to this way of looking, as the index does."""
    return all(any(t.startswith(wanted) for t in bag) if prefix else wanted in bag for wanted, prefix in way)


# ---------------------------------------------------------------- how a word is looked for

def words(text: str) -> list[str]:
    """The words asked for, squashed; one number written in groups is one word."""
    found = [w for w in map(squash, text[:LONGEST].split()) if w]
    whole = "".join(found)
    return [whole] if _is_number(whole) and len(whole) >= PHONE else found


def _is_number(plain: str) -> bool:
    return bool(re.fullmatch("[0-9]+x?", plain)) and plain[0] != "x"


def plan(plain: str, alike: bool = False) -> list[Tier]:
    """How to look for one squashed word: tiers, sharpest first; `alike`: z for zh, n for l … too (模糊音)."""
    if _is_number(plain):
        tiers = _of_digits(plain)
    elif plain.isascii():
        tiers = [*_of_letters(plain), *(_of_sounds_alike(plain) if alike else ())]
    else:
        tiers = [_whole("n", plain), _head("n", plain, EXACT), _head("m", plain, INSIDE), *_of_mixtures(plain), *_of_places(plain)]  # a surname is whole
    return [tier for tier in tiers if tier.ways]


def joined(words: Sequence[str]) -> Tier:
    """How to look for several words written as one: a name with a blank in it, a house number and a room number."""
    return _whole("npu", "".join(words))


def _whole(kinds: str, plain: str) -> Tier:
    return Tier(EXACT, [((kind + plain, False),) for kind in kinds])


def _head(kinds: str, plain: str, grade: int = HEAD) -> Tier:
    return Tier(grade, [((kind + plain, True),) for kind in kinds])


def _of_digits(plain: str) -> list[Tier]:
    tail = plain[:-TAIL - 1:-1]
    tails = Tier(HEAD, [(("r" + tail, len(tail) < TAIL),)])
    if len(plain) < 3:
        return [_whole("hkc", plain), *_of_places(plain), _head("h", plain)]
    if len(plain) == 3:
        return [_whole("hkc", plain), *_of_places(plain), _head("hk", plain), tails, _head("dt", plain)]
    if len(plain) <= TAIL:
        return [_whole("hkcdt", plain), tails, *_of_places(plain), _head("dthu", plain)]
    return [_whole("dthuc", plain), _head("dth", plain), *([tails] if len(plain) < PHONE else [])]


def _of_letters(plain: str) -> list[Tier]:
    rooms = "uk" if any(c.isdigit() for c in plain) else ""  # all rooms of a village begin with the same letters
    return [_whole("hpidku", plain), _whole("cbag", plain), _head("phid", plain), _head("qj", plain, INSIDE),
            _head(rooms + "bag", plain, INSIDE)]


def _of_sounds_alike(plain: str) -> Iterator[Tier]:
    """The other ways somebody may have written these letters who does not hear z from zh."""
    ways = [way for way in alikes(plain) if way != plain] if plain.isalpha() else []
    yield Tier(INSIDE, [((kind + way, True),) for kind in "pi" for way in ways])
    yield Tier(INSIDE, [((kind + way, True),) for kind in "qj" for way in ways])


def _of_mixtures(plain: str) -> Iterator[Tier]:
    """张xm, zhang明: how all of it sounds, and the characters that are written."""
    runs = _runs(plain)
    if not any(run.isascii() for run in runs) or any(char.isdigit() for char in plain):
        return
    written = [run for run in runs if not run.isascii()]
    first = not runs[0].isascii()
    sounds = [_sounds(run, place == 0) if not run.isascii() else [(run,)] for place, run in enumerate(runs)]
    heard = list(islice(product(*sounds), pinyin.MOST))
    for grade, head, kinds in ((HEAD, "n", "pi"), (INSIDE, "m", "qj")):
        hans = tuple((("m" if place or not first else head) + run, True) for place, run in enumerate(written))
        yield Tier(grade, [((kind + "".join(sound), True), *hans) for way in heard for kind, sound in zip(kinds, _full_and_short(way, runs), strict=True)])


def _sounds(run: str, begins: bool) -> list[tuple[str, ...]]:
    """How characters are read, at the beginning of a name as a surname too."""
    ways = [*(pinyin.readings(run) if begins else ()), *pinyin.readings(run, surname=False)]
    return [tuple(map(squash, way)) for way in dict.fromkeys(ways)]


def _full_and_short(way: Sequence[tuple[str, ...]], runs: Sequence[str]) -> tuple[list[str], list[str]]:
    """All syllables, and initials of the characters; letters that were typed stay as they are."""
    short = [syllable if run.isascii() else syllable[:1] for part, run in zip(way, runs, strict=True) for syllable in part]
    return [syllable for part in way for syllable in part], short


def _of_places(plain: str) -> Iterator[Tier]:
    """Houses first, then who and what is there, then who comes from there; the last number may go on in a second pass."""
    strict = [tuple(_pieces(plain, loose=False)), tuple(_pieces(plain, loose=True))]
    for grade, pieces in zip((EXACT, HEAD), strict if strict[0] != strict[1] else strict[:1], strict=False):
        for kind in PLACES:
            yield Tier(INSIDE if kind == "g" else grade, [tuple((kind + piece, prefix) for piece, prefix in pieces)])


def _pieces(plain: str, loose: bool) -> Iterator[tuple[str, bool]]:
    before, found = "", _runs(plain)
    for place, run in enumerate(found):
        if run[0].isascii():
            yield before + run, loose and place == len(found) - 1
        elif len(run) == 1:
            yield run, True
        else:
            yield from ((run[k:k + 2], False) for k in range(len(run) - 1))
        before = run[-1]
