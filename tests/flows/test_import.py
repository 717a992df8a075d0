"""From the village's workbook to the register and back: every row as the answers say, the report, a corrected export, undo."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridapp import spreadsheet
from gridapp.fields.field import fields_of
from gridapp.fields.masked import mask_text
from gridapp.ledger import Ledger
from gridapp.records import Person, Tenancy
from gridapp.work import houses, intake, people
from tests import ledgers
from tests.fixtures import WORKBOOK

PEOPLE, HEADER = "流动人口", 5


@pytest.fixture(scope="module")
def plan(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> intake.Plan:
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("dry") / "a.grid")
    with ledgers.reopen(path) as ledger:
        return ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))


@pytest.fixture(scope="module")
def imported(empty_ledger: Path, plan: intake.Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger that holds the village."""
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("in") / "a.grid")
    with ledgers.reopen(path) as ledger:
        ledger.do(intake.take_in, plan)
    return path


@pytest.fixture
def village(imported: Path, tmp_path: Path) -> Any:
    with ledgers.reopen(ledgers.copy(imported, tmp_path / "v.grid")) as ledger:
        yield ledger


# ---------------------------------------------------------------- the dry run against the answers

def test_every_row_fares_as_the_answers_say(plan: intake.Plan, answers: dict[str, Any]) -> None:
    """Not only the odd ones: a row the answers do not name is created without a warning."""
    told = {}
    for weighed in (w for w in plan.rows if w.row.sheet == PEOPLE):
        level = "block" if weighed.outcome == "refused" else "warn"
        codes = [m.code for m in weighed.marks if m.level == level]
        told[weighed.row.row] = [level, *codes] if codes else [weighed.outcome]
    words = {"refused": "block", "warned": "warn"}
    expected = {row: ["created"] for row in range(HEADER + 1, HEADER + 1 + answers["people_rows"])}
    expected |= {int(row): [words[fate], code] for row, (fate, code) in answers["by_row"].items()}
    assert told == expected


def test_the_counts_agree(plan: intake.Plan, answers: dict[str, Any]) -> None:
    told = intake.outline(plan)
    assert dict(Counter(r["code"] for r in told["refused"])) == answers["refused"]
    assert dict(Counter(r["code"] for r in told["warned"])) == answers["warned"]
    assert plan.created["person"] == answers["ok"] + sum(answers["warned"].values()) == plan.created["tenancy"]
    assert [w.outcome for w in plan.rows if w.row.kind == "house"] == ["created"] * answers["houses"]
    assert set(plan.updated.values()) == {0}


def test_the_report_names_every_odd_row_with_what_stood_there(plan: intake.Plan, answers: dict[str, Any], tmp_path: Path) -> None:
    """Numbers of people masked: the report goes from hand to hand."""
    spreadsheet.write_report(tmp_path / "检查结果.xlsx", plan)
    lines = list(openpyxl.load_workbook(tmp_path / "检查结果.xlsx").active.iter_rows(values_only=True))
    assert lines[0] == ("结果", "工作表", "行", "列", "原来的内容", "姓名或编号", "原因")
    fates = {row: {"refused": "拒绝", "warned": "疑问"}[fate] for row, (fate, _code) in answers["by_row"].items()}
    assert {str(line[2]): line[0] for line in lines[1:]} == fates and len(lines) == len(fates) + 1
    with closing(openpyxl.load_workbook(WORKBOOK, read_only=True)) as book:
        rows = {str(n): row for n, row in enumerate(book[PEOPLE].iter_rows(values_only=True), 1)}
    who = {n: str(row[1] or row[9]).strip() for n, row in rows.items()}
    cells = {n: row[rows[str(HEADER)].index("公民身份号码/证件号码")] for n, row in rows.items()}
    assert [line for line in lines[1:] if str(line[5]).strip() != who[str(line[2])]] == []
    number = next(line for line in lines if "最后几位已经丢失" in str(line[6]))
    assert number[3] == "证件号码" and number[4] == mask_text(f"{cells[str(number[2])]:.0f}")
    assert [cell for line in lines for cell in line if re.search(r"\d{11}", str(cell))] == []


# ---------------------------------------------------------------- what the register holds then

def test_everything_of_a_row_is_in_the_register(village: Ledger, plan: intake.Plan) -> None:
    """The values of every accepted row, looked up by number; who lives where; houses by number."""
    import sqlalchemy as sa

    with village.read() as read:
        held = {p.id_no: p for p in read.records(sa.select(Person)) if p.id_no}
        stays = {t.person: t for t in read.records(sa.select(Tenancy))}
    taken = [w.row.values for w in plan.rows if w.row.kind == "person" and w.outcome == "created" and w.row.values.get("id_no")]
    for values in taken:
        found = held[values["id_no"]]
        assert {n: getattr(found, n) for n in fields_of(Person) if n in values} == {n: v for n, v in values.items() if n in fields_of(Person)}
        stay = stays[found.id]
        assert (stay.start, stay.end, stay.relation) == (values["arrived_on"], values.get("end"), values.get("relation"))
    for values in taken[:: len(taken) // 20]:
        card = village.ask(people.known_by, values["id_no"])
        assert card is not None and card.stays[0].place == f"{values['address']} {values['room_no']}"
    for values in [w.row.values for w in plan.rows if w.row.kind == "house"][::40]:
        house = village.ask(houses.by_number, values["house_no"])
        assert {n: getattr(house, n) for n in values} == dict(values)


def test_what_came_in_is_found(village: Ledger, answers: dict[str, Any]) -> None:
    told = {name: [h.label for h in village.search(name)] for name in answers["rare_names"]}
    assert {name for name, labels in told.items() if not any(name in label for label in labels)} <= {
        name for name in answers["rare_names"] if not _was_taken(village, name)}


def _was_taken(ledger: Ledger, name: str) -> bool:
    import sqlalchemy as sa

    with ledger.read() as read:
        return read.one(sa.select(Person).where(Person.name == name)) is not None


# ---------------------------------------------------------------- a corrected workbook comes back

def test_a_corrected_workbook_brings_the_changes_and_the_mended_rows(village: Ledger, answers: dict[str, Any], tmp_path: Path) -> None:
    """The officer mends refused rows in the same file and changes others: only those are taken, as one act that can be undone."""
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book[PEOPLE]
    place = {cell.value: cell.column for cell in sheet[HEADER]}
    nameless = next(int(row) for row, told in answers["by_row"].items() if told == ["refused", "no-name"])
    sheet.cell(nameless, place["姓名"]).value = "王补全"
    sheet.cell(6, place["联系电话"]).value = "13900000001"
    sheet.cell(7, place["房号"]).value = "999"
    sheet.cell(9, place["离开日期"]).value = "2026-11-01"
    sheet.cell(9, place["服务处所"]).value = None
    book.save(tmp_path / "改正.xlsx")
    before = village.digest()
    again = village.ask(intake.weigh, spreadsheet.read_rows(tmp_path / "改正.xlsx"))
    assert {w.row.row: w.outcome for w in again.rows if w.outcome in ("created", "updated")} == {
        nameless: "created", 6: "updated", 7: "updated", 9: "updated"}
    assert (again.created["house"], again.created["person"], again.created["tenancy"]) == (0, 1, 2)
    village.do(intake.take_in, again)
    told = [_card(village, sheet.cell(row, place["公民身份号码/证件号码"]).value) for row in (6, 7, 9)]
    assert told[0].record.phone == "139****0001"
    assert [(s.place[-3:], s.end) for s in told[1].stays] == [("999", None), ("402", ledgers.TODAY)]
    assert told[2].stays[0].end is not None and told[2].record.workplace == "永康市世雅工具厂"
    assert village.verify().faults == ()
    village.undo()
    assert village.digest() == before


def _card(ledger: Ledger, number: str) -> people.PersonCard:
    card = ledger.ask(people.known_by, number)
    assert card is not None
    return card


def test_an_exported_list_can_be_corrected_and_read_again(village: Ledger, tmp_path: Path) -> None:
    """What `write_table` makes of the register's own fields comes back as the same; one changed cell is one change."""
    shown = [f for f in fields_of(Person).values() if f.name in ("name", "id_kind", "id_no", "sex", "birth", "ethnic", "hukou_addr", "phone",
                                                                 "reason", "arrived_on", "registered_on", "permit", "hukou_code")]
    import sqlalchemy as sa

    with village.read() as read:
        rows = [[f.kind.show(getattr(p, f.name)) for f in shown]
                for p in read.records(sa.select(Person).where(Person.id_no.is_not(None)).limit(300))]
    spreadsheet.write_table(tmp_path / "名单.xlsx", "名单", [(f.label, 12) for f in shown], rows)
    same = village.ask(intake.weigh, spreadsheet.read_rows(tmp_path / "名单.xlsx"))
    assert Counter(w.outcome for w in same.rows) == {"same": 300}
    rows[7][[f.name for f in shown].index("phone")] = "13900000002"
    spreadsheet.write_table(tmp_path / "名单.xlsx", "名单", [(f.label, 12) for f in shown], rows)
    changed = village.ask(intake.weigh, spreadsheet.read_rows(tmp_path / "名单.xlsx"))
    assert [w.plan["change_person"] for w in changed.rows if w.plan] == [{"phone": "13900000002"}]
