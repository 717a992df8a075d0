"""Checklists the town publishes: an inspection is made with the edition in force and shown with it for ever, whatever came later."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.exchange import publishing
from gridapp.fields import codes, editions
from gridapp.ledger import Ledger
from gridapp.work import checklists, inspected, inspections, sites
from gridapp.work.inspections import Inspected, NotOnTheList
from tests.exchange import handing
from tests.exchange.paired import SCOPE

LIST = "checklist_rental"
ROOF = "R40\t屋顶\t\t\t建筑\t不漏\t一般\t\t房屋结构\t屋顶漏水\n"


def publish(town: Ledger, text: str, name: str = LIST) -> int:
    return publishing.publish(town, editions.edition(name, text), town.ask(publishing.newest, name))


def square_metres(count: int) -> str:
    return editions.text_of(codes.shipped(LIST)).replace("不小于6㎡", f"不小于{count}㎡")


def shown(ledger: Ledger, done: Inspected) -> tuple[int, str]:
    """The edition of an inspection and what it says of the floor space."""
    card = ledger.ask(inspected.inspection_card, done.id)
    standard = next(a.item.standard for a in card.answered if a.item.id == "R06")
    return card.checklist.edition, standard[standard.index("㎡") - 1:standard.index("㎡")]


@pytest.fixture
def house(town: Ledger, village_pc: Ledger, stick: Path) -> object:
    handing.round_trip(village_pc, town, stick)
    return town.search("QHY0001")[0].id


def test_every_inspection_is_shown_with_its_own_edition(town: Ledger, house: object) -> None:
    def inspect(**told: object) -> Inspected:
        done: Inspected = town.do_in(SCOPE, inspections.inspect, house=house, people="周镇", **told).result
        return done

    old = inspect(answers={"R06": 1})
    assert publish(town, square_metres(8) + ROOF) == 1
    middle = inspect(answers={"R06": 1, "R40": 2})
    assert publish(town, square_metres(9)) == 2
    late = inspect(answers={"R06": 1})
    town.undo()  # the inspection
    town.undo()  # the second edition
    newest = inspect(answers={"R06": 1})
    kept_open = inspect(edition=2, answers={"R06": 1})
    assert [shown(town, d) for d in (old, middle, newest, kept_open)] == [(0, "6"), (1, "8"), (1, "8"), (2, "9")]
    assert middle.opened[0].content == "屋顶漏水" and late.id != kept_open.id
    with pytest.raises(NotOnTheList, match="第 0 版.*R40"):
        inspect(edition=0, answers={"R40": 1})


def test_with_every_edition_taken_back_the_shipped_list_is_in_force(town: Ledger, house: object) -> None:
    publish(town, square_metres(8))
    assert town.ask(checklists.in_force, "rental").edition == 1
    town.undo()
    assert town.ask(checklists.in_force, "rental").edition == 0 and not town.ask(checklists.edition, "rental", 9).exact


def test_a_new_class_with_its_list_reaches_the_village_with_the_next_parcel(town: Ledger, village_pc: Ledger, stick: Path, house: object) -> None:
    publish(town, "code\tname\tcategory\tseverity\tkind\tphrase\nB01\t热水器排烟\t燃气\t严重\t燃气\t51000041\n", "checklist_bath")
    publish(town, editions.text_of(codes.shipped("checklist")) + "bath\t浴室检查表\t\t\n", "checklist")
    publish(town, editions.text_of(codes.shipped("site_class")) + "77\t浴室\t澡堂\t\tbath\n", "site_class")
    codes.receive({})
    handing.hand(town, "青后叶村一号机", stick)
    handing.take(village_pc, stick)
    site = village_pc.do(sites.register_site, kind="77", name="清水浴室", address="祠堂路9号").result
    sheet = village_pc.ask(inspections.sheet, site=site)
    assert (sheet.checklist.title, sheet.checklist.edition, [i.text for i in sheet.checklist.items]) == ("浴室检查表", 1, ["热水器排烟"])
    done = village_pc.do(inspections.inspect, site=site, answers={"B01": 2}).result
    assert done.opened[0].content == "燃气用具的安装、使用不符合规定"
    assert "bath" in [told.name for told in village_pc.ask(checklists.lists)]


def test_the_changes_are_said_before_they_are_published() -> None:
    told = publishing.changes(editions.edition(LIST, square_metres(8) + ROOF))
    assert told == [("新增", "R40 屋顶"), ("改内容", "R06 人均居室面积")]
