"""An officer of one grid sees that grid, whatever they ask (R2): lists, counts, cards, pickers, the search box."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridapp.ledger import LOOK, Acting, Ledger, Reader, needs
from gridapp.ledger.reader import Gone
from gridapp.records import Grid, House, Party, Person, Photo, Record, Room, Step, Tenancy, Village
from gridapp.work import disputes, evidence, hazards, houses, officers, people, registers, steps, tenancies
from tests import ledgers
from tests.work.cases import a_dispute

ONE, OTHER, NONE = "第一网格", "第二网格", None


@needs()
def _second_grid(act: Acting) -> UUID:
    village = act.one(sa.select(Village))
    assert village is not None
    return act.add(Grid(village=village.id, name=OTHER, code="330784108238002")).id


@needs()
def _raw(act: Acting, rows: list[tuple[str, UUID | None]]) -> list[tuple[UUID, UUID]]:
    """Houses of grids with a room each."""
    made = []
    for number, grid in rows:
        house = act.add(House(house_no=number, address=f"祠堂路{number}", owner_name="张浩", grid=grid))
        made.append((house.id, act.add(Room(house=house.id, room_no="101")).id))
    return made


@needs()
def _live(act: Acting, name: str, rooms: list[UUID]) -> UUID:
    person = act.add(Person(id_kind="990", name=name))
    for place, room in enumerate(rooms):
        last = place == len(rooms) - 1
        act.add(Tenancy(person=person.id, room=room, start=ledgers.TODAY, end=None if last else ledgers.TODAY))
    return person.id


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, dict[str | None, UUID | None], int]]:
    """A ledger with two grids and an officer of the second."""
    with ledgers.begin(tmp_path_factory.mktemp("grids") / "台账.grid") as made:
        grids: dict[str | None, UUID | None] = {NONE: None, ONE: made.ask(officers.grids)[0][0], OTHER: made.do(_second_grid).result}
        number = made.do(officers.sign_up, "李红", ["grid"], grids[OTHER]).result
        yield made, grids, number


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_r2_whatever_is_asked_stays_within_the_grid(shared: tuple[Ledger, dict[str | None, UUID | None], int], data: st.DataObject) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    mark = ledger.ask(lambda read: read.scalar(sa.select(sa.func.count()).select_from(House)))
    where = data.draw(st.lists(st.sampled_from([ONE, OTHER, NONE]), min_size=1, max_size=4))
    made = ledger.do(_raw, [(f"QHY{mark + n:04}", grids[w]) for n, w in enumerate(where)]).result
    stays = data.draw(st.lists(st.lists(st.integers(0, len(where) - 1), max_size=2, unique=True), max_size=5))
    folk = [(ledger.do(_live, f"某{mark}甲{n}", [made[s][1] for s in stay]).result, stay) for n, stay in enumerate(stays)]
    mine = {house for (house, _room), w in zip(made, where, strict=True) if w != ONE}
    ours = {person for person, stay in folk if not stay or any(where[s] != ONE for s in stay)}

    ledger.sign_in(number)
    seen = {row.id for row in ledger.ask(houses.list_houses, limit=10_000)}
    assert seen & {h for h, _r in made} == mine
    assert ledger.ask(houses.count_houses)[houses.OPEN] == len(seen)
    assert {hit.id for hit in ledger.search(f"某{mark}甲", 1000) if hit.entity == "person"} == ours
    for house, _room in made:
        if house in mine:
            ledger.ask(houses.house_card, house)
        else:
            with pytest.raises(Gone):
                ledger.ask(houses.house_card, house)
    for person, _stay in folk:
        if person in ours:
            ledger.ask(people.person_card, person)
        else:
            with pytest.raises(Gone):
                ledger.ask(people.person_card, person)
    listed = {row.id for which in (people.LIVING, people.ALL) for row in ledger.ask(people.list_people, which, 0, 10_000)}
    assert listed & {p for p, _s in folk} <= ours
    rosters = {roster.house.id for roster in ledger.ask(registers.rosters)}
    assert rosters & {h for h, _r in made} <= mine


def test_r2_places_of_another_grid_cannot_be_changed_but_people_move(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    there, here = ledger.do(_raw, [("QHY9001", grids[ONE]), ("QHY9002", grids[OTHER])]).result
    person = ledger.do(people.register_person, name="彭兵", id_no=ledgers.NUMBERS[0]).result
    ledger.do(tenancies.move_in, person, there[1], ledgers.TODAY)
    ledger.sign_in(number)
    with pytest.raises(Gone):
        ledger.do(houses.correct_house, there[0], remark="不归我管")
    with pytest.raises(Gone):
        ledger.ask(people.person_card, person)
    found = ledger.ask(people.known_by, ledgers.NUMBERS[0])
    assert found is not None and found.record.id == person, "whoever has the card in hand finds its owner"
    ledger.do(tenancies.change_room, person, here[1], ledgers.TODAY)
    assert ledger.ask(people.person_card, person).record.id == person


def test_r2_house_numbers_are_given_once_in_the_village(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    ledger.do(_raw, [("QHY9900", grids[ONE])])
    ledger.sign_in(number)
    assert ledger.ask(houses.next_number) > "QHY9900"
    with pytest.raises(Exception, match="QHY9900"):
        ledger.do(houses.register_house, [("101", 1)], house_no="QHY9900", address="祠堂路9号", owner_name="张浩")


def test_a_chief_sees_the_whole_village(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    made = ledger.do(_raw, [("QHY8801", grids[ONE])]).result
    who = next(row for row in ledger.ask(officers.list_officers) if row.number == number)
    ledger.do(officers.change_roles, who.id, ["grid", "chief"], grids[OTHER])
    ledger.sign_in(number)
    assert ledger.ask(houses.house_card, made[0][0]).record.house_no == "QHY8801"
    ledger.sign_in(0)
    ledger.do(officers.change_roles, who.id, ["grid"], grids[OTHER])


def test_hazards_elsewhere_are_not_shown(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    there, here = ledger.do(_raw, [("QHY7001", grids[ONE]), ("QHY7002", grids[OTHER])]).result
    made = [ledger.do(hazards.raise_hazard, place="祠堂路", content="私拉电线", degree="01", house=h, finder="张三").result for h in (there[0], here[0])]
    ledger.sign_in(number)
    assert {row.id for row in ledger.ask(hazards.list_hazards, limit=200)} & set(made) == {made[1]}


@needs(LOOK)
def _told_of(read: Reader, kind: type[Record], link: str, matters: list[UUID]) -> set[UUID]:
    """Of which of these something of a kind is seen."""
    return {getattr(record, link) for record in read.records(sa.select(kind).where(getattr(kind, link).in_(matters)))}


def test_what_is_told_of_a_case_elsewhere_is_not_shown(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, grids, number = shared
    ledger.sign_in(0)
    rows: list[tuple[str, UUID | None]] = [("QHY6001", grids[ONE]), ("QHY6002", grids[OTHER]), ("QHY6003", None)]
    homes = [house for house, _room in ledger.do(_raw, rows).result]
    found = [ledger.do(hazards.raise_hazard, place="祠堂路", content="私拉电线", degree="01", house=h, finder="张三").result for h in homes]
    quarrels = [a_dispute(ledger, house=h) for h in homes]
    for n, matter in enumerate([*found, *homes]):
        ledger.do(evidence.attach_photo, matter, f"{n:064x}", 5)
    whole = [len(ledger.ask(steps.story, matter)) for matter in (*found, *quarrels)]
    ledger.sign_in(number)
    assert whole == [1] * 6 and [len(ledger.ask(steps.story, matter)) for matter in (*found, *quarrels)] == [0, 1, 1] * 2
    assert [len(ledger.ask(evidence.photos_of, matter)) for matter in (*found, *homes)] == [0, 1, 1] * 2
    for kind, link, matters in ((Step, "matter", found + quarrels), (Photo, "of", found + homes), (Party, "matter", quarrels)):
        assert ledger.ask(_told_of, kind, link, matters) == {m for n, m in enumerate(matters) if n % 3}
    with pytest.raises(Gone):
        ledger.ask(disputes.dispute_card, quarrels[0])


def test_a_dispute_that_lies_in_no_house_is_seen_by_every_grid(shared: tuple[Ledger, dict[str | None, UUID | None], int]) -> None:
    ledger, _grids, number = shared
    ledger.sign_in(0)
    quarrel = a_dispute(ledger)
    ledger.sign_in(number)
    assert ledger.ask(disputes.dispute_card, quarrel).record.id == quarrel and len(ledger.ask(steps.story, quarrel)) == 1
