"""Sites: registered once, listed by class, grid and grade, closed and reopened; an appraisal that speaks against letting is marked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gridapp.fields import codes, editions
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.records import House, Site
from gridapp.work import grades, hazards, inspections, officers, sites, visits
from gridapp.work.grades import GREEN, GREY, RED, YELLOW
from gridapp.work.sites import SiteThere
from tests import ledgers
from tests.ledgers import TODAY

PHONE = "13857912345"


def a_site(ledger: Ledger, name: str = "老王五金店", kind: str = "01", **values: Any) -> UUID:
    told = {"address": "永康市古山镇青后叶村祠堂路8号", "keeper": "王五", "phone": PHONE} | values
    made: UUID = ledger.do(sites.register_site, name=name, kind=kind, **told).result
    return made


def inspected(ledger: Ledger, days_ago: int, **told: Any) -> None:
    ledger.do(inspections.inspect, day=TODAY - timedelta(days_ago), **{"answers": {"S01": 1}} | told)


def grade_of(ledger: Ledger, site: UUID) -> str:
    return ledger.ask(sites.site_card, site).standing.grade


def names(ledger: Ledger, which: str = sites.OPEN, **narrow: Any) -> list[str]:
    return [row.name for row in ledger.ask(sites.list_sites, which, **narrow)]


# ---------------------------------------------------------------- registering

def test_a_site_is_registered_in_the_grid_of_whoever_registers_it(ledger: Ledger) -> None:
    card = ledger.ask(sites.site_card, a_site(ledger))
    assert card.grid == "第一网格" and card.record.registered_on == TODAY and card.standing == grades.Standing(GREY, None, TODAY, 0)


def test_the_same_place_is_not_registered_twice(ledger: Ledger) -> None:
    first = a_site(ledger)
    with pytest.raises(SiteThere, match="老王五金店"):
        a_site(ledger)
    ledger.do(sites.close_site, first, TODAY, "01")
    with pytest.raises(SiteThere):
        a_site(ledger)
    other = a_site(ledger, address="祠堂路9号")
    with pytest.raises(SiteThere):
        ledger.do(sites.correct_site, other, address="永康市古山镇青后叶村祠堂路8号")
    ledger.do(sites.correct_site, other, name="老王五金店", keeper="王六")
    assert ledger.ask(sites.site_card, other).record.keeper == "王六"


def test_what_must_be_filled_in_is_asked_for(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="请填写地址"):
        ledger.do(sites.register_site, kind="01", name="无名店")
    assert names(ledger, sites.ALL) == []


def test_closing_takes_it_out_of_the_lists_and_reopening_brings_it_back(ledger: Ledger) -> None:
    site = a_site(ledger)
    ledger.do(sites.close_site, site, TODAY, "01", "搬走")
    assert names(ledger) == names(ledger, sites.DUE) == [] and names(ledger, sites.CLOSED) == ["老王五金店"]
    ledger.do(sites.reopen_site, site)
    assert names(ledger) == ["老王五金店"] and names(ledger, sites.CLOSED) == []


def test_numbers_are_masked_in_lists_and_on_the_card(ledger: Ledger) -> None:
    site = a_site(ledger)
    assert ledger.ask(sites.list_sites)[0].phone == "138****2345"
    assert ledger.ask(sites.site_card, site).record.phone == "138****2345"


# ---------------------------------------------------------------- grades

def test_the_grade_follows_the_open_hazards(ledger: Ledger) -> None:
    site = a_site(ledger)
    assert grade_of(ledger, site) == GREY, "nobody has been there"
    inspected(ledger, 3, site=site)
    assert grade_of(ledger, site) == GREEN
    inspected(ledger, 2, site=site, answers={"S01": 2})
    assert grade_of(ledger, site) == GREEN, "a hint is no hazard that counts"
    inspected(ledger, 2, site=site, answers={"S06": 2})
    assert grade_of(ledger, site) == YELLOW
    done = ledger.do(inspections.inspect, site=site, answers={"S03": 2}).result
    assert grade_of(ledger, site) == RED and ledger.ask(sites.count_sites)["red"] == 1 and names(ledger, sites.RED) == ["老王五金店"]
    ledger.do(hazards.cancel_hazard, done.opened[0].id, "看错了")
    assert grade_of(ledger, site) == YELLOW
    assert [h.content for h in ledger.ask(sites.site_card, site).hazards][0].startswith("电器线路")


def test_a_hazard_found_otherwise_counts_before_anybody_inspected(ledger: Ledger) -> None:
    site = a_site(ledger)
    ledger.do(hazards.raise_hazard, site=site, place="门口", content="电线", degree="01")
    assert grade_of(ledger, site) == YELLOW
    ledger.do(hazards.raise_hazard, site=site, place="门口", content="堵塞", degree="02")
    assert grade_of(ledger, site) == RED


def test_nobody_home_is_no_visit(ledger: Ledger) -> None:
    site = a_site(ledger)
    inspected(ledger, 0, site=site, nobody_home=True, answers={})
    assert grade_of(ledger, site) == GREY and names(ledger, sites.DUE) == ["老王五金店"]
    inspected(ledger, 0, site=site)
    assert names(ledger, sites.DUE) == []
    inspected(ledger, 0, site=site, nobody_home=True, answers={})
    assert names(ledger, sites.DUE) == [] and ledger.ask(sites.site_card, site).standing.last == TODAY


@pytest.mark.parametrize(("answers", "grade", "days"), [({"S01": 1}, GREEN, 90), ({"S06": 2}, YELLOW, 30), ({"S03": 2}, RED, 7)])
def test_the_next_visit_is_due_on_its_day_and_not_before(ledger: Ledger, answers: dict[str, int], grade: str, days: int) -> None:
    soon, now = a_site(ledger, "明天"), a_site(ledger, "今天")
    inspected(ledger, days - 1, site=soon, answers=answers)
    inspected(ledger, days, site=now, answers=answers)
    [row] = ledger.ask(sites.list_sites, sites.DUE)
    assert (row.name, row.grade, row.next) == ("今天", grade, TODAY)
    [visit] = ledger.ask(visits.due_visits)
    assert (visit.label, visit.left, visit.day) == ("今天", 0, TODAY) and ledger.ask(visits.count_due)["all"] == 1


def test_a_county_changes_the_days_of_a_grade(ledger: Ledger) -> None:
    site = a_site(ledger)
    inspected(ledger, 10, site=site)
    assert names(ledger, sites.DUE) == []
    text = editions.edition("place_grade", editions.text_of(codes.shipped("place_grade")).replace("\t90", "\t10")).text
    codes.receive({"place_grade": codes.Editions((text,))})
    assert names(ledger, sites.DUE) == ["老王五金店"] and ledger.ask(sites.site_card, site).standing.next == TODAY


def test_due_visits_hold_houses_and_sites_the_gravest_first(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    ledgers.a_house(ledger, "QHY0002", address="方岩大道12号")
    a_site(ledger, "某工地", "04")
    shop = a_site(ledger, "某店")
    inspected(ledger, 100, house=house, answers={"R14": 2})
    inspected(ledger, 50, site=shop, answers={"S03": 2})
    told = [(v.entity, v.label, v.grade, v.left) for v in ledger.ask(visits.due_visits)]
    assert told == [("site", "某店", RED, -43), ("house", "QHY0001", YELLOW, -70), ("house", "QHY0002", GREY, 0), ("site", "某工地", GREY, 0)]
    assert ledger.ask(visits.count_due) == {"all": 4, "houses": 2, "sites": 2, "focus": 3}
    for which, count in ledger.ask(visits.count_due).items():
        assert len(ledger.ask(visits.due_visits, which)) == count
    assert [v.label for v in ledger.ask(visits.due_visits, visits.ALL, 1, 2)] == ["QHY0001", "QHY0002"]
    assert ledger.ask(grades.standing, House, house).grade == YELLOW


# ---------------------------------------------------------------- lists

def test_lists_are_narrowed_by_class_and_grid_and_counted_alike(ledger: Ledger) -> None:
    a_site(ledger, "甲店")
    a_site(ledger, "乙厂", "02")
    a_site(ledger, "丙学校", "05", grid=None)
    assert names(ledger) == ["甲店", "乙厂", "丙学校"] and names(ledger, kind="02") == ["乙厂"]
    [(grid, _name)] = ledger.ask(officers.grids)
    assert names(ledger, grid=grid) == ["甲店", "乙厂"]
    for narrow in ({}, {"kind": "02"}, {"grid": grid}):
        for which, count in ledger.ask(sites.count_sites, **narrow).items():
            assert len(ledger.ask(sites.list_sites, which, **narrow)) == count, (which, narrow)


def test_what_belongs_to_the_two_houses_and_one_shop_is_data(ledger: Ledger) -> None:
    for place, (code, name) in enumerate(codes.table("site_class").choices()):
        a_site(ledger, name, code, address=f"{place}号")
    assert names(ledger, sites.FOCUS) == ["沿街店铺", "厂房（企业）"]
    codes.receive({"focus_class": codes.Editions(("code\tname\talias\n04\t餐饮\t\n",))})
    assert names(ledger, sites.FOCUS) == ["餐饮"] and ledger.ask(visits.count_due)["focus"] == 1


@pytest.mark.parametrize(("values", "mark"), [
    ({"let": True}, "出租未鉴定"), ({"let": True, "appraisal": "01", "appraised_on": TODAY}, ""), ({"let": False}, ""), ({}, ""),
    ({"let": True, "appraisal": "04", "appraised_on": TODAY}, "D级危房出租"), ({"appraisal": "04", "appraised_on": TODAY}, "D级危房")])
def test_a_self_built_house_is_marked_by_its_appraisal(ledger: Ledger, values: dict[str, Any], mark: str) -> None:
    site = a_site(ledger, "叶家自建房", "07", **values)
    assert ledger.ask(sites.list_sites)[0].mark == sites.mark_of(ledger.ask(sites.site_card, site).record) == mark
    assert names(ledger, sites.MARKED) == (["叶家自建房"] if mark else [])


def test_a_shop_needs_no_appraisal(ledger: Ledger) -> None:
    a_site(ledger, let=True)
    assert names(ledger, sites.MARKED) == []


def test_the_picker_finds_by_parts_of_name_and_address(ledger: Ledger) -> None:
    site = a_site(ledger)
    a_site(ledger, "别的店", address="方岩大道1号")
    for text in ("五金", "祠堂路 老王", "8号"):
        assert ledger.ask(sites.sites_matching, text) == [(site, "老王五金店 永康市古山镇青后叶村祠堂路8号")]
    ledger.do(sites.close_site, site, TODAY, "01")
    assert ledger.ask(sites.sites_matching, "五金") == []


# ---------------------------------------------------------------- coverage

def test_of_one_grade_the_longest_ago_comes_first(ledger: Ledger) -> None:
    for name, days in (("甲", 100), ("乙", 120), ("丙", 95)):
        inspected(ledger, days, site=a_site(ledger, name, address=name))
    assert [v.label for v in ledger.ask(visits.due_visits)] == ["乙", "甲", "丙"]


def test_coverage_counts_what_was_visited_in_the_window_of_all_that_stands(ledger: Ledger) -> None:
    house, shop = ledgers.a_house(ledger), a_site(ledger)
    ledgers.a_house(ledger, "QHY0002", address="方岩大道12号", grid=None)
    closed = a_site(ledger, "关了", address="1号")
    inspected(ledger, 5, site=closed)
    ledger.do(sites.close_site, closed, TODAY, "01")
    inspected(ledger, 10, house=house, answers={"R01": 1})
    inspected(ledger, 10, house=house, answers={"R01": 1})
    inspected(ledger, 3, site=shop, nobody_home=True, answers={})

    def told(since: int, until: int, which: str = visits.ALL) -> list[tuple[str, int, int]]:
        found = ledger.ask(visits.coverage, TODAY - timedelta(since), TODAY - timedelta(until), which)
        return [(c.name, c.places, c.visited) for c in found]

    assert told(10, 0) == [("第一网格", 2, 1), ("", 1, 0)] and told(10, 10) == told(10, 0), "both ends count"
    assert told(9, 0) == [("第一网格", 2, 0), ("", 1, 0)] and told(20, 11) == told(9, 0)
    assert told(10, 0, visits.SITES) == [("第一网格", 1, 0)] and told(10, 0, visits.HOUSES) == [("第一网格", 1, 1), ("", 1, 0)]
    inspected(ledger, 0, site=shop)
    assert told(10, 0, visits.FOCUS) == [("第一网格", 2, 2), ("", 1, 0)]


def test_an_officer_of_a_grid_sees_its_places_only(ledger: Ledger) -> None:
    from tests.ledger.test_grids import _second_grid

    other = ledger.do(_second_grid).result
    a_site(ledger, "本网格")
    a_site(ledger, "别的网格", address="9号", grid=other)
    a_site(ledger, "没有网格", address="10号", grid=None)
    ledgers.a_house(ledger, grid=other)
    number = ledger.do(officers.sign_up, "李红", ["grid"], other).result
    everything = ledger.ask(visits.coverage, TODAY, TODAY)
    ledger.sign_in(number)
    assert names(ledger) == ["别的网格", "没有网格"]
    assert sorted(v.label for v in ledger.ask(visits.due_visits)) == ["QHY0001", "别的网格", "没有网格"]
    assert ledger.ask(visits.count_due)["all"] == 3 and ledger.ask(sites.count_sites)["all"] == 2
    assert [(c.name, c.places) for c in ledger.ask(visits.coverage, TODAY, TODAY)] == [("第二网格", 2), ("", 1)] != [(c.name, c.places) for c in everything]


def test_the_grade_in_sql_is_the_grade_told_in_words(ledger: Ledger) -> None:
    """A slow recount on what was written down, over sites of every kind of past."""
    import random

    chance = random.Random(5)
    made = {a_site(ledger, f"店{n}", address=f"{n}号"): list[int]() for n in range(12)}
    for site in made:
        for _step in range(chance.randrange(4)):
            item, days = chance.choice(["S01", "S06", "S03"]), chance.randrange(60)
            ledger.do(inspections.inspect, site=site, day=TODAY - timedelta(days), answers={item: chance.choice([1, 2])})
    for row in ledger.ask(sites.list_sites, sites.ALL):
        card = ledger.ask(sites.site_card, row.id)
        degrees = {codes.table("hazard_degree").label(h.degree or "") for h in card.hazards}
        visits = [i.day for i in card.inspections]
        wanted = RED if "严重" in degrees else YELLOW if "一般" in degrees else GREEN if visits else GREY
        assert (row.grade, row.last) == (wanted, max(visits, default=None))
    assert Site.TITLE == "场所"
