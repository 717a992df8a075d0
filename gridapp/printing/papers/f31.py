"""F31 平安考核排名公示 (晾晒): the villages of a town in their order, to be posted; names of villages only, no person stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.charts import Chart
from gridapp.printing.listed import Group, Register
from gridapp.printing.papers.f20 import asked_for, town_of
from gridapp.printing.papers.office import Wish
from gridapp.work import scores


@dataclass(frozen=True)
class Row:
    """One village."""

    rank: int | str = ""
    village: str = ""
    total: str = ""
    grade: str = ""
    lost: str = ""

    @property
    def label(self) -> str:
        return self.village


@dataclass(frozen=True)
class Board:
    """The villages of one period."""

    issuer: str = ""
    period: str = ""
    day: date | None = None
    rows: Sequence[Row] = ()
    charts: Sequence[Chart] = ()
    label: str = ""


def compose(board: Board) -> Register:
    """One group; the chart on a page behind it."""
    return Register(board, [Group(board, board.rows)], len(board.rows), charts=board.charts)


def gather(read: Reader, wish: Wish) -> Board:
    """The period that is wished for, else the running one; an empty form before there is any sheet. Raises BadWindow, BadPeriod, NoSheet."""
    if not scores.sheets(read):
        return Board()
    window = asked_for(read, wish)
    cards = scores.ranking(read, window)
    rows = [Row(card.rank, card.name, scores.points(card.total), card.grade, _most(card)) for card in cards]
    chart = Chart(f"{window.title}平安考核得分", tuple(card.name for card in cards), ((f"得分（满分 {scores.points(cards[0].full)}）", tuple(
        card.total / 100 for card in cards)),), "分", "across") if cards else None
    return Board(town_of(cards[0].village) if cards else "", window.title, read.today, rows, (chart,) if chart is not None else ())


def _most(card: scores.Card) -> str:
    """What cost most, in the words of the sheet; what vetoed it where something did."""
    if card.vetoes:
        return "一票否决"
    lost: dict[str, int] = {}
    for line in card.lines:
        lost[line.heading] = lost.get(line.heading, 0) + line.lost
    worst = sorted((heading for heading in lost if lost[heading]), key=lambda heading: -lost[heading])[:3]
    return "、".join(f"{heading} −{scores.points(lost[heading])}" for heading in worst)
