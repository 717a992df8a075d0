"""F20 村（社区）平安建设考核评分表: the card of one village and period, to be signed; one after the other for all villages of a town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import codes
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish
from gridapp.work import figures, scores, village


@dataclass(frozen=True)
class Item:
    """One line of the sheet."""

    no: int | str = ""
    heading: str = ""
    text: str = ""
    points: str = ""
    change: str = ""
    why: str = ""
    score: str = ""


@dataclass(frozen=True)
class Sheet:
    """The card of one village."""

    village: str = ""
    period: str = ""
    issuer: str = ""
    items: Sequence[Item] = ()
    total: str = ""
    rank: str = "　 /　 "
    grade: str = ""
    veto: str = ""
    day: date | None = None

    @property
    def label(self) -> str:
        return f"{self.village} {self.period}"


def blank() -> list[Sheet]:
    """One form to fill in by hand."""
    return [Sheet()]


def compose(sheets: Sequence[Sheet]) -> Filled:
    """A part for each village."""
    return Filled(list(sheets))


def asked_for(read: Reader, wish: Wish) -> figures.Window:
    """The period that is wished for; the running one of the sheet in use. Raises BadWindow."""
    return figures.spanning(wish.since, wish.until) if wish.since and wish.until else scores.usual_period(read)


def gather(read: Reader, wish: Wish) -> list[Sheet]:
    """The village that is wished for, else all; an empty form before there is any sheet. Raises BadWindow, BadPeriod, NoSheet."""
    if not scores.sheets(read):
        return blank()
    window, several = asked_for(read, wish), village.is_town(read)
    found = [card for card in scores.ranking(read, window) if wish.village in (None, card.village)]
    return [_sheet(read, card, ranked=several) for card in found] or blank()


def _sheet(read: Reader, card: scores.Card, ranked: bool) -> Sheet:
    items = [Item(line.no, line.heading, line.text, scores.points(line.points), _change(line), line.why,
                  "" if line.score is None else scores.points(line.score)) for line in card.lines]
    veto = "一票否决：" + "；".join(line.text for line in card.vetoes) if card.vetoes else ""
    return Sheet(card.name, card.window.title, town_of(card.village), items, scores.points(card.total),
                 f"{card.rank} / {card.many}" if ranked else "　 /　 ", card.grade, veto, read.today)


def _change(line: scores.Line) -> str:
    return "".join(f"{sign}{scores.points(amount)}" for sign, amount in (("−", line.lost), ("+", line.gained)) if amount)


def town_of(scope: str) -> str:
    """Who scores: 永康市古山镇."""
    name, county = codes.town(scope[2:11]) or ("", "")
    return county + name
