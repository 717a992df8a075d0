"""Which passwords may be chosen: long enough, not one that everybody thinks of, nothing of the officer's own (reliability.md A2).

No rule about kinds of letters and no expiry, unless the office follows 等保 (GB/T 22239): then three kinds of four, and 90 days.
Passwords chosen under older rules go on opening. The common ones are a rule and not a list: whatever is put together from a few
well-known pieces (resources/passwords.txt, runs, walks over the keyboard, dates, telephone numbers) is one, some millions in all.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cache

from gridapp import places
from gridapp.errors import Mistake
from gridapp.store.papercode import LETTERS, cut
from gridapp.store.vault import plain
from gridapp.texts import _

#: characters at least; a Han character counts for two (docs/adr/0018)
OFFICER, ADMINISTRATOR, LONGEST = 12, 15, 128
#: the rules of 等保 level 2
DENGBAO = "dengbao"
_EXPIRES = timedelta(days=90)
#: of so many pieces at most a password is put together by whoever thinks of none
_PIECES, _LONGEST_PIECE = 4, 18
#: beside somebody's own words there must be this much else
_REST, _PART = 12, 6
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "`1234567890-=", "~!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
         "qazwsxedcrfvtgbyhnujmikolp", "abcdefghijklmnopqrstuvwxyz", "01234567890", "147258369", "159357", "789456123", "一二三四五六七八九十", "甲乙丙丁")
_WALKS = tuple(way for row in _ROWS for way in (row, row[::-1]))
_NUMBER = re.compile(r"1[3-9]\d{9}|(19|20)\d\d|((19|20)?\d\d)?(0?[1-9]|1[0-2])([0-2]?\d|3[01])|\d{17}[\dx]|520|521|1314|[\W_]{1,2}|[a-z]")
_KINDS = (str.isupper, str.islower, str.isdigit, lambda letter: not (letter.isascii() and letter.isalnum()))


class WeakPassword(Mistake):
    """Somebody could guess it; the sentence says why."""


def weight(password: str) -> int:
    """Its length, a Han character counted twice."""
    return len(password) + len(_HAN.findall(password))


def check(password: str, least: int = OFFICER, words: Collection[str] = (), profile: str = "") -> None:
    """Refuse what could be guessed. `words`: names, places and numbers of the officer's own. Raises WeakPassword."""
    text = plain(password)
    if len(text) > LONGEST:
        raise WeakPassword(_("密码太长，最多 {0} 个字符。请用短一点的一句话。").format(LONGEST))
    if weight(text) < least:
        raise WeakPassword(_("密码太短，至少 {0} 个字符（一个汉字算两个）。建议用一句好记的话。").format(least))
    if is_common(text):
        raise WeakPassword(_("这个密码太常见，别人很快就能猜中。请换一句只有自己想得到的话。"))
    if _is_own(text, words):
        raise WeakPassword(_("密码里主要是姓名、村名、电话或证件号码，认识您的人容易猜中。请换一句与本人、本村无关的话。"))
    if profile == DENGBAO and sum(any(map(kind, text)) for kind in _KINDS) < 3:
        raise WeakPassword(_("本单位执行等保要求：大写字母、小写字母、数字、其他字符（汉字也算）这四类里至少要有三类。请再加一类。"))


def is_due(made: datetime | None, now: datetime, profile: str) -> bool:
    """Whether the rules of the office want another one by now."""
    return profile == DENGBAO and (made is None or now - made > _EXPIRES)


def once() -> str:
    """A password an administrator hands over: 80 bits, easily read out (XXXX-XXXX-XXXX-XXXX)."""
    return "-".join(cut("".join(secrets.choice(LETTERS) for _again in range(16)), 4))


def is_common(password: str) -> bool:
    """Whether it is put together from a few pieces everybody knows, or from hardly any letters."""
    text = _flat(password)
    return len(set(text)) < 4 or _put_together(text, _stems())


def _is_own(password: str, words: Collection[str]) -> bool:
    text, rest, own = _flat(password), _flat(password), {_flat(word) for word in words if len(word) > 1}
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
        if any(part in text for part in _parts(word)):
            return True
    return rest != text and (weight(rest) < _REST or _put_together(rest, _stems()))


def _parts(word: str) -> Iterator[str]:
    """Six digits in a row of a number."""
    if word[:-1].isdigit():
        yield from (word[at:at + _PART] for at in range(len(word) - _PART + 1))


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _stems() -> frozenset[str]:
    lines = places.resource("passwords.txt").read_text("utf-8").splitlines()
    return frozenset(_flat(word) for line in lines if not line.startswith("#") for word in line.split())


def _put_together(text: str, stems: frozenset[str]) -> bool:
    """The fewest pieces up to each place, from left to right."""
    fewest = [0] + [_PIECES + 1] * len(text)
    for start in range(len(text)):
        if fewest[start] < _PIECES:
            for end in _ends(text, start, stems):
                fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1] <= _PIECES


def _ends(text: str, start: int, stems: frozenset[str]) -> Iterator[int]:
    """Where the pieces that begin here may end."""
    for end in range(start + 1, min(len(text), start + _LONGEST_PIECE) + 1):
        piece = text[start:end]
        if piece in stems or _NUMBER.fullmatch(piece) or len(piece) > 2 and any(piece in walk for walk in _WALKS):
            yield end
    end = start + 1
    while end < len(text) and text[end] == text[start]:
        end += 1
        yield end
