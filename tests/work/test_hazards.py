"""Hazards: every step the simple form has and none it has not, notices numbered without gaps, what lists and cards show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.work import hazards, patrols, village
from gridapp.work.hazards import CANCELLED, CLOSED, FOUND, NOTIFIED, TO_RECHECK
from tests import ledgers
from tests.ledgers import TODAY

LATER = date(2027, 2, 1)
DAY = 86_400_000


def found(ledger: Ledger, place: str = "1号") -> UUID:
    hazard: UUID = ledger.do(hazards.raise_hazard, place=place, content="私拉电线", degree="01").result
    return hazard


def state(ledger: Ledger, hazard: UUID) -> str:
    from gridapp.fields import codes

    return codes.table("hazard_state").label(ledger.ask(hazards.hazard_card, hazard).record.state)


def serve(ledger: Ledger, hazard: UUID) -> str:
    number: str = ledger.do(hazards.serve_notice, hazard, LATER).result
    return number


STEPS: dict[str, Callable[[Ledger, UUID], object]] = {
    "发整改通知书": serve,
    "申报整改完成": lambda ledger, h: ledger.do(hazards.tell_rectified, h),
    "复查合格": lambda ledger, h: ledger.do(hazards.recheck, h, True, "王建国"),
    "复查不合格": lambda ledger, h: ledger.do(hazards.recheck, h, False, "王建国"),
    "撤销": lambda ledger, h: ledger.do(hazards.cancel_hazard, h, "看错了"),
}
#: how to bring a new hazard into each state
WAYS: dict[str, tuple[str, ...]] = {
    FOUND: (), NOTIFIED: ("发整改通知书",), TO_RECHECK: ("发整改通知书", "申报整改完成"),
    CLOSED: ("发整改通知书", "申报整改完成", "复查合格"), CANCELLED: ("撤销",)}
#: state_machines.json with 签收 left out and 申报整改完成 and 复查 in one step allowed; what is not here is refused
TO = {
    (FOUND, "发整改通知书"): NOTIFIED, (FOUND, "申报整改完成"): TO_RECHECK, (FOUND, "撤销"): CANCELLED,
    (FOUND, "复查合格"): CLOSED, (FOUND, "复查不合格"): FOUND,
    (NOTIFIED, "发整改通知书"): NOTIFIED, (NOTIFIED, "申报整改完成"): TO_RECHECK, (NOTIFIED, "复查合格"): CLOSED,
    (NOTIFIED, "复查不合格"): NOTIFIED,
    (TO_RECHECK, "复查合格"): CLOSED, (TO_RECHECK, "复查不合格"): NOTIFIED,
}


@pytest.mark.parametrize("now", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_where_the_state_machine_says_or_is_refused(ledger: Ledger, now: str, step: str) -> None:
    hazard = found(ledger)
    for before in WAYS[now]:
        STEPS[before](ledger, hazard)
    assert state(ledger, hazard) == now
    if (now, step) in TO:
        STEPS[step](ledger, hazard)
        assert state(ledger, hazard) == TO[now, step]
    else:
        digest = ledger.digest()
        with pytest.raises(hazards.WrongState, match=f"现在是“{now}”，不能办理这一步"):
            STEPS[step](ledger, hazard)
        assert ledger.digest() == digest


def test_what_was_mended_at_once_and_fails_its_recheck_can_still_get_a_notice(ledger: Ledger) -> None:
    hazard = found(ledger)
    STEPS["申报整改完成"](ledger, hazard)
    STEPS["复查不合格"](ledger, hazard)
    assert state(ledger, hazard) == FOUND and serve(ledger, hazard).endswith("第001号")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_false_alarm_needs_a_reason(ledger: Ledger, reason: str) -> None:
    hazard = found(ledger)
    with pytest.raises(hazards.ReasonNeeded, match="请写明理由"):
        ledger.do(hazards.cancel_hazard, hazard, reason)
    assert state(ledger, hazard) == FOUND


def test_a_limit_before_the_finding_is_refused_and_takes_no_number(ledger: Ledger) -> None:
    hazard = found(ledger)
    with pytest.raises(Refused, match="整改期限早于发现日期"):
        ledger.do(hazards.serve_notice, hazard, date(2026, 1, 1))
    assert serve(ledger, hazard).endswith("第001号")


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


def test_a_number_stays_with_its_hazard_when_the_limit_is_set_anew(ledger: Ledger) -> None:
    hazard = found(ledger)
    number = serve(ledger, hazard)
    assert ledger.do(hazards.serve_notice, hazard, date(2026, 12, 9), "拆除。").result == number
    record = ledger.ask(hazards.hazard_card, hazard).record
    assert (record.due_on, record.demand, record.notice_on) == (date(2026, 12, 9), "拆除。", TODAY)


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
