"""Earlier hazards like the one that is typed: the same place first, then the same words, with what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gridapp.ledger import Ledger
from gridapp.work import hazards, similar
from tests import ledgers


def found(ledger: Ledger, content: str, **values: Any) -> UUID:
    hazard: UUID = ledger.do(hazards.raise_hazard, **{"place": "1号", "content": content, "degree": "01", "finder": "张浩"} | values).result
    return hazard


def test_the_same_place_comes_first_then_the_same_words(ledger: Ledger) -> None:
    house, other = ledgers.a_house(ledger), ledgers.a_house(ledger, "QHY0002")
    there = found(ledger, "灭火器过期", house=house, demand="更换")
    ledger.do(hazards.recheck, there, True, "王建国")
    elsewhere = found(ledger, "二楼楼道堆放杂物", house=other)
    found(ledger, "电线老化", house=other)
    told = ledger.ask(similar.similar_hazards, "楼道堆放杂物", house=house)
    assert [(one.id, one.same_place) for one in told] == [(there, True), (elsewhere, False)]
    assert (told[0].state, told[0].demand) == ("已销号", "更换")
    assert ledger.ask(similar.similar_hazards, "楼道堆放杂物", house=other)[0].id == elsewhere


def test_of_the_same_place_the_likest_comes_first(ledger: Ledger) -> None:
    like = found(ledger, "楼道堆放杂物")
    newer = found(ledger, "灭火器过期")
    assert [one.id for one in ledger.ask(similar.similar_hazards, "楼道堆放杂物，堵塞通道", place="1号")] == [like, newer]


def test_nothing_typed_and_nowhere_is_like_nothing(ledger: Ledger) -> None:
    hazard = found(ledger, "楼道堆放杂物")
    assert ledger.ask(similar.similar_hazards) == [] == ledger.ask(similar.similar_hazards, "楼道堆放杂物", but=hazard)
    assert ledger.ask(similar.similar_hazards, "路灯不亮") == []
