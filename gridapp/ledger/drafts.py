"""Drafts (草稿): half-filled forms, kept in the encrypted ledger by the second and offered again after a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger.tables import DRAFT


@dataclass(frozen=True)
class Draft:
    """What was typed into one form, by field name, as text; when it was last kept; in which field the cursor stood, and where in it."""

    form: str
    values: dict[str, str]
    at: datetime
    hand: tuple[str, int] | None = None


def keep(session: Session, form: str, values: Mapping[str, str], now_ms: int, hand: tuple[str, int] | None = None) -> None:
    """Put the draft of a form in place of the older one."""
    body = json.dumps({"values": dict(values), "hand": hand}, ensure_ascii=False)
    session.execute(sa.delete(DRAFT).where(DRAFT.c.form == form))
    session.execute(sa.insert(DRAFT).values(form=form, body=body, at=now_ms))


def drop(session: Session, form: str) -> None:
    """Forget a draft: its form was saved or thrown away."""
    session.execute(sa.delete(DRAFT).where(DRAFT.c.form == form))


def kept(session: Session) -> list[Draft]:
    """All drafts, newest first."""
    rows = session.execute(sa.select(DRAFT).order_by(DRAFT.c.at.desc()))
    return [_read(r.form, json.loads(r.body), datetime.fromtimestamp(r.at / 1000, UTC)) for r in rows]


def _read(form: str, body: dict[str, Any], at: datetime) -> Draft:
    """Drafts of before the cursor was kept are the values alone; all of them are texts."""
    values, hand = (body["values"], body["hand"]) if isinstance(body.get("values"), dict) else (body, None)
    return Draft(form, values, at, (hand[0], hand[1]) if hand else None)
