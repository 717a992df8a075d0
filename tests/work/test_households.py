"""Households: another head, split, merged, a child born, somebody died; written down at every member, one act, one undo."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, Ledger, Reader, needs
from gridapp.ledger.permits import NotAllowed
from gridapp.ledger.reader import Refused
from gridapp.records import Step, Tenancy
from gridapp.work import households, kinship, people, tenancies
from gridapp.work.forgetting import forget_person
from tests import ledgers, permissions
from tests.ledgers import TODAY

SINCE = date(2026, 3, 1)
KINDS = {"父": "承租人", "母": "配偶", "子": "子女", "祖父": "父母", "叔": "兄弟姐妹", "工友": "同事"}


def relation(name: str) -> str:
    return kinship.code_of(name) or ""


@pytest.fixture
def rooms(ledger: Ledger) -> list[UUID]:
    return ledgers.rooms_of(ledger, ledgers.a_house(ledger))


@pytest.fixture
def family(ledger: Ledger, rooms: list[UUID]) -> dict[str, UUID]:
    """Six people of one room, by what they are called."""
    found = {}
    for name, told in KINDS.items():
        found[name] = ledger.do(people.register_person, name=name, phone="13857900055" if name == "父" else None).result
        ledger.do(tenancies.move_in, found[name], rooms[0], SINCE, relation(told))
    return found


def are(ledger: Ledger, person: UUID) -> dict[str, str]:
    """Who lives with this person, and what each is to the head."""
    return {m.name: kinship.name_of(m.relation) for m in ledger.ask(households.household, person).members}


def told(ledger: Ledger, person: UUID) -> list[str]:
    return [change.what for change in ledger.ask(households.household_story, person)]


@pytest.mark.parametrize(("head", "expected"), [
    ("母", {"母": "承租人", "父": "配偶", "子": "子女", "祖父": "其他亲属", "叔": "其他亲属", "工友": "同事"}),
    ("子", {"子": "承租人", "父": "父母", "母": "父母", "祖父": "其他亲属", "叔": "其他亲属", "工友": "同事"}),
    ("祖父", {"祖父": "承租人", "父": "子女", "母": "其他亲属", "子": "其他亲属", "叔": "子女", "工友": "同事"}),
    ("叔", {"叔": "承租人", "父": "兄弟姐妹", "母": "其他亲属", "子": "其他亲属", "祖父": "父母", "工友": "同事"}),
    ("工友", {"工友": "承租人", "父": "同事", "母": "同住", "子": "同住", "祖父": "同住", "叔": "同住"})])
def test_another_head_and_what_everybody_is_to_them(ledger: Ledger, family: dict[str, UUID], head: str, expected: dict[str, str]) -> None:
    before = are(ledger, family["父"])
    assert ledger.do(households.change_head, family[head]).result == 6
    assert are(ledger, family["父"]) == expected
    assert all(told(ledger, person) == ["变更户主"] for person in family.values()), "at every member"
    ledger.undo()
    assert are(ledger, family["父"]) == before and not any(told(ledger, person) for person in family.values())


def test_every_members_own_history_shows_who_did_it(ledger: Ledger, family: dict[str, UUID]) -> None:
    act = ledger.do(households.change_head, family["母"]).act
    for person in family.values():
        [change] = ledger.ask(households.household_story, person)
        assert (change.day, change.who) == (TODAY, "王建国")
    stay = next(m.stay for m in ledger.ask(households.household, family["父"]).members if m.name == "父")
    step = ledger.history(stay)[-1]
    assert (step.act, step.title, step.changes[0].new) == (act, "变更户主", "配偶")


def test_what_was_told_wins_and_the_heads_relations_can_be_put_right(ledger: Ledger, family: dict[str, UUID]) -> None:
    ledger.do(households.change_head, family["母"], {family["祖父"]: relation("父母")})
    assert are(ledger, family["母"])["祖父"] == "父母"
    ledger.do(households.change_head, family["母"], {family["叔"]: relation("兄弟姐妹")})
    assert are(ledger, family["母"])["叔"] == "兄弟姐妹" and are(ledger, family["母"])["祖父"] == "父母" and told(ledger, family["子"]) == ["改正关系", "变更户主"]
    with pytest.raises(households.NothingChanged):
        ledger.do(households.change_head, family["母"])


def test_of_two_who_rent_one_room_one_is_the_head_afterwards(ledger: Ledger, rooms: list[UUID]) -> None:
    one, other = (ledgers.a_tenant(ledger, rooms[0], name, ledgers.NUMBERS[n]) for n, name in enumerate(("甲", "乙")))
    for person in (one, other):
        stay = ledger.ask(households.household, person).of(person).stay
        ledger.do(households.change_head, person)
        assert ledger.ask(households.household, one).of(person).stay == stay
    assert are(ledger, one) == {"乙": "承租人", "甲": "同住"}


def test_who_rents_a_room_without_being_called_so_is_its_head(ledger: Ledger, rooms: list[UUID]) -> None:
    first = ledgers.a_tenant(ledger, rooms[0], "甲")
    wife = ledger.do(people.register_person, name="妻").result
    ledger.do(tenancies.move_in, wife, rooms[0], TODAY - timedelta(9), relation("配偶"))
    assert ledger.ask(households.household, wife).head == ledger.ask(households.household, wife).of(first)
    ledger.do(households.change_head, wife)
    assert are(ledger, first) == {"妻": "承租人", "甲": "配偶"}


def test_some_of_a_household_move_out_and_are_one_of_their_own(ledger: Ledger, family: dict[str, UUID], rooms: list[UUID]) -> None:
    ledger.do(households.split_household, [family["叔"], family["祖父"]], rooms[3], TODAY)
    assert are(ledger, family["叔"]) == {"叔": "承租人", "祖父": "父母"}
    assert are(ledger, family["父"]) == {"父": "承租人", "母": "配偶", "子": "子女", "工友": "同事"}
    assert told(ledger, family["祖父"]) == ["分出"] and told(ledger, family["子"]) == ["有人分出"]
    assert [(s.start, s.end) for s in ledger.ask(people.person_card, family["祖父"]).stays] == [(TODAY, None), (SINCE, TODAY)]
    ledger.undo()
    assert len(are(ledger, family["父"])) == 6


def test_a_head_does_not_leave_others_without_one(ledger: Ledger, family: dict[str, UUID], rooms: list[UUID]) -> None:
    with pytest.raises(households.HeadNeeded, match="“父”是户主"):
        ledger.do(households.split_household, [family["父"], family["母"]], rooms[3], TODAY)
    ledger.do(households.split_household, list(family.values()), rooms[3], TODAY)
    assert are(ledger, family["父"])["父"] == "承租人" and len(are(ledger, family["父"])) == 6, "all of them may go"


def test_a_split_goes_to_an_empty_room_and_takes_only_its_own_people(ledger: Ledger, family: dict[str, UUID], rooms: list[UUID]) -> None:
    stranger = ledgers.a_tenant(ledger, rooms[3])
    refused: list[tuple[type[Exception], list[UUID], UUID]] = [
        (households.SomebodysHome, [family["子"]], rooms[3]), (households.NotOfThisHousehold, [family["子"], stranger], rooms[4]),
        (tenancies.SameRoom, [family["子"]], rooms[0])]
    for failure, members, room in refused:
        with pytest.raises(failure):
            ledger.do(households.split_household, members, room, TODAY)
    with pytest.raises(households.NotYet):
        ledger.do(households.split_household, [family["子"]], rooms[4], TODAY + timedelta(1))
    assert len(are(ledger, family["父"])) == 6 and not told(ledger, family["子"])


def test_a_household_becomes_part_of_another(ledger: Ledger, family: dict[str, UUID], rooms: list[UUID]) -> None:
    ledger.do(households.split_household, [family["叔"], family["祖父"]], rooms[3], TODAY)
    ledger.do(households.merge_households, family["祖父"], rooms[0], TODAY, {family["叔"]: relation("兄弟姐妹")})
    assert are(ledger, family["父"]) == {"父": "承租人", "母": "配偶", "子": "子女", "工友": "同事", "叔": "兄弟姐妹", "祖父": "同住"}
    assert told(ledger, family["祖父"])[0] == "并入" and told(ledger, family["母"])[0] == "有人并入"
    ledger.undo()
    assert are(ledger, family["叔"]) == {"叔": "承租人", "祖父": "父母"}


def test_a_whole_household_moves_into_an_empty_room_as_it_is(ledger: Ledger, family: dict[str, UUID], rooms: list[UUID]) -> None:
    before = are(ledger, family["父"])
    ledger.do(households.merge_households, family["子"], rooms[5], TODAY)
    assert are(ledger, family["父"]) == before and ledger.ask(households.household, family["父"]).room == rooms[5]


def test_a_child_is_born_into_the_room_with_its_guardian(ledger: Ledger, family: dict[str, UUID]) -> None:
    born = TODAY - timedelta(3)
    child = ledger.do(households.register_birth, family["母"], name="小宝", birth=born, sex="1", agent_phone=None).result
    card = ledger.ask(people.person_card, child)
    assert (card.stays[0].start, kinship.name_of(card.stays[0].relation), card.record.agent_name) == (born, "子女", "母")
    assert all(told(ledger, person) == ["出生"] for person in [*family.values(), child])
    ledger.do(households.register_birth, family["父"], name="小妹", birth=born)
    assert told(ledger, family["子"]) == ["出生", "出生"], "two on one day are two"
    ledger.undo()
    ledger.undo()
    assert len(are(ledger, family["父"])) == 6


def test_a_grandchild_is_kin_and_lives_here_since_its_parent_does(ledger: Ledger, family: dict[str, UUID]) -> None:
    child = ledger.do(households.register_birth, family["子"], name="小孙", birth=date(2020, 5, 1), agent_name="别人").result
    card = ledger.ask(people.person_card, child)
    assert (card.stays[0].start, kinship.name_of(card.stays[0].relation), card.record.agent_name) == (SINCE, "其他亲属", "别人")


@pytest.mark.parametrize(("birth", "failure"), [(date(2009, 11, 24), households.NoChild), (TODAY + timedelta(1), Refused)])
def test_who_is_grown_or_not_born_is_no_birth(ledger: Ledger, family: dict[str, UUID], birth: date, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        ledger.do(households.register_birth, family["母"], name="小宝", birth=birth)
    assert len(are(ledger, family["父"])) == 6


def test_who_is_sixteen_is_registered_as_a_child(ledger: Ledger, family: dict[str, UUID]) -> None:
    ledger.do(households.register_birth, family["母"], name="大宝", birth=date(2009, 11, 25))
    assert are(ledger, family["父"])["大宝"] == "子女"


def test_who_died_is_closed_and_the_household_has_another_head(ledger: Ledger, family: dict[str, UUID]) -> None:
    with pytest.raises(households.HeadNeeded):
        ledger.do(households.register_death, family["父"], TODAY)
    ledger.do(households.register_death, family["父"], TODAY, family["母"], note="病故")
    card = ledger.ask(people.person_card, family["父"])
    ends = ledger.ask(_ends, family["父"])
    assert card.now is None and (card.record.closed_on, codes.table("close_reason").label(card.record.closed_why), card.record.closed_note) == (TODAY, "死亡", "病故")
    assert ends == [(TODAY, "死亡")]
    assert are(ledger, family["母"]) == {"母": "承租人", "子": "子女", "祖父": "其他亲属", "叔": "其他亲属", "工友": "同事"}
    assert all(told(ledger, person) == ["死亡"] for person in family.values())
    ledger.undo()
    assert are(ledger, family["母"])["父"] == "承租人" and ledger.ask(people.person_card, family["父"]).record.closed_on is None


@needs(LOOK)
def _ends(read: Reader, person: UUID) -> list[tuple[date | None, str]]:
    card = people.person_card(read, person)
    return [(s.end, codes.table("end_reason").label(read.get(Tenancy, s.id).end_why or "")) for s in card.stays]


def test_whoever_is_no_head_or_lived_nowhere_dies_without_another_head(ledger: Ledger, family: dict[str, UUID]) -> None:
    ledger.do(households.register_death, family["祖父"], TODAY)
    assert are(ledger, family["父"])["父"] == "承租人" and "祖父" not in are(ledger, family["父"])
    alone = ledgers.a_person(ledger)
    ledger.do(households.register_death, alone, TODAY)
    assert ledger.ask(people.person_card, alone).record.closed_on == TODAY
    with pytest.raises(households.NotYet):
        ledger.do(households.register_death, family["父"], TODAY + timedelta(1), family["母"])


def test_a_death_is_told_by_whoever_may_close_somebody(ledger: Ledger, family: dict[str, UUID]) -> None:
    ledger.sign_in(permissions.with_roles(ledger)["grid"])
    ledger.do(households.change_head, family["母"])
    with pytest.raises(NotAllowed):
        ledger.do(households.register_death, family["祖父"], TODAY)


@needs(LOOK)
def _steps_at(read: Reader, stay: UUID) -> list[str]:
    return [s.step for s in read.records(sa.select(Step).where(Step.matter == stay)) if s.step]


def test_what_happened_in_a_household_goes_with_whoever_is_erased(ledger: Ledger, family: dict[str, UUID]) -> None:
    ledger.do(households.change_head, family["母"])
    stay = ledger.ask(households.household, family["叔"]).of(family["叔"]).stay
    ledger.do(tenancies.move_out, stay, TODAY)
    ledger.sign_in(ledger.officer)
    assert ledger.ask(_steps_at, stay) == ["变更户主"]
    ledger.do(forget_person, family["叔"], "本人申请")
    assert ledger.ask(_steps_at, stay) == [] and told(ledger, family["母"]) == ["变更户主"]
