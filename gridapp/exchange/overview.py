"""The hand-over at a glance (交接): where it stands, whom to hand over to, what would go, and which taking-in can still be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridapp.exchange import booked, inbox, outgoing, pairing
from gridapp.exchange.booked import Standing
from gridapp.exchange.outgoing import NotPaired, Plan, Receiver
from gridapp.ledger import PLAIN, Ledger, dealings, gated
from gridapp.records import BY_NAME, Act
from gridapp.texts import _

#: days without a receipt from the town after which it is said in yellow, and in red
LATE_DAYS, VERY_LATE_DAYS = 7, 14


@dataclass(frozen=True)
class Overview:
    """`asked`: a request was written and no answer has come; `last`: the newest taking-in, while it can be undone; `open`: what waits in 冲突."""

    standing: Standing
    town: bool
    asked: bool
    receivers: tuple[Receiver, ...]
    plan: Plan | None
    last: booked.Line | None
    open: int


@gated(PLAIN)
def overview(ledger: Ledger, to: bytes = b"") -> Overview:
    """At a glance; `to` is the device one means to hand over to, the town (or the first) by default."""
    try:
        known = tuple(outgoing.receivers(ledger))
    except NotPaired:
        known = ()
    chosen = next((r for r in known if r.device == to), known[0] if known else None)
    newest = next((line for line in booked.book(ledger) if line.parcel.way == dealings.IN and line.parcel.taken), None)
    return Overview(booked.standing(ledger), ledger.scope[:2] == "t:", not known and pairing.asked(ledger) is not None, known,
                    outgoing.plan(ledger, chosen) if chosen else None, newest if newest and newest.state == "merged" else None, ledger.ask(inbox.open_count))


def lateness(standing: Standing) -> str:
    """The colour of the days since the town was heard: green, yellow, red; grey where there was nothing to hand over yet."""
    if standing.days is None:
        return "grey" if standing.handed is None and not standing.waiting else "yellow" if (standing.handed or 0) <= LATE_DAYS else "red"
    return "red" if standing.days > VERY_LATE_DAYS else "yellow" if standing.days > LATE_DAYS else "green"


def in_words(counts: Mapping[str, int]) -> str:
    """'流动人口 4、出租房屋 2、照片 3': what a parcel holds by kind of record; '' for nothing but a receipt."""
    kinds = sorted((BY_NAME[name].CODE, BY_NAME[name].TITLE, count) for name, count in counts.items() if name in BY_NAME and count)
    told = [f"{title} {count:,}" for code, title, count in kinds if code != Act.CODE]
    if "records" in counts:
        told.append(_("{0:,} 条记录").format(counts["records"]))
    if counts.get("clashes"):
        told.append(_("{0:,} 项冲突").format(counts["clashes"]))
    return "、".join(told)
