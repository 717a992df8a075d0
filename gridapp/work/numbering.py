"""Numbering of doors (批量编房号): floors and numbers on each floor by a rule, all of them seen before they are kept; what is there is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mark, Mistake
from gridapp.ledger import REGISTER, Acting, verb
from gridapp.records import House, Room
from gridapp.texts import N_, _
from gridapp.work.houses import RoomNumberTaken

#: how a door is written: floor and two digits, floor and one, with a stroke, with a letter, through the whole house
TWO, ONE, STROKE, LETTER, THROUGH = "two", "one", "stroke", "letter", "through"
STYLES = {TWO: N_("101、102（层号加两位）"), ONE: N_("11、12（层号加一位）"), STROKE: N_("1-1、1-2（层号-序号）"), LETTER: N_("1A、1B（层号加字母）"),
          THROUGH: N_("1、2、3（整幢连着编）")}
#: what is left out: nothing, numbers with a 4, floors with a 4 too
NOTHING, FOURS, FOUR_FLOORS = "nothing", "fours", "floors"
SKIPS = {NOTHING: N_("不跳"), FOURS: N_("跳过带 4 的序号"), FOUR_FLOORS: N_("带 4 的序号和楼层都跳过")}
#: a house has no more (House.rooms_let)
MOST, LETTERS = 999, 26
NUMBER_LENGTH = 20


class NoSuchDoors(Mistake):
    """A rule that gives no doors, or doors nobody can write."""

    def __init__(self, words: str) -> None:
        super().__init__(words)


@dataclass(frozen=True)
class Rule:
    """From which floor to which, from which number to which on each; how a door is written, what stands before it, what is left out."""

    first_floor: int
    last_floor: int
    first: int
    last: int
    style: str = TWO
    prefix: str = ""
    skip: str = NOTHING


def doors(rule: Rule) -> list[tuple[str, int]]:
    """(room number, floor) by the rule, from below. There is no floor 0; the first below ground is written B1. Raises NoSuchDoors."""
    if rule.last_floor < rule.first_floor or rule.last < rule.first:
        raise NoSuchDoors(_("“到”不能小于“从”，请改正楼层或序号。"))
    floors = [floor for floor in range(rule.first_floor, rule.last_floor + 1) if floor and not (rule.skip == FOUR_FLOORS and "4" in str(floor))]
    if rule.style == THROUGH:
        each = rule.last - rule.first + 1
        found = list(zip(_through(rule, each * len(floors)), [floor for floor in floors for _room in range(each)], strict=True))
    else:
        places = [place for place in range(rule.first, rule.last + 1) if rule.style == LETTER or not _left_out(rule, place)]
        if rule.style == LETTER and rule.last > LETTERS:
            raise NoSuchDoors(_("字母只有 26 个，每层最多编到第 26 间。请改小，或换一种写法。"))
        if rule.style == ONE and rule.last > 9:
            raise NoSuchDoors(_("一位序号最多编到 9。请改小，或换成“层号加两位”。"))
        found = [(rule.prefix + _written(rule.style, floor, place), floor) for floor in floors for place in places]
    if not found:
        raise NoSuchDoors(_("按这个规则编不出房号。请改“从”“到”，或少跳过一些。"))
    if len(found) > MOST or any(len(number) > NUMBER_LENGTH for number, _floor in found):
        raise NoSuchDoors(_("一处房屋最多 {0} 间、房号最多 {1} 个字，请改小。").format(MOST, NUMBER_LENGTH))
    return found


def _left_out(rule: Rule, place: int) -> bool:
    return rule.skip != NOTHING and "4" in str(place)


def _through(rule: Rule, many: int) -> list[str]:
    found, number = list[str](), rule.first
    while len(found) < many:
        if not _left_out(rule, number):
            found.append(f"{rule.prefix}{number}")
        number += 1
    return found


def _written(style: str, floor: int, place: int) -> str:
    level = str(floor) if floor > 0 else f"B{-floor}"
    if style == LETTER:
        return level + chr(ord("A") + place - 1)
    return f"{level}-{place}" if style == STROKE else f"{level}{place:02d}" if style == TWO else f"{level}{place}"


class AllThere(Mistake):
    """Every door that was told is there."""

    def __init__(self) -> None:
        super().__init__(_("这些房号都已经有了，没有增加房间。请改房号。"))


@verb(N_("批量编房号"), REGISTER)
def number_rooms(act: Acting, house_id: UUID, rooms: Iterable[tuple[str, int | None]], max_people: int | None = None, area: int | None = None) -> tuple[int, int]:
    """Add these doors to a house, each for so many people (床位); those that are there stay as they are and are told.

    Returns how many are new and how many were there. Raises Gone, RoomNumberTaken (one told twice), AllThere, Refused.
    """
    told, house = list(rooms), act.get(House, house_id)
    numbers = [number for number, _floor in told]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        raise RoomNumberTaken(twice)
    there = {r.room_no for r in act.rows(sa.select(Room.room_no).where(Room.house == house.id, Room.deleted.is_not(True)))}
    new = [(number, floor) for number, floor in told if number not in there]
    if not new:
        raise AllThere
    for number, floor in new:
        act.add(Room(house=house.id, room_no=number, floor=floor, max_people=max_people, area=area))
    left = [number for number in numbers if number in there]
    if left:
        act.marks.append(Mark("rooms", "note", "rooms-there", _("已有的 {0} 间没有动：{1}。").format(len(left), "、".join(left))))
    return len(new), len(left)
