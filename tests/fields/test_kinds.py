"""The faces of every kind of value: what is shown is read back, what is dumped is loaded, and garbage never does more than a mistake."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.errors import Mistake
from gridapp.fields import codes, kinds
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import (Area, Clock, Code, Codes, Day, Hundredths, IdNumber, Kind, Link, LongText, Moment, Money, Name, Phone, Points,
                                  Place, Text, Whole, Yes)
from gridapp.records import ENTITIES
from tests.ledgers import NUMBERS

KINDS = sorted({f.kind for e in ENTITIES.values() for f in fields_of(e).values()}, key=repr)
NAMED = pytest.mark.parametrize("kind", KINDS, ids=repr)
WORDS = st.text(alphabet=st.sampled_from("王李𬱖·abc 1，。-/"), min_size=1, max_size=40)
GARBAGE = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.uuids(),
                    st.binary(max_size=20), st.text(alphabet="0123456789.,-/:年月日是否有无"))


def values(kind: Kind) -> st.SearchStrategy[object]:
    """Values a field of this kind may hold."""
    if isinstance(kind, Code | Codes):
        table = [r.code for r in codes.table(kind.table).rows]
        one = st.sampled_from(table)
        return one if isinstance(kind, Code) else st.sets(one, min_size=1).map(lambda chosen: ",".join(sorted(chosen)))
    if isinstance(kind, Whole):
        return st.integers(kind.least, kind.most)
    made: dict[type[Kind], st.SearchStrategy[object]] = {
        Day: st.dates(date(1880, 1, 1), date(2199, 12, 31)), Yes: st.booleans(), Link: st.uuids(),
        Clock: st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59)),
        Moment: st.integers(0, 4_000_000_000_000).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)),
        Place: st.one_of(st.sampled_from([d.code for d in codes.divisions()]), st.integers(100000, 999999).map(str)),
        IdNumber: st.sampled_from([*NUMBERS, "H12345678", "CAN110081080310"]), Phone: st.sampled_from(["13800001111", "0579-87123456 13800001111"]),
        Name: WORDS.map(Name().parse).filter(bool)}
    if isinstance(kind, Text):
        return st.text(alphabet="王李𬱖·abc1，。-/", min_size=1, max_size=kind.longest)
    return made[type(kind)]


def test_every_kind_is_tried_here() -> None:
    declared = {k for _, k in inspect.getmembers(kinds, inspect.isclass) if issubclass(k, Kind)}
    assert declared - {type(k) for k in KINDS} == {Kind, Hundredths}


@NAMED
@given(data=st.data())
def test_what_is_shown_is_read_back(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(values(kind))
    if not isinstance(kind, Moment):
        assert kind.parse(kind.show(value)) == value
    assert isinstance(kind, Hundredths) or kind.parse(value) == value
    assert isinstance(kind.mask(value), str)


@NAMED
@given(data=st.data())
def test_what_the_journal_keeps_is_the_value(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(values(kind))
    dumped = kind.dump(value)
    assert isinstance(dumped, bool | int | str | bytes) and kind.load(dumped) == value
    assert kind.dump(None) is None and kind.load(None) is None and kind.show(None) == "" == kind.mask(None)


@NAMED
@given(raw=GARBAGE)
def test_any_garbage_gives_a_value_or_a_mistake(kind: Kind, raw: object) -> None:
    try:
        value = kind.parse(raw)
    except Mistake as mistake:
        assert mistake.text.endswith("。") and getattr(mistake, "code", "")
        return
    if value is not None:
        assert kind.parse(kind.show(value)) == value or isinstance(kind, Moment)
        assert kind.load(kind.dump(value)) == value or isinstance(value, datetime)
        kind.remarks(value)


@NAMED
@pytest.mark.parametrize("nothing", [None, "", "  ", "\u3000", "\u200b"])
def test_nothing_is_no_value(kind: Kind, nothing: object) -> None:
    assert kind.parse(nothing) is None


def mistake(kind: Kind, raw: object) -> str:
    with pytest.raises(Mistake) as told:
        kind.parse(raw)
    return str(getattr(told.value, "code", ""))


def test_a_text_that_is_too_long_is_refused_not_cut() -> None:
    assert Text(3).parse("𬱖𬱖𬱖") == "𬱖𬱖𬱖"
    assert mistake(Text(3), "𬱖𬱖𬱖𬱖") == "too-long" == mistake(LongText(3), "abcd")


def test_a_line_is_one_line_and_a_long_text_keeps_its_lines() -> None:
    assert Text().parse(" 一\r\n二\t三 ") == "一 二 三"
    assert LongText().parse(" 一\r\n二 ") == "一\n二"
    assert Text().parse(12.0) == "12" and Text().parse("a\u0301\x00\u200b\ud800") == "á"


@pytest.mark.parametrize(("typed", "value"), [("12", 12), (12.0, 12), ("１２", 12), (" 7 ", 7), ("0", 0)])
def test_whole_numbers(typed: object, value: int) -> None:
    assert Whole(0, 99).parse(typed) == value


@pytest.mark.parametrize("typed", ["100", "-1", "1.5", "一", 1.5, float("nan"), float("inf"), "9" * 40])
def test_what_is_no_such_whole_number_is_refused_with_the_bounds(typed: object) -> None:
    assert mistake(Whole(0, 99), typed) == "bad-number"


@pytest.mark.parametrize(("typed", "value", "shown"), [
    ("800", 80000, "800"), ("12.5", 1250, "12.5"), ("12.05", 1205, "12.05"), (12.35, 1235, "12.35"), (0.1 + 0.2, 30, "0.3"), ("1.500", 150, "1.5"),
    ("０．５", 50, "0.5"), (99999.99, 9999999, "99999.99"), (60.0, 6000, "60")])
def test_amounts_are_kept_in_hundredths(typed: object, value: int, shown: str) -> None:
    assert (Money().parse(typed), Area().show(value)) == (value, shown)


@pytest.mark.parametrize("typed", ["-1", "1.234", 1.234, "100000", "1e3", "八百", float("nan"), float("inf"), 1e300])
def test_what_is_no_amount_is_refused(typed: object) -> None:
    assert mistake(Money(), typed) == "bad-number"


@pytest.mark.parametrize(("typed", "value"), [("有", True), ("无", False), ("是", True), ("否", False), (True, True), (0, False), (1.0, True), ("√", True), ("Y", True)])
def test_yes_and_no_in_many_words(typed: object, value: bool) -> None:
    kind = Yes(("有", "无"))
    assert kind.parse(typed) is value and kind.show(value) in kind.words
    assert mistake(kind, "也许") == "unknown-code"


def test_codes_are_read_in_any_order_and_shown_in_words() -> None:
    kind = Codes("patrol_contents")
    chosen = [r.code for r in codes.table("patrol_contents").rows][:3]
    assert kind.parse("；".join(reversed(chosen))) == ",".join(sorted(chosen))
    assert mistake(kind, "没有这一项") == "unknown-code" == mistake(Code("sex"), "男人")


def test_a_retired_place_comes_back_as_itself() -> None:
    assert Place().show("330722") == "浙江省金华市永康县（330722）" and Place().parse("浙江省金华市永康县（330722）") == "330722"
    assert Place().parse("浙江省金华市永康市") == "330784" and Place().show("330784") == "浙江省金华市永康市"
    assert Place().parse("199999") == "199999" == Place().show("199999")
    assert mistake(Place(), "某地") == "unknown-code"


def test_a_link_is_an_id_or_a_mistake() -> None:
    link = UUID(int=7)
    assert Link().parse(str(link)) == link == Link().parse(link)
    assert mistake(Link(), "没有") == "bad-value"


def test_a_moment_is_written_by_the_program_alone_and_shown_in_beijing_time() -> None:
    assert Moment().show(datetime(2026, 11, 24, 4, 0, tzinfo=UTC)) == "2026-11-24 12:00"
    assert mistake(Moment(), "2026-11-24 12:00") == "bad-value"


def test_private_values_are_masked() -> None:
    assert IdNumber().mask(NUMBERS[0]) == "510185********9619" and Phone().mask("13800001111") == "138****1111"


@pytest.mark.parametrize("typed", ["139****0000", "１３９＊＊＊＊００００", "139●●●●0000", "13800001111、139****0000"])
def test_a_masked_telephone_number_is_never_taken_for_one(typed: str) -> None:
    with pytest.raises(Mistake, match="请填完整的号码") as told:
        Phone().parse(typed)
    assert getattr(told.value, "code", "") == "masked" and "139" not in told.value.text


@pytest.mark.parametrize("number", NUMBERS)
def test_a_masked_identity_number_is_never_taken_for_one(number: str) -> None:
    """What lists show, what other systems export, and the same in full width."""
    for shown in (IdNumber().mask(number), number[:6] + "＊" * 8 + number[-4:], "H******78"):
        assert mistake(IdNumber(), shown) == "masked"
