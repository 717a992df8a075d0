"""The town pushes code tables and tasks through the windowless door alone; a village speaks the new table and sends the task back done."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.store import vault
from tests import ledgers
from tests.flows.test_door import Door

CODE = "330784108238"


@pytest.fixture
def offices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Door, Door]:
    """A town and a village that are paired, through the door."""
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    town, pc = (_door(tmp_path / name) for name in ("town", "village"))
    town.told("town-new", "--town", "330784108", "--name", "古山镇一号机", "--officer", "李镇长")
    pc.told("new", "--village", CODE, "--grid", "第一网格", "--admin", "王建国")
    pc.told("pair-request", "-o", tmp_path / "r.wsq", "--name", "青后叶村一号机")
    town.told("pair-accept", tmp_path / "r.wsq", "-o", tmp_path / "a.wsb")
    pc.told("pair-finish", tmp_path / "a.wsb")
    return town, pc


def _door(folder: Path) -> Door:
    folder.mkdir()
    return Door(folder)


def carry(giver: Door, to: str, taker: Door, folder: Path) -> None:
    giver.told("hand-over", "--to", to, "-o", folder)
    taker.told("take-in", folder)


def test_a_table_and_a_task_go_out_and_the_task_comes_back_done(offices: tuple[Door, Door], tmp_path: Path) -> None:
    town, pc = offices
    file = tmp_path / "reason.tsv"
    shipped = town.told("codes", "reason", "-o", file)
    assert {row["code"] for row in shipped} >= {"01", "02"} and town.told("codes")[0]["edition"] == 0
    file.write_text(file.read_text("utf-8-sig") + "77\t直播带货\t\t\n", "utf-8")
    tried = town.told("publish-codes", file, "--dry-run")
    assert (tried["published"], tried["changes"]) == (False, [["新增", "77 直播带货"]])
    assert town.told("publish-codes", file, "--note", "按通知")["edition"] == 1
    made = town.told("task-new", "--title", "核查电动车充电", "--kind", "核查", "--due", "2026-12-10", "--all")["tasks"]
    (tmp_path / "1").mkdir()
    carry(town, "青后叶村一号机", pc, tmp_path / "1")
    assert [row for row in pc.told("codes", "reason") if row["code"] == "77"] == [{"code": "77", "name": "直播带货", "words": [], "retired": False}]
    [task] = pc.told("tasks")["tasks"]
    assert (task["id"], task["title"], task["kind"], task["due"]) == (made[CODE], "核查电动车充电", "01", "2026-12-10")
    pc.told("task-done", task["id"], "--note", "已查")
    (tmp_path / "2").mkdir()
    carry(pc, "古山镇一号机", town, tmp_path / "2")
    assert town.told("tasks")["villages"] == {CODE: {"open": 0, "overdue": 0, "done": 1}}


def test_what_is_refused_gets_a_sentence(offices: tuple[Door, Door], tmp_path: Path) -> None:
    town, pc = offices
    file = tmp_path / "reason.tsv"
    pc.told("codes", "reason", "-o", file)
    file.write_text(file.read_text("utf-8-sig") + "01\t别的意思\t\t\n", "utf-8")
    assert "写了两次" in town.run("publish-codes", file, expect=2)
    file.write_text("code\tname\n01\t别的意思\n", "utf-8")
    assert "一直是“务工”" in town.run("publish-codes", file, expect=2)
    file.write_text("code\tname\n77\t直播带货\n", "utf-8")
    assert "由镇里发布" in pc.run("publish-codes", file, expect=2)
    assert "没有“没有”" in town.run("codes", "没有", expect=2)
    assert "本镇没有 330784108999" in town.run("task-new", "--title", "核查", "--village", "330784108999", expect=2)
    assert "不在可选项里" in town.run("task-new", "--title", "核查", "--kind", "跳舞", "--all", expect=2)
    assert "由镇里下达" in pc.run("task-new", "--title", "核查", "--all", expect=2)
    assert "没有找到" in pc.run("task-done", "没有", expect=2)
