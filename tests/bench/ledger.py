"""How long one act takes until it is on the disk, and how long the search box takes to answer."""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from gridapp.ledger import Ledger, Reader
from gridapp.records import House, Person
from gridapp.work import invent, opening, people, tenancies
from tests import ledgers
from tests.bench.figures import Figure, ms, p95, spent, spread

SAVES = 300
QUERIES = 400


def _village(folder: Path, name: str, count: int) -> Ledger:
    ledger = opening.new_ledger(folder / name, ledgers.PASSWORD, "330784108238", "第一网格", "王建国")
    ledger.do(invent.invent, count)
    return ledger


def _flushes(folder: Path) -> list[float]:
    """What this disk needs for one 4 KB append that is really flushed."""
    with (folder / "flush").open("ab", buffering=0) as handle:
        def one() -> None:
            handle.write(os.urandom(4096))
            os.fsync(handle.fileno())

        return [spent(one) for _ in range(SAVES)]


def save(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """Register, correct, move in and move out in a village of 4,500, each act flushed."""
    with _village(folder, "save.grid", 4500) as ledger:
        room = ledger.ask(_some_room)
        taken = {"register": list[float](), "correct": list[float](), "move in": list[float](), "move out": list[float]()}
        for number in _numbers(SAVES):
            made: list[object] = []
            taken["register"].append(spent(lambda: made.append(ledger.do(people.register_person, name="测试", id_no=number).result)))
            person = made[0]
            taken["correct"].append(spent(lambda: ledger.do(people.correct_person, person, phone="13800001111")))
            taken["move in"].append(spent(lambda: made.append(ledger.do(tenancies.move_in, person, room, ledger.today).result)))
            taken["move out"].append(spent(lambda: ledger.do(tenancies.move_out, made[1], ledger.today + timedelta(days=1))))
    flush = spread(_flushes(folder))
    return [Figure(f"act: {name} (4,500 people)", spread(times), f"one fsynced 4 KB append {flush}", "p95 ≤ 50 ms")
            for name, times in taken.items()]


def _some_room(read: Reader) -> object:
    from gridapp.records import Room

    return read.scalar(sa.select(Room.id))


def _numbers(count: int) -> list[str]:
    from datetime import date

    chance = random.Random(99)
    counties = invent._counties()
    return [invent.number(chance, chance.choice(counties), date(2000, 1, 1))[0] for _ in range(count)]


def find(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Every kind of question the box takes, over `--people` people; the baseline is a LIKE scan of a plain table."""
    with _village(folder, "find.grid", told.people) as ledger:
        asked = ledger.ask(_questions)
        first = spent(lambda: ledger.search("张", 20))
        times = [spent(lambda q=q: ledger.search(q, 20)) for q in asked]
        scan = ledger.ask(_scan, asked[:20])
        slowest = max(zip(times, asked, strict=True))
    return [Figure(f"find over {told.people:,} people", f"{spread(times)}, max {ms(slowest[0])}, first {ms(first)}",
                   f"LIKE over an in-memory table p50 {ms(statistics.median(scan))}, p95 {ms(p95(scan))}", "p95 ≤ 20 ms")]


def _questions(read: Reader) -> list[str]:
    chance = random.Random(7)
    rows = read.rows(sa.select(Person.name, Person.id_no, Person.phone, Person.hukou_addr).limit(3000))
    houses = read.rows(sa.select(House.house_no, House.address).limit(500))
    asked = []
    for row in chance.sample(list(rows), QUERIES // 8):
        house = chance.choice(houses)
        asked += [row.name, row.name[1:], row.id_no, row.id_no[-6:], row.phone[-4:], row.phone, house.house_no, house.address[-6:]]
    return asked


def _scan(read: Reader, asked: list[str]) -> list[float]:
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE TABLE p(name, id_no, phone, addr)")
    plain.executemany("INSERT INTO p VALUES(?,?,?,?)", [tuple(r) for r in read.rows(
        sa.select(Person.name, Person.id_no, Person.phone, Person.hukou_addr))])
    ask = "SELECT * FROM p WHERE name LIKE ?1 OR id_no LIKE ?1 OR phone LIKE ?1 OR addr LIKE ?1 LIMIT 20"
    return [spent(lambda q=q: plain.execute(ask, (f"%{q}%",)).fetchall()) for q in asked]
