"""Fields of short forms that are no field of a record: a day, a code, a few words."""

from __future__ import annotations

from gridapp.fields.kinds import Code, Day, Text
from ui.forms.form import Told


def told_day(name: str, label: str) -> Told:
    """A day that must be filled in."""
    return Told(name, Day(), label, required=True)


def told_code(name: str, table: str, label: str, required: bool = False) -> Told:
    """One of a code table."""
    return Told(name, Code(table), label, required)


def told_text(name: str, label: str, longest: int = 100, required: bool = False, hint: str = "") -> Told:
    return Told(name, Text(longest), label, required, hint)
