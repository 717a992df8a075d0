"""What a card says: the four layouts of the vectors, and everything odd that stands on cards."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.devices.idreader import cards
from gridapp.devices.idreader.failures import NothingOnCard, OtherCard
from tests.devices.sam import VECTORS, text_of

PAPERS = {"resident": "111", "J": "991", "I": "553", "Y": "553"}


@pytest.mark.parametrize("kind", PAPERS)
def test_every_layout_of_the_vectors_says_what_stands_there(kind: str) -> None:
    said, card = VECTORS["parsed"][kind], cards.read(text_of(kind))
    until = said["valid_to"]
    assert (card.id_kind, card.id_no, card.name, card.sex) == (PAPERS[kind], said["id_no"], said["name"], said["sex"])
    assert f"{card.birth:%Y%m%d}" == said["birth"] and (card.until is None if until == "长期" else f"{card.until:%Y%m%d}" == until)
    assert card.ethnic == said.get("nation") and card.address == said.get("address", "")
    assert card.foreign_name == said.get("en_name", "") and card.nationality == {"J": "HKG"}.get(kind, said.get("nationality"))


@pytest.mark.parametrize("kind", PAPERS)
def test_the_table_of_places_is_that_of_the_vectors(kind: str) -> None:
    names = {"id_no": "id_no", "until": "valid_to", "since": "valid_from", "ethnic": "nation", "foreign_name": "en_name", "foreign_more": "en_name_more"}
    layout = cards.KINDS[" " if kind == "resident" else kind].layout
    assert {names.get(name, name): list(place) for name, place in layout.items()}.items() <= VECTORS["layouts"][kind].items()


def test_a_rare_character_of_two_halves_is_one() -> None:
    assert cards.read(text_of(name="𠮷田𰻝")).name == "𠮷田𰻝"


def test_half_a_character_at_the_end_is_left_out() -> None:
    text = bytearray(text_of(name="测" * 14))
    text[28:30] = "𠮷".encode("utf-16-le")[:2]
    assert cards.read(bytes(text)).name == "测" * 14


def test_blanks_and_zeros_are_no_part_of_it() -> None:
    card = cards.read(text_of(name="测试\0\0 ", address="某村1号\0"))
    assert (card.name, card.address) == ("测试", "某村1号")


@pytest.mark.parametrize(("until", "expired"), [("长期", False), ("20261123", True), ("20261124", False), ("", False), ("20269999", False)])
def test_a_card_is_good_on_its_last_day_and_for_ever(until: str, expired: bool) -> None:
    assert cards.read(text_of(valid_to=until)).expired(date(2026, 11, 24)) is expired


def test_private_characters_are_named_by_their_code_once_each() -> None:
    assert cards.private_characters("测\ue863\uf8ff\ue863\uf900𠮷") == ["U+E863", "U+F8FF"]


def test_a_newer_address_takes_the_place_of_the_old_one() -> None:
    assert cards.read(text_of(), "新址2号".encode("utf-16-le").ljust(70, b"\0")).address == "新址2号"


def test_a_card_of_a_foreigner_may_have_no_chinese_name() -> None:
    card = cards.read(text_of("I", name=""))
    assert card.name == "" and card.foreign_name == "SPECIMEN, TEST"


def test_a_long_foreign_name_goes_on_where_the_layout_says() -> None:
    assert cards.read(text_of("Y", en_name="A" * 35, en_name_more="BCD")).foreign_name == "A" * 35 + "BCD"


@pytest.mark.parametrize("head", [("810000", "HKG"), ("820000", "MAC"), ("830000", "TWN")])
def test_where_somebody_from_hong_kong_macao_or_taiwan_is_from_stands_in_the_number(head: tuple[str, str]) -> None:
    assert cards.read(text_of("J", id_no=head[0] + "19980902013X")).nationality == head[1]


@pytest.mark.parametrize(("text", "failure"), [(b"", NothingOnCard), (b"\x20\x00" * 128, NothingOnCard), (bytes(256), NothingOnCard),
                                               (text_of(id_no="3.3E+17"), NothingOnCard), (text_of("J", card_type="Q"), OtherCard)])
def test_an_empty_card_and_another_kind_are_refused(text: bytes, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        cards.read(text)


@given(st.binary(max_size=300))
def test_whatever_stands_on_a_card_it_is_read_or_refused(text: bytes) -> None:
    try:
        card = cards.read(text)
    except (NothingOnCard, OtherCard):
        return
    assert "\0" not in card.name + card.address


def test_nothing_of_a_card_is_shown_in_a_report() -> None:
    card = cards.read(text_of())
    assert not any(word in repr(card) for word in (card.id_no, card.name, card.address, "1900"))
