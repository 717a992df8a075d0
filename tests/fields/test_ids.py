"""Record ids: unlike each other, in the order they were made, whatever the clock does."""

from __future__ import annotations

import time

import pytest

from gridapp.fields.ids import new_id


def test_ids_stand_in_the_order_they_were_made_within_one_moment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_795_492_800.0)
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made) and len(set(made)) == 5_000
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert {one.int >> 80 for one in made} == {1_795_492_800_000}


def test_a_clock_that_was_wrong_is_not_followed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    new_id()
    monkeypatch.setattr(time, "time", lambda: 1_795_492_800.0)
    assert new_id().int >> 80 == 1_795_492_800_000
