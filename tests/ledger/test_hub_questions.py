"""Every question of the office has the same answer in the town's database as in the file it was copied from, in the same order."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp import work
from gridapp.errors import Mistake
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Acting, Ledger, Reader, search
from gridapp.ledger.tables import SEAL
from gridapp.records import (Act, Alarm, Campaign, Dispute, Duty, Event, Finding, Grid, Hazard, House, Inspection, Listing, Meeting, Officer, Outreach, Party, Patrol, Person, Photo,
                             Petition, Record, Room, Route, Sensor, Site, Sitting, Target, Task, Tenancy)
from gridapp.store import hub
from gridapp.work import alarmlists, alarms, disputes, events, exporting, houses, inspections, invent, likely, petitions, plans, progress, registers, sites
from gridapp.work.campaigns import Choice
from tests import hubs, ledgers
from tests.hubs import Hub
from tests.ledgers import NUMBERS, TODAY
from tests.postgres import Server
from tests.work.cases import PARTIES
from tests.work.rows import a_house_row, a_row
from tests.work.test_lists import _all_states

VILLAGE = "v:330784108238"
TEXTS = ("QHY0001", "qhy", "祠堂路", "祠堂路1号 101", "QHY0002 2", "10%", "", "号", "a座", "B1", "b1", "gs7")
OFTEN = 12
HEARD = alarms.Told(datetime(2026, 11, 23, 8, 30, tzinfo=BEIJING), "YG-1", "01", "祠堂路1号")
ROWS = [a_row(id_no=NUMBERS[0], name="彭兵", house_no="QHY0001", room_no="101"), a_house_row("QHY0009"),
        a_row(name="无证件", house_no="QHY0002", room_no="101", start=TODAY), a_row(id_no=NUMBERS[3], name="赵小妹")]


def _questions() -> dict[str, Callable[..., Any]]:
    """Every public function of gridapp.work that takes a Reader first, by 'module.name'."""
    found = {}
    for told in pkgutil.iter_modules(work.__path__):
        module = importlib.import_module(f"gridapp.work.{told.name}")
        for name, made in vars(module).items():
            if inspect.isfunction(made) and made.__module__ == module.__name__ and not name.startswith("_"):
                first = next(iter(inspect.signature(made).parameters.values()), None)
                if first is not None and first.annotation == "Reader":
                    found[f"{told.name}.{name}"] = made
    return found


#: a number is drawn anew each time; a part of a question is no answer
NO_ANSWERS = {"village.new_number", "village.own_officers"}
QUESTIONS = {name: made for name, made in _questions().items() if name not in NO_ANSWERS}


def _ids(read: Reader, entity: type[Record]) -> list[Any]:
    """The oldest and the newest ones, and one that is not there."""
    told = list(read.rows(sa.select(entity.id).order_by(entity.seq)))
    return [row.id for row in (told if len(told) <= 2 * OFTEN else told[:OFTEN] + told[-OFTEN:])] + [NOBODY]


NOBODY = invent.new_id()
ENTITY_OF = {"hazard_id": Hazard, "house_id": House, "room_id": Room, "patrol_id": Patrol, "finding_id": Finding, "person_id": Person,
             "tenancy_id": Tenancy, "task_id": Task, "site_id": Site, "inspection_id": Inspection, "matter": Hazard, "campaign": Campaign, "target": Target,
             "event": Event, "dispute_id": Dispute, "petition_id": Petition, "meeting": Meeting, "listing": Listing, "route": Route, "duty": Duty,
             "outreach": Outreach, "case": Dispute, "case_id": Dispute, "sitting_id": Sitting, "party_id": Party, "photo_id": Photo, "alarm_id": Alarm, "sensor_id": Sensor, "officer": Officer}

#: of which records a question may be asked some only
ONLY: dict[str, type[Record]] = {"register_rows": Tenancy, "patrol_book": Patrol, "book_rows": Hazard, "dispute_register": Dispute}

#: by which columns a list is asked
SORTS = {name: ["", "name", "-place", "state"] for name in ("list_people", "arrange_people")} | {
    name: ["", "-kind", "address", "degree"] for name in ("list_houses", "arrange_houses", "list_patrols", "arrange_patrols", "list_hazards", "list_sites", "list_events", "list_disputes", "list_tasks",
                                                             "list_petitions", "list_alarms")} | {
    name: ["", "-kind"] for name in ("arrange_hazards", "arrange_sites", "arrange_events", "arrange_disputes", "arrange_tasks", "arrange_petitions", "arrange_alarms")}

#: what 'entity' is for a question, by its annotation
ENTITIES: dict[str, list[Any]] = {"str": [Person.__tablename__, House.__tablename__, Room.__tablename__], "type[Dispute] | type[Petition]": [Dispute, Petition]}


def _values(read: Reader, question: Callable[..., Any], parameter: inspect.Parameter) -> list[Any]:
    """What a question is asked with for one of its parameters."""
    name = parameter.name
    if name in ENTITY_OF:
        return _ids(read, ENTITY_OF[name])
    if name == "place" and parameter.default == "":
        return ["", *TEXTS[:4]]
    if question in (plans.plan, plans.count_plan) and name in ("grid", "route"):
        return [None, *(row.id for row in read.rows(sa.select(Grid.id if name == "grid" else Route.id)))][:3]
    if question is likely.likely and name in ("name", "birth", "phone"):
        return {"name": ["彭兵", "彭斌", ""], "birth": [None, date(1967, 7, 11)], "phone": ["", "13857912345"]}[name]
    if question is exporting.note_export:
        return ["人口"] if name == "title" else [3]
    if name == "same_as":
        return [None, *_ids(read, House)[:4]]
    given: dict[str, list[Any]] = {
        "whose": list(houses.WHOSE), "which": list(progress.CAMPAIGNS if question is progress.list_campaigns else getattr(inspect.getmodule(question), "FILTERS", ())), "offset": [0, 3], "limit": [200, 4],
        "sort": SORTS.get(question.__name__, [""]), "house_no": ["QHY0001", "QHY0003", "none"], "gone_too": [False, True], "text": list(TEXTS), "id_no": [*NUMBERS, "none"],
        "day": [TODAY, TODAY - timedelta(days=100), date(2020, 1, 1)],
        "people": [[{"id_no": n, "name": "彭兵"} for n in NUMBERS] + [{"name": "赵小妹"}, {"name": "无证件"}]],
        "entity": ENTITIES.get(str(parameter.annotation), [Person, House]), "device": [bytes(32), *sorted(row.dev for row in read.rows(sa.select(SEAL.c.dev).distinct()))], "told": ["王建国", "1", "没有这个人"], "rows": [ROWS], "beginning": ["", "2026"], "record_id": [*_ids(read, Person)[:4], *_ids(read, House)[-3:]],
        "place": [House, Site], "place_id": [*_ids(read, House)[:4], *_ids(read, Site)], "since": [TODAY - timedelta(days=30)], "until": [TODAY],
        "house": [*_ids(read, House)[:3], None], "site": [*_ids(read, Site), None], "record": [*_ids(read, Inspection)[:3], None], "where": [Hazard.house.is_not(None)],
        "first": [TODAY - timedelta(days=30)], "last": [TODAY], "column": [Event.number], "word": ["事"], "hazard": [*read.records(sa.select(Hazard).order_by(Hazard.seq).limit(3))],
        "choice": [Choice(), Choice(rooms=3, hazard=True), Choice(houses=False, classes=("01", "07"))], "step": ["复查合格", "发现"], "doing": ["复查合格"], "heard": [[], [HEARD, HEARD, alarms.Told(HEARD.at, "YG-2", "01")]], "after": [False, True], "matters": [_ids(read, Dispute)],
        "only": [_ids(read, ONLY.get(question.__name__, House))], "tenants": [_ids(read, Person)], "places": [[*_ids(read, House)[:4], *_ids(read, Site)]], "position": [()],
        "name": ["rental", "shop", "none"], "number": [0, 1], "acts": [[], _ids(read, Act)], "ids": [[], [*_ids(read, House)[:4], *_ids(read, Site)]],
    }
    if name in given:
        return given[name] + ([None] if parameter.default is None and name in ("house_no", "only", "tenants") else [])
    assert parameter.default is not parameter.empty, f"{question.__name__}: say here what it is asked with for {name}"
    return [parameter.default]


def _plain(told: Any) -> Any:
    """An answer as plain values: records by their fields, so that two of them can be compared."""
    if isinstance(told, Record):
        return {n: getattr(told, n) for n in fields_of(type(told))} | {"id": told.id, "ver": told.ver}
    if is_dataclass(told) and not isinstance(told, type):
        return {f.name: _plain(getattr(told, f.name)) for f in fields(told)}
    if isinstance(told, (list, tuple)):
        return [_plain(one) for one in told]
    if isinstance(told, dict):
        return [(key, _plain(value)) for key, value in told.items()]
    return told


def _answer(read: Reader, question: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    parameters = list(inspect.signature(question).parameters.values())[1:]
    named = {p.name: value for p, value in zip(parameters, given, strict=True) if p.kind is p.KEYWORD_ONLY}
    try:
        return _plain(question(read, *given[:len(given) - len(named)], **named))
    except Mistake as refused:
        return type(refused).__name__, refused.text


@pytest.fixture(scope="module")
def source(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A file with records in every state, and some two hundred people."""
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("source") / "a.grid")
    with ledgers.reopen(path) as made:
        _all_states(made)
        made.do(alarms.register_sensor, number="YG-2", place="村口")
        made.do(alarms.take_in_alarms, [HEARD, alarms.Told(HEARD.at, "YG-2", "05", serial="7")])
        made.do(alarms.judge_alarm, made.ask(alarmlists.list_alarms)[0].id, alarms.verdict(alarms.FALSE))
        made.do(invent.invent, 200)
        made.do(_odd_ones)
        yield made


def _odd_ones(act: Acting) -> None:
    """What sorts and compares differently from database to database: nothing beside something, capitals, characters beyond 16 bits."""
    house = houses.register_house(act, [("B1", None), ("A1", 1), ("10", 1)], house_no="gs7", address="A座", owner_name="𬱖某")
    room = act.scalar(sa.select(Room.id).where(Room.house == house, Room.room_no == "A1"))
    told = act.add_many(Person, [{"name": name, "registered_on": TODAY} for name in ("𬱖乙", "Ａ", "a", "B", "王", "～")])
    act.add_many(Tenancy, [{"person": person, "room": room, "start": start, "relation": relation} for person, start, relation in zip(
        told, (None, TODAY, TODAY, None, TODAY, TODAY), (None, "01", None, "02", "03", None), strict=True)])
    act.add_many(Tenancy, [{"person": told[0], "room": room, "start": TODAY, "end": TODAY}, {"person": told[0], "room": room, "end": TODAY}])
    for number, (kind, values) in enumerate((("01", {}), ("07", {"let": True}), ("02", {"grid": None}), ("05", {"closed_on": TODAY}))):
        site = sites.register_site(act, kind=kind, name=f"{'Bb甲a'[number]}店", address="a座", **values)
        for days, answers in ((40, {"S01": 1}), (9, {"S03": 2, "S06": 2}), (1, {})) if number else ():
            told_of = {"checklist": "shop", "day": TODAY - timedelta(days * number), "nobody_home": not answers, "answers": answers}
            inspections.inspect(act, site=site, people="王建国", **told_of)
    inspections.inspect(act, house=house, people="王建国", answers={"R14": 2}, notes={"R14": "过期"})
    for title, at in (("排水沟纠纷", house), ("𬱖家围墙纠纷", None)):
        disputes.register_dispute(act, PARTIES, title=title, category="17", content="积水流入院内。", house=at)
    petitions.register_petition(act, PARTIES[:1], title="反映夜间施工", content="要求夜间停工。", leader="王建国")
    events.report_event(act, title="路灯不亮", kind="99", place="a座门口", content="三天不亮", day=TODAY, house=house)


@pytest.fixture(scope="module")
def town(postgres: Server, source: Ledger) -> Iterator[Hub]:
    """A hub with that village, and beside it another one with the very same records."""
    with hubs.begun(postgres) as made:
        hubs.copy_in(made, source, 0, VILLAGE)
        hubs.copy_in(made, source, 1, "v:330784108239")
        yield made


@pytest.fixture(scope="module")
def clerk(town: Hub) -> sa.Engine:
    """Somebody in the town's office who looks at the first village."""
    return hub.reading(town.station(hubs.hubtables.OFFICE)).execution_options(scope=0)


def test_there_are_questions() -> None:
    assert len(QUESTIONS) > 30 and "people.list_people" in QUESTIONS


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_same_answer(source: Ledger, clerk: sa.Engine, name: str) -> None:
    question = QUESTIONS[name]
    with source.read() as here, Session(clerk) as session:
        there = Reader(session, here.today, here.officer)
        parameters = list(inspect.signature(question).parameters.values())[1:]
        for given in product(*(_values(here, question, p) for p in parameters)):
            assert _answer(there, question, given) == _answer(here, question, given), given


@pytest.mark.parametrize("text", ["彭兵", "pengbing", "pb", "王", "王𬱟", "张 1", "祠堂路", "qhy0001", "QHY0001 101", "101", "138", "1380000",
                                  "电动自行车", "方岩大道12号", "赵小妹", NUMBERS[0], NUMBERS[0][-4:], "扎西·多吉", "李 祠堂路", "第001号", "〔2026〕第1号", "纠纷", "张大海", "lxh", "路灯", "zzz", "'", '"a OR b"'])
def test_the_search_box_has_the_same_answer(source: Ledger, clerk: sa.Engine, text: str) -> None:
    for limit in (3, 20, 500):
        with Session(clerk) as session:
            assert search.search(session, text, limit) == source.search(text, limit)


def test_text_sorts_by_its_bytes_whatever_the_server_was_set_up_with(town: Hub) -> None:
    with town.owner.connect() as connection:
        other = connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'").all()
    assert other == []
