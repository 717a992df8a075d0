"""Disputes: intake with parties, who is taken from the register, what the list shows, what belongs together, and what nobody finds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from gridapp.fields.masked import Masked
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.records import Dispute, Officer, Party
from gridapp.work import chains, disputes, parties, petitions, sittings
from tests import ledgers
from tests.ledgers import TODAY
from tests.work.cases import PARTIES, ZHANG, a_dispute, a_petition, walk

SECRET = "私下承认推倒围墙"


def test_disputes_are_numbered_by_year_and_a_withdrawn_number_is_free_again(ledger: Ledger) -> None:
    numbers = [ledger.ask(disputes.dispute_card, a_dispute(ledger)).record.number for _ in range(2)]
    assert numbers == [f"古青后叶调〔2026〕第00{n}号" for n in (1, 2)]
    ledger.undo()
    assert ledger.ask(disputes.count_disputes)["all"] == 1 and ledger.ask(disputes.list_disputes)[0].number == numbers[0]


@pytest.mark.parametrize(("told", "sentence"), [
    ((), "至少要有 2 方当事人，现在是 0 方"), (PARTIES[:1], "现在是 1 方"), (tuple(p | {"side": "01"} for p in PARTIES), "当事人都在同一方"),
    ((PARTIES[0], PARTIES[1] | {"side": "03"}), "当事人都在同一方")])
def test_a_dispute_without_two_sides_is_refused_whole(ledger: Ledger, told: tuple[dict[str, str], ...], sentence: str) -> None:
    before = ledger.digest()
    with pytest.raises((parties.TooFewParties, parties.OtherSideMissing), match=sentence):
        a_dispute(ledger, told=told)
    assert ledger.digest() == before


def test_a_finding_in_the_future_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="在今天以后"):
        a_dispute(ledger, found_on=TODAY + timedelta(days=1))


def test_a_registered_person_fills_a_partys_line_and_the_party_keeps_a_copy(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    person = ledgers.a_person(ledger, phone="13857900009", ethnic="01")
    from gridapp.work import people, tenancies

    ledger.do(tenancies.move_in, person, room, TODAY)
    shown = ledger.ask(parties.taken_from, person)
    assert (shown.name, shown.sex, shown.age) == ("彭兵", "1", 59) and "13857900009" not in shown.kept and ZHANG not in shown.kept
    dispute = a_dispute(ledger, told=({"side": "01", "person": person, "phone": "13800000001"}, PARTIES[1]))
    with ledger.read() as read:
        kept = next(p for p in parties.in_full(read, dispute) if p.person == person)
    assert (kept.name, kept.id_no, kept.age, kept.sex) == ("彭兵", ledgers.NUMBERS[0], 59, "1")
    assert kept.phone == "13800000001", "what was typed counts" and (kept.address or "").startswith("永康市古山镇青后叶村祠堂路1号")
    ledger.do(people.correct_person, person, name="彭冰")
    assert ledger.ask(disputes.dispute_card, dispute).parties[0].name == "彭兵"


def test_people_are_picked_by_name_number_or_the_end_of_a_phone(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, phone="13857900009")
    for text in ("彭", ledgers.NUMBERS[0], ledgers.NUMBERS[0][-6:], "900009"):
        (found,) = ledger.ask(parties.people_matching, text)
        assert found[0] == person and ledgers.NUMBERS[0] not in found[1]
    assert ledger.ask(parties.people_matching, "没有") == [] == ledger.ask(parties.people_matching, "%")


def test_a_card_masks_the_parties_and_a_paper_does_not(ledger: Ledger) -> None:
    dispute = a_dispute(ledger)
    first = ledger.ask(disputes.dispute_card, dispute).parties[0]
    assert first.name == "张大海" and isinstance(first.id_no, Masked) and isinstance(first.phone, Masked) and isinstance(first.address, Masked)
    assert ledger.ask(disputes.dispute_on_paper, dispute).parties[0].id_no == ZHANG


def test_a_party_may_be_added_corrected_and_taken_out_with_a_reason(ledger: Ledger) -> None:
    dispute = a_dispute(ledger)
    third = ledger.do(parties.add_party, dispute, side="03", name="王三").result
    ledger.do(parties.correct_party, third, name="王三三")
    assert [p.name for p in ledger.ask(parties.parties_of, dispute)] == ["张大海", "李小河", "王三三"]
    ledger.do(parties.take_party_out, third, "与本纠纷无关")
    assert [p.name for p in ledger.ask(parties.parties_of, dispute)] == ["张大海", "李小河"]
    with pytest.raises(parties.OtherSideMissing):
        ledger.do(parties.correct_party, ledger.ask(parties.parties_of, dispute)[1].id, side="01")
    with ledger.read() as read:
        assert read.get(Party, third).closed_note == "与本纠纷无关"


def test_a_page_of_the_list_is_two_questions_whatever_its_length(ledger: Ledger) -> None:
    for number in range(5):
        a_dispute(ledger, f"第{number}件")
    asked = list[str]()
    with ledger.read() as read:
        sa.event.listen(ledger.home.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement.split()[0]))
        rows = disputes.list_disputes(read, disputes.ALL)
    assert len(rows) == 5 and rows[0].parties == "张大海、李小河" and asked.count("SELECT") == 2


def test_the_filters_share_out_all_disputes(ledger: Ledger) -> None:
    ways = ((), ("受理",), ("不属于范围",), ("受理", "指派调解员", "终止", "引导"), ("受理", "指派调解员", "口头协议", "开始履行"),
            ("受理", "指派调解员", "口头协议", "开始履行", "履行完毕"), ("受理", "指派调解员", "口头协议", "开始履行", "履行完毕", "回访", "立卷"))
    for way in ways:
        walk(ledger, a_dispute(ledger), *way)
    counted = ledger.ask(disputes.count_disputes)
    assert counted == {"open": 2, "soon": 0, "perform": 1, "visit": 1, "shut": 3, "all": 7}
    assert {which: len(ledger.ask(disputes.list_disputes, which)) for which in counted} == counted


# ---------------------------------------------------------------- what belongs together

def chain(ledger: Ledger, case: object) -> set[str]:
    return {other.title for other in ledger.ask(chains.chain_of, case)}


def test_links_go_both_ways_and_make_one_chain(ledger: Ledger) -> None:
    a, b, c, d = (a_dispute(ledger, title) for title in "甲乙丙丁")
    for one, other in ((a, b), (c, d), (a, c)):
        ledger.do(chains.link_disputes, one, other)
    for case, mine in zip((a, b, c, d), "甲乙丙丁", strict=True):
        assert chain(ledger, case) == set("甲乙丙丁") - {mine}
    for one, other in ((d, a), (b, b)):
        with pytest.raises(chains.SameCase, match="已经关联"):
            ledger.do(chains.link_disputes, one, other)
    ledger.do(chains.unlink_dispute, b)
    assert chain(ledger, b) == set() and chain(ledger, a) == {"丙", "丁"}
    with pytest.raises(chains.NotLinked):
        ledger.do(chains.unlink_dispute, b)


def test_earlier_disputes_of_the_same_people_place_or_words_are_shown_at_intake(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    same = a_dispute(ledger, "排水沟相邻纠纷")
    others = ({"side": "01", "name": "赵一"}, {"side": "02", "name": "钱二", "phone": "13857900055", "address": "后街2号"})
    far = a_dispute(ledger, "工资拖欠", told=others, house=house)

    def found(**told: object) -> list[tuple[object, str]]:
        return [(o.id, o.why) for o in ledger.ask(chains.similar, **told)]

    assert found(title="邻居排水沟纠纷") == [(same, "名称相近")]
    assert found(parties=[{"id_no": ZHANG}]) == [(same, "同一当事人")] == found(parties=[{"phone": "13857900001"}])
    assert found(parties=[{"name": "钱二", "address": "后街2号"}]) == [(far, "同一当事人")] and found(parties=[{"name": "钱二"}]) == []
    assert found(house=house) == [(far, "同一房屋")] and found(house=house, but=far) == []
    assert found(title="婚姻") == [] == found()


def test_an_intake_may_link_at_once_and_a_petition_may_stand_behind_it(ledger: Ledger) -> None:
    first = a_dispute(ledger, "甲")
    second = a_dispute(ledger, "乙", linked=first)
    assert chain(ledger, first) == {"乙"}
    petition = a_petition(ledger)
    ledger.do(chains.tie_to_petition, second, petition)
    assert [i for i, _words in ledger.ask(petitions.petition_card, petition).disputes] == [second]
    found = ledger.ask(disputes.dispute_card, second).petition
    assert found is not None and found.id == petition
    ledger.do(chains.tie_to_petition, second, None)
    assert ledger.ask(petitions.petition_card, petition).disputes == ()


def test_two_stations_that_linked_a_circle_break_nothing(ledger: Ledger) -> None:
    a, b, c = (a_dispute(ledger, title) for title in "甲乙丙")
    ledger.do(disputes.correct_dispute, a, linked=b)
    ledger.do(disputes.correct_dispute, b, linked=a)
    assert chain(ledger, a) == {"乙"}
    ledger.do(chains.link_disputes, a, c)
    assert chain(ledger, c) == {"甲", "乙"} or chain(ledger, c) == {"甲"}


# ---------------------------------------------------------------- confidential (Art. 15)

def test_what_was_said_is_found_by_no_search(ledger: Ledger) -> None:
    dispute = a_dispute(ledger)
    ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调解"), mediators="王建国", content=SECRET)
    assert ledger.search(SECRET, 20) == [] == ledger.search(SECRET[:4], 20)
    assert ledger.ask(parties.cases_matching, SECRET, Dispute) == [] and ledger.ask(chains.similar, title=SECRET) == ()
    assert ledger.ask(disputes.dispute_card, dispute).sittings[0].content == SECRET


def test_a_dispute_at_a_house_of_another_grid_is_not_seen(ledger: Ledger) -> None:
    from gridapp.ledger import Acting, needs
    from gridapp.records import Grid

    @needs()
    def another(act: Acting) -> None:
        grid = act.add(Grid(name="第二网格", code="330784108238002", village=act.one(sa.select(Grid)).village))  # type: ignore[union-attr]
        act.add(Officer(number=7, name="李红", role="grid", grid=grid.id))

    from gridapp.work import village

    house = ledgers.a_house(ledger, grid=ledger.ask(village.own_grid))
    dispute = a_dispute(ledger, house=house)
    sitting = ledger.do(sittings.record_sitting, dispute, kind="01", mediators="王建国", content=SECRET).result
    ledger.do(another)
    ledger.sign_in(7)
    assert ledger.ask(disputes.list_disputes, disputes.ALL) == []
    assert ledger.ask(chains.similar, parties=[{"id_no": ZHANG}]) == ()
    for question, asked in ((disputes.dispute_card, dispute), (sittings.case_with, sitting), (parties.parties_of, dispute),
                            (parties.in_full, dispute), (sittings.sittings_of, dispute)):
        with pytest.raises(Gone):
            ledger.ask(question, asked)


def test_a_day_written_by_nobody_is_today(ledger: Ledger) -> None:
    assert ledger.ask(disputes.dispute_card, a_dispute(ledger)).record.found_on == TODAY == date(2026, 11, 24)
