"""A station is named as people name it; what its keys may do is not read from this record but from its certificate."""

from __future__ import annotations

import pytest

from gridapp.fields import codes
from gridapp.records import ENTITIES, Station
from gridapp.records.stations import ACTIVE, COUNTY, ESCROW, LOST, REPLACED, REVOKED, TOWN, VILLAGE


def test_a_station_is_named_as_people_name_it() -> None:
    assert Station(name="青后叶村一号机").label() == "青后叶村一号机"


def test_its_code_in_the_journal_is_for_ever() -> None:
    assert ENTITIES[12] is Station


@pytest.mark.parametrize(("table", "known"), [
    ("station_role", {VILLAGE, TOWN, COUNTY, ESCROW}), ("station_state", {ACTIVE, REVOKED, LOST, REPLACED})])
def test_the_words_of_the_program_are_those_of_the_tables(table: str, known: set[str]) -> None:
    assert {code for code, _name in codes.table(table).choices()} == known
