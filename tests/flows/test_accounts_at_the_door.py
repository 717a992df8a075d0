"""Accounts at the windowless door: somebody comes, chooses a password, is given another, leaves; the sheet opens when all is forgotten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gridapp.exchange import escrow
from gridapp.exchange.envelope import new_identity
from gridapp.store import vault
from gridapp.store.slots import Vault
from tests import ledgers
from tests.flows.test_door import Door
from tests.printing import reading

HER_OWN, OTHERS = "只有李红知道的一句话", "新的口令谁也想不到"


@pytest.fixture
def door(village_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    made = Door(tmp_path)
    ledgers.copy(village_ledger, Path(made.ledger))
    return made


def file_of(folder: Path, text: str) -> Path:
    made = folder / f"{abs(hash(text))}.txt"
    made.write_text(text + "\n", "utf-8")
    return made


def row_of(door: Door, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in door.told("--officer", "王建国", "officers") if row["name"] == name)
    return found


def test_somebody_comes_and_leaves(door: Door, tmp_path: Path) -> None:
    told = door.told("officer-add", "李红", "--role", "网格员", "--role", "chief", "--grid", "第一网格")
    assert row_of(door, "李红")["way"] == "once" and row_of(door, "李红")["grid"] == "第一网格"
    assert row_of(door, "李红")["roles"] == ["chief", "grid"]
    assert "--role 的内容不对" in door.run("officer-add", "赵明", "--role", "村长", expect=2)
    once = file_of(tmp_path, told["password"])
    assert "只能用来设新密码" in door.run("--officer", "李红", "digest", password=once, expect=2)
    door.run("--officer", "李红", "change-password", "--new-password-file", file_of(tmp_path, HER_OWN), password=once)
    assert row_of(door, "李红")["way"] == "lasting"
    assert "没有" in door.run("--officer", "李红", "officers", password=file_of(tmp_path, HER_OWN), expect=2), "she manages no accounts"
    door.run("--officer", "王建国", "officer-roles", "李红", "--role", "审计员")
    assert row_of(door, "李红")["roles"] == ["audit"]
    came = json.loads(door.run("--officer", "李红", "audit", "--what", "登录", password=file_of(tmp_path, HER_OWN)))
    assert {line["what"] for line in came} == {"signed_in"} and {"李红", "王建国"} == {line["officer"] for line in came}
    assert "审计里没有“睡觉”这一种" in door.run("--officer", "李红", "audit", "--what", "睡觉", password=file_of(tmp_path, HER_OWN), expect=2)
    assert door.told("--officer", "王建国", "officer-reset", "李红")["password"] != told["password"]
    gone = door.told("--officer", "王建国", "officer-dismiss", "李红", "--day", "2026-11-24")
    assert gone["rotated"] and row_of(door, "李红")["left_on"] == "2026-11-24"
    for refused in (("officer-reset", "李红"), ("officer-dismiss", "王建国"), ("officer-reset", "谁也不是"), ("officer-add", "赵明", "--role", "grid", "--grid", "没有的")):
        door.run("--officer", "王建国", *refused, expect=2)


def test_rules_another_key_and_what_the_audit_says_of_them(door: Door, tmp_path: Path) -> None:
    assert door.told("password-rules") == {"rules": ""} and door.told("password-rules", "等保") == {"rules": "dengbao"}
    weak = file_of(tmp_path, "blue kettle sings")
    assert "三类" in door.run("change-password", "--new-password-file", weak, expect=2)
    assert door.told("password-rules", "平常") == {"rules": ""}
    before = Vault.key_of(Path(door.ledger), ledgers.PASSWORD)
    assert door.told("rotate-key") == {"rotated": True} and Vault.key_of(Path(door.ledger), ledgers.PASSWORD) != before
    door.told("officer-add", "李红", "--role", "审计员")
    once = door.told("--officer", "王建国", "officer-reset", "李红")["password"]
    door.run("--officer", "李红", "change-password", "--new-password-file", file_of(tmp_path, HER_OWN), password=file_of(tmp_path, once))
    told = json.loads(door.run("--officer", "李红", "audit", "--what", "密码和密钥", password=file_of(tmp_path, HER_OWN)))
    assert [line["why"].partition("　")[0] for line in reversed(told)] == ["改密码规则", "改密码规则", "换密钥", "发一次性密码", "发一次性密码", "改自己的密码"]


def test_k3_the_towns_paper_opens_while_it_is_lent(door: Door, tmp_path: Path) -> None:
    secret, public = new_identity()
    typed = file_of(tmp_path, "\n".join(escrow.on_paper(secret)))
    new = file_of(tmp_path, OTHERS)
    assert "镇里的这把密钥打不开" in door.run("open-with-sheet", "--town", "--new-password-file", new, password=typed, expect=2)
    with ledgers.reopen(Path(door.ledger)) as opened:
        opened.add_town(public)
    assert json.loads(door.run("open-with-sheet", "--town", "--new-password-file", new, password=typed))["officer"] == "王建国"
    assert door.run("digest", password=new)


def test_k2_the_sheet_opens_when_all_is_forgotten(door: Door, tmp_path: Path) -> None:
    groups = door.told("sheet", "-o", tmp_path / "k01.pdf")["groups"]
    assert all(group in reading.whole(tmp_path / "k01.pdf") for group in groups)
    typed = file_of(tmp_path, " ".join(groups))
    assert door.told("sheet-check", typed)["checked"]
    assert "第 2 组" in door.run("sheet-check", file_of(tmp_path, " ".join([groups[0], groups[0], *groups[2:]])), expect=2)
    assert json.loads(door.run("open-with-sheet", "--new-password-file", file_of(tmp_path, OTHERS), password=typed))["officer"] == "王建国"
    assert "密码不对" in door.run("digest", expect=2)
    assert door.run("digest", password=file_of(tmp_path, OTHERS))
