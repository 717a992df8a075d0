"""Hazards: what each step asks for, several steps in one act, facts by date; notices numbered without gaps, what lists and cards show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gridapp.fields import codes, editions
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.work import evidence, hazards, patrols, steps, village
from gridapp.work.hazards import CANCELLED, CLOSED, FOUND, NOTIFIED, REFERRED, TO_RECHECK
from tests import ledgers
from tests.ledgers import TODAY
from tests.work import walking

LATER = date(2027, 2, 1)
DAY = 86_400_000


def found(ledger: Ledger, place: str = "1号", **values: Any) -> UUID:
    told = {"place": place, "content": "私拉电线", "degree": "01", "responsible": "张浩"} | values
    hazard: UUID = ledger.do(hazards.raise_hazard, **told).result
    return hazard


def state(ledger: Ledger, hazard: UUID) -> str:
    return steps.state_of(ledger.ask(hazards.hazard_card, hazard).record)


def serve(ledger: Ledger, hazard: UUID) -> str:
    number: str = ledger.do(hazards.serve_notice, hazard, LATER).result
    return number


def story(ledger: Ledger, hazard: UUID) -> list[str]:
    return [line.step for line in ledger.ask(hazards.hazard_card, hazard).story]


# ---------------------------------------------------------------- what a step asks for

#: a step without what it needs, from the state told, and what the sentence names
LACKING: list[tuple[tuple[str, ...], Callable[[Ledger, UUID], object], str]] = [
    ((), lambda ledger, h: ledger.do(hazards.serve_notice, h, None), "办“发整改通知书”还缺：期限。"),
    ((), lambda ledger, h: ledger.do(hazards.serve_notice, h, None, also=[found(ledger, responsible=None)]), "办“发整改通知书”还缺：期限"),
    ((), lambda ledger, h: ledger.do(hazards.cancel_hazard, h, "  "), "办“误报撤销”还缺：理由。"),
    ((), lambda ledger, h: ledger.do(hazards.refer, h, " "), "还缺：上报单位"),
    (("发整改通知书",), lambda ledger, h: ledger.do(hazards.sign_notice, h, ""), "还缺：签收人"),
    (("发整改通知书",), lambda ledger, h: ledger.do(hazards.give_more_time, h, LATER, ""), "还缺：理由"),
    (("当场改正",), lambda ledger, h: ledger.do(hazards.recheck, h, True, ""), "办“复查”还缺：复查人。"),
    (("当场改正",), lambda ledger, h: ledger.do(hazards.recheck, h, False, "王建国"), "办“复查”还缺：期限。"),
    (("直接上报",), lambda ledger, h: ledger.do(hazards.put_on_list, h, ""), "还缺：挂牌单位"),
    (("直接上报",), lambda ledger, h: ledger.do(hazards.send_back, h), "办“上级退回”还缺：期限"),
    (("直接上报", "挂牌督办"), lambda ledger, h: ledger.do(hazards.accept, h, ""), "还缺：验收人"),
]


@pytest.mark.parametrize(("way", "step", "said"), LACKING, ids=lambda one: one if isinstance(one, str) else None)
def test_a_step_without_its_evidence_is_refused_in_one_sentence_and_changes_nothing(
        ledger: Ledger, way: tuple[str, ...], step: Callable[[Ledger, UUID], object], said: str) -> None:
    hazard = found(ledger)
    for before in way:
        walking.VERBS[before](ledger, hazard)
    record, told = ledger.ask(hazards.hazard_on_paper, hazard).record.ver, story(ledger, hazard)
    with pytest.raises(steps.Missing, match=said):
        step(ledger, hazard)
    assert ledger.ask(hazards.hazard_on_paper, hazard).record.ver == record and story(ledger, hazard) == told


def test_a_notice_to_nobody_is_refused(ledger: Ledger) -> None:
    with pytest.raises(steps.Missing, match="还缺：被通知人。请补上再办，原记录没有改动。"):
        serve(ledger, found(ledger, responsible=None))


def test_whoever_sits_at_the_desk_found_it_and_answers_for_a_false_alarm(ledger: Ledger) -> None:
    hazard = found(ledger)
    ledger.do(hazards.cancel_hazard, hazard, "看错了")
    card = ledger.ask(hazards.hazard_card, hazard)
    assert card.record.finder == "王建国" and [(line.step, line.who) for line in card.story] == [("发现", "王建国"), ("撤销(需理由)", "王建国")]
    assert steps.state_of(card.record) == CANCELLED and card.record.recheck_note == "看错了"


def test_a_limit_before_the_finding_is_refused_and_takes_no_number(ledger: Ledger) -> None:
    hazard = found(ledger)
    with pytest.raises(Refused, match="整改期限早于发现日期"):
        ledger.do(hazards.serve_notice, hazard, date(2026, 1, 1))
    assert serve(ledger, hazard).endswith("第001号")


@pytest.mark.parametrize("day", [TODAY - timedelta(3), TODAY + timedelta(1)])
def test_a_step_before_the_finding_or_after_today_is_refused(ledger: Ledger, day: date) -> None:
    hazard, before = found(ledger, found_on=TODAY - timedelta(2)), ledger.digest
    told = before()
    with pytest.raises(steps.WrongDay, match="请改正"):
        ledger.do(hazards.mend_at_once, hazard, day=day)
    assert before() == told


def test_nobody_writes_a_state_by_hand(ledger: Ledger) -> None:
    hazard = found(ledger, state=hazards.state(CLOSED))
    assert state(ledger, hazard) == FOUND
    with pytest.raises(hazards.ByStepsOnly, match="请办理相应的一步"):
        ledger.do(hazards.correct_hazard, hazard, state=hazards.state(CLOSED))


# ---------------------------------------------------------------- photos asked for

def ask_for_photos(*names: str) -> None:
    text = editions.text_of([codes.Row(f"0{n}", name, (), False) for n, name in enumerate(names, 1)])
    codes.receive({"photo_duty": codes.Editions((text,))})


@pytest.fixture
def duty() -> Iterator[Callable[..., None]]:
    yield ask_for_photos
    codes.receive({})


def photo(ledger: Ledger, hazard: UUID, stage: str) -> UUID:
    told: UUID = ledger.do(evidence.attach_photo, hazard, "ab" * 32, 1000, evidence.stage(stage)).result
    return told


def test_where_photos_are_a_duty_the_closing_waits_for_one_of_afterwards(ledger: Ledger, duty: Callable[..., None]) -> None:
    hazard = found(ledger)
    ledger.do(hazards.mend_at_once, hazard)
    duty("复查合格")
    photo(ledger, hazard, "整改前")
    with pytest.raises(steps.Missing, match="办“复查”还缺：整改后的照片"):
        ledger.do(hazards.recheck, hazard, True, "王建国")
    after = photo(ledger, hazard, "整改后")
    ledger.do(evidence.take_down_photo, after)
    with pytest.raises(steps.Missing):
        ledger.do(hazards.recheck, hazard, True, "王建国")
    ledger.undo()
    ledger.do(hazards.recheck, hazard, True, "王建国")
    assert state(ledger, hazard) == CLOSED


def test_where_photos_of_the_finding_are_a_duty_the_first_step_waits_for_one(ledger: Ledger, duty: Callable[..., None]) -> None:
    hazard = found(ledger)
    duty("发现")
    for step in ("发整改通知书", "当场改正", "直接上报"):
        with pytest.raises(steps.Missing, match=f"办“{steps.on_the_key(step)}”还缺：发现时的照片"):
            walking.VERBS[step](ledger, hazard)
    photo(ledger, hazard, "整改前")
    assert serve(ledger, hazard).endswith("第001号")


def test_a_photo_of_nothing_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Gone):
        photo(ledger, UUID(int=1), "整改前")


# ---------------------------------------------------------------- several steps in one act, and facts by date

def test_what_the_officer_finds_put_right_is_two_steps_of_one_act(ledger: Ledger) -> None:
    hazard = found(ledger)
    done = ledger.do(hazards.recheck, hazard, True, "王建国")
    assert story(ledger, hazard) == ["发现", "当场改正", "复查合格"] and state(ledger, hazard) == CLOSED
    ledger.undo(done.act)
    assert story(ledger, hazard) == ["发现"] and state(ledger, hazard) == FOUND


def test_a_signature_nobody_wrote_down_is_a_line_too(ledger: Ledger) -> None:
    hazard = found(ledger)
    serve(ledger, hazard)
    ledger.do(hazards.recheck, hazard, True, "王建国")
    assert story(ledger, hazard) == ["发现", "发整改通知书", "签收", "申报整改完成", "复查合格"]
    assert ledger.ask(hazards.hazard_card, hazard).record.signed_by is None, "nobody is said to have signed"


def overdue(ledger: Ledger, **values: Any) -> UUID:
    hazard = found(ledger, found_on=TODAY - timedelta(20), **values)
    ledger.do(hazards.serve_notice, hazard, TODAY - timedelta(1), day=TODAY - timedelta(10))
    return hazard


def test_overdue_is_a_fact_by_date_and_becomes_a_line_when_somebody_acts(ledger: Ledger) -> None:
    hazard = overdue(ledger)
    assert state(ledger, hazard) == NOTIFIED and [r.id for r in ledger.ask(hazards.list_hazards, hazards.OVERDUE)] == [hazard]
    ledger.do(hazards.refer, hazard, "古山镇应急办")
    assert story(ledger, hazard) == ["发现", "发整改通知书", "到期未报", "上报"] and state(ledger, hazard) == REFERRED
    record = ledger.ask(hazards.hazard_card, hazard).record
    assert (record.referred_to, record.referred_on) == ("古山镇应急办", TODAY)
    assert [ledger.ask(hazards.count_hazards)[which] for which in (hazards.OVERDUE, hazards.UP)] == [0, 1]


def test_what_is_not_yet_overdue_cannot_go_up_as_such(ledger: Ledger) -> None:
    hazard = found(ledger)
    ledger.do(hazards.serve_notice, hazard, TODAY)
    before = ledger.digest()
    for step in (lambda: ledger.do(hazards.refer, hazard, "古山镇"), lambda: ledger.do(hazards.write_late, hazard)):
        with pytest.raises(hazards.NotYetLate, match=f"整改期限 {TODAY} 还没有过"):
            step()
    assert ledger.digest() == before


def test_put_right_after_its_date_both_lines_are_written(ledger: Ledger) -> None:
    hazard = overdue(ledger)
    ledger.do(hazards.tell_rectified, hazard, "已拆除")
    assert story(ledger, hazard) == ["发现", "发整改通知书", "到期未报", "申报整改完成"] and state(ledger, hazard) == TO_RECHECK
    assert ledger.ask(hazards.count_hazards)[hazards.OVERDUE] == 0


def test_nobody_home_is_a_line_and_leaves_it_open(ledger: Ledger) -> None:
    hazard = overdue(ledger)
    ledger.do(hazards.nobody_home, hazard, "敲门无人应答")
    assert story(ledger, hazard)[-1] == "无人在家" and state(ledger, hazard) == NOTIFIED
    ledger.do(hazards.recheck, hazard, True, "王建国")
    with pytest.raises(steps.WrongState, match="已销号"):
        ledger.do(hazards.nobody_home, hazard)


def test_more_time_moves_the_date_and_leaves_the_notice(ledger: Ledger) -> None:
    hazard = overdue(ledger)
    number = ledger.ask(hazards.hazard_card, hazard).record.notice_no
    ledger.do(hazards.give_more_time, hazard, LATER, "材料未到")
    record = ledger.ask(hazards.hazard_card, hazard).record
    assert (record.due_on, record.notice_no, steps.state_of(record)) == (LATER, number, NOTIFIED)
    assert ledger.ask(hazards.count_hazards)[hazards.OVERDUE] == 0
    with pytest.raises(steps.WrongState, match="不能办“延长期限”"):
        ledger.do(hazards.give_more_time, found(ledger), LATER, "材料未到")


def test_what_was_mended_at_once_and_fails_its_recheck_gets_its_notice_with_it(ledger: Ledger) -> None:
    hazard = found(ledger)
    ledger.do(hazards.mend_at_once, hazard)
    ledger.do(hazards.recheck, hazard, False, "王建国", due_on=LATER)
    record = ledger.ask(hazards.hazard_card, hazard).record
    assert state(ledger, hazard) == NOTIFIED and (record.notice_no or "").endswith("第001号") and record.due_on == LATER


def test_sent_back_by_those_above_it_is_the_villages_again(ledger: Ledger) -> None:
    hazard = found(ledger)
    ledger.do(hazards.refer, hazard, "古山镇")
    ledger.do(hazards.send_back, hazard, LATER, "由村里督促整改")
    assert state(ledger, hazard) == NOTIFIED and ledger.ask(hazards.hazard_card, hazard).record.notice_no
    again = found(ledger)
    ledger.do(hazards.refer, again, "古山镇")
    ledger.do(hazards.put_on_list, again, "永康市安委会", LATER)
    ledger.do(hazards.accept, again, "永康市安委会")
    assert state(ledger, again) == CLOSED and story(ledger, again) == ["发现", "直接上报", "挂牌督办", "验收达标"]


# ---------------------------------------------------------------- numbers of notices

def test_numbers_have_no_gaps_after_undo_and_redo(ledger: Ledger) -> None:
    first, second, third = (found(ledger, f"{n}号") for n in range(3))
    assert serve(ledger, first)[-4:] == "001号"
    served = ledger.do(hazards.serve_notice, second, LATER)
    ledger.undo()
    ledger.redo()
    assert ledger.ask(hazards.hazard_card, second).record.notice_no == served.result
    assert serve(ledger, third)[-4:] == "003号"
    ledger.undo(served.act)
    assert serve(ledger, found(ledger))[-4:] == "002号", "the freed number in the middle is given out again"
    assert serve(ledger, second)[-4:] == "004号"


def test_a_number_stays_with_its_hazard_when_it_fails_its_recheck(ledger: Ledger) -> None:
    hazard = found(ledger)
    number = serve(ledger, hazard)
    with pytest.raises(steps.WrongState, match="不能办“发整改通知书”"):
        serve(ledger, hazard)
    ledger.do(hazards.recheck, hazard, False, "王建国", due_on=date(2026, 12, 9))
    record = ledger.ask(hazards.hazard_card, hazard).record
    assert (record.due_on, record.notice_no, record.notice_on) == (date(2026, 12, 9), number, TODAY)


def test_each_year_and_each_issuer_begins_at_one(empty_ledger: Path, tmp_path: Path) -> None:
    clock = ledgers.Clock()
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path / "a.grid"), clock) as ledger:
        numbers = [serve(ledger, found(ledger)) for _ in range(2)]
        clock.ms += 37 * DAY  # 31 December 2026, noon
        numbers.append(serve(ledger, found(ledger)))
        clock.ms += DAY
        numbers.append(serve(ledger, found(ledger)))
        ledger.do(village.correct_village, issuer="100%_古")
        numbers += [serve(ledger, found(ledger)) for _ in range(2)]
    assert numbers == [*(f"古青后叶隐改〔2026〕第{n:03d}号" for n in (1, 2, 3)), "古青后叶隐改〔2027〕第001号",
                       "100%_古隐改〔2027〕第001号", "100%_古隐改〔2027〕第002号"]


def test_a_number_written_by_hand_stops_nobody(ledger: Ledger) -> None:
    ledger.do(hazards.correct_hazard, found(ledger), notice_no="古青后叶隐改〔2026〕第补1号")
    assert serve(ledger, found(ledger)) == "古青后叶隐改〔2026〕第001号"


def test_a_notice_goes_to_the_owner_of_the_house(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    hazard = ledger.do(hazards.raise_hazard, place="1号", content="私拉电线", degree="01", house=house).result
    serve(ledger, hazard)
    card = ledger.ask(hazards.hazard_on_paper, hazard)
    assert (card.record.responsible, card.record.phone) == ("张浩", "18957709790")
    assert card.house is not None and card.house.id == house and card.village is not None and card.village.name == "青后叶村"


def test_a_withdrawn_hazard_is_gone(ledger: Ledger) -> None:
    hazard = found(ledger)
    ledger.undo()
    with pytest.raises(Gone):
        ledger.ask(hazards.hazard_card, hazard)


# ---------------------------------------------------------------- patrols

def test_a_patrol_card_names_its_findings_its_writer_and_the_chief(village: Ledger) -> None:
    patrol = village.ask(patrols.list_patrols)[0].id
    card = village.ask(patrols.patrol_card, patrol)
    assert [f.problem[:4] for f in card.findings] == ["楼道内停", "路灯不亮"] and (card.recorder, card.chief) == ("王建国", "王建国")
    assert [f.hazard is not None for f in card.findings] == [True, False]
    more = village.do(patrols.add_finding, patrol, place="村口", problem="井盖缺失", hazard=True, due_on=LATER)
    assert village.ask(patrols.patrol_of, more.result) == patrol
    assert len(village.ask(patrols.patrol_card, patrol).findings) == 3
    assert [h.due_on for h in village.ask(hazards.list_hazards) if h.content == "井盖缺失"] == [LATER]


def test_who_went_last_is_offered_for_the_next_patrol(ledger: Ledger) -> None:
    assert ledger.ask(patrols.usual_people) == "王建国" == ledger.ask(hazards.who_checks)
    ledger.do(patrols.log_patrol, day=TODAY, start="09:00", people="王建国、李红")
    ledger.do(patrols.log_patrol, day=date(2026, 1, 1), start="09:00", people="别人")
    assert ledger.ask(patrols.usual_people) == "王建国、李红"
