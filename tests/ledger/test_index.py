"""How the search index is written: in the order of its row numbers, or FTS5 puts a segment on the disk at every step back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.ids import new_id
from gridapp.ledger import Acting, Ledger
from gridapp.records import Person, Tenancy
from gridapp.work import hazards, houses, people, tenancies
from tests import ledgers
from tests.ledger.test_meeting import beside, give


@contextmanager
def watched(ledger: Ledger) -> Iterator[dict[str, list[list[int]]]]:
    """The row numbers of every statement that writes the index, by its first word."""
    seen: dict[str, list[list[int]]] = {"INSERT": [], "DELETE": []}

    def look(_connection: Any, _cursor: Any, statement: str, rows: list[tuple[int, ...]], *_told: Any) -> None:
        if statement.startswith(("INSERT INTO find(", "DELETE FROM find ")):
            seen[statement[:6]].append([row[0] for row in (rows if isinstance(rows, list) else [rows])])

    sa.event.listen(ledger.home.engine, "before_cursor_execute", look)
    yield seen
    sa.event.remove(ledger.home.engine, "before_cursor_execute", look)


def settle(act: Acting, room: UUID, people: int) -> None:
    """Every second one lives in the room, the others nowhere."""
    told = act.add_many(Person, [{"id": new_id(), "name": f"彭{n}"} for n in range(people)])
    act.add_many(Tenancy, [{"person": person, "room": room, "start": ledgers.TODAY} for person in told[::2]])


def test_row_numbers_only_grow(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    with watched(ledger) as seen:
        ledger.do(settle, room, 50)
        ledger.undo()
    assert [len(rows) for rows in seen["INSERT"]] == [50] and max(map(len, seen["DELETE"])) == 100
    assert all(rows == sorted(rows) for rows in (*seen["INSERT"], *seen["DELETE"]))


def taken_in(one: Ledger, other: Ledger) -> dict[str, list[list[int]]]:
    """What taking in what `other` lacks wrote into its index."""
    with watched(other) as seen:
        give(one, other)
    return seen


def test_who_has_just_come_in_is_not_looked_for_in_the_index(ledger: Ledger, tmp_path: Path) -> None:
    ledger.do(settle, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0], 5)
    with beside(tmp_path / "b.grid", ledger) as other:
        ledger.do(settle, ledgers.rooms_of(ledger, ledgers.a_house(ledger, "QHY0002"))[0], 7)
        seen = taken_in(ledger, other)
        assert sorted(map(len, seen["INSERT"]))[-1] == 7 and seen["DELETE"] == []


def test_what_nobody_searches_is_taken_in_without_the_index(ledger: Ledger, tmp_path: Path) -> None:
    person = ledgers.a_person(ledger)
    with beside(tmp_path / "b.grid", ledger) as other:
        ledger.do(people.correct_person, person, workplace="世雅铸造厂", remark="说明")
        assert taken_in(ledger, other) == {"INSERT": [], "DELETE": []}
        ledger.do(people.correct_person, person, workplace="甲厂", phone="13800001111")
        assert [len(rows) for rows in taken_in(ledger, other)["INSERT"]] == [1]


def test_whatever_is_taken_in_the_index_is_what_a_new_one_would_be(ledger: Ledger, tmp_path: Path) -> None:
    house = ledgers.a_house(ledger)
    one, two, three = ledgers.rooms_of(ledger, house)[:3]
    persons = [ledgers.a_tenant(ledger, room, f"彭{n}", ledgers.NUMBERS[n]) for n, room in enumerate((one, two, three))]
    hazard = ledger.do(hazards.raise_hazard, place="祠堂路1号三楼", content="楼道堆放杂物", degree="一般").result
    steps: tuple[tuple[Any, ...], ...] = (
        (people.correct_person, persons[0], {"name": "彭兵"}), (people.correct_person, persons[0], {"used_name": "彭小兵"}),
        (people.correct_person, persons[0], {"phone": "13800001111"}), (people.correct_person, persons[0], {"hukou_addr": "成都市马街1号"}),
        (people.correct_person, persons[0], {"id_no": ledgers.NUMBERS[3]}), (houses.correct_house, house, {"house_no": "QHY0009"}),
        (houses.correct_house, house, {"address": "永康市古山镇前后叶村下街3号"}), (houses.correct_house, house, {"owner_name": "欧阳婷"}),
        (houses.correct_house, house, {"owner_phone": "0579-87123456"}), (houses.correct_room, two, {"room_no": "909"}),
        (hazards.correct_hazard, hazard, {"content": "电线老化"}), (hazards.correct_hazard, hazard, {"place": "下街3号二楼"}),
        (tenancies.move_out, ledger.ask(people.person_card, persons[1]).stays[0].id, {"end": ledgers.TODAY + timedelta(days=1)}),
        (people.close_person, persons[1], {"day": ledgers.TODAY, "why": "01"}))
    texts = ("彭兵", "彭小兵", "彭0", "13800001111", "马街", ledgers.NUMBERS[0], ledgers.NUMBERS[3], "QHY0009", "QHY0001", "下街3号", "祠堂路", "欧阳婷",
             "87123456", "909", "电线", "堆放", "二楼", "三楼", "p", "1", "彭2")
    with beside(tmp_path / "b.grid", ledger) as other:
        for verb, record, values in steps:
            ledger.do(verb, record, **values)
            give(ledger, other)
            assert {text: other.search(text) for text in texts} == {text: ledger.search(text) for text in texts}, values
