"""The town approves, stops and replaces stations; what a stopped one signed before counts, what it signs later waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.exchange import pairing, stations
from gridapp.exchange.refusals import Held
from gridapp.exchange.stations import StillActive, StoppedAlready
from gridapp.exchange.trust import branches, ids_in
from gridapp.ledger import VERBS, Acting, Ledger
from gridapp.records import Station
from gridapp.records.stations import ACTIVE, LOST, REPLACED, REVOKED, VILLAGE
from tests import ledgers
from tests.exchange.paired import CONF, SCOPE, a_village, carry, empty_town, pair, seals_of
from tests.ledgers import NOON, TODAY


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """The town, with its keys, holding the village's register."""
    with empty_town(tmp_path / "镇.grid") as made:
        pairing.found_town(made, "古山镇一号机")
        made.hold_scopes([SCOPE])
        yield made


@pytest.fixture
def pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    """The village's PC, paired; the town has its first seals."""
    with a_village(tmp_path / "村.grid") as made:
        pair(town, made)
        assert carry(made, town) == {}
        yield made


@pytest.fixture
def other(tmp_path: Path, town: Ledger, pc: Ledger) -> Iterator[Ledger]:
    """A second PC of the village that holds what the town holds."""
    with a_village(tmp_path / "村二.grid") as made:
        pair(town, made, "青后叶村二号机")
        assert carry(town, made) == {}
        yield made


def record(town: Ledger, pc: Ledger) -> Station:
    found = town.ask(stations.station_of, pc.device)
    assert found is not None
    return found


def configure(town: Ledger, verb: object, *args: object) -> None:
    assert callable(verb)
    town.do_in(CONF, verb, *args)


def written(pc: Ledger) -> list[bytes]:
    """The newest seals of a PC after it has done something."""
    ledgers.a_person(pc)
    pc.close_seals()
    return pc.ask(stations.last_seals, pc.device)


def test_the_verbs_have_their_titles() -> None:
    assert [VERBS[n] for n in ("certify", "revoke", "replace", "adopt")] == ["批准站点", "停用站点", "换新电脑", "认可停用后的记录"]


def test_stopping_names_what_is_accepted(town: Ledger, pc: Ledger) -> None:
    pairing.stop(town, record(town, pc).id, LOST, "出差时丢失")
    told = record(town, pc)
    assert (told.state, told.revoked_on, told.note) == (LOST, TODAY, "出差时丢失")
    assert ids_in(told.accepted) == pc.ask(stations.last_seals, pc.device), "all of it came before"
    assert pc.device.hex() not in {s.device for s in town.ask(stations.active)}


def test_what_came_before_counts_and_what_comes_later_waits(town: Ledger, pc: Ledger, other: Ledger) -> None:
    late = written(pc)
    pairing.stop(town, record(town, pc).id)
    assert carry(pc, town) == dict.fromkeys(late, Held.REVOKED)
    assert carry(town, other) == {}
    assert carry(pc, other) == dict.fromkeys(late, Held.REVOKED), "the other PC has heard of it from the town"


def test_a_new_pc_gets_the_accepted_past_of_a_stopped_one(town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    pairing.stop(town, record(town, pc).id, LOST)
    with a_village(tmp_path / "新.grid") as fresh:
        pair(town, fresh, "青后叶村新机")
        assert carry(town, fresh) == {}
        assert set(pc.ask(stations.last_seals, pc.device)) <= {s.id for s in seals_of(fresh)}


def test_a_revocation_that_comes_after_the_late_seals_takes_nothing_away(town: Ledger, pc: Ledger, other: Ledger) -> None:
    """The other PC took them in before it heard: they stay there, and wait at the town until it adopts them; then all agree."""
    late = written(pc)
    assert carry(pc, other) == {}
    pairing.stop(town, record(town, pc).id)
    assert carry(town, other) == {}
    assert set(late) <= {s.id for s in seals_of(other)}
    assert carry(other, town) == dict.fromkeys(late, Held.REVOKED)
    configure(town, stations.adopt, record(town, pc).id, late)
    assert carry(other, town) == {}
    assert town.digest(SCOPE) == other.digest(SCOPE)


def test_adopting_accepts_a_late_seal_and_all_it_builds_on(town: Ledger, pc: Ledger) -> None:
    pairing.stop(town, record(town, pc).id)
    early, late = written(pc), written_again(pc)
    assert set(carry(pc, town)) == {*early, *late}
    before = set(ids_in(record(town, pc).accepted))
    configure(town, stations.adopt, record(town, pc).id, late)
    assert carry(pc, town) == {}
    assert before and set(ids_in(record(town, pc).accepted)) == before | set(late)


def written_again(pc: Ledger) -> list[bytes]:
    ledgers.a_house(pc)
    pc.close_seals()
    return pc.ask(stations.last_seals, pc.device)


def test_only_a_stopped_station_is_adopted_from_and_none_is_stopped_twice(town: Ledger, pc: Ledger) -> None:
    told = record(town, pc)
    with pytest.raises(StillActive, match="青后叶村一号机"):
        configure(town, stations.adopt, told.id, [bytes(32)])
    pairing.stop(town, told.id)
    with pytest.raises(StoppedAlready, match="已经停用"):
        pairing.stop(town, told.id, LOST)
    assert record(town, pc).state == REVOKED


def test_stopping_can_be_taken_back(town: Ledger, pc: Ledger) -> None:
    late = written(pc)
    done = town.do_in(CONF, stations.revoke, record(town, pc).id)
    assert set(carry(pc, town)) == set(late)
    town.undo(done.act)
    assert carry(pc, town) == {} and record(town, pc).accepted is None


def test_an_approval_taken_back_is_believed_nowhere(town: Ledger, tmp_path: Path, other: Ledger) -> None:
    with a_village(tmp_path / "错.grid") as wrong:
        pair(town, wrong, "认错的电脑")
        town.undo()
        assert town.ask(stations.station_of, wrong.device) is None
        assert set(carry(wrong, town).values()) == {Held.REVOKED}
        assert carry(town, other) == {} and set(carry(wrong, other).values()) == {Held.REVOKED}


def test_a_stopped_pc_that_is_found_may_be_approved_again(town: Ledger, pc: Ledger) -> None:
    pairing.stop(town, record(town, pc).id, LOST)
    written(pc)
    pair(town, pc)
    told = record(town, pc)
    assert (told.state, told.revoked_on, told.accepted) == (ACTIVE, None, None)
    assert carry(pc, town) == {}


def test_a_new_pc_takes_the_place_of_the_old_one(town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    old = record(town, pc)
    with a_village(tmp_path / "新.grid") as fresh:
        request = pairing.read_request(pairing.ask(fresh, "青后叶村新机"))
        answer = pairing.accept(town, request, replaces=old.id, note="旧机报废")
        pairing.finish(fresh, answer.raw, answer.digits)
        late = written(pc)
        assert (record(town, pc).state, record(town, fresh).state) == (REPLACED, ACTIVE)
        assert carry(town, fresh) == carry(fresh, town) == {}
        assert carry(pc, fresh) == carry(pc, town) == dict.fromkeys(late, Held.REVOKED)


def test_replacing_a_lost_pc_leaves_it_lost_and_a_pc_by_itself_leaves_it_in_use(town: Ledger, pc: Ledger, other: Ledger) -> None:
    pairing.stop(town, record(town, pc).id, LOST)
    request = pairing.read_request(pairing.ask(other, "青后叶村二号机"))
    pairing.accept(town, request, replaces=record(town, pc).id)
    assert (record(town, pc).state, record(town, other).state) == (LOST, ACTIVE)
    pairing.accept(town, request, replaces=record(town, other).id)
    assert record(town, other).state == ACTIVE and len(town.ask(stations.active, VILLAGE)) == 1


def set_state(act: Acting, station: UUID, state: str) -> None:
    act.change(act.get(Station, station), state=state)


def test_where_town_pcs_disagree_a_station_is_stopped_until_a_person_decides(town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    late = written(pc)
    told = record(town, pc)
    pairing.stop(town, told.id)
    with empty_town(tmp_path / "镇二.grid", NOON + 60_000) as second:
        answer = pairing.accept(town, pairing.read_request(pairing.ask(second, "古山镇二号机")), "town")
        pairing.finish(second, answer.raw)
        assert carry(town, second) == {}
        configure(second, set_state, told.id, ACTIVE)
        configure(town, set_state, told.id, LOST)
        assert carry(second, town) == {}
        shown = record(town, pc)
        assert (shown.state, shown.nconf) == (ACTIVE, 1), "the later word is shown, and the question is open"
        assert carry(pc, town) == dict.fromkeys(late, Held.REVOKED)
        configure(town, set_state, told.id, REVOKED)
        configure(town, set_state, told.id, ACTIVE)
        assert record(town, pc).nconf == 0 and carry(pc, town) == {}


def test_numbers_of_certificates_are_never_given_twice(town: Ledger, pc: Ledger) -> None:
    before = town.ask(stations.next_serial)
    pair(town, pc, "青后叶村办公室")
    town.undo()
    assert town.ask(stations.next_serial) == before, "the act was taken back whole: the older certificate stands again"
    assert record(town, pc).serial == before - 1


def test_a_new_escrow_key_takes_the_place_of_the_old_record(town: Ledger) -> None:
    found = town.ask(stations.escrow)
    assert found is not None and [s.id for s in town.ask(stations.active, "escrow")] == [found.id]


def test_a_restored_pc_is_believed_and_seen_as_a_branch(town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    pc.close_seals()
    pc.close()
    source = pc.home.path
    backup = ledgers.copy(source, tmp_path / "备份.grid")
    for path in (source, backup):
        with ledgers.reopen(path) as one:
            ledgers.a_person(one)
            assert carry(one, town) == {}
    graph = town.ask(stations.nodes, pc.device)
    assert [len(twins) for twins in branches(pc.device, graph[SCOPE])] == [2]
    assert len(town.ask(stations.last_seals, pc.device)) == 2
