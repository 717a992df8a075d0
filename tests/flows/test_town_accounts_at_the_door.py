"""A town's file with two clerks through the windowless door: one comes, works with a village's parcels, and is dismissed; the village tells the name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gridapp.exchange import pairing
from gridapp.work import opening, people
from tests import ledgers
from tests.flows.test_exchange_at_the_door import Office, pair

MAYOR, CLERK = "李镇长", "赵明"
TOWN_PC, VILLAGE_PC, SCOPE = "古山镇一号机", "青后叶村一号机", "v:330784108238"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


class Clerk:
    """A clerk at the town's PC: says who it is, with a password of their own."""

    def __init__(self, town: Office, name: str, password: str) -> None:
        self.town, self.name, self.words = town, name, password
        self.password = town.folder / f"{name}.pw"
        self.password.write_text(password + "\n", "utf-8")

    def run(self, *words: object, expect: int = 0) -> str:
        return self.town.run("--officer", self.name, *words, password=self.password, expect=expect)

    def told(self, *words: object) -> Any:
        return json.loads(self.run(*words))

    def ledger(self) -> Any:
        return opening.open_ledger(Path(self.town.ledger), self.words, self.name)


@pytest.fixture
def mayor(tmp_path: Path) -> Clerk:
    """Whoever founded the town's ledger."""
    town = Office(tmp_path, "town.grid")
    town.told("town-new", "--town", "330784108", "--name", TOWN_PC, "--officer", MAYOR)
    return Clerk(town, MAYOR, ledgers.PASSWORD)


@pytest.fixture
def pc(mayor: Clerk, tmp_path: Path) -> Office:
    """A village's PC, paired."""
    made = Office(tmp_path, "village.grid")
    made.run("new", "--village", SCOPE[2:], "--grid", "第一网格", "--admin", "王建国")
    pair(mayor.town, made, VILLAGE_PC)
    return made


@pytest.fixture
def clerk(mayor: Clerk) -> Clerk:
    """A second clerk, who was given a password good once and has chosen a lasting one."""
    once = mayor.told("officer-add", CLERK, "--role", "镇工作人员")
    first, chosen = Clerk(mayor.town, CLERK, once["password"]), mayor.town.folder / "chosen.pw"
    chosen.write_text("只有赵明自己知道的一句话", "utf-8")
    assert "只能用来设新密码" in first.run("digest", expect=2)
    first.run("change-password", "--new-password-file", chosen)
    return Clerk(mayor.town, CLERK, "只有赵明自己知道的一句话")


def listed(door: Any) -> list[tuple[str, list[str], bool]]:
    return [(row["name"], row["roles"], row["left_on"] is None) for row in door.told("officers")]


def test_a_second_clerk_takes_in_settles_and_leaves_and_the_village_tells_the_name(mayor: Clerk, pc: Office, clerk: Clerk, tmp_path: Path) -> None:
    assert listed(mayor) == [(MAYOR, ["town"], True), (CLERK, ["town"], True)] == listed(clerk)
    with opening.open_ledger(Path(pc.ledger), ledgers.PASSWORD) as ledger:
        person = ledgers.a_person(ledger, phone="13800000000")
    go(pc, clerk, tmp_path / "1")
    back(clerk, pc, tmp_path / "2")
    assert listed(pc) == [("王建国", ["chief", "grid", "manage"], True)], "neither clerk is an account of the village's"
    with clerk.ledger() as ledger:
        ledger.do_in(SCOPE, people.correct_person, person, phone="13800001111")
    with opening.open_ledger(Path(pc.ledger), ledgers.PASSWORD) as ledger:
        ledger.do(people.correct_person, person, phone="13800002222")
    go(pc, clerk, tmp_path / "3")
    [clash] = clerk.told("conflicts")
    assert {side["officer"] for side in clash["sides"]} == {CLERK, "王建国"}
    clerk.told("settle", person, "phone", "--side", VILLAGE_PC)
    gone = mayor.told("officer-dismiss", CLERK)
    assert gone["rotated"] and "密码不对" in clerk.run("conflicts", expect=2)
    assert listed(mayor) == [(MAYOR, ["town"], True), (CLERK, ["town"], False)]
    back(mayor, pc, tmp_path / "4")
    story = pc.told("history", person)
    assert [step["officer"] for step in story][-1] == CLERK and pc.told("conflicts") == []
    assert len(listed(pc)) == 1 and pc.told("digest")["digest"] == mayor.told("digest")["digest"]


def test_the_town_gives_no_role_of_a_village_and_says_which_it_gives(mayor: Clerk, pc: Office) -> None:
    assert "可以选：镇工作人员、审计员" in mayor.town.run("officer-add", CLERK, "--role", "网格员", expect=2)
    assert "可以选：网格员、网格长、管理员、审计员" in pc.run("officer-add", CLERK, "--role", "镇工作人员", expect=2)
    assert "最后一个管理员" in mayor.town.run("officer-roles", MAYOR, "--role", "审计员", expect=2)
    assert "没有叫" in mayor.town.run("officer-reset", "王建国", expect=2) and "没有叫" in pc.run("officer-reset", MAYOR, expect=2)


def go(pc: Office, clerk: Clerk, stick: Path) -> None:
    stick.mkdir()
    pc.told("hand-over", "-o", stick)
    assert [p["held"] for p in clerk.told("take-in", stick)["parcels"]] == [0]


def back(clerk: Clerk, pc: Office, stick: Path) -> None:
    stick.mkdir()
    clerk.told("hand-over", "--to", VILLAGE_PC, "-o", stick)
    assert [p["held"] for p in pc.told("take-in", stick)["parcels"]] == [0]


def test_a_town_begun_without_a_name_gets_its_first_account(tmp_path: Path) -> None:
    opening.begin_ledger(tmp_path / "town.grid", ledgers.PASSWORD, "t:330784108", lambda new: pairing.found_town(new, TOWN_PC)).close()
    town = Office(tmp_path, "town.grid")
    assert town.told("officer-add", MAYOR, "--role", "town")["password"] == ""
    assert listed(town) == [(MAYOR, ["town"], True)] == listed(Clerk(town, MAYOR, ledgers.PASSWORD))
