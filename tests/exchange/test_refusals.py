"""Each refusal is a sentence for an officer, and no two causes share one."""

from __future__ import annotations

import inspect

import pytest

from gridapp.errors import Sorted
from gridapp.exchange import refusals
from gridapp.exchange.carriers import troubles
from gridapp.exchange.refusals import Held, Noted, PartMissing, Refused

ALL = [kind for _name, kind in inspect.getmembers(refusals, inspect.isclass) if issubclass(kind, Sorted) and kind.__module__ == refusals.__name__
       and kind is not Refused]


def text(kind: type[Sorted]) -> str:
    if kind is PartMissing:
        return PartMissing(9, [2, 3, 4, 5, 6, 7]).text
    return kind("a.wsb").text if inspect.signature(kind).parameters else kind().text  # type: ignore[call-arg, arg-type]


SENTENCES = {kind.__name__: text(kind) for kind in ALL} | {reason.value: reason.text for reason in (*Held, *Noted)}


@pytest.mark.parametrize("name", SENTENCES)
def test_it_says_what_happened_and_what_to_do(name: str) -> None:
    told = SENTENCES[name]
    assert told.endswith("。") and len(told) > 20 and not set("<>{}_") & set(told)


def test_each_has_its_own() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES) >= 19


def test_the_codes_of_the_design_are_all_there() -> None:
    told = {getattr(kind, "code", "") for kind in (*ALL, *vars(troubles).values())} | set(Held) | set(Noted)
    assert told >= {f"E_{code}" for code in ("NOT_BUNDLE TRUNCATED DAMAGED NEWER_FORMAT NEWER_SCHEMA NOT_FOR_US SIGNATURE UNKNOWN_DEVICE REVOKED SCOPE "
                                             "GAP CLOCK TOO_BIG FORMAT NO_SPACE MEDIUM READONLY").split()} | {"W_BRANCH", "W_REPLAY"}


def test_many_missing_parts_are_not_all_named() -> None:
    assert "2、3、4、5、6等" in SENTENCES["PartMissing"]
