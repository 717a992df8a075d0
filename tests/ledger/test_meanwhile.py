"""An open form remembers the version it was loaded with: saving over something newer is seen, never silent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from gridapp.ledger import Acting, ChangedMeanwhile, Ledger
from gridapp.records import Person, Tenancy
from gridapp.work import people, tenancies
from tests import ledgers


def loaded(ledger: Ledger, person: UUID) -> bytes:
    """What a form keeps of the record it shows."""
    ver = ledger.ask(people.person_card, person).record.ver
    assert ver is not None
    return ver


def save(act: Acting, person: UUID, seen: bytes, **values: Any) -> None:
    act.change(act.get(Person, person), seen=seen, **values)


def test_a_field_changed_by_somebody_else_is_told_with_its_present_value(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, phone="13800001111")
    seen = loaded(ledger, person)
    ledger.do(people.correct_person, person, phone="13800002222")
    digest = ledger.digest()
    with pytest.raises(ChangedMeanwhile) as told:
        ledger.do(save, person, seen, phone="13800003333", workplace="世雅铸造厂")
    assert "联系电话现在是“138****2222”" in told.value.text and "服务处所" not in told.value.text
    assert [m.field for m in told.value.marks if m.level == "block"] == ["phone"]
    assert told.value.now == {"phone": "13800002222"}
    assert ledger.digest() == digest


def test_having_looked_at_it_the_officer_saves_with_the_version_told(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    seen = loaded(ledger, person)
    ledger.do(people.correct_person, person, phone="13800002222")
    with pytest.raises(ChangedMeanwhile) as told:
        ledger.do(save, person, seen, phone="13800003333")
    ledger.do(save, person, told.value.ver, phone="13800003333")
    assert ledgers.whole(ledger, person).phone == "13800003333"


def test_changes_of_other_fields_are_nobodys_clash(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    seen = loaded(ledger, person)
    ledger.do(people.correct_person, person, workplace="世雅铸造厂")
    ledger.do(save, person, seen, phone="13800003333")
    card = ledgers.whole(ledger, person)
    assert (card.phone, card.workplace) == ("13800003333", "世雅铸造厂")


def test_writing_what_already_stands_there_is_no_clash(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    seen = loaded(ledger, person)
    ledger.do(people.correct_person, person, phone="13800003333")
    ledger.do(save, person, seen, phone="13800003333")
    assert ledger.verify().faults == ()


@pytest.mark.parametrize("first", [None, "13800001111"])
def test_a_value_changed_and_put_back_is_the_one_the_officer_saw(ledger: Ledger, first: str | None) -> None:
    person = ledgers.a_person(ledger, phone=first)
    seen = loaded(ledger, person)
    ledger.do(people.correct_person, person, phone="13800002222")
    ledger.undo()
    ledger.do(save, person, seen, phone="13800003333")
    assert ledgers.whole(ledger, person).phone == "13800003333"


def test_a_link_changed_meanwhile_is_told_by_name(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    stay = ledger.ask(tenancies.open_stay, person)
    assert stay is not None and stay.ver is not None
    stay_id, seen = stay.id, stay.ver

    def put(act: Acting, room: UUID, version: bytes | None) -> None:
        act.change(act.get(Tenancy, stay_id), seen=version, room=room)

    ledger.do(put, rooms[1], None)
    with pytest.raises(ChangedMeanwhile) as told:
        ledger.do(put, rooms[2], seen)
    assert "房间现在是“102”" in told.value.text


def test_a_form_with_no_version_saves_as_before(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    ledger.do(people.correct_person, person, phone="13800002222")
    ledger.do(people.correct_person, person, phone="13800003333")
    assert ledgers.whole(ledger, person).phone == "13800003333"
