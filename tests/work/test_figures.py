"""Figures: every one equals a slow recount of random towns, whole, by village and by grid; behind each stand as many records as it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.ledger import Ledger
from gridapp.ledger.tables import SCOPE
from gridapp.records import Record
from gridapp.work import figures, people, tenancies
from gridapp.work.figures import FIGURES, BadWindow, Value, Window
from gridapp.work.figures.measures import Count, Share
from tests import ledgers
from tests.ledgers import TODAY
from tests.work.recounting import RECOUNT, VILLAGES, Drawn, Recount, Town

#: the running month and quarter, the month before, a span that cuts through both, this year
WINDOWS = (figures.of(figures.MONTH, TODAY), figures.of(figures.QUARTER, TODAY), figures.of(figures.MONTH, date(2026, 10, 5)),
           figures.between(date(2026, 10, 20), date(2026, 11, 10)), figures.of(figures.YEAR, TODAY))
SEEDS = st.integers(0, 2**32)


def scope_name(village: int) -> str:
    return f"v:33078410820{village}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A town's ledger that holds three villages; rows are put into its tables as they are after a taking-in."""
    path = tmp_path_factory.mktemp("town") / "台账.grid"
    with Ledger.create(path, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP) as made:
        with made.home.engine.begin() as connection:
            blank = dict(connection.execute(sa.select(SCOPE)).mappings().one())
            for village in VILLAGES:
                connection.execute(sa.insert(SCOPE), blank | {"no": village, "name": scope_name(village)})
        yield made


def table_of(entity: type[Record]) -> sa.Table:
    return cast(sa.Table, entity.__table__)


def fill(ledger: Ledger, rows: Town) -> None:
    """These rows and no others."""
    with ledger.home.engine.begin() as connection:
        for entity, some in rows.items():
            connection.execute(sa.delete(table_of(entity)))
            if some:
                connection.execute(sa.insert(table_of(entity)), some)


def told(value: Value) -> tuple[int, int | None]:
    return value.part, value.whole


def test_every_figure_is_recounted() -> None:
    assert set(RECOUNT) == set(FIGURES)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, window=st.sampled_from(WINDOWS))
def test_every_figure_is_what_a_slow_recount_says(town: Ledger, seed: int, window: Window) -> None:
    drawn = Drawn(seed)
    fill(town, drawn.rows)
    whole = Recount(drawn.rows, window)
    assert {key: told(town.ask(figures.count, key, window)) for key in FIGURES} == {key: RECOUNT[key](whole) for key in FIGURES}


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, window=st.sampled_from(WINDOWS))
def test_village_by_village_it_is_the_recount_of_each(town: Ledger, seed: int, window: Window) -> None:
    drawn = Drawn(seed)
    fill(town, drawn.rows)
    for key, figure in FIGURES.items():
        found = town.ask(figures.by_village, key, window)
        nothing = Value(0, 0 if figure.rate else None)
        for village in VILLAGES:
            assert told(found.get(scope_name(village), nothing)) == RECOUNT[key](Recount(drawn.rows, window, (village,))), (key, village)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, window=st.sampled_from(WINDOWS))
def test_the_grids_and_what_lies_in_none_come_to_the_whole(town: Ledger, seed: int, window: Window) -> None:
    fill(town, Drawn(seed).rows)
    for key, figure in FIGURES.items():
        if key == "inspected":  # one place may be told by an inspection of each kind
            continue
        parts, whole = town.ask(figures.by_grid, key, window).values(), town.ask(figures.count, key, window)
        assert sum(p.part for p in parts) == whole.part, key
        assert not figure.rate or sum(p.whole or 0 for p in parts) == whole.whole, key


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, window=st.sampled_from(WINDOWS))
def test_behind_a_number_stand_as_many_records(town: Ledger, seed: int, window: Window) -> None:
    fill(town, Drawn(seed).rows)
    for key, figure in FIGURES.items():
        value, measure = town.ask(figures.count, key, window), figure.measure
        counted = {which: town.ask(figures.count_behind, key, window, which) for which in (figures.COUNTED, figures.LACKING, figures.EVERY)}
        listed = town.ask(figures.behind, key, window, 0, 1000)
        assert len(listed) == counted[figures.COUNTED] and len({(row.id, row.village) for row in listed}) == len(listed), key
        if isinstance(measure, Share) and measure.adds is None:
            assert (counted[figures.COUNTED], counted[figures.EVERY]) == told(value), key
            assert counted[figures.COUNTED] + counted[figures.LACKING] == counted[figures.EVERY], key
        elif isinstance(measure, Count) and measure.adds is None and measure.differs is None:
            assert counted[figures.COUNTED] == value.part, key
        by_village = [town.ask(figures.count_behind, key, window, figures.COUNTED, scope_name(v)) for v in VILLAGES]
        assert sum(by_village) == counted[figures.COUNTED], key


def test_a_list_comes_in_pages_the_newest_first(town: Ledger) -> None:
    fill(town, Drawn(5, 40).rows)
    window = figures.of(figures.YEAR, TODAY)
    whole = town.ask(figures.behind, "hazards_found", window, 0, 1000)
    assert len(whole) > 20 and [r.day for r in whole] == sorted((r.day for r in whole), reverse=True)
    assert [*town.ask(figures.behind, "hazards_found", window, 0, 7), *town.ask(figures.behind, "hazards_found", window, 7, 7)] == whole[:14]
    assert {r.village for r in whole} == {scope_name(v) for v in VILLAGES} and whole[0].entity == "hazard" and whole[0].place == "路"


def test_a_village_by_village_question_is_one_question(town: Ledger) -> None:
    fill(town, Drawn(1).rows)
    asked: list[str] = []
    with town.read() as read:
        sa.event.listen(town.home.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
        figures.by_village(read, "registration_rate", WINDOWS[0])
    assert sum("FROM person" in a for a in asked) == 1


def test_one_village_is_looked_at_alone(town: Ledger) -> None:
    rows = Drawn(3).rows
    fill(town, rows)
    town.work_in(scope_name(2))
    try:
        assert told(town.ask(figures.count, "patrols", WINDOWS[4])) == RECOUNT["patrols"](Recount(rows, WINDOWS[4], (2,)))
        assert town.ask(figures.villages) == {scope_name(2): "第2村"} and not town.ask(figures.many_villages)
        assert sorted(town.ask(figures.places).values()) == ["第1网格", "第2网格"]
    finally:
        town.work_in(None)
    assert list(town.ask(figures.places).values()) == ["第1村", "第2村", "第3村"]


def test_the_tables_of_the_police_come_to_the_same_sums(town: Ledger) -> None:
    fill(town, Drawn(11, 40).rows)
    window = figures.of(figures.DAY, TODAY)
    reasons = town.ask(figures.by_reason, window)
    whole = reasons[-1]
    assert whole.name == "合计" and whole.total == sum(r.total for r in reasons[:-1]) == town.ask(figures.count, "people", window).part
    assert [r.name for r in reasons[:3]] == ["务工", "务农", "经商"] and whole.homes["2"] > 0
    for by in ("grid", "scope"):
        places = town.ask(figures.houses_by_place, TODAY, by)
        assert places[-1].total == sum(p.total for p in places[:-1]) == town.ask(figures.count, "houses", window).part
    assert [p.name for p in places[:-1]] == sorted(p.name for p in places[:-1]) and 0 < places[-1].let <= places[-1].total


# ---------------------------------------------------------------- by hand

def test_three_working_days_are_counted_over_a_weekend(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    window = figures.of(figures.MONTH, TODAY)
    for place, (start, reported) in enumerate(((date(2026, 11, 13), date(2026, 11, 18)), (date(2026, 11, 13), date(2026, 11, 19)),
                                               (date(2026, 11, 16), None), (date(2026, 11, 20), None))):
        person = ledgers.a_tenant(ledger, rooms[0], f"某{'甲乙丙丁'[place]}", ledgers.NUMBERS[place], start)
        if reported is not None:
            ledger.do(tenancies.mark_reported, [ledger.ask(people.person_card, person).stays[0].id], reported, "一")
    # Friday 13 is due on Wednesday 18; Friday 20 is due on Wednesday 25, which is tomorrow
    assert told(ledger.ask(figures.count, "start_in_time", window)) == (1, 3)
    assert [row.label for row in ledger.ask(figures.behind, "start_in_time", window, which=figures.LACKING)] == ["某丙", "某乙"]


def test_an_officer_of_one_grid_counts_what_lies_there(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    assert ledger.ask(figures.grids) and list(ledger.ask(figures.grids).values()) == ["第一网格"]
    [grid] = ledger.ask(figures.grids)
    ledgers.a_house(ledger, "QHY0002", grid=grid)
    found = ledger.ask(figures.by_grid, "houses", figures.of(figures.DAY, TODAY))
    assert sum(v.part for v in found.values()) == 2 and grid in found


def test_what_is_standing_has_no_period_before(ledger: Ledger) -> None:
    lines = {line.key: line for line in ledger.ask(figures.table, WINDOWS[0])}
    assert list(lines) == list(FIGURES) and lines["rooms"].before is None and lines["people"].before == Value(0)


@pytest.mark.parametrize(("value", "shown"), [
    (Value(1204), "1,204"), (Value(0, 0), "—"), (Value(1, 2), "50"), (Value(2, 3), "66.7"), (Value(9996, 10_000), "99.9"), (Value(10, 10), "100"),
    (Value(3, 2000, 1000), "1.5"), (Value(0, 5), "0"), (Value(2999, 3000), "99.9"), (Value(999, 1000), "99.9")])
def test_a_number_is_shown_and_never_rounded_up_to_all(value: Value, shown: str) -> None:
    assert value.shown == shown


@pytest.mark.parametrize(("key", "first", "last", "title", "before"), [
    ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026年11月", "2026-10"), ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度", "2025Q4"),
    ("2026H2", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年", "2026H1"), ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024年", "2023"),
    ("2026-03-01", date(2026, 3, 1), date(2026, 3, 1), "2026年3月1日", "2026-02-28"),
    ("2026-11-01..2026-11-20", date(2026, 11, 1), date(2026, 11, 20), "2026-11-01 至 2026-11-20", "2026-10-12..2026-10-31")])
def test_a_window_is_named_and_has_neighbours(key: str, first: date, last: date, title: str, before: str) -> None:
    window = figures.named(key)
    assert (window.first, window.last, window.title, window.key, window.before.key) == (first, last, title, key, before)
    assert window.before.after == window and figures.spanning(first, last) == window


@pytest.mark.parametrize("key", ["", "2026Q5", "2026-13", "26-1", "2026-02-30", "2026-11-20..2026-11-01", "1999-01-01..2026-01-01", "2026H3", "x..y"])
def test_what_is_no_window_is_refused(key: str) -> None:
    with pytest.raises(BadWindow, match="2026Q4"):
        figures.named(key)


def test_every_figure_says_what_it_counts() -> None:
    for key, figure in FIGURES.items():
        assert figure.key == key and len(figure.words) > 7 and figure.words.endswith("。") and figure.unit, key
    assert len({figure.title for figure in FIGURES.values()}) == len(FIGURES)
