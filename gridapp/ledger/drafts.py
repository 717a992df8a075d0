"""Drafts (草稿): half-filled forms, kept in the encrypted ledger by the second and offered again after a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger.tables import DRAFT


@dataclass(frozen=True)
class Draft:
    """What was typed into one form, by field name, as text; when it was last kept."""

    form: str
    values: dict[str, str]
    at: datetime


def keep(session: Session, form: str, values: Mapping[str, str], now_ms: int) -> None:
    """Put the draft of a form in place of the older one."""
    body = json.dumps(dict(values), ensure_ascii=False)
    session.execute(sa.delete(DRAFT).where(DRAFT.c.form == form))
    session.execute(sa.insert(DRAFT).values(form=form, body=body, at=now_ms))


def drop(session: Session, form: str) -> None:
    """Forget a draft: its form was saved or thrown away."""
    session.execute(sa.delete(DRAFT).where(DRAFT.c.form == form))


def kept(session: Session) -> list[Draft]:
    """All drafts, newest first."""
    rows = session.execute(sa.select(DRAFT).order_by(DRAFT.c.at.desc()))
    return [Draft(r.form, json.loads(r.body), datetime.fromtimestamp(r.at / 1000, UTC)) for r in rows]
