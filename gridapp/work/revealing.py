"""Revealing (显示完整号码): private values of one record in full, for a reason that is written down; of a list only with the password again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.ledger import REVEAL, Ledger, Reader, gated, needs
from gridapp.ledger.looks import REVEALED
from gridapp.ledger.reader import Gone
from gridapp.records import BY_NAME
from gridapp.texts import N_, _
from gridapp.work.masking import hides

PAPER, CALL, FORM, OTHER = "paper", "call", "form", "other"
#: why somebody looks; OTHER asks for words
REASONS = {PAPER: N_("核对证件"), CALL: N_("电话联系"), FORM: N_("填写表单"), OTHER: N_("其他")}
#: why a paper is printed in full that would be masked: a register is filed, a list that hangs on a wall needs a reason of its own
FILING = "filing"
TO_PRINT = {FILING: N_("归档"), PAPER: REASONS[PAPER], FORM: REASONS[FORM], OTHER: REASONS[OTHER]}
SHORTEST = 2
#: of a list at most so many rows at once (reliability.md X1)
MOST = 50
Values = dict[str, Any]


class NoReason(Mistake):
    """Nothing was said why."""

    def __init__(self) -> None:
        super().__init__(_("请先选一个理由；选“其他”时写明做什么用。号码还遮着。"))


class TooMany(Mistake):
    """A whole list at once."""

    def __init__(self, asked: int) -> None:
        super().__init__(_("一次最多显示 {0} 条，现在选了 {1} 条，号码还遮着。请分几次，或请有权限的人导出。").format(MOST, asked))


def reason_in_words(reason: str, words: str = "") -> str:
    """'核对证件', '其他：…'. Raises NoReason."""
    known = REASONS | TO_PRINT
    if reason not in known or reason == OTHER and len(words.strip()) < SHORTEST:
        raise NoReason
    return _("{0}：{1}").format(_(known[reason]), words.strip()) if reason == OTHER else _(known[reason])


@gated(REVEAL)
def reveal(ledger: Ledger, entity: str, record: UUID, fields: Collection[str] = (), *, reason: str, words: str = "") -> Values:
    """Private values of one record in full: those of `fields`, or all that are masked. The look is written down before anything is shown.

    Raises NoReason, Gone.
    """
    return _reveal(ledger, entity, [record], fields, reason_in_words(reason, words))[record]


@gated(REVEAL, fresh=True)
def reveal_many(ledger: Ledger, entity: str, records: Sequence[UUID], fields: Collection[str] = (), *, reason: str,
                words: str = "") -> dict[UUID, Values]:
    """The same of a list, each look written down by itself. Raises NoReason, TooMany, Gone."""
    why = reason_in_words(reason, words)
    if len(records) > MOST:
        raise TooMany(len(records))
    return _reveal(ledger, entity, records, fields, why)


def _reveal(ledger: Ledger, entity: str, records: Sequence[UUID], fields: Collection[str], why: str) -> dict[UUID, Values]:
    found = ledger.ask(_private, entity, records, fields)
    if any(record not in found for record in records):
        raise Gone
    for record, values in found.items():  # what cannot be written down is not shown
        ledger.looked(REVEALED, record, entity, ",".join(values), why)
    return found


@needs(REVEAL)
def _private(read: Reader, entity: str, records: Sequence[UUID], fields: Collection[str]) -> dict[UUID, Values]:
    kind = BY_NAME[entity]
    wanted = {n: f for n, f in fields_of(kind).items() if f.private and (not fields or n in fields)}
    return {r.id: {n: value for n, f in wanted.items() if hides(f, value := getattr(r, n))}
            for r in read.records(sa.select(kind).where(kind.id.in_(records))) if not r.deleted}
