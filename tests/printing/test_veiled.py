"""A list that hangs on a wall names nobody; a register is filed in full, and the audit says which was printed and why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gridapp import printing
from gridapp.ledger import Ledger, looks
from gridapp.printing import batches, press, veiled
from gridapp.printing.chunks import Chunked
from gridapp.printing.papers import PAPERS, f02, f04, f11, f12
from gridapp.printing.refused import NotAsked
from gridapp.work import audit, disputes, duties, hazards, patrols, people
from gridapp.work.revealing import NoReason
from tests import ledgers
from tests.printing import reading

NAME, OTHER, NUMBER, MOBILE = "阿卜杜拉·买买提", "彭兵", ledgers.NUMBERS[0], "13957912345"
SECRETS = (NAME, OTHER, NUMBER, MOBILE, "18957709790", "张浩", "马街121号", "1967-07-11")


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """People, a hazard with a keeper, a dispute and somebody stopped on the road; texts that name them."""
    house = ledgers.a_house(ledger, remark=f"钥匙在{NAME}处")
    person = ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0], NAME)
    ledger.do(people.correct_person, person, phone=MOBILE, hukou_addr="四川省成都市简阳市马街121号", remark=f"朋友{NAME}，{MOBILE}，{NUMBER}")
    finding = {"place": "楼梯间", "house": house, "problem": f"张浩说电话{MOBILE}打不通", "category": "02", "hazard": True}
    ledger.do(patrols.log_patrol, [finding], day=ledgers.TODAY, start="20:30", people="王建国", category="02", contents="01,06")
    assert ledger.ask(hazards.list_hazards)
    ledger.do(disputes.register_dispute, [{"name": OTHER, "phone": MOBILE, "side": "01"}, {"name": NAME, "side": "02"}], category="01", title="欠款",
              content=f"{OTHER}说{NAME}欠他三百元，电话{MOBILE}", found_on=ledgers.TODAY)
    ledger.do(duties.log_duty, [{"name": NAME, "what": "01", "employer": f"{NAME}五金厂"}], day=ledgers.TODAY, place="路口", start="07:00", end="08:30", people="王建国")
    ledger.sign_in(1)
    return ledger


def text(ledger: Ledger, path: Path, number: str, **wish: Any) -> str:
    ledger.ask(printing.write, number, path, **wish)
    return reading.whole(path)


def noted(ledger: Ledger) -> str:
    """What the audit says of the newest print."""
    ledger.guarded = False
    found = ledger.ask(audit.lines, audit.Wish(what=looks.PRINTED))[0].why
    ledger.guarded = True
    return found


@pytest.mark.parametrize("number", [number for number, paper in PAPERS.items() if paper.maskable])
def test_masked_it_names_nobody_and_in_full_it_does(told: Ledger, tmp_path: Path, number: str) -> None:
    full = text(told, tmp_path / "f.pdf", number, masked=False, why="核对证件")
    assert any(secret in full for secret in SECRETS)
    masked = text(told, tmp_path / "m.pdf", number, masked=True)
    assert [secret for secret in SECRETS if secret in masked] == []
    assert "*" in masked and noted(told).endswith("遮住的一份")


def test_what_is_made_to_be_posted_is_masked_unless_somebody_says_why(told: Ledger, tmp_path: Path) -> None:
    assert NAME not in text(told, tmp_path / "a.pdf", "F32")
    with pytest.raises(NoReason, match="请先选一个理由"):
        told.ask(printing.write, "F32", tmp_path / "b.pdf", masked=False, why="  ")
    assert not (tmp_path / "b.pdf").exists() and "第 1 号" in noted(told)
    assert NAME in text(told, tmp_path / "b.pdf", "F32", masked=False, why="其他：存档")
    assert noted(told) == "F32　第 2 号　其他：存档"


def test_a_register_is_filed_in_full_and_the_audit_says_so(told: Ledger, tmp_path: Path) -> None:
    whole = text(told, tmp_path / "a.pdf", "F04", house="QHY0001")
    assert NAME in whole and NUMBER in whole and noted(told) == "F04　第 1 号　QHY0001　归档"


def test_what_is_no_list_cannot_be_masked_and_prints_nothing(told: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotAsked, match="遮住"):
        told.ask(printing.write, "F06", tmp_path / "a.pdf", masked=True)
    assert not (tmp_path / "a.pdf").exists()


def test_a_batch_of_masked_rosters_names_nobody_nor_does_its_reprint(told: Ledger, tmp_path: Path) -> None:
    batch = batches.begin(told, "F04", tmp_path / "a.pdf", masked=True)
    while not batches.go_on(told, batch).finished:
        pass
    (again,) = batches.batches(told)
    (tmp_path / "r.pdf").write_bytes(batches.reprint(told, again, 1, 1)[1])
    for path in (tmp_path / "a.pdf", tmp_path / "r.pdf"):
        found = reading.whole(path)
        assert [secret for secret in SECRETS if secret in found] == [] and "阿*******" in found


@pytest.mark.parametrize("values", [
    f02.Book(rows=[f02.Row(NAME, birth=date(1967, 7, 11), id_no=NUMBER, phone=MOBILE, remark=f"{NAME}的妻子")]),
    f04.Roster(houses=[f04.House("QHY0001", owner="张浩", phone=MOBILE, rows=[f04.Row("101", NAME, workplace="张浩五金厂", phone=MOBILE)])]),
    f11.Book(rows=[f11.Row(keeper="张浩", content=f"张浩，{MOBILE}，{NUMBER}", place="张浩家")]),
    f12.Book(rows=[f12.Row(parties=f"{NAME}　{MOBILE}\n张浩", content=f"{NAME}和张浩，{NUMBER}", measures="找张浩谈")])])
def test_a_name_that_is_masked_is_masked_in_every_text_beside_it(values: Any) -> None:
    number = {f02.Book: "F02", f04.Roster: "F04", f11.Book: "F11", f12.Book: "F12"}[type(values)]
    found = repr(veiled.veiled(values, PAPERS[number].private))
    assert [secret for secret in (*SECRETS, "datetime") if secret in found] == []


def test_rows_that_are_asked_for_while_they_are_printed_are_masked_too() -> None:
    rows = Chunked(range(3), lambda keys: [f02.Row(f"张{key}号", id_no=NUMBER) for key in keys], 2)
    book = veiled.veiled(f02.Book(rows=rows), PAPERS["F02"].private)
    assert [row.name for row in book.rows] == ["张**"] * 3 and NUMBER not in repr(list(book.rows))


def test_every_list_says_how_each_of_its_texts_is_masked_or_that_it_names_nobody() -> None:
    """A new column that is private somewhere else is masked here as well."""
    private = {"name", "id_no", "phone", "birth", "hukou", "owner", "keeper", "parties"}
    for number in ("F02", "F04", "F11", "F12", "F32"):
        rows = {"F02": f02.Row, "F04": f04.Row, "F11": f11.Row, "F12": f12.Row}.get(number)
        known = set(rows.__dataclass_fields__) if rows else {"name"}
        assert known & private <= set(PAPERS[number].private), number
    assert press.paper("F32").posted and not any(PAPERS[number].posted for number in ("F02", "F04", "F11", "F12"))
