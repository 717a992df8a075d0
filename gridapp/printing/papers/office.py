"""What several papers need from the ledger: whose papers these are (落款单位), and the words for codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gridapp.fields import codes
from gridapp.ledger import Reader
from gridapp.work import village


@dataclass(frozen=True)
class Wish:
    """What the officer wants printed: one house by its number (else all), one patrol or hazard by its id (else the latest), a period,
    some records of a list, of a town one village."""

    house: str | None = None
    record: UUID | None = None
    since: date | None = None
    until: date | None = None
    #: of a town one village, by its scope
    village: str | None = None
    #: the bytes of a photo by its hash, where the paper shows photos and they are at hand
    photo: Callable[[bytes], bytes] | None = None
    #: of a list only these records, as they were chosen on the screen
    records: Sequence[UUID] | None = None
    #: of a list that is masked by the ledger already: with names in full
    full: bool = False


def picked(records: Sequence[UUID]) -> str:
    """What the head says of a list of which only some lines are printed: nobody shall take it for the whole."""
    return f"选印 {len(records)} 条"


def words(table: str, code: str | None) -> str:
    """The words for a code; nothing for none."""
    return codes.table(table).label(code) if code else ""


def committee(read: Reader) -> str:
    """The body that seals a paper: 永康市古山镇青后叶村村民委员会."""
    desk = village.desk(read)
    body = "居民委员会" if desk.village.endswith("社区") else "村民委员会"
    return f"{desk.county}{desk.town}{desk.village}{body}" if desk.village else ""
