"""Texts an officer reads: the source language is Chinese, gettext may put another in its place (papers and scripts speak too)."""

from __future__ import annotations

import gettext

from gridapp import places

_catalogue = gettext.translation("gridapp", places.resource("locale"), fallback=True)
_ = _catalogue.gettext


def N_(text: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text
