"""F06 and F24: the checklist of a place filled in or to be filled in, read back from the PDF; classes and items are data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from gridapp.fields import checklists, codes, editions
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone
from gridapp.printing import press
from gridapp.printing.papers import checked, f06, f24
from gridapp.work import hazards, houses, inspections, sites
from tests import ledgers
from tests.printing import reading

ALL_GOOD = {f"R{n:02d}": 1 for n in range(1, 32)}
DUE = date(2026, 12, 1)


@pytest.fixture
def house(ledger: Ledger) -> UUID:
    made = ledgers.a_house(ledger)
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, made)[0])
    return made


@pytest.fixture
def shop(ledger: Ledger) -> UUID:
    site: UUID = ledger.do(sites.register_site, kind="02", name="某五金厂", address="工业区一路9号", keeper="王五", phone="13857912345").result
    return site


def printed(ledger: Ledger, tmp_path: Path, number: str, record: UUID | None = None, house: str | None = None) -> tuple[press.Printed, str]:
    out = tmp_path / "out.pdf"
    told = ledger.ask(press.write, number, out, record=record, house=house)
    assert not told.overflow and not told.missing
    return told, reading.whole(out)


def test_an_inspected_house_is_printed_in_full(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    done = ledger.do(inspections.inspect, house=house, answers=ALL_GOOD | {"R10": 2, "R17": 3}, notes={"R10": "三楼堆放纸箱"}, people="王建国、李红",
                     remark="房东在场").result
    ledger.do(hazards.serve_notice, done.opened[0].id, DUE, "清理")
    told, text = printed(ledger, tmp_path, "F06", done.id)
    assert told.pages == 4 and text.count("第一联存档") == text.count("第二联交被检查人") == 2, "one for each side, of two pages"
    for said in ("QHY0001", "永康市古山镇青后叶村祠堂路1号", "张浩18957709790", "6间/1人", "2026年11月24日", "不合格三楼堆放纸箱", "不适用", "☑红（严重隐患）", "□绿（安全）",
                 "☑限期整改", "□当场改正", "至2026年12月1日", "王建国、李红", "房东在场", "31建筑违法搭建、彩钢板"):
        assert said in text, said
    assert text.count("合格") - text.count("不合格") >= 29, "every answer stands in its line"


@pytest.mark.parametrize(("answers", "said"), [(ALL_GOOD, "☑绿（安全）"), (ALL_GOOD | {"R16": 2}, "☑绿（安全）"), (ALL_GOOD | {"R14": 2}, "☑黄（一般隐患）")])
def test_the_conclusion_follows_from_the_answers(ledger: Ledger, house: UUID, tmp_path: Path, answers: dict[str, int], said: str) -> None:
    done = ledger.do(inspections.inspect, house=house, answers=answers).result
    text = printed(ledger, tmp_path, "F06", done.id)[1]
    assert text.count(said) == text.count("☑") == 2, "on both copies"


@pytest.mark.parametrize("number", ["F06", "F24"])
def test_what_was_put_right_at_once_or_referred_up_is_ticked(ledger: Ledger, house: UUID, tmp_path: Path, number: str) -> None:
    done = ledger.do(inspections.inspect, house=house, answers=ALL_GOOD | {"R10": 2, "R14": 2, "R16": 2}).result
    first, second = (hazard.id for hazard in done.opened[:2])
    assert "☑当场改正" not in printed(ledger, tmp_path, number, done.id)[1]
    ledger.do(hazards.mend_at_once, first, "已搬走")
    text = printed(ledger, tmp_path, number, done.id)[1]
    assert "☑当场改正" in text and "□限期整改" in text and "□上报" in text
    ledger.do(hazards.refer, second, "镇平安办")
    text = printed(ledger, tmp_path, number, done.id)[1]
    assert "☑当场改正" in text and "☑上报" in text
    ledger.undo()
    ledger.undo()
    assert "☑当场改正" not in printed(ledger, tmp_path, number, done.id)[1], "what is undone is not ticked"


def test_a_house_to_be_inspected_has_its_list_empty(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    for told in ({"house": "QHY0001"}, {"record": house}):
        text = printed(ledger, tmp_path, "F06", **told)[1]  # type: ignore[arg-type]
        assert "QHY0001" in text and "31建筑" in text and "☑" not in text and "至年月日" in text


def test_nobody_home_stands_on_the_paper(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    done = ledger.do(inspections.inspect, house=house, nobody_home=True).result
    text = printed(ledger, tmp_path, "F06", done.id)[1]
    assert "无人在家" in text and "☑" not in text


def test_nothing_named_is_the_latest_inspection_of_a_house_or_an_empty_form(ledger: Ledger, house: UUID, shop: UUID, tmp_path: Path) -> None:
    assert "QHY0001" not in printed(ledger, tmp_path, "F06")[1]
    ledger.do(inspections.inspect, house=house, answers=ALL_GOOD)
    ledger.do(inspections.inspect, site=shop, answers={"S01": 1})
    assert "QHY0001" in printed(ledger, tmp_path, "F06")[1] and "某五金厂" in printed(ledger, tmp_path, "F24")[1]


def test_the_edition_of_the_inspection_is_printed(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    done = ledger.do(inspections.inspect, house=house, answers={"R06": 1}).result
    text = editions.edition("checklist_rental", editions.text_of(codes.shipped("checklist_rental")).replace("不小于6㎡", "不小于8㎡")).text
    codes.receive({"checklist_rental": codes.Editions((text,))})
    assert "不小于6㎡" in printed(ledger, tmp_path, "F06", done.id)[1]
    assert checklists.item_of(next(r for r in codes.table("checklist_rental").offered if r.code == "R06")).standard.startswith("每个居室人均使用面积不小于8")


def test_a_shop_is_ticked_among_the_classes_of_the_code_table(ledger: Ledger, shop: UUID, tmp_path: Path) -> None:
    done = ledger.do(inspections.inspect, site=shop, answers={"S01": 1, "S10": 2}, notes={"S10": "粉尘未清"}).result
    told, text = printed(ledger, tmp_path, "F24", done.id)
    assert told.pages == 1
    for said in ("□出租房☑厂房（企业）□沿街店铺", "某五金厂工业区一路9号", "王五13857912345", "不合格粉尘未清", "□合格", "沿街店铺、厂房安全检查表"):
        assert said in text, said
    codes.receive({"focus_class": codes.Editions(("code\tname\talias\n01\t出租房\t\n04\t餐饮\t\n",))})
    assert "□出租房□餐饮☑厂房（企业）" in printed(ledger, tmp_path, "F24", done.id)[1]


def test_a_house_goes_by_the_same_record_and_all_in_order_is_ticked(ledger: Ledger, house: UUID, tmp_path: Path) -> None:
    done = ledger.do(inspections.inspect, house=house, answers=ALL_GOOD).result
    text = printed(ledger, tmp_path, "F24", done.id)[1]
    assert "☑出租房" in text and "☑合格" in text and "☑限期整改" not in text


def test_what_is_no_place_is_said(ledger: Ledger, shop: UUID, tmp_path: Path) -> None:
    with pytest.raises(Gone):
        printed(ledger, tmp_path, "F24", uuid4())
    with pytest.raises(Gone):
        printed(ledger, tmp_path, "F06", shop)
    with pytest.raises(houses.NoSuchHouse):
        printed(ledger, tmp_path, "F06", house="QHY9")


def test_long_notes_and_long_lists_go_on_with_the_heading_repeated(tmp_path: Path) -> None:
    items = [checked.Line("类别", f"检查内容{n}", "标准" * 20, "不合格", "说明" * 50) for n in range(60)]
    for number, values in (("F06", f06.Sheet(items=items)), ("F24", f24.Record(items=items))):
        out = tmp_path / f"{number}.pdf"
        told = press.render(number, values, out, today=ledgers.TODAY)
        pages = reading.texts(out)
        assert told.pages > 4 and not told.overflow and all("检查内容" in page for page in pages[:-1])
        assert reading.whole(out).count("说明" * 50) >= 50


def test_an_empty_form_has_the_shipped_items() -> None:
    assert len(f06.blank().items) == 31 and len(f24.blank().items) == 12
    assert f24.blank().classes == "□出租房　□厂房（企业）　□沿街店铺"
