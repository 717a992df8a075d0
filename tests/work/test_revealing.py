"""Revealing: one record for a reason, a list only with the password again and never a whole village."""

from __future__ import annotations

from datetime import date
from typing import NoReturn
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from gridapp.fields.ids import new_id
from gridapp.ledger import Ledger
from gridapp.ledger.looks import REVEALED
from gridapp.ledger.permits import ROLES, NotAllowed, PasswordAgain
from gridapp.ledger.reader import Gone
from gridapp.ledger.tables import LOOKS
from gridapp.records import Person
from gridapp.store.files import DiskFull
from gridapp.work import people
from gridapp.work.revealing import MOST, NoReason, TooMany, reveal, reveal_many
from tests import ledgers, permissions

PHONE = "13957950003"


def test_one_record_tells_what_is_masked_of_it(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, phone=PHONE)
    assert reveal(ledger, "person", person, reason="paper") == {"id_no": ledgers.NUMBERS[0], "phone": PHONE, "birth": date(1967, 7, 11)}
    assert reveal(ledger, "person", person, ["phone"], reason="call") == {"phone": PHONE}


def _looks(ledger: Ledger) -> list[tuple[object, ...]]:
    with ledger.home.engine.connect() as session:
        rows = session.execute(sa.select(LOOKS).where(LOOKS.c.what == REVEALED).order_by(LOOKS.c.seq)).all()
    return [(r.officer, r.entity, UUID(bytes=r.record), r.field, r.why) for r in rows]


def test_who_looks_why_and_at_which_fields_is_written_down_before_it_is_shown(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, phone=PHONE)
    ledger.sign_in(ledger.officer)
    reveal(ledger, "person", person, ["phone"], reason="call")
    reveal(ledger, "person", person, reason="other", words="核对租赁合同")
    assert _looks(ledger) == [(ledger.officer, "person", person, "phone", "电话联系"), (ledger.officer, "person", person, "id_no,birth,phone", "其他：核对租赁合同")]


def test_what_cannot_be_written_down_is_not_shown(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    person = ledgers.a_person(ledger, phone=PHONE)
    ledger.sign_in(ledger.officer)

    def full(*_given: object, **_named: object) -> NoReturn:
        raise DiskFull

    monkeypatch.setattr(Ledger, "mark", full)
    with pytest.raises(DiskFull):
        reveal(ledger, "person", person, reason="paper")


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("because", ""), ("other", " "), ("other", "x")])
def test_without_a_reason_nothing_is_told(ledger: Ledger, reason: str, words: str) -> None:
    with pytest.raises(NoReason):
        reveal(ledger, "person", ledgers.a_person(ledger), reason=reason, words=words)


def test_what_is_not_there_is_not_told(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    ledger.undo()
    for gone in (uuid4(), person):
        with pytest.raises(Gone):
            reveal(ledger, "person", gone, reason="paper")


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_see_numbers_reveals_them(ledger: Ledger, role: str) -> None:
    person = ledgers.a_person(ledger, phone=PHONE)
    ledger.sign_in(permissions.with_roles(ledger)[role])
    if role in ("manage", "audit"):
        with pytest.raises(NotAllowed):
            reveal(ledger, "person", person, reason="paper")
    else:
        assert reveal(ledger, "person", person, reason="paper")["phone"] == PHONE


def test_a_list_asks_for_the_password_again_and_has_an_end(ledger: Ledger) -> None:
    rows = [{"id": new_id(), "name": f"某{n}", "id_kind": "999", "phone": f"139579{n:05}"} for n in range(MOST + 1)]
    ledger.do(_many, rows)
    ids = [row["id"] for row in rows]
    ledger.sign_in(ledger.officer)
    assert reveal_many(ledger, "person", ids[:MOST], reason="form")[ids[7]] == {"phone": "13957900007"}
    with pytest.raises(TooMany) as told:
        reveal_many(ledger, "person", ids, reason="form")
    assert str(MOST) in told.value.text and "13957900007" not in told.value.text
    ledger._proved_at = None
    with pytest.raises(PasswordAgain):
        reveal_many(ledger, "person", ids[:2], reason="form")
    ledger.prove(ledgers.PASSWORD)
    assert len(reveal_many(ledger, "person", ids[:2], reason="form")) == 2
    assert ledger.ask(people.person_card, ids[7]).record.phone == "139****0007"


@permissions.needs()
def _many(act: object, rows: list[dict[str, object]]) -> None:
    act.add_many(Person, rows)  # type: ignore[attr-defined]
