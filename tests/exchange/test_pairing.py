"""Pairing with real ledgers: asked on a stick, digits compared on both sides, refused with one clear sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp.errors import Mistake
from gridapp.exchange import escrow, pairing, slips, stations
from gridapp.exchange.certificates import BadCertificate, check, issue, town_scopes
from gridapp.exchange.envelope import public_of
from gridapp.exchange.pairing import (
    BadName, BadScope, ForeignScope, NoRoot, NotATown, OtherTown, OwnRequest, OwnStation, TownAlready, accept, ask, finish, found_town,
    read_answer, read_request, stop, trust_of)
from gridapp.exchange.refusals import Held
from gridapp.exchange.slips import AnswerForAnother, BadAnswer, DigitsDiffer, NotAsked
from gridapp.ledger import Ledger
from gridapp.records.stations import COUNTY, ESCROW, TOWN, VILLAGE
from gridapp.store.vault import Signer
from tests.exchange.paired import CONF, SCOPE, TOWN_CODE, TOWN_SCOPE, a_village, carry, empty_town, pair, seals_of


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Ledger]:
    """A town's ledger without keys."""
    with empty_town(tmp_path / "镇.grid") as made:
        yield made


@pytest.fixture
def town(bare: Ledger) -> Ledger:
    found_town(bare, "古山镇一号机")
    return bare


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Ledger]:
    """A village PC that has not met the town."""
    with a_village(tmp_path / "村.grid") as made:
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ledger]:
    """A second PC of the same village."""
    with a_village(tmp_path / "村二.grid") as made:
        yield made


# ---------------------------------------------------------------- founding a town

def test_a_new_town_has_a_root_an_escrow_key_and_its_own_certificate(bare: Ledger) -> None:
    made = found_town(bare, "古山镇一号机")
    own, spare = bare.ask(stations.stations)
    assert (own.id, own.name, own.role, own.device) == (made.station, "古山镇一号机", TOWN, bare.device.hex())
    assert (spare.role, spare.device, spare.age) == (ESCROW, None, public_of(made.escrow))
    assert [check(bytes.fromhex(s.certificate or ""), made.root).serial for s in (own, spare)] == [1, 2]
    assert own.age == pairing.own_age(bare) == public_of(bare.secret("age") or "")
    assert bare.scopes() == [TOWN_SCOPE, CONF]


def test_the_private_half_of_the_escrow_key_is_nowhere_in_the_ledger(bare: Ledger) -> None:
    made = found_town(bare, "古山镇一号机")
    assert made.escrow not in [bare.secret(n) for n in ("age", "root", "town", "escrow", "request", "answer")]
    assert not any(made.escrow.encode() in (e.payload or b"") for s in seals_of(bare) for e in s.entries)
    assert escrow.off_paper("\n".join(escrow.on_paper(made.escrow))) == made.escrow


def test_a_town_is_founded_once_and_never_in_a_village(town: Ledger, pc: Ledger) -> None:
    with pytest.raises(TownAlready, match="不能再建一次"):
        found_town(town, "古山镇二号机")
    with pytest.raises(NotATown, match="申请配对"):
        found_town(pc, "青后叶村一号机")
    assert pc.secret("root") is None and pc.scopes() == [SCOPE]


@pytest.mark.parametrize("name", ["", "甲" * 51, "古山镇\n", "古山镇\u202e"])
def test_a_pc_needs_a_name_people_can_read_out(bare: Ledger, pc: Ledger, name: str) -> None:
    with pytest.raises(BadName):
        found_town(bare, name)
    with pytest.raises(BadName):
        ask(pc, name)
    assert bare.secret("root") is pc.secret("request") is None


@pytest.mark.parametrize("when", ["town", "root"])
def test_founding_killed_in_the_middle_is_done_again(bare: Ledger, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    def killed(name: str, value: str) -> None:
        if name == when:
            raise KeyboardInterrupt
        kept(name, value)

    kept = bare.keep_secret
    monkeypatch.setattr(bare, "keep_secret", killed)
    with pytest.raises(KeyboardInterrupt):
        found_town(bare, "古山镇一号机")
    monkeypatch.undo()
    made = found_town(bare, "古山镇一号机")
    own, spare = bare.ask(stations.stations)
    assert [check(bytes.fromhex(s.certificate or ""), made.root).serial for s in (own, spare)] == [3, 4]
    assert public_of(made.escrow) == spare.age


# ---------------------------------------------------------------- both sides together

def test_a_village_pc_joins_its_town(town: Ledger, pc: Ledger) -> None:
    request = read_request(ask(pc, "青后叶村一号机"))
    assert (request.device, request.scope, request.age) == (pc.device, SCOPE, pairing.own_age(pc))
    answer = accept(town, request)
    told = finish(pc, answer.raw, answer.digits)
    assert (told.certificate.role, told.certificate.scopes) == (VILLAGE, (CONF, SCOPE))
    assert [t.device for t in told.towns] == [town.device] and told.escrow.age == town.ask(stations.escrow).age  # type: ignore[union-attr]
    assert (pc.secret("town"), pc.scopes()) == (told.root.hex(), [SCOPE, CONF])
    found = town.ask(stations.station_of, pc.device)
    assert found is not None and (found.name, found.certificate, found.serial) == ("青后叶村一号机", told.certificate.raw.hex(), 3)
    assert pairing.asked(pc) is None and pairing.answered(pc) == told


def test_both_believe_each_other_from_then_on(town: Ledger, pc: Ledger) -> None:
    pair(town, pc)
    town.hold_scopes([SCOPE])
    assert carry(pc, town) == carry(town, pc) == {}
    assert town.digest(SCOPE) == pc.digest(SCOPE) and town.digest(CONF) == pc.digest(CONF)
    assert {s.name for s in pc.ask(stations.stations)} == {"古山镇一号机", "应急密钥", "青后叶村一号机"}


def test_before_pairing_nobody_is_believed(town: Ledger, pc: Ledger) -> None:
    pc.hold_scopes([CONF])
    assert set(carry(town, pc).values()) == {Held.UNKNOWN_DEVICE}
    assert pc.ask(stations.stations) == []


def test_the_same_answer_once_more_changes_nothing(town: Ledger, pc: Ledger) -> None:
    told = pair(town, pc)
    assert finish(pc, told.raw) == told and pc.scopes() == [SCOPE, CONF]


def test_a_second_town_pc_sees_every_village_and_certifies_nobody(town: Ledger, tmp_path: Path, pc: Ledger) -> None:
    with empty_town(tmp_path / "镇二.grid") as second:
        answer = accept(town, read_request(ask(second, "古山镇二号机")), TOWN)
        finish(second, answer.raw)
        assert answer.certificate.scopes == tuple(sorted(town_scopes(TOWN_CODE))) and answer.certificate.may_hold(SCOPE)
        assert [t.device for t in answer.towns] == [town.device, second.device]
        with pytest.raises(NoRoot, match="没有镇级密钥"):
            accept(second, read_request(ask(pc, "青后叶村一号机")))


def test_a_county_gets_all_of_the_town(town: Ledger, pc: Ledger) -> None:
    assert accept(town, read_request(ask(pc, "永康市")), COUNTY).certificate.scopes == tuple(sorted(town_scopes(TOWN_CODE)))


# ---------------------------------------------------------------- refused, and nothing changed

def test_a_request_exchanged_on_the_stick_is_seen_by_its_digits(pc: Ledger, other: Ledger) -> None:
    mine, theirs = (read_request(ask(one, "青后叶村一号机")) for one in (pc, other))
    assert mine.digits != theirs.digits


def untouched(pc: Ledger) -> bool:
    return pc.secret("town") is None and pc.scopes() == [SCOPE]


def test_digits_that_differ_stop_it_and_it_may_be_tried_again(town: Ledger, pc: Ledger) -> None:
    answer = accept(town, read_request(ask(pc, "青后叶村一号机")))
    with pytest.raises(DigitsDiffer):
        finish(pc, answer.raw, "000000 000000")
    assert untouched(pc)
    finish(pc, answer.raw, answer.digits)


def test_an_answer_forged_on_the_stick_shows_other_digits_than_the_town_reads_out(town: Ledger, pc: Ledger) -> None:
    """A forger who saw the request signs everything with a root key of his own: all of it holds together, but for the digits."""
    request = read_request(ask(pc, "青后叶村一号机"))
    true, forger = accept(town, request), Signer()
    usual: dict[str, Any] = {"age": request.age, "name": "古山镇", "serial": 1, "issued": request.made_at}
    given = issue(forger, **usual | {"device": request.device, "role": VILLAGE, "scopes": (SCOPE, CONF)})
    lured = issue(forger, **usual | {"device": forger.public, "role": TOWN, "scopes": town_scopes(TOWN_CODE)})
    spare = issue(forger, **usual | {"device": b"", "role": ESCROW, "scopes": ()})
    with pytest.raises(DigitsDiffer):
        finish(pc, slips.write_answer(request.hash, given, forger.public, [lured], spare).raw, true.digits)
    assert untouched(pc)


def test_an_answer_for_another_pc_is_refused(town: Ledger, pc: Ledger, other: Ledger) -> None:
    ask(pc, "青后叶村一号机")
    answer = accept(town, read_request(ask(other, "青后叶村二号机")))
    with pytest.raises(AnswerForAnother):
        finish(pc, answer.raw)
    assert untouched(pc)


def test_an_answer_to_an_earlier_request_is_refused(town: Ledger, pc: Ledger) -> None:
    early = accept(town, read_request(ask(pc, "青后叶村一号机")))
    ask(pc, "青后叶村一号机")
    with pytest.raises(AnswerForAnother, match="最近一次"):
        finish(pc, early.raw)
    assert untouched(pc)


def test_who_never_asked_is_answered_nothing(town: Ledger, pc: Ledger, other: Ledger) -> None:
    answer = accept(town, read_request(ask(other, "青后叶村二号机")))
    with pytest.raises(NotAsked):
        finish(pc, answer.raw)
    with pytest.raises(BadAnswer):
        finish(pc, b"\x01")


def test_a_certificate_that_does_not_cover_the_own_register_is_refused(town: Ledger, pc: Ledger) -> None:
    answer = accept(town, read_request(ask(pc, "青后叶村一号机", "v:330784108239")))
    with pytest.raises(AnswerForAnother):
        finish(pc, answer.raw)
    assert untouched(pc)


def test_a_pc_believes_in_one_town_only(town: Ledger, pc: Ledger, tmp_path: Path) -> None:
    pair(town, pc)
    with empty_town(tmp_path / "另一个镇.grid") as second:
        found_town(second, "古山镇")
        answer = accept(second, read_request(ask(pc, "青后叶村一号机")))
        with pytest.raises(OtherTown, match="打电话"):
            finish(pc, answer.raw)
    assert pc.secret("town") != answer.root.hex() and pairing.answered(pc) != answer


def test_a_pc_may_be_paired_again_with_its_own_town(town: Ledger, pc: Ledger) -> None:
    first, again = pair(town, pc), pair(town, pc, "青后叶村办公室")
    assert again.certificate.serial > first.certificate.serial
    assert [s.name for s in town.ask(stations.active, VILLAGE)] == ["青后叶村办公室"]


def test_only_the_pc_with_the_root_key_accepts(bare: Ledger, pc: Ledger) -> None:
    with pytest.raises(NoRoot):
        accept(bare, read_request(ask(pc, "青后叶村一号机")))


def test_the_towns_own_request_is_the_wrong_file(town: Ledger) -> None:
    with pytest.raises(OwnRequest):
        accept(town, read_request(ask(town, "古山镇一号机")))


@pytest.mark.parametrize(("wanted", "granted"), [
    ("v:330784109001", ()), ("c:330784109", ()), ("v:330784109001", (SCOPE,)), (SCOPE, ("v:330784109001",)), (SCOPE, (SCOPE, "v:330784")), (SCOPE, ("x",))])
def test_a_town_gives_only_what_is_its_own(town: Ledger, pc: Ledger, wanted: str, granted: tuple[str, ...]) -> None:
    request = read_request(ask(pc, "青后叶村一号机", wanted))
    with pytest.raises(ForeignScope, match="不属于本镇"):
        accept(town, request, VILLAGE, granted)
    assert town.ask(stations.station_of, pc.device) is None


@pytest.mark.parametrize("scope", ["v:330784108", "330784108238", "v:33078410823８", "t:330784108238"])
def test_what_is_no_register_is_not_asked_for(pc: Ledger, scope: str) -> None:
    with pytest.raises(BadScope):
        ask(pc, "青后叶村一号机", scope)


def test_a_village_that_puts_a_station_into_its_register_certifies_nobody(town: Ledger, pc: Ledger, other: Ledger) -> None:
    """The record alone is nothing: it is not in the configuration, and its author may not write such a thing."""
    pair(town, pc)
    town.hold_scopes([SCOPE])
    assert carry(town, pc) == {}
    certificate = accept(town, read_request(ask(other, "青后叶村二号机"))).certificate
    pc.do(stations.certify, certificate)
    assert pc.ask(stations.station_of, other.device) is None
    assert other.device not in trust_of(pc).known
    assert set(carry(pc, town).values()) == {Held.SCOPE}


def test_the_town_does_not_stop_itself(town: Ledger) -> None:
    own = town.ask(stations.station_of, town.device)
    assert own is not None
    with pytest.raises(OwnStation):
        stop(town, own.id)
    assert town.ask(stations.active, TOWN)


def test_every_refusal_says_what_to_do_next() -> None:
    told = [c for module in (pairing, slips, stations, escrow) for c in vars(module).values()
            if isinstance(c, type) and issubclass(c, Mistake) and c.__module__ == module.__name__]
    assert len(told) > 15
    for refusal in told:
        needed = {"ForeignScope": (SCOPE,), "BadScope": (SCOPE,), "StoppedAlready": ("站点",), "StillActive": ("站点",), "BadLine": (1,)}
        text = refusal(*needed.get(refusal.__name__, ())).text
        assert text.endswith("。") and 15 < len(text) < 90 and "E_" not in text, refusal


def test_a_certificate_of_another_town_in_the_answer_is_refused(town: Ledger, pc: Ledger) -> None:
    answer = accept(town, read_request(ask(pc, "青后叶村一号机")))
    with pytest.raises(BadCertificate):
        finish(pc, answer.raw.replace(answer.root, Signer().public))
    assert read_answer(answer.raw) == answer and untouched(pc)
