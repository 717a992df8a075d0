"""Numbers of identity papers (domain.md section 3, sentence by sentence): what is put right, what is refused, what is noted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gridapp.errors import Mistake
from gridapp.fields import idnumber
from gridapp.fields.idnumber import BadNumber, check_digit, examine, guess_kind, mask, normalise
from tests.ledgers import NUMBERS, TODAY

GOOD = NUMBERS[0]
#: seventeen digits with a birth date nobody alive has: 1 January 1900, place 510185 (younger than the date)
BODIES = st.integers(0, 999).map(lambda n: f"51018519000101{n:03d}")
GARBAGE = st.one_of(st.text(), st.text(alphabet="0123456789Xx０１Ｘ .-'’E+", max_size=25), st.integers(), st.floats(), st.none(), st.booleans())


def made(place: str, born: str = "19000101", seq: str = "001") -> str:
    body = f"{place}{born}{seq}"
    return body + check_digit(body)


def codes_of(number: str, kind: str = "111") -> list[str]:
    return [m.code for m in examine(number, kind, today=TODAY).marks]


def refusal(number: object, kind: str = "111") -> str:
    with pytest.raises(BadNumber) as told:
        examine(normalise(number), kind, today=TODAY)
    assert told.value.text.endswith("。")
    return told.value.code


@pytest.mark.parametrize("typed", [
    GOOD, f" {GOOD} ", f"'{GOOD}", f" '{GOOD}", f"‘{GOOD}", "51018519670711 9619", "510185-19670711-9619", "5101 8519\u00a06707\u300011\t9619",
    "\u200b510185196707119619\ufeff", "５１０１８５１９６７０７１１９６１９", "510185\u221219670711\u20139619\r\n", "٥١٠١٨٥١٩٦٧٠٧١١٩٦١٩"])
def test_what_was_typed_is_put_right(typed: str) -> None:
    assert normalise(typed) == GOOD


@pytest.mark.parametrize("last", ["x", "X", "ｘ", "Ｘ", "х", "Х", "Χ", "×"])
def test_every_x_people_type_is_the_x(last: str) -> None:
    number = next(n for n in (made("510185", seq=f"{i:03d}") for i in range(99)) if n.endswith("X"))
    assert normalise(number[:17] + last) == number
    assert examine(number, today=TODAY).number == number


@pytest.mark.parametrize("cell", [3.30784198e17, 510185196707119619, 510185196707119619.0, 1e15, float("inf"), "510185196707119619.0"])
def test_a_cell_that_is_a_number_has_lost_digits(cell: object) -> None:
    assert refusal(cell) == "id-as-number"


def test_fifteen_digits_fit_into_a_number_of_excel() -> None:
    assert normalise(510185670711961.0) == "510185670711961"


@pytest.mark.parametrize("text", ["3.30784E+17", "3.30784e+17", "'3.30784E+17", "３．３０７８４Ｅ＋１７", "3.30784E17", "3E+17", " 5.1E+17 "])
def test_scientific_notation_is_refused_with_the_reason(text: str) -> None:
    assert refusal(text) == "scientific"


def test_three_noughts_at_the_end_are_told_as_rounded_by_excel() -> None:
    assert refusal("510185196707119000") == "id-as-number"
    assert refusal("510185196707119618") == "check-digit"


def test_a_passport_with_an_e_in_it_is_no_scientific_notation() -> None:
    assert normalise("1E17") == "1E17" and normalise("E12345678") == "E12345678"


@given(GARBAGE)
def test_putting_right_twice_changes_nothing_more(raw: object) -> None:
    try:
        once = normalise(raw)
    except BadNumber:
        return
    assert normalise(once) == once


@given(GARBAGE, st.sampled_from(["111", "112", "991", "553", "414", "516", "511", "990", "999", "", "nonsense"]))
def test_any_garbage_is_examined_or_refused(raw: object, kind: str) -> None:
    try:
        examine(normalise(raw), kind, today=TODAY)
    except Mistake as mistake:
        assert mistake.text


@given(BODIES, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_the_check_digit_finds_every_single_wrong_digit(body: str, place: int, wrong: str) -> None:
    number = body + check_digit(body)
    assume(number[place] != wrong and (place == 17 or wrong != "X"))
    broken = number[:place] + wrong + number[place + 1:]
    assert check_digit(broken[:17]) != broken[17]
    with pytest.raises(BadNumber):
        examine(broken, today=TODAY)


@given(BODIES, st.integers(0, 15))
def test_the_check_digit_finds_every_swap_of_neighbours(body: str, place: int) -> None:
    number = body + check_digit(body)
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2:]
    assert check_digit(swapped[:17]) != swapped[17]


def test_sex_birth_and_home_are_read_from_the_number() -> None:
    told = examine(GOOD, today=TODAY)
    assert (told.sex, told.birth, told.division, told.division_name) == ("1", date(1967, 7, 11), "510185", "四川省成都市简阳市")
    assert examine(made("510185", seq="002"), today=TODAY).sex == "2"
    assert told.marks == ()


@pytest.mark.parametrize(("place", "note"), [
    ("330784", []), ("339014", ["retired-place"]), ("330722", ["retired-place"]), ("332422", ["retired-place"]),
    ("199999", ["unknown-place"]), ("000000", ["unknown-place"])])
def test_an_unknown_or_retired_place_is_a_note_never_an_error(place: str, note: list[str]) -> None:
    told = examine(made(place), today=TODAY)
    assert [m.code for m in told.marks] == note and {m.level for m in told.marks} <= {"note"}
    assert told.division == place and told.number.startswith(place)


@pytest.mark.parametrize("number", ["51018519000230001", "510185196707119", made("510185", "19000230"), made("510185", "20261125"),
                                    made("510185", "18791231"), "51018519670711961", "5101851967071196199", "X10185196707119619", "身份证"])
def test_no_such_day_or_length_is_refused(number: str) -> None:
    assert refusal(number) == "bad-id"


def test_a_birth_date_of_today_is_a_real_one() -> None:
    assert examine(made("510185", "20261124"), today=TODAY).birth == TODAY


def test_fifteen_digits_are_for_history_and_ask_for_eighteen() -> None:
    told = examine("510185670711961", today=TODAY)
    assert [(m.level, m.code) for m in told.marks] == [("warn", "15-digit")]
    assert (told.birth, told.sex, told.upgraded) == (date(1967, 7, 11), "1", GOOD[:17] + check_digit(GOOD[:17]))


def test_fifteen_digits_of_somebody_born_after_1999_are_made_up() -> None:
    assert refusal("510185010711961") == "bad-id"
    assert refusal("510185671311961") == "bad-id"


@pytest.mark.parametrize("place", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan(place: str) -> None:
    number = made(place)
    assert guess_kind(number) == "991"
    assert examine(number, "991", today=TODAY).birth == date(1900, 1, 1)
    assert codes_of(number, "111") == ["other-paper"]
    assert refusal(number[:17] + ("0" if number[17] != "0" else "1"), "991") == "check-digit"


def test_a_mainland_number_is_no_such_permit() -> None:
    assert refusal(GOOD, "991") == "bad-id"


def test_both_cards_of_foreign_permanent_residents() -> None:
    """The public specimens of 2023 and 2017."""
    new, old = "911124198108030024", "CAN110081080310"
    for number in (new, old):
        assert guess_kind(number) == "553"
        assert examine(number, "553", today=TODAY).birth == date(1981, 8, 3)
    assert codes_of(new, "111") == ["other-paper"]
    assert refusal(new[:-1] + "5", "553") == "check-digit"
    assert refusal(old[:-1] + "1", "553") == "check-digit"
    assert refusal("CA1100810803101", "553") == "bad-id"


def test_the_century_of_an_old_card_never_lies_ahead() -> None:
    body = "CAN11002612251"
    check = sum(int(c, 36) * w for c, w in zip(body, (7, 3, 1) * 5, strict=False)) % 10
    assert examine(f"{body}{check}", "553", today=TODAY).birth == date(1926, 12, 25)


@pytest.mark.parametrize(("kind", "number"), [
    ("414", "E12345678"), ("414", "EA1234567"), ("414", "G12345678"), ("414", "DE1234567"), ("414", "PE1234567"), ("414", "SE1234567"),
    ("414", "AB123"), ("414", "A" * 20), ("516", "H12345678"), ("516", "M1234567801"), ("511", "12345678"), ("511", "1234567890"),
    ("511", "123456789012"), ("554", "ABC-12"), ("992", "330784190001010014"), ("117", "A330000001")])
def test_passports_and_permits(kind: str, number: str) -> None:
    assert examine(number, kind, today=TODAY).marks == ()


@pytest.mark.parametrize(("kind", "number"), [
    ("414", "E123"), ("414", "A" * 21), ("414", "护照号码"), ("516", "K12345678"), ("516", "H1234567"), ("511", "1234567"), ("511", "A2345678"),
    ("554", "?"), ("992", "1" * 31)])
def test_what_cannot_be_such_a_number_is_refused(kind: str, number: str) -> None:
    assert refusal(number, kind) == "bad-id"


def test_no_paper_at_all_is_in_order_and_a_forgotten_number_is_a_warning() -> None:
    assert codes_of("", idnumber.NO_PAPER) == []
    assert codes_of("", "111") == ["no-id"]


@pytest.mark.parametrize(("number", "shown"), [
    (GOOD, "510185********9619"), ("510185670711961", "510185*****1961"), ("H12345678", "H******78"), ("123", "***"), ("", "")])
def test_lists_show_the_first_six_and_the_last_four(number: str, shown: str) -> None:
    assert mask(number) == shown


@given(st.text(max_size=40))
def test_a_mask_is_as_long_as_the_number(number: str) -> None:
    assert len(mask(number)) == len(number)


@pytest.mark.parametrize(("birth", "years"), [(date(2010, 11, 24), 16), (date(2010, 11, 25), 15), (date(2008, 2, 29), 18)])
def test_age_counts_completed_years(birth: date, years: int) -> None:
    assert idnumber.age(birth, TODAY) == years
