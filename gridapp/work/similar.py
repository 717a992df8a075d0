"""Earlier hazards like the one that is typed (以前类似的隐患): of the same place first, then what says much the same elsewhere, with what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import Hazard
from gridapp.work import chains

#: of the same place so many of the newest are looked at, of all places so many
MOST_THERE, MOST_ELSEWHERE = 50, 2000
#: another place's hazard is like this one when it has this share of the pairs of characters typed
LEAST_SHARE = 0.5
SHOWN = 6


@dataclass(frozen=True)
class SimilarHazard:
    """An earlier one: where, what, what was asked for, its state in words."""

    id: UUID
    found_on: date
    place: str
    content: str
    demand: str
    kind: str | None
    degree: str | None
    state: str
    same_place: bool


@needs(LOOK)
def similar_hazards(read: Reader, content: str = "", house: UUID | None = None, site: UUID | None = None, place: str = "",
                    but: UUID | None = None) -> list[SimilarHazard]:
    """Open ones and closed ones: first what was found at the same house, site or place, the likest and newest first, then the same words elsewhere."""
    wanted = chains.pieces(content)
    at = Hazard.house == house if house else Hazard.site == site if site else Hazard.place == place if place else None
    there = {row.id: row for row in read.rows(_asked(MOST_THERE).where(at))} if at is not None else {}
    told = [(True, _share(wanted, row.content), row) for row in there.values()]
    if wanted:
        elsewhere = ((_share(wanted, row.content), row) for row in read.rows(_asked(MOST_ELSEWHERE)) if row.id not in there)
        told += [(False, share, row) for share, row in elsewhere if share >= LEAST_SHARE]
    told.sort(key=lambda one: (not one[0], -round(one[1], 1), -one[2].seq))
    state = codes.table("hazard_state")
    return [SimilarHazard(r.id, r.found_on, r.place or "", r.content, r.demand or "", r.kind, r.degree, state.label(r.state), same)
            for same, _how_much, r in told if r.id != but][:SHOWN]


def _asked(most: int) -> sa.Select[*tuple[Any, ...]]:
    return (sa.select(Hazard.id, Hazard.seq, Hazard.found_on, Hazard.place, Hazard.content, Hazard.demand, Hazard.kind, Hazard.degree, Hazard.state)
            .where(Hazard.deleted.is_not(True)).order_by(Hazard.seq.desc()).limit(most))


def _share(wanted: set[str], content: str) -> float:
    return len(wanted & chains.pieces(content)) / len(wanted) if wanted else 0.0
