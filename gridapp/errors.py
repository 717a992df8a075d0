"""Failures, sorted by who can mend them: a Mistake by the officer, Trouble by the machine's keeper; all else is our bug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "warn", "note"]


@dataclass(frozen=True)
class Mark:
    """A remark beside one field (or the whole form when `field` is None): blocks saving, warns, or just notes."""

    field: str | None
    level: Level
    code: str
    text: str


class Sorted(Exception):
    """A failure with a sentence for the officer; `text` says what happened and what to do next."""

    def __init__(self, text: str, marks: Iterable[Mark] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.marks = tuple(marks)


class Mistake(Sorted):
    """The officer can mend it: a wrong number, a wrong password, the wrong file. Carries marks per field."""


class Trouble(Sorted):
    """The machine must be mended first: disk, key file, lock, damage. Says what to do and that nothing was lost."""


class Unwanted(Sorted):
    """A question was broken off because nobody waits for its answer any more; told to nobody."""

    def __init__(self) -> None:
        super().__init__("")
