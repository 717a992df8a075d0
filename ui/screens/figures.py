"""数字: every figure of a period beside the one before, what it counts, village by village or grid by grid, its chart, and the list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import figures
from gridapp.work.figures import FIGURES, Value
from ui.desk import Desk
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.charted import ChartPage
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.screens.periods import PeriodBar

REPORT = "F30"
REASONS, HOUSES = "F23", "F23A"
#: so many villages or grids are named beside the list
SHOWN = 5
GROUPS = tuple(dict.fromkeys(figure.group for figure in FIGURES.values()))
SORTS = {"all": Sort(N_("全部"), lambda _row: True)} | {group: Sort(group, lambda row, group=group: row.group == group) for group in GROUPS}  # type: ignore[misc]


@dataclass(frozen=True)
class Shown:
    """One figure as the list shows it."""

    id: str
    now: Value
    before: Value | None

    @property
    def group(self) -> str:
        return FIGURES[self.id].group


def change(row: Shown) -> Row:
    """Words and colour of what became of it since the period before."""
    from gridapp.printing.papers.f30 import change

    words, good = change(figures.Line(row.id, row.now, row.before)), FIGURES[row.id].good
    if not words or not good:
        return words, "grey"
    return words, "green" if words.startswith("+") is (good == "up") else "red"


def columns() -> list[Column]:
    return [Column(_("项目"), lambda r: FIGURES[r.id].title, 190, strong=True), Column(_("本期"), lambda r: amount(r.id, r.now), 110),
            Column(_("上期"), lambda r: amount(r.id, r.before), 110, rank=1), Column(_("增减"), lambda r: change(r)[0], 92, pill=lambda r: change(r)[1], rank=1),
            Column(_("怎样算"), lambda r: FIGURES[r.id].words, rank=2)]


def amount(key: str, value: Value | None) -> str:
    """'96.5 %'."""
    return "" if value is None else f"{value.shown} {FIGURES[key].unit}" if value.exact is not None else value.shown


class FiguresScreen(Gathered):
    """A list of figures; the period stands above it."""

    footer = N_("{0} {1:,} 项")

    def __init__(self, desk: Desk) -> None:
        self.period = PeriodBar((figures.DAY, figures.MONTH, figures.QUARTER, figures.HALF, figures.YEAR), figures.of(figures.MONTH, desk.today))
        super().__init__(desk, columns(), SORTS, [
            Action(_("看背后的记录"), "eye", "F6", self.open_row, primary=True, calls=figures.behind),
            Action(_("看缺的"), "search", "F3", self.show_lacking, lambda row: _shared(row), calls=figures.behind),
            Action(_("看图"), "landmark", "F4", self.show_chart, calls=figures.by_place)],
            [Way("printer", _("月报、季报（F7）"), self.report, "F7", primary=True, calls=press.make),
             Way("file-text", _("事由统计表（F8）"), lambda: self.on_paper(REASONS), "F8", calls=press.make),
             Way("file-text", _("出租房统计表（F9）"), lambda: self.on_paper(HOUSES), "F9", calls=press.make)], self.period)
        self.period.changed.connect(self.refresh)
        self._chart = ChartPage(desk)
        self.addWidget(self._chart)
        self._chart.left.connect(self.back)
        #: of the chosen figure, place by place
        self._places: Sequence[Row] = ()

    def refresh(self) -> None:
        asked = self.period.asked
        self.desk.ask(figures.table, asked, then=lambda lines: self._came([Shown(one.key, one.now, one.before) for one in lines]), lane=f"gather {id(self)}")

    def facts(self, row: Shown) -> Facts:
        return facts(row, self._places)

    def _selected(self, row: Any) -> None:
        """Its places are asked for when it is chosen."""
        super()._selected(row)
        if row is None or self.card is not row:
            return
        self._places = ()
        self._show_card()
        asked = self.period.asked
        self.desk.call(lambda ledger: (ledger.ask(figures.places), ledger.ask(figures.by_place, row.id, asked)),
                       lambda told: self._placed(row, *told), lane=f"places {id(self)}")

    def _placed(self, row: Shown, names: Mapping[Any, str], values: Mapping[Any, Value]) -> None:
        if self.card is None or self.card.id != row.id:
            return
        names = {**names, **({None: _("没有分网格")} if None in values else {})}
        told = [(name, amount(row.id, values[place])) for place, name in names.items() if place in values]
        self._places = told if len(told) <= SHOWN else [*told[:SHOWN - 1], ("…", _("共 {0} 个，见图（F4）").format(len(told)))]
        self._show_card()

    # -- behind the number, its chart, papers

    def open_row(self, row: Shown) -> None:
        self.go.emit("behind", "show_figure", (row.id, self.period.asked, figures.COUNTED))

    def show_lacking(self, row: Shown) -> None:
        """Of a rate those that keep it from a hundred."""
        self.go.emit("behind", "show_figure", (row.id, self.period.asked, figures.LACKING))

    def show_chart(self, row: Shown) -> None:
        self.show_page(self._chart)
        self._chart.show_figure(row.id, self.period.asked)

    def report(self) -> None:
        self.on_paper(REPORT)

    def on_paper(self, number: str) -> None:
        """A paper of the period that is shown."""
        window = self.period.asked

        def make(ledger: Any, progress: Any) -> bytes:
            from gridapp import printing

            made: tuple[Any, bytes] = ledger.ask(printing.make, number, since=window.first, until=window.last, progress=progress)
            return made[1]

        self.show_made(number, _("{0} {1}").format(press.paper(number).title, window.title), make)


def _shared(row: Shown) -> bool:
    """Whether something can be lacking: a share of what is counted."""
    from gridapp.work.figures.measures import Share

    return isinstance(FIGURES[row.id].measure, Share)


def facts(row: Shown, places: Sequence[Row] = ()) -> Facts:
    """A figure beside the list."""
    figure = FIGURES[row.id]
    rows: list[Row] = [(_("怎样算"), figure.words), (_("本期"), amount(row.id, row.now)), (_("上期"), amount(row.id, row.before))]
    if row.now.whole is not None:
        rows.insert(2, (_("分子／分母"), f"{row.now.part:,} / {row.now.whole:,}"))
    return Facts(figure.title, figure.group, [p for p in [change(row)] if p[0]], [r for r in rows if r[1]], _("分村（网格）"), places, icon="landmark")


def build(desk: Desk, _settings: Settings) -> FiguresScreen:
    return FiguresScreen(desk)
