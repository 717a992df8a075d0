"""M1: in every screen, list and card of the window, and in all the door prints, no whole number of anybody is found (reliability.md M1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from PySide6.QtTest import QTest

from gridapp.door.base import door
from gridapp.ledger import Ledger
from gridapp.records import House, Person
from gridapp.work import hazards, houses, people
from tests import ledgers, permissions
from tests.ui.looking import copied, everything
from ui.revealing import SECONDS
from ui.screens import SCREENS

#: whoever is in it, so no other test's number is meant
PHONES = tuple(f"1395795{n:04}" for n in range(3100, 3107))
OWNER_ID, OWNER_HOME, HOME, PERMIT = "500152199101017284", "浙江省永康市古山镇后山头村樟树下三十二号", "河南省商丘市梁园区双八镇朱楼村十七号", "33078420269912345"
CANARIES = (*ledgers.NUMBERS, *PHONES, OWNER_HOME, HOME, PERMIT, "1967-07-11", "1991-01-01", "1980-12-17", "1987-11-23")


@pytest.fixture
def canaries(village: Ledger) -> Ledger:
    """The little village with somebody's number in every private field."""
    for number, (row, phone) in enumerate(zip(village.ask(people.list_people, people.ALL), PHONES, strict=False)):
        village.do(people.correct_person, row.id, phone=phone, hukou_addr=HOME, permit_no=PERMIT, agent_name="代办", agent_phone=PHONES[6 - number % 2])
    for row in village.ask(houses.list_houses):
        village.do(houses.correct_house, row.id, owner_phone=PHONES[4], owner_id_no=OWNER_ID, owner_addr=OWNER_HOME, manager_name="二房东",
                   manager_phone=PHONES[5])
    for hazard in village.ask(hazards.list_hazards, hazards.ALL):
        village.do(hazards.correct_hazard, hazard.id, phone=PHONES[4])
    return village


def found(text: str, *also: str) -> list[str]:
    return [value for value in (*CANARIES, *also) if value in text]


def walk(office: Any, check: Callable[[str], None]) -> int:
    """Every screen with its widest list, records of every list beside it and on their pages, and their forms; returns how many places there were."""
    places = 0
    for entry in SCREENS:
        screen = office.show(entry.key)
        check(entry.key)
        places += 1
        listed = getattr(screen, "list", None)
        for which in [w for w in getattr(listed, "filters", {}) if w in ("all", "open")]:
            listed.choose(which)
            office.settle()
            check(f"{entry.key} {which}")
            places += 1
            for number in range(min(listed.table.rows.rowCount(), 2)):
                listed.table.selectRow(number)
                office.settle()
                check(f"{entry.key} {which} {number} beside")
                if hasattr(screen, "subject"):
                    screen.open_card(listed.row.id)
                    office.settle()
                    check(f"{entry.key} {which} {number}")
                    if hasattr(screen, "correct") and number == 0:
                        screen.correct(screen.card)
                        office.settle()
                        check(f"{entry.key} {which} {number} form")
                        screen.back()
                    screen.back()
                    office.settle()
                    places += 2
    return places


def test_m1_no_screen_list_card_form_or_hint_shows_a_whole_number(open_office: Callable[..., Any], canaries: Ledger) -> None:
    office, seen = open_office(canaries), dict[str, list[str]]()

    def check(where: str) -> None:
        seen[where] = found(everything(office))

    assert walk(office, check) > 20
    assert {where: said for where, said in seen.items() if said} == {} and not office.told
    assert "139****3100" in everything(office) and "510185********9619" in everything(office), "masked, not missing"


def test_m1_what_is_copied_from_lists_and_fields_is_masked(open_office: Callable[..., Any], canaries: Ledger) -> None:
    office, text = open_office(canaries), list[str]()
    for key in ("people", "houses", "hazards"):
        screen = office.show(key)
        text.append(copied(office))
        screen.list.table.selectRow(0)
        screen.open_card(screen.list.row.id)
        office.settle()
        screen.correct(screen.card)
        office.settle()
        text.append(copied(office))
        screen.back()
    assert found("\n".join(text)) == [] and "510185********9619" in "\n".join(text)


def test_m1_what_the_search_box_answers_is_masked(open_office: Callable[..., Any], canaries: Ledger) -> None:
    office = open_office(canaries)
    for words in ("彭兵", PHONES[4][-4:], "9619", "张浩"):
        office.window.search.begin()
        QTest.keyClicks(office.window.search, words) if words.isascii() else office.window.search.setText(words)
        hits = canaries.search(words)
        assert hits and found(" ".join(f"{h.label} {h.why}" for h in hits)) == [], words
        office.settle()
        assert found(everything(office)) == []


def test_m1_revealing_one_record_shows_that_one_and_after_a_minute_none(open_office: Callable[..., Any], canaries: Ledger) -> None:
    office = open_office(canaries)
    person = next(r.id for r in canaries.ask(people.list_people, people.ALL) if r.name == "彭兵")
    own = ledgers.whole(canaries, person)
    office.window.open_record("person", person)
    office.settle()
    veil, seconds = office.window.screens["people"].veil, [0.0]
    veil.clock = lambda: seconds[0]
    veil.show_button.click()
    veil.reasons["paper"].click()
    office.settle()
    assert set(found(everything(office))) == {own.id_no, own.phone, own.agent_phone, HOME, PERMIT, "1967-07-11"}
    seconds[0] = SECONDS
    veil.tick()
    assert found(everything(office)) == []


@pytest.mark.parametrize("role", ["manage", "audit"])
def test_who_manages_accounts_or_reads_the_audit_sees_nobody(open_office: Callable[..., Any], canaries: Ledger, role: str) -> None:
    canaries.officer = permissions.with_roles(canaries)[role]
    office, names = open_office(canaries), ("彭兵", "王𬱟", "扎西·多吉", "赵小妹", "139****3100", "510185********9619")
    for entry in SCREENS:
        office.show(entry.key)
        assert found(everything(office), *names) == [], entry.key
    for entity, record in (("person", a_person(canaries)), ("house", a_house(canaries))):
        office.window.open_record(entity, record)
        assert found(everything(office), *names) == [], entity
    assert all("权限" in told.text for told in office.told)


def a_person(ledger: Ledger) -> UUID:
    return _first(ledger, Person)


def a_house(ledger: Ledger) -> UUID:
    return _first(ledger, House)


def _first(ledger: Ledger, entity: type[Person | House]) -> UUID:
    with ledger.home.engine.connect() as session:
        found = session.scalar(sa.select(entity.id).limit(1))
    assert found is not None
    return found


# ---------------------------------------------------------------- the door

def test_m1_the_door_prints_no_whole_number(canaries: Ledger, tmp_path: Path) -> None:
    person, house = a_person(canaries), a_house(canaries)
    path = canaries.path
    canaries.close()
    key = tmp_path / "key.txt"
    key.write_text(ledgers.PASSWORD, "utf-8")
    asked = [["find", "彭兵"], ["find", PHONES[4][-4:]], ["find", "9619"], ["find", "张浩"], ["history", str(person)], ["history", str(house)]]
    asked += [[name] for name, verb in door.commands.items() if not any(p.required for p in verb.params) and name not in WRITING]
    said = {}
    for words in asked:
        for as_json in ([], ["--json"]):
            done = CliRunner().invoke(door, ["--ledger", str(path), "--password-file", str(key), *as_json, *words])
            said[" ".join([*as_json, *words])] = found(done.output)
            if words[0] in ("find", "history"):
                assert done.exit_code == 0 and ("*" in done.output or words[1] == "张浩"), (words, done.output)
                assert not as_json or json.loads(done.output)
    assert {words: values for words, values in said.items() if values} == {} and len(asked) > 15


#: verbs that change or make something: what they print is counted, not told
WRITING = ("undo", "redo")
