"""Letters many people do not hear apart (模糊音): z and zh, c and ch, s and sh, n and l, in and ing."""

from __future__ import annotations

from itertools import product

_VOWELS = frozenset("aeiouv")
_SWAPPED = {"n": "l", "l": "n"}
#: spellings of one word that are tried, those with the fewest changes first
MOST = 24
#: so many places in one word are doubted
_DOUBTS = 6


def alikes(letters: str) -> list[str]:
    """Spellings of small letters a-z that sound alike, `letters` itself first."""
    options, place = list[tuple[str, ...]](), 0
    while place < len(letters):
        found = _options(letters, place)
        options.append(found)
        place += len(found[0])
    several = [n for n, some in enumerate(options) if len(some) > 1]
    for n in several[_DOUBTS:]:
        options[n] = options[n][:1]
    ways = sorted(product(*[tuple(enumerate(some)) for some in options]), key=lambda way: sum(turn for turn, _text in way))
    return ["".join(text for _turn, text in way) for way in ways[:MOST]]


def _options(letters: str, place: int) -> tuple[str, ...]:
    """What stands here, as it is first."""
    char, after = letters[place], letters[place + 1:place + 2]
    if char in "zcs":
        return (char + "h", char) if after == "h" else (char, char + "h")
    if char in _SWAPPED and (after in _VOWELS if after else place == 0) or char in _SWAPPED and not _VOWELS & set(letters):
        return char, _SWAPPED[char]
    if char in "aei" and after == "n":
        return _nasal(char, letters[place + 2:place + 4])
    return (char,)


def _nasal(vowel: str, behind: str) -> tuple[str, ...]:
    """an, en, in with or without g; an n before a vowel begins the next syllable."""
    if behind[:1] == "g" and behind[1:2] not in _VOWELS:
        return vowel + "ng", vowel + "n"
    return (vowel,) if behind[:1] in _VOWELS and behind else (vowel + "n", vowel + "ng")
