"""Full width and half width: what an input method left as １２３ or Ａ is 123 or A where only those can be meant."""

from __future__ import annotations

_HALF = {0x3000: " "} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def half_width(text: str) -> str:
    """The same, as long as before, with letters, digits and signs of full width in half width; Chinese stays."""
    return text.translate(_HALF)
