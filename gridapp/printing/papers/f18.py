"""F18 会议（季度例会）记录: one meeting, its decisions line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import meetings
from gridapp.work.meetings import Line


@dataclass(frozen=True)
class Minutes:
    """One meeting."""

    issuer: str = ""
    when: str = ""
    place: str = ""
    chair: str = ""
    recorder: str = ""
    come: str = ""
    present: str = ""
    topics: str = ""
    summary: str = ""
    lines: Sequence[Line] = ()
    code: str = ""

    @property
    def label(self) -> str:
        return f"{self.when} {self.topics}".strip()


def compose(minutes: Minutes) -> Filled:
    """One form."""
    return Filled([minutes])


def gather(read: Reader, wish: Wish) -> Minutes:
    """One meeting, the latest when none is named; an empty form when there was none. Raises Gone."""
    latest = meetings.list_meetings(read, meetings.ALL, limit=1)
    if wish.record is None and not latest:
        return Minutes(committee(read))
    card = meetings.meeting_card(read, wish.record or latest[0].id)
    m = card.record
    return Minutes(committee(read), f"{say(m.day, '年月日')} {m.start or ''}".strip(), m.place or "", m.chair or "", m.recorder or "",
                   f"{say(m.invited, '1')} / {say(m.came, '1')}", m.present or "", m.topics, m.summary or "", card.decisions, code_of(m.id))
