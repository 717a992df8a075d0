"""Houses and rooms: numbers given once, closing and reopening, what the pickers offer, cards."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.work import houses, people, tenancies
from tests import ledgers
from tests.ledgers import TODAY


def test_a_taken_number_is_refused_with_whose_it_is_also_in_a_correction(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    second = ledgers.a_house(ledger, "QHY0002", address="方岩大道12号")
    for taken in (lambda: ledgers.a_house(ledger, "QHY0002"), lambda: ledger.do(houses.correct_house, second, house_no="QHY0001")):
        with pytest.raises(houses.HouseNumberTaken, match="QHY000[12] 已用于“.*号”"):
            taken()
    ledger.do(houses.correct_house, second, house_no="QHY0002", address="方岩大道14号")
    assert ledger.ask(houses.by_number, "QHY0002").address == "方岩大道14号"


def test_a_closed_house_keeps_its_number_a_withdrawn_one_gives_it_back(ledger: Ledger) -> None:
    ledger.do(houses.close_house, ledgers.a_house(ledger), TODAY, "01")
    with pytest.raises(houses.HouseNumberTaken):
        ledgers.a_house(ledger)
    ledger.undo()
    ledger.undo()
    assert ledgers.a_house(ledger)


def test_a_house_without_a_number_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="请填写房屋编号"):
        ledgers.a_house(ledger, "")
    with pytest.raises(Refused, match="请填写房屋编号"):
        ledger.do(houses.correct_house, ledgers.a_house(ledger), house_no=None)


def test_two_doors_never_have_one_number(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    with pytest.raises(houses.RoomNumberTaken, match="101、202。请去掉"):
        ledger.do(houses.add_rooms, house, [("101", 1), ("301", 3), ("202", 2)])
    with pytest.raises(houses.RoomNumberTaken, match="301"):
        ledger.do(houses.add_rooms, house, [("301", 3), ("301", 3)])
    with pytest.raises(houses.RoomNumberTaken, match="102"):
        ledger.do(houses.correct_room, ledgers.rooms_of(ledger, house)[0], room_no="102")
    ledger.do(houses.correct_room, ledgers.rooms_of(ledger, house)[0], room_no="101", area=1200)
    assert len(ledger.ask(houses.house_card, house).rooms) == 6
    other = ledgers.a_house(ledger, "QHY0002")
    ledger.do(houses.correct_room, ledgers.rooms_of(ledger, other)[0], room_no="109")


def test_doors_stand_in_the_order_of_the_stairs(ledger: Ledger) -> None:
    house = ledger.do(houses.register_house, houses.numbered(11, 2), house_no="QHY0001", address="祠堂路1号", owner_name="张浩").result
    told = [r.room_no for r in ledger.ask(houses.house_card, house).rooms]
    assert told == [number for number, _floor in houses.numbered(11, 2)]
    assert [label[-4:].strip() for _id, label in ledger.ask(houses.rooms_matching, "QHY0001")] == told


def test_a_house_is_closed_when_nobody_lives_there_and_opened_again(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    tenant = ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0])
    with pytest.raises(houses.StillLet, match="还登记着 1 位在住人员"):
        ledger.do(houses.close_house, house, TODAY, "01")
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, tenant).stays[0].id, TODAY)
    ledger.do(houses.close_house, house, TODAY, "01", "不再出租")
    record = ledger.ask(houses.house_card, house).record
    assert (record.closed_on, record.closed_why, record.closed_note) == (TODAY, "01", "不再出租")
    ledger.do(houses.reopen_house, house)
    record = ledger.ask(houses.house_card, house).record
    assert (record.closed_on, record.closed_why, record.closed_note) == (None, None, None)


@pytest.mark.parametrize(("there", "offered"), [
    ((), "001"), (("QHY0642",), "QHY0643"), (("QHY0009", "QHY0010"), "QHY0011"), (("QHY9999",), "QHY10000"),
    (("QHY9999", "QHY10000"), "QHY10001"), (("祠堂",), "祠堂1"), (("1-2-099",), "1-2-100"),
])
def test_the_next_number_follows_the_highest_and_is_free(ledger: Ledger, there: tuple[str, ...], offered: str) -> None:
    for number in there:
        ledgers.a_house(ledger, number)
    assert ledger.ask(houses.next_number) == offered
    ledgers.a_house(ledger, offered)


def test_a_number_that_is_not_there_is_said(ledger: Ledger) -> None:
    with pytest.raises(houses.NoSuchHouse, match="没有编号为 QHY0001 的房屋"):
        ledger.ask(houses.by_number, "QHY0001")
    ledgers.a_house(ledger)
    ledger.undo()
    with pytest.raises(houses.NoSuchHouse):
        ledger.ask(houses.by_number, "QHY0001")


def test_the_room_picker_takes_number_address_and_door(village: Ledger) -> None:
    def offered(text: str) -> list[str]:
        return [label for _id, label in village.ask(houses.rooms_matching, text)]

    assert offered("qhy0002 203") == ["QHY0002 永康市古山镇青后叶村方岩大道12号 203"]
    assert [label[-3:] for label in offered("方岩 20")] == ["201", "202", "203"]
    assert len(offered("")) == 12 and offered("%") == [] == offered("_01") and offered("没有") == []
    assert len(village.ask(houses.rooms_matching, "QHY", 5)) == 5


def test_the_pickers_do_not_offer_what_is_withdrawn_nor_rooms_of_a_closed_house(village: Ledger) -> None:
    closed = ledgers.a_house(village, "QHY0003")
    village.do(houses.close_house, closed, TODAY, "01")
    ledgers.a_house(village, "QHY0004")
    village.undo()
    assert village.ask(houses.rooms_matching, "QHY0003") == [] == village.ask(houses.rooms_matching, "QHY0004")
    assert [i for i, _label in village.ask(houses.houses_matching, "QHY000")] == [
        village.ask(houses.by_number, f"QHY000{n}").id for n in (1, 2, 3)]
    assert [label for _id, label in village.ask(houses.houses_matching, "方岩大道")] == ["QHY0002 永康市古山镇青后叶村方岩大道12号"]
    assert village.ask(houses.houses_matching, "%") == []


def test_a_house_card_shows_who_lives_in_which_room_now(village: Ledger) -> None:
    card = village.ask(houses.house_card, village.ask(houses.by_number, "QHY0002").id)
    assert card.people == 1 and {r.room_no: [p.name for p in r.lodgers] for r in card.rooms if r.lodgers} == {"102": ["扎西·多吉"]}
    room = card.rooms[1]
    assert village.ask(houses.room_label, room.id) == (card.record.id, "QHY0002 永康市古山镇青后叶村方岩大道12号 102")
    assert room.lodgers[0].start == TODAY and (room.floor, card.rooms[-1].floor) == (1, 2)


def test_what_is_not_there_is_gone(village: Ledger) -> None:
    house = ledgers.a_house(village, "QHY0003", registered_on=date(2026, 1, 1))
    village.undo()
    for question in (houses.house_card, houses.room_label):
        with pytest.raises(Gone, match="可能已被撤销"):
            village.ask(question, house)
