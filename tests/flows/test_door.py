"""The windowless door, run as a program: what it prints, and the exit code by who can mend it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from gridapp.__main__ import main
from gridapp.printing import PAPERS
from tests import ledgers
from tests.fixtures import WORKBOOK

ROOT = Path(__file__).resolve().parents[2]


class Door:
    """The door in a folder of its own: as a program where a `coding` is told, else within this process, which takes a tenth of the time."""

    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder
        self.ledger: Path | str = folder / "a.grid"
        self.password = folder / "pw"
        self.password.write_text(ledgers.PASSWORD + "\n", "utf-8")

    def run(self, *words: object, password: Path | None = None, expect: int = 0, coding: str | None = None) -> str:
        said = ["--ledger", str(self.ledger), "--password-file", str(password or self.password), "--json", *map(str, words)]
        if coding is None:
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = main(said)
            told, complained = out.getvalue(), err.getvalue()
        else:
            done = subprocess.run([sys.executable, "-m", "gridapp", *said], cwd=ROOT, capture_output=True, text=True, encoding=coding,
                                  env=os.environ | {"PYTHONIOENCODING": coding})
            code, told, complained = done.returncode, done.stdout, done.stderr
        assert code == expect, (code, complained)
        return told if expect == 0 else complained

    def told(self, *words: object, coding: str | None = None) -> Any:
        return json.loads(self.run(*words, coding=coding))


@pytest.fixture
def door(empty_ledger: Path, tmp_path: Path) -> Door:
    made = Door(tmp_path)
    ledgers.copy(empty_ledger, made.ledger)
    return made


def test_a_new_ledger_from_nothing(tmp_path: Path) -> None:
    made = Door(tmp_path)
    made.run("new", "--village", "330784108238", "--grid", "第一网格", "--admin", "王建国", coding="utf-8")
    assert made.told("verify") == {"ok": True, "faults": [], "records": 4, "digest": made.told("digest")["digest"]}
    assert "已经存在" in made.run("new", "--village", "330784108238", "--grid", "第一网格", "--admin", "王建国", expect=2)


def test_sample_find_history_undo_redo(door: Door) -> None:
    before = door.told("digest")
    assert door.told("sample", "--people", 30) == {"people": 30}
    after = door.told("digest")
    house = door.told("find", "QHY0001", "--limit", "5")
    assert house and all(set(h) == {"entity", "id", "label", "why"} for h in house)
    assert door.told("find", "QHY0001", "--limit", "5", coding="cp936") == house
    story = door.told("history", house[0]["id"])
    assert story[0]["verb"] == "invent" and story[0]["officer"] == "王建国"
    assert "生成演示数据" in door.told("undo")["undone"] and door.told("digest") == before
    door.run("redo")
    assert door.told("digest") == after


def test_the_village_goes_in_and_its_papers_come_out(door: Door, tmp_path: Path, answers: dict[str, Any]) -> None:
    """The whole path on real input: every name that was accepted is in the text of the printed register."""
    report = tmp_path / "检查结果.xlsx"
    told = door.told("import", WORKBOOK, "--report", report)
    assert told["created"]["person"] == answers["ok"] + sum(answers["warned"].values()) and report.stat().st_size > 5000
    roster = tmp_path / "登记簿.pdf"
    printed = door.told("print", "F04", "--all", "-o", roster)
    with pypdfium2.PdfDocument(roster) as paper:
        text = "".join("".join(page.get_textpage().get_text_bounded() for page in paper).split())
    assert printed == {"pages": answers["houses"], "missing": []}
    with ledgers.reopen(door.ledger) as ledger, ledger.read() as read:
        import sqlalchemy as sa

        from gridapp.records import Person

        names = [name for (name,) in read.rows(sa.select(Person.name))]
    assert len(names) == told["created"]["person"]
    assert [n for n in names if n.replace(" ", "") not in text] == []
    assert set(answers["rare_names"]) & set(names) <= {n for n in answers["rare_names"] if n in text}
    on_disk = b"".join(f.read_bytes() for f in tmp_path.glob("a.grid*"))
    assert not [n for n in set(names) if len(n) > 2 and n.encode() in on_disk]


@pytest.mark.parametrize(("words", "code", "said"), [
    (("print", "F99", "-o", "x.pdf"), 2, "没有编号为“F99”的表单"),
    (("print", "F04", "--house", "没有", "-o", "x.pdf"), 2, "没有编号为 没有 的房屋"),
    (("import", "no-such.xlsx"), 2, "没有找到或无法读取"),
    (("import", "setup.cfg"), 2, "不是表格文件"),
    (("history", "abc"), 2, "没有编号为“abc”的记录"),
    (("redo",), 2, "没有可以重做的操作"),
    (("nonsense",), 2, "nonsense"),
])
def test_bad_input_gets_a_sentence(door: Door, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in door.run(*words, expect=code)


WORDS_OF_THE_ISSUE = {"overdue", "forget", "digest", "find", "history", "import", "new", "papers", "print", "redo", "sample", "undo", "verify",
                      "town-new", "pair-request", "pair-accept", "pair-finish", "hand-over", "take-in", "conflicts", "settle", "undo-merge",
                      "stations", "revoke", "clerk-new", "clerk-join", "clerk-stop", "change-password", "password-rules", "rotate-key", "postbox", "postbox-pass", "postbox-join",
                      "backup", "backups", "restore", "bring-back-keys", "release-reserve", "codes", "publish-codes", "task-new", "tasks",
                      "task-done", "audit", "officers", "officer-add", "officer-roles", "officer-reset", "officer-dismiss", "sheet", "sheet-check",
                      "open-with-sheet", "open-escrow"}


def test_the_door_has_the_verbs_it_promises() -> None:
    from gridapp.__main__ import door

    assert set(door.commands) == WORDS_OF_THE_ISSUE


def test_papers_are_listed_without_a_ledger(tmp_path: Path) -> None:
    told = Door(tmp_path).told("papers")
    assert [p["number"] for p in told] == list(PAPERS)
    assert {tuple(p) for p in told} == {("number", "title")} and told[1]["title"] == "流动人口登记簿"


def test_a_dry_run_tells_everything_and_writes_nothing(door: Door, answers: dict[str, Any], tmp_path: Path) -> None:
    """Nothing but who came and went."""
    before, files = door.told("digest"), sorted(tmp_path.iterdir())
    told = door.told("import", WORKBOOK, "--dry-run", "--report", tmp_path / "检查结果.xlsx")
    assert door.told("digest") == before and sorted(tmp_path.iterdir()) == sorted([*files, tmp_path / "检查结果.xlsx"])
    with ledgers.reopen(door.ledger) as ledger:
        assert [a.verb for a in ledger.acts()] == ["found_village"]
    assert list(told) == ["created", "updated", "refused", "warned"]
    assert set(told["created"]) == {"house", "room", "person", "tenancy"} and set(told["updated"].values()) == {0}
    assert all(list(r) == ["sheet", "row", "column", "code", "text"] for r in told["refused"] + told["warned"])
    assert {str(r["row"]): ["refused", r["code"]] for r in told["refused"]} == {
        row: fate for row, fate in answers["by_row"].items() if fate[0] == "refused"}


def test_nothing_is_taken_in_when_the_report_cannot_be_written(door: Door, tmp_path: Path) -> None:
    before = door.told("digest")
    door.run("import", WORKBOOK, "--report", door.password / "a.xlsx", expect=3, coding="utf-8")
    assert door.told("digest") == before


def test_ledgers_that_hold_the_same_have_the_same_digest(door: Door, tmp_path: Path) -> None:
    """A copy, and one made again from its journal; one more person is another digest, wherever it stands."""
    door.run("sample", "--people", 40)
    (tmp_path / "copy").mkdir()
    other = Door(tmp_path / "copy")
    ledgers.copy(door.ledger, other.ledger)
    with ledgers.reopen(other.ledger) as ledger:
        ledger.rebuild()
    assert other.told("digest") == door.told("digest") and len(door.told("digest")["digest"]) == 64
    other.run("sample", "--people", 1)
    assert other.told("digest") != door.told("digest")


def test_find_answers_as_many_as_were_asked_for(door: Door) -> None:
    door.run("sample", "--people", 60)
    assert len(door.told("find", "QHY", "--limit", 3)) == 3 and len(door.told("find", "青后叶")) <= 20
    assert door.told("find", "没有这样的人") == []
    assert "--limit" in door.run("find", "QHY", "--limit", 0, expect=2)


def test_the_id_of_nothing_is_no_record(door: Door) -> None:
    nothing = "0190f3a0-0000-7000-8000-000000000000"
    assert f"没有编号为“{nothing}”的记录" in door.run("history", nothing, expect=2)


def test_our_own_mistake_tells_where_and_nothing_personal(door: Door) -> None:
    """A bug put into a verb: the exit code is 1, and what the failure says of people stays inside."""
    broken = ("import runpy, sys; from gridapp.ledger import Ledger\n"
              "def verify(ledger): raise ValueError('彭兵 510185196707119619')\n"
              "Ledger.verify = verify\n"
              "sys.argv[0] = 'gridapp'; runpy.run_module('gridapp', run_name='__main__', alter_sys=True)")
    done = subprocess.run([sys.executable, "-c", broken, "--ledger", str(door.ledger), "--password-file", str(door.password), "verify"],
                          cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=os.environ | {"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 1 and "程序内部错误，错误编号" in done.stderr
    assert "彭兵" not in done.stderr + done.stdout and "510185" not in done.stderr + done.stdout and "Traceback" not in done.stderr


def test_the_wrong_password_is_the_users_a_lost_key_the_machines(door: Door, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not this one")
    assert "密码不对" in door.run("verify", password=wrong, expect=2)
    assert "密码文件" in door.run("verify", password=tmp_path / "none", expect=2)
    for ending in (".keys", ".keys2"):
        door.ledger.with_name(door.ledger.name + ending).unlink()
    assert "密钥文件" in door.run("verify", expect=3)


def test_a_ledger_open_elsewhere_is_the_machines(door: Door) -> None:
    with ledgers.reopen(door.ledger):
        assert "正在另一个窗口或程序中打开" in door.run("digest", expect=3)


def test_a_damaged_ledger_is_told_and_kept(door: Door) -> None:
    with ledgers.reopen(Path(door.ledger)) as ledger, ledger.home.engine.connect() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'fact'").scalar_one()
    data = bytearray(door.ledger.read_bytes())
    data[4096 * page - 1000:4096 * page - 900] = bytes(100)
    door.ledger.write_bytes(bytes(data))
    assert any(word in door.run("verify", expect=3) for word in ("已损坏", "page"))
    assert door.ledger.read_bytes() == bytes(data)


def test_somebody_is_forgotten_at_the_door(door: Door) -> None:
    door.run("sample", "--people", 5)
    with ledgers.reopen(Path(door.ledger)) as ledger:
        person = ledgers.a_person(ledger, "司徒美兰花")
    assert "依据" in door.run("forget", person, "--basis", " ", expect=2)
    told = door.told("forget", person, "--basis", "本人申请，个人信息保护法第四十七条")
    assert told["records"] == 1 and told["mentions"] == [] and "U盘" in told["beyond"]
    assert door.told("find", "司徒美兰花") == [] and door.told("verify")["ok"]
    assert "没有编号" in door.run("forget", "nobody", "--basis", "第四十七条", expect=2)


def test_nothing_is_proposed_while_the_clock_is_in_doubt(door: Door) -> None:
    with ledgers.reopen(Path(door.ledger), ledgers.Clock(4_070_880_000_000)) as ledger:
        ledgers.a_person(ledger, "司徒美兰花")
    told = door.told("overdue")
    assert told["records"] == [] and "比上一次操作（2099-01-01" in told["doubt"]


def test_only_whoever_checks_reads_the_audit_and_an_anchor_nobody_knows_is_told(door: Door) -> None:
    assert "查看审计" in door.run("audit", expect=2)
    assert "没有认出审计号" in door.run("verify", "--anchor", "不是", expect=2)
    door.run("verify")
    door.run("verify", "--anchor", "00000000-1-0000000000000000", expect=3)
