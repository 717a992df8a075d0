"""A stick goes to the town and one comes back: what was lacking is there, nothing is marked as sent, what waits is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gridapp.exchange import arriving, booked, founding, incoming, outgoing, rollcall
from gridapp.exchange.carriers import Folder
from gridapp.exchange.incoming import NothingMerged
from gridapp.exchange.refusals import Held, NotForUs
from gridapp.ledger import Ledger, dealings
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.exchange.handing import SCOPE

#: never issued: county code 510185 is younger than the birth date
NEW_NUMBER = "510185196709150011"


def agree(*some: Ledger) -> None:
    assert len({ledger.digest(SCOPE, "c:330784108") for ledger in some}) == 1
    assert all(ledger.verify().faults == () for ledger in some)


def test_the_village_hands_over_and_the_town_holds_the_same(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    told = handing.hand(village_pc, None, stick)
    assert told.plan.counts["person"] == 4 and told.plan.counts["house"] == 2 and told.settled.text
    [taken] = handing.take(town, stick)
    assert taken.admitted.entries == told.written.entries and taken.held == 0
    agree(town, village_pc)
    assert [hit.label for hit in town.search("彭兵")] == [hit.label for hit in village_pc.search("彭兵")] != []


def test_the_town_corrects_and_the_village_sees_it(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    person = town.search("彭兵")[0].id
    town.do_in(SCOPE, people.correct_person, person, phone="13800009999")
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    with village_pc.read() as read:
        assert read.get(Person, person).phone == "13800009999"
    agree(town, village_pc)


def test_nothing_is_marked_as_sent_until_the_other_says_so(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    first, second = handing.hand(village_pc, None, stick), outgoing.plan(village_pc, outgoing.receiver(village_pc))
    assert set(second.lot.sids) >= set(first.plan.lot.sids)
    assert [line.state for line in booked.book(village_pc) if line.parcel.way == "out"] == ["written"]
    handing.take(town, stick)
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    assert [line.state for line in booked.book(village_pc) if line.parcel.way == "out"] == ["received"]
    later = outgoing.plan(village_pc, outgoing.receiver(village_pc))
    assert later.lot.entries <= 2, "only the act of having taken the town's parcel in"


def test_the_standing_of_the_hand_over_is_known(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    before = booked.standing(village_pc)
    assert before.paired and before.town == "古山镇一号机" and before.waiting > 20
    assert (before.days, before.handed) == (None, None), "the town's answer is no receipt: nothing was handed over yet"
    handing.hand(village_pc, None, stick)
    on_its_way = booked.standing(village_pc)
    assert (on_its_way.days, on_its_way.handed) == (None, 0)
    handing.round_trip(village_pc, town, stick)
    village_pc._wall = ledgers.Clock(ledgers.NOON + 3 * 86_400_000)
    after = booked.standing(village_pc)
    assert after.days == after.handed == 3 and after.waiting <= 2


def test_a_parcel_of_the_town_that_knows_nothing_of_ours_is_no_receipt(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(town, "青后叶村一号机", stick)
    handing.hand(village_pc, None, stick)
    handing.take(village_pc, stick)
    assert booked.standing(village_pc).days is None
    handing.take(town, stick)
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    assert booked.standing(village_pc).days == 0


def test_looking_before_taking_in_writes_nothing(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    carrier, digest = Folder(stick), town.digest()
    [arrival] = arriving.find(town, carrier)
    with arriving.receive_from(town, carrier, arrival) as received:
        seen = incoming.preview(town, received)
        assert seen.sender == "青后叶村一号机" and seen.weighed is not None and not seen.held
        assert sum(s.now is None for s in seen.weighed.seen) > 10
        assert town.digest() == digest and not town.look(dealings.parcels, dealings.IN)
        incoming.take_in(town, received)
    agree(town, village_pc)


def test_the_same_stick_twice_is_told_and_changes_nothing(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    acts, carrier = len(town.acts()), Folder(stick)
    [arrival] = arriving.find(town, carrier)
    assert arrival.known
    with arriving.receive_from(town, carrier, arrival) as received:
        again = incoming.take_in(town, received)
    assert not again.admitted.taken and again.notes and len(town.acts()) == acts


def test_a_whole_taking_in_can_be_undone_until_the_next(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    digest = town.digest(SCOPE)
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    incoming.undo_merge(town)
    assert town.digest(SCOPE) == digest and town.verify().faults == ()
    with pytest.raises(NothingMerged):
        incoming.undo_merge(town)


def test_a_parcel_for_another_says_only_that(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        handing.hand(village_pc, None, stick)
        carrier = Folder(stick)
        [arrival] = arriving.find(other, carrier)
        with pytest.raises(NotForUs):
            arriving.receive_from(other, carrier, arrival)
        assert other.verify().faults == ()


def test_a_village_gets_nothing_of_another_village(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    with handing.a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(town, other, tmp_path, "另一村一号机")
        handing.hand(village_pc, None, stick)
        handing.take(town, stick)
        told = handing.hand(town, "另一村一号机", stick)
        assert "person" not in told.plan.counts and SCOPE not in told.plan.scopes
        handing.take(other, stick)
        assert other.search("彭兵") == []


def test_what_builds_on_something_that_never_came_waits_and_goes_in_later(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
    to = outgoing.receiver(village_pc)
    handing.hand(village_pc, None, first)
    known = [i for ids in village_pc.heads().values() for i in ids]
    village_pc.do(people.correct_person, village_pc.search("彭兵")[0].id, phone="13800007777")
    from gridapp.exchange.outgoing import _enter, _written

    told = outgoing.plan(village_pc, to, known)
    _enter(village_pc, told, _written(village_pc, told, second / "A.wsb", (), None, lambda _n: None))
    [waits] = handing.take(town, second)
    assert waits.held == 1 and not waits.admitted.taken
    assert town.look(dealings.held)[0].reason == Held.GAP.value
    [came] = handing.take(town, first)
    assert came.held == 0 and town.look(dealings.held) == []
    agree(town, village_pc)


def test_exact_twins_of_two_pcs_become_one_and_undoing_takes_that_back_too(town: Ledger, village_pc: Ledger, tmp_path: Path, stick: Path) -> None:
    """One ID number registered on both PCs of a village: merged by rule when they meet, apart again when the taking-in is undone."""
    handing.round_trip(village_pc, town, stick)
    with founding.joining_ledger(tmp_path / "second.grid", ledgers.PASSWORD, SCOPE[2:]) as second:
        handing.joined(town, second, tmp_path, "青后叶村二号机")
        second.officer = 1
        for pc in (village_pc, second):
            pc.do(people.register_person, name="周海", id_no=NEW_NUMBER)
        handing.hand(second, "古山镇一号机", stick)
        handing.take(town, stick)
        before = town.digest(SCOPE)
        handing.hand(village_pc, None, stick)
        [taken] = handing.take(town, stick)
        assert taken.tidied and len([hit for hit in town.search(NEW_NUMBER) if hit.entity == "person"]) == 1
        incoming.undo_merge(town)
        assert town.digest(SCOPE) == before and town.verify().faults == ()


def test_t3_the_town_says_when_a_pc_was_put_back_to_yesterday(town: Ledger, village_pc: Ledger, stick: Path, tmp_path: Path) -> None:
    """A restored PC is normal: it is told, it stands in the town's audit and on its roll, and everything is taken in all the same."""
    def again(path: Path, minutes: int) -> Ledger:
        opened = ledgers.reopen(path, ledgers.Clock(ledgers.NOON + minutes * 60_000))
        opened.sign_in(1)
        return opened

    path = village_pc.path
    village_pc.close()
    with again(path, 1) as pc:
        handing.hand(pc, None, stick)
        assert not any("恢复过" in note for told in handing.take(town, stick) for note in told.notes)
    yesterday = ledgers.copy(path, tmp_path / "gestern.grid")
    with again(path, 2) as pc:
        pc.search(ledgers.NUMBERS[0])
        handing.hand(pc, None, stick)
        assert not any("恢复过" in note for told in handing.take(town, stick) for note in told.notes)
        assert all(line.put_back is None for line in rollcall.roll(town))
    shutil.copy(yesterday, path)
    path.with_name(path.name + ".tip").unlink()
    with again(path, 3) as pc:
        pc.search(ledgers.NUMBERS[1])
        pc.search(ledgers.NUMBERS[2])
        handing.hand(pc, None, stick)
        [taken] = handing.take(town, stick)
        assert [note for note in taken.notes if "青后叶村一号机：这台电脑恢复过" in note]
        handing.hand(pc, None, stick)
        assert not any("恢复过" in note for told in handing.take(town, stick) for note in told.notes)
    assert [line.name for line in rollcall.roll(town) if line.put_back is not None] == ["青后叶村一号机"]
    assert town.verify().faults == () and len(town.anchors()) == 1
