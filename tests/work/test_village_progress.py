"""Campaigns by village: a town sees how far each is with a theme, whole villages in their order, what is late in each, and the sheet to post."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp import printing
from gridapp.ledger import Acting, Ledger
from gridapp.ledger.writes import scope_names
from gridapp.records import Campaign, House, Inspection, Target
from gridapp.work import campaigns, progress, village
from gridapp.work.campaigns import Choice
from gridapp.work.progress import Progress, Share
from tests import ledgers
from tests.ledgers import TODAY
from tests.printing import reading

#: 青后叶村, 前杭村, 墁塘村
FIRST, SECOND, THIRD = VILLAGES = ("v:330784108238", "v:330784108247", "v:330784108249")
START, END = TODAY - timedelta(10), TODAY + timedelta(10)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """A town's ledger that holds three villages with two houses each."""
    with Ledger.create(tmp_path / "town.grid", ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP) as made:
        made.hold_scopes(VILLAGES)
        for scope in VILLAGES:
            made.do_in(scope, village.found_village, scope[2:], "第一网格", "王建国")
            for n in (1, 2):
                made.do_in(scope, add, House(house_no=f"{scope[-3:]}{n}", address=f"祠堂路{n}号", owner_name="张浩", registered_on=TODAY))
        yield made


def add(act: Acting, record: Any) -> UUID:
    return act.add(record).id


def begin(town: Ledger, scope: str, **values: Any) -> UUID:
    told = {"title": "出租房屋整治", "theme": "01", "start": START, "end": END} | values
    return town.do_in(scope, campaigns.begin_campaign, Choice(), (), **told).result


def houses_in(town: Ledger, scope: str) -> list[UUID]:
    with town.read() as read:
        number = {name: no for no, name in scope_names(read).items()}[scope]
        return list(read.records(sa.select(House.id).where(House.scope == number).order_by(House.house_no)))


def inspect(town: Ledger, scope: str, house: UUID) -> None:
    town.do_in(scope, add, Inspection(day=TODAY, checklist="rental", edition=1, people="王建国", house=house))


def told(shares: list[Share]) -> list[tuple[str, int, int]]:
    return [(one.id, one.place, one.progress.done) for one in shares]


def test_villages_stand_in_the_order_of_their_share_and_who_has_not_begun_last(town: Ledger) -> None:
    campaign = begin(town, SECOND)
    begin(town, FIRST, title="我村的整治")
    inspect(town, FIRST, houses_in(town, FIRST)[0])
    shares = town.ask(progress.by_village, campaign)
    assert told(shares) == [(FIRST, 1, 1), (SECOND, 2, 0), (THIRD, 3, 0)]
    assert [one.begun for one in shares] == [True, True, False] and shares[0].name == "青后叶村"
    inspect(town, SECOND, houses_in(town, SECOND)[1])
    assert [(one.id, one.place) for one in town.ask(progress.by_village, campaign)] == [(FIRST, 1), (SECOND, 1), (THIRD, 3)], "equals share a place"
    assert progress.together(shares) == Progress(total=4, done=1, open=3)


@pytest.mark.parametrize("other", [{"theme": "02"}, {"start": TODAY - timedelta(60), "end": START - timedelta(1)}])
def test_another_theme_and_other_days_are_another_matter(town: Ledger, other: dict[str, Any]) -> None:
    campaign = begin(town, FIRST)
    begin(town, SECOND, **other)
    assert [one.begun for one in town.ask(progress.by_village, campaign)] == [True, False, False]


def test_without_a_theme_the_title_tells(town: Ledger) -> None:
    campaign = begin(town, FIRST, theme=None)
    begin(town, SECOND, theme=None)
    begin(town, THIRD, theme=None, title="别的")
    assert [one.id for one in town.ask(progress.by_village, campaign) if one.begun] == [FIRST, SECOND]


def test_what_is_late_in_a_village_is_of_that_village_alone(town: Ledger) -> None:
    campaign = begin(town, FIRST, end=TODAY)
    begin(town, SECOND, end=TODAY)
    inspect(town, SECOND, houses_in(town, SECOND)[0])
    town._wall.ms += 86_400_000
    late = town.ask(progress.targets, progress.LATE, campaign=campaign, village=SECOND)
    assert [row.house for row in late] == [houses_in(town, SECOND)[1]]
    assert town.ask(progress.count_targets, campaign=campaign, village=SECOND) == {"open": 1, "late": 1, "done": 1, "excused": 0, "all": 2}
    assert town.ask(progress.count_targets, campaign=campaign)["late"] == 2, "of the campaign itself, as before"
    assert [(one.id, one.progress.late) for one in town.ask(progress.by_village, campaign)] == [(SECOND, 1), (FIRST, 2), (THIRD, 0)]


@pytest.mark.parametrize("seed", range(3))
def test_shares_equal_counting_by_hand(town: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    made = [begin(town, scope, end=TODAY + timedelta(chance.choice([0, 5]))) for scope in chance.sample(VILLAGES, chance.choice([2, 3])) for _again in range(chance.choice([1, 2]))]
    for scope in VILLAGES:
        for house in houses_in(town, scope):
            if chance.random() < .5:
                inspect(town, scope, house)
    town._wall.ms += 86_400_000
    with town.read() as read:
        names, seen = scope_names(read), {i.house for i in read.records(sa.select(Inspection))}
        ends = {c.id: c.end for c in read.records(sa.select(Campaign))}
        for share in town.ask(progress.by_village, made[0]):
            own = [t for t in read.records(sa.select(Target)) if names[t.scope] == share.id]
            done = sum(t.house in seen for t in own)
            late = sum(t.house not in seen and ends[t.campaign] < read.today for t in own)
            assert share.progress == Progress(len(own), done, 0, late, len(own) - done - late) and share.campaigns == len({t.campaign for t in own})


def test_the_sheet_to_post_names_villages_and_nobody(town: Ledger, tmp_path: Path) -> None:
    campaign = begin(town, FIRST, leader="王建国")
    begin(town, SECOND, end=TODAY)
    inspect(town, FIRST, houses_in(town, FIRST)[0])
    town._wall.ms += 86_400_000
    printed = town.ask(printing.write, "F33", tmp_path / "a.pdf", record=campaign)
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert not printed.overflow and "永康市古山镇" in text and "专项：出租房屋" in text
    assert "1青后叶村2150%" in text and "2前杭村202" in text and "未开展" in text and "未开展1个村" in text and "王建国" not in text
