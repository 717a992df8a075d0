"""F27 数据交接单: goes with the stick, signed by who gives and who takes; two copies."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gridapp.exchange.handed import handed
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import village


@dataclass(frozen=True)
class File:
    """One file on the stick; `check` are the first 16 digits of the parcel's own number, which its name repeats."""

    name: str = ""
    size: str = ""
    records: str = ""
    check: str = ""


@dataclass(frozen=True)
class Handover:
    """One hand-over; `contents` says how many of what."""

    number: str = ""
    giver: str = ""
    giver_person: str = ""
    taker: str = ""
    scopes: str = ""
    period: str = ""
    contents: str = ""
    files: Sequence[File] = ()
    at: str = ""

    @property
    def label(self) -> str:
        return self.number


def compose(handover: Handover) -> Filled:
    """The layout's parts make the copies."""
    return Filled([handover])


def gather(read: Reader, wish: Wish) -> Handover:
    """One parcel by its number, the newest that went out when none is named; an empty form when nothing went out yet."""
    told, desk = handed(read, wish.record), village.desk(read)
    if told is None:
        return Handover(giver=committee(read), giver_person=desk.officer)
    number = b32encode(told.id).decode().rstrip("=")
    contents = "、".join(f"{what}{count}" for what, count in told.counts) + (f"，照片 {told.photos} 张" if told.photos else "")
    return Handover(
        number=number,
        giver=committee(read) or told.sender,
        giver_person=desk.officer,
        taker=told.receiver,
        scopes="、".join(told.scopes),
        period=f"{_clock(told.since) or '开始使用'} 至 {_clock(told.at)}",
        contents=contents,
        files=[File(told.name.rpartition("/")[2], said_size(told.size), str(told.records), told.id.hex()[:16].upper())],
        at=_clock(told.at),
    )


def _clock(moment: datetime | None) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if moment else ""


def said_size(size: int) -> str:
    """Bytes as people say them."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"
