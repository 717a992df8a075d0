"""What the screens, figures, score-cards and papers of a peaceful village ask, in a town's ledger of several sizes: times, and how they grow."""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gridapp.ledger import Ledger, Reader
from gridapp.printing.papers import f11, f12, f20, f21, f23, f23a
from gridapp.printing.papers.office import Wish
from gridapp.records import (Alarm, Campaign, Dispute, Duty, Event, Hazard, House, Inspection, Listing, Meeting, Outreach, Patrol, Person, Petition, Record,
                             Route, Sensor, Site, Target, Task)
from gridapp.work import (alarmlists, deadlines, disputes, duties, eventlists, figures, hazardlists, houses, inspected, listings, meetings, outreach, patrols,
                          people, petitions, progress, routes, scores, sites, tasks, visits, waiting)
from tests import ledgers
from tests.bench import town
from tests.bench.figures import Figure, ms, p95, spent

Question = Callable[[Reader], object]
SCREEN_MS, FIGURE_MS, CARDS_MS = 100, 300, 2_000
#: so often each is asked after once for nothing
EACH = 7


@dataclass(frozen=True)
class Screen:
    """The questions of one list: how many, a page by each filter, one record."""

    count: Callable[..., Any]
    rows: Callable[..., Any]
    filters: Mapping[str, str]
    card: Callable[..., Any]
    entity: type[Record]


SCREENS: Mapping[str, Screen] = {
    "people": Screen(people.count_people, people.list_people, people.FILTERS, people.person_card, Person),
    "houses": Screen(houses.count_houses, houses.list_houses, houses.FILTERS, houses.house_card, House),
    "sites": Screen(sites.count_sites, sites.list_sites, sites.FILTERS, sites.site_card, Site),
    "inspections": Screen(inspected.count_inspections, inspected.list_inspections, inspected.FILTERS, inspected.inspection_card, Inspection),
    "due visits": Screen(visits.count_due, visits.due_visits, visits.FILTERS, visits.visit_card, House),
    "patrols": Screen(patrols.count_patrols, patrols.list_patrols, patrols.FILTERS, patrols.patrol_card, Patrol),
    "hazards": Screen(hazardlists.count_hazards, hazardlists.list_hazards, hazardlists.FILTERS, hazardlists.hazard_card, Hazard),
    "routes": Screen(routes.count_routes, routes.list_routes, routes.FILTERS, routes.route_card, Route),
    "duties": Screen(duties.count_duties, duties.list_duties, duties.FILTERS, duties.duty_card, Duty),
    "alarms": Screen(alarmlists.count_alarms, alarmlists.list_alarms, alarmlists.FILTERS, alarmlists.alarm_card, Alarm),
    "sensors": Screen(alarmlists.count_sensors, alarmlists.list_sensors, alarmlists.DEVICES, alarmlists.sensor_card, Sensor),
    "events": Screen(eventlists.count_events, eventlists.list_events, eventlists.FILTERS, eventlists.event_card, Event),
    "disputes": Screen(disputes.count_disputes, disputes.list_disputes, disputes.FILTERS, disputes.dispute_card, Dispute),
    "petitions": Screen(petitions.count_petitions, petitions.list_petitions, petitions.FILTERS, petitions.petition_card, Petition),
    "campaigns": Screen(progress.count_campaigns, progress.list_campaigns, progress.CAMPAIGNS, progress.campaign_card, Campaign),
    "outreach": Screen(outreach.count_outreach, outreach.list_outreach, outreach.FILTERS, outreach.outreach_card, Outreach),
    "meetings": Screen(meetings.count_meetings, meetings.list_meetings, meetings.FILTERS, meetings.meeting_card, Meeting),
    "listings": Screen(listings.count_listings, listings.list_listings, listings.FILTERS, listings.listing_card, Listing),
    "tasks": Screen(tasks.count_tasks, tasks.list_tasks, tasks.FILTERS, tasks.task_card, Task),
}
YEAR, QUARTER = figures.named("2026"), figures.named("2026Q4")
WISH = Wish(since=date(2026, 1, 1), until=town.TODAY)
#: what gathers a paper of a whole town; the drawing of its pages is measured elsewhere
PAPERS: Mapping[str, Question] = {
    "F11 of a year": lambda read: f11.gather(read, WISH), "F12 of a year": lambda read: f12.gather(read, WISH),
    "F20 of all villages": lambda read: f20.gather(read, Wish()), "F21 of all campaigns": lambda read: f21.gather(read, Wish()),
    "F23": lambda read: f23.gather(read, Wish()), "F23a": lambda read: f23a.gather(read, Wish())}


@dataclass
class Asked:
    """The times of one group of questions, by the words for each; `aim` in milliseconds, none where the issue sets none."""

    aim: int | None
    times: dict[str, list[float]] = field(default_factory=dict)

    @property
    def all(self) -> list[float]:
        return [one for times in self.times.values() for one in times]

    @property
    def slowest(self) -> str:
        return max(self.times, key=lambda words: statistics.median(self.times[words]))


def _questions(read: Reader) -> Iterator[tuple[str, int | None, str, Question]]:
    """(group, aim, words, question) of everything that is asked."""
    for name, screen in SCREENS.items():
        yield f"{name}: counts", SCREEN_MS, "counts", screen.count
        for which in screen.filters:
            yield f"{name}: a page by each filter", SCREEN_MS, which, _with(screen.rows, which)
            total = screen.count(read).get(which, 0)
            if total > 400:
                yield f"{name}: the last page of each filter", None, which, _with(screen.rows, which, total - 200)
        for n, one in enumerate(read.rows(sa.select(screen.entity.id).where(screen.entity.scope > 0).order_by(screen.entity.id.desc()).limit(5))):
            yield f"{name}: one record", SCREEN_MS, f"{n}", _with(screen.card, one.id)
    running = read.scalar(sa.select(Target.campaign).order_by(Target.seq.desc()).limit(1))
    yield "targets of a campaign: counts", SCREEN_MS, "counts", _with(progress.count_targets, campaign=running)
    for which in progress.FILTERS:
        yield "targets of a campaign: a page by each filter", SCREEN_MS, which, _with(progress.targets, which, campaign=running)
    for which in visits.FILTERS:
        yield "coverage of a month", FIGURE_MS, which, _with(visits.coverage, date(2026, 10, 25), town.TODAY, which)
    yield "today: what waits", SCREEN_MS, "waiting", waiting.waiting
    for title, _screen, _which, _late, counted in waiting.LINES:
        yield "today: each line of what waits", SCREEN_MS, title, counted
    yield "today: what is due by law", SCREEN_MS, "due", deadlines.due
    yield "today: its figures", SCREEN_MS, "figures", deadlines.figures
    for key in figures.FIGURES:
        yield "a figure of a year", FIGURE_MS, key, _with(figures.count, key, YEAR)
        yield "a figure of a year by village", FIGURE_MS, key, _with(figures.by_village, key, YEAR)
        yield "the first page behind a figure of a year", SCREEN_MS, key, _with(figures.behind, key, YEAR)
        yield "how many stand behind a figure of a year", SCREEN_MS, key, _with(figures.count_behind, key, YEAR)
    yield "all figures of a year beside the year before", None, "table", _with(figures.table, YEAR)
    yield "score-cards and ranking of all villages", CARDS_MS, "ranking", _with(scores.ranking, QUARTER)
    for words, question in PAPERS.items():
        yield f"gathering {words}", CARDS_MS if words.startswith("F20") else FIGURE_MS, "paper", question


def _asked(ledger: Ledger, question: Question) -> object:
    """As a screen asks: on a fresh view."""
    with ledger.read() as read:
        return question(read)


def _with(question: Callable[..., object], *told: Any, **named: Any) -> Question:
    """The question with what it is asked for."""
    return lambda read: question(read, *told, **named)


def _bare(read: Reader) -> object:
    """What the machine can do: read and decrypt one table of people from end to end."""
    return read.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.hukou_addr.is_(None)))


def _measured(ledger: Ledger, names: Sequence[str]) -> tuple[dict[str, Asked], list[float]]:
    """Groups of questions with their times, and between them how long the bare reading takes."""
    found: dict[str, Asked] = {}
    bare: list[float] = []
    with ledger.read() as read:
        questions = [q for q in _questions(read) if not names or any(name in q[0] for name in names)]
    for group, aim, words, question in questions:
        _asked(ledger, question)
        found.setdefault(group, Asked(aim)).times[words] = [spent(partial(_asked, ledger, question)) for _time in range(EACH)]
        bare.append(spent(partial(_asked, ledger, _bare)))
    return found, bare


def asked(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Every group at every size (`--sizes`), the slowest of it named, and how much slower it is at the greatest size than at the least."""
    names = told.only.split(",") if told.only else []
    sizes, measured, bare, made = told.sizes, dict[float, dict[str, Asked]](), dict[float, str](), list[str]()
    for size in sizes:
        path = folder / f"town{size:g}.grid"
        begun = spent(lambda: town.filled(path, size).close())
        with Ledger.open(path, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
            measured[size], seconds = _measured(ledger, names)
        bare[size] = f"{size:g}×: {ms(statistics.median(seconds))}"
        made.append(f"{size:g}×: {path.stat().st_size / 1e6:,.0f} MB, made in {begun:.0f} s")
    head = [Figure("the ledger", "; ".join(made)), Figure("people read and decrypted from end to end", "; ".join(bare.values()))]
    return head + [_figure(group, {size: measured[size][group] for size in sizes if group in measured[size]}) for group in measured[sizes[-1]]]


def _figure(group: str, by_size: Mapping[float, Asked]) -> Figure:
    value = "; ".join(f"{size:g}×: p50 {ms(statistics.median(one.all))}, p95 {ms(p95(one.all))}" for size, one in by_size.items())
    last = by_size[max(by_size)]
    worst = f" (slowest: {last.slowest} {ms(statistics.median(last.times[last.slowest]))})" if len(last.times) > 1 else ""
    return Figure(group, value + worst, _growth(by_size), f"p95 ≤ {last.aim} ms at 1×" if last.aim else "")


def _growth(by_size: Mapping[float, Asked]) -> str:
    """'4.1 × for 10 × as much': medians."""
    least, most = min(by_size), max(by_size)
    if least == most:
        return ""
    return f"{statistics.median(by_size[most].all) / statistics.median(by_size[least].all):.1f} × the time for {most / least:g} × the town"
