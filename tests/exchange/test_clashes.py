"""The inbox of clashes: both sides in words, who and when; one decision closes it everywhere; the easy ones are suggested with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.exchange import clashes, easy
from gridapp.exchange.clashes import Clash
from gridapp.fields.kinds import BadValue
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone
from gridapp.work import houses, people, tenancies
from tests import ledgers
from tests.ledger.test_meeting import agree, give
from tests.meeting import all_meet, later, pcs


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> list[Ledger]:
    return pcs(tmp_path, ledger)


def inbox(ledger: Ledger) -> list[Clash]:
    return ledger.ask(clashes.open_clashes, ledger.device)


def both_write(pair: list[Ledger], **fields: tuple[object, object]) -> UUID:
    """A person whose fields the two PCs wrote apart, the second a minute later; then they met."""
    one, other = pair
    person = ledgers.a_person(one, phone="13800000000", remark="原来的备注")
    give(one, other)
    one.do(people.correct_person, person, **{n: v[0] for n, v in fields.items()})
    later(other, 1)
    other.do(people.correct_person, person, **{n: v[1] for n, v in fields.items()})
    all_meet(*pair)
    return person


def test_both_sides_and_what_was_before_are_told_with_who_where_and_when(pair: list[Ledger]) -> None:
    one, other = pair
    person = both_write(pair, phone=("13800001111", "13800002222"))
    [told] = inbox(one)
    assert (told.entity, told.id, told.label, told.field_label, told.kind) == ("person", person, "彭兵", "联系电话", clashes.BOTH)
    assert (told.ours.words, [s.words for s in told.theirs], told.before_words) == ("138****1111", ["138****2222"], "138****0000")
    assert (told.ours.station, told.theirs[0].station, told.ours.officer) == ("本机", "未登记的站点", "王建国")
    assert told.theirs[0].at - told.ours.at == timedelta(minutes=1)
    [seen_there] = inbox(other)
    assert seen_there.ours.words == "138****2222" and seen_there.sides[0].words == told.sides[0].words
    assert one.ask(clashes.count) == other.ask(clashes.count) == 1


def test_before_is_the_newest_value_both_had_seen_not_the_first(pair: list[Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one, phone="13800000000")
    one.do(people.correct_person, person, phone="13800000001")
    give(one, other)
    for ledger, phone in ((one, "13800001111"), (other, "13800002222")):
        ledger.do(people.correct_person, person, phone=phone)
    give(other, one)
    assert inbox(one)[0].before == "13800000001"


def test_what_only_one_side_had_written_on_the_way_is_not_what_was_before(pair: list[Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one, phone="13800000000")
    give(one, other)
    for ledger, phone in ((one, "13800000001"), (one, "13800001111"), (other, "13800002222")):
        ledger.do(people.correct_person, person, phone=phone)
    give(other, one)
    assert inbox(one)[0].before == "13800000000"


@pytest.mark.parametrize("chosen", ["ours", "theirs", "third"])
def test_a_decision_closes_it_everywhere_whichever_value_it_takes(pair: list[Ledger], chosen: str) -> None:
    one, other = pair
    person = both_write(pair, phone=("13800001111", "13800002222"))
    value = {"ours": "13800001111", "theirs": "13800002222", "third": "13800003333"}[chosen]
    [told] = inbox(one)
    done = one.do(clashes.settle, told.entity, told.id, told.field, value, seen=told.ver)
    assert done.act is not None and one.acts(1)[0].title == "处理冲突"
    give(one, other)
    for ledger in pair:
        assert inbox(ledger) == [] and ledgers.whole(ledger, person).phone == value
    agree(one, other)


def test_what_a_third_pc_decides_closes_it_for_the_two_that_wrote(ledger: Ledger, tmp_path: Path) -> None:
    one, other, third = pcs(tmp_path, ledger, 3)
    both_write([one, other], phone=("13800001111", "13800002222"))
    all_meet(one, other, third)
    [told] = inbox(third)
    assert not any(side.own for side in told.sides) and told.ours is told.sides[0]
    third.do(clashes.settle, told.entity, told.id, told.field, told.theirs[0].value)
    all_meet(one, other, third)
    assert [inbox(x) for x in (one, other, third)] == [[], [], []]
    agree(one, other, third)


def test_a_decision_beside_a_fourth_edit_stays_open(ledger: Ledger, tmp_path: Path) -> None:
    one, other, third = pcs(tmp_path, ledger, 3)
    person = both_write([one, other], phone=("13800001111", "13800002222"))
    give(one, third)
    third.do(people.correct_person, person, workplace="世雅铸造厂")
    one.do(clashes.settle, "person", person, "phone", "13800001111")
    third.do(people.correct_person, person, phone="13800004444")
    all_meet(one, other, third)
    [told] = inbox(other)
    assert {s.value for s in told.sides} == {"13800001111", "13800004444"}
    agree(one, other, third)


def test_deciding_twice_is_told_and_writes_nothing(pair: list[Ledger]) -> None:
    one, _other = pair
    person = both_write(pair, phone=("13800001111", "13800002222"))
    one.do(clashes.settle, "person", person, "phone", "13800001111")
    digest, acts = one.digest(), len(one.acts())
    with pytest.raises(clashes.SettledAlready):
        one.do(clashes.settle, "person", person, "phone", "13800002222")
    with pytest.raises(clashes.NotThatField):
        one.do(clashes.settle, "person", person, "colour", "red")
    assert (one.digest(), len(one.acts())) == (digest, acts)


def test_what_came_while_the_officer_looked_is_not_decided_unseen(ledger: Ledger, tmp_path: Path) -> None:
    one, other, third = pcs(tmp_path, ledger, 3)
    person = ledgers.a_person(one, phone="13800000000")
    all_meet(one, other, third)
    for pc, phone in ((one, "13800001111"), (other, "13800002222"), (third, "13800003333")):
        pc.do(people.correct_person, person, phone=phone)
    give(other, one)
    [told] = inbox(one)
    give(third, one)
    with pytest.raises(clashes.AskedAnew):
        one.do(clashes.settle, "person", person, "phone", "13800001111", seen=told.ver)
    [again] = inbox(one)
    assert len(again.sides) == 3
    one.do(clashes.settle, "person", person, "phone", "13800001111", seen=again.ver)
    assert inbox(one) == []


def test_a_third_value_is_read_as_typed_and_refused_as_in_a_form(pair: list[Ledger]) -> None:
    one, _other = pair
    person = both_write(pair, ethnic=("01", "02"), arrived_on=(date(2026, 11, 1), date(2026, 11, 2)))
    with pytest.raises(BadValue):
        one.do(clashes.settle, "person", person, "ethnic", "不知道的")
    one.do(clashes.settle, "person", person, "arrived_on", "2026年11月3日")
    one.do(clashes.settle, "person", person, "ethnic", "苗族")
    told = ledgers.whole(one, person)
    assert (told.arrived_on, told.ethnic) == (date(2026, 11, 3), "06") and inbox(one) == []


def test_a_record_of_another_scope_is_not_decided_here(pair: list[Ledger]) -> None:
    one, _other = pair
    person = both_write(pair, phone=("13800001111", "13800002222"))
    one.hold_scopes(["t:330784108"])
    with pytest.raises((clashes.SettledAlready, Gone)):
        one.do_in("t:330784108", clashes.settle, "person", person, "phone", "13800001111")
    assert len(inbox(one)) == 1


def edited_after_closing(pair: list[Ledger]) -> UUID:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.close_person, person, ledgers.TODAY, "01")
    later(other, 1)
    other.do(people.correct_person, person, phone="13800001111")
    all_meet(*pair)
    return person


def test_edited_after_closing_tells_the_day_and_the_edit(pair: list[Ledger]) -> None:
    edited_after_closing(pair)
    for ledger in pair:
        [told] = inbox(ledger)
        assert (told.kind, told.field, told.sides[0].words) == (clashes.ENDED, "closed_on", "2026-11-24")
        assert told.sides[1].words == "联系电话改为“138****1111”"


@pytest.mark.parametrize("keep", [True, False])
def test_an_ending_is_kept_or_taken_back_everywhere_and_the_edit_stays(pair: list[Ledger], keep: bool) -> None:
    one, other = pair
    person = edited_after_closing(pair)
    [told] = inbox(other)
    other.do(clashes.settle, told.entity, told.id, told.field, told.sides[0].value if keep else None, seen=told.ver)
    give(other, one)
    for ledger in pair:
        record = ledgers.whole(ledger, person)
        assert inbox(ledger) == [] and record.phone == "13800001111"
        assert (record.closed_on, record.closed_why) == ((ledgers.TODAY, "01") if keep else (None, None))
    agree(one, other)


def test_edited_after_a_withdrawn_registration_is_asked_and_can_be_brought_back(pair: list[Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.undo()
    other.do(people.correct_person, person, phone="13800001111")
    all_meet(*pair)
    [told] = inbox(other)
    assert (told.kind, told.field, told.field_label) == (clashes.ENDED, "deleted", "已撤销")
    other.do(clashes.settle, told.entity, told.id, told.field, None)
    give(other, one)
    assert ledgers.whole(one, person).phone == "13800001111" and inbox(one) == []
    agree(one, other)


# ---------------------------------------------------------------- the easy ones

def of_field(ledger: Ledger, field: str) -> Clash:
    return next(c for c in inbox(ledger) if c.field == field)


def test_of_one_side_emptied_and_one_filled_the_filled_is_suggested(pair: list[Ledger]) -> None:
    both_write(pair, remark=(None, "住在二楼"))
    told = easy.suggestion(of_field(pair[0], "remark"))
    assert told is not None and (told.value, told.safe) == ("住在二楼", True) and "清空" in told.why


def test_of_a_text_that_holds_the_other_the_longer_is_suggested_but_not_of_numbers(pair: list[Ledger]) -> None:
    both_write(pair, workplace=("世雅铸造厂", "永康市世雅铸造厂"), permit_no=("330784", "33078412"))
    told = easy.suggestion(of_field(pair[0], "workplace"))
    assert told is not None and (told.value, told.safe) == ("永康市世雅铸造厂", True)
    assert easy.suggestion(of_field(pair[0], "permit_no")) is None


def test_of_two_phones_the_later_is_suggested_and_never_taken_unasked(pair: list[Ledger]) -> None:
    both_write(pair, phone=("13800001111", "13800002222"))
    told = easy.suggestion(of_field(pair[0], "phone"))
    assert told is not None and (told.value, told.safe) == ("13800002222", False)
    assert pair[0].do(easy.settle_easy).result == [] and len(inbox(pair[0])) == 1


def test_of_two_days_of_leaving_the_earlier_is_suggested(pair: list[Ledger]) -> None:
    one, other = pair
    room = ledgers.rooms_of(one, ledgers.a_house(one))[0]
    person = ledgers.a_tenant(one, room, start=date(2026, 11, 1))
    give(one, other)
    stay = one.ask(people.person_card, person).stays[0].id
    one.do(tenancies.move_out, stay, date(2026, 11, 20))
    other.do(tenancies.move_out, stay, date(2026, 11, 10))
    all_meet(*pair)
    [told] = inbox(one)
    assert "彭兵" in told.label and told.field_label == "离开日期"
    found = easy.suggestion(told)
    assert found is not None and (found.value, found.safe) == (date(2026, 11, 10), True)


def test_a_moving_out_beside_its_cancelling_is_suggested_but_asked(pair: list[Ledger]) -> None:
    one, other = pair
    room = ledgers.rooms_of(one, ledgers.a_house(one))[0]
    person = ledgers.a_tenant(one, room, start=date(2026, 11, 1))
    stay = one.ask(people.person_card, person).stays[0].id
    one.do(tenancies.move_out, stay, date(2026, 11, 20))
    give(one, other)
    one.do(tenancies.cancel_move_out, stay)
    other.do(correct_end, stay, date(2026, 11, 10))
    all_meet(*pair)
    told = easy.suggestion(of_field(one, "end"))
    assert told is not None and (told.value, told.safe) == (date(2026, 11, 10), False)


def correct_end(act: object, stay: UUID, day: date) -> None:
    """As a form that corrects a stay would."""
    from gridapp.records import Tenancy

    act.change(act.get(Tenancy, stay), end=day)  # type: ignore[attr-defined]


def test_all_safe_suggestions_are_taken_as_one_act_and_the_rest_is_left(pair: list[Ledger]) -> None:
    one, other = pair
    person = both_write(pair, remark=(None, "住在二楼"), workplace=("世雅铸造厂", "永康市世雅铸造厂"), phone=("13800001111", "13800002222"))
    acts = len(one.acts())
    done = one.do(easy.settle_easy).result
    assert {c.field for c in done} == {"remark", "workplace"} and len(one.acts()) == acts + 1
    give(one, other)
    for ledger in pair:
        record = ledgers.whole(ledger, person)
        assert [c.field for c in inbox(ledger)] == ["phone"] and (record.remark, record.workplace) == ("住在二楼", "永康市世雅铸造厂")
    agree(one, other)


def test_a_suggestion_the_record_forbids_is_left_to_a_person(pair: list[Ledger]) -> None:
    """One PC ends a stay early, the other begins it later: the earlier end would lie before the beginning."""
    one, other = pair
    room = ledgers.rooms_of(one, ledgers.a_house(one))[0]
    person = ledgers.a_tenant(one, room, start=date(2026, 11, 1))
    give(one, other)
    stay = one.ask(people.person_card, person).stays[0].id
    one.do(tenancies.move_out, stay, date(2026, 11, 5))
    other.do(correct_start, stay, date(2026, 11, 15))
    other.do(tenancies.move_out, stay, date(2026, 11, 20))
    all_meet(*pair)
    assert one.do(easy.settle_easy).result == [] and [c.field for c in inbox(one)] == ["end"]


def correct_start(act: object, stay: UUID, day: date) -> None:
    from gridapp.records import Tenancy

    act.change(act.get(Tenancy, stay), start=day)  # type: ignore[attr-defined]


def test_every_rule_of_the_table_is_for_fields_that_are_there() -> None:
    from gridapp.fields.field import fields_of
    from gridapp.records import BY_NAME

    for rule in easy.load():
        assert rule.why.endswith("。") and (rule.entity == "*" or rule.field in fields_of(BY_NAME[rule.entity]))
    assert {r.kind for r in easy.load()} == {clashes.BOTH, clashes.ENDED}


@pytest.mark.parametrize("line", ["*\tend\tboth\tguess\tyes\t。", "*\tend\tboth\tlater\tperhaps\t。", "*\tend\tnever\tlater\tyes\t。", "x"])
def test_a_line_that_is_no_rule_is_named(tmp_path: Path, line: str) -> None:
    table = tmp_path / "clashes.tsv"
    table.write_text("entity\tfield\tkind\trule\tsafe\twhy\n" + line + "\n", "utf-8")
    with pytest.raises(easy.BadRules, match="第 2 行"):
        easy.load(table)


def test_houses_clash_too(pair: list[Ledger]) -> None:
    one, other = pair
    house = ledgers.a_house(one)
    give(one, other)
    one.do(houses.correct_house, house, max_people=4)
    other.do(houses.correct_house, house, max_people=6)
    all_meet(*pair)
    [told] = inbox(one)
    assert (told.entity, told.field_label, {s.words for s in told.sides}) == ("house", "限住人数", {"4", "6"})
    one.do(clashes.settle, "house", house, "max_people", "5")
    assert one.ask(houses.house_card, house).record.max_people == 5
