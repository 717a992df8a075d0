"""Masking: what is handed out to be looked at holds no whole number, and what stands for a number can never be saved."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Day, Text
from gridapp.fields.masked import Masked
from gridapp.ledger import Acting, Ledger, needs
from gridapp.records import ENTITIES, Person
from gridapp.work import hazards, houses, masking, people
from gridapp.work.revealing import reveal
from tests import ledgers

PHONE, ADDRESS, PERMIT = "13957950003", "河南省商丘市梁园区双八镇朱楼村十七号", "33078420260012345"


@pytest.fixture
def person(ledger: Ledger) -> UUID:
    return ledgers.a_person(ledger, phone=PHONE, hukou_addr=ADDRESS, permit_no=PERMIT, agent_phone="13957950004")


def test_a_card_holds_no_whole_number_and_no_day_of_birth(ledger: Ledger, person: UUID) -> None:
    card = ledger.ask(people.person_card, person)
    told = card.record
    assert (told.id_no, told.phone, told.birth, told.name) == ("510185********9619", "139****0003", "1967-**-**", "彭兵")
    assert (told.hukou_addr, told.permit_no) == ("河南省商丘市****", "33078****")
    assert card.age == 59 and told.id == person and told.ver


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda e: e.__tablename__)
def test_of_every_entity_private_values_are_masked_and_all_others_kept(entity: type[Any]) -> None:
    samples = {"birth": date(1990, 3, 7)}
    record = entity(**{n: samples.get(n, f"{PHONE}{n}0000000") for n, f in fields_of(entity).items() if f.private}, ver=b"v")
    told = masking.masked(record)
    private = [n for n, f in fields_of(entity).items() if f.private]
    assert told.id == record.id and told.ver == b"v" and told is not record
    assert all(str(getattr(record, n)) != str(getattr(told, n)) for n in masking.hidden(told))
    names = [n for n in private if type(fields_of(entity)[n].kind).__name__ == "Name"]
    assert sorted([*masking.hidden(told), *names]) == sorted(private)


def test_nothing_that_stands_for_a_value_can_be_saved(ledger: Ledger, person: UUID) -> None:
    told = ledger.ask(people.person_card, person).record
    before = ledger.digest()
    for name in masking.hidden(told):
        with pytest.raises((TypeError, AttributeError), match="masked value|isoformat"):
            ledger.do(_put, person, name, getattr(told, name))
    with pytest.raises((TypeError, AttributeError)):
        ledger.do(_add, told)
    assert ledger.digest() == before


@needs()
def _put(act: Acting, person: UUID, name: str, value: Any) -> None:
    setattr(act.get(Person, person), name, value)


@needs()
def _add(act: Acting, copy: Person) -> None:
    act._session.add(copy)


def test_the_story_of_a_record_tells_both_values_masked(ledger: Ledger, person: UUID) -> None:
    ledger.do(people.correct_person, person, phone="13800001111", birth=date(1967, 7, 12))
    told = {c.field: (c.old, c.new) for c in ledger.history(person)[-1].changes}
    assert told == {"phone": ("139****0003", "138****1111"), "birth": ("1967-**-**", "1967-**-**")}
    born = " ".join(c.new for c in ledger.history(person)[0].changes)
    assert not [v for v in (PHONE, ADDRESS, PERMIT, ledgers.NUMBERS[0]) if v in born]


def test_a_house_and_a_hazard_are_masked_and_the_notice_is_not(village: Ledger) -> None:
    house = village.ask(houses.house_card, village.ask(houses.by_number, "QHY0001").id).record
    assert house.owner_phone == "189****9790" and house.owner_name == "张浩"
    hazard = village.ask(hazards.list_hazards, hazards.ALL)[0].id
    card = village.ask(hazards.hazard_card, hazard)
    assert card.record.phone == "189****9790" and card.house is not None and card.house.owner_phone == "189****9790"
    assert village.ask(hazards.hazard_on_paper, hazard).record.phone == "18957709790"


def test_a_revealed_copy_has_the_values_and_nothing_else_is_other(ledger: Ledger, person: UUID) -> None:
    told = ledger.ask(people.person_card, person).record
    full = masking.revealed(told, reveal(ledger, "person", person, reason="paper"))
    assert (full.id_no, full.phone, full.birth) == (ledgers.NUMBERS[0], PHONE, date(1967, 7, 11)) and not masking.hidden(full)
    assert full.ver == told.ver and full.name == told.name and isinstance(told.id_no, Masked)


def test_short_and_long_texts_show_a_third_at_most() -> None:
    assert Text().mask("一") == "****" and Text().mask("永康市古山镇某村") == "永康****" and Day().mask(None) == ""
