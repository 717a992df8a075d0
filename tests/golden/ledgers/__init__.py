"""One encrypted ledger of every version that was released, in a folder named after its revision; today's program opens them all.

A new revision adds a folder: `python -m tests.golden.ledgers FOLDER`. An old one is never made again.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gridapp.exchange import publishing
from gridapp.fields import codes, editions
from gridapp.ledger import Ledger
from gridapp.records import Person
from gridapp.work import hazards, houses, patrols, people, tasks, tenancies, village
from tests import ledgers

HERE = Path(__file__).parent
NAME, TOLD = "台账.grid", "told.json"


def lived(ledger: Ledger) -> None:
    """One house, two people, moves, a patrol with a hazard, a correction undone, a sealed part and an open one, a draft; since 0003 a code
    table of the town's and tasks; since 0004 looks in the audit.
    """
    house = ledgers.a_house(ledger)
    rooms = ledgers.rooms_of(ledger, house)
    first = ledgers.a_tenant(ledger, rooms[0])
    second = ledgers.a_tenant(ledger, rooms[1], "阿卜杜拉·买买提", ledgers.NUMBERS[1], ledgers.TODAY - timedelta(30))
    ledger.do(tenancies.change_room, first, rooms[2], ledgers.TODAY)
    ledger.close_seal()
    ledger.do(people.correct_person, second, phone="13800001111", workplace="𠮷野家")
    ledger.do(people.correct_person, second, phone=None, marital="20")
    ledger.undo()
    ledger.do(patrols.log_patrol, [{"place": "祠堂路1号", "house": house, "problem": "楼道堆物", "hazard": True}], day=ledgers.TODAY,
              start="20:00", end="21:30", people="王建国、张浩")
    ledger.do(hazards.serve_notice, ledger.ask(hazards.list_hazards)[0].id, date(2026, 12, 1))
    ledger.do(houses.correct_house, house, smoke_alarm=True, area=12_050)
    ledger.hold_scopes(["c:330784108"])
    text = editions.text_of(codes.shipped("reason")) + "77\t直播带货\t\t\n"
    ledger.do_in("c:330784108", publishing.publish_codes, editions.edition("reason", text), 0)
    ledger.do(people.correct_person, first, reason="77")
    ledger.do(tasks.tick_off, ledger.do(tasks.set_task, title="核查电动车充电", due_on=ledgers.TODAY, about="house", subject=house).result, "已查")
    ledger.do(tasks.set_task, title="上报材料", kind="04")
    ledger.keep_draft("person", {"name": "写到一半"})
    officer = ledger.officer
    ledger.sign_in(officer)
    ledger.ask(people.person_card, first)
    ledger.search(ledgers.NUMBERS[1])
    ledger.sign_in(0)
    ledger.officer = officer


def tell(ledger: Ledger) -> dict[str, Any]:
    """What the ledger holds, as JSON gives it back; titles and labels are today's program's and are left out."""
    with ledger.read() as read:
        names = [r.id for r in read.rows(sa.select(Person.id).order_by(Person.seq))]
    report = ledger.verify()
    told = {
        "digest": report.digest, "records": report.records, "faults": list(report.faults),
        "acts": [[a.at.isoformat(), a.officer, a.verb, a.touched, a.standing] for a in ledger.acts()],
        "stories": [[[s.verb, [[c.field, c.old, c.new] for c in s.changes]] for s in ledger.history(person)] for person in names],
        "stays": [[[s.place, str(s.start), str(s.end)] for s in ledger.ask(people.person_card, person).stays] for person in names],
        "desk": list(astuple(ledger.ask(village.desk))),
        "hazards": [[h.place, h.content, h.notice_no] for h in ledger.ask(hazards.list_hazards)],
        "found": [h.entity for h in ledger.search("阿卜杜拉")],
        "drafts": [[d.form, d.values] for d in ledger.drafts()],
    }
    again: dict[str, Any] = json.loads(json.dumps(told))
    return again


def make(folder: Path) -> None:
    """A ledger of today's revision and what it tells."""
    folder.mkdir(parents=True)
    with ledgers.begin(folder / NAME) as ledger:
        lived(ledger)
        told = tell(ledger)
    (folder / TOLD).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for ending in (".lock", ".tip"):
        (folder / (NAME + ending)).unlink(missing_ok=True)
