"""What the papers of a dispute (人民调解文书) have in common: the committee, the parties, the facts, the agreement, one sitting. Formats: 司法部 2010."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from gridapp.fields import codes
from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, words
from gridapp.records import Dispute, Party, Sitting
from gridapp.work import disputes, sittings, village
from gridapp.work.disputes import DisputeCard

#: the two sources the form of the ministry knows
APPLIED, BY_ITSELF = "当事人申请", "人民调解委员会主动调解"


@dataclass(frozen=True)
class Side:
    """One party (当事人); codes already as words, `role` is 申请人, 被申请人 …"""

    role: str = ""
    name: str = ""
    sex: str = ""
    ethnic: str = ""
    age: int | None = None
    work: str = ""
    phone: str = ""
    address: str = ""
    id_no: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper of the file: its name and whether it is there."""

    name: str = ""
    there: str = ""


@dataclass(frozen=True)
class Case:
    """A dispute as its papers write it; `record` and what follows it are those of one sitting (调解、调查、回访)."""

    board: str = ""
    number: str = ""
    title: str = ""
    category: str = ""
    source: str = ""
    found_on: date | None = None
    accepted_on: date | None = None
    content: str = ""
    claim: str = ""
    sides: Sequence[Side] = ()
    mediators: str = ""
    officer: str = ""
    agreement: str = ""
    perform: str = ""
    perform_by: date | None = None
    agreed_on: date | None = None
    agreement_no: str = ""
    archived_on: date | None = None
    result: str = ""
    papers: Sequence[Paper] = ()
    told: str = ""
    kind: str = "调解"
    day: date | None = None
    start: str = ""
    end: str = ""
    place: str = ""
    present: str = ""
    record: str = ""
    outcome: str = ""
    sitting_result: str = ""
    who: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        return self.number or self.title

    @property
    def names(self) -> str:
        """All parties in one text."""
        return "、".join(side.name for side in self.sides if side.name)

    @property
    def applicants(self) -> Sequence[Side]:
        return [side for side in self.sides if side.role == "申请人"] or [Side()]

    @property
    def respondents(self) -> Sequence[Side]:
        return [side for side in self.sides if side.role not in ("申请人", "")] or [Side()]

    @property
    def copies(self) -> str:
        """One for each party and one for the committee."""
        return str(len(self.sides) + 1) if self.names else "　　"

    @property
    def performing(self) -> str:
        """履行方式、时限 in words."""
        until = f"履行期限：{say(self.perform_by, '年月日')}前" if self.perform_by else ""
        return "\n".join(part for part in (self.perform, until) if part)

    @property
    def when(self) -> str:
        """'2026年11月24日　09:00—10:30', or blanks."""
        if self.day is None:
            return "　　年　月　日　　时　分—　时　分"
        clock = f"　{self.start or '　　'}—{self.end or '　　'}" if self.start or self.end else ""
        return say(self.day, "年月日") + clock


def board(read: Reader) -> str:
    """The committee that mediates: 永康市古山镇青后叶村人民调解委员会."""
    desk = village.desk(read)
    return f"{desk.county}{desk.town}{desk.village}人民调解委员会" if desk.village else ""


def blank() -> Case:
    """A form to fill in by hand."""
    return Case(sides=[Side(), Side()], papers=[Paper(row.name) for row in codes.table("dispute_papers").offered])


def gather(read: Reader, wish: Wish, *kinds: str) -> Case:
    """The dispute wished for, or that of a sitting; the latest when none is named, an empty form when there is none. `kinds`: sittings to print the last one of.

    Raises Gone.
    """
    sitting = read.find(Sitting, wish.record) if wish.record is not None else None
    wanted = sitting.matter if sitting is not None else wish.record or _latest(read)
    if wanted is None:
        return replace(blank(), board=board(read))
    card = disputes.dispute_on_paper(read, wanted)
    if sitting is None:
        allowed = {sittings.kind(kind) for kind in kinds}
        sitting = next((s for s in reversed(card.sittings) if s.kind in allowed), None)
    return _with_sitting(_case(read, card), card.record, sitting)


def _latest(read: Reader) -> UUID | None:
    newest = disputes.list_disputes(read, disputes.ALL, limit=1)
    return newest[0].id if newest else None


def _case(read: Reader, card: DisputeCard) -> Case:
    d, desk = card.record, village.desk(read)
    source = words("dispute_source", d.source)
    return Case(
        board=board(read), number=d.number or "", title=d.title, category=words("dispute_category", d.category),
        source=("" if not source else APPLIED if source == APPLIED else BY_ITSELF), found_on=d.found_on, accepted_on=d.accepted_on, content=d.content,
        claim=d.claim or "", sides=[side_of(party) for party in card.parties], mediators=d.mediators or "", officer=desk.officer,
        agreement=d.agreement or "", perform=d.perform or "", perform_by=d.perform_by, agreed_on=d.agreed_on, agreement_no=d.agreement_no or "",
        archived_on=d.archived_on, result=d.result or "", papers=[Paper(i.name, "有" if i.there else "缺" if i.needed else "—") for i in card.file.items],
        told=card.file.words, code=code_of(d.id))


def side_of(party: Party) -> Side:
    """A party with codes in words."""
    return Side(words("party_side", party.side), party.name, words("sex", party.sex), words("ethnic", party.ethnic), party.age, party.work or "",
                party.phone or "", party.address or "", party.id_no or "", party.agent or "")


def _with_sitting(case: Case, dispute: Dispute, sitting: Sitting | None) -> Case:
    if sitting is None:
        return case
    agreed = dispute.agreed_on is not None and dispute.agreed_on == sitting.day
    return replace(case, kind=words("sitting_kind", sitting.kind), day=sitting.day, start=sitting.start or "", end=sitting.end or "", place=sitting.place or "",
                   present=sitting.present or "", record=sitting.content, sitting_result=sitting.result or "",
                   outcome="达成协议" if agreed else "未达成协议", who=sitting.mediators or "")
