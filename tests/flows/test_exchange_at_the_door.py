"""A village and its town through the windowless door alone: pairing, handing over, taking in, questions, undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ledgers
from tests.flows.test_door import Door


class Office(Door):
    """One PC: a ledger of its own in a folder all share; of the town, its escrow key as it was shown."""

    sheet: list[str] = []

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder)
        self.ledger = folder / name


@pytest.fixture
def town(tmp_path: Path) -> Office:
    made = Office(tmp_path, "town.grid")
    told = made.told("town-new", "--town", "330784108", "--name", "古山镇一号机", "--officer", "李镇长")
    made.sheet = told["escrow"]
    assert len(told["escrow"]) == 6 and set(told) == {"ledger", "root", "escrow", "digest"}
    return made


@pytest.fixture
def pc(empty_ledger: Path, tmp_path: Path, town: Office) -> Office:
    made = Office(tmp_path, "village.grid")
    ledgers.copy(empty_ledger, made.ledger)
    pair(town, made, "青后叶村一号机")
    return made


def pair(town: Office, pc: Office, name: str, *more: str) -> None:
    request, answer = pc.folder / f"{name}.wsq", pc.folder / f"{name}.wsb"
    asked = pc.told("pair-request", "-o", request, "--name", name, *more)
    said = town.told("pair-accept", request, "-o", answer, "--digits", asked["digits"])
    assert said["digits"] == asked["digits"]
    done = pc.told("pair-finish", answer, "--digits", said["answer_digits"])
    assert done["digits"] == said["answer_digits"] and done["held"] == 0


def carry(giver: Office, taker: Office, to: str, stick: Path) -> dict[str, object]:
    stick.mkdir(exist_ok=True)
    giver.told("hand-over", "--to", to, "-o", stick)
    told: dict[str, object] = taker.told("take-in", stick)
    return told


def test_from_nothing_to_two_ledgers_that_hold_the_same(town: Office, pc: Office, tmp_path: Path) -> None:
    pc.told("sample", "--people", 20)
    handed = pc.told("hand-over", "-o", tmp_path)
    assert handed["to"] == "古山镇一号机" and handed["counts"]["person"] == 20
    seen = town.told("take-in", tmp_path, "--preview")
    assert seen["parcels"][0]["new"] > 40 and seen["parcels"][0]["clashes"] == 0
    before = town.told("digest")
    assert seen["digest"] == before["digest"]
    assert town.told("take-in", tmp_path)["digest"] == pc.told("digest")["digest"] != before["digest"]
    assert "没有可以接收的" in town.run("take-in", tmp_path, expect=2)
    assert [s["name"] for s in town.told("stations")] == ["古山镇一号机", "应急密钥", "青后叶村一号机"]
    assert town.told("undo-merge")["digest"] == before["digest"]
    assert town.told("verify")["ok"] and pc.told("verify")["ok"]


def test_two_pcs_of_a_village_disagree_and_one_settles_it(town: Office, pc: Office, tmp_path: Path) -> None:
    pc.told("sample", "--people", 3)
    carry(pc, town, "古山镇一号机", tmp_path / "1")
    second = Office(tmp_path, "second.grid")
    pair(town, second, "青后叶村二号机", "--village", "330784108238")
    assert second.told("digest") == town.told("digest")
    person = next(h["id"] for h in pc.told("find", "QHY0001", "--limit", 50) if h["entity"] == "person")
    for office, phone in ((pc, "13800001111"), (second, "13800002222")):
        with ledgers.reopen(office.ledger, None if office is pc else ledgers.Clock(ledgers.NOON + 60_000)) as ledger:
            from uuid import UUID

            from gridapp.work import people

            ledger.do(people.correct_person, UUID(person), phone=phone)
    carry(pc, town, "古山镇一号机", tmp_path / "2")
    assert carry(second, town, "古山镇一号机", tmp_path / "3")["parcels"][0]["clashes"] == 1  # type: ignore[index]
    [question] = town.told("conflicts")
    assert question["id"] == person and {(s["station"], s["value"]) for s in question["sides"]} == {
        ("青后叶村一号机", "138****1111"), ("青后叶村二号机", "138****2222")}
    assert "遮住的" in town.run("settle", person, "phone", "138****1111", expect=2)
    for words in ((), ("--side", "第三方"), ("13800001111", "--side", "我方")):
        assert "：青后叶村二号机、青后叶村一号机）" in town.run("settle", person, "phone", *words, expect=2)
    town.told("settle", person, "phone", "--side", "青后叶村一号机")
    assert town.told("conflicts") == []
    for office, name in ((pc, "青后叶村一号机"), (second, "青后叶村二号机")):
        carry(town, office, name, tmp_path / name)
        assert office.told("conflicts") == []
    assert len({office.told("digest")["digest"] for office in (town, pc, second)}) == 1
    with ledgers.reopen(second.ledger) as ledger:
        assert ledgers.whole(ledger, UUID(person)).phone == "13800001111"


def test_wrong_digits_stop_the_pairing(town: Office, empty_ledger: Path, tmp_path: Path) -> None:
    made = Office(tmp_path, "village.grid")
    ledgers.copy(empty_ledger, made.ledger)
    made.told("pair-request", "-o", tmp_path / "r")
    assert "不一致" in town.run("pair-accept", tmp_path / "r", "-o", tmp_path / "a", "--digits", "123456 654321", expect=2)
    assert not (tmp_path / "a").exists() and "还没有和镇里配对" in made.run("hand-over", "-o", tmp_path, expect=2)


def test_a_stopped_pc_is_kept_waiting(town: Office, pc: Office, tmp_path: Path) -> None:
    carry(pc, town, "古山镇一号机", tmp_path / "1")
    town.told("revoke", "青后叶村一号机", "--lost")
    pc.told("sample", "--people", 2)
    told = carry(pc, town, "古山镇一号机", tmp_path / "2")
    assert told["parcels"][0]["held"] == 1 and told["parcels"][0]["entries"] == 0  # type: ignore[index]


def test_the_escrow_sheet_opens_what_was_handed_to_a_town_that_is_gone(pc: Office, town: Office, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed line by line, unseen: a line that is wrong is asked for again; the list of who wrote comes first."""
    anew, stick = Office(tmp_path, "anew.grid"), tmp_path / "stick"
    sheet = town.sheet
    stick.mkdir()
    pc.told("sample", "--people", 3)
    pc.told("hand-over", "-o", stick)
    anew.told("town-new", "--town", "330784108", "--name", "古山镇新机", "--officer", "李镇长")
    lines = iter([sheet[0][:-1] + ("P" if sheet[0][-1] != "P" else "Q"), *sheet])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _prompt: next(lines))
    assert "不认识的电脑" in anew.run("open-escrow", stick, expect=2)
    (tmp_path / "sheet.txt").write_text("\n".join(sheet), "utf-8")
    told = anew.told("open-escrow", stick, "--sheet", tmp_path / "sheet.txt", "--vouch")
    assert told["parcels"][0]["held"] == 0 and len(anew.told("find", "QHY0001")) > 0
    (tmp_path / "nothing").mkdir()
    assert "没有可以接收的" in anew.run("open-escrow", tmp_path / "nothing", expect=2)
