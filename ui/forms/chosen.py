"""A choice among what is there just now (officers, grids): tick boxes like those of a code table, or a drop-down."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.fields.codes import folded
from gridapp.fields.kinds import BadValue, Code, Codes
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


@dataclass(frozen=True)
class Pairs:
    """What a drop-down offers and finds again."""

    pairs: tuple[tuple[str, str], ...]

    def choices(self) -> list[tuple[str, str]]:
        return list(self.pairs)

    def label(self, value: str) -> str:
        return dict(self.pairs).get(value, value)

    def find(self, text: str) -> str | None:
        """The value that was typed, or whose words were; words that begin so, where only one does."""
        told = folded(text)
        exact = next((value for value, words in self.pairs if told in (folded(value), folded(words))), None)
        near = [value for value, words in self.pairs if told and told in folded(words)]
        return exact if exact is not None else near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class One(Code):
    """One of `pairs` (value, words) from a drop-down."""

    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def known(self) -> Pairs:
        return Pairs(self.pairs)

    def parse(self, raw: object) -> str | None:
        text = str(raw or "").strip()
        found = self.known.find(text) if text else None
        if text and found is None:
            raise BadValue(_("“{0}”不在可选项里，请从列表中选择。").format(text), "unknown-code")
        return found

    def show(self, value: str | None) -> str:
        return self.known.label(value) if value else ""
