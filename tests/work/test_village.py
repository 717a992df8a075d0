"""The village behind the register: beginning it, what papers take from it, correcting it; and invented villages."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.fields import codes, idnumber
from gridapp.fields.field import fields_of
from gridapp.ledger import Ledger
from gridapp.records import House, Person, Tenancy, Village
from gridapp.work import houses, invent, opening, village
from tests import ledgers

WANTED = {"name": "青后叶村", "issuer": "古青后叶", "phone": None, "chief": "王建国"}


def test_papers_take_name_issuer_phone_and_chief(ledger: Ledger) -> None:
    assert ledger.ask(village.papers) == WANTED
    ledger.do(village.correct_village, issuer="古青", phone="0579-87000000", chief="李红", name="青后叶村")
    assert ledger.ask(village.papers) == {"name": "青后叶村", "issuer": "古青", "phone": "0579-87000000", "chief": "李红"}


def test_what_a_correction_does_not_name_stays(ledger: Ledger) -> None:
    ledger.do(village.correct_village, phone="0579-87000000")
    assert ledger.ask(village.papers) == WANTED | {"phone": "0579-87000000"}
    ledger.do(village.correct_village, chief=None)
    assert ledger.ask(village.papers)["chief"] is None


def test_the_desk_knows_where_it_stands_and_who_sits_there(ledger: Ledger) -> None:
    assert ledger.ask(village.desk) == village.Desk("青后叶村", "古山镇", "永康市", "第一网格", "王建国", "王建国")
    assert ledger.ask(village.own_county) == "330784"


@pytest.mark.parametrize(("code", "failure"), [
    ("33078410823", village.BadVillageCode), ("３３０７８４１０８２３８", village.BadVillageCode), ("33078410823a", village.BadVillageCode),
    ("999999999999", village.UnknownVillage)])
def test_a_village_nobody_knows_leaves_no_ledger(tmp_path: Path, code: str, failure: type[Exception]) -> None:
    with pytest.raises(failure, match=code):
        opening.new_ledger(tmp_path / "a.grid", ledgers.PASSWORD, code, "第一网格", "王建国")
    assert [f.name for f in tmp_path.iterdir() if not f.name.endswith(".lock")] == []


# ---------------------------------------------------------------- invented villages

def _numbers(ledger: Ledger) -> list[tuple[str, date]]:
    with ledger.read() as read:
        return [(n, b) for n, b in read.rows(sa.select(Person.id_no, Person.birth))]


def test_no_invented_number_was_ever_given_to_anybody(ledger: Ledger) -> None:
    """Each is a right number whose county did not exist on the day of birth."""
    ledger.do(invent.invent, 2_000)
    told = _numbers(ledger)
    assert len(told) == 2_000
    for number, birth in told:
        facts = idnumber.examine(number, today=ledgers.TODAY)
        county = codes.division(number[:6])
        assert facts.birth == birth and county is not None and county.start_year is not None
        assert birth.year < county.start_year


def test_a_number_is_older_than_its_county_however_young_its_owner_may_be() -> None:
    chance = random.Random(3)
    for _ in range(500):
        county = chance.choice(invent._counties())
        _number, birth = invent.number(chance, county, ledgers.TODAY)
        assert county.start_year is not None and birth.year < county.start_year


def test_an_invented_village_can_grow_without_twins(ledger: Ledger) -> None:
    ledgers.a_house(ledger, "QHY0002")
    for _ in range(2):
        ledger.do(invent.invent, 50, 1)
    numbers = [number for number, _birth in _numbers(ledger)]
    assert len(numbers) == 100 == len(set(numbers))
    with ledger.read() as read:
        doors = [n for (n,) in read.rows(sa.select(House.house_no))]
        assert len(doors) == 15 == len(set(doors))
        assert read.scalar(sa.select(sa.func.count()).select_from(Tenancy)) == 100
    assert ledger.verify().faults == () and ledger.ask(houses.next_number) == "QHY0017"


def test_the_same_seed_invents_the_same_people(empty_ledger: Path, tmp_path: Path) -> None:
    def people(name: str, seed: int) -> list[tuple[str, date]]:
        with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path / name)) as ledger:
            ledger.do(invent.invent, 20, seed)
            return _numbers(ledger)

    assert people("a", 1) == people("b", 1) != people("c", 2)


def test_whose_codes_a_village_is_known_by_is_told_in_words(ledger: Ledger) -> None:
    with ledger.read() as read:
        [one] = read.records(sa.select(Village))
    assert one.code_system == "nbs" and fields_of(Village)["code_system"].kind.show(one.code_system) == "国家统计局"


def test_addresses_begin_with_the_village_or_with_the_town_of_a_whole_town(ledger: Ledger) -> None:
    told = ledger.ask(village.desk)
    assert told.home("v:330784108238") == "永康市古山镇青后叶村" and told.home("t:330784108") == "永康市古山镇"
    unknown = village.Desk("青后叶村", "", "", "", "", "")
    assert unknown.home("v:330784108238") == "永康市古山镇青后叶村" and unknown.home("v:999999999999") == "青后叶村"
