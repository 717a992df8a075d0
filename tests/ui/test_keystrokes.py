"""How many keys it takes: typed through the real window into a real ledger, every key counted, those of the input method and of chords too.

Counted are all keys that go down from the list of people until the record stands in the ledger: Ctrl and Shift for themselves, Enter, F-keys, each
letter of pinyin and the blank that takes the word (full pinyin, as on a PC that has learned nothing).

Stored are the values of the form's own fields as they stand in the ledger afterwards, counted three ways:
- read: as an officer reads them: 居民身份证 is five, 2026-11-24 ten, the room its address and number;
- coded: as CSPro's users count, whose file holds what is keyed: a choice its code, a day eight digits, a room its house's number and its own;
- told: coded, and only what was keyed: without what the number told (sex, birth, county, kind of paper) and what stood there already
  (day, relation, the room of the one before).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, Day, Yes
from gridapp.records import Person, Tenancy
from gridapp.work import people
from tests import ledgers
from tests.ui.typist import Typist

FIRST, SECOND = "510185199205173627", "510185199007123717"
#: fields of the form that are kept with the stay
STAY = ("start", "relation", "rent")
FROM_NUMBER = ("id_kind", "sex", "birth", "hukou_code")


@pytest.fixture
def typist(busy: Any) -> Typist:
    busy.show("people")
    return Typist(busy)


@dataclass(frozen=True)
class Stored:
    """Characters that stand in the ledger, counted three ways."""

    read: int
    coded: int
    told: int


def stored(office: Any, name: str, stood: tuple[str, ...]) -> Stored:
    """What was stored of somebody; `stood`: what nobody typed but for the number."""
    ledger, slots = office.desk.ledger, office.window.screens["people"]._new.form.slots
    card = ledger.ask(people.person_card, next(row.id for row in ledger.ask(people.list_people) if row.name == name))
    person = ledgers.whole(ledger, card.record.id)
    with ledger.read() as read:
        stay = read.get(Tenancy, card.now.id)
    values = {n: (told.kind, getattr(person, n)) for n, told in fields_of(Person).items() if n in slots}
    values |= {n: (fields_of(Tenancy)[n].kind, getattr(stay, n)) for n in STAY}
    values = {n: (kind, value) for n, (kind, value) in values.items() if value is not None}
    read_as = {n: len(kind.show(value)) for n, (kind, value) in values.items()} | {"room": len(card.now.place)}
    coded = {n: coded_length(kind, value) for n, (kind, value) in values.items()} | {"room": len("QHY0002103")}
    return Stored(sum(read_as.values()), sum(coded.values()), sum(size for n, size in coded.items() if n not in (*FROM_NUMBER, *stood)))


def coded_length(kind: Any, value: Any) -> int:
    """So long is a value in a file of fixed widths."""
    return len("20261124") if isinstance(kind, Day) else 1 if isinstance(kind, Yes) else len(value) if isinstance(kind, Code) or isinstance(value, str) else len(kind.show(value))


def fill_in(typist: Typist, number: str, name: tuple[str, str], *, room: str, relation: str = "") -> None:
    """Everything the register (F02) asks for, from field to field."""
    typist.type(number).press("Enter").compose(*name).press("Enter").press("Enter")  # the kind of paper is there
    typist.type(room).press("Enter").press("Enter").type(relation).press("Enter")  # and the day
    typist.type("13800001111").press("Enter").type("1").press("Enter").type("1").press("Enter")
    typist.type("600").press("Enter") if room else typist.press("Enter")
    typist.press("F7").compose("石桥镇", "shiqiaozhen ").compose("高家村3组", "gaojiacun 3zu ").press("Enter")
    typist.compose("永康五金厂", "yongkangwujinchang ") if room else typist.press("F7")


def test_a_new_tenant_takes_about_a_key_for_each_character(typist: Typist) -> None:
    """112 keys: 0.93 for a character as read, 1.13 coded, 1.58 told; 55 of them are pinyin for 16 characters of Chinese."""
    typist.press("Ctrl+N")
    fill_in(typist, FIRST, ("李晓梅", "lixiaomei "), room="0002 103")
    typist.press("F10")
    kept = stored(typist.office, "李晓梅", ("start", "relation"))
    assert len(typist.office.window.screens["people"].card.stays) == 1
    assert typist.keys <= 1.1 * kept.read
    assert (typist.keys, kept) == (112, Stored(read=120, coded=99, told=71))


def test_the_next_in_the_same_room_takes_less(typist: Typist) -> None:
    """85 keys: 0.73 for a character as read, 0.89 coded, 1.42 told; 38 of them are pinyin for 11 characters of Chinese."""
    typist.press("Ctrl+N")
    fill_in(typist, FIRST, ("李晓梅", "lixiaomei "), room="0002 103")
    typist.press("F3")
    before, typist.keys = typist.keys, 0
    fill_in(typist, SECOND, ("张建国", "zhangjianguo "), room="", relation="2")
    typist.press("F10")
    kept = stored(typist.office, "张建国", ("start", "room"))
    assert typist.keys < before
    assert typist.keys <= 1.1 * kept.coded
    assert (typist.keys, kept) == (85, Stored(read=116, coded=96, told=60))


def test_somebody_known_moves_into_a_known_room(typist: Typist) -> None:
    """Twelve keys from the list of people to the stay in the ledger, found by the initials of a name of two characters."""
    typist.press("Ctrl+K").type("ww").press("Enter").press("F3").type("2 103").press("F10")
    card = typist.office.window.screens["people"].card
    assert card.record.name == "王𬱟" and card.now.place.endswith("方岩大道12号 103")
    assert typist.keys <= 12
