"""What stands for a private value until somebody reveals it: words an officer can tell records apart by, and which can never be saved."""

from __future__ import annotations

from datetime import date

from gridapp.texts import _

#: what lists and other programs put in the place of what they hide
STARS = frozenset("*＊●•✱∗")
#: of a text at most so many characters stay
HEAD = 6


class Masked(str):
    """Words in the place of a private value. The journal refuses them, so that stars never take the place of what they hid."""

    __slots__ = ()


def refusal() -> str:
    """What is said where stars are given for a number."""
    return _("号码里有星号，是遮住的号码，不能当作号码保存。请填完整的号码。")


def mask_text(text: str) -> str:
    """The first third of an address or a number of another paper, at most six characters."""
    return text[:min(HEAD, len(text) // 3)] + "****"


def mask_day(day: date) -> str:
    """The year alone: the day of birth and a masked number together would be the whole number."""
    return f"{day.year}-**-**"
