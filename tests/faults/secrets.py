"""A day full of secrets that ends in a kill: `python -m tests.faults.secrets LEDGER WORKBOOK`; whoever reads the disk then finds none."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp import logs, printing, spreadsheet
from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.records import Person
from gridapp.work import hazards, houses, intake, opening, patrols, people, tenancies
from tests import ledgers

CHIEF, OWNER, TENANT, DRAFT, IMPORTED = "欧阳震华", "诸葛建平", "买买提·吐尔逊江", "只写到一半的尉迟", "司徒美兰花"
PHONES = ("13957950001", "13957950002", "13957950003")
PLACES = ("祠堂路暗巷77号", "新疆莎车县某某乡")
SECRETS = (CHIEF, OWNER, TENANT, DRAFT, IMPORTED, *PHONES, *PLACES, *ledgers.NUMBERS, "register_tenant")
CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def workbook(path: Path) -> None:
    """What the officer imports; it lies where the officer keeps it, not where the program writes."""
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("姓名", "公民身份号码", "房屋编号", "房号", "联系电话"), (IMPORTED, ledgers.NUMBERS[2], "QHY0077", "101", PHONES[2])):
        book.active.append(row)
    book.save(path)


def found_in(folder: Path) -> list[str]:
    """Every secret that lies in a file below `folder`, in any of the codings."""
    return [f"{secret} in {file.name} as {coding}" for file in sorted(folder.rglob("*")) if file.is_file()
            for data in [file.read_bytes()] for secret in SECRETS for coding in CODINGS if secret.encode(coding) in data]


def a_day(ledger: Ledger, book: Path) -> None:
    """Everything that touches people's data: forms, drafts, import, papers, searching, refusals, undo."""
    house = ledger.do(houses.register_house, houses.numbered(2, 3), house_no="QHY0077", address=PLACES[0], owner_name=OWNER,
                      owner_phone=PHONES[0]).result
    rooms = ledgers.rooms_of(ledger, house)
    tenant = ledger.do(tenancies.register_tenant, rooms[0], ledger.today, id_kind="111", name=TENANT, id_no=ledgers.NUMBERS[0],
                       hukou_addr=PLACES[1]).result
    for number in range(30):
        ledger.keep_draft("person", {"name": DRAFT, "id_no": ledgers.NUMBERS[1], "phone": PHONES[1], "remark": "字" * number})
    ledger.drop_draft("nothing")
    ledger.do(people.correct_person, tenant, phone=PHONES[1])
    ledger.undo()
    ledger.redo()
    with suppress(Mistake):
        ledger.do(people.register_person, name=OWNER, id_no=ledgers.NUMBERS[0])
    ledger.do(intake.take_in, ledger.ask(intake.weigh, spreadsheet.read_rows(book)))
    ledger.do(patrols.log_patrol, [{"place": PLACES[0], "problem": f"{OWNER}家楼道堆物", "hazard": True}], day=ledger.today, start="20:00",
              people=CHIEF)
    hazard = ledger.ask(hazards.list_hazards)[0].id
    ledger.do(hazards.serve_notice, hazard, date(ledger.today.year + 1, 1, 1), responsible=OWNER)
    for secret in SECRETS:
        ledger.search(secret)
    with ledger.read() as read:
        for number in ("F02", "F04", "F07", "F09"):
            printing.make(read, number)
    ledger.history(tenant)
    ledger.verify()


def failures(ledger: Ledger) -> None:
    """Our bugs and the database's complaints, told as the program tells them."""
    from gridapp import __main__ as door

    logs.begin()
    for failing in (lambda s: s.execute(sa.select(Person).where(sa.func.no_such(Person.name, TENANT))),
                    lambda s: s.execute(sa.insert(Person).execution_options(journalled=True), {"name": TENANT, "nonsense": PHONES[0]}),
                    lambda s: s.execute(sa.text("INSERT INTO person(seq, name, nconf) VALUES (1, :n, 0)"), {"n": TENANT}),
                    lambda s: int(f"{TENANT} {ledgers.NUMBERS[0]}")):
        try:
            with Session(ledger.home.engine) as session:
                failing(session)
        except (sa.exc.SQLAlchemyError, ValueError) as error:
            logs.failed(error)
            door._crashed(type(error), error, error.__traceback__)
            if isinstance(error, sa.exc.SQLAlchemyError):
                print(error, file=sys.stderr)


if __name__ == "__main__":
    with opening.new_ledger(Path(sys.argv[1]), ledgers.PASSWORD, "330784108238", "第一网格", CHIEF) as opened:
        a_day(opened, Path(sys.argv[2]))
        failures(opened)
        print("killed", flush=True)
        os.kill(os.getpid(), signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
