"""F25 事件（警情）流转处置单: one event with every step it went and whom it was pushed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.work import eventlists


@dataclass(frozen=True)
class Line:
    """One step: what was done, by which unit and whom, when, what was said."""

    step: str = ""
    unit: str = ""
    who: str = ""
    day: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One event; `source`, `grade`, `rating` and `late` are the words to be ticked."""

    issuer: str = ""
    number: str = ""
    source: Sequence[str] = ()
    title: str = ""
    grade: Sequence[str] = ()
    when: str = ""
    teller: str = ""
    content: str = ""
    lines: Sequence[Line] = ()
    result: str = ""
    rating: Sequence[str] = ()
    late: Sequence[str] = ()
    code: str = ""

    @property
    def label(self) -> str:
        return self.title


def compose(sheet: Sheet) -> Filled:
    """One form."""
    return Filled([sheet])


def gather(read: Reader, wish: Wish) -> Sheet:
    """One event, the most pressing when none is named; an empty form when there is none. Raises Gone."""
    pressing = eventlists.list_events(read, eventlists.ALL, limit=1)
    if wish.record is None and not pressing:
        return Sheet(committee(read))
    card = eventlists.event_on_paper(read, wish.record or pressing[0].id)
    e = card.record
    told = [Line(s.step.partition("(")[0], s.unit or "", s.who or "", s.day, s.note or "") for s in card.story]
    told += [Line("推送", p.recipient, p.receiver or "", p.sent_on, f"{say(p.answered_on)} {p.answer or ''}".strip()) for p in card.pushes]
    late = ("是" if (e.done_on or read.today) > e.due_on else "否",) if e.due_on else ()
    title = "／".join(part for part in (e.title, words("event_kind", e.kind)) if part)
    return Sheet(committee(read), e.number or "", (words("event_source", e.source),), title, (words("event_grade", e.grade),),
                 f"{say(e.day, '年月日')} {e.time or ''}　{e.place or ''}".strip(), f"{e.teller or ''}　{e.teller_phone or ''}".strip(), e.content, told, e.result or "",
                 (words("satisfaction", e.rating),), late, code_of(e.id))
