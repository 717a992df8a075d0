"""Plans of visits: places in the order of what weighs on them, the reasons in words; weights are a table; some places become a route."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp import printing
from gridapp.fields import codes, editions
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Acting, Ledger
from gridapp.ledger.reader import Gone
from gridapp.records import Alarm, Grid, Hazard, House, Inspection, Room, Site, Tenancy
from gridapp.work import alarms, hazards, plans, routes, visits
from gridapp.work.grades import days_between
from gridapp.work.plans import NobodyToVisit, Stop
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.printing import reading

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=BEIJING)
NAMES = ("彭兵", "王𬱟", "扎西·多吉", "赵小妹")


def add(act: Acting, record: Any) -> UUID:
    return act.add(record).id


@pytest.fixture
def houses(ledger: Ledger) -> list[UUID]:
    """Three houses that were visited today and have nothing against them."""
    made = [ledgers.a_house(ledger, f"QHY{n:04d}", address=f"永康市古山镇青后叶村祠堂路{n}号") for n in range(1, 4)]
    for house in made:
        visit(ledger, house=house)
    return made


def visit(ledger: Ledger, days_ago: int = 0, **place: UUID) -> UUID:
    return ledger.do(add, Inspection(day=TODAY - timedelta(days_ago), checklist="rental", edition=1, people="王建国", **place)).result


def hazard(ledger: Ledger, degree: str = "一般", state: str = "发现", **values: Any) -> UUID:
    told = {"found_on": TODAY - timedelta(9), "place": "祠堂路", "content": "堵塞通道", "degree": codes.table("hazard_degree").find(degree), "state": hazards.state(state)}
    return ledger.do(add, Hazard(**told | values)).result


def wrong_alarm(ledger: Ledger, days_ago: int = 1, name: str = alarms.FALSE, **place: UUID) -> UUID:
    told = {"verdict": alarms.verdict(name), "judged_by": "王建国", "judged_on": TODAY - timedelta(days_ago)}
    return ledger.do(add, Alarm(at=MOMENT, place="祠堂路", **told, **place)).result


def stops(ledger: Ledger, **only: Any) -> list[Stop]:
    return ledger.ask(plans.plan, **only)


def test_a_place_with_nothing_against_it_is_in_no_plan(ledger: Ledger, houses: list[UUID]) -> None:
    assert stops(ledger) == [] and ledger.ask(plans.count_plan)[visits.ALL] == 0


def test_places_stand_in_the_order_of_their_risk_with_the_reasons_in_words(ledger: Ledger, houses: list[UUID]) -> None:
    never = ledgers.a_house(ledger, "QHY0004")
    hazard(ledger, house=houses[1])
    hazard(ledger, "严重", house=houses[2], due_on=TODAY - timedelta(1))
    hazard(ledger, "严重", house=houses[2], due_on=TODAY)
    wrong_alarm(ledger, house=houses[0])
    wrong_alarm(ledger, house=houses[0])
    assert [(one.id, one.score, one.reasons) for one in stops(ledger)] == [
        (houses[2], 64, ("有严重隐患", "隐患逾期没有改 1 条", "隐患没有销号 2 条")), (never, 25, ("还没有查过",)),
        (houses[1], 22, ("有一般隐患", "隐患没有销号 1 条")), (houses[0], 10, ("误报多 2 次",))]


def test_who_was_not_visited_for_longer_weighs_more(ledger: Ledger) -> None:
    green = [ledgers.a_house(ledger, f"QHY{n:04d}") for n in range(4)]
    for house, days in zip(green, (89, 90, 180, 2000), strict=True):
        visit(ledger, days, house=house)
    assert [(one.id, one.score) for one in stops(ledger)] == [(green[3], 40), (green[2], 30), (green[1], 20)]


def test_many_tenants_weigh_from_ten_on(ledger: Ledger, houses: list[UUID]) -> None:
    room = ledgers.rooms_of(ledger, houses[0])[0]
    people = [ledgers.a_person(ledger, f"租客{n}", "") for n in range(10)]
    for number, person in enumerate(people):
        assert stops(ledger) == [], number
        ledger.do(add, Tenancy(person=person, room=room, start=TODAY))
    assert [one.reasons for one in stops(ledger)] == [("住的人多 10 人",)]


def test_a_true_alarm_and_an_old_one_weigh_nothing(ledger: Ledger, houses: list[UUID]) -> None:
    wrong_alarm(ledger, house=houses[0])
    wrong_alarm(ledger, name=alarms.REAL, house=houses[0])
    wrong_alarm(ledger, 91, house=houses[0])
    assert stops(ledger) == []


def test_weights_are_the_towns_to_set(ledger: Ledger, houses: list[UUID]) -> None:
    hazard(ledger, house=houses[0])
    never = ledgers.a_house(ledger, "QHY0004")
    assert [one.id for one in stops(ledger)] == [never, houses[0]]
    shipped = editions.text_of(codes.shipped("plan_weight"))
    text = editions.edition("plan_weight", shipped.replace("\t20\t", "\t99\t").replace("\t12\t", "\t1\t")).text
    codes.receive({"plan_weight": codes.Editions((text,))})
    assert [(one.id, one.score) for one in stops(ledger)] == [(houses[0], 101), (never, 25)] and plans.in_one_shift() == 1


def test_a_weight_that_is_no_number_is_not_published() -> None:
    with pytest.raises(editions.BadCodeTable, match="“有严重隐患”的 points 列应是不带小数的数"):
        editions.edition("plan_weight", "code\tname\tpoints\nred\t有严重隐患\t很多\n")


def test_one_grid_and_what_lies_along_one_route(ledger: Ledger) -> None:
    own = ledger.ask(lambda read: read.records(sa.select(Grid)))[0]
    other = ledger.do(add, Grid(village=own.village, name="第二网格", code=own.code[:-1] + "2")).result
    here = ledgers.a_house(ledger, "QHY0001", address="祠堂路1号", grid=own.id)
    there = ledgers.a_house(ledger, "QHY0002", address="方岩大道2号", grid=other)
    shop = ledger.do(add, Site(kind="01", name="五金店", address="方岩大道5号", grid=own.id)).result
    route = ledger.do(routes.lay_route, name="夜间一线", points="方岩大道\n100%路").result
    assert {one.id for one in stops(ledger, grid=own.id)} == {here, shop} and ledger.ask(plans.count_plan, grid=other)[visits.ALL] == 1
    assert {one.id for one in stops(ledger, route=route)} == {there, shop} and ledger.ask(plans.count_plan, route=route)[visits.SITES] == 1
    with pytest.raises(Gone):
        stops(ledger, route=here)


def test_some_of_them_become_a_route_in_their_order(ledger: Ledger, houses: list[UUID]) -> None:
    shop = ledger.do(add, Site(kind="01", name="五金店", address="永康市古山镇青后叶村方岩大道5号")).result
    made = ledger.do(plans.plan_round, [shop, houses[1], houses[0]], name="走访", shift="02", team="王建国").result
    card = ledger.ask(routes.route_card, made)
    assert routes.points_of(card.record) == ["五金店 方岩大道5号", "QHY0002 祠堂路2号", "QHY0001 祠堂路1号"] and (card.record.shift, card.record.team) == ("02", "王建国")
    before = ledger.digest()
    with pytest.raises(NobodyToVisit, match="请先在走访计划里选中几处"):
        ledger.do(plans.plan_round, [], name="走访")
    with pytest.raises(Gone):
        ledger.do(plans.plan_round, [made], name="走访")
    assert ledger.digest() == before


def slow(read: Any) -> dict[UUID, int]:
    """The points of every place, counted one by one by the words of the table."""
    told, found = plans.weights(), {}
    hazards_, visits_ = read.records(sa.select(Hazard)), read.records(sa.select(Inspection))
    rooms, stays, rung = read.records(sa.select(Room)), read.records(sa.select(Tenancy)), read.records(sa.select(Alarm))
    grave, common = (codes.table("hazard_degree").find(name) for name in ("严重", "一般"))
    ends = {hazards.state(name) for name in ("已销号", "误报/撤销")}
    for name, place in [("house", one) for one in read.records(sa.select(House))] + [("site", one) for one in read.records(sa.select(Site))]:
        opened = [h for h in hazards_ if getattr(h, name) == place.id and h.state not in ends]
        last = max((i.day for i in visits_ if getattr(i, name) == place.id), default=None)
        degrees = {h.degree for h in opened}
        grade = "red" if grave in degrees else "yellow" if common in degrees else "green" if last else "grey"
        counts = {"red": grade == "red", "yellow": grade == "yellow", "never": last is None, "open": len(opened), "overdue": sum(hazards.is_late(h, read.today) for h in opened),
                  "late": (read.today - last).days // days_between(grade) if last else 0,
                  "tenants": sum(t.end is None and t.room in {r.id for r in rooms if r.house == place.id} for t in stays),
                  "alarms": sum(getattr(a, name) == place.id and a.verdict == alarms.verdict(alarms.FALSE) and a.judged_on >= read.today - timedelta(90) for a in rung)}
        found[place.id] = sum(told[code].worth(int(count)) for code, count in counts.items())
    return {place: points for place, points in found.items() if points}


@pytest.mark.parametrize("seed", range(4))
def test_points_equal_counting_by_hand(ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    places: list[dict[str, UUID]] = [{"house": ledgers.a_house(ledger, f"QHY{n:04d}")} for n in range(5)]
    places += [{"site": ledger.do(add, Site(kind="01", name=f"店{n}", address="方岩大道")).result} for n in range(3)]
    for _ in range(14):
        days = chance.randint(0, 300)
        hazard(ledger, chance.choice(["严重", "一般", "提示"]), chance.choice(["发现", "整改中", "待复查", "逾期", "已销号", "挂牌"]),
               due_on=TODAY + timedelta(chance.randint(-5, 3)), **chance.choice(places))
        visit(ledger, days, **chance.choice(places))
        wrong_alarm(ledger, chance.randint(0, 120), **chance.choice(places))
    for name, number in zip(NAMES, NUMBERS, strict=True):
        person = ledgers.a_person(ledger, name, number)
        ledger.do(add, Tenancy(person=person, room=ledgers.rooms_of(ledger, places[chance.randint(0, 4)]["house"])[0], start=TODAY))
    told = stops(ledger)
    assert {one.id: one.score for one in told} == ledger.ask(slow) and told, "each place has its points"
    assert [one.score for one in told] == sorted((one.score for one in told), reverse=True)
    assert ledger.ask(plans.count_plan) == {which: len(ledger.ask(plans.plan, which)) for which in plans.FILTERS}


def test_the_plan_on_paper_says_why_and_names_nobody_who_lives_there(ledger: Ledger, houses: list[UUID], tmp_path: Path) -> None:
    hazard(ledger, "严重", house=houses[1])
    printed = ledger.ask(printing.write, "F34", tmp_path / "a.pdf")
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert not printed.overflow and not printed.missing
    assert "QHY0002祠堂路2号红2026-11-24有严重隐患，隐患没有销号1条" in text and "范围：全村" in text and "张浩" not in text and "QHY0001" not in text
