"""Many parcels at once in a town's database: a worker that dies takes nobody with it, two clerks at one parcel take it in once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.exchange import arriving, incoming, outgoing, pairing, town
from gridapp.exchange.carriers import Folder, Settled
from gridapp.ledger import Ledger
from gridapp.work import invent
from tests import hubs, ledgers
from tests.exchange import handing
from tests.postgres import Server

VILLAGES = ("v:330784108238", "v:330784108200")


@pytest.fixture(scope="module")
def made(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A town's database and a stick with parcels of two villages, made once."""
    folder = tmp_path_factory.mktemp("two villages")
    (folder / "stick").mkdir()
    with postgres.database() as url:
        with Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP,
                               found=lambda new: pairing.found_town(new, "古山镇一号机")) as town_pc:
            for scope in VILLAGES:
                with handing.a_village(folder / f"{scope[2:]}.grid", scope) as pc:
                    handing.joined(town_pc, pc, folder, scope[2:])
                    pc.do(invent.invent, 3)
                    handing.hand(pc, None, folder / "stick")
        yield str(url.database), folder / "stick"


@pytest.fixture
def office(postgres: Server, made: tuple[str, Path]) -> Iterator[Ledger]:
    with postgres.database(made[0]) as url, hubs.reopen(url) as opened:
        yield opened


@pytest.fixture
def stick(made: tuple[str, Path]) -> Path:
    """Parcels of two villages; taking in takes nothing off it."""
    return made[1]


def place(office: Ledger) -> str:
    return office.home.writer.url.render_as_string(hide_password=False)


def test_workers_that_are_killed_are_told_and_what_they_held_is_taken_in_later(
        office: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.digest()
    with monkeypatch.context() as killed:
        killed.setattr(town, "WORKER", [sys.executable, "-c", "import os, sys; sys.stdin.read(); os._exit(9)"])
        came = town.take_in_all(office, Folder(stick), ledgers.PASSWORD, place(office), 2)
    assert sorted(c.sender for c in came) == sorted(v[2:] for v in VILLAGES) and all("中断" in c.refused for c in came)
    assert office.digest() == before
    heard = list[str]()
    came = town.take_in_all(office, Folder(stick), ledgers.PASSWORD, place(office), 2, told=lambda c: heard.append(c.sender))
    assert [c.refused for c in came] == ["", ""] and sorted(heard) == sorted(v[2:] for v in VILLAGES)
    assert all(c.counts["records"] > 3 for c in came) and office.verify().faults == ()
    assert office.search("QHY0001") != [] and town.take_in_all(office, Folder(stick), ledgers.PASSWORD, place(office), 2) == []


def test_a_wrong_password_is_told_for_every_parcel_of_the_worker(office: Ledger, stick: Path) -> None:
    came = town.take_in_all(office, Folder(stick), "another password", place(office), 2)
    assert len(came) == 2 and all("密码不对" in c.refused for c in came)


def test_a_parcel_that_goes_wrong_in_the_middle_is_taken_back_whole_and_the_next_one_is_not(
        office: Ledger, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gridapp.ledger import BadSeal

    real, tried = incoming.judge, list[str]()

    def poisoned(ledger: Ledger, received: arriving.Received, judged: list[incoming.Waits]) -> Iterator[object]:
        tried.append(received.name)
        yield from real(ledger, received, judged)
        if len(tried) == 1:
            raise BadSeal("测试")

    monkeypatch.setattr(incoming, "judge", poisoned)
    came = town.take_in_all(office, Folder(stick), ledgers.PASSWORD, place(office))
    assert [bool(c.refused) for c in came] == [True, False] and len(tried) == 2
    scope = f"v:{tried[0]}"
    assert office.heads([scope]) == {scope: []} and office.verify().faults == ()


def test_two_clerks_at_one_stick_take_each_parcel_in_once(office: Ledger, stick: Path) -> None:
    start, failed = threading.Barrier(2), list[BaseException]()

    def work(ledger: Ledger) -> None:
        try:
            start.wait(20)
            for came in town.take_in_all(ledger, Folder(stick), ledgers.PASSWORD, place(office)):
                assert came.refused == ""
        except BaseException as error:  # told below, in the test's own thread
            failed.append(error)
            raise

    with hubs.reopen(office.home.writer.url) as second:
        threads = [threading.Thread(target=work, args=(ledger,)) for ledger in (office, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == [] and office.verify().faults == ()
    assert all(len(office.heads([scope])[scope]) == 1 for scope in VILLAGES)
    assert sum(line.verb == "merge_parcel" for line in office.acts(100)) == len(VILLAGES)


def test_a_stick_for_all_villages_is_let_go_once_after_the_last(office: Ledger, stick: Path, tmp_path: Path) -> None:
    class Watched(Folder):
        settled = 0

        def settle(self) -> Settled:
            assert len(self.list()) == len(VILLAGES)
            self.settled += 1
            return super().settle()

    (tmp_path / "back").mkdir()
    watched, told = Watched(tmp_path / "back"), list[str]()
    assert outgoing.hand_over_all(office, watched, told=lambda done: told.append(done.plan.to.name)).text
    assert watched.settled == 1 and told == sorted(v[2:] for v in VILLAGES)
