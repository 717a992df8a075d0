"""A parcel in plain rows before it is taken in: new, changed, two sides, likely twins, what waits; and single records put back afterwards."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from gridapp.exchange import incoming, previewing, tray
from gridapp.exchange.carriers import Folder
from gridapp.exchange.previewing import CHANGED, CLASHING, NEW, TWIN, Told
from gridapp.ledger import Ledger, dealings, questions
from gridapp.ledger.undo import AlreadyUndone, ChangedSince, UsedSince
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.exchange.handing import SCOPE


def seen(ledger: Ledger, stick: Path) -> Told:
    """What lies on the stick, in words; nothing is taken in."""
    with tray.look(ledger, Folder(stick)) as found:
        [received] = found.ready
        return previewing.tell(ledger, incoming.preview(ledger, received))


def back_to(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    """The town hands over what it has."""
    handing.hand(town, "青后叶村一号机", stick)


def person(ledger: Ledger) -> UUID:
    return ledger.search("彭兵")[0].id


def test_what_is_new_is_told_record_by_record_with_numbers_masked(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    told = seen(town, stick)
    row = next(r for r in told.rows if r.entity == "person" and r.label == "彭兵")
    assert (row.kind, row.title, row.who, row.station) == (NEW, "流动人口", "王建国", "青后叶村一号机")
    assert row.at is not None and row.at.year == 2026
    assert "姓名 彭兵" in row.after and ledgers.NUMBERS[0] not in row.after and "510185********9619" in row.after
    assert any(r.entity == "tenancy" and "彭兵" in r.label and "祠堂路1号" in r.label for r in told.rows), "names of what comes along"
    assert told.counts[NEW] == len(told.rows) and told.whole
    assert not any(r.entity == "act" for r in told.rows)


def test_a_change_is_told_from_what_to_what(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    town.do_in(SCOPE, people.correct_person, person(town), phone="13800009999", name="彭斌")
    back_to(town, village_pc, stick)
    told = seen(village_pc, stick)
    rows = {r.field: r for r in told.rows if r.kind == CHANGED}
    assert (rows["姓名"].before, rows["姓名"].after) == ("彭兵", "彭斌")
    assert rows["联系电话"].before == "" and rows["联系电话"].after.endswith("9999") and "13800009999" not in rows["联系电话"].after
    assert [c.label for c in rows["姓名"].changes] == ["姓名", "联系电话"] and told.counts[CHANGED] == 1, "records are counted, not fields"


@pytest.mark.parametrize("later", ["town", "village"])
def test_two_who_wrote_the_same_field_are_both_told_whoever_will_be_shown(town: Ledger, village_pc: Ledger, stick: Path, later: str) -> None:
    handing.round_trip(village_pc, town, stick)
    (town if later == "town" else village_pc)._wall.ms += 60_000
    town.do_in(SCOPE, people.correct_person, person(town), name="彭斌")
    village_pc.do(people.correct_person, person(village_pc), name="彭宾")
    back_to(town, village_pc, stick)
    told = seen(village_pc, stick)
    [row] = [r for r in told.rows if r.entity == "person"]
    assert (row.kind, row.field, row.before, row.after, row.station) == (CLASHING, "姓名", "彭宾", "彭斌", "古山镇一号机")
    assert [(c.label, c.before, c.after) for c in row.changes] == [("姓名", "彭宾", "彭斌")]
    assert told.counts[CLASHING] == 1 and told.counts[CHANGED] == 0


def test_who_is_ended_there_and_edited_here_is_a_clash(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    who = village_pc.search("赵小妹")[0].id
    village_pc.do(people.reopen_person, who)
    handing.round_trip(village_pc, town, stick)
    town.do_in(SCOPE, people.close_person, who, ledgers.TODAY, "01")
    village_pc.do(people.correct_person, who, phone="13800001111")
    back_to(town, village_pc, stick)
    rows = [r for r in seen(village_pc, stick).rows if r.kind == CLASHING]
    assert any("注销" in r.field for r in rows) and all(r.label == "赵小妹" for r in rows)


def test_the_same_number_twice_is_told_beforehand(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    number = "510185199205173627"
    town.do_in(SCOPE, people.register_person, name="周敏", id_no=number)
    village_pc.do(people.register_person, name="周慜", id_no=number)
    back_to(town, village_pc, stick)
    [row] = [r for r in seen(village_pc, stick).rows if r.kind == TWIN]
    assert row.label == "周敏" and "周慜" in row.before and row.field == "证件号码"


def parcel_in(ledger: Ledger) -> dealings.Parcel:
    """The last one taken in: the clock of these tests stands still, seal numbers do not."""
    return max(ledger.look(dealings.parcels, dealings.IN), key=lambda p: p.taken.get(0, p.taken.get(1, (0,)))[0] if p.taken else 0)


def test_one_record_of_a_taking_in_is_put_back_and_the_rest_stays(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.round_trip(village_pc, town, stick)
    one, other = person(town), town.search("王𬱟")[0].id
    for who, phone in ((one, "13800001111"), (other, "13800002222")):
        town.do_in(SCOPE, people.correct_person, who, phone=phone)
    back_to(town, village_pc, stick)
    handing.take(village_pc, stick)
    rows = [r for r in previewing.brought(village_pc, parcel_in(village_pc)) if r.entity == "person"]
    assert {(r.id, r.kind, r.field) for r in rows} == {(one, CHANGED, "联系电话"), (other, CHANGED, "联系电话")}
    previewing.put_back(village_pc, parcel_in(village_pc), next(r for r in rows if r.id == one))
    with village_pc.read() as read:
        assert read.get(Person, one).phone is None and read.get(Person, other).phone == "13800002222"
    assert village_pc.verify().faults == () and village_pc.acts(1)[0].title == "退回一条接收的记录"
    with pytest.raises(ChangedSince):
        previewing.put_back(village_pc, parcel_in(village_pc), next(r for r in rows if r.id == one))


def test_what_others_use_is_not_put_back_alone(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    rows = previewing.brought(town, parcel_in(town))
    with pytest.raises(UsedSince):
        previewing.put_back(town, parcel_in(town), next(r for r in rows if r.label == "彭兵"))


def test_a_taking_in_that_was_undone_brought_nothing(town: Ledger, village_pc: Ledger, stick: Path) -> None:
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    row = previewing.brought(town, parcel_in(town))[0]
    incoming.undo_merge(town)
    assert previewing.brought(town, parcel_in(town)) == []
    with pytest.raises(AlreadyUndone):
        previewing.put_back(town, parcel_in(town), row)


@pytest.mark.parametrize("later", ["town", "village"])
def test_a_taking_in_with_a_clash_can_be_undone_whoever_is_shown(town: Ledger, village_pc: Ledger, stick: Path, later: str) -> None:
    handing.round_trip(village_pc, town, stick)
    who, writers = person(town), [(town, "彭斌"), (village_pc, "彭宾")]
    for ledger, name in writers if later == "village" else reversed(writers):
        ledger._wall.ms += 60_000
        ledger.do_in(SCOPE, people.correct_person, who, name=name)
        town._wall.ms = village_pc._wall.ms = ledger._wall.ms
    back_to(town, village_pc, stick)
    handing.take(village_pc, stick)
    assert village_pc.ask(questions.count) == 1
    incoming.undo_merge(village_pc)
    with village_pc.read() as read:
        assert read.get(Person, who).name == "彭宾"
    assert village_pc.ask(questions.count) == 0 and village_pc.verify().faults == ()
