"""Officers of a desk: a village's own, or a town's clerks; which roles it gives, which numbers, and who must not vanish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.exchange import founding, pairing
from gridapp.ledger import Ledger, clerks
from gridapp.ledger.keyring import OnlyAFile
from gridapp.ledger.reader import Gone
from gridapp.records import Officer
from gridapp.records.people import FIRST_CLERK
from gridapp.store import passwords
from gridapp.store.passwords import WeakPassword
from gridapp.work import accounts, officers, opening, people, recovery, village
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import CONF, SCOPE, TOWN_CODE, a_village
from tests.ledgers import PASSWORD, TODAY
from tests.postgres import Server

MAYOR, CLERK, HER_OWN = "李镇长", "赵明", "只有赵明自己知道的一句话"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """A town's file with its first clerk, who has just typed the password."""
    made, _founded = founding.new_town(tmp_path / "town.grid", PASSWORD, TOWN_CODE, "古山镇一号机", MAYOR)
    with made:
        yield made


@pytest.fixture
def pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    """A village of that town that has taken in its configuration, and the town what it wrote."""
    with a_village(tmp_path / "village.grid") as made:
        made._wall.ms = town.now_ms()
        made.sign_in(made.ask(village.first_officer))
        handing.joined(town, made, tmp_path)
        meet(made, town)
        yield made


def meet(village_pc: Ledger, town: Ledger) -> None:
    """A stick goes to the town and one comes back."""
    with TemporaryDirectory() as folder:
        handing.round_trip(village_pc, town, Path(folder))


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Ledger:
    """A village's ledger or a town's, by the name of its fixture."""
    made: Ledger = request.getfixturevalue(request.param)
    made.sign_in(made.ask(village.first_officer))
    return made


def names(ledger: Ledger) -> list[str]:
    return [row.name for row in ledger.ask(officers.list_officers)]


def id_of(ledger: Ledger, name: str) -> UUID:
    return next(row.id for row in ledger.ask(officers.list_officers) if row.name == name)


def scopes_of(ledger: Ledger, name: str) -> set[str]:
    """Where an officer's record stands."""
    with ledger.read() as read:
        return {village.scope_names(read)[no] for (no,) in read.rows(sa.select(Officer.scope).where(Officer.name == name))}


# ---------------------------------------------------------------- whose officers

def test_each_desk_lists_its_own_and_each_tells_the_names_of_all(town: Ledger, pc: Ledger) -> None:
    told = accounts.add_officer(town, CLERK, ["town"])
    town.sign_in(told.number)
    person = ledgers.a_person(pc)
    meet(pc, town)
    town.do_in(SCOPE, people.correct_person, person, remark="镇里核对过")
    meet(pc, town)
    assert names(town) == [MAYOR, CLERK] and names(pc) == ["王建国"]
    assert [step.officer for step in pc.history(person)] == ["王建国", CLERK] == [step.officer for step in town.history(person)]
    assert pc.ask(officers.number_of, CLERK) == told.number, "the village's auditor may ask what the clerk did"


@pytest.mark.parametrize("step", [accounts.reset, lambda ledger, who: accounts.change_roles(ledger, who, ["audit"]),
                                  lambda ledger, who: accounts.dismiss(ledger, who, TODAY), accounts.take_back],
                         ids=["reset", "change_roles", "dismiss", "take_back"])
def test_a_village_changes_nothing_of_a_clerk_and_a_town_nothing_of_a_villages_officer(town: Ledger, pc: Ledger, step: Any) -> None:
    before = pc.digest(), town.digest()
    for here, there, name in ((pc, town, MAYOR), (town, pc, "王建国")):
        with pytest.raises(Gone):
            step(here, id_of(there, name))
    assert (pc.digest(), town.digest()) == before


def test_everything_about_a_clerk_is_written_where_villages_read_it(town: Ledger, pc: Ledger) -> None:
    told = accounts.add_officer(town, CLERK, ["town"], phone="0579-87000000")
    who = id_of(town, CLERK)
    for step, shown in ((lambda: accounts.change_roles(town, who, ["audit"]), ("audit", None)), (lambda: accounts.dismiss(town, who, TODAY), ("audit", TODAY)),
                        (lambda: accounts.take_back(town, who), ("audit", None))):
        step()
        meet(pc, town)
        assert scopes_of(town, CLERK) == {CONF} == scopes_of(pc, CLERK)
        with pc.read() as read:
            assert read.rows(sa.select(Officer.role, Officer.left_on).where(Officer.number == told.number)) == [shown]
    assert town.verify().faults == () == pc.verify().faults


def test_a_town_at_work_in_a_village_still_writes_its_clerks_into_the_configuration(town: Ledger, pc: Ledger) -> None:
    town.work_in(SCOPE)
    accounts.add_officer(town, CLERK, ["town"])
    assert scopes_of(town, CLERK) == {CONF} and names(town) == [MAYOR, CLERK]


# ---------------------------------------------------------------- roles

@pytest.mark.parametrize(("desk", "roles", "said"), [
    ("ledger", ["town"], "村里的账号不能选“镇工作人员”。可以选：网格员、网格长、管理员、审计员"), ("ledger", ["grid", "村长"], "不能选“村长”"),
    ("town", ["grid"], "镇里的账号不能选“网格员”。可以选：镇工作人员、审计员"), ("town", ["town", "manage"], "不能选“管理员”"),
    ("town", ["town", "audit"], "不能兼任"), ("town", [], "至少选一个")], indirect=["desk"])
def test_a_desk_gives_its_own_roles_only(desk: Ledger, roles: list[str], said: str) -> None:
    own, before = desk.ask(officers.list_officers)[0], desk.digest()
    for step in (lambda: desk.do(officers.sign_up, CLERK, roles), lambda: accounts.change_roles(desk, own.id, roles)):
        with pytest.raises(officers.BadRoles, match=said):
            step()
    assert desk.digest() == before


@pytest.mark.parametrize(("desk", "manager", "other"), [("ledger", "manage", "grid"), ("town", "town", "audit")], indirect=["desk"])
def test_whoever_lets_others_in_last_keeps_doing_so(desk: Ledger, manager: str, other: str) -> None:
    own = desk.ask(officers.list_officers)[0].id
    for verb, told in ((officers.change_roles, ([other],)), (officers.dismiss, (TODAY,))):
        with pytest.raises(officers.LastManager):
            accounts.act_on(desk, verb, own, *told)
    accounts.change_roles(desk, own, [manager])  # no last one is lost by this
    accounts.add_officer(desk, CLERK, [manager])
    accounts.change_roles(desk, own, [other])
    assert desk.ask(officers.list_officers)[0].roles == {other}


def test_a_clerk_who_lets_others_in_chooses_a_managers_password(town: Ledger) -> None:
    told = accounts.add_officer(town, CLERK, ["town"])
    town.close()
    with opening.open_ledger(town.path, told.password, CLERK) as hers:
        assert hers.officer == told.number and hers.must_change
        with pytest.raises(WeakPassword, match=str(passwords.ADMINISTRATOR)):
            hers.choose_password("thirteen chrs")
        hers.choose_password(HER_OWN)
    opening.open_ledger(town.path, HER_OWN, CLERK).close()


def test_a_town_has_no_grids_to_choose_from(town: Ledger, pc: Ledger) -> None:
    assert [name for _id, name in pc.ask(officers.grids)] == ["第一网格"] and town.ask(officers.grids) == []


# ---------------------------------------------------------------- numbers

@pytest.mark.parametrize(("desk", "least", "most"), [("ledger", 2, FIRST_CLERK - 1), ("town", FIRST_CLERK + 1, 65_535)], indirect=["desk"])
def test_numbers_are_drawn_so_that_pcs_apart_give_no_number_twice(desk: Ledger, least: int, most: int) -> None:
    drawn = [desk.ask(village.new_number) for _ in range(200)]
    assert least <= min(drawn) and max(drawn) <= most
    assert len(set(drawn)) > 150 and max(drawn) - min(drawn) > (most - least) / 2, "not one after the other"


def test_no_number_is_given_again(town: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither that of one who left nor of one whose registration was taken back: it stands in the journal's heads."""
    drawn = iter([7, 7, 8, 7, 8, 9])
    monkeypatch.setattr(village.secrets, "randbelow", lambda _most: next(drawn))
    town.do_in(CONF, village.sign_on, "甲")
    town.undo()
    assert accounts.add_officer(town, "乙", ["town"]).number == FIRST_CLERK + 9
    accounts.dismiss(town, id_of(town, "乙"), TODAY)
    assert accounts.add_officer(town, "丙", ["town"]).number == FIRST_CLERK + 10


def test_the_first_clerk_has_the_first_number_whichever_are_drawn_later(town: Ledger) -> None:
    for name in ("甲", "乙", "丙"):
        town.do_in(CONF, village.sign_on, name)
    assert town.ask(village.first_officer) == FIRST_CLERK == town.officer and len({row.number for row in town.ask(officers.list_officers)}) == 4


def test_the_first_clerk_of_a_town_begun_without_a_name_is_whoever_has_its_password(tmp_path: Path) -> None:
    with opening.begin_ledger(tmp_path / "town.grid", PASSWORD, f"t:{TOWN_CODE}", lambda new: pairing.found_town(new, "古山镇一号机")) as made:
        told = accounts.add_officer(made, MAYOR, ["town"])
        assert told.password == "" and told.number > FIRST_CLERK and len(made.slots()) == 1
        made.do_in(CONF, village.sign_on, CLERK, FIRST_CLERK)  # came from the town's first PC meanwhile
    with opening.open_ledger(tmp_path / "town.grid", PASSWORD, MAYOR) as made:
        assert made.officer == told.number and accounts.add_officer(made, "周敏", ["town"]).password


def test_a_town_is_founded_by_somebody_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(founding.NoClerk, match="请写明是谁"):
        founding.new_town(tmp_path / "town.grid", PASSWORD, TOWN_CODE, "古山镇一号机", "")
    assert list(tmp_path.iterdir()) == []


def test_who_founded_a_towns_database_stays_who_they_are_when_others_join(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever joins gets a number of their own: the founder's is given to nobody, and the founder signs in as no one else."""
    monkeypatch.setattr("gridapp.ledger.hubhome.ARGON2", ledgers.CHEAP)
    with postgres.database() as url:
        address = url.render_as_string(hide_password=False)
        with founding.new_town(address, PASSWORD, TOWN_CODE, "古山镇一号机", MAYOR)[0] as hub:
            joining = clerks.new_clerk(hub, "zhaoming")
        with opening.join_town(joining, HER_OWN, CLERK) as hers:
            assert hers.seat.name == CLERK and hers.officer > FIRST_CLERK
        with opening.open_ledger(address, PASSWORD) as again:
            assert again.seat.name == MAYOR and again.officer == FIRST_CLERK

# ---------------------------------------------------------------- when all is forgotten, and a database

def test_k2_the_towns_sheet_lets_a_clerk_in_and_no_village_manager(town: Ledger, pc: Ledger) -> None:
    groups = recovery.sheet(town)
    town.close()
    with recovery.enter_by(town.path, " ".join(groups), HER_OWN) as opened:
        assert opened.officer == FIRST_CLERK and opened.seat.name == MAYOR
    opening.open_ledger(town.path, HER_OWN, MAYOR).close()


def test_a_towns_database_lists_its_clerks_and_gives_no_passwords(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridapp.ledger.hubhome.ARGON2", ledgers.CHEAP)
    with postgres.database() as url, founding.new_town(url.render_as_string(hide_password=False), PASSWORD, TOWN_CODE, "古山镇一号机", MAYOR)[0] as hub:
        number = hub.do_in(CONF, village.sign_on, CLERK).result
        assert names(hub) == [MAYOR, CLERK] and number > FIRST_CLERK == hub.officer
        for step in (lambda: accounts.add_officer(hub, "周敏", ["town"]), lambda: accounts.reset(hub, id_of(hub, CLERK)), lambda: accounts.take_back(hub, id_of(hub, CLERK))):
            with pytest.raises(OnlyAFile):
                step()
        accounts.change_roles(hub, id_of(hub, CLERK), ["audit"])
        assert names(hub) == [MAYOR, CLERK] and [row.titles for row in hub.ask(officers.list_officers)] == ["镇工作人员", "审计员"]
        assert not accounts.dismiss(hub, id_of(hub, CLERK), TODAY).rotated
