"""Numbers of notices on several PCs: leased blocks, provisional ones when a block is used up, and the same number twice as a task."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.exchange import inbox
from gridapp.ledger import Acting, Ledger
from gridapp.ledger.writes import put_down
from gridapp.records import Event, Hazard, Lease
from gridapp.work import hazards, mending, numbers
from tests import ledgers
from tests.exchange import paired
from tests.ledgers import TODAY
from tests.ledger.test_meeting import give
from tests.meeting import all_meet, later, pcs

HEAD, LATER = "古青后叶隐改〔2026〕", date(2027, 12, 8)


def serve(ledger: Ledger, place: str = "祠堂路1号") -> str:
    hazard = ledger.do(hazards.raise_hazard, place=place, content="私拉电线", degree="01", responsible="张浩").result
    number: str = ledger.do(hazards.serve_notice, hazard, LATER).result
    return number.removeprefix(HEAD)


def hazard_of(ledger: Ledger, number: str) -> list[UUID]:
    return [h.id for h in ledger.ask(hazards.list_hazards, hazards.ALL) if h.notice_no == HEAD + number]


def a_third(folder: Path, town: Ledger) -> Ledger:
    """Another PC of the village, brought up from the town."""
    made = Ledger.create(folder / "b.grid", ledgers.PASSWORD, "officer 1", paired.SCOPE, wall=ledgers.Clock(), cost=ledgers.CHEAP)
    paired.pair(town, made, "青后叶村二号机")
    made.officer = 1
    return made


class Office:
    """A town and two paired PCs of one village, the first of which has served two notices while it was alone."""

    def __init__(self, folder: Path, first: Ledger) -> None:
        from gridapp.exchange import pairing

        self.town = paired.empty_town(folder / "town.grid")
        pairing.found_town(self.town, "古山镇")
        self.one = first
        paired.pair(self.town, first)
        self.town.hold_scopes([paired.SCOPE])
        self.before = [serve(first), serve(first)]
        self.meet()
        self.two = a_third(folder, self.town)
        self.meet()

    def meet(self) -> None:
        """Everybody comes by the town, twice."""
        for _round in range(2):
            for pc in (self.one, getattr(self, "two", None)):
                if pc is not None:
                    held = [*paired.carry(pc, self.town), *paired.carry(self.town, pc)]
                    assert held == []

    def lease(self) -> int:
        """The town gives blocks out and everybody gets them."""
        given: list[UUID] = self.town.do_in(paired.CONF, numbers.renew_leases).result
        self.meet()
        return len(given)

    def close(self) -> None:
        for ledger in (self.town, self.two):
            ledger.close()


@pytest.fixture
def office(ledger: Ledger, tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, ledger)
    yield made
    made.close()


def test_a_pc_alone_numbers_on_as_ever(office: Office) -> None:
    assert office.before == ["第001号", "第002号"]


def test_two_pcs_of_a_village_never_give_out_the_same_and_the_first_goes_on_where_it_was(office: Office) -> None:
    assert office.lease() == 2
    told = [serve(pc) for pc in (office.one, office.two, office.one, office.two)]
    assert told == ["第003号", "第053号", "第004号", "第054号"]
    office.meet()
    assert serve(office.two) == "第055号" and office.town.ask(numbers.doubled) == []


def test_leasing_again_gives_nothing_until_half_of_a_block_is_used(office: Office) -> None:
    assert office.lease() == 2 and office.lease() == 0
    for _ in range(numbers.BLOCK // 2):
        serve(office.two)
    office.meet()
    assert office.lease() == 0
    serve(office.two)
    office.meet()
    assert office.lease() == 1 and serve(office.two) == f"第{53 + numbers.BLOCK // 2 + 1:03d}号"


def test_a_village_with_one_pc_gets_no_lease(ledger: Ledger, tmp_path: Path) -> None:
    from gridapp.exchange import pairing

    with paired.empty_town(tmp_path / "town.grid") as town:
        pairing.found_town(town, "古山镇")
        paired.pair(town, ledger)
        town.hold_scopes([paired.SCOPE])
        assert town.do_in(paired.CONF, numbers.renew_leases).result == []


def small(office: Office, size: int) -> None:
    """A block of few numbers for each PC."""
    for pc in (office.one, office.two):
        office.town.do_in(paired.CONF, numbers.lease_numbers, paired.SCOPE, pc.device, size=size)
    office.meet()


def test_a_block_used_up_far_from_the_town_gives_provisional_numbers_and_the_final_ones_later(office: Office) -> None:
    small(office, 2)
    told = [serve(office.one) for _ in range(4)] + [serve(office.two) for _ in range(3)]
    assert told == ["第003号", "第004号", "临3-01号", "临3-02号", "第005号", "第006号", "临4-01号"]
    assert office.one.do(numbers.number_finally).result == []
    office.meet()
    assert [(p.number, p.ready) for p in office.one.ask(numbers.provisional)] == [(HEAD + "临3-01号", False), (HEAD + "临3-02号", False)]
    assert office.one.ask(mending.count) == 0, "nothing can be done yet"
    small(office, 2)
    told = [m for m in inbox.matters(office.one) if m.kind == inbox.PROVISIONAL]
    assert len(told) == office.one.ask(mending.count) == 2 and told[0].what == HEAD + "临3-01号" and told[0].fix is not None
    verb, given = told[0].fix
    done = office.one.do_in(told[0].scope, verb, *given).result
    assert office.one.ask(numbers.provisional) == [] and office.one.ask(mending.count) == 0
    assert [(d.old, d.new) for d in done] == [(HEAD + "临3-01号", HEAD + "第007号"), (HEAD + "临3-02号", HEAD + "第008号")]
    office.meet()
    assert len(hazard_of(office.two, "临4-01号")) == 1, "another PC's provisional number is not ours to change"
    assert office.two.do(numbers.number_finally).result[0].new == HEAD + "第009号"
    assert office.one.do(numbers.number_finally).result == []


def test_the_next_year_has_its_own_blocks_from_december_on(office: Office) -> None:
    office.lease()
    for ledger in (office.town, office.one, office.two):
        later(ledger, 8 * 24 * 60)  # 2 December
    assert office.lease() == 2
    for ledger in (office.town, office.one, office.two):
        later(ledger, 31 * 24 * 60)  # 2 January
    told = [serve(pc).removeprefix("古青后叶隐改〔2027〕") for pc in (office.one, office.two)]
    assert told == ["第001号", "第051号"]


def test_a_new_year_without_blocks_is_provisional_where_the_town_leases(office: Office) -> None:
    office.lease()
    for ledger in (office.one, office.two):
        later(ledger, 45 * 24 * 60)
    assert [serve(pc).removeprefix("古青后叶隐改〔2027〕") for pc in (office.one, office.two)] == ["临3-01号", "临4-01号"]


def test_a_number_two_towns_leased_at_once_belongs_to_the_older_lease(office: Office) -> None:
    small(office, 2)
    with office.town.read() as read:
        theirs = [lease for lease in numbers.leases(read, "notice") if lease.device == office.two.device.hex()][0]
    office.town.do_in(paired.CONF, add_lease, office.one.device, theirs.lo, theirs.hi + 1)
    office.meet()
    assert [serve(office.one) for _ in range(3)] == ["第003号", "第004号", "第007号"]
    assert serve(office.two) == "第005号"


def add_lease(act: object, device: bytes, lo: int, hi: int) -> None:
    act.add(Lease(series=numbers.series(paired.SCOPE, 2026), lo=lo, hi=hi, device=device.hex()))  # type: ignore[attr-defined]


def test_a_lease_a_village_writes_into_its_own_register_is_worth_nothing(office: Office) -> None:
    office.two.do(add_lease, office.two.device, 900, 950)
    assert serve(office.two) == "第003号"


# ---------------------------------------------------------------- the same number twice

def test_a_restored_pc_that_gives_a_number_out_again_makes_a_task_not_a_change(office: Office, tmp_path: Path) -> None:
    office.lease()
    office.two.close()
    copy = ledgers.copy(office.two.path, tmp_path / "copy.grid")
    office.two = ledgers.reopen(office.two.path)
    first = serve(office.two, "祠堂路1号")
    with ledgers.reopen(copy, ledgers.Clock(ledgers.NOON + 3_600_000)) as restored:
        assert serve(restored, "方岩大道2号") == first == "第053号"
        give(office.two, restored)
        give(restored, office.two)
        for pc in (office.two, restored):
            [told] = pc.ask(numbers.doubled)
            assert (told.number, told.keeps[1], [label for _id, label in told.others]) == (HEAD + first, "私拉电线", ["私拉电线"])
            place = pc.ask(hazards.hazard_card, told.keeps[0]).record.place
            assert place == "祠堂路1号", "the one numbered first keeps it, on every PC"
            assert len(hazard_of(pc, first)) == 2, "what stands on paper is not changed by itself"
        done = restored.do(numbers.renumber, told.others[0][0]).result
        assert (done.old, done.new) == (HEAD + first, HEAD + "第054号")
        give(restored, office.two)
        assert office.two.ask(numbers.doubled) == []


def test_only_the_one_that_does_not_keep_it_is_numbered_anew(ledger: Ledger, tmp_path: Path) -> None:
    one, other = pcs(tmp_path, ledger)
    serve(one)
    later(other, 1)
    serve(other)
    all_meet(one, other)
    [told] = one.ask(numbers.doubled)
    with pytest.raises(numbers.NotDoubled):
        one.do(numbers.renumber, told.keeps[0])
    one.do(numbers.renumber, told.others[0][0])
    with pytest.raises(numbers.NotDoubled):
        one.do(numbers.renumber, told.others[0][0])


def test_a_withdrawn_notice_doubles_nothing(ledger: Ledger, tmp_path: Path) -> None:
    one, other = pcs(tmp_path, ledger)
    serve(one)
    serve(other)
    all_meet(one, other)
    [told] = one.ask(numbers.doubled)
    one.do(withdraw, told.others[0][0])
    assert one.ask(numbers.doubled) == []


def withdraw(act: object, hazard: UUID) -> None:
    put_down(act, Hazard, {hazard: {"deleted": True}})  # type: ignore[arg-type]


def test_cases_are_numbered_from_the_lowest_that_is_free(ledger: Ledger) -> None:
    def begin(act: Acting) -> str:
        number = numbers.next_case_no(act, Event.number, "事")
        act.add(Event(number=number, title="路灯不亮", kind="13", day=TODAY, place="祠堂路", content="不亮", state="01"))
        return number

    told = [ledger.do(begin).result for _ in range(2)]
    assert told == [f"古青后叶事〔{TODAY.year}〕第001号", f"古青后叶事〔{TODAY.year}〕第002号"]
    ledger.undo()
    assert ledger.do(begin).result == f"古青后叶事〔{TODAY.year}〕第003号", "what may be done again keeps its number"
