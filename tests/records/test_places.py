"""Rules that need only the house; its owner's number never stops the house."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gridapp.records import House, Room
from tests.ledgers import NUMBERS, TODAY


def marks(**values: Any) -> set[tuple[str | None, str, str]]:
    told = {"house_no": "QHY0001", "address": "祠堂路1号", "owner_name": "张浩"} | values
    return {(m.field, m.level, m.code) for m in House(**told).check(TODAY)}


@pytest.mark.parametrize(("values", "expected"), [
    ({}, set()), ({"owner_id_no": NUMBERS[0]}, set()),
    ({"owner_id_no": "510185196707119618"}, {("owner_id_no", "warn", "check-digit")}),
    ({"owner_id_no": "510185670711961"}, {("owner_id_no", "warn", "15-digit")}),
    ({"owner_id_no": "911124198108030024"}, {("owner_id_kind", "note", "other-paper")}),
    ({"owner_id_no": "H12345678", "owner_id_kind": "516"}, set()),
    ({"registered_on": TODAY, "rent_from": date(2026, 11, 23)}, {("rent_from", "note", "rent-before-register")}),
    ({"registered_on": TODAY, "rent_from": TODAY}, set())])
def test_what_is_odd_about_a_house_is_told_and_never_blocks(values: dict[str, Any], expected: set[tuple[str, str, str]]) -> None:
    assert marks(**values) == expected


def test_houses_and_rooms_are_named_as_people_name_them() -> None:
    assert House(house_no="QHY0001", address="祠堂路1号").label() == "QHY0001 祠堂路1号" and Room(room_no="101").label() == "101"
