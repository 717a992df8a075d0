"""A ledger in the town's database: begun whole or not at all, opened with the station's password, written by several clerks at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Acting, Ledger, hubhome, hubtables
from gridapp.ledger.beside import AlreadyThere
from gridapp.ledger.migrate import NewerLedger
from gridapp.records import Act, Person
from gridapp.store import hub
from gridapp.store.passwords import WeakPassword
from gridapp.store.refusals import WrongPassword
from gridapp.store.vault import login_secret
from gridapp.work import invent, people
from tests import hubs, ledgers
from tests.ledgers import CHEAP, NUMBERS, PASSWORD
from tests.postgres import Server

VILLAGE = "v:330784108238"


def _clerk(owner: Ledger, *scopes: int) -> sa.URL:
    """The address of a new role of the town's office (or of some scopes)."""
    url = owner.home.writer.url
    name = f"station_{threading.get_ident()}_{len(owner.acts(1000))}_{id(scopes)}"
    with owner.home.writer.begin() as connection:
        hubtables.make_role(connection, name, "x" * 12)
        hubtables.grant_station(connection, name, scopes or [hubtables.OFFICE])
    return url.set(username=name, password="x" * 12)


@pytest.fixture
def clerk(hub_ledger: Ledger, postgres: Server) -> Any:
    """A second clerk with a role and keys of their own; the role goes when the database has gone."""
    url = _clerk(hub_ledger)
    with Ledger.join_hub(url, PASSWORD, "officer 2", wall=ledgers.Clock(), cost=CHEAP) as joined:
        joined.officer = 1
        yield joined
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql(f'DROP OWNED BY "{url.username}"')
        connection.exec_driver_sql(f'DROP ROLE "{url.username}"')


# ---------------------------------------------------------------- beginning and opening

def test_a_hub_opens_with_the_password_of_its_station(hub_ledger: Ledger) -> None:
    url, device, digest = hub_ledger.home.writer.url, hub_ledger.device, hub_ledger.digest()
    hub_ledger.keep_secret("age", "AGE-SECRET-KEY-1")
    with hubs.reopen(url) as again:
        assert (again.device, again.digest(), again.secret("age"), again.scope) == (device, digest, "AGE-SECRET-KEY-1", VILLAGE)
    with pytest.raises(WrongPassword):
        Ledger.open_hub(url, PASSWORD + "x")


def test_nothing_a_station_keeps_lies_open_in_the_database(hub_ledger: Ledger) -> None:
    hub_ledger.keep_secret("age", "AGE-SECRET-KEY-1")
    seed = hub_ledger.signer.seed
    with hub_ledger.home.writer.connect() as connection:
        for table in hubtables.schema().tables:
            told = "".join(connection.exec_driver_sql(f"SELECT t::text FROM {table} t").scalars())
            assert "AGE-SECRET" not in told and seed.hex() not in told and PASSWORD not in told, table


def test_a_secret_moved_to_another_name_or_station_opens_no_more(hub_ledger: Ledger, clerk: Ledger) -> None:
    hub_ledger.keep_secret("age", "one")
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE keeper SET told = replace(told, '\"age\"', '\"root\"') WHERE role = current_user")
    with pytest.raises(hubhome.KeeperDamaged):
        hub_ledger.secret("root")
    assert hub_ledger.secret("age") is None and clerk.secret("age") is None


def test_a_beginning_that_failed_leaves_nothing(database: sa.URL) -> None:
    def fail(_new: Ledger) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Ledger.create_hub(database, PASSWORD, "officer 1", VILLAGE, cost=CHEAP, found=fail)
    with pytest.raises(WeakPassword):
        Ledger.create_hub(database, "short", "officer 1", VILLAGE, cost=CHEAP)
    with pytest.raises(hubhome.NoHub):
        Ledger.open_hub(database, PASSWORD)
    hubs.found(database).close()
    with pytest.raises(AlreadyThere):
        hubs.found(database)
    hubs.reopen(database).close()


def test_a_beginning_cut_short_is_begun_again(database: sa.URL) -> None:
    hubhome.begin(database)  # the power failed here
    with hubs.found(database) as made:
        assert made.verify().faults == ()


def test_an_empty_or_a_newer_database_is_told(database: sa.URL, hub_ledger: Ledger) -> None:
    with pytest.raises(hubhome.NoHub):
        Ledger.open_hub(database, PASSWORD)
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerLedger):
        Ledger.open_hub(hub_ledger.home.writer.url, PASSWORD)


def test_a_role_joins_once(hub_ledger: Ledger, clerk: Ledger) -> None:
    assert clerk.device != hub_ledger.device and clerk.digest() == hub_ledger.digest()
    with pytest.raises(hubhome.AlreadyJoined):
        Ledger.join_hub(clerk.home.writer.url, "another password", "officer 2", cost=CHEAP)
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM keeper WHERE role <> current_user")
    with pytest.raises(hubhome.NotJoined):
        Ledger.open_hub(clerk.home.writer.url, PASSWORD)


def test_an_address_without_a_password_logs_in_with_what_the_stations_password_makes(hub_ledger: Ledger) -> None:
    url, name = hub_ledger.home.writer.url, "station_by_password"
    bare = sa.URL.create(url.drivername, name, None, url.host, url.port, url.database)
    with hub_ledger.home.writer.begin() as connection:
        hubtables.make_role(connection, name, login_secret(PASSWORD, name))
        hubtables.grant_station(connection, name, [hubtables.OFFICE])
    try:
        with Ledger.join_hub(bare, PASSWORD, "officer 2", cost=CHEAP) as joined:
            assert joined.digest() == hub_ledger.digest()
        with pytest.raises(hub.HubRefusesUs):
            Ledger.open_hub(bare, PASSWORD + "x")
    finally:
        with hub_ledger.home.writer.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {name}")
            connection.exec_driver_sql(f"DROP ROLE {name}")


# ---------------------------------------------------------------- the same as in a file

@pytest.mark.parametrize("place", ["file", "hub"])
def test_a_taking_in_that_was_killed_before_its_share_of_the_index_is_found_after_opening(
        place: str, ledger: Ledger, hub_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    giver, taker = (hub_ledger, ledger) if place == "file" else (ledger, hub_ledger)
    taker.hold_scopes(["v:330784108239"])
    giver.hold_scopes(["v:330784108239"])
    giver.do_in("v:330784108239", people.register_person, name="彭兵", id_no=NUMBERS[0])
    giver.close_seals()
    seals = list(giver.seals(giver.missing(["v:330784108239"], []).sids))
    with monkeypatch.context() as killed:
        killed.setattr(Ledger, "catch_up", lambda _self, *_told: None)
        taker.admit(seals)
        assert taker.search("彭兵") == []
    taker.close()
    with hubs.reopen(taker.home.writer.url) if place == "hub" else ledgers.reopen(taker.path) as again:
        assert len(again.search("彭兵")) == 1

def test_a_hub_proves_itself_and_is_made_again_from_its_journal(hub_village: Ledger) -> None:
    digest, found = hub_village.digest(), [hit.label for hit in hub_village.search("彭兵")]
    before = hub_village.verify()
    assert before.faults == () and before.records > 30
    hub_village.rebuild()
    assert (hub_village.digest(), hub_village.verify().faults) == (digest, ())
    assert [hit.label for hit in hub_village.search("彭兵")] == found != []
    ledgers.a_house(hub_village, "QHY0077")
    assert hub_village.verify().faults == ()


@pytest.mark.parametrize(("statement", "fault"), [
    ("UPDATE person SET name = 'x' WHERE name = '彭兵'", "tables differ"),
    ("UPDATE entry SET payload = payload || '\\x00'::bytea WHERE ent = 7", "altered"),
    ("DELETE FROM entry WHERE pos = 2", "missing"),
    ("UPDATE seal SET sig = sig || sig", "signature"),
    ("UPDATE scope SET heads = '\\x80'", "heads"),
])
def test_what_was_changed_past_the_journal_is_found(hub_village: Ledger, statement: str, fault: str) -> None:
    with hub_village.home.writer.begin() as connection:
        connection.exec_driver_sql(statement)
    assert any(fault in found for found in hub_village.verify().faults), hub_village.verify().faults


def test_a_line_cut_in_an_act_leaves_nothing_of_it(hub_ledger: Ledger, postgres: Server) -> None:
    def cut(act: Acting) -> None:
        act.add(Person(name="彭兵", id_kind="111", id_no=NUMBERS[0]))
        act._session.flush()
        mine = act.scalar(sa.select(sa.func.pg_backend_pid()))
        postgres.said(f"SELECT pg_terminate_backend({mine}, 5000)")

    with pytest.raises(hub.HubGone):
        hub_ledger.do(cut)
    assert hub_ledger.search("彭兵") == [] and hub_ledger.verify().faults == ()
    ledgers.a_person(hub_ledger)
    assert len(hub_ledger.search("彭兵")) == 1 and hub_ledger.verify().faults == ()


# ---------------------------------------------------------------- several clerks at once

def _at_once(*works: Callable[[], object]) -> None:
    failed = list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # told below, in the test's own thread
            failed.append(error)
            raise

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_two_clerks_at_one_person_lose_nothing(hub_ledger: Ledger, clerk: Ledger) -> None:
    """Everybody writes another field, again and again: all of it is there, as one chain of acts."""
    person = ledgers.a_person(hub_ledger)
    rounds = 15

    def work(ledger: Ledger, field: str, head: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(rounds):
                ledger.do(people.correct_person, person, **{field: f"{head}{number:04d}"})

        return run

    with ExitStack() as opened:
        third = opened.enter_context(hubs.reopen(hub_ledger.home.writer.url))
        _at_once(work(hub_ledger, "phone", "1380000"), work(clerk, "workplace", "厂"), work(third, "remark", "第"))
    with hub_ledger.read() as read:
        found = read.get(Person, person)
        assert (found.phone, found.workplace, found.remark, found.nconf) == (f"1380000{rounds - 1:04d}", f"厂{rounds - 1:04d}", f"第{rounds - 1:04d}", 0)
        acts = read.scalar(sa.select(sa.func.count()).select_from(Act).where(Act.verb == "correct_person"))
    assert acts == 3 * rounds and len(hub_ledger.heads()[VILLAGE]) == 1
    assert hub_ledger.verify().faults == () == clerk.verify().faults and clerk.digest() == hub_ledger.digest()


def test_a_form_opened_before_a_colleague_saved_is_told(hub_ledger: Ledger, clerk: Ledger) -> None:
    from gridapp.ledger import ChangedMeanwhile

    person = ledgers.a_person(hub_ledger, phone="13800001111")
    seen = clerk.ask(people.person_card, person).record.ver
    hub_ledger.do(people.correct_person, person, phone="13800002222")
    with pytest.raises(ChangedMeanwhile):
        clerk.do(people.correct_person, person, seen=seen, phone="13800003333")


def test_the_same_paper_is_registered_once_however_many_try(hub_ledger: Ledger, clerk: Ledger) -> None:
    refused, start = list[str](), threading.Barrier(2)

    def work(ledger: Ledger) -> Callable[[], None]:
        def run() -> None:
            start.wait(20)
            try:
                ledgers.a_person(ledger)
            except people.AlreadyRegistered as told:
                refused.append(told.text)

        return run

    _at_once(work(hub_ledger), work(clerk))
    assert len(refused) == 1 and len(hub_ledger.search("彭兵")) == 1


def test_a_clerk_takes_back_their_own_act(hub_ledger: Ledger, clerk: Ledger) -> None:
    ledgers.a_person(clerk, "吴丽", NUMBERS[1])
    ledgers.a_person(hub_ledger)
    clerk.undo()
    assert clerk.search("吴丽") == [] and len(clerk.search("彭兵")) == 1
    assert clerk.verify().faults == ()


def test_whoever_reads_sees_one_state_while_others_write(hub_ledger: Ledger, clerk: Ledger) -> None:
    with hub_ledger.read() as read:
        before = read.scalar(sa.select(sa.func.count()).select_from(Person))
        ledgers.a_person(clerk)
        assert read.scalar(sa.select(sa.func.count()).select_from(Person)) == before
    with Session(hub_ledger.home.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == before + 1


def test_many_rows_at_once_by_a_clerk_are_the_same_rows(hub_ledger: Ledger, clerk: Ledger) -> None:
    """Row-level security lets no COPY near a table: the rows of an import go another way in, and back at its undoing."""
    before = clerk.digest()
    clerk.do(invent.invent, 120)
    after = clerk.digest()
    assert clerk.verify().faults == () and len(clerk.search("青后叶村", 500)) > 120
    clerk.undo()
    assert clerk.digest() == before and clerk.search("青后叶村", 500) == []
    clerk.redo()
    assert clerk.digest() == after == hub_ledger.digest() and clerk.verify().faults == ()
    clerk.rebuild()
    assert clerk.digest() == after and clerk.verify().faults == ()


def test_an_act_that_met_a_colleague_is_done_once_more(hub_ledger: Ledger, clerk: Ledger) -> None:
    """What it was given is not used up by the first try; the second busy moment is told."""
    with clerk.home.writer.begin() as held:
        held.exec_driver_sql("SELECT * FROM fact WHERE name = 'scope' FOR UPDATE")
        tries = list[list[str]]()

        def act_on(act: Acting, names: Iterator[str], busy: int) -> None:
            tries.append(list(names))
            act.add(Person(name=tries[-1][0], id_kind="111", id_no=NUMBERS[0]))
            if len(tries) <= busy:
                act._session.connection().exec_driver_sql("SET LOCAL lock_timeout = '20ms'")
                act._session.connection().exec_driver_sql("SELECT * FROM fact FOR UPDATE")

        hub_ledger.do(act_on, iter(["彭兵"]), 1)
        assert tries == [["彭兵"], ["彭兵"]] and len(hub_ledger.search("彭兵")) == 1
        with pytest.raises(hub.HubBusy):
            hub_ledger.do(act_on, iter(["吴丽"]), 9)
    assert hub_ledger.search("吴丽") == [] and hub_ledger.verify().faults == ()


def test_an_act_that_wrote_nothing_leaves_nothing_open(hub_ledger: Ledger, clerk: Ledger) -> None:
    """What a colleague writes afterwards is known to this station's next act."""
    person = ledgers.a_person(hub_ledger)
    hub_ledger.do(people.correct_person, person)
    clerk.do(people.correct_person, person, phone="13800001111")
    hub_ledger.do(people.correct_person, person, phone="13800002222")
    with clerk.read() as read:
        assert (read.get(Person, person).phone, read.get(Person, person).nconf) == ("13800002222", 0)
    assert len(clerk.heads()[VILLAGE]) == 1 and clerk.verify().faults == ()


def test_whoever_takes_in_for_one_village_keeps_nobody_waiting_in_another(hub_ledger: Ledger, clerk: Ledger, ledger: Ledger) -> None:
    other = "v:330784108239"
    for holder in (hub_ledger, ledger):
        holder.hold_scopes([other])
    ledger.do_in(other, people.register_person, name="彭兵", id_no=NUMBERS[0])
    ledger.close_seals()
    with hub_ledger.home.writer.begin() as busy:
        busy.exec_driver_sql("SELECT * FROM scope WHERE no = 0 FOR UPDATE")
        taken = clerk.admit(ledger.seals(ledger.missing([other], []).sids), scopes=[other])
    assert taken.entries and len(clerk.search("彭兵")) == 1
