"""A01 审计记录: what was done and looked at, for whoever checks; names masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Reader
from gridapp.texts import _
from gridapp.work import audit, village


@dataclass(frozen=True)
class Row:
    """One line of the audit in words."""

    at: str = ""
    officer: str = ""
    title: str = ""
    about: str = ""
    why: str = ""
    result: str = ""
    where: str = ""

    @property
    def label(self) -> str:
        return f"{self.title} {self.at}".strip()


@dataclass(frozen=True)
class Extract:
    """A part of the audit; `span` says of which days."""

    village: str = ""
    span: str = ""
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: audit.Wish) -> Extract:
    """The newest lines first, at most audit.MOST."""
    span = _("{0} 至 {1}").format(wish.since or _("开始使用"), wish.until or read.today)
    return Extract(village.desk(read).village, span, [row_of(line) for line in audit.lines(read, wish, audit.MOST)])


def row_of(line: audit.Line) -> Row:
    """A line as the paper and the door tell it."""
    return Row(f"{line.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}", line.officer, line.title, line.about, line.why,
               _(audit.RESULTS.get(line.result, line.result)), line.where)
