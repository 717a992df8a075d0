"""What the screens, figures, score-cards and papers of a peaceful village ask, in a town's ledger of several sizes: times, and how they grow."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gridapp.ledger import Ledger, Reader
from gridapp.printing.papers import f11, f12, f20, f21, f23, f23a
from gridapp.printing.papers.office import Wish
from gridapp.records import (Alarm, Campaign, Dispute, Duty, Event, Hazard, House, Inspection, Listing, Meeting, Outreach, Patrol, Person, Petition, Record,
                             Route, Sensor, Site, Target, Task)
from gridapp.work import (alarmlists, chains, deadlines, disputes, duties, eventlists, figures, hazardlists, houses, inspected, listings, meetings, outreach, patrols,
                          people, petitions, progress, routes, scores, similar, sites, tasks, visits, waiting)
from tests import ledgers
from tests.bench import town
from tests.bench.figures import Figure, ms, p95, spent

Question = Callable[[Reader], object]
SCREEN_MS, FIGURE_MS, CARDS_MS = 100, 300, 2_000
#: (seconds the first time takes, so often it is asked after that); only the last keeps the first time
OFTEN: Sequence[tuple[float, int]] = ((0.2, 9), (0.6, 4), (2.0, 2), (1e9, 1))
#: the bare reading is measured after every so many questions
BARE_AFTER = 10
#: a time that grows so much more than the town is said to grow faster; a tenth is noise
FASTER = 1.1


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
    """The times of one group of questions, by the words for each; `aim` in milliseconds for each of them, none where the issue sets none."""

    aim: int | None
    times: dict[str, list[float]] = field(default_factory=dict)

    @property
    def all(self) -> list[float]:
        return [one for times in self.times.values() for one in times]

    @property
    def slowest(self) -> str:
        return max(self.times, key=lambda words: p95(self.times[words]))

    @property
    def missed(self) -> bool:
        """Whether any of the questions takes longer than it may."""
        return self.aim is not None and p95(self.times[self.slowest]) * 1000 > self.aim


def _questions(read: Reader) -> Iterator[tuple[str, int | None, str, Question]]:
    """(group, aim, words, question) of everything that is asked."""
    for name, screen in SCREENS.items():
        counted = screen.count(read)
        yield f"{name}: counts", SCREEN_MS, "counts", screen.count
        for which in screen.filters:
            yield f"{name}: a page by each filter", SCREEN_MS, which, _with(screen.rows, which)
            if counted.get(which, 0) > 400:
                yield f"{name}: the last page of each filter", None, which, _with(screen.rows, which, counted[which] - 200)
        for n, one in enumerate(read.rows(sa.select(screen.entity.id).where(screen.entity.scope > 0).order_by(screen.entity.id.desc()).limit(5))):
            yield f"{name}: one record", SCREEN_MS, f"{n}", _with(screen.card, one.id)
    running = read.scalar(sa.select(Target.campaign).order_by(Target.seq.desc()).limit(1))
    yield "targets of a campaign: counts", SCREEN_MS, "counts", _with(progress.count_targets, campaign=running)
    for which in progress.FILTERS:
        yield "targets of a campaign: a page by each filter", SCREEN_MS, which, _with(progress.targets, which, campaign=running)
    for which in visits.FILTERS:
        yield "coverage of a month", FIGURE_MS, which, _with(visits.coverage, date(2026, 10, 25), town.TODAY, which)
    yield from _typing(read)
    yield "today: what waits", SCREEN_MS, "waiting", waiting.waiting
    for line in waiting.LINES:
        yield "today: each line of what waits", SCREEN_MS, line[0], line[-1]
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


def _typing(read: Reader) -> Iterator[tuple[str, int | None, str, Question]]:
    """What is looked for while a record is typed: what looks alike."""
    house = read.scalar(sa.select(Hazard.house).where(Hazard.house.is_not(None)).order_by(Hazard.seq.desc()).limit(1))
    like = partial(_with, similar.similar_hazards, "楼道堆放杂物")
    for words, told in (("at a house", like(house=house)), ("at a place in words", like(place="村口")), ("at a place of many", like(place="祠堂路"))):
        yield "while typing: hazards alike", SCREEN_MS, words, told
    yield "while typing: disputes alike", SCREEN_MS, "title, party and house", _with(
        chains.similar, "邻里排水纠纷", [{"name": "李红", "phone": "13800001111"}], house=house)


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
    for place, (group, aim, words, question) in enumerate(questions):
        first = spent(partial(_asked, ledger, question))
        often = next(many for limit, many in OFTEN if first < limit)
        times = [spent(partial(_asked, ledger, question)) for _time in range(often)]
        found.setdefault(group, Asked(aim)).times[words] = times if often > 1 else [first, *times]
        if place % BARE_AFTER == 0:
            bare.append(spent(partial(_asked, ledger, _bare)))
    return found, bare


def asked(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Every group at every size (`--sizes`), the slowest of it named, and how much slower it is at the greatest size than at the least."""
    names = told.only.split(",") if told.only else []
    measured, bare, made = dict[float, dict[str, Asked]](), dict[float, float](), list[str]()
    for size, path, seconds in _towns(folder, told.sizes):
        with Ledger.open(path, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
            measured[size], read = _measured(ledger, names)
        bare[size] = statistics.median(read)
        made.append(f"{size:g}×: {town.PEOPLE * size:,.0f} people, {path.stat().st_size / 1e6:,.0f} MB, made in {seconds:.0f} s")
    groups = {group: {size: measured[size][group] for size in measured if group in measured[size]} for group in measured[max(measured)]}
    head = [Figure("the ledger; 1× is the town of the issue: 35 villages with all they do in a year", "; ".join(made)),
            Figure("the bare reading: all people read and decrypted from end to end", "; ".join(f"{size:g}×: {ms(one)}" for size, one in bare.items())),
            Figure("what misses its aim at 1×", "; ".join(group for group, by in groups.items() if by.get(1.0, by[max(by)]).missed) or "nothing"),
            Figure("what grows faster than the town", "; ".join(group for group, by in groups.items() if _faster(by)) or "nothing")]
    return head + [_figure(group, by_size, bare) for group, by_size in groups.items()]


def _towns(folder: Path, sizes: Sequence[float]) -> Iterator[tuple[float, Path, float]]:
    """(size, ledger, seconds it took); a town of several times the size is made of the one before."""
    path, had = folder, 0
    for size in sorted(sizes):
        begun = time.perf_counter()
        if not had:
            path = folder / f"town{size:g}.grid"
        made = get_context("spawn").Process(target=town.make, args=(path, size, had))  # what making it leaves behind is not collected while measuring
        made.start()
        made.join()
        had = round(size) if size >= 1 else 0
        yield size, path, time.perf_counter() - begun


def _figure(group: str, by_size: Mapping[float, Asked], bare: Mapping[float, float]) -> Figure:
    """'1×: p50 …, p95 …, slowest … p95 …; …' beside the bare reading and the growth."""
    at = min(by_size, key=lambda size: abs(size - 1))
    one = by_size[at]
    value = "; ".join(f"{size:g}×: p50 {ms(statistics.median(some.all))}, p95 {ms(p95(some.all))}{_worst(some)}" for size, some in by_size.items())
    ratio = f"{statistics.median(one.all) / bare[at]:.2f} × the bare reading at {at:g}×"
    aim = f"each p95 ≤ {one.aim} ms at 1×: {'missed' if one.missed else 'met'}" if one.aim else ""
    return Figure(group, value, "; ".join(part for part in (ratio, _growth(by_size)) if part), aim)


def _worst(some: Asked) -> str:
    return f" (slowest: {some.slowest} p95 {ms(p95(some.times[some.slowest]))})" if len(some.times) > 1 else ""


def _grown(by_size: Mapping[float, Asked]) -> float:
    """How many times as long it takes at the greatest size as at the least: medians."""
    least, most = min(by_size), max(by_size)
    return statistics.median(by_size[most].all) / statistics.median(by_size[least].all)


def _faster(by_size: Mapping[float, Asked]) -> bool:
    return len(by_size) > 1 and _grown(by_size) > FASTER * max(by_size) / min(by_size)


def _growth(by_size: Mapping[float, Asked]) -> str:
    """'4.1 × the time for 10 × the town'."""
    return f"{_grown(by_size):.1f} × the time for {max(by_size) / min(by_size):g} × the town" if len(by_size) > 1 else ""
