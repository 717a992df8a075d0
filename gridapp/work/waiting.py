"""What waits today (今日待办): one line for each kind of work, how much of it, and where it is done; each number is its list's own count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from gridapp.ledger import PLAIN, Reader, needs
from gridapp.records import Meeting
from gridapp.texts import N_
from gridapp.work import alarmlists, eventlists, hazardlists, listings, meetings, progress, pushes, routes, visits


@dataclass(frozen=True)
class Waiting:
    """`count` of something waits; `which` is the filter of the list on `screen` that shows it; `late`: its day is past."""

    title: str
    count: int
    screen: str
    which: str
    late: bool = False


def _late_decisions(read: Reader) -> int:
    """Decisions of meetings of the last year that are past their day (there are some four meetings a year)."""
    told = read.records(sa.select(Meeting).where(Meeting.deleted.is_not(True), Meeting.day >= read.today.replace(year=read.today.year - 1, day=1)))
    return sum(meetings.late(meetings.lines_of(m.decisions), read.today) for m in told)


#: title, screen, filter, whether it is late, how it is counted
LINES: tuple[tuple[str, str, str, bool, Callable[[Reader], int]], ...] = (
    (N_("隐患逾期"), "hazards", hazardlists.OVERDUE, True, lambda read: hazardlists.count_hazards_of(read, hazardlists.OVERDUE)),
    (N_("隐患待复查"), "hazards", hazardlists.WAITING, False, lambda read: hazardlists.count_hazards_of(read, hazardlists.WAITING)),
    (N_("告警待核实"), "alarms", alarmlists.OPEN, False, lambda read: alarmlists.count_alarms(read)[alarmlists.OPEN]),
    (N_("事件超期"), "events", eventlists.LATE, True, lambda read: eventlists.count_events_of(read, eventlists.LATE)),
    (N_("推送超期未反馈"), "events", eventlists.UNANSWERED, True, pushes.count_late_pushes),
    (N_("该走访"), "visits", visits.ALL, False, lambda read: visits.count_due(read)[visits.ALL]),
    (N_("路线该走"), "routes", routes.DUE, False, lambda read: routes.count_routes(read)[routes.DUE]),
    (N_("专项对象超期"), "campaigns", progress.RUNNING, True, progress.count_late_targets),
    (N_("约谈挂牌超期"), "listings", listings.LATE, True, lambda read: listings.count_listings(read)[listings.LATE]),
    (N_("议定事项超期"), "meetings", meetings.YEAR, True, _late_decisions),
)


@needs(PLAIN)
def waiting(read: Reader) -> list[Waiting]:
    """Everything that waits, what is late first; what is nothing is left out."""
    return sorted(_counted(read), key=lambda one: not one.late)


def _counted(read: Reader) -> Iterable[Waiting]:
    for title, screen, which, late, count in LINES:
        if number := count(read):
            yield Waiting(title, number, screen, which, late)
