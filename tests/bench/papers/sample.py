"""What every engine is given: houses with their tenants as plain texts, rare names among them, the same each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from gridapp.work import invent

HOUSES, PEOPLE = 1_000, 4_500
#: names of those whose people write them long, and characters that only the rare faces hold
LONG = ("阿依古丽·买买提", "阿卜杜热合曼·买买提江·吐尔逊", "洛桑旺堆", "NGUYỄN THỊ HUYỀN")
RARE = ("王𬱟", "李𪐀", "张𠅤", "陈𰻞", "刘𫘧", "周𮯰", "吴𣗋", "徐䶮")
HOMES = ("江西省上饶市鄱阳县田畈街镇港西村委会港西自然村", "贵州省毕节市威宁彝族回族苗族自治县迤那镇中心村五组", "四川省达州市宣汉县东乡镇", "安徽省阜阳市临泉县",
         "云南省昭通市镇雄县以勒镇毛坝村民委员会大火地村民小组")
FIELDS = ("room", "name", "sex", "ethnic", "id_no", "hukou", "workplace", "phone", "start", "end", "registrar")


class House(NamedTuple):
    """A house and its tenants; a tenant is texts in the order of FIELDS."""

    house_no: str
    address: str
    owner: str
    phone: str
    rooms: int
    tenants: list[list[str]]


def houses(count: int, people: int) -> Iterator[House]:
    """`people` tenants over `count` houses. Their numbers are made, but county codes are too young for the births they carry."""
    chance = random.Random(20261125)
    shares = [people // count + (1 if chance.random() < people % count / count else 0) for _place in range(count)]
    shares[-1] += people - sum(shares)
    for place, share in enumerate(shares, 1):
        yield House(f"QHY{place:05}", f"永康市古山镇青后叶村{chance.choice(invent.STREETS)}{chance.randrange(1, 300)}号", _name(chance), _phone(chance),
                    chance.randint(2, 20), [_tenant(chance, room) for room in range(101, 101 + max(share, 0))])


def _name(chance: random.Random) -> str:
    luck = chance.random()
    if luck < 0.04:
        return chance.choice(RARE if luck < 0.023 else LONG)
    return chance.choice(invent.SURNAMES) + "".join(chance.choice(invent.GIVEN) for _place in range(chance.choice((1, 2, 2))))


def _phone(chance: random.Random) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"


def _tenant(chance: random.Random, room: int) -> list[str]:
    since = date(2026, 11, 23) - timedelta(days=chance.randrange(900))
    left = str(since + timedelta(days=60)) if chance.random() < 0.1 else ""
    number = f"510185{date(1970, 1, 1) + timedelta(days=chance.randrange(12_000)):%Y%m%d}{chance.randrange(10_000):04}"
    return [str(room), _name(chance), chance.choice("男女"), chance.choice(("汉族", "汉族", "汉族", "维吾尔族", "土家族")), number,
            f"{chance.choice(HOMES)}{chance.randrange(1, 200)}号", chance.choice(invent.WORKPLACES), _phone(chance), str(since), left, "王建国"]


def write(path: Path, count: int, people: int) -> None:
    """One house a line, so that ten thousand pages need not be held by whoever draws them."""
    with path.open("w", encoding="utf-8") as out:
        for house in houses(count, people):
            out.write(json.dumps(house, ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[House]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield House(*json.loads(line))
