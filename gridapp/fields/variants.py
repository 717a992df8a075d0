"""Traditional and variant characters (繁体、异体): which simplified one each stands for, so that 張 is found by 张 and back."""

from __future__ import annotations

from functools import cache

from gridapp import places


@cache
def _table() -> dict[int, str]:
    rows = places.resource("variants.tsv").read_text("utf-8").splitlines()
    told = [row.split("\t") for row in rows if not row.startswith("#")]
    return {ord(variant): simple for simple, variants in told for variant in variants}


def simplified(text: str) -> str:
    """`text` with simplified characters in place of traditional and variant ones; equally long."""
    return text.translate(_table())
