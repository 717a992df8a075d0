"""An invented village of any size, for trying out and for measuring. No number in it was ever given to anybody:
each has a county code that was created after the birth date it carries (as in the sample workbook)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from gridapp.fields import codes, idnumber
from gridapp.fields.ids import new_id
from gridapp.ledger import REGISTER, Acting, verb
from gridapp.records import House, Officer, Person, Room, Tenancy
from gridapp.texts import N_
from gridapp.work.houses import after, next_number

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂辉玲红建国华文斌浩鹏飞雪梅琳凤雷晶宇波鑫海燕志帆秋菊丹萍莉峰龙云倩"
RARE = ("𬱖", "䶮", "㛃", "𰻞", "𫘧", "𣗋", "堃", "喆", "犇")
STREETS = ("祠堂路", "方岩大道", "青后叶前街", "青后叶后街", "工业区一路", "工业区二路", "河头巷", "世方公路")
WORKPLACES = ("青后叶电动工具厂", "古山五金制品有限公司", "世雅铸造厂", "永康市胡库门业", "沿街餐饮店", "快递网点", "自由职业")
WORK, LODGER = "务工", ("承租人", "配偶", "子女", "同住")
PER_HOUSE, FIRST_HOUSE = 7, "QHY0001"


def _counties() -> list[codes.Division]:
    """Current counties that are young enough: nobody born before their first year carries their code."""
    return [d for d in codes.divisions() if d.status == "current" and (d.start_year or 0) >= 2012 and not d.code.endswith("00")]


def number(chance: random.Random, county: codes.Division, latest: date) -> tuple[str, date]:
    """(18-digit number, birth date) with a county that did not exist at birth."""
    limit = min(date((county.start_year or 2012) - 1, 12, 31), latest)
    birth = limit - timedelta(days=chance.randrange(40 * 365))
    body = f"{county.code}{birth:%Y%m%d}{chance.randrange(1000):03d}"
    return body + idnumber.check_digit(body), birth


def _name(chance: random.Random) -> str:
    given = "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2))))
    return chance.choice(SURNAMES) + (chance.choice(RARE) if chance.random() < 0.01 else given)


def _people(chance: random.Random, count: int, taken: set[str], today: date) -> Iterator[dict[str, Any]]:
    """People whose numbers are not in `taken`: a register has each number once, also when more people are invented later."""
    counties, reason = _counties(), codes.table("reason").find(WORK)
    for _place in range(count):
        county = chance.choice(counties)
        id_no, birth = number(chance, county, today - timedelta(days=17 * 365))
        while id_no in taken:
            id_no, birth = number(chance, county, today - timedelta(days=17 * 365))
        taken.add(id_no)
        yield {"id": new_id(), "id_kind": "111", "id_no": id_no, "name": _name(chance), "birth": birth,
               "sex": "1" if int(id_no[16]) % 2 else "2", "ethnic": "01", "hukou_code": county.code,
               "hukou_addr": f"{county.name}{chance.choice(SURNAMES)}街{chance.randrange(1, 200)}号",
               "phone": f"1{chance.choice('3578')}{chance.randrange(10**9):09d}", "workplace": chance.choice(WORKPLACES),
               "reason": reason, "arrived_on": today - timedelta(days=chance.randrange(900)),
               "registered_on": today - timedelta(days=chance.randrange(400))}


def _houses(chance: random.Random, count: int, house_no: str, today: date) -> Iterator[dict[str, Any]]:
    degree = codes.table("degree").find("安全")
    for _place in range(count):
        yield {"id": new_id(), "house_no": house_no, "owner_name": _name(chance), "degree": degree,
               "address": f"永康市古山镇青后叶村{chance.choice(STREETS)}{chance.randrange(1, 300)}号",
               "owner_phone": f"1{chance.choice('3578')}{chance.randrange(10**9):09d}", "floors": chance.randint(2, 6),
               "rooms_let": 8, "max_people": 16, "registered_on": today}
        house_no = after(house_no)


@verb(N_("生成演示数据"), REGISTER)
def invent(act: Acting, people: int, seed: int = 1) -> int:
    """Fill the ledger with `people` invented migrants in about one house for seven of them; returns how many."""
    chance = random.Random(seed)
    none_yet = act.one(sa.select(House).where(House.deleted.is_not(True))) is None
    houses = list(_houses(chance, max(1, people // PER_HOUSE), FIRST_HOUSE if none_yet else next_number(act), act.today))
    rooms = [{"id": new_id(), "house": h["id"], "room_no": f"{1 + k // 4}{1 + k % 4:02d}", "floor": 1 + k // 4}
             for h in houses for k in range(8)]
    taken = {number for (number,) in act.rows(sa.select(Person.id_no).where(Person.id_no.is_not(None)))}
    born = list(_people(chance, people, taken, act.today))
    registrar = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    relations = [codes.table("relation").find(r) for r in LODGER]
    stays = [{"person": p["id"], "room": chance.choice(rooms)["id"], "start": p["arrived_on"], "registrar": registrar,
              "relation": chance.choice(relations)} for p in born]
    for entity, rows in ((House, houses), (Room, rooms), (Person, born), (Tenancy, stays)):
        act.add_many(entity, rows)
    return people
