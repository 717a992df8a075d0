"""Whom a ledger believes: stations the town certified, in their scopes, until they are revoked; never a clock far ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.exchange import trust as trust_
from gridapp.exchange.certificates import Certificate, issue, town_scopes
from gridapp.exchange.refusals import Held
from gridapp.exchange.trust import AHEAD_MS, Node, Trust, branches, ids_in, last_of, past_of, trusted_from
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import ERASE, WRITE, Entry, Seal, SealHead
from gridapp.records import Person, Station
from gridapp.records.stations import ACTIVE, COUNTY, ESCROW, LOST, TOWN, VILLAGE
from gridapp.store.vault import Signer
from tests.ledgers import NOON

ROOT, OTHER_ROOT, OURS, PC, TOWN_PC, SECOND, STRANGER = (Signer(bytes([n]) * 32) for n in range(1, 8))
AGE = "age1" + "q" * 58
TOWN_CODE = "330784108"
V, W, C, T = f"v:{TOWN_CODE}238", f"v:{TOWN_CODE}239", f"c:{TOWN_CODE}", f"t:{TOWN_CODE}"
TAG = {name: field.tag for name, field in fields_of(Station).items()}


def certificate(pc: Signer, role: str = VILLAGE, *, root: Signer = ROOT, serial: int = 1, scopes: tuple[str, ...] = (V, C)) -> Certificate:
    granted = town_scopes(TOWN_CODE) if role == TOWN else scopes
    return issue(root, device=pc.public, age=AGE, name="站点", role=role, scopes=granted, serial=serial, issued=NOON)


def row(told: Certificate, state: str = ACTIVE, accepted: Sequence[bytes] = ()) -> dict[int, Cbor]:
    return {TAG["certificate"]: told.raw.hex(), TAG["state"]: state, TAG["accepted"]: " ".join(i.hex() for i in accepted)}


def believing(*rows: Mapping[int, Cbor], own: Signer = OURS, held: frozenset[str] = frozenset({V, C})) -> Trust:
    return Trust(ROOT.public, own.public, held, {bytes([n]) * 16: r for n, r in enumerate(rows)})


def wrote(kind: int = WRITE, ent: int = Person.CODE, *, eid: bytes = b"e" * 16, at: int = NOON) -> Entry:
    return Entry(1, at << 16, kind, ent, 0, 0, eid, None, bytes(32))


def head(pc: Signer = PC, scope: str = V, parents: Sequence[bytes] = (), at: int = NOON) -> SealHead:
    return SealHead(scope, pc.public, list(parents), [], 1, at << 16, at << 16, bytes(32))


def configured(pc: Signer, *values: tuple[bytes, dict[int, Cbor]], at: int = NOON, scope: str = C, parents: Sequence[bytes] = ()) -> Seal:
    """A configuration seal that writes these station rows."""
    entries = [wrote(ent=Station.CODE, eid=eid, at=at) for eid, _row in values]
    return Seal(head(pc, scope, parents, at), b"", entries, [told for _eid, told in values])


def never(_ids: frozenset[bytes], _seal: bytes) -> bool:
    return False


def judged(trust: Trust, told: SealHead, *entries: Entry, wall: int = NOON) -> Held | None:
    return trust.judge(told, entries or [wrote()], wall, never)


VILLAGE_ROW, TOWN_ROW = row(certificate(PC)), row(certificate(TOWN_PC, TOWN))


# ---------------------------------------------------------------- judging a seal

@pytest.mark.parametrize(("pc", "scope"), [(PC, V), (TOWN_PC, V), (TOWN_PC, C)])
def test_a_certified_station_is_believed_in_its_scopes(pc: Signer, scope: str) -> None:
    assert judged(believing(VILLAGE_ROW, TOWN_ROW), head(pc, scope)) is None


def test_a_device_nobody_certified_waits() -> None:
    assert judged(believing(VILLAGE_ROW), head(STRANGER)) is Held.UNKNOWN_DEVICE


@pytest.mark.parametrize("told", [
    row(certificate(STRANGER, root=OTHER_ROOT)), {TAG["certificate"]: "no hex", TAG["state"]: ACTIVE}, {TAG["state"]: ACTIVE},
    {TAG["certificate"]: certificate(STRANGER).raw.hex()[:-2], TAG["state"]: ACTIVE}], ids=["another town", "no hex", "none", "cut"])
def test_a_record_without_a_certificate_of_our_town_certifies_nobody(told: dict[int, Cbor]) -> None:
    assert judged(believing(told), head(STRANGER)) is Held.UNKNOWN_DEVICE


def test_only_the_certificate_says_what_a_station_may_do() -> None:
    """Level, scopes and device stand in the record for people to read; whoever forges them gains nothing."""
    told = VILLAGE_ROW | {TAG["role"]: TOWN, TAG["scopes"]: W, TAG["device"]: STRANGER.public.hex()}
    trust = believing(told, held=frozenset({V, W, C}))
    assert judged(trust, head(PC, W)) is judged(trust, head(PC, C)) is Held.SCOPE
    assert judged(trust, head(STRANGER)) is Held.UNKNOWN_DEVICE


@pytest.mark.parametrize(("pc", "scope"), [(PC, W), (PC, C), (PC, T), (TOWN_PC, "v:330784109001"), (TOWN_PC, "c:330784109")])
def test_a_seal_in_a_foreign_scope_waits(pc: Signer, scope: str) -> None:
    trust = believing(VILLAGE_ROW, TOWN_ROW, held=frozenset({V, W, C, T, "v:330784109001", "c:330784109"}))
    assert judged(trust, head(pc, scope)) is Held.SCOPE


def test_a_seal_in_a_scope_this_ledger_may_not_hold_waits() -> None:
    assert judged(believing(TOWN_ROW), head(TOWN_PC, W)) is Held.SCOPE
    assert judged(believing(TOWN_ROW, held=frozenset({V, W, C})), head(TOWN_PC, W)) is None


@pytest.mark.parametrize(("entry", "village", "town"), [
    (wrote(), None, None), (wrote(ERASE), Held.SCOPE, None), (wrote(ent=Station.CODE), Held.SCOPE, None)], ids=["write", "erase", "configure"])
def test_only_a_town_erases_and_configures(entry: Entry, village: Held | None, town: Held | None) -> None:
    """Otherwise one broken village PC destroys data everywhere, or lets another in (sync.md 5.8)."""
    trust = believing(VILLAGE_ROW, TOWN_ROW)
    assert judged(trust, head(PC), wrote(), entry) is village
    assert judged(trust, head(TOWN_PC), wrote(), entry) is town


@pytest.mark.parametrize("role", [COUNTY, VILLAGE])
def test_a_county_erases_nothing_in_a_town(role: str) -> None:
    trust = believing(row(certificate(SECOND, role, scopes=("c:330784", "v:330784"))))
    assert judged(trust, head(SECOND)) is None
    assert judged(trust, head(SECOND), wrote(ERASE)) is judged(trust, head(SECOND, C)) is Held.SCOPE


@pytest.mark.parametrize(("ahead", "expected"), [(0, None), (-AHEAD_MS * 100, None), (AHEAD_MS, None), (AHEAD_MS + 1, Held.CLOCK)])
def test_a_clock_more_than_two_days_ahead_waits(ahead: int, expected: Held | None) -> None:
    assert judged(believing(VILLAGE_ROW), head(at=NOON + ahead)) is expected


def test_our_own_seals_come_back_after_a_restored_backup() -> None:
    """Before pairing nobody has certified us; what we signed in a register counts, and only that."""
    assert judged(believing(), head(OURS)) is None
    assert judged(believing(), head(OURS, C)) is judged(believing(), head(OURS), wrote(ERASE)) is Held.SCOPE
    assert judged(believing(), head(OURS, W)) is Held.SCOPE


def test_our_entries_signed_by_another_device_count_as_the_other_ones() -> None:
    assert judged(believing(), head(STRANGER)) is Held.UNKNOWN_DEVICE
    assert judged(believing(row(certificate(SECOND, scopes=(W,)))), head(SECOND)) is Held.SCOPE


def test_the_reasons_come_in_their_fixed_order() -> None:
    """One seal with everything wrong: each thing put right uncovers the next."""
    bad = head(PC, W, at=NOON + AHEAD_MS + 1)
    gone, stays = row(certificate(PC), LOST), VILLAGE_ROW
    wide = row(certificate(PC, scopes=(V, W)))
    assert judged(believing(), bad) is Held.UNKNOWN_DEVICE
    assert judged(believing(gone), bad) is Held.REVOKED
    assert judged(believing(stays), bad) is Held.SCOPE
    assert judged(believing(wide, held=frozenset({W})), bad) is Held.CLOCK
    assert judged(believing(wide, held=frozenset({W})), bad, wall=NOON + 1) is None


# ---------------------------------------------------------------- revoked

def within_of(*seals: SealHead) -> trust_.Within:
    parents = {s.id(): s.parents for s in seals}
    return lambda ids, seal: seal in past_of(ids, parents)


def test_a_revoked_station_counts_up_to_what_was_accepted_and_no_further() -> None:
    first = head(at=NOON - 3)
    second = head(at=NOON - 2, parents=[first.id()])
    late = head(at=NOON - 1, parents=[second.id()])
    beside = head(at=NOON - 1, parents=[first.id()])
    trust, within = believing(row(certificate(PC), LOST, [second.id()])), within_of(first, second, late, beside)
    assert [trust.judge(s, [wrote()], NOON, within) for s in (first, second, late, beside)] == [None, None, Held.REVOKED, Held.REVOKED]


@pytest.mark.parametrize("state", ["revoked", "lost", "replaced", "新值", ""])
def test_every_state_but_active_is_revoked(state: str) -> None:
    assert judged(believing(row(certificate(PC), state)), head()) is Held.REVOKED


def test_an_approval_that_was_taken_back_never_was() -> None:
    first = head()
    withdrawn = row(certificate(PC), ACTIVE, [first.id()]) | {TAG["deleted"]: True}
    assert believing(withdrawn).judge(first, [wrote()], NOON, within_of(first)) is Held.REVOKED
    carried = configured(TOWN_PC, FRESH)
    assert judged(told(believing(withdrawn, TOWN_ROW), carried), first) is None, "until the town approves it anew"


def test_the_later_certificate_of_a_device_counts() -> None:
    """A PC that was stopped and approved again."""
    old, new = row(certificate(PC), LOST), row(certificate(PC, serial=2))
    assert judged(believing(old, new), head()) is judged(believing(new, old), head()) is None


def test_of_two_loose_certificates_the_later_one_counts() -> None:
    both = certificate(PC, serial=2, scopes=(W,)), certificate(PC)
    for loose in (both, both[::-1]):
        assert judged(Trust(ROOT.public, OURS.public, frozenset({V}), {}, loose=loose), head()) is Held.SCOPE


def test_a_loose_certificate_does_not_bring_a_revoked_station_back() -> None:
    trust = Trust(ROOT.public, OURS.public, frozenset({V}), {b"1" * 16: row(certificate(PC), LOST)}, loose=(certificate(PC),))
    assert judged(trust, head()) is Held.REVOKED


# ---------------------------------------------------------------- what a parcel itself tells

def told(trust: Trust, *seals: Seal, wall: int = NOON) -> Trust:
    return trust.told(seals, wall, never)


FRESH = (b"n" * 16, row(certificate(PC)))


def test_a_station_that_is_new_in_the_parcel_is_believed_at_once() -> None:
    base = believing(TOWN_ROW)
    assert judged(base, head()) is Held.UNKNOWN_DEVICE
    assert judged(told(base, configured(TOWN_PC, FRESH)), head()) is None


def test_a_certificate_speaks_for_itself_whoever_brings_it() -> None:
    """A second town PC certified by the first, before anything else of the configuration is here."""
    second = (b"s" * 16, row(certificate(SECOND, TOWN, serial=2)))
    trust = told(believing(TOWN_ROW), configured(SECOND, second, FRESH))
    assert judged(trust, head(SECOND, C)) is judged(trust, head()) is None
    assert set(trusted_from([configured(STRANGER, second, FRESH)], ROOT.public)) == {SECOND.public, PC.public}


def test_certificates_are_looked_for_in_the_configuration_only_and_must_be_of_our_town() -> None:
    foreign = (b"f" * 16, row(certificate(STRANGER, root=OTHER_ROOT)))
    assert trusted_from([configured(TOWN_PC, FRESH, scope=V), configured(TOWN_PC, foreign)], ROOT.public) == {}
    assert judged(told(believing(TOWN_ROW), configured(TOWN_PC, foreign)), head(STRANGER)) is Held.UNKNOWN_DEVICE


def test_of_two_certificates_in_a_parcel_the_later_one_counts() -> None:
    old, new = row(certificate(PC)), row(certificate(PC, serial=2, scopes=(W,)))
    for rows in ((old, new), (new, old)):
        carried = configured(TOWN_PC, *((bytes([n]) * 16, r) for n, r in enumerate(rows)))
        assert trusted_from([carried], ROOT.public)[PC.public].serial == 2


def test_a_revocation_counts_for_the_seals_it_travels_with() -> None:
    lost = configured(TOWN_PC, (bytes(16), {TAG["state"]: LOST}))
    base = believing(VILLAGE_ROW, TOWN_ROW)
    assert judged(base, head()) is None
    assert judged(told(base, lost), head()) is Held.REVOKED


def test_a_revocation_by_a_village_stops_nobody() -> None:
    base = believing(VILLAGE_ROW, TOWN_ROW, row(certificate(SECOND, serial=3)))
    for scope in (C, V):
        assert judged(told(base, configured(SECOND, (bytes(16), {TAG["state"]: LOST}), scope=scope)), head()) is None


def test_about_stations_only_the_configuration_is_listened_to() -> None:
    base = believing(VILLAGE_ROW, TOWN_ROW)
    assert judged(told(base, configured(TOWN_PC, (bytes(16), {TAG["state"]: LOST}), scope=V)), head()) is None


def test_what_a_revoked_town_pc_says_in_the_same_parcel_stops_nobody() -> None:
    base = believing(VILLAGE_ROW, row(certificate(SECOND, TOWN, serial=3)), TOWN_ROW)
    rogue = configured(SECOND, (bytes(16), {TAG["state"]: LOST}), at=NOON - 1)
    stop = configured(TOWN_PC, (b"\x01" * 16, {TAG["state"]: "revoked"}))
    assert judged(told(base, rogue), head()) is Held.REVOKED, "while it was believed"
    for parcel in ((rogue, stop), (stop, rogue)):
        assert judged(told(base, *parcel), head()) is None


def test_the_later_stamp_wins_in_whatever_order_the_seals_lie() -> None:
    base, eid = believing(VILLAGE_ROW, TOWN_ROW), bytes(16)
    stop, again = configured(TOWN_PC, (eid, {TAG["state"]: LOST}), at=NOON - 1), configured(TOWN_PC, (eid, {TAG["state"]: ACTIVE}))
    assert judged(told(base, stop, again), head()) is judged(told(base, again, stop), head()) is None


def test_older_words_in_a_parcel_change_nothing() -> None:
    """A parcel that begins long ago brings what was said before the last word here."""
    base = believing(VILLAGE_ROW, TOWN_ROW)
    known = replace(base, since={bytes(16): {TAG["state"]: NOON << 16}})
    for at, expected in ((NOON - 1, None), (NOON, None), (NOON + 1, Held.REVOKED)):
        assert judged(told(known, configured(TOWN_PC, (bytes(16), {TAG["state"]: LOST}), at=at)), head()) is expected


def test_configuration_from_the_future_is_not_listened_to() -> None:
    stop = configured(TOWN_PC, (bytes(16), {TAG["state"]: LOST}), at=NOON + AHEAD_MS + 1)
    assert judged(told(believing(VILLAGE_ROW, TOWN_ROW), stop), head()) is None


def test_erased_entries_say_nothing() -> None:
    seal = Seal(head(TOWN_PC, C), b"", [wrote(ent=Station.CODE)], [None])
    assert told(believing(TOWN_ROW), seal).known.keys() == {TOWN_PC.public}


def test_the_escrow_key_signs_nothing() -> None:
    escrow = issue(ROOT, device=b"", age=AGE, name="应急密钥", role=ESCROW, scopes=town_scopes(TOWN_CODE), serial=9, issued=NOON)
    bare = SealHead(V, b"", [], [], 1, NOON << 16, NOON << 16, bytes(32))
    assert judged(believing(row(escrow)), bare) is Held.SCOPE


@pytest.mark.parametrize(("text", "found"), [
    (None, 0), ("", 0), ("ab" * 32, 1), (" ".join(["ab" * 32, "cd" * 32]), 2), ("AB" * 32, 0), ("ab" * 31, 0), (7, 0), ("xy" * 32, 0)])
def test_accepted_seals_are_read_one_by_one(text: Any, found: int) -> None:
    assert len(ids_in(text)) == found


# ---------------------------------------------------------------- restored and cloned

def node(name: str, pc: Signer = PC, *parents: str) -> Node:
    return Node(name.encode(), pc.public, [p.encode() for p in parents])


LINE = [node("a"), node("b", TOWN_PC, "a"), node("c", PC, "b"), node("d", PC, "c")]
RESTORED = [*LINE, node("e", PC, "c")]
CLONES = [node("a"), node("x", TOWN_PC, "a"), node("b", PC, "a"), node("c", PC, "x"), node("d", PC, "b", "c")]


def test_a_pc_that_goes_straight_on_has_no_branch() -> None:
    assert branches(PC.public, LINE) == branches(TOWN_PC.public, LINE) == branches(STRANGER.public, LINE) == []
    assert last_of(PC.public, LINE) == [b"d"] and last_of(TOWN_PC.public, LINE) == [b"b"] and last_of(STRANGER.public, LINE) == []


def test_a_restored_backup_that_goes_on_is_a_branch() -> None:
    assert branches(PC.public, RESTORED) == [frozenset({b"d", b"e"})]
    assert last_of(PC.public, RESTORED) == [b"d", b"e"]


def test_a_pc_restored_to_before_its_first_seal_is_a_branch() -> None:
    assert branches(PC.public, [node("a"), node("b")]) == [frozenset({b"a", b"b"})]


def test_clones_are_seen_without_a_common_parent_and_after_they_met() -> None:
    assert branches(PC.public, CLONES) == [frozenset({b"b", b"c"})]
    assert last_of(PC.public, CLONES) == [b"d"]


def test_two_pcs_beside_each_other_are_no_clones() -> None:
    both = [node("a"), node("b", SECOND), node("c", PC, "a", "b"), node("d", SECOND, "b"), node("e", PC, "c", "d")]
    assert branches(PC.public, both) == branches(SECOND.public, both) == []


@given(st.lists(st.tuples(st.integers(0, 1), st.sets(st.integers(0, 30), max_size=3)), max_size=14))
def test_branches_and_ends_are_those_of_the_definition(drawn: list[tuple[int, set[int]]]) -> None:
    """Any graph: a branch exists exactly if two seals of the device do not know each other; ends are those no other one knows."""
    seals = [Node(bytes([n]), (PC, TOWN_PC)[who].public, [bytes([p]) for p in sorted(parents) if p < n])
             for n, (who, parents) in enumerate(drawn)]
    parents = {s.id: s.parents for s in seals}
    own = [s.id for s in seals if s.device == PC.public]
    strangers = {(a, b) for a in own for b in own if a < b and a not in past_of([b], parents)}
    found = branches(PC.public, seals)
    assert bool(found) == bool(strangers)
    assert all((a, b) in strangers for twins in found for a in twins for b in twins if a < b)
    assert last_of(PC.public, seals) == [a for a in own if not any(a != b and a in past_of([b], parents) for b in own)]
