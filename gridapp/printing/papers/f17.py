"""F17 宣传活动记录: one round of outreach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridapp.fields.field import fields_of
from gridapp.fields.ids import code_of
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.album import bytes_of
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.records import Outreach
from gridapp.work import evidence, outreach

#: photos the form has room for (forms.json: 2×2)
ROOM = 4


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
    photos: Sequence[bytes] = ()
    about_photos: str = "（贴 2×2 张）"
    code: str = ""

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

    photos, about = _photos(read, wish, o)
    return Record(committee(read), f"{say(o.day, '年月日')} {o.start or ''}".strip(), o.place or "", words("campaign_theme", o.topic), ticked("forms"),
                  ticked("partners"), o.people or "", f"{say(o.audience, '2')}人 / {say(o.leaflets, '2')}份", o.content or "", o.recorder or "", photos, about,
                  code_of(o.id))


def _photos(read: Reader, wish: Wish, told: Outreach) -> tuple[list[bytes], str]:
    """As many photos as the form has room for, and what is to be said of the others."""
    named = evidence.photos_of(read, told.id)
    at_hand = [data for photo in named if (data := bytes_of(photo, wish)) is not None]
    lacking, more = len(named) - len(at_hand), len(at_hand) - ROOM
    about = [f"有 {lacking} 张还没有收到" if lacking else "", f"另有 {more} 张没有印" if more > 0 else ""]
    words_ = "，".join(filter(None, about))
    return at_hand[:ROOM], f"（{words_}）" if words_ else "" if at_hand else Record.about_photos
