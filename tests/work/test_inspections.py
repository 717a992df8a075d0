"""Inspections: what is not in order opens a hazard with the right words, once; what cannot be is refused with a sentence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import checklists, codes, editions
from gridapp.ledger import Acting, Ledger, needs
from gridapp.ledger.reader import Gone, Refused
from gridapp.records import Hazard, Inspection
from gridapp.work import hazards, inspected, inspections, sites
from gridapp.work.inspections import BadAnswer, Inspected, NobodyButAnswers, NotOnTheList, NothingChecked, OnePlace
from tests import ledgers
from tests.ledgers import TODAY

ALL_GOOD = {f"R{n:02d}": 1 for n in range(1, 32)}


@pytest.fixture
def house(ledger: Ledger) -> UUID:
    return ledgers.a_house(ledger)


@pytest.fixture
def shop(ledger: Ledger) -> UUID:
    site: UUID = ledger.do(sites.register_site, kind="01", name="老王五金店", address="永康市古山镇青后叶村祠堂路8号", keeper="王五").result
    return site


def inspect(ledger: Ledger, **told: Any) -> Inspected:
    done: Inspected = ledger.do(inspections.inspect, **told).result
    return done


def of_place(ledger: Ledger) -> list[Hazard]:
    with ledger.read() as read:
        return read.records(sa.select(Hazard).where(Hazard.deleted.is_not(True)).order_by(Hazard.seq))


def test_what_is_not_in_order_opens_a_hazard_with_words_degree_kind_and_link(ledger: Ledger, house: UUID) -> None:
    done = inspect(ledger, house=house, day=TODAY - timedelta(1), people="王建国、李红", answers=ALL_GOOD | {"R10": 2, "R14": 2, "R16": 2, "R23": 3},
                   notes={"R10": "三楼楼梯口停放两辆电动车", "R01": "合格的也可以写"})
    ten, fourteen, sixteen = of_place(ledger)
    assert [(h.item, codes.table("hazard_degree").label(h.degree or "")) for h in (ten, fourteen, sixteen)] == [("R10", "严重"), ("R14", "一般"), ("R16", "提示")]
    assert ten.content == "占用、堵塞、封闭疏散通道、安全出口（三楼楼梯口停放两辆电动车）"
    assert (ten.house, ten.inspection, ten.found_on, ten.finder, ten.kind) == (house, done.id, TODAY - timedelta(1), "王建国、李红", codes.table("hazard_kind").find("消防"))
    assert ten.place == "永康市古山镇青后叶村祠堂路1号" and [n.item for n in done.opened] == ["R10", "R14", "R16"]
    story = ledger.ask(hazards.hazard_card, ten.id).record
    assert codes.table("hazard_state").label(story.state) == "发现"


def test_one_act_is_one_step_of_undo(ledger: Ledger, house: UUID) -> None:
    inspect(ledger, house=house, answers={"R10": 2})
    ledger.undo()
    assert of_place(ledger) == [] and ledger.ask(inspected.list_inspections) == []


def test_an_item_that_stands_open_is_named_and_not_opened_again(ledger: Ledger, house: UUID) -> None:
    first = inspect(ledger, house=house, answers={"R10": 2, "R14": 2})
    second = inspect(ledger, house=house, answers={"R10": 2, "R14": 1, "R20": 2})
    assert [n.item for n in second.opened] == ["R20"]
    assert [(n.item, n.id) for n in second.standing] == [("R10", first.opened[0].id)]
    assert [n.item for n in second.better] == ["R14"], "it is closed by a recheck, not by looking in"
    assert len(of_place(ledger)) == 3
    other = ledgers.a_house(ledger, "QHY0002", address="方岩大道12号")
    assert [n.item for n in inspect(ledger, house=other, answers={"R10": 2}).opened] == ["R10"], "another house has its own"


def test_a_closed_hazard_does_not_keep_the_item_from_being_found_again(ledger: Ledger, house: UUID) -> None:
    opened = inspect(ledger, house=house, answers={"R10": 2}).opened[0]
    ledger.do(hazards.cancel_hazard, opened.id, "看错了")
    assert [n.item for n in inspect(ledger, house=house, answers={"R10": 2}).opened] == ["R10"]


def test_the_same_number_on_another_list_is_another_item(ledger: Ledger, shop: UUID) -> None:
    zone = inspect(ledger, site=shop, checklist="zone", answers={"Z01": 1})
    ledger.do(hazards.raise_hazard, site=shop, place="门口", content="某项", degree="02", item="S02", inspection=zone.id)
    assert [n.item for n in inspect(ledger, site=shop, answers={"S02": 2}).opened] == ["S02"]


def test_of_two_that_stand_open_the_older_one_is_named(ledger: Ledger, shop: UUID) -> None:
    first, _second = (ledger.do(hazards.raise_hazard, site=shop, place="门口", content=told, degree="02", item="S02").result for told in ("先", "后"))
    assert [n.id for n in inspect(ledger, site=shop, answers={"S02": 2}).standing] == [first]


def test_a_site_is_checked_by_the_list_of_its_class(ledger: Ledger, shop: UUID) -> None:
    done = inspect(ledger, site=shop, answers={"S02": 2, "S01": 1})
    [hazard] = of_place(ledger)
    assert (hazard.site, hazard.house, hazard.place) == (shop, None, "永康市古山镇青后叶村祠堂路8号 老王五金店")
    card = ledger.ask(inspected.inspection_card, done.id)
    assert card.checklist.title == "沿街店铺、厂房安全检查表" and card.record.answers == "S01=1 S02=2", "in the order of the list"
    zone = inspect(ledger, site=shop, checklist="zone", answers={"Z01": 2})
    assert ledger.ask(inspected.inspection_card, zone.id).checklist.name == "zone", "a round may go by a list of its own"


def test_every_class_of_places_can_be_inspected(ledger: Ledger) -> None:
    for code, name in codes.table("site_class").choices():
        site = ledger.do(sites.register_site, kind=code, name=name, address="某处").result
        sheet = ledger.ask(inspections.sheet, site=site)
        done = inspect(ledger, site=site, edition=sheet.checklist.edition, answers={i.id: 2 for i in sheet.checklist.items})
        assert len(done.opened) == len(sheet.checklist.items), name


def test_nobody_home_is_written_down_without_answers(ledger: Ledger, house: UUID) -> None:
    done = inspect(ledger, house=house, nobody_home=True)
    [row] = ledger.ask(inspected.list_inspections, inspected.NOBODY)
    assert row.id == done.id and row.nobody_home and done.opened == ()
    with pytest.raises(NobodyButAnswers, match="无人在家"):
        inspect(ledger, house=house, nobody_home=True, answers={"R01": 1})


@pytest.mark.parametrize(("told", "refusal", "said"), [
    ({}, OnePlace, "请选一处房屋，或者选一处场所"),
    ({"house": "both", "site": "both", "answers": {"R01": 1}}, OnePlace, "只能写一处"),
    ({"house": "it", "answers": {"R01": 1, "R99": 2, "S01": 2}}, NotOnTheList, "R99、S01"),
    ({"house": "it", "answers": {"R01": 4}}, BadAnswer, "“4”看不懂，只能填：1 合格、2 不合格、3 不适用"),
    ({"house": "it", "answers": {"R01": True}}, BadAnswer, "R01"),
    ({"house": "it", "answers": {}}, NothingChecked, "还没有填任何一项"),
    ({"house": "it", "answers": {"R01": 1}, "day": TODAY + timedelta(1)}, Refused, "检查日期在今天以后"),
    ({"house": "it", "answers": {"R01": 2}, "notes": {"R01": "长" * 101}}, checklists.NoteTooLong, "最多 100 个字"),
    ({"house": "nobody", "answers": {"R01": 1}}, Gone, "没有找到"),
    ({"house": "it", "checklist": "nonsense", "answers": {"R01": 1}}, Mistake, "没有“nonsense”这张检查表"),
])
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_kept(ledger: Ledger, house: UUID, shop: UUID, told: dict[str, Any],
                                                                       refusal: type[Mistake], said: str) -> None:
    real = {"it": house, "both": house, "nobody": uuid4()}
    told = {name: (shop if name == "site" else real[value]) if value in ("it", "both", "nobody") else value for name, value in told.items()}
    with pytest.raises(refusal, match=said):
        inspect(ledger, **told)
    assert ledger.ask(inspected.list_inspections) == [] and of_place(ledger) == []


def test_a_class_without_a_list_says_where_it_is_written(ledger: Ledger, shop: UUID) -> None:
    text = editions.edition("site_class", editions.text_of(codes.shipped("site_class")) + "99\t岗亭\t\t\t\n").text
    codes.receive({"site_class": codes.Editions((text,))})
    ledger.do(sites.correct_site, shop, kind="99")
    with pytest.raises(Mistake, match="“岗亭”这一类还没有检查表"):
        ledger.ask(inspections.sheet, site=shop)


def test_as_many_notes_as_items_fit(ledger: Ledger, house: UUID) -> None:
    bad = dict.fromkeys(ALL_GOOD, 2)
    done = inspect(ledger, house=house, answers=bad, notes=dict.fromkeys(ALL_GOOD, "长" * 100))
    assert len(done.opened) == 31 and ledger.ask(inspected.inspection_card, done.id).answered[30].note == "长" * 100


# ---------------------------------------------------------------- correcting

def test_a_correction_opens_what_is_new_and_leaves_the_rest(ledger: Ledger, house: UUID) -> None:
    done = inspect(ledger, house=house, answers={"R10": 2, "R14": 1}, notes={"R10": "三楼"})
    ledger.do(hazards.cancel_hazard, done.opened[0].id, "看错了")
    again = ledger.do(inspections.correct_inspection, done.id, answers={"R10": 2, "R14": 2}, people="李红").result
    assert [n.item for n in again.opened] == ["R14"] and again.standing == (), "R10 was found by it before"
    card = ledger.ask(inspected.inspection_card, done.id)
    assert card.record.people == "李红" and {a.item.id: a.note for a in card.bad} == {"R10": "三楼", "R14": ""}
    back = ledger.do(inspections.correct_inspection, done.id, answers={"R10": 1, "R14": 1}).result
    assert [n.item for n in back.better] == ["R14"] and len(of_place(ledger)) == 2


def test_a_correction_changes_neither_place_nor_list(ledger: Ledger, house: UUID, shop: UUID) -> None:
    done = inspect(ledger, house=house, answers={"R10": 1})
    for told in ({"site": shop}, {"house": shop}, {"checklist": "shop"}, {"edition": 7}):
        with pytest.raises(OnePlace):
            ledger.do(inspections.correct_inspection, done.id, **told)
    with pytest.raises(NobodyButAnswers):
        ledger.do(inspections.correct_inspection, done.id, nobody_home=True)
    ledger.do(inspections.correct_inspection, done.id, nobody_home=True, answers={})
    assert ledger.ask(inspected.inspection_card, done.id).record.answers is None


# ---------------------------------------------------------------- editions

def test_an_edition_this_pc_has_not_got_is_said_and_no_answer_is_lost(ledger: Ledger, house: UUID) -> None:
    done = inspect(ledger, house=house, answers={"R10": 1})
    ledger.do(_another_edition, done.id)
    card = ledger.ask(inspected.inspection_card, done.id)
    assert not card.checklist.exact and card.checklist.edition == 7
    assert [(a.item.text, a.words) for a in card.answered if a.answer] == [("疏散通道、安全出口、楼梯间", "合格"), ("新值 R77", "不合格")]


@needs()
def _another_edition(act: Acting, inspection: UUID) -> None:
    act.change(act.get(Inspection, inspection), edition=7, answers="R10=1 R77=2")


# ---------------------------------------------------------------- lists

def test_the_list_tells_what_was_found_and_counts_by_filter(ledger: Ledger, house: UUID, shop: UUID) -> None:
    inspect(ledger, house=house, day=date(2026, 11, 1), answers={"R10": 2, "R20": 2, "R01": 1}, notes={"R01": "a=2"})
    inspect(ledger, site=shop, day=date(2026, 11, 20), answers={"S01": 1}, notes={"S01": "=2"}, on_paper=True)
    inspect(ledger, house=house, nobody_home=True)
    rows = ledger.ask(inspected.list_inspections)
    assert [(r.place, r.bad, r.hazards, r.nobody_home, r.on_paper) for r in rows] == [
        ("QHY0001", 0, 0, True, False), ("老王五金店", 0, 0, False, True), ("QHY0001", 2, 2, False, False)]
    assert ledger.ask(inspected.count_inspections) == {"all": 3, "bad": 1, "nobody": 1, "paper": 1}
    for which, count in ledger.ask(inspected.count_inspections).items():
        assert len(ledger.ask(inspected.list_inspections, which)) == count
    assert [r.day for r in ledger.ask(inspected.inspections_at, house=house)] == [TODAY, date(2026, 11, 1)]


def test_a_form_knows_the_place_what_stands_open_and_who_went_last(ledger: Ledger, house: UUID) -> None:
    inspect(ledger, house=house, people="李红", answers={"R10": 2})
    sheet = ledger.ask(inspections.sheet, house=house)
    assert sheet.label.startswith("QHY0001") and list(sheet.open) == ["R10"] and sheet.people == "李红"
    assert len(sheet.checklist.items) == 31 and sheet.checklist.edition == 0
    with pytest.raises(OnePlace):
        ledger.ask(inspections.sheet)


def test_a_card_masks_what_is_private(ledger: Ledger, house: UUID) -> None:
    done = inspect(ledger, house=house, answers={"R10": 1}, with_whom="张浩")
    card = ledger.ask(inspected.inspection_card, done.id)
    assert card.house is not None and "*" in str(card.house.owner_phone)
    assert ledger.ask(inspected.whole_card, done.id).house.owner_phone == "18957709790"
