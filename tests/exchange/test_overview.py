"""The hand-over at a glance, and old parcels taken off a full stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.exchange import booked, clearing, inbox, incoming, outgoing, overview, pairing
from gridapp.exchange.carriers import Folder
from gridapp.exchange.booked import Standing
from gridapp.ledger import Ledger
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing


def test_before_pairing_it_says_whether_a_request_was_made(tmp_path: Path) -> None:
    with handing.a_village(tmp_path / "village.grid") as alone:
        told = overview.overview(alone)
        assert not told.standing.paired and not told.asked and told.plan is None and told.receivers == () and not told.town
        pairing.ask(alone, "青后叶村一号机")
        assert overview.overview(alone).asked


def test_the_village_hands_over_to_its_town_and_the_town_to_whom_it_means(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    told = overview.overview(village_pc)
    assert told.plan is not None and told.plan.to.name == "古山镇一号机" and told.plan.counts["person"] == 4
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        both = overview.overview(town)
        assert both.town and {r.name for r in both.receivers} == {"青后叶村一号机", "另一村一号机"}
        chosen = overview.overview(town, other.device).plan
        assert chosen is not None and chosen.to.device == other.device


def test_the_newest_taking_in_is_told_until_it_is_undone_by_whatever_way(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    assert overview.overview(town).last is None
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    last = overview.overview(town).last
    assert last is not None and last.station == "青后叶村一号机" and "条记录" in overview.in_words(last.parcel.counts)
    town.undo()
    assert overview.overview(town).last is None
    assert [line.state for line in booked.book(town) if line.parcel.way == "in"] == ["undone"]
    town.redo()
    assert overview.overview(town).last is not None
    incoming.undo_merge(town)
    assert overview.overview(town).last is None


@pytest.mark.parametrize(("days", "colour"), [(0, "green"), (7, "green"), (8, "yellow"), (14, "yellow"), (15, "red")])
def test_the_longer_the_town_was_not_heard_the_redder(days: int, colour: str) -> None:
    assert overview.lateness(Standing(True, "古山镇一号机", days, 0, 0, 0, days)) == colour


@pytest.mark.parametrize(("waiting", "handed", "colour"), [(0, None, "grey"), (5, None, "yellow"), (5, 0, "yellow"), (5, 7, "yellow"), (5, 8, "red")])
def test_without_any_receipt_it_is_late_from_the_first_hand_over_on(waiting: int, handed: int | None, colour: str) -> None:
    assert overview.lateness(Standing(True, "古山镇一号机", None, waiting, 0, 0, handed)) == colour


def test_what_waits_is_counted_as_the_list_of_clashes_counts_it(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    assert overview.overview(village_pc).open == 0
    ledgers.a_person(village_pc, "周敏", "510185199205173627")
    town.do_in(handing.SCOPE, people.register_person, name="周民", id_no="510185199205173627")
    handing.round_trip(village_pc, town, stick)
    assert village_pc.open_questions() == 0 and overview.overview(village_pc).open == 1, "a twin is no clash, but waits for somebody"
    assert len([m for m in inbox.matters(village_pc) if m.open]) == 1


def test_what_a_parcel_holds_in_words() -> None:
    assert overview.in_words({"person": 1200, "house": 2, "act": 7, "seals": 3, "photo": 0}) == "出租房屋 2、流动人口 1,200"
    assert overview.in_words({"seals": 1}) == ""


def test_only_our_own_parcels_for_the_same_station_are_taken_off_a_stick(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        for name in ("青后叶村一号机", "另一村一号机"):
            handing.hand(town, name, stick)
        to, carrier = outgoing.receiver(town, "青后叶村一号机"), Folder(stick)
        before = {found.name for found in carrier.list()}
        size = clearing.old_bytes(town, to, carrier)
        assert size and clearing.clear_old(town, to, carrier) == size and clearing.old_bytes(town, to, carrier) == 0
        left = {found.name for found in carrier.list()}
        assert len(before) == 3 and len(left) == 2 and left < before, "the village's own parcel and the other village's stay"
        assert len(handing.take(other, stick)) == 1


def test_a_new_parcel_holds_what_the_one_taken_off_held(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    village_pc.do(people.correct_person, village_pc.search("彭兵")[0].id, phone="13800001111")
    assert clearing.clear_old(village_pc, outgoing.receiver(village_pc), Folder(stick)) > 0 and list(stick.rglob("*.wsb")) == []
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    assert len(town.search("彭兵")) == 1 and town.digest(handing.SCOPE) == village_pc.digest(handing.SCOPE)
