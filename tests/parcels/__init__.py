"""Parcels of every version that was released, with the keys that open them; today's program reads them all, byte for byte.

A new version adds a folder: `python -m tests.parcels FOLDER`. An old one is never made again. The keys are of nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from gridapp.exchange import parcel
from gridapp.exchange.parcel import Opened
from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import ERASE, WRITE, Entry, Seal, SealHead, root_of, sealed_payload
from gridapp.store.photos import hash_of
from gridapp.store.vault import Signer
from tests import ledgers

HERE = Path(__file__).parent
TOLD = "told.json"
VILLAGE, TOWN = "v:330784108238", "t:330784108"
#: (secret, address) of the station parcels are for, and of another
OURS = ("AGE-SECRET-KEY-16MTY8K74KHY04ANXLYMFSMDRV8A0MSC5CK8LLUG9JSY9YZLNPGCQ6WFQVC", "age1kyf2rxcazexjqy2xfrsyskqg5gngv06afjesu0sz3auj6p8mggyqyav06k")
OTHERS = ("AGE-SECRET-KEY-1A0L4QXP4AKYX7YGPNXFDYUV57RVVXYX6703WQU6NC0UTPEUEC9HQN7SVQW", "age17q36v2pqst38ultuqcfvnmvu7u9fzrpwhptv8gfmtjy3pqzsxqas8rqqzr")
SENDER = Signer(bytes(range(32)))
AUTHOR = Signer(bytes(range(1, 33)))
CLOCK = ledgers.NOON << 16

Row = tuple[int, int, bytes, dict[int, Cbor] | None]


def eid(number: int) -> bytes:
    """An id as new_id makes them: milliseconds, then noise that is the same every time."""
    noise = bytearray((number * 2_654_435_761 % (1 << 80)).to_bytes(10, "big"))
    noise[0], noise[2] = noise[0] & 0x0F | 0x70, noise[2] & 0x3F | 0x80
    return (ledgers.NOON + number).to_bytes(6, "big") + bytes(noise)


def seal(acts: Iterable[Sequence[Row]], parents: Sequence[Seal] = (), *, scope: str = VILLAGE, author: Signer = AUTHOR, clock: int = CLOCK,
         seen: Sequence[tuple[str, bytes]] = ()) -> Seal:
    """A closed seal of these acts, each a sequence of (kind, entity, id, values); values None stand for what was erased."""
    entries, values = list[Entry](), list[dict[int, Cbor] | None]()
    for number, act in enumerate(acts):
        for txb, (kind, ent, record, row) in enumerate(act):
            salt = (clock + len(entries)).to_bytes(8, "big")
            payload, phash = sealed_payload(row if row is not None else {1: "erased"}, salt)
            entries.append(Entry(len(entries) + 1, clock + (number << 24) + len(entries), kind, ent, txb, 1, record,
                                 None if row is None else payload, phash))
            values.append(dict(sorted(row.items())) if row is not None and kind == WRITE else None)
    head = SealHead(scope, author.public, sorted(p.id for p in parents), sorted(seen), len(entries), entries[0].hlc, entries[-1].hlc,
                    root_of(entries))
    return Seal(head, author.sign(head.id()), entries, values)


def lived() -> list[Seal]:
    """A house, people in two rooms, edits, a clearing, an erasure, a fork and its join, another scope, fields of a later version."""
    house, room, first, second, stay = (eid(number) for number in range(1, 6))
    begun = seal([
        [(WRITE, 1, eid(10), {1: "register_house", 2: ledgers.NOON}), (WRITE, 12, house, {1: "QHY0001", 2: "永康市古山镇青后叶村祠堂路1号", 9: True}),
         (WRITE, 13, room, {1: house, 2: "101", 3: 1, 4: -12_050})],
        [(WRITE, 1, eid(11), {1: "move_in"}), (WRITE, 10, first, {1: "彭兵", 2: ledgers.NUMBERS[0], 5: "1967-07-11", 6: "13800001111"}),
         (WRITE, 10, second, {1: "王𬱟", 2: ledgers.NUMBERS[1], 5: "1991-01-01", 6: "13800002222"}),
         (WRITE, 14, stay, {1: first, 2: room, 3: "2026-11-24", 4: None}), (WRITE, 14, eid(6), {1: second, 2: eid(99), 3: "2026-11-24", 4: None})]])
    left = seal([[(WRITE, 1, eid(12), {1: "correct_person"}), (WRITE, 10, first, {6: None, 7: "𠮷野家"})]], [begun], clock=CLOCK + (1 << 40))
    right = seal([[(ERASE, 10, second, {1: "PIPL-47"}), (WRITE, 10, second, None)], [(WRITE, 10, first, {6: "13900003333"})]], [begun],
                 author=SENDER, clock=CLOCK + (2 << 40))
    joined = seal([[(WRITE, 32_000, eid(7), {65_535: b"\0\xff", 1: 2**63 - 1, 2: -(2**63), 3: ""})]], [left, right], clock=CLOCK + (3 << 40),
                  seen=[(TOWN, bytes(32))])
    return [begun, left, right, joined, seal([[(WRITE, 20, eid(8), {1: "镇里的事"})]], scope=TOWN, author=SENDER)]


def many(people: int, an_act: int = 100) -> Seal:
    """People registered, so many in an act; the numbers count on."""
    day = date(2000, 1, 1).toordinal()
    rows = [(WRITE, 10, eid(1000 + n), {1: f"彭{chr(0x4E00 + n % 5000)}", 2: f"51018519670711{n:04d}", 5: str(date.fromordinal(day + n % 9000)),
                                        6: f"138{n:08d}", 7: "古山五金制品有限公司" if n % 3 else None}) for n in range(people)]
    return seal([(WRITE, 1, eid(10**6 + at), {1: "import_people", 2: ledgers.NOON + at}), *rows[at:at + an_act]]
                for at in range(0, people, an_act))


PHOTOS = tuple((hash_of(data), data) for data in (b"\xff\xd8 a photo " * 20, b"\xff\xd8 another " * 30))


def write(target: Path, seals: Iterable[Seal] = (), **told: Any) -> parcel.Written:
    """A parcel from the sender to our station, unless told otherwise."""
    return parcel.write(target, seals, **({"signer": SENDER, "recipients": [OURS[1]], "heads": {VILLAGE: [bytes(32)]},
                                           "made_at": ledgers.NOON} | told))


def tell(opened: Opened) -> dict[str, Any]:
    """All that a parcel holds, as JSON gives it back."""
    told, found = opened.manifest, list(opened.seals())
    return {
        "manifest": {
            "sender": told.sender.hex(), "recipients": list(told.recipients), "parcel": told.parcel.hex(), "made_at": told.made_at,
            "heads": {scope: [i.hex() for i in ids] for scope, ids in told.heads.items()}, "wanted": [w.hex() for w in told.wanted],
            "reports": [[code, i.hex()] for code, i in told.reports], "witness": told.witness, "app": told.app,
            "answer": told.answer and told.answer.hex(), "flags": opened.header.flags, "parts": opened.header.parts},
        "seals": [{
            "id": s.id.hex(), "sig": s.sig.hex(), "scope": s.head.scope, "device": s.head.device.hex(),
            "parents": [p.hex() for p in s.head.parents], "seen": [[n, i.hex()] for n, i in s.head.seen],
            "entries": [[v.hex() if isinstance(v, bytes) else v for v in entry] for entry in s.entries],
            "values": [v if v is None else {str(t): x.hex() if isinstance(x, bytes) else x for t, x in v.items()} for v in s.values],
        } for s in found],
        "photos": [[digest.hex(), data.hex()] for digest, data in opened.photos()]}


def make(folder: Path) -> None:
    """One parcel of each kind, and what they hold."""
    folder.mkdir(parents=True)
    heads = [s.id for s in lived()[-2:]]
    write(folder / "all.wsb", lived(), photos=PHOTOS, wanted=[bytes(32)], reports=[("E_GAP", bytes(range(32)))], witness=ledgers.NOON,
          answer=b"an answer", heads={VILLAGE: heads[:1], TOWN: heads[1:]}, recipients=[OURS[1], OTHERS[1]])
    write(folder / "parts.wsb", lived(), part_bytes=1024)
    write(folder / "receipt.wsb")
    told = {name: _told(found) for name, found in kept(folder).items()}
    (folder / TOLD).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def kept(folder: Path) -> dict[str, list[Path]]:
    """The parcels of a folder: name -> files."""
    found = dict[str, list[Path]]()
    for path in sorted(folder.glob("*.wsb*")):
        found.setdefault(path.name.partition(".")[0], []).append(path)
    return found


def _told(paths: Sequence[Path]) -> dict[str, Any]:
    with parcel.open_parcel(paths, OURS[0]) as opened:
        return tell(opened)
