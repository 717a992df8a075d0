"""F17 宣传活动记录: one round of outreach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridapp.fields.field import fields_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.records import Outreach
from gridapp.work import outreach


@dataclass(frozen=True)
class Record:
    """One round; `forms` and `partners` are the words to be ticked."""

    issuer: str = ""
    when: str = ""
    place: str = ""
    topic: str = ""
    forms: Sequence[str] = ()
    partners: Sequence[str] = ()
    people: str = ""
    reached: str = "　　人 / 　　份"
    content: str = ""
    recorder: str = ""

    @property
    def label(self) -> str:
        return f"{self.when} {self.place}".strip()


def compose(record: Record) -> Filled:
    """One form."""
    return Filled([record])


def gather(read: Reader, wish: Wish) -> Record:
    """One round, the latest when none is named; an empty form when there was none. Raises Gone."""
    latest = outreach.list_outreach(read, outreach.ALL, limit=1)
    if wish.record is None and not latest:
        return Record(committee(read))
    o, known = outreach.outreach_card(read, wish.record or latest[0].id).record, fields_of(Outreach)

    def ticked(name: str) -> tuple[str, ...]:
        return tuple(filter(None, known[name].kind.show(getattr(o, name)).split("、")))

    return Record(committee(read), f"{say(o.day, '年月日')} {o.start or ''}".strip(), o.place or "", words("campaign_theme", o.topic), ticked("forms"),
                  ticked("partners"), o.people or "", f"{say(o.audience, '2')}人 / {say(o.leaflets, '2')}份", o.content or "", o.recorder or "")
