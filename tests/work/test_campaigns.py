"""Campaigns: targets chosen and shared out, done by inspections alone, counted as one would by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.ledger import Acting, Ledger
from gridapp.records import Grid, Inspection, Officer, Site, Target
from gridapp.work import campaigns, progress
from gridapp.work.campaigns import Choice, NoTargets, ReasonNeeded, StillOpen
from gridapp.work.progress import Progress
from tests import ledgers
from tests.ledgers import TODAY

START, END = TODAY - timedelta(10), TODAY + timedelta(10)


def add(act: Acting, record: Any) -> UUID:
    return act.add(record).id


def begin(ledger: Ledger, choice: Choice, *officers: UUID, **values: Any) -> UUID:
    told = {"title": "出租房屋整治", "theme": "01", "start": START, "end": END} | values
    return ledger.do(campaigns.begin_campaign, choice, officers, **told).result


def a_site(ledger: Ledger, kind: str = "01", grid: UUID | None = None) -> UUID:
    return ledger.do(add, Site(kind=kind, name="方岩五金店", address="方岩大道3号", grid=grid)).result


def inspect(ledger: Ledger, day: date = TODAY, **place: Any) -> UUID:
    return ledger.do(add, Inspection(day=day, checklist="rental", edition=1, people="王建国", **place)).result


@pytest.fixture
def houses(ledger: Ledger) -> list[UUID]:
    return [ledgers.a_house(ledger, f"QHY{n:04d}", address=f"祠堂路{n}号") for n in range(1, 8)]


def test_targets_are_what_the_choice_comes_to(ledger: Ledger, houses: list[UUID]) -> None:
    shop, _works = a_site(ledger), a_site(ledger, "03")
    for choice, come_to in ((Choice(classes=("01",)), 8), (Choice(rooms=6, classes=("01", "03")), 9), (Choice(rooms=7, classes=("03",)), 1)):
        assert len(ledger.ask(progress.targets, campaign=begin(ledger, choice))) == come_to
    campaign = begin(ledger, Choice(houses=False, classes=("01",)))
    assert [(t.site, t.house, t.name) for t in ledger.ask(progress.targets, campaign=campaign)] == [(shop, None, "方岩五金店")]
    assert ledger.ask(progress.campaign_card, campaign).record.choice == "沿街店铺"


def test_a_choice_of_nothing_begins_nothing(ledger: Ledger, houses: list[UUID]) -> None:
    before = ledger.digest()
    with pytest.raises(NoTargets, match="没有符合“出租房屋（20 间以上）”"):
        begin(ledger, Choice(rooms=20))
    assert ledger.digest() == before


def test_targets_are_shared_out_by_grid_first_then_in_runs(ledger: Ledger) -> None:
    own = ledger.ask(lambda read: read.records(sa.select(Grid)))[0]
    other = ledger.do(add, Grid(village=own.village, name="第二网格", code=own.code[:-1] + "2")).result
    of_grid = ledger.do(add, Officer(number=71, name="李红", role="grid", grid=other)).result
    free = [ledger.do(add, Officer(number=72 + n, name=f"张{n}", role="grid")).result for n in range(2)]
    for n in range(6):
        ledgers.a_house(ledger, f"QHY{n:04d}", address=f"祠堂路{n}号", grid=other if n == 2 else own.id)
    campaign = begin(ledger, Choice(), of_grid, *free)
    rows = ledger.ask(progress.targets, progress.ALL, campaign=campaign)
    assert [r.officer for r in rows] == ["张0", "张0", "李红", "张0", "张1", "张1"]
    assert dict(ledger.ask(progress.by_officer, campaign))["张0"].total == 3


def test_a_target_is_done_by_an_inspection_between_the_days_and_by_nothing_else(ledger: Ledger, houses: list[UUID]) -> None:
    campaign = begin(ledger, Choice())
    assert ledger.ask(progress.progress, campaign) == Progress(total=7, open=7)
    inspect(ledger, START - timedelta(1), house=houses[0])
    inspect(ledger, nobody_home=True, house=houses[1])
    assert ledger.ask(progress.progress, campaign).done == 0
    inspect(ledger, house=houses[0])
    inspect(ledger, house=houses[0])
    assert ledger.ask(progress.progress, campaign) == Progress(total=7, done=1, open=6)
    ledger.undo()
    ledger.undo()
    assert ledger.ask(progress.progress, campaign).done == 0, "what is undone is not done"


def test_an_excused_target_needs_a_reason_and_counts_no_more(ledger: Ledger, houses: list[UUID]) -> None:
    campaign = begin(ledger, Choice())
    target = ledger.ask(progress.targets, campaign=campaign)[0].id
    with pytest.raises(ReasonNeeded, match="例如“已拆除”"):
        ledger.do(campaigns.excuse, target, " ")
    ledger.do(campaigns.excuse, target, "已拆除")
    told = ledger.ask(progress.progress, campaign)
    assert (told.excused, told.open, told.per_cent) == (1, 6, 0)
    assert [t.excused for t in ledger.ask(progress.targets, progress.EXCUSED, campaign=campaign)] == ["已拆除"]


def test_what_is_not_done_by_the_last_day_is_late(ledger: Ledger, houses: list[UUID]) -> None:
    campaign = begin(ledger, Choice(), start=START, end=TODAY)
    assert ledger.ask(progress.progress, campaign).late == 0
    ledger._wall.ms += 86_400_000
    assert ledger.ask(progress.progress, campaign).late == 7 and len(ledger.ask(progress.targets, progress.LATE, campaign=campaign)) == 7


def test_an_ended_campaign_is_changed_no_more(ledger: Ledger, houses: list[UUID]) -> None:
    campaign = begin(ledger, Choice())
    ledger.do(campaigns.end_campaign, campaign, "查了 7 户。")
    with pytest.raises(StillOpen, match="已经结束归档"):
        ledger.do(campaigns.correct_campaign, campaign, title="改名")
    assert ledger.ask(progress.count_campaigns) == {progress.RUNNING: 0, progress.ENDED: 1, progress.EVERY: 1}


@pytest.mark.parametrize("seed", range(4))
def test_progress_equals_counting_by_hand(ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    own = ledger.ask(lambda read: read.records(sa.select(Grid)))[0]
    places = [{"house": ledgers.a_house(ledger, f"QHY{n:04d}", address=f"祠堂路{n}号", grid=chance.choice([own.id, None]))} for n in range(6)]
    places += [{"site": a_site(ledger, grid=chance.choice([own.id, None]))} for _ in range(4)]
    campaign = begin(ledger, Choice(classes=("01",)), end=TODAY + timedelta(chance.choice([0, 5])))
    for _ in range(8):
        inspect(ledger, TODAY - timedelta(chance.randint(0, 20)), nobody_home=chance.random() < .3 or None, **chance.choice(places))
    for row in chance.sample(ledger.ask(progress.targets, progress.ALL, campaign=campaign), 3):
        ledger.do(campaigns.excuse, row.id, "已关门")
    ledger._wall.ms += chance.choice([0, 86_400_000])

    def recount(read: Any) -> Progress:

        told = {"done": 0, "excused": 0, "late": 0, "open": 0}
        made = read.records(sa.select(Inspection))
        record = progress.campaign_card(read, campaign).record
        for target in read.records(sa.select(Target).where(Target.campaign == campaign)):
            seen = any((i.house, i.site) == (target.house, target.site) and not i.nobody_home and record.start <= i.day <= record.end for i in made)
            told["excused" if target.excused else "done" if seen else "late" if target.due_on < read.today else "open"] += 1
        return Progress(sum(told.values()), **told)

    whole = ledger.ask(recount)
    assert ledger.ask(progress.progress, campaign) == whole and whole.total == 10
    assert sum(one.total for _name, one in ledger.ask(progress.by_grid, campaign)) == 10
    assert sum(one.done for _name, one in ledger.ask(progress.by_grid, campaign)) == whole.done


def test_more_houses_and_sites_join_a_campaign_and_what_is_there_stays(ledger: Ledger, houses: list[UUID]) -> None:
    campaign, shop = begin(ledger, Choice(rooms=1)), a_site(ledger)
    before = {t.house: t for t in ledger.ask(progress.targets, campaign=campaign)}
    late = ledgers.a_house(ledger, "QHY0100", address="祠堂路100号")
    assert ledger.do(campaigns.add_targets, campaign, [late, houses[0], late], [shop], due_on=END).result == (1 if houses[0] in before else 2) + 1
    after = ledger.ask(progress.targets, campaign=campaign)
    assert {late, *before} <= {t.house for t in after} and shop in {t.site for t in after} and len(after) == len({t.house or t.site for t in after})
    assert ledger.do(campaigns.add_targets, campaign, [late], [shop]).result == 0
    ledger.do(campaigns.end_campaign, campaign, "完成")
    with pytest.raises(StillOpen):
        ledger.do(campaigns.add_targets, campaign, [late])
