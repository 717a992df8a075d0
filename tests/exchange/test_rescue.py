"""With the key from the sheet in the safe, parcels of a town that lost everything come into a town founded anew, and count there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.exchange import arriving, escrow, outgoing, pairing, rescue, stations
from gridapp.exchange.envelope import new_identity
from gridapp.exchange.escrow import NotASheet
from gridapp.exchange.pairing import NoRoot
from gridapp.exchange.refusals import NotForUs
from gridapp.exchange.rescue import Unvouched
from gridapp.ledger import Ledger
from gridapp.records import Person
from gridapp.records.stations import REPLACED
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import SCOPE, empty_town


@pytest.fixture
def lost(tmp_path: Path, stick: Path) -> str:
    """A town and a village that handed over once and got an answer; only the stick and the sheet are left. Returns what the sheet says."""
    with empty_town(tmp_path / "lost.grid") as town, handing.a_village(tmp_path / "lost-village.grid") as pc:
        founded = pairing.found_town(town, "古山镇一号机")
        handing.joined(town, pc, tmp_path)
        pc.officer = 1
        ledgers.a_person(pc, remark="村里写的")
        handing.hand(pc, None, stick)
    return escrow.off_paper("\n".join(escrow.on_paper(founded.escrow)))


def remarks(ledger: Ledger) -> list[str | None]:
    return [p.remark for p in ledger.ask(lambda read: read.records(sa.select(Person)))]


@pytest.fixture
def anew(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "anew.grid") as made:
        yield made


def test_who_wrote_is_told_before_anything_comes_in(lost: str, anew: Ledger, stick: Path) -> None:
    before = anew.digest()
    with pytest.raises(Unvouched, match="不认识的电脑") as told:
        rescue.open_escrow(anew, rescue.parcels_in([stick]), lost)
    [author] = told.value.authors
    assert author.scopes == (SCOPE,) and author.entries > 1 and anew.digest() == before and SCOPE not in anew.scopes()


def test_what_is_vouched_for_comes_in_and_its_author_is_stopped_again(lost: str, anew: Ledger, stick: Path) -> None:
    [done] = rescue.open_escrow(anew, rescue.parcels_in([stick]), lost, vouch=True)
    assert done.taken.held == 0 and remarks(anew) == ["村里写的"]
    assert [s.state for s in anew.ask(stations.stations) if s.name.startswith("原来的电脑")] == [REPLACED]
    assert not anew.verify().faults
    assert [r.name for r in outgoing.receivers(anew)] == [], "nobody hands over to a PC that is gone"


def test_it_counts_in_the_village_that_joins_the_new_town(lost: str, anew: Ledger, stick: Path, tmp_path: Path) -> None:
    rescue.open_escrow(anew, rescue.parcels_in([stick]), lost, vouch=True)
    with Ledger.create(tmp_path / "new-pc.grid", ledgers.PASSWORD, "officer 1", SCOPE, wall=ledgers.Clock(), cost=ledgers.CHEAP) as pc:
        handing.joined(anew, pc, tmp_path, "青后叶村新机")
        assert remarks(pc) == ["村里写的"] and pc.digest() == anew.digest()


def test_what_the_lost_pc_signs_later_waits(lost: str, anew: Ledger, stick: Path, tmp_path: Path) -> None:
    rescue.open_escrow(anew, rescue.parcels_in([stick]), lost, vouch=True)
    with ledgers.reopen(tmp_path / "lost-village.grid") as pc:
        ledgers.a_person(pc, "王𬱟", ledgers.NUMBERS[1])
        (tmp_path / "later").mkdir()
        handing.hand(pc, None, tmp_path / "later")
    with pytest.raises(Unvouched):
        rescue.open_escrow(anew, rescue.parcels_in([tmp_path / "later"]), lost)
    assert len(remarks(anew)) == 1
    [done] = rescue.open_escrow(anew, rescue.parcels_in([tmp_path / "later"]), lost, vouch=True)
    assert done.taken.held == 0 and len(remarks(anew)) == 2


def test_the_answer_of_the_lost_town_tells_the_names_and_its_configuration_stays_out(lost: str, anew: Ledger, tmp_path: Path, stick: Path) -> None:
    groups = rescue.parcels_in([tmp_path / "回复.wsb"])
    with pytest.raises(Unvouched, match="青后叶村一号机"):
        rescue.open_escrow(anew, [*groups, *rescue.parcels_in([stick])], lost)
    assert [one.taken.held for one in rescue.open_escrow(anew, groups, lost, vouch=True)] == [0]
    assert [s.name for s in anew.ask(stations.active)] == ["古山镇一号机", "应急密钥"]


def test_the_restored_town_opens_parcels_meant_for_a_village(town: Ledger, tmp_path: Path, stick: Path) -> None:
    """Its root key is its own: nobody needs to be vouched for, and what it wrote itself since the backup comes back."""
    secret = pairing.renew_escrow(town)
    with handing.a_village(tmp_path / "v.grid") as pc:
        handing.joined(town, pc, tmp_path)
        pc.officer = 1
        person = ledgers.a_person(pc)
        handing.hand(pc, None, stick)
        handing.take(town, stick)
    town.close()
    for name in ("town.grid", "town.grid.keys", "town.grid.keys2"):
        shutil.copy(tmp_path / name, tmp_path / f"backup-{name}")
    with ledgers.reopen(tmp_path / "town.grid") as later:
        later.do_in(SCOPE, people.correct_person, person, remark="镇里核对过")
        digest, gone = later.digest(), tmp_path / "gone"
        gone.mkdir()
        handing.hand(later, "青后叶村一号机", gone)
    with ledgers.reopen(tmp_path / "backup-town.grid") as restored:
        assert restored.digest() != digest
        with pytest.raises(NotForUs):
            arriving.receive(restored, sorted(gone.rglob("*.wsb")))
        rescue.open_escrow(restored, rescue.parcels_in([gone]), secret)
        assert restored.digest() == digest and not restored.verify().faults


def test_another_key_opens_nothing(lost: str, anew: Ledger, stick: Path) -> None:
    with pytest.raises(NotForUs):
        rescue.open_escrow(anew, rescue.parcels_in([stick]), new_identity()[0])
    with pytest.raises(NotASheet):
        rescue.open_escrow(anew, rescue.parcels_in([stick]), lost[:-1] + ("q" if lost[-1] != "Q" else "p"))


def test_only_a_town_opens_them(lost: str, ledger: Ledger, stick: Path) -> None:
    with pytest.raises(NoRoot):
        rescue.open_escrow(ledger, rescue.parcels_in([stick]), lost, vouch=True)
