"""The audit of looking: what is looked at is written down first; the first bad row is named whatever was done to it; an older file is known (T1–T3, R4).

Here every field is changed in every fifteenth row, each field in others; all of them in all rows: `python3 dev.py faults looks`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Sorted
from gridapp.ledger import MANAGE, Ledger, looks, watching
from gridapp.ledger.looks import Anchor
from gridapp.ledger.permits import NotAllowed
from gridapp.ledger.tables import LOOKS
from gridapp.store.files import DiskFull
from gridapp.store.refusals import WrongPassword
from gridapp.store.vault import Signer
from gridapp.work import houses, people
from tests import ledgers, permissions
from tests.faults import chains
from tests.faults.chains import ROWS, named

#: every how manyth row is changed, taken away or written again here
EVERY = 15


def rows(ledger: Ledger) -> list[Any]:
    with ledger.home.engine.connect() as connection:
        return list(connection.execute(sa.select(LOOKS).order_by(LOOKS.c.dev, LOOKS.c.seq)).all())


def whats(ledger: Ledger) -> list[str]:
    return [row.what for row in rows(ledger)]


@pytest.fixture
def watched(ledger: Ledger) -> Ledger:
    """王建国 signed in, with a house and a person to look at."""
    ledgers.a_house(ledger)
    ledgers.a_person(ledger)
    ledger.sign_in(1)
    return ledger


def signed_up(ledger: Ledger, role: str) -> int:
    """The number of an officer with this role; put there by the program itself."""
    ledger.sign_in(0)
    return permissions.with_roles(ledger)[role]


def first_ids(ledger: Ledger) -> tuple[Any, Any]:
    return ledger.ask(people.list_people, people.ALL)[0].id, ledger.ask(houses.list_houses)[0].id


# ---------------------------------------------------------------- what is written down

def test_r4_opening_a_full_record_is_written_down_and_a_list_is_not(watched: Ledger) -> None:
    person, house = first_ids(watched)
    assert whats(watched) == ["signed_in"]
    watched.ask(people.person_card, person)
    watched.ask(houses.house_card, house)
    told = [(row.what, row.entity, row.record, row.officer, row.at) for row in rows(watched)[1:]]
    assert told == [("opened", "person", person.bytes, 1, ledgers.NOON), ("opened", "house", house.bytes, 1, ledgers.NOON)]


def test_a_card_that_refreshes_and_its_history_beside_it_are_one_look(watched: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    now, (person, house) = [0.0], first_ids(watched)
    monkeypatch.setattr(watching, "monotonic", lambda: now[0])
    for _again in range(3):
        watched.ask(people.person_card, person)
        watched.history(person)
    assert whats(watched)[1:] == ["opened"]
    watched.history(house)
    watched.ask(people.person_card, person)
    assert [(row.what, row.entity) for row in rows(watched)[2:]] == [("opened", "house")]
    now[0] += watching.SAME + 1
    watched.ask(people.person_card, person)
    assert whats(watched)[1:] == ["opened"] * 3


def test_r4_looking_for_a_number_is_written_down_once_and_never_the_number(watched: Ledger) -> None:
    number = ledgers.NUMBERS[0]
    for typed in range(1, len(number) + 1):
        watched.search(number[:typed])
    watched.search("彭兵")
    watched.ask(people.known_by, ledgers.NUMBERS[2])
    assert [(row.what, row.why) for row in rows(watched)[1:]] == [
        ("sought", "51****"), ("sought", "510185********9619"), ("sought", "410783********5927")]
    assert number not in repr(rows(watched))


def test_a_refusal_is_written_down_once_and_stands(watched: Ledger) -> None:
    watched.sign_in(signed_up(watched, "audit"))
    for _again in range(3):
        with pytest.raises(NotAllowed):
            watched.ask(people.list_people)
    with pytest.raises(NotAllowed):
        ledgers.a_person(watched, "李红", ledgers.NUMBERS[1])
    with pytest.raises(NotAllowed):
        watched.require(MANAGE)
    told = [(row.what, row.why, row.result) for row in rows(watched)[-3:]]
    assert told == [("refused", "查看登记（号码遮住一部分）", "failed"), ("refused", "登记和修改", "failed"), ("refused", "管理账号、配对和备份", "failed")]


def test_coming_going_and_a_wrong_password_are_written_down(watched: Ledger) -> None:
    with pytest.raises(WrongPassword):
        watched.prove("不是这个")
    watched.sign_out(locked=True)
    watched.close()
    with pytest.raises(WrongPassword):
        Ledger.open(watched.path, "也不是", 1, wall=ledgers.Clock())
    with Ledger.open(watched.path, ledgers.PASSWORD, 1, wall=ledgers.Clock()) as again:
        again.sign_in(1)
        told = [(row.what, row.field, row.result) for row in rows(again)]
    assert told == [("signed_in", None, "ok"), ("wrong_password", "1", "failed"), ("locked", None, "ok"),
                    ("wrong_password", "1", "failed"), ("signed_in", None, "ok")]
    with ledgers.reopen(watched.path) as last:
        assert whats(last)[-1] == "signed_out"


def test_the_program_at_its_own_work_is_not_watched(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    ledger.ask(people.person_card, person)
    assert ledger.looked(looks.OPENED, person) == 0 and rows(ledger) == []


# ---------------------------------------------------------------- T1

def test_t1_what_cannot_be_written_down_is_not_shown(watched: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    person, _house = first_ids(watched)

    def full(*_told: Any) -> None:
        raise DiskFull

    monkeypatch.setattr(looks, "add", full)
    for look in (lambda: watched.ask(people.person_card, person), lambda: watched.search(ledgers.NUMBERS[0]), lambda: watched.history(person)):
        with pytest.raises(DiskFull):
            look()
    assert watched.ask(people.list_people, people.ALL)  # a list is no opening
    watched.sign_in(signed_up(watched, "manage"))  # whoever can mend it comes in all the same
    with pytest.raises(NotAllowed):
        watched.ask(people.list_people)


# ---------------------------------------------------------------- T2

def test_t2_nobody_changes_a_row_through_the_database(watched: Ledger) -> None:
    for change in ("UPDATE look SET why = 'x'", "DELETE FROM look"):
        with pytest.raises(sa.exc.IntegrityError, match="only grows"), watched.home.writer.begin() as connection:
            connection.exec_driver_sql(change)
    assert whats(watched) == ["signed_in"] and watched.verify().faults == ()


@pytest.fixture(scope="module")
def chain(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session in which 300 looks stand and nothing keeps anybody from changing them; what a test does is rolled back."""
    with chains.chain(ledgers.copy(empty_ledger, tmp_path_factory.mktemp("looks") / "台账.grid")) as session:
        yield session


def test_t2_a_whole_chain_has_no_faults(chain: Session) -> None:
    assert named(chain) == []


@pytest.mark.parametrize("field", [c.name for c in LOOKS.columns])
def test_t2_a_change_of_any_field_of_any_row_is_found_at_that_row(chain: Session, field: str) -> None:
    first = [c.name for c in LOOKS.columns].index(field) % EVERY + 1
    assert chains.changed(chain, field, [*range(first, ROWS, EVERY), ROWS]) == []


def test_t2_a_row_that_is_gone_is_named_the_last_one_too(chain: Session) -> None:
    assert chains.gone(chain, [*range(1, ROWS, EVERY // 3), ROWS]) == []


def test_t2_rows_that_changed_places_are_named(chain: Session) -> None:
    assert chains.swapped(chain, 40) == []


def forged(session: Session, seq: int, signer: Signer, **values: Any) -> None:
    """A row as somebody with tools would make it: sum, link and signature fit it."""
    row = dict(session.execute(sa.select(LOOKS).where(LOOKS.c.seq == seq)).one()._mapping) | values
    total = looks.sum_of([*row.values()][:-2])
    session.execute(sa.update(LOOKS).where(LOOKS.c.seq == seq).values(values | {"sum": total, "sig": signer.sign(looks.SIGNED + total)}))


def test_t2_a_chain_written_again_without_the_stations_key_is_named_where_it_begins(chain: Session) -> None:
    for first in (1, 2, 150, ROWS):
        with chain.begin_nested() as undone:
            other = Signer(bytes(32))
            forged(chain, first, other, officer=9)
            for seq in range(first + 1, ROWS + 1):
                before = chain.execute(sa.select(LOOKS).where(LOOKS.c.seq == seq - 1)).one()
                forged(chain, seq, other, prev=looks.link_of(before.sum, before.sig))
            assert named(chain) == [first]
            undone.rollback()


def test_t2_a_row_that_was_put_in_is_named(chain: Session) -> None:
    last = chain.execute(sa.select(LOOKS).where(LOOKS.c.seq == ROWS)).one()._mapping
    with chain.begin_nested() as undone:
        chain.execute(sa.insert(LOOKS).values(**dict(last) | {"seq": ROWS + 1, "prev": looks.link_of(last["sum"], last["sig"])}))
        assert named(chain) == [ROWS + 1]
        undone.rollback()
    with chain.begin_nested() as undone:
        stranger = Signer(bytes(32))
        looks.add(chain, stranger, looks.Look(1, 1, looks.OPENED))
        assert [fault for fault in looks.faults(chain) if "nobody knows" in fault]
        undone.rollback()


# ---------------------------------------------------------------- T3

def test_t3_a_file_put_back_to_yesterday_is_known_by_what_stands_elsewhere(watched: Ledger, tmp_path: Path) -> None:
    watched.close()
    yesterday = ledgers.copy(watched.path, tmp_path / "gestern.grid")
    with ledgers.reopen(watched.path) as today:
        today.sign_in(1)
        mark = today.mark(looks.PRINTED, None, None, "F02")
        assert mark is not None
        foot, anchors = f"打印编号 ……　审计 {mark.anchor}", today.anchors()
        assert today.lost(anchors) == [] == today.lost(looks.anchors_in(foot))
    shutil.copy(yesterday, watched.path)
    with ledgers.reopen(watched.path) as back:
        assert back.verify().faults == ()  # whole in itself
        assert len(back.lost(anchors)) == 1 and "is missing" in back.lost(looks.anchors_in(foot))[0]
        back.sign_in(1)
        back.looked(looks.OPENED)
        assert "is another one" in back.lost(looks.anchors_in(foot))[0]


def test_t3_one_old_page_put_back_into_the_file_is_found(watched: Ledger, tmp_path: Path) -> None:
    """The pages of a file are sealed each for itself: the cipher does not see that one is of yesterday. The search index alone is not proved:
    it is made anew from the tables.
    """
    for number in range(40):
        watched.looked(looks.OPENED, UUID(int=number + 1))
    watched.close()
    old = watched.path.read_bytes()
    with ledgers.reopen(watched.path) as today:
        today.sign_in(1)
        for number in range(40):
            today.looked(looks.REVEALED, UUID(int=number + 1), why="核对身份")
        ledgers.a_person(today, "李红", ledgers.NUMBERS[1])
        anchors = today.anchors()
    new = watched.path.read_bytes()
    differing = [at for at in range(0, min(len(old), len(new)), 4096) if old[at:at + 4096] != new[at:at + 4096]]
    with ledgers.reopen(watched.path) as today, today.home.engine.connect() as connection:
        index = set(connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name LIKE 'find%'").scalars())
    assert len(differing) > 15
    for at in differing:
        watched.path.write_bytes(new[:at] + old[at:at + 4096] + new[at + 4096:])
        assert at // 4096 + 1 in index or noticed(watched.path, anchors), at // 4096 + 1


def noticed(path: Path, anchors: list[Anchor]) -> bool:
    """Whether opening, verifying or an anchor says that something is wrong."""
    try:
        with ledgers.reopen(path) as back:
            return bool(back.verify().faults or back.lost(anchors))
    except Sorted:
        return True


def test_an_anchor_is_read_back_from_what_stands_on_paper() -> None:
    anchor = Anchor("3F2A90C1", 127, "8c1f09ab4d5e6f70")
    assert looks.anchors_in(f"第 1 页　审计 {anchor}。") == [anchor] == looks.anchors_in(str(anchor).lower())
    assert looks.anchors_in("打印编号 3F2A-000012") == []


def test_two_stations_of_one_ledger_have_a_chain_each(watched: Ledger) -> None:
    other = Signer()
    with Session(watched.home.writer) as session, session.begin():
        from gridapp.ledger.tables import DEVICE

        session.execute(sa.insert(DEVICE).values(dev=other.public, name="第二台"))
        for _time in range(3):
            looks.add(session, other, looks.Look(1, 1, looks.OPENED))
    watched.looked(looks.REVEALED)
    assert watched.verify().faults == () and len(watched.anchors()) == 2


def test_what_a_station_tells_again_is_compared_with_what_it_told_before(ledger: Ledger) -> None:
    dev = bytes(range(32))

    def hear(made_at: int, *told: tuple[int, bytes]) -> bool:
        with Session(ledger.home.writer) as session, session.begin():
            return looks.hear(session, dev, tuple((seq, link * 32) for seq, link in told), made_at, 99)

    assert not hear(1, (5, b"a"))
    assert not hear(2, (5, b"a"), (9, b"b"))
    assert not hear(1, (3, b"x"))  # an old stick
    assert not hear(3)  # an older program
    assert not hear(3, (9, b"b"), (12, b"c"))
    assert hear(4, (5, b"a"), (9, b"b"))  # lower
    assert hear(5, (5, b"a"), (9, b"z"))  # another one
    assert hear(6, (5, b"a"), (7, b"d"), (20, b"e"))  # put back and then used
    assert not hear(7, (20, b"e"), (21, b"f"))
    assert ledger.look(looks.put_back) == {dev: 99}


def test_a_look_is_one_small_commit(watched: Ledger) -> None:
    size = watched.path.with_name(watched.path.name + "-wal").stat().st_size
    watched.looked(looks.OPENED, UUID(int=1), "person")
    assert watched.path.with_name(watched.path.name + "-wal").stat().st_size - size <= 8 * 4120
