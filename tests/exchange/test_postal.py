"""A village and its town meet through the postbox the town set up: passes, a line that is cut, what lies there afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridapp.exchange import arriving, incoming, outgoing, postal, stations, town
from gridapp.exchange.carriers import Folder
from gridapp.exchange.carriers.postbox import Postbox
from gridapp.exchange.carriers.troubles import Impostor, NotAdmitted
from gridapp.exchange.pairing import NotATown, stop
from gridapp.exchange.postal import NotAPass
from gridapp.ledger import Ledger
from gridapp.work import invent
from tests import ledgers
from tests.exchange import handing
from tests.exchange.postboxes import bad_line

HOSTS = ("127.0.0.1", "localhost")
NAME = "青后叶村一号机"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        yield made


@pytest.fixture
def pc(office: Ledger, tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        yield handing.joined(office, made, tmp_path)


@contextmanager
def serving(office: Ledger, folder: Path) -> Iterator[Postbox]:
    folder.mkdir(exist_ok=True)
    with postal.served(folder, ("127.0.0.1", 0), postal.passes(office), *postal.papers(office, HOSTS)) as box:
        thread = threading.Thread(target=box.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield box
        finally:
            box.shutdown()
            thread.join()


def passed(office: Ledger, pc: Ledger, port: int, folder: Path) -> str:
    """The village has its pass; the address it uses from now on."""
    address = f"https://127.0.0.1:{port}"
    postal.write_pass(office, NAME, address, folder / "pass")
    postal.keep_pass(pc, postal.read_pass(folder / "pass"))
    return address


def test_a_line_cut_both_ways_carries_everything(office: Ledger, pc: Ledger, tmp_path: Path) -> None:
    pc.do(invent.invent, 40)
    with serving(office, tmp_path / "box") as box:
        with bad_line(box.server_port, [3000, 4500]) as port:
            done = outgoing.hand_over(pc, outgoing.receiver(pc), postal.way(pc, passed(office, pc, port, tmp_path)))
        assert done.written.bytes > 4500 and done.settled.free_to_go
        [came] = town.take_in_all(office, Folder(tmp_path / "box"), ledgers.PASSWORD, office.path)
        assert came.counts["records"] > 40 and came.names == done.names
        told = list[outgoing.HandedOver]()
        outgoing.hand_over_all(office, Folder(tmp_path / "box"), told=told.append)
        with bad_line(box.server_port, [2500], back=True) as port:
            carrier = postal.way(pc, passed(office, pc, port, tmp_path))
            [arrival] = [a for a in arriving.find(pc, carrier) if not a.known]
            with arriving.receive_from(pc, carrier, arrival) as received:
                incoming.take_in(pc, received)
    assert [h.plan.to.name for h in told] == [NAME] and pc.digest(handing.SCOPE) == office.digest(handing.SCOPE)


def test_each_station_sees_its_own_shelf_and_a_stopped_one_nothing(office: Ledger, pc: Ledger, tmp_path: Path) -> None:
    outgoing.hand_over(pc, outgoing.receiver(pc), Folder(_made(tmp_path / "box")))
    with serving(office, tmp_path / "box") as box:
        address = passed(office, pc, box.server_port, tmp_path)
        assert postal.way(pc, address).list() == []
        own = postal.token(office, office.device)
        assert len(postal.way(office, address, own, postal.papers(office, HOSTS)[0]).list()) == 1
        with pytest.raises(NotAdmitted):
            postal.way(pc, address, "x" * 32, postal.papers(office, HOSTS)[0]).list()
        with pytest.raises(Impostor):
            postal.way(pc, address, own).list()
    assert len(own) == 32 != len({own, postal.token(office, pc.device)}) == 2
    stop(office, next(s.id for s in office.ask(stations.active) if s.name == NAME))
    with serving(office, tmp_path / "box") as box, pytest.raises(NotAdmitted):
        postal.way(pc, passed_again(pc, box.server_port)).list()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def passed_again(pc: Ledger, port: int) -> str:
    kept = postal.own_pass(pc)
    assert kept is not None
    address = f"https://127.0.0.1:{port}"
    postal.keep_pass(pc, postal.PostPass(address, kept.token, kept.certificate))
    return address


def test_only_a_town_gives_passes_and_only_a_pass_is_read(office: Ledger, pc: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotATown):
        postal.token(pc, office.device)
    with pytest.raises(NotATown):
        postal.papers(pc, HOSTS)
    for raw in (b"", b"[]", b"{}", b"\xff", json.dumps({"gridapp postbox pass": 1, "address": "http://x", "token": "t", "certificate": ""}).encode()):
        (tmp_path / "p").write_bytes(raw)
        with pytest.raises(NotAPass):
            postal.read_pass(tmp_path / "p")


def test_the_key_of_the_server_stays_in_the_ledger(office: Ledger, pc: Ledger, tmp_path: Path) -> None:
    first = postal.papers(office, HOSTS)
    assert postal.papers(office, HOSTS) == first != postal.papers(office, ("10.0.0.5",)) and "PRIVATE" in first[1]
    with serving(office, tmp_path / "box"):
        postal.write_pass(office, NAME, "https://127.0.0.1:1", tmp_path / "pass")
    found = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert first[1].splitlines()[1].encode() not in found
