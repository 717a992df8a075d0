"""A journal value in an officer's words: codes as labels, days as dates, links as the name of what they point at, private values masked."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import Field
from gridapp.fields.kinds import Cbor, Link
from gridapp.records import BY_NAME


def in_words(session: Session, field: Field, value: Cbor) -> str:
    """'' for nothing."""
    if isinstance(field.kind, Link):
        return _linked(session, field.kind, value)
    return field.words(field.kind.load(value))


def _linked(session: Session, kind: Link, raw: Cbor) -> str:
    if raw is None or not kind.to:
        return ""
    found = session.scalar(sa.select(BY_NAME[kind.to]).where(BY_NAME[kind.to].id == kind.load(raw)))
    return found.label() if found else ""
