"""People: one paper is one person, closing and reopening, cards, and who is no migrant because home is here."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.fields import idnumber
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.spreadsheet import RowRead
from gridapp.work import people, tenancies, village
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.work import rows


def fifteen(number: str) -> str:
    """The 15 digits a number of 18 grew from."""
    return number[:6] + number[8:17]


def test_a_paper_is_given_once_in_any_spelling(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    for told in (NUMBERS[0], fifteen(NUMBERS[0])):
        with pytest.raises(people.AlreadyRegistered, match="已登记给“彭兵”（登记日期 2026-11-24）"):
            ledgers.a_person(ledger, "别人", told)
    other = ledgers.a_person(ledger, "别人", NUMBERS[1])
    with pytest.raises(people.AlreadyRegistered, match="彭兵"):
        ledger.do(people.correct_person, other, id_no=NUMBERS[0])
    ledger.do(people.correct_person, other, id_no=NUMBERS[1], name="改名")


def test_fifteen_digits_grow_to_eighteen_by_a_correction(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, id_no=fifteen(NUMBERS[0]))
    ledger.do(people.correct_person, person, id_no=NUMBERS[0])
    assert ledgers.whole(ledger, person).id_no == NUMBERS[0]


def test_people_without_a_paper_are_no_twins(ledger: Ledger) -> None:
    for name in ("甲", "乙"):
        ledger.do(people.register_person, name=name, id_kind=idnumber.NO_PAPER)
    assert ledger.ask(people.count_people)[people.ALL] == 2 and ledger.ask(people.known_by, "") is None


def test_a_mark_is_told_once(ledger: Ledger) -> None:
    done = ledger.do(people.register_person, name="彭兵", id_no=fifteen(NUMBERS[0]), sex="2")
    assert sorted(m.code for m in done.marks) == ["15-digit", "sex-differs"]


def test_who_is_known_by_a_number_comes_with_their_stays(village: Ledger) -> None:
    card = village.ask(people.known_by, NUMBERS[0])
    assert card is not None and card.record.name == "彭兵"
    assert card.now is not None and (card.now.place[-3:], card.now.end) == ("102", None)
    assert [(s.place[-3:], s.end) for s in card.stays] == [("102", None), ("101", TODAY)]
    assert card.now.owner == "张浩 189****9790"
    left = village.ask(people.known_by, fifteen(NUMBERS[1]))
    assert left is not None and left.now is None and village.ask(people.known_by, "510185196707119000") is None


def test_a_withdrawn_person_is_gone_and_known_no_more(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    ledger.undo()
    assert ledger.ask(people.known_by, NUMBERS[0]) is None
    with pytest.raises(Gone):
        ledger.ask(people.person_card, person)
    assert ledgers.a_person(ledger) != person


def test_who_lives_here_is_not_closed_and_who_is_closed_lives_again(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    with pytest.raises(people.StillLiving, match="请先办理退租"):
        ledger.do(people.close_person, person, TODAY, "01")
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, person).stays[0].id, TODAY)
    ledger.do(people.close_person, person, TODAY, "01", "回原籍")
    closed = ledger.ask(people.person_card, person).record
    assert (closed.closed_on, closed.closed_why, closed.closed_note) == (TODAY, "01", "回原籍")
    ledger.do(tenancies.move_in, person, rooms[1], TODAY)
    again = ledger.ask(people.person_card, person).record
    assert (again.closed_on, again.closed_why, again.closed_note) == (None, None, None)


def test_a_birth_to_come_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="出生日期在今天以后"):
        ledger.do(people.register_person, name="彭兵", id_kind="999", birth=date(2027, 1, 1))


# ---------------------------------------------------------------- 人户分离 (条例 Art. 2)

#: (home county, whether it is the village's own): 永康 now and under its three retired codes, its neighbour, another province
HOMES = [("330784", True), ("330722", True), ("332422", True), ("339014", True), ("330783", False), ("330700", False),
         ("510185", False), ("999999", False), (None, False)]


def _notes(marks: object) -> list[tuple[str | None, str]]:
    return [(m.field, m.level) for m in marks if m.code == "own-county"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("home", "own"), HOMES)
def test_a_home_in_the_own_county_is_noted_never_refused(ledger: Ledger, home: str | None, own: bool) -> None:
    told = {"name": "甲", "id_kind": idnumber.NO_PAPER, "hukou_code": home}
    done = ledger.do(people.register_person, **told)
    assert _notes(done.marks) == [("hukou_code", "note")] * own
    assert _notes(ledger.do(people.correct_person, done.result, name="乙").marks) == []
    away = ledger.do(people.correct_person, done.result, hukou_code="110105")
    assert _notes(away.marks) == []
    back = ledger.do(people.correct_person, done.result, hukou_code=home)
    assert _notes(back.marks) == [("hukou_code", "note")] * own


@pytest.mark.parametrize(("home", "own"), HOMES)
def test_the_dry_run_notes_it_too(ledger: Ledger, home: str | None, own: bool) -> None:
    row = rows.a_row(name="甲", id_kind=idnumber.NO_PAPER, hukou_code=home)
    weighed = rows.dry(ledger, row).rows[0]
    assert weighed.outcome == "created" and _notes(weighed.marks) == [("hukou_code", "note")] * own and not weighed.warned


def test_the_home_a_number_tells_is_held_against_the_county(ledger: Ledger) -> None:
    """No number of 永康 may stand in a test, so the village is moved to where the number comes from."""
    row: RowRead = rows.a_row(name="彭兵", id_no=NUMBERS[0])
    assert _notes(rows.dry(ledger, row).rows[0].marks) == []
    ledger.do(village.correct_village, code=NUMBERS[0][:6] + "108238")
    assert _notes(rows.dry(ledger, row).rows[0].marks) == [("hukou_code", "note")]
    assert _notes(ledger.do(people.register_person, name="彭兵", id_no=NUMBERS[0]).marks) == [("hukou_code", "note")]
