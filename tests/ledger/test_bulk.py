"""Many rows at once are the same rows as one by one, through the columns' own types."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.ids import new_id
from gridapp.ledger import Acting, Ledger
from gridapp.records import Person, Tenancy
from tests import ledgers
from tests.ledgers import NUMBERS


def test_rows_born_together_hold_what_they_were_given(ledger: Ledger) -> None:
    rows = [{"id": new_id(), "name": "彭兵", "id_no": NUMBERS[0], "birth": date(1967, 7, 11), "social_security": True},
            {"id": new_id(), "name": "吴丽", "permit": False, "remark": "第一行\n第二行 %s ? :x"}]
    ledger.do(bear, rows)
    with ledger.read() as read:
        for row in rows:
            found = read.get(Person, row["id"])
            assert {n: getattr(found, n) for n in row} == row
            assert found.permit_no is None and found.nconf == 0 and found.ver is not None
    assert ledger.verify().faults == () and [h.entity for h in ledger.search("吴丽")] == ["person"]


def bear(act: Acting, rows: list[dict[str, object]]) -> None:
    act.add_many(Person, rows)


def test_a_row_given_no_id_gets_one_and_links_are_kept(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    person = ledgers.a_person(ledger)

    def begin(act: Acting) -> list[UUID]:
        return act.add_many(Tenancy, [{"person": person, "room": room, "start": ledgers.TODAY}])

    told = ledger.do(begin).result
    with ledger.read() as read:
        assert [(t.id, t.person, t.room) for t in read.records(sa.select(Tenancy))] == [(told[0], person, room)]


def test_nothing_is_nothing(ledger: Ledger) -> None:
    assert ledger.do(bear, []).act is None
