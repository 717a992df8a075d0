"""How long one act takes until it is on the disk, and how long the search box takes to answer."""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from gridapp.fields import pinyin
from gridapp.ledger import Ledger, Reader
from gridapp.records import House, Person, Room, Tenancy
from gridapp.store.slots import Vault
from gridapp.work import invent, opening, people, tenancies
from tests import ledgers, written
from tests.bench.figures import Figure, ms, p95, spent, spread

SAVES = 300
EACH = 40
SMALL = 4500
#: one very common character or digit, the beginning of everything, and two of them together
WORST = ("王", "张", "国", "1", "2", "w", "z", "x", "q", "QHY", "qhy0", "青后叶村", "永康市古山镇青后叶村", "青", "号", "街", "w 1", "王 1", "1 1",
         "王 青后叶村", "qhy0 1", "青后叶村 1 王", "a b c", "13", "138", "zzz 青后叶村", "1 2 3 4 5 6 7 8", "王" * 50)


def _village(folder: Path, count: int) -> Ledger:
    """An invented village of that size; made once for all measurements of one run."""
    path = folder / f"{count}.grid"
    if path.exists():
        return ledgers.reopen(path)
    ledger = opening.new_ledger(path, ledgers.PASSWORD, "330784108238", "第一网格", "王建国")
    ledger.do(invent.invent, count)
    return ledger


# ---------------------------------------------------------------- one act

def save(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Register, correct, move in, move out, undo and redo, each flushed; in a small village and in one of `--people`."""
    return [figure for count in dict.fromkeys((SMALL, told.people)) for figure in _save(folder, count)]


def _save(folder: Path, count: int) -> list[Figure]:
    taken: dict[str, list[float]] = {}

    def timed(name: str, what: Callable[[], object]) -> object:
        came: list[object] = []
        taken.setdefault(name, []).append(spent(lambda: came.append(what())))
        return came[0]

    with _village(folder, count) as ledger:
        room = ledger.ask(lambda read: read.scalar(sa.select(Room.id)))
        for number in _numbers(SAVES):
            person = timed("register", lambda: ledger.do(people.register_person, name="测试", id_no=number).result)
            timed("correct", lambda: ledger.do(people.correct_person, person, phone="13800001111"))
            stay = timed("move in", lambda: ledger.do(tenancies.move_in, person, room, ledger.today).result)
            timed("move out", lambda: ledger.do(tenancies.move_out, stay, ledger.today + timedelta(days=1)))
            timed("undo", ledger.undo)
            timed("redo", ledger.redo)
        for _again in range(20):
            timed("list of the newest 50 acts", ledger.acts)
    flush = spread(written.flushes(folder))
    opened = [spent(lambda: _village(folder, count).close()) for _again in range(7)]
    unlocked = [spent(lambda: Vault.load(folder / f"{count}.grid").unlock(ledgers.PASSWORD)) for _again in range(7)]
    return [Figure(f"act: {name} ({count:,} people)", spread(times), f"one fsynced 4 KB append {flush}", "p95 ≤ 50 ms")
            for name, times in taken.items()] + [
        Figure(f"open and close the ledger ({count:,} people)", f"median {ms(statistics.median(opened))} (n={len(opened)})",
               f"the password's Argon2id alone, slow on purpose, median {ms(statistics.median(unlocked))}")]


def _numbers(count: int) -> list[str]:
    chance = random.Random()
    counties = invent._counties()
    return [invent.number(chance, chance.choice(counties), date(2000, 1, 1))[0] for _ in range(count)]


# ---------------------------------------------------------------- the search box

def find(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Every kind of question the box takes, over `--people` people; the baseline is a LIKE scan of a plain table."""
    with _village(folder, told.people) as ledger:
        asked = ledger.ask(questions)
        first = spent(lambda: ledger.search("张", 20))
        times = {kind: [(spent(lambda text=text: ledger.search(text, 20)), text) for text in texts]  # type: ignore[misc]
                 for kind, texts in asked.items()}
        worst = [(statistics.median(spent(lambda text=text: ledger.search(text, 20)) for _ in range(5)), text)  # type: ignore[misc]
                 for text in WORST]
        scan = ledger.ask(_scan, [texts[0] for texts in asked.values()])
    mixture = [seconds for kind in times.values() for seconds, _text in kind]
    slowest, text = max(pair for kind in times.values() for pair in kind)
    by_kind = {kind: p95([seconds for seconds, _text in pairs]) for kind, pairs in times.items()}
    slow_kind = max(by_kind, key=by_kind.__getitem__)
    over, name = f"over {told.people:,} people", max(worst)
    return [
        Figure(f"find {over}, {len(times)} kinds of question", f"{spread(mixture)}, max {ms(slowest)} “{text}”, first {ms(first)}",
               f"LIKE over an in-memory table p50 {ms(statistics.median(scan))}, p95 {ms(p95(scan))}", "p95 ≤ 20 ms"),
        Figure(f"find {over}, slowest kind", f"{slow_kind}: p95 {ms(by_kind[slow_kind])} (n={EACH})", "", "p95 ≤ 20 ms"),
        Figure(f"find {over}, the commonest words", f"worst {ms(name[0])} “{name[1][:20]}” (medians of 5, {len(WORST)} words)", "", "≤ 20 ms"),
    ]


def questions(read: Reader, each: int = EACH) -> dict[str, list[str]]:
    """What officers type, taken from people, houses and rooms all over the village; half-typed words too."""
    chance = random.Random(7)
    last = read.scalar(sa.select(sa.func.max(Person.seq))) or 0
    some = Person.seq.in_(chance.sample(range(1, last + 1), min(last, 4 * each)))
    asked = (sa.select(Person.name, Person.id_no, Person.phone, Person.hukou_addr, House.house_no, House.address, Room.room_no)
             .join(Tenancy, Tenancy.person == Person.id).join(Room, Room.id == Tenancy.room).join(House, House.id == Room.house).where(some))
    rows = chance.sample(list(read.rows(asked)), each)
    sounds = [pinyin.readings(row.name)[0] for row in rows]
    return {
        "name": [row.name for row in rows],
        "surname": [row.name[0] for row in rows],
        "part of name": [row.name[1:] for row in rows],
        "pinyin": ["".join(way) for way in sounds],
        "pinyin half typed": ["".join(way)[:4] for way in sounds],
        "initials": ["".join(s[0] for s in way) for way in sounds],
        "ID number": [row.id_no for row in rows],
        "ID number half typed": [row.id_no[:chance.randrange(6, 15)] for row in rows],
        "last 4–6 of ID number": [row.id_no[-chance.randrange(4, 7):] for row in rows],
        "phone": [row.phone for row in rows],
        "tail of phone": [row.phone[-4:] for row in rows],
        "characters and letters": [row.name[0] + "".join(s[0] for s in way[1:]) for way, row in zip(sounds, rows, strict=True)],
        "address": [row.address[-chance.randrange(4, 9):] for row in rows],
        "home address": [row.hukou_addr[-7:] for row in rows],
        "room": [row.room_no for row in rows],
        "house": [row.house_no for row in rows],
        "house half typed": [row.house_no[:-1] for row in rows],
        "house and room": [f"{row.house_no} {row.room_no}" for row in rows],
        "name and tail": [f"{row.name[0]} {row.id_no[-4:]}" for row in rows],
        "name and address": [f"{row.name} {row.address[-6:]}" for row in rows],
        "initials and room": [f"{way[0][0]} {row.room_no}" for way, row in zip(sounds, rows, strict=True)],
        "nobody": [row.name + "龘" for row in rows],
    }


def _scan(read: Reader, asked: list[str]) -> list[float]:
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE TABLE p(name, id_no, phone, addr)")
    plain.executemany("INSERT INTO p VALUES(?,?,?,?)", [tuple(r) for r in read.rows(
        sa.select(Person.name, Person.id_no, Person.phone, Person.hukou_addr))])
    ask = "SELECT * FROM p WHERE name LIKE ?1 OR id_no LIKE ?1 OR phone LIKE ?1 OR addr LIKE ?1 LIMIT 20"
    return [spent(lambda text=text: plain.execute(ask, (f"%{text}%",)).fetchall()) for text in asked]  # type: ignore[misc]
