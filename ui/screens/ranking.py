"""排名: the villages of a town by their cards of one period; Enter opens the card; the sheet to post."""

from __future__ import annotations

from typing import Any

from gridapp.errors import Sorted
from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import figures, scores
from ui.desk import Desk
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.screens.periods import PeriodBar

POSTED, CARDS = "F31", "F20"
GRADES = {"优秀": "green", "良好": "blue", "合格": "yellow", "不合格": "red"}
#: items that cost most, beside the list
SHOWN, LONGEST = 4, 16
SORTS = {"all": Sort(N_("全部村"), lambda _card: True), "failed": Sort(N_("不合格"), lambda card: card.grade == "不合格"),
         "veto": Sort(N_("一票否决"), lambda card: bool(card.vetoes))}


def columns() -> list[Column]:
    return [Column(_("名次"), lambda c: str(c.rank), 70), Column(_("村"), lambda c: c.name, strong=True), Column(_("得分"), lambda c: scores.points(c.total), 90),
            Column(_("等次"), lambda c: c.grade, 96, pill=lambda c: GRADES.get(c.grade, "grey")), Column(_("扣分最多"), worst, 260, rank=1),
            Column(_("待评分"), lambda c: f"{c.unmarked}" if c.unmarked else "", 84, pill=lambda _c: "yellow", rank=2)]


def worst(card: Any) -> str:
    """The item that cost most."""
    line = max(card.lines, key=lambda one: one.lost, default=None)
    if card.vetoes:
        return _("一票否决：{0}").format(card.vetoes[0].text)
    return f"{line.text}（−{scores.points(line.lost)}）" if line is not None and line.lost else ""


class RankingScreen(Gathered):
    """A list of cards."""

    footer = N_("{0} {1:,} 个")

    def __init__(self, desk: Desk) -> None:
        self._why_not, self._begun = "", False
        self.period = PeriodBar(tuple(scores.PERIODS), figures.of(figures.QUARTER, desk.today))
        super().__init__(desk, columns(), SORTS, [Action(_("看这张评分表"), "eye", "F6", self.open_row, primary=True, calls=scores.card)],
                         [Way("printer", _("晾晒公示（F7）"), lambda: self.on_paper(POSTED), "F7", primary=True, calls=press.make),
                          Way("printer", _("全部评分表（F8）"), lambda: self.on_paper(CARDS), "F8", calls=press.make)], self.period)
        self.period.changed.connect(self.refresh)

    def refresh(self) -> None:
        asked = self.period.asked if self._begun else None
        self.desk.call(lambda ledger: ranked(ledger, asked), self._came, lane=f"gather {id(self)}")

    def _came(self, told: Any) -> None:
        rows, window = told
        self._begun = True
        self.period.show_period(window)
        self._why_not = rows.text if isinstance(rows, Sorted) else ""
        super()._came(() if self._why_not else rows)

    def nothing(self, title: str) -> str:
        return self._why_not or (super().nothing(title) if self.rows else _("这里还没有村的台账，接收各村的交接包后就有。"))

    def facts(self, row: Any) -> Facts:
        return facts(row)

    def open_row(self, row: Any) -> None:
        self.go.emit("scores", "show_village", (row.village, row.window))

    def on_paper(self, number: str) -> None:
        """A paper of the period that is shown."""
        window = self.period.asked

        def make(ledger: Any, progress: Any) -> bytes:
            from gridapp import printing

            made: tuple[Any, bytes] = ledger.ask(printing.make, number, since=window.first, until=window.last, progress=progress)
            return made[1]

        self.show_made(number, _("{0} {1}").format(press.paper(number).title, window.title), make)


def ranked(ledger: Any, asked: Any) -> tuple[Any, Any]:
    """The cards in their order, or why there are none, and of which period."""
    window = asked or ledger.ask(scores.usual_period)
    try:
        return ledger.ask(scores.ranking, window), window
    except (scores.NoSheet, scores.BadPeriod) as told:
        return told, window


def facts(card: Any) -> Facts:
    """A village beside the list: what cost it points."""
    lost: list[Row] = [(f"−{scores.points(line.lost)}", line.text if len(line.text) <= LONGEST else line.text[:LONGEST - 1] + "…")
                       for line in sorted(card.lines, key=lambda one: -one.lost) if line.lost]
    rows: list[Row] = [(_("总分"), _("{0}（满分 {1}）").format(scores.points(card.total), scores.points(card.full))),
                       (_("名次"), f"{card.rank} / {card.many}"), (_("考核表"), card.sheet_name), (_("一票否决"), "；".join(line.text for line in card.vetoes))]
    return Facts(card.name, card.window.title, [(card.grade, GRADES.get(card.grade, "grey"))] if card.grade else [], [r for r in rows if r[1]], _("扣在哪里"), lost[:SHOWN],
                 icon="landmark")


def build(desk: Desk, _settings: Settings) -> RankingScreen:
    return RankingScreen(desk)
