"""F19 约谈（挂牌整治）整改反馈表: why, what must be put right, how far it is, and what the acceptance said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import listings
from gridapp.work.meetings import Line


@dataclass(frozen=True)
class Feedback:
    """One talk or listing; `verdict` is the word to be ticked."""

    issuer: str = ""
    unit: str = ""
    by: str = ""
    day: date | None = None
    reason: str = ""
    problems: str = ""
    lines: Sequence[Line] = ()
    report: str = ""
    verdict: Sequence[str] = ()
    accepted: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        return self.unit


def compose(feedback: Feedback) -> Filled:
    """One form."""
    return Filled([feedback])


def gather(read: Reader, wish: Wish) -> Feedback:
    """One talk or listing, the most pressing when none is named; an empty form when there is none. Raises Gone."""
    pressing = listings.list_listings(read, listings.ALL, limit=1)
    if wish.record is None and not pressing:
        return Feedback(committee(read))
    card = listings.listing_card(read, wish.record or pressing[0].id)
    r = card.record
    accepted = "　".join(str(part) for part in (r.accepted_on, r.accepted_by, r.verdict) if part)
    return Feedback(committee(read), r.unit, r.by or "", r.day, r.reason, r.problems or "", card.measures, r.report or "", (card.state,), accepted,
                    code_of(r.id))
