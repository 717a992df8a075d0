"""F30 平安数字统计表 (月报、季报): every figure of a period beside the one before, with what it counts, and charts behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gridapp.ledger import PLAIN, Reader, needs
from gridapp.printing.charts import Chart
from gridapp.printing.listed import Group, Register
from gridapp.printing.papers.f20 import asked_for
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import figures, village
from gridapp.work.figures import FIGURES, Value, Window

#: what is drawn: over the last periods together, and place by place
TRENDS = (("隐患发现和销号", ("hazards_found", "hazards_closed")), ("巡查和夜巡", ("patrols", "night_patrols")), ("事件和纠纷", ("events", "disputes")))
PLACES = ("closed_rate", "coverage", "registration_rate")
PERIODS_SHOWN, PLACES_SHOWN = 6, 40


@dataclass(frozen=True)
class Row:
    """One figure."""

    group: str = ""
    title: str = ""
    unit: str = ""
    now: str = ""
    before: str = ""
    change: str = ""
    words: str = ""

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True)
class Report:
    """The report of a village or of the town."""

    issuer: str = ""
    period: str = ""
    officer: str = ""
    rows: Sequence[Row] = ()
    charts: Sequence[Chart] = ()
    label: str = ""


def compose(report: Report) -> Register:
    """One group; the charts on pages behind it."""
    return Register(report, [Group(report, report.rows)], len(report.rows), charts=report.charts)


def gather(read: Reader, wish: Wish) -> Report:
    """The period that is wished for, else the running one. Raises BadWindow."""
    window = asked_for(read, wish)
    rows = [_row(line) for line in figures.table(read, window)]
    return Report(committee(read), window.title, village.desk(read).officer, rows, tuple(chart for chart in charts(read, window) if not chart.empty))


def _row(line: figures.Line) -> Row:
    figure = FIGURES[line.key]
    before = line.before.shown if line.before is not None else ""
    return Row(figure.group, figure.title, figure.unit, line.now.shown, before, change(line), figure.words)


def change(line: figures.Line) -> str:
    """'+3', '−1.5': against the period before; nothing where there is nothing to hold it against."""
    now, before = line.now.exact, line.before.exact if line.before is not None else None
    if now is None or before is None or now == before:
        return ""
    tenths = round(abs(now - before) * 10)
    whole, tenth = divmod(tenths, 10)
    return ("+" if now > before else "−") + (f"{whole:,}.{tenth}" if tenth else f"{whole:,}")


def charts(read: Reader, window: Window) -> Iterator[Chart]:
    """How some figures went over the last periods, and how they stand place by place."""
    for title, keys in TRENDS:
        told = {key: figures.trend(read, key, window, PERIODS_SHOWN) for key in keys}
        labels = tuple(one.key for one, _value in told[keys[0]])
        yield Chart(title, labels, tuple((FIGURES[key].title, tuple(_height(v) for _one, v in told[key])) for key in keys), FIGURES[keys[0]].unit, "lines")
    for key in PLACES:
        yield by_place(read, key, window)


@needs(PLAIN)
def over_time(read: Reader, key: str, window: Window) -> Chart:
    """A figure over the last periods."""
    figure, told = FIGURES[key], figures.trend(read, key, window, PERIODS_SHOWN)
    return Chart(f"{figure.title}的变化", tuple(one.key for one, _value in told), ((figure.title, tuple(_height(v) for _one, v in told)),), figure.unit, "lines")


@needs(PLAIN)
def by_place(read: Reader, key: str, window: Window) -> Chart:
    """A figure village by village in a town, grid by grid in a village."""
    figure, names = FIGURES[key], figures.places(read)
    values = figures.by_place(read, key, window)
    nothing = Value(0, 0 if figure.rate else None, figure.per)
    names |= {None: "没有分网格"} if None in values and not figures.many_villages(read) else {}
    told = [(name, _height(values.get(place, nothing))) for place, name in list(names.items())[:PLACES_SHOWN]]
    return Chart(f"{'各村' if figures.many_villages(read) else '各网格'}{figure.title}（{window.title}）", tuple(name for name, _v in told),
                 ((figure.title, tuple(v for _name, v in told)),), figure.unit, "across" if len(told) > 8 else "bars")


def _height(value: Value) -> float | None:
    exact = value.exact
    return None if exact is None else round(float(exact), 1)
