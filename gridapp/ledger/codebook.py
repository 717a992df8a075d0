"""The code tables the town has published, handed to the fields: at opening, after a taking-in, after an act that wrote one."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields import codes
from gridapp.fields.codes import Editions
from gridapp.ledger.tables import SCOPE
from gridapp.records import Dictionary


def configuration_of(scope: str) -> str:
    """The configuration a register goes by: 'v:330784108238' and 't:330784108' → 'c:330784108'."""
    return f"c:{scope[2:11]}"


def published(session: Session, scope: str) -> dict[str, Editions]:
    """Editions by table, newest first. Those of the configuration only: a village could write such a record into its own register."""
    asked = (sa.select(Dictionary.name, Dictionary.rows, Dictionary.deleted).join(SCOPE, SCOPE.c.no == Dictionary.scope)
             .where(SCOPE.c.name == configuration_of(scope), Dictionary.name.is_not(None), Dictionary.rows.is_not(None))
             .order_by(Dictionary.name, Dictionary.edition.desc(), Dictionary.id.desc()))
    standing, withdrawn = dict[str, list[str]](), dict[str, list[str]]()
    for name, rows, gone in session.execute(asked):
        (withdrawn if gone else standing).setdefault(name, []).append(rows)
    return {name: Editions(tuple(standing.get(name, ())), tuple(withdrawn.get(name, ()))) for name in standing.keys() | withdrawn.keys()}


def spread(session: Session, scope: str) -> None:
    """What is published counts from now on, in this process."""
    codes.receive(published(session, scope))
