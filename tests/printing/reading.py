"""Reading a printed paper back: its text, its fonts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdf


def texts(path: Path) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def whole(path: Path) -> str:
    """All text without line ends and blanks, so that a wrapped text is found too."""
    return "".join("".join(texts(path)).split())


def fonts(path: Path) -> list[dict[str, Any]]:
    """The font dictionaries of the first page."""
    resources: Any = pypdf.PdfReader(path).pages[0]["/Resources"]
    return [font.get_object() for font in resources["/Font"].get_object().values()]
