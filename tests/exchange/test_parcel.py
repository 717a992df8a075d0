"""A parcel gives back what went in, to whom it is for; everything else is refused, each with its own sentence, in a fixed order."""

from __future__ import annotations

import errno
import json
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.exchange import columns, envelope, manifest, parcel, parts
from gridapp.exchange import opened as opening
from gridapp.exchange.envelope import Lining, NoAddress
from gridapp.exchange.manifest import SealLine
from gridapp.exchange.parcel import open_parcel
from gridapp.exchange.plain import Excess
from gridapp.exchange.refusals import BadFormat, BadSignature, Damaged, NewerSchema, NotForUs, Refused, TooBig
from gridapp.ledger.entries import Seal, SealHead
from gridapp.store.files import CannotWrite, DiskFull
from gridapp.store.photos import hash_of
from gridapp.store.vault import Signer, signed_by
from tests import parcels
from tests.parcels import OTHERS, OURS, SENDER, forge


def same(found: Iterator[Seal], expected: list[Seal]) -> bool:
    def told(seal: Seal) -> tuple[object, ...]:
        return seal.id, seal.sig, seal.head.scope, list(seal.entries), [repr(v) for v in seal.values]

    return [told(s) for s in found] == [told(s) for s in expected]


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    made = parcels.write(tmp_path / "a.wsb", parcels.lived(), photos=parcels.PHOTOS, wanted=[bytes(32)], reports=[("E_GAP", bytes(32))],
                         witness=5, answer=b"answer")
    assert (made.seals, made.entries, made.photos, made.bytes) == (5, 15, 2, (tmp_path / "a.wsb").stat().st_size)
    with open_parcel([tmp_path / "a.wsb"], OURS[0]) as opened:
        told = opened.manifest
        assert same(opened.seals(), parcels.lived()) and same(opened.seals(), parcels.lived()), "twice: for the preview and for the merge"
        assert all(signed_by(s.head.device, s.id, s.sig) for s in opened.seals())
        assert tuple(opened.photos()) == parcels.PHOTOS
        assert (told.sender, told.recipients, told.parcel, told.made_at) == (SENDER.public, (OURS[1],), made.parcel, parcels.ledgers.NOON)
        assert (told.wanted, told.reports, told.witness, told.answer) == ((bytes(32),), (("E_GAP", bytes(32)),), 5, b"answer")
        assert told.heads == {parcels.VILLAGE: [bytes(32)]} and opened.header.flags == parts.WITH_PHOTOS


def test_a_receipt_holds_nothing_and_a_snapshot_says_so(tmp_path: Path) -> None:
    assert parcels.write(tmp_path / "a.wsb").bytes < 800
    assert parcel.look(tmp_path / "a.wsb").flags == parts.RECEIPT_ONLY
    parcels.write(tmp_path / "b.wsb", parcels.lived(), snapshot=True)
    assert parcel.look(tmp_path / "b.wsb").flags == parts.SNAPSHOT
    with open_parcel([tmp_path / "a.wsb"], OURS[0]) as opened:
        assert list(opened.seals()) == list(opened.photos()) == []


@pytest.mark.parametrize("frame_bytes", [1, 300, 2000, 1 << 20])
def test_many_frames_are_one_parcel(frame_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames end where seals do, unless one seal is more than a frame."""
    monkeypatch.setattr(parcel, "FRAME_BYTES", frame_bytes)
    seals = [*parcels.lived(), parcels.many(30)]
    parcels.write(tmp_path / "a.wsb", seals)
    with open_parcel([tmp_path / "a.wsb"], OURS[0]) as opened:
        assert same(opened.seals(), seals)
        told = {1: 46, 300: 15, 2000: 3, 1 << 20: 1}
        assert len(opened.manifest.frames) == told[frame_bytes]


def test_it_is_written_to_a_stream_and_to_parts_somebody_else_opens(tmp_path: Path) -> None:
    stream = BytesIO()
    assert parcels.write(stream, parcels.lived()).paths == ()
    (tmp_path / "a.wsb").write_bytes(stream.getvalue())
    asked = list[tuple[int, int]]()

    def open_part(number: int, of: int) -> BinaryIO:
        asked.append((number, of))
        return (tmp_path / f"{number}").open("wb")

    parcels.write(open_part, parcels.lived(), part_bytes=1024)
    assert asked == [(1, 3), (2, 3), (3, 3)]
    for files in ([tmp_path / "a.wsb"], [tmp_path / str(n) for n in (1, 2, 3)]):
        with open_parcel(files, OURS[0]) as opened:
            assert same(opened.seals(), parcels.lived())


def test_a_stream_takes_one_part() -> None:
    with pytest.raises(ValueError, match="one part"):
        parcels.write(BytesIO(), parcels.lived(), part_bytes=1024)


def test_progress_is_told(tmp_path: Path) -> None:
    told = list[int]()
    parcels.write(tmp_path / "a.wsb", parcels.lived(), progress=told.append)
    assert told == [1, 2, 3, 4, 5]


def test_any_receiver_opens_it_and_nobody_else(tmp_path: Path) -> None:
    parcels.write(tmp_path / "a.wsb", recipients=[OTHERS[1], OURS[1], OURS[1]])
    for secret in (OURS[0], OTHERS[0]):
        open_parcel([tmp_path / "a.wsb"], secret).close()
    with pytest.raises(NotForUs):
        open_parcel([tmp_path / "a.wsb"], envelope.new_identity()[0])
    with pytest.raises(NoAddress):
        parcels.write(tmp_path / "b.wsb", recipients=[])
    assert not (tmp_path / "b.wsb").exists()


@pytest.mark.parametrize("folder", [f for f in sorted(parcels.HERE.iterdir()) if (f / parcels.TOLD).exists()], ids=lambda f: f.name)
def test_parcels_of_every_version_are_read_for_ever(folder: Path) -> None:
    told, found = json.loads((folder / parcels.TOLD).read_text("utf-8")), parcels.kept(folder)
    assert set(told) == set(found) == {"all", "parts", "receipt"}
    for name, files in found.items():
        with open_parcel(files, OURS[0]) as opened:
            assert json.loads(json.dumps(parcels.tell(opened))) == told[name]


def test_todays_program_still_makes_what_was_kept(tmp_path: Path) -> None:
    """Keys, noise and the parcel's number are new each time; all else is what the kept parcels hold."""
    parcels.make(tmp_path / "again")
    kept, again = (json.loads((folder / parcels.TOLD).read_text("utf-8")) for folder in (parcels.HERE / str(parts.CONTAINER), tmp_path / "again"))
    for told in (*kept.values(), *again.values()):
        assert len(told["manifest"].pop("parcel")) == 32
        told["manifest"].pop("app")
    assert kept == again


# ---------------------------------------------------------------------- refusals

SEALS = parcels.lived()[:2]
GOOD = forge.frame_of(*SEALS)
MAN = forge.told_of(SEALS, GOOD)


def test_a_forged_honest_parcel_is_taken(tmp_path: Path) -> None:
    """What the refusals below start from."""
    with open_parcel([forge.put(tmp_path / "a.wsb", forge.inside(MAN, GOOD))], OURS[0]) as opened:
        assert same(opened.seals(), SEALS)


def _bomb() -> bytes:
    """300 MiB of zeros in 30 kB."""
    return forge.packed(bytes(300 << 20))


def _seal(**other: Any) -> list[object]:
    told = dict(zip(("scope", "device", "parents", "seen", "n", "h0", "h1", "schema", "sig"), SealLine.of(SEALS[0]).told(), strict=True))
    return list((told | other).values())


INSIDE: dict[str, tuple[Callable[[], bytes], type[Refused]]] = {
    "nothing": (lambda: b"", BadFormat),
    "something else": (lambda: b"WSI2" + bytes(200), BadFormat),
    "a manifest that is not there": (lambda: b"WSI1\0\0\1\0", BadFormat),
    "a manifest of 4 GB": (lambda: b"WSI1\xff\xff\xff\xff" + bytes(100), TooBig),
    "a manifest that is no map": (lambda: forge.inside(cbor2.dumps([1])), BadFormat),
    "a manifest with keys of text": (lambda: forge.inside(cbor2.dumps({"1": 1})), BadFormat),
    "a manifest nested 10,000 deep": (lambda: forge.inside(b"\x81" * 10_000 + b"\0"), BadFormat),
    "a key twice": (lambda: forge.inside(b"\xaa\x01\x01" + cbor2.dumps(MAN)[1:], GOOD), BadFormat),
    "a number in a longer spelling": (lambda: forge.inside(cbor2.dumps(MAN).replace(b"\x01\x01\x02", b"\x01\x18\x01\x02", 1), GOOD), BadFormat),
    "keys out of order": (lambda: forge.inside(cbor2.dumps(dict(reversed(MAN.items()))), GOOD), BadFormat),
    "no sender": (lambda: forge.inside({k: v for k, v in MAN.items() if k != 2}, GOOD), BadFormat),
    "signed by another": (lambda: forge.inside(MAN, GOOD, signer=Signer()), BadSignature),
    "a sender that is no key": (lambda: forge.inside(MAN | {2: b"\xff" * 32}, GOOD), BadSignature),
    "a later reader": (lambda: forge.inside(MAN | {8: 2}, GOOD), NewerSchema),
    "a later manifest": (lambda: forge.inside(MAN | {1: 2}, GOOD), NewerSchema),
    "a seal of a later kind": (lambda: forge.inside(MAN | {7: [_seal(schema=2)]}, GOOD), NewerSchema),
    "no reader": (lambda: forge.inside({k: v for k, v in MAN.items() if k != 8}, GOOD), BadFormat),
    "not addressed to us": (lambda: forge.inside(MAN | {3: [OTHERS[1]]}, GOOD), NotForUs),
    "addressed to nobody": (lambda: forge.inside(MAN | {3: []}, GOOD), NotForUs),
    "receivers out of order": (lambda: forge.inside(MAN | {3: [OURS[1], OTHERS[1]]}, GOOD), BadFormat),
    "another parcel's number": (lambda: forge.inside(MAN | {4: bytes(16)}, GOOD), BadFormat),
    "a time below nought": (lambda: forge.inside(MAN | {5: -1}, GOOD), BadFormat),
    "a time that is true": (lambda: forge.inside(MAN | {5: True}, GOOD), BadFormat),
    "a time that is a float": (lambda: forge.inside(MAN | {5: 1.0}, GOOD), BadFormat),
    "heads that are no map": (lambda: forge.inside(MAN | {6: []}, GOOD), BadFormat),
    "a head of 31 bytes": (lambda: forge.inside(MAN | {6: {"v:1": [bytes(31)]}}, GOOD), BadFormat),
    "a head twice": (lambda: forge.inside(MAN | {6: {"v:1": [bytes(32)] * 2}}, GOOD), BadFormat),
    "a seal too short": (lambda: forge.inside(MAN | {7: [_seal()[:-1]]}, GOOD), BadFormat),
    "a seal of nothing": (lambda: forge.inside(MAN | {7: [_seal(n=0)]}, GOOD), BadFormat),
    "a seal without end": (lambda: forge.inside(MAN | {7: [_seal(n=2_000_001)]}, GOOD), TooBig),
    "a seal with clocks turned round": (lambda: forge.inside(MAN | {7: [_seal(h0=9, h1=8)]}, GOOD), BadFormat),
    "a seal with a parent twice": (lambda: forge.inside(MAN | {7: [_seal(parents=[bytes(32)] * 2)]}, GOOD), BadFormat),
    "a seal that saw out of order": (lambda: forge.inside(MAN | {7: [_seal(seen=[["v:2", bytes(32)], ["v:1", bytes(32)]])]}, GOOD), BadFormat),
    "a seal of a scope with NUL": (lambda: forge.inside(MAN | {7: [_seal(scope="v:\0")]}, GOOD), BadFormat),
    "50,001 seals": (lambda: forge.inside(MAN | {7: [0] * 50_001}, GOOD), TooBig),
    "a frame of 257 MiB": (lambda: forge.inside(MAN | {9: [[257 << 20, len(GOOD), forge.hashed(GOOD)]]}, GOOD), TooBig),
    "a frame of nothing": (lambda: forge.inside(MAN | {9: [[0, len(GOOD), forge.hashed(GOOD)]]}, GOOD), BadFormat),
    "a photo of 9 MiB": (lambda: forge.inside(MAN | {12: [[bytes(32), 9 << 20]]}, GOOD), TooBig),
    "photos that did not come": (lambda: forge.inside(MAN | {12: [[bytes(32), 100]]}, GOOD), BadFormat),
    "something after the end": (lambda: forge.inside(MAN, GOOD, b"\0"), BadFormat),
    "an answer that is text": (lambda: forge.inside(MAN | {17: "a"}, GOOD), BadFormat),
    "a report of text": (lambda: forge.inside(MAN | {14: [["E_GAP", "a"]]}, GOOD), BadFormat),
    "a version with an escape": (lambda: forge.inside(MAN | {16: "\x1b[2J"}, GOOD), BadFormat),
}
LATER: dict[str, tuple[Callable[[], bytes], type[Refused]]] = {
    "a frame with another hash": (lambda: forge.inside(MAN | {9: [[*MAN[9][0][:2], bytes(32)]]}, GOOD), Damaged),
    "a frame of another size": (lambda: forge.inside(forge.told_of(SEALS, GOOD, raw=[MAN[9][0][0] - 1]), GOOD), BadFormat),
    "a bomb": (lambda: forge.inside(forge.told_of(SEALS, _bomb(), raw=[200 << 20]), _bomb()), BadFormat),
    "a frame that is not packed": (lambda: forge.inside(forge.told_of(SEALS, b"x" * 99, raw=[99]), b"x" * 99), BadFormat),
    "a frame with more behind it": (lambda: forge.inside(forge.told_of(SEALS, GOOD + b"x"), GOOD + b"x"), BadFormat),
    "a frame that is no columns": (lambda: forge.inside(forge.told_of(SEALS, forge.packed(bytes(99))), forge.packed(bytes(99))), BadFormat),
    "two million and one entries": (lambda: forge.inside(forge.told_of(SEALS, _many()), _many()), TooBig),
    "fewer entries than told": (lambda: forge.inside(forge.told_of(parcels.lived()[:3], GOOD), GOOD), BadFormat),
    "more entries than told": (lambda: forge.inside(forge.told_of(SEALS[:1], GOOD), GOOD), BadFormat),
    "a frame more than told": (lambda: forge.inside(forge.told_of(SEALS, GOOD, GOOD), GOOD, GOOD), BadFormat),
}


def _many() -> bytes:
    return forge.packed((2_000_001).to_bytes(4, "big") + (12).to_bytes(4, "big") + bytes(48))


@pytest.mark.parametrize("name", INSIDE)
def test_what_is_wrong_inside_is_refused_at_opening(name: str, tmp_path: Path) -> None:
    make, expected = INSIDE[name]
    with pytest.raises(expected, match="bad.wsb") as told:
        open_parcel([forge.put(tmp_path / "bad.wsb", make())], OURS[0])
    assert type(told.value) is expected


@pytest.mark.parametrize("name", LATER)
def test_what_is_wrong_with_the_entries_is_refused_when_they_are_read(name: str, tmp_path: Path) -> None:
    make, expected = LATER[name]
    path = forge.put(tmp_path / "bad.wsb", make())
    tracemalloc.start()
    try:
        with open_parcel([path], OURS[0]) as opened, pytest.raises(expected, match="bad.wsb") as told:
            list(opened.seals())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert type(told.value) is expected and peak < 4 << 20


def test_the_refusals_come_in_their_order(tmp_path: Path) -> None:
    """Everything is wrong at once; what is mended shows the next."""
    wrong = MAN | {3: [OTHERS[1]], 5: -1}
    stranger, later = Signer(), wrong | {8: 2}
    told = list[type[BaseException]]()
    for text, address in ((forge.inside(later, signer=stranger), OTHERS[1]), (forge.inside(later, signer=stranger), OURS[1]),
                          (forge.inside(later), OURS[1]), (forge.inside(wrong | {5: 1}), OURS[1]), (forge.inside(MAN), OURS[1])):
        (tmp_path / "a.wsb").write_bytes(forge.outside(forge.locked(text, [address])))
        with pytest.raises(Refused) as refused:
            open_parcel([tmp_path / "a.wsb"], OURS[0])
        told.append(type(refused.value))
    assert told == [NotForUs, BadSignature, NewerSchema, NotForUs, BadFormat]


def test_a_parcel_passed_on_is_not_ours(tmp_path: Path) -> None:
    """Somebody who may read it locks it again for us: the sender never wrote to us."""
    parcels.write(tmp_path / "a.wsb", SEALS, recipients=[OTHERS[1]])
    text = forge.opened_with((tmp_path / "a.wsb").read_bytes(), OTHERS[0])
    with pytest.raises(NotForUs):
        open_parcel([forge.put(tmp_path / "b.wsb", text)], OURS[0])


def test_a_relay_cannot_alter_what_another_wrote(tmp_path: Path) -> None:
    """A sender signs his parcel, and still not the seals of others: another value is another root, and so another id."""
    begun = SEALS[0]
    entries = list(begun.entries)
    entries[0] = entries[0]._replace(officer=2)
    raw = forge.packed(columns.encode(entries, begun.values))
    with open_parcel([forge.put(tmp_path / "a.wsb", forge.inside(forge.told_of([begun], raw), raw))], OURS[0]) as opened:
        (seal,) = opened.seals()
    assert seal.id != begun.id and not signed_by(seal.head.device, seal.id, seal.sig)


def test_a_photo_that_is_another_is_refused(tmp_path: Path) -> None:
    digest, data = parcels.PHOTOS[0]
    for sent, listed, expected in (((len(data).to_bytes(4, "big") + digest + data[:-1] + b"x"), [[digest, len(data)]], Damaged),
                                   ((len(data).to_bytes(4, "big") + bytes(32) + data), [[digest, len(data)]], BadFormat),
                                   (((9 << 20).to_bytes(4, "big") + digest + data), [[digest, len(data)]], BadFormat)):
        path = forge.put(tmp_path / "a.wsb", forge.inside(MAN | {12: listed}, GOOD, sent))
        with open_parcel([path], OURS[0]) as opened, pytest.raises(expected):
            list(opened.photos())


def test_our_own_limits_are_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="another's name"):
        parcels.write(tmp_path / "a.wsb", photos=[(bytes(32), b"x")])
    large = bytes(manifest.MOST_PHOTO + 1)
    with pytest.raises(Excess):
        parcels.write(tmp_path / "a.wsb", photos=[(hash_of(large), large)])
    with pytest.raises(Excess):
        parcels.write(tmp_path / "a.wsb", answer=bytes(manifest.MOST_BYTES))
    monkeypatch.setattr(manifest, "MOST_SEALS", 4)
    with pytest.raises(Excess):
        parcels.write(tmp_path / "a.wsb", parcels.lived())
    assert list(tmp_path.iterdir()) == []


class _Full(BytesIO):
    """A file for which there is no room any more."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.touch()

    def write(self, _data: Any) -> int:
        raise OSError(errno.ENOSPC, "full")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *mode: _Full(path) if path.name.endswith("002") else usual(path, *mode))
    with pytest.raises(DiskFull):
        parcels.write(tmp_path / "a.wsb", parcels.lived(), part_bytes=1024)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        parcels.write(tmp_path / "gone" / "a.wsb", parcels.lived())


def test_reading_again_and_again_gives_the_same_from_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parcel, opening):
        monkeypatch.setattr(module, "Lining", lambda: Lining(0))
    monkeypatch.setattr(envelope, "PIECE", 512)
    parcels.write(tmp_path / "a.wsb", parcels.lived(), photos=parcels.PHOTOS)
    with open_parcel([tmp_path / "a.wsb"], OURS[0]) as opened:
        for _turn in range(2):
            assert same(opened.seals(), parcels.lived()) and tuple(opened.photos()) == parcels.PHOTOS


def test_a_big_parcel_goes_through_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """30,000 people, of whom a frame of 7,000 is in memory at a time."""
    monkeypatch.setattr(parcel, "FRAME_BYTES", 1 << 20)
    seal = parcels.many(1000, 500)
    tracemalloc.start()
    try:
        parcels.write(tmp_path / "a.wsb", (seal for _turn in range(30)))
        with open_parcel([tmp_path / "a.wsb"], OURS[0]) as opened:
            assert sum(len(s.entries) for s in opened.seals()) == 30 * 1002
            assert len(opened.manifest.frames) == 4
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 << 20, "all at once they would be 36 MiB"


NAMES = st.text("abc:v0123456789", min_size=1, max_size=20)
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=3, unique=True)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, HASHES, max_size=3), HASHES, st.lists(st.tuples(NAMES, st.binary(min_size=32, max_size=32)), max_size=3),
       st.none() | st.integers(0, 2**63 - 1), st.none() | st.binary(max_size=50), st.lists(NAMES, min_size=1, max_size=3, unique=True))
def test_a_manifest_comes_back(heads: dict[str, list[bytes]], wanted: list[bytes], reports: list[tuple[str, bytes]], witness: int | None,
                               answer: bytes | None, recipients: list[str]) -> None:
    told = manifest.Manifest(bytes(32), tuple(sorted(recipients)), bytes(16), 7, {s: sorted(ids) for s, ids in heads.items()},
                             tuple(SealLine.of(s) for s in parcels.lived()), (manifest.FrameLine(1, 2, bytes(32)),), ((bytes(32), 5),),
                             tuple(sorted(wanted)), tuple(reports), witness, "0.1", answer)
    assert manifest.parsed(manifest.opened(told.pack())) == told


def test_keys_of_a_later_manifest_are_left_alone(tmp_path: Path) -> None:
    with open_parcel([forge.put(tmp_path / "a.wsb", forge.inside(MAN | {99: [1, "later"]}, GOOD))], OURS[0]) as opened:
        assert same(opened.seals(), SEALS)


def test_the_head_of_a_seal_is_what_was_signed() -> None:
    for seal in parcels.lived():
        head = SealLine.of(seal).head(seal.head.root)
        assert isinstance(head, SealHead) and head.id() == seal.id
