"""The audit of looking (审计): who looked at what, as rows that only grow, each linked to the one before and signed by its station (docs/audit.md).

Acts are not here: the journal is their audit. A chain per station, so that clerks of one database and a restored PC do not disturb each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger.tables import DEVICE, FACT, LOOKS
from gridapp.store.vault import Signer, signed_by
from gridapp.texts import N_

OPENED, REVEALED, SOUGHT, PRINTED, EXPORTED = "opened", "revealed", "sought", "printed", "exported"
SIGNED_IN, SIGNED_OUT, LOCKED, REFUSED, WRONG_PASSWORD = "signed_in", "signed_out", "locked", "refused", "wrong_password"
BACKED_UP, RESTORED, HANDED_OVER, PEER_RESTORED, AUDITED, KEYS = "backed_up", "restored", "handed_over", "peer_restored", "audited", "keys"
LAYOUT = "layout"
#: what is written down → how the audit names it
WHATS: dict[str, str] = {
    OPENED: N_("打开完整记录"), REVEALED: N_("显示完整号码"), SOUGHT: N_("按号码查找"), PRINTED: N_("打印"), EXPORTED: N_("导出"),
    SIGNED_IN: N_("登录"), SIGNED_OUT: N_("退出"), LOCKED: N_("锁定"), REFUSED: N_("权限不足"), WRONG_PASSWORD: N_("密码错误"),
    BACKED_UP: N_("备份"), RESTORED: N_("从备份恢复"), HANDED_OVER: N_("交出"), PEER_RESTORED: N_("对方电脑恢复过"), AUDITED: N_("查看审计"),
    KEYS: N_("密码和密钥"), LAYOUT: N_("改表单版式"),
}
#: what was done with passwords and keys (the field of such a row) → how the audit names it; `why` is the officer's number, or one of KEYED_WITH
GIVEN, GIVEN_ONCE, OWN, BY_SHEET, BY_TOWN = "given", "once", "own", "by_sheet", "by_town"
NEW_SHEET, LENT, TURNED, RULES = "sheet", "lent", "turned", "rules"
KEYINGS: dict[str, str] = {
    GIVEN: N_("设密码"), GIVEN_ONCE: N_("发一次性密码"), OWN: N_("改自己的密码"), BY_SHEET: N_("用恢复纸进入"), BY_TOWN: N_("用镇里的应急密钥进入"),
    NEW_SHEET: N_("换恢复纸"), LENT: N_("开通镇应急"), TURNED: N_("换密钥"), RULES: N_("改密码规则"),
}
WITHOUT_TOWN, PLAIN_RULES, STRICT_RULES = "town", "plain", "dengbao"
KEYED_WITH: dict[str, str] = {WITHOUT_TOWN: N_("镇应急取消"), PLAIN_RULES: N_("平常"), STRICT_RULES: N_("等保")}
OK, FAILED = "ok", "failed"
SIGNED = b"gridapp-look-1"
NOTHING = bytes(32)
#: a fact of this name for each station: number, link and last print of its newest row, so that a cut end is seen
HEAD = "look "
#: another station's newest row as it was last told, and when that station was seen to have been put back
ANCHOR, PUT_BACK = "anchor ", "put back "
#: anchors of earlier parcels that go along, so that who has heard one of them sees it is still there
KEPT = 32
_SHOWN = 16
_TEXT = re.compile(r"([0-9A-Fa-f]{8})-(\d{1,12})-([0-9a-fA-F]{16,64})")


class Written(NamedTuple):
    """A row that was written: its place, when (ms), its running number among the prints and exports of this station, its link."""

    device: bytes
    seq: int
    at: int
    number: int | None
    link: bytes

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.device.hex()[:8].upper(), self.seq, self.link.hex()[:_SHOWN])


class Anchor(NamedTuple):
    """A place of a chain as paper and manifests tell it: the beginnings of the station's key and of the link."""

    device: str
    seq: int
    link: str

    def __str__(self) -> str:
        return f"{self.device}-{self.seq}-{self.link}"


@dataclass(frozen=True)
class Look:
    """What is written down; `number` is given when it is written."""

    at: int
    officer: int
    what: str
    entity: str | None = None
    record: UUID | None = None
    field: str | None = None
    why: str | None = None
    result: str = OK


def anchors_in(text: str) -> list[Anchor]:
    """Every anchor that stands in a text, as a foot of a page shows them."""
    return [Anchor(device.upper(), int(seq), link.lower()) for device, seq, link in _TEXT.findall(text)]


# ---------------------------------------------------------------- writing

def add(session: Session, signer: Signer, look: Look) -> Written:
    """Write one row at the end of this station's chain, in the open transaction."""
    dev, name = signer.public, HEAD + signer.public.hex()
    head = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == name).with_for_update())
    seq, prev, printed = _head(head) if head is not None else _last(session, dev)
    number = printed + 1 if look.what in (PRINTED, EXPORTED) else None
    told = (dev, seq + 1, look.at, look.officer, look.what, look.entity, look.record.bytes if look.record else None, look.field, look.why,
            look.result, number, prev)
    total = sum_of(told)
    sig = signer.sign(SIGNED + total)
    session.execute(sa.insert(LOOKS).values(dict(zip(LOOKS.columns.keys(), (*told, total, sig), strict=True))))
    written = Written(dev, seq + 1, look.at, number, link_of(total, sig))
    value = f"{written.seq} {written.link.hex()} {printed + (number is not None)}"
    session.execute(sa.insert(FACT).values(name=name, value=value) if head is None else sa.update(FACT).where(FACT.c.name == name).values(value=value))
    return written


def sum_of(told: Sequence[object]) -> bytes:
    """The hash of everything a row says in the order of its columns, its place and the link to the one before among it."""
    return blake2b(SIGNED + cbor2.dumps(list(told)), digest_size=32).digest()


def link_of(total: bytes, sig: bytes) -> bytes:
    """What the next row is linked to, and what anchors tell."""
    return blake2b(total + sig, digest_size=32).digest()


def _head(told: str) -> tuple[int, bytes, int]:
    seq, link, printed = told.split(" ")
    return int(seq), bytes.fromhex(link), int(printed)


def _last(session: Session, dev: bytes) -> tuple[int, bytes, int]:
    """The same from the rows themselves; nothing was ever written where there are none."""
    row = session.execute(sa.select(LOOKS).where(LOOKS.c.dev == dev).order_by(LOOKS.c.seq.desc()).limit(1)).first()
    printed = session.scalar(sa.select(sa.func.max(LOOKS.c.number)).where(LOOKS.c.dev == dev))
    return (row.seq, link_of(row.sum, row.sig), printed or 0) if row else (0, NOTHING, 0)


def tries(session: Session, signer: Signer, look: Look, told: dict[str, list[int]]) -> None:
    """Take wrong passwords, counted while the ledger was closed ({account: [how many, when last]}), into the audit, each once."""
    for name, (wrong, last) in sorted(told.items()):
        fact, value = f"tries {name}", f"{wrong} {last}"
        known = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == fact))
        if known != value and wrong:
            add(session, signer, Look(look.at, look.officer, WRONG_PASSWORD, None, None, name or None, value, FAILED))
            session.execute(sa.delete(FACT).where(FACT.c.name == fact))
            session.execute(sa.insert(FACT).values(name=fact, value=value))


# ---------------------------------------------------------------- proving

def faults(session: Session) -> Iterator[str]:
    """The first bad row of every chain; nothing when all are whole to the end this ledger knows of."""
    devices = set(session.scalars(sa.select(DEVICE.c.dev)))
    heads = {name[len(HEAD):]: value for name, value in session.execute(
        sa.select(FACT.c.name, FACT.c.value).where(FACT.c.name.startswith(HEAD)))}
    for dev in sorted({*session.scalars(sa.select(LOOKS.c.dev).distinct()), *map(_key_of, heads)}):
        told = next(_chain_faults(session, dev, heads.get(dev.hex())), None)
        if told is None and dev not in devices:
            told = (1, "by a station nobody knows")
        if told is not None:
            yield f"look {dev.hex()[:8].upper()}-{told[0]}: {told[1]}"


def _key_of(told: str) -> bytes:
    try:
        return bytes.fromhex(told)
    except ValueError:
        return b""


def _chain_faults(session: Session, dev: bytes, head: str | None) -> Iterator[tuple[int, str]]:
    """(number of the row, what is wrong with it). A link tells the row that was changed only together with the signature of the one before."""
    before: sa.Row[*tuple[object, ...]] | None = None
    seq, link = 0, NOTHING
    for row in session.execute(sa.select(LOOKS).where(LOOKS.c.dev == dev).order_by(LOOKS.c.seq).execution_options(yield_per=1000)):
        if row.seq != seq + 1:
            yield seq + 1, "is missing"
        if row.prev != link:
            if before is not None and not _signed(before):
                yield seq, "its signature does not match"
            yield row.seq, "does not follow the one before"
        if sum_of(row[:-2]) != row.sum:
            yield row.seq, "was altered"
        before, seq, link = row, row.seq, link_of(row.sum, row.sig)
    if before is not None and not _signed(before):
        yield from ((row.seq, "its signature does not match") for row in session.execute(
            sa.select(LOOKS).where(LOOKS.c.dev == dev).order_by(LOOKS.c.seq)) if not _signed(row))
    yield from _head_faults(head, seq, link)


def _head_faults(head: str | None, seq: int, link: bytes) -> Iterator[tuple[int, str]]:
    try:
        told = _head(head) if head is not None else (0, NOTHING, 0)
    except ValueError:
        yield seq + 1, "where the chain ends cannot be read"
        return
    if told[0] > seq:
        yield seq + 1, "is missing"
    if told[:2] != (seq, link):
        yield max(told[0] + 1, 1) if told[0] < seq else seq, "was not written by this program"


def _signed(row: sa.Row[*tuple[object, ...]]) -> bool:
    told = row._mapping
    return signed_by(told["dev"], SIGNED + told["sum"], told["sig"])


def heads(session: Session) -> list[Anchor]:
    """Where every chain ends."""
    return [Anchor(name[len(HEAD):][:8].upper(), seq, link.hex()) for name, (seq, link, _printed) in (
        (name, _head(value)) for name, value in session.execute(
            sa.select(FACT.c.name, FACT.c.value).where(FACT.c.name.startswith(HEAD)).order_by(FACT.c.name)))]


def lost(session: Session, anchors: Iterable[Anchor]) -> list[str]:
    """What anchors kept elsewhere say against this ledger: a row they tell of is not here (an older file was put back), or is another."""
    said = []
    for anchor in anchors:
        rows = session.execute(sa.select(LOOKS.c.dev, LOOKS.c.sum, LOOKS.c.sig).where(LOOKS.c.seq == anchor.seq))
        found = [link_of(r.sum, r.sig).hex() for r in rows if r.dev.hex().upper().startswith(anchor.device)]
        if not found:
            said.append(f"look {anchor}: is missing, an older ledger was put in place of this one")
        elif not any(link.startswith(anchor.link) for link in found):
            said.append(f"look {anchor}: is another one, an older ledger was put in place of this one and used")
    return said


# ---------------------------------------------------------------- other stations

Marks = tuple[tuple[int, bytes], ...]


def marks(session: Session, dev: bytes) -> Marks:
    """What goes into a parcel: the newest row of the own chain, and the rows earlier parcels were anchored at."""
    asked = sa.select(LOOKS.c.seq, LOOKS.c.sum, LOOKS.c.sig).where(LOOKS.c.dev == dev).order_by(LOOKS.c.seq.desc())
    found = {row.seq: link_of(row.sum, row.sig) for row in [
        *session.execute(asked.limit(1)), *session.execute(asked.where(LOOKS.c.what == HANDED_OVER).limit(KEPT))]}
    return tuple(sorted(found.items()))


def hear(session: Session, dev: bytes, told: Marks, made_at: int, now: int) -> bool:
    """Remember where another station's chain ends; True when what it told before is not in it any more: that PC was restored, or put back.

    A parcel that is older than the last one heard says nothing (an old stick turned up late), nor does one of an older program.
    """
    name = ANCHOR + dev.hex()
    value = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == name))
    known = value.split(" ") if value else None
    if not told or known is not None and int(known[2]) > made_at:
        return False
    put_back = known is not None and _contradicts(told, int(known[0]), bytes.fromhex(known[1]))
    kept = {name: f"{told[-1][0]} {told[-1][1].hex()} {made_at}"} | ({PUT_BACK + dev.hex(): str(now)} if put_back else {})
    for fact, text in kept.items():
        session.execute(sa.delete(FACT).where(FACT.c.name == fact))
        session.execute(sa.insert(FACT).values(name=fact, value=text))
    return put_back


def _contradicts(told: Marks, seq: int, link: bytes) -> bool:
    now = dict(told)
    if seq in now:
        return now[seq] != link
    return seq > told[0][0]  # later than all, or between them, where it should stand


def put_back(session: Session) -> dict[bytes, int]:
    """When stations were last seen to have been restored or put back (ms)."""
    return {bytes.fromhex(name[len(PUT_BACK):]): int(value) for name, value in session.execute(
        sa.select(FACT.c.name, FACT.c.value).where(FACT.c.name.startswith(PUT_BACK)))}
