"""A town on PostgreSQL and its villages through the windowless door alone: founding, pairing, clerks, parcels of six villages at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gridapp.work import people
from tests import ledgers
from tests.flows.test_door import ROOT, Door
from tests.postgres import Server

CODES = ["330784108238", "330784108001", "330784108002", "330784108200", "330784108201", "330784108202"]
WORDS = dict[str, Any]


class Office(Door):
    """One user of the door: a ledger's place, a password file, what it said."""

    def __init__(self, folder: Path, place: str | Path, password: str = ledgers.PASSWORD) -> None:
        self.folder, self.ledger = folder, place
        self.password = folder / f"{abs(hash(str(place)))}.pw"
        self.password.write_text(password + "\n", "utf-8")

    @property
    def place(self) -> str:
        return str(self.ledger)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture(scope="module")
def founded(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """A town founded through the door, to be copied."""
    with postgres.database() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridapp.ledger.hubhome.ARGON2", ledgers.CHEAP)
        told = Office(tmp_path_factory.mktemp("town"), url.render_as_string(hide_password=False)).told(
            "town-new", "--town", "330784108", "--name", "古山镇一号机", "--officer", "李镇长")
        assert str(url.password) not in told["ledger"] and len(told["escrow"]) == 6
        yield url


@pytest.fixture
def town(postgres: Server, founded: sa.URL, tmp_path: Path) -> Iterator[Office]:
    with postgres.database(str(founded.database)) as url:
        yield Office(tmp_path, url.render_as_string(hide_password=False))


def village(folder: Path, empty: Path, code: str = CODES[0]) -> Office:
    made = Office(folder, folder / f"{code}.grid")
    if code == CODES[0]:
        ledgers.copy(empty, Path(made.place))
    else:
        made.run("new", "--village", code, "--grid", "第一网格", "--admin", "王建国")
    return made


def pair(town: Office, pc: Office, name: str, *more: str) -> None:
    request, answer = pc.folder / f"{name}.wsq", pc.folder / f"{name}.wsb"
    asked = pc.told("pair-request", "-o", request, "--name", name)
    said = town.told("pair-accept", request, "-o", answer, "--digits", asked["digits"], *more)
    done = pc.told("pair-finish", answer, "--digits", said["answer_digits"])
    assert done["digits"] == said["answer_digits"] and done["held"] == 0


def carry(giver: Office, taker: Office, to: str, stick: Path, *more: str) -> WORDS:
    stick.mkdir(exist_ok=True)
    giver.told("hand-over", "--to", to, "-o", stick)
    told: WORDS = taker.told("take-in", stick, *more)
    return told


def test_from_nothing_to_a_file_and_a_database_that_hold_the_same(town: Office, empty_ledger: Path, tmp_path: Path) -> None:
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    before, stick = town.told("digest"), tmp_path / "stick"
    stick.mkdir()
    pc.told("sample", "--people", 12)
    assert pc.told("hand-over", "-o", stick)["counts"]["person"] == 12
    seen = town.told("take-in", stick, "--preview")
    assert seen["parcels"][0]["new"] > 20 and seen["digest"] == before["digest"]
    assert town.told("take-in", stick)["digest"] == pc.told("digest")["digest"] != before["digest"]
    assert "没有可以接收的" in town.run("take-in", stick, expect=2)
    assert [s["name"] for s in town.told("stations")] == ["古山镇一号机", "应急密钥", "青后叶村一号机"]
    assert town.told("verify")["ok"] and len(town.told("find", "QHY0001", "--limit", 3)) == 3
    assert town.told("undo-merge")["digest"] == before["digest"]
    assert town.told("verify")["ok"]


@pytest.mark.parametrize(("choice", "kept"), [
    (("--side", "我方"), "13800001111"), (("--side", "对方"), "13800002222"), (("13800003333",), "13800003333")])
def test_a_question_is_settled_in_the_database_and_closed_in_the_village(town: Office, empty_ledger: Path, tmp_path: Path,
                                                                         choice: tuple[str, ...], kept: str) -> None:
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    with ledgers.reopen(Path(pc.place)) as ledger:
        person = ledgers.a_person(ledger, phone="13800000000")
    carry(pc, town, "古山镇一号机", tmp_path / "1")
    carry(town, pc, "青后叶村一号机", tmp_path / "2")
    from gridapp.work.opening import open_ledger

    with open_ledger(town.place, ledgers.PASSWORD) as hub:
        hub.do_in("v:330784108238", people.correct_person, person, phone="13800001111")
    with ledgers.reopen(Path(pc.place)) as ledger:
        ledger.do(people.correct_person, person, phone="13800002222")
    assert carry(pc, town, "古山镇一号机", tmp_path / "3")["parcels"][0]["clashes"] == 1
    [question] = town.told("conflicts")
    assert question["id"] == str(person) and {(s["own"], s["value"]) for s in question["sides"]} == {(True, "138****1111"), (False, "138****2222")}
    town.told("settle", person, "phone", *choice)
    carry(town, pc, "青后叶村一号机", tmp_path / "4")
    assert town.told("conflicts") == [] == pc.told("conflicts")
    assert town.told("digest") == pc.told("digest") and town.told("verify")["ok"]
    with ledgers.reopen(Path(pc.place)) as ledger:
        assert ledgers.whole(ledger, person).phone == kept


def test_where_nothing_is_new_only_the_receipt_goes(town: Office, empty_ledger: Path, tmp_path: Path) -> None:
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    carry(pc, town, "古山镇一号机", tmp_path / "1")
    carry(town, pc, "青后叶村一号机", tmp_path / "2")
    before = carry(pc, town, "古山镇一号机", tmp_path / "3")["digest"]
    (tmp_path / "4").mkdir()
    [handed] = town.told("hand-over", "--to", "all", "-o", tmp_path / "4")
    assert (handed["to"], handed["seals"], handed["counts"]) == ("青后叶村一号机", 0, {})
    assert pc.told("take-in", tmp_path / "4")["digest"] == before == town.told("digest")["digest"]


# ---------------------------------------------------------------- clerks

@pytest.fixture
def clerk(town: Office, postgres: Server, tmp_path: Path) -> Iterator[Office]:
    """A second clerk who has just joined."""
    name = f"lihong{Path(town.place).name[-8:]}"
    try:
        address = town.told("clerk-new", name)["address"]
        joined = Office(tmp_path, address, "another good phrase")
        told = joined.told("clerk-join", "--officer", "李红", "--name", "古山镇二号机", "-o", tmp_path / "二号机.wsq")
        assert sa.make_url(told["ledger"]).password is None and told["officer"] == "李红"
        made = Office(tmp_path, told["ledger"], "another good phrase")
        assert "不接受这个账号" in joined.run("digest", expect=3)  # the address was good for the first time only
        yield made
    finally:
        postgres.said(f"DROP OWNED BY {name}", database=sa.make_url(town.place).database)
        postgres.said(f"DROP ROLE {name}")


def test_a_clerk_joins_works_changes_the_password_and_is_stopped(town: Office, clerk: Office, empty_ledger: Path, tmp_path: Path) -> None:
    """What a clerk writes is believed in the village once the station is approved, and tells the clerk's name."""
    said = town.told("pair-accept", tmp_path / "二号机.wsq", "-o", tmp_path / "二号机.wsb", "--role", "镇")
    assert clerk.told("pair-finish", tmp_path / "二号机.wsb", "--digits", said["answer_digits"])["held"] == 0
    assert (tmp_path / "二号机.wsb").stat().st_size < 20_000
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    pc.told("sample", "--people", 3)
    assert carry(pc, clerk, "古山镇一号机", tmp_path / "1")["parcels"][0]["records"] > 3
    person = next(h["id"] for h in clerk.told("find", "QHY0001", "--limit", 50) if h["entity"] == "person")
    from gridapp.work.opening import open_ledger

    with open_ledger(clerk.place, "another good phrase") as ledger:
        ledger.do_in("v:330784108238", people.correct_person, person, remark="镇里核对过")
    taken = carry(clerk, pc, "青后叶村一号机", tmp_path / "2")
    assert taken["parcels"][0]["held"] == 0 and taken["digest"] == town.told("digest")["digest"]
    assert pc.told("history", person)[-1]["officer"] == "李红"
    new = tmp_path / "new.pw"
    new.write_text("a third good phrase", "utf-8")
    clerk.told("change-password", "--new-password-file", new)
    clerk.run("digest", expect=3)
    again = Office(tmp_path, clerk.place, "a third good phrase")
    assert again.told("digest") == town.told("digest")
    name = sa.make_url(clerk.place).username
    assert town.told("clerk-stop", name) == {"stopped": name}
    again.run("digest", expect=3)
    assert "没有叫" in town.run("clerk-stop", name, expect=2) and "已经有了" in town.run("clerk-new", name, expect=2)


def test_a_file_has_no_clerks(empty_ledger: Path, tmp_path: Path) -> None:
    pc = village(tmp_path, empty_ledger)
    assert "一个文件" in pc.run("clerk-new", "lihong", expect=2) and "数据库地址" in pc.run("clerk-join", "--officer", "李红", expect=2)


# ---------------------------------------------------------------- over the network

@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to another program there")
def test_a_postbox_serves_until_it_is_interrupted(empty_ledger: Path, tmp_path: Path) -> None:
    """The town's ledger is free meanwhile; the village finds the box with its pass, and both carry to and from there."""
    town = Office(tmp_path, tmp_path / "town.grid")
    town.run("town-new", "--town", "330784108", "--name", "古山镇一号机", "--officer", "李镇长")
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    box = tmp_path / "box"
    interruptible()
    served = subprocess.Popen([sys.executable, "-m", "gridapp", "--ledger", town.place, "--password-file", str(town.password), "--json",
                               "postbox", str(box), "--listen", "127.0.0.1:0", "--host", "127.0.0.1"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert served.stdout is not None
        told = json.loads(served.stdout.readline())
        assert told["stations"] == 2
        address = f"https://127.0.0.1:{told['port']}"
        town.run("postbox-pass", "青后叶村一号机", "--address", address, "-o", tmp_path / "通行证")
        assert "没有认出" in pc.run("hand-over", "-o", address, "--token-file", pc.password, "--certificate", _certificate(tmp_path), expect=3)
        pc.run("postbox-join", tmp_path / "通行证")
        pc.run("hand-over", "-o", address)
        assert [p["held"] for p in town.told("take-in", box, "--clear")["parcels"]] == [0] and list(box.rglob("*.wsb")) == []
        town.run("hand-over", "--to", "all", "-o", box)
        assert pc.told("take-in", address, "--clear")["digest"] == town.told("digest")["digest"]
        assert list(box.rglob("*.wsb")) == [] and "没有可以接收的" in pc.run("take-in", address, expect=2)
    finally:
        served.send_signal(signal.SIGINT)
        try:
            assert served.wait(30) == 0
        finally:
            served.kill()
            served.wait()
            served.stdout.close()


def interruptible() -> None:
    """Programs started from here on hear Ctrl-C, even where the tests run behind a script's `&`: a program inherits that it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _certificate(folder: Path) -> Path:
    (folder / "town.pem").write_text(json.loads((folder / "通行证").read_text("utf-8"))["certificate"], "ascii")
    return folder / "town.pem"


def test_any_address_fsspec_opens_carries_parcels(town: Office, empty_ledger: Path, tmp_path: Path) -> None:
    pc = village(tmp_path, empty_ledger)
    pair(town, pc, "青后叶村一号机")
    place = f"memory://{tmp_path.name}"
    pc.run("hand-over", "-o", place)
    assert town.told("take-in", place)["digest"] == pc.told("digest")["digest"]
    assert "打不开" in pc.run("hand-over", "-o", "nosuch://x", expect=2) and "名称=内容" in pc.run(
        "hand-over", "-o", place, "--option", "username", expect=2)


# ---------------------------------------------------------------- many villages

def test_six_villages_are_taken_in_at_once_and_a_poisoned_parcel_stops_nobody(town: Office, empty_ledger: Path, tmp_path: Path) -> None:
    stick, pcs = tmp_path / "stick", [village(tmp_path, empty_ledger, code) for code in CODES]
    stick.mkdir()
    for number, pc in enumerate(pcs):
        pair(town, pc, f"{number}号村")
        pc.told("sample", "--people", 3)
        pc.told("hand-over", "-o", stick)
    poisoned = max(stick.rglob("*.wsb"), key=lambda path: path.stat().st_mtime_ns)
    whole = poisoned.read_bytes()
    poisoned.write_bytes(whole[:-40] + bytes(40))
    told = town.told("take-in", stick, "--workers", 3)
    assert sorted(p["from"] for p in told["parcels"]) == [f"{n}号村" for n in range(5)] and all(p["records"] for p in told["parcels"])
    poisoned.write_bytes(whole)
    assert [p["from"] for p in town.told("take-in", stick, "--workers", 3)["parcels"]] == ["5号村"]
    assert town.told("verify")["ok"]
    back = tmp_path / "back"
    back.mkdir()
    assert sorted(h["to"] for h in town.told("hand-over", "--to", "all", "-o", back)) == [f"{n}号村" for n in range(6)]
    for pc in pcs:
        assert [p["held"] for p in pc.told("take-in", back)["parcels"]] == [0]
