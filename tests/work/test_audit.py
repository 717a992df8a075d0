"""The audit as whoever checks reads it: acts and looks by time, masked; on paper with its own number; a ledger proved with what stands elsewhere."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from gridapp import printing
from gridapp.ledger import Ledger, looks
from gridapp.ledger.permits import NotAllowed
from gridapp.store import backup
from gridapp.work import audit, backups, keeping, people, rescue
from gridapp.work.audit import NoAnchor, Wish
from tests import ledgers, permissions
from tests.printing import reading


@pytest.fixture
def checked(village: Ledger) -> Ledger:
    """A little village in which 王建国 looked at somebody, searched and printed; whoever checks has signed in."""
    numbers = permissions.with_roles(village)
    village.sign_in(1)
    person = village.search("彭兵")[0].id
    village.ask(people.person_card, person)
    village.search(ledgers.NUMBERS[1])
    village.ask(printing.make, "F02")
    village.sign_in(numbers["audit"])
    return village


def titles(lines: list[audit.Line]) -> list[str]:
    return [line.title for line in lines]


def test_acts_and_looks_stand_in_one_list_newest_first(checked: Ledger) -> None:
    checked.ask(audit.lines)
    lines = checked.ask(audit.lines, limit=500)
    assert {"登记人员", "打开完整记录", "按号码查找", "打印", "登录", "退出"} <= set(titles(lines))
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert len(lines) == checked.ask(audit.count)
    assert [*checked.ask(audit.lines, limit=2), *checked.ask(audit.lines, limit=3, offset=2)] == checked.ask(audit.lines, limit=5)


def test_names_and_numbers_are_masked(checked: Ledger) -> None:
    lines = checked.ask(audit.lines, Wish(what=audit.LOOKS_ONLY), limit=500)
    opened = next(line for line in lines if line.what == looks.OPENED)
    assert (opened.officer, opened.about) == ("王建国", "流动人口 彭＊")
    told = repr(lines)
    assert "彭兵" not in told and not any(number in told for number in ledgers.NUMBERS)


@pytest.mark.parametrize(("wish", "expected"), [
    (Wish(what=looks.PRINTED), {"打印"}), (Wish(what=looks.SOUGHT), {"按号码查找"}), (Wish(officer=1, what=audit.LOOKS_ONLY), {
        "登录", "打开完整记录", "按号码查找", "打印", "退出"}), (Wish(since=ledgers.TODAY + timedelta(1)), set()), (Wish(until=ledgers.TODAY - timedelta(1)), set()),
    (Wish(since=ledgers.TODAY, until=ledgers.TODAY, what=looks.PRINTED), {"打印"})])
def test_it_is_narrowed_by_day_person_and_kind(checked: Ledger, wish: Wish, expected: set[str]) -> None:
    assert set(titles(checked.ask(audit.lines, wish))) == expected
    assert checked.ask(audit.count, wish) == len(checked.ask(audit.lines, wish))


def test_one_record_has_its_looks(checked: Ledger) -> None:
    line = checked.ask(audit.lines, Wish(what=looks.OPENED))[0]
    assert titles(checked.ask(audit.lines, Wish(record=line.record))) == ["打开完整记录"]


def test_reading_the_audit_is_in_it_once(checked: Ledger) -> None:
    for _again in range(3):
        lines = checked.ask(audit.lines, Wish(what=looks.AUDITED))
    assert titles(lines) == ["查看审计"]


def test_r3_only_whoever_may_reads_it(checked: Ledger) -> None:
    checked.sign_in(1)
    for ask in (lambda: checked.ask(audit.lines), lambda: checked.ask(audit.count), lambda: checked.ask(printing.make_audit, Wish())):
        with pytest.raises(NotAllowed):
            ask()
    with pytest.raises(printing.UnknownPaper):
        checked.ask(printing.make, "A01")


# ---------------------------------------------------------------- on paper

def foot_of(data: bytes, folder: Path) -> list[str]:
    """The line at the foot of every page."""
    (folder / "a.pdf").write_bytes(data)
    pages = [page.extract_text() for page in pypdf.PdfReader(folder / "a.pdf").pages]
    return [next(line for line in text.splitlines() if "打印编号" in line) for text in pages]


def test_t3_every_page_says_who_printed_it_when_and_where_the_audit_stood(checked: Ledger, tmp_path: Path) -> None:
    checked.sign_in(1)
    feet = [foot_of(checked.ask(printing.make, number)[1], tmp_path) for number in ("F04", "F02")]
    for pages in feet:
        assert len(set(pages)) == 1 and "王建国" in pages[0] and "青后叶村" in pages[0] and "2026-11-24 12:00" in pages[0]
        assert checked.lost(audit.anchors_of(pages[0])) == []
    numbers = [found.group(1) for pages in feet if (found := re.search(r"打印编号 ?[0-9A-F]{4}-(\d{6})", pages[0]))]
    assert numbers == ["000002", "000003"]  # the first was printed before


def test_the_audit_itself_is_printed_with_a_foot(checked: Ledger, tmp_path: Path) -> None:
    printed, data = checked.ask(printing.make_audit, Wish())
    assert printed.pages >= 1 and foot_of(data, tmp_path)
    text = "".join(reading.texts(tmp_path / "a.pdf")).replace("\n", "")
    assert "审计记录" in text and "打开完整记录" in text and "彭＊" in text and "彭兵" not in text


# ---------------------------------------------------------------- proving

def test_t3_yesterdays_file_is_known_by_the_newest_backup_of_this_pc(village: Ledger, tmp_path: Path) -> None:
    village.sign_in(1)
    path = village.path
    village.close()
    yesterday = ledgers.copy(path, tmp_path / "alt.grid")
    with ledgers.reopen(path) as today:
        today.sign_in(1)
        kept = backups.take(today, backups.ASKED)
        assert kept is not None and audit.prove(today).faults == ()
        ledgers.a_person(today, "李红", "500152199101017321")
    for ending in ("", ".tip"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(yesterday, path)
    with ledgers.reopen(path) as back:
        assert back.verify().faults == ()
        assert "an older ledger was put in place" in audit.prove(back).faults[0]
        assert back.lost(audit.anchors_of(str(kept.path))) != []


def test_t3_a_restored_ledger_is_held_against_the_backups_taken_since(village: Ledger, tmp_path: Path) -> None:
    """What older backups hold it may lack, and the officer was told; from the next one on yesterday's file is known again."""
    village.sign_in(1)
    path = village.path
    first = backups.take(village, backups.ASKED)
    ledgers.a_person(village, "李红", "500152199101017321")
    newer = backups.take(village, backups.ASKED)
    assert first is not None and newer is not None
    village.close()
    rescue.restore(first.path, path, rescue.by_password(ledgers.PASSWORD))
    with ledgers.reopen(path) as back:
        back.sign_in(1)
        assert audit.prove(back).faults == ()
        keeping.seen_restored(back)
        assert audit.prove(back).faults == (), "it is read, and still lacks what the newer backup holds"
        assert backups.take(back, backups.ASKED) is not None
        assert audit.prove(back).faults == ()
    rescue.restore(first.path, tmp_path / "alt.grid", rescue.by_password(ledgers.PASSWORD))
    for ending in ("", ".tip"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(tmp_path / "alt.grid", path)
    with ledgers.reopen(path) as yesterday:
        assert "an older ledger was put in place" in audit.prove(yesterday).faults[0]


def test_a_backup_that_found_something_new_is_in_the_audit_and_the_next_finds_nothing(village: Ledger) -> None:
    village.sign_in(1)
    kept = backups.take(village, "close")
    assert kept is not None and backup.told_of(kept.path).told["looks"] and backups.take(village, "close") is None
    assert [a.seq for a in backups.anchors_of(kept.manifest)] == [a.seq for a in village.anchors()]


@pytest.mark.parametrize("told", ["", "没有", "F27", "3F2A-12", "x" * 5000])
def test_what_is_no_anchor_is_told(told: str) -> None:
    with pytest.raises(NoAnchor, match="没有认出审计号"):
        audit.anchors_of(told)


def test_a_name_is_known_again_but_not_read() -> None:
    assert [audit.masked_name(name) for name in ("彭兵", "阿卜杜拉·买买提", "李", None)] == ["彭＊", "阿＊＊＊", "李", ""]
