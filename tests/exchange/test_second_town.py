"""A second PC of the town with a ledger in a file: it joins as a village's does, with the town's scopes, and works with every village."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.exchange import founding, pairing
from gridapp.exchange.certificates import town_scopes
from gridapp.exchange.pairing import NoRoot
from gridapp.ledger import Ledger
from gridapp.records.stations import TOWN
from gridapp.store import vault
from gridapp.work import people
from gridapp.work.village import BadVillageCode
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import SCOPE, TOWN_CODE


@pytest.fixture
def second(tmp_path: Path, town: Ledger, village_pc: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    handing.round_trip(village_pc, town, stick)
    with founding.joining_ledger(tmp_path / "second.grid", ledgers.PASSWORD, TOWN_CODE) as made:
        yield handing.joined(town, made, tmp_path, "古山镇二号机")


def test_it_has_the_town_s_certificate_and_holds_all_there_is(town: Ledger, second: Ledger) -> None:
    told = pairing.answered(second)
    assert told is not None and (told.certificate.role, told.certificate.scopes) == (TOWN, tuple(sorted(town_scopes(TOWN_CODE))))
    assert SCOPE in second.scopes() and second.digest() == town.digest() and not second.verify().faults


def test_it_takes_in_from_villages_also_new_ones_and_hands_back(town: Ledger, second: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    handing.hand(town, "青后叶村一号机", tmp_path / "stick")
    handing.take(village_pc, tmp_path / "stick")
    person = ledgers.a_person(village_pc, "新来的", None, id_kind="990")
    new, out = "v:330784108001", tmp_path / "to-second"
    out.mkdir()
    handing.hand(village_pc, "古山镇二号机", out)
    assert [taken.held for taken in handing.take(second, out)] == [0]
    with handing.a_village(tmp_path / "other.grid", new) as other:
        handing.joined(town, other, tmp_path, "另一村")
        handing.hand(other, None, tmp_path / "stick")
        handing.take(town, tmp_path / "stick")
        handing.hand(town, "古山镇二号机", out)
        assert [taken.held for taken in handing.take(second, out)] == [0] and new in second.scopes()
    second.officer = 1
    second.do_in(SCOPE, people.correct_person, person, remark="镇里二号机核对")
    handing.hand(second, "青后叶村一号机", out)
    assert [taken.held for taken in handing.take(village_pc, out)] == [0]
    assert village_pc.ask(people.person_card, person).record.remark == "镇里二号机核对"


def test_it_has_no_root_key(second: Ledger, village_pc: Ledger) -> None:
    with pytest.raises(NoRoot):
        pairing.accept(second, pairing.read_request(pairing.ask(village_pc, "青后叶村")))


@pytest.mark.parametrize("code", ["33078410", "33078410x", "3307841082380"])
def test_other_codes_join_nothing(tmp_path: Path, code: str) -> None:
    with pytest.raises(BadVillageCode):
        founding.joining_ledger(tmp_path / "x.grid", ledgers.PASSWORD, code)
