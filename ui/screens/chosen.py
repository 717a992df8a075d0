"""A choice among what is there just now (officers, grids): tick boxes like those of a code table."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.fields.kinds import BadValue, Codes
from gridapp.texts import _


@dataclass(frozen=True)
class Chosen(Codes):
    """Some of `pairs` (value, words), or only one of them; kept as their values joined by commas."""

    pairs: tuple[tuple[str, str], ...] = ()
    several: bool = True

    def choices(self) -> list[tuple[str, str]]:
        return list(self.pairs)

    def label(self, code: str) -> str:
        return dict(self.pairs).get(code, code)

    def parse(self, raw: object) -> str | None:
        by_words = {words: value for value, words in self.pairs}
        told = [by_words.get(one, one) for one in str(raw or "").replace("、", ",").split(",") if one]
        if len(told) > 1 and not self.several:
            raise BadValue(_("请只选一个。"))
        return ",".join(told) or None
