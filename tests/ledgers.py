"""Real encrypted ledgers for tests: one is made once, every test works on its own copy."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from gridapp.ledger import Ledger
from gridapp.records import Person
from gridapp.work import aliases, houses, people, tenancies, village

PASSWORD = "一句好记的话 correct"
CHEAP = {"t": 1, "m": 1024, "p": 1}
#: Tuesday 24 November 2026, 12:00 in China
NOON = 1_795_492_800_000
TODAY = date(2026, 11, 24)
#: never issued: county code 510185 is younger than the birth date
NUMBERS = ("510185196707119619", "500152199101017284", "410783198012175927", "411203198707112342")


class Clock:
    """A wall clock the test sets."""

    def __init__(self, ms: int = NOON) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


def begin(path: Path, wall: Any = None) -> Ledger:
    """A new ledger of 青后叶村 with 王建国 signed in."""
    ledger = Ledger.create(path, PASSWORD, "officer 1", "v:330784108238", wall=wall or Clock(), cost=CHEAP)
    ledger.do(village.found_village, "330784108238", "第一网格", "王建国")
    ledger.officer = ledger.ask(village.first_officer)
    return ledger


def found(path: Path) -> Ledger:
    """The same as one piece, as the officer does it: a whole ledger or none."""
    return Ledger.create(path, PASSWORD, "officer 1", "v:330784108238", wall=Clock(), cost=CHEAP,
                         found=lambda new: new.do(village.found_village, "330784108238", "第一网格", "王建国"))


def copy(source: Path, target: Path) -> Path:
    """Copy a closed ledger with its keys."""
    for ending in ("", ".keys", ".keys2"):
        shutil.copy(source.with_name(source.name + ending), target.with_name(target.name + ending))
    return target


def reopen(path: Path, wall: Any = None) -> Ledger:
    ledger = Ledger.open(path, PASSWORD, wall=wall or Clock())
    ledger.officer = ledger.ask(village.first_officer)
    return ledger


def a_house(ledger: Ledger, house_no: str = "QHY0001", **values: Any) -> UUID:
    told = {"address": "永康市古山镇青后叶村祠堂路1号", "owner_name": "张浩", "owner_phone": "18957709790"} | values
    return ledger.do(houses.register_house, houses.numbered(2, 3), house_no=house_no, **told).result


def rooms_of(ledger: Ledger, house: UUID) -> list[UUID]:
    return [r.id for r in ledger.ask(houses.house_card, house).rooms]


def a_person(ledger: Ledger, name: str = "彭兵", id_no: str = NUMBERS[0], **values: Any) -> UUID:
    return ledger.do(people.register_person, name=name, id_no=id_no, **values).result


def a_tenant(ledger: Ledger, room: UUID, name: str = "彭兵", id_no: str = NUMBERS[0], start: date = TODAY) -> UUID:
    person = a_person(ledger, name, id_no)
    ledger.do(tenancies.move_in, person, room, start)
    return person


def whole(ledger: Ledger, person: UUID) -> Person:
    """Who stands for a person, with all numbers as they are kept: what is handed out to be looked at is masked."""
    with ledger.read() as read:
        return read.get(Person, aliases.root(read, Person, person))


def a_little_village(ledger: Ledger) -> None:
    """Two houses, four people (one moved, one left, one closed), a night patrol with two findings, one of them a hazard."""
    from gridapp.work import hazards, patrols

    first, second = a_house(ledger), a_house(ledger, "QHY0002", address="永康市古山镇青后叶村方岩大道12号", max_people=1)
    rooms, others = rooms_of(ledger, first), rooms_of(ledger, second)
    mover = a_tenant(ledger, rooms[0])
    ledger.do(tenancies.change_room, mover, rooms[1], TODAY)
    leaver = a_tenant(ledger, others[0], "王𬱟", NUMBERS[1])
    a_tenant(ledger, others[1], "扎西·多吉", NUMBERS[2])
    gone = a_person(ledger, "赵小妹", NUMBERS[3])
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, leaver).stays[0].id, TODAY, "01")
    ledger.do(people.close_person, gone, TODAY, "01")
    ledger.do(patrols.log_patrol, [
        {"place": "祠堂路1号", "house": first, "problem": "楼道内停放电动自行车并充电，占用疏散通道", "hazard": True, "category": "02"},
        {"place": "工业区一路路口", "problem": "路灯不亮", "handling": "03"}],
        day=TODAY, start="20:00", end="21:30", weather="01", people="王建国、李红", category="02", route="祠堂路—工业区一路")
    ledger.do(hazards.serve_notice, ledger.ask(hazards.list_hazards)[0].id, TODAY, "清理楼道。")
