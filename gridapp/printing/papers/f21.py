"""F21 专项整治任务清单（一月一主题）: one line for each officer's share of a campaign; all campaigns under way when none is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.records import Campaign
from gridapp.work import progress, village


@dataclass(frozen=True)
class Row:
    """One share: what is asked, of whom, until when, and how far it is."""

    title: str = ""
    content: str = ""
    goal: str = ""
    unit: str = ""
    who: str = ""
    start: date | None = None
    end: date | None = None
    per_cent: str = ""
    done: str = ""
    shut: str = ""

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True)
class TaskList:
    """The list of one village."""

    issuer: str = ""
    officer: str = ""
    day: date | None = None
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> TaskList:
    """One campaign, else all that are under way. Raises Gone."""
    rows = [row for campaign, shares in progress.shares(read, wish.record) for row in _rows(campaign, shares)]
    return TaskList(committee(read), village.desk(read).officer, read.today, rows)


def _rows(c: Campaign, shares: Sequence[tuple[str, progress.Progress]]) -> Iterable[Row]:
    title = "\n".join(part for part in (c.title, words("campaign_theme", c.theme)) if part)
    content = "：".join(part for part in (c.choice, c.content) if part)
    for name, far in shares or (("", progress.Progress()),):
        late = f"，超期 {far.late}" if far.late else ""
        yield Row(title, content, c.goal or "", c.unit or "", name, c.start, c.end, f"{far.per_cent}%", f"{far.done}/{far.total - far.excused}{late}",
                  "已销号" if c.ended_on or far.per_cent == 100 else "")
