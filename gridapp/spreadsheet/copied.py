"""Rows for the clipboard: tab separated, one line each, and nothing that a spreadsheet would take for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: what makes a formula of a text that is pasted
FORMULA = ("=", "+", "-", "@")


def plain(text: str) -> str:
    """One cell: a tab or a line break would part it, a sign in front would be reckoned with (the apostrophe says: text)."""
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(FORMULA) else text


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Several rows."""
    return "\n".join("\t".join(map(plain, row)) for row in rows)
