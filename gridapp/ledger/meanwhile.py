"""Saving over something newer is seen: a form gives the version it was loaded with, and what was changed since is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mark, Mistake
from gridapp.fields.field import Field, fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import entries as bytes_
from gridapp.ledger.tables import ENTRY
from gridapp.ledger.wording import in_words
from gridapp.records import Record
from gridapp.texts import _

Stamp = tuple[int, int]


class ChangedMeanwhile(Mistake):
    """Fields about to be written were changed after the form was loaded.

    `now` holds their present values by field name, `ver` the version to save with once the officer has looked at them.
    """

    def __init__(self, record: Record, told: Mapping[Field, str]) -> None:
        words = "，".join(_("{0}现在是“{1}”").format(f.label, shown or _("（空）")) for f, shown in told.items())
        super().__init__(
            _("您打开这条{0}之后，它又被改过：{1}。您填的内容还没有保存，请核对后再保存一次。").format(record.TITLE, words),
            [Mark(f.name, "block", "changed-meanwhile", _("已改为“{0}”，请核对。").format(shown or _("（空）")))
             for f, shown in told.items()])
        self.now: dict[str, Any] = {f.name: getattr(record, f.name) for f in told}
        self.ver = record.ver


def stamps(ver: bytes, tags: Iterable[int]) -> dict[int, Stamp]:
    """When each field was last written, by the version of its row (layout: sync.md 4.3)."""
    base, over, _heads = cbor2.loads(ver)
    return {tag: (s[0], s[1]) for tag in tags for s in [over.get(tag, base)]}


def refuse_if_changed(session: Session, record: Record, seen: bytes, values: Mapping[str, Any]) -> None:
    """Compare the version a form was loaded with and the row's own, field by field. Raises ChangedMeanwhile.

    Nothing clashes where the newer value is the one about to be written, or the one the officer saw (changed and put back).
    """
    if record.ver is None or record.ver == seen:
        return
    known = [f for n, f in fields_of(type(record)).items() if n in values]
    before, after = stamps(seen, [f.tag for f in known]), stamps(record.ver, [f.tag for f in known])
    told = {}
    for field in known:
        now = field.kind.dump(getattr(record, field.name))
        if before[field.tag] == after[field.tag] or now == field.kind.dump(values[field.name]):
            continue
        if now != _written_at(session, record, field.tag, before[field.tag]):
            told[field] = in_words(session, field, now)
    if told:
        raise ChangedMeanwhile(record, told)


def _written_at(session: Session, record: Record, tag: int, stamp: Stamp) -> Cbor:
    """The value a stamp stands for; a field the first write left out was empty."""
    payload = session.scalar(sa.select(ENTRY.c.payload).where(
        ENTRY.c.ent == record.CODE, ENTRY.c.eid == record.id.bytes, ENTRY.c.hlc == stamp[0], ENTRY.c.sid == stamp[1]))
    return bytes_.decode(payload).get(tag) if payload is not None else None
