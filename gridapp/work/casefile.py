"""The case file (卷宗) of a dispute: thirteen papers, which of them it must hold depends on how the dispute went (人民调解法 Art. 27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from gridapp import places
from gridapp.fields import codes
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Dispute, Party, Sitting
from gridapp.texts import N_, _
from gridapp.work import sittings
from gridapp.work.parties import parties_of

APPLIED, INFORMED = "当事人申请", "权利义务告知书"
#: what the parties did about a court (codes of court_confirm by name)
COURT_DONE = ("已申请", "已确认", "未予确认")


@dataclass(frozen=True)
class Item:
    """One paper of the file: `needed` in this dispute, `there` already."""

    code: str
    name: str
    needed: bool
    there: bool


@dataclass(frozen=True)
class CaseFile:
    """The whole list in the order of the file."""

    items: tuple[Item, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """What it must hold and does not."""
        return tuple(item.name for item in self.items if item.needed and not item.there)

    @property
    def there(self) -> int:
        return sum(item.there for item in self.items)

    @property
    def words(self) -> str:
        """'已装 9/13，还缺：…'."""
        told = _("已装 {0}/{1}").format(self.there, len(self.items))
        return told + (_("，还缺：{0}").format("、".join(self.lacking)) if self.lacking else _("，该有的都有了"))


@cache
def _rules() -> dict[str, frozenset[str]]:
    """Code of a paper → the cases in which it must be there."""
    with places.resource("states", "dispute_file.tsv").open(encoding="utf-8") as lines:
        return {line["code"]: frozenset(line["when"].split(",")) for line in codes.told_in(lines)}


def cases_of(dispute: Dispute, parties: Iterable[Party], sat: Iterable[Sitting]) -> frozenset[str]:
    """The words of resources/states/dispute_file.tsv that hold of a dispute."""
    source, court = codes.table("dispute_source"), codes.table("court_confirm")
    agreed = "none" if dispute.agreed_on is None else "written" if dispute.agreement_no else "oral"
    told = {"always": True, agreed: True, "applied": source.label(dispute.source or "") == APPLIED,
            "inquired": any(s.kind == sittings.kind(sittings.INQUIRY) for s in sat), "agent": any(p.agent for p in parties),
            "court": court.label(dispute.court or "") in COURT_DONE}
    return frozenset(word for word, holds in told.items() if holds)


def file_of(dispute: Dispute, parties: Iterable[Party], sat: Iterable[Sitting]) -> CaseFile:
    """What is in the file and what it still needs; a county may add papers to the code table."""
    holds, there = cases_of(dispute, parties, sat), set((dispute.papers or "").split(","))
    rules, table = _rules(), codes.table("dispute_papers")
    return CaseFile(tuple(Item(row.code, row.name, bool(rules.get(row.code, frozenset()) & holds), row.code in there) for row in table.offered))


@needs(LOOK)
def case_file(read: Reader, dispute_id: UUID) -> CaseFile:
    """The file of one dispute. Raises Gone."""
    return file_of(read.get(Dispute, dispute_id), parties_of(read, dispute_id), sittings.sittings_of(read, dispute_id))


@verb(N_("装入卷宗"), REGISTER)
def fill_file(act: Acting, dispute_id: UUID, papers: str | None, *, seen: bytes | None = None) -> UUID:
    """Which papers are in the file now (codes joined by commas). Raises Gone, ChangedMeanwhile."""
    return act.change(act.get(Dispute, dispute_id), seen=seen, papers=papers).id


def with_paper(dispute: Dispute, name: str) -> str | None:
    """The papers of a file with one more, by its name; a table that has no such paper leaves it as it is."""
    code: Any = codes.table("dispute_papers").find(name)
    return ",".join(sorted({*(dispute.papers or "").split(","), code} - {"", None})) or None
