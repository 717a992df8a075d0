"""What a station does to its disk, call by call: each is prepared, performed and looked at with the program's own functions.

`python -m tests.faults.calls CALL FOLDER [careless|normal]` performs one under the recorder, and remarks each state that was told as saved.
"""

from __future__ import annotations

import os
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.ledger.entries import Seal
from gridapp.ledger.migrate import REVISIONS
from gridapp.store import database
from gridapp.store.backup import ENDING, examined
from gridapp.store.files import sorted_trouble
from gridapp.store.photos import Photos
from gridapp.work import backups, houses, intake, invent, opening, people, tenancies
from tests import ledgers
from tests.faults.cargo import NEWER, OLDER
from tests.faults.recording import Preloaded
from tests.golden import ledgers as golden
from tests.work.rows import a_row

LEDGER, STICK, NEW_PASSWORD = "a.grid", "stick", "另一句好记的话 staple"
SCOPE = "v:330784108238"
#: told what can be found again now: "how much|exactly what"; the first part is the same in every run
Tell = Callable[[str], None]


class Call(NamedTuple):
    """One thing that is done to a folder, and how to tell afterwards what is in it; `look` raises what the program raises."""

    what: str
    prepare: Callable[[Path], object]
    perform: Callable[[Path, Tell], object]
    look: Callable[[Path], str]


def state(ledger: Ledger) -> str:
    """What was told as saved: acts and drafts by number, and everything by its hash."""
    return f"{len(ledger.acts(100_000))} acts, {len(ledger.drafts())} drafts|{ledger.digest()}"


def look(folder: Path) -> str:
    """Open and prove with the real program."""
    with Ledger.open(folder / LEDGER, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
        return f"damaged: {faults}" if (faults := ledger.verify().faults) else state(ledger)


def _village(folder: Path) -> None:
    with ledgers.begin(folder / LEDGER) as ledger:
        ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0])


def _village_at_home(folder: Path) -> None:
    """With the folder this user's data lies in."""
    (folder / "home").mkdir()
    _village(folder)


def numbers(count: int) -> list[str]:
    chance, counties = random.Random(count), invent._counties()
    return [invent.number(chance, chance.choice(counties), ledgers.TODAY)[0] for _ in range(count)]


# ---------------------------------------------------------------- a day of acts

def _day(folder: Path, tell: Tell) -> None:
    """Twelve acts and a draft, a seal between them, the last two after the ledger was closed and opened again."""
    ids = numbers(3)
    with ledgers.reopen(folder / LEDGER) as ledger:
        tell(state(ledger))
        room = ledgers.rooms_of(ledger, ledgers.a_house(ledger, "QHY0002"))[0]
        tell(state(ledger))
        person = ledgers.a_person(ledger, "吴丽", ids[0])
        tell(state(ledger))
        for step in (lambda: ledger.do(tenancies.move_in, person, room, ledgers.TODAY), lambda: ledger.do(people.correct_person, person, phone="13800001111"),
                     lambda: ledger.keep_draft("person", {"name": "写到一半"}), ledger.undo, ledger.redo, ledger.close_seal,
                     lambda: ledgers.a_person(ledger, "赵小妹", ids[1]), lambda: ledger.do(tenancies.move_out, _stay(ledger), ledgers.TODAY, "01"),
                     lambda: ledger.drop_draft("person")):
            step()
            tell(state(ledger))
    _two_more(folder, tell, ids[2])


def _stay(ledger: Ledger) -> object:
    return ledger.ask(people.person_card, ledger.ask(people.list_people)[-1].id).stays[0].id


def _two_more(folder: Path, tell: Tell, number: str) -> None:
    with ledgers.reopen(folder / LEDGER) as ledger:
        tell(state(ledger))
        ledgers.a_person(ledger, "王𬱟", number)
        tell(state(ledger))
        ledger.do(houses.register_house, houses.numbered(1, 2), house_no="QHY0003", address="青后叶前街1号", owner_name="张浩", owner_phone="18957709790")
        tell(state(ledger))


def _one(folder: Path, tell: Tell) -> None:
    with ledgers.reopen(folder / LEDGER) as ledger:
        tell(state(ledger))
        ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
        tell(state(ledger))


# ---------------------------------------------------------------- many rows at once

def _taking(count: int) -> Callable[[Path, Tell], None]:
    def take(folder: Path, tell: Tell) -> None:
        rows = [a_row(name="彭兵", id_kind="111", id_no=number) for number in numbers(count)]
        with ledgers.reopen(folder / LEDGER) as ledger:
            plan = ledger.ask(intake.weigh, rows)
            assert plan.created["person"] == count
            tell(state(ledger))
            ledger.do(intake.take_in, plan)
            tell(state(ledger))

    return take


def _stick(count: int) -> Callable[[Path], None]:
    """A ledger with a person of its own, and beside it the seals of another station with many."""
    def prepare(folder: Path) -> None:
        giver_path, taker_path = folder / "giver.grid", folder / LEDGER
        with ledgers.begin(giver_path) as giver, Ledger.create(taker_path, ledgers.PASSWORD, "officer 1", SCOPE, wall=ledgers.Clock(), cost=ledgers.CHEAP) as taker:
            ledgers.a_person(giver, phone="13800001111")
            taker.admit(_seals(giver))
            giver.do(invent.invent, count, 1)
            known = [head for heads in taker.heads().values() for head in heads]
            (folder / STICK).write_bytes(pickle.dumps(_seals(giver, known)))
        for file in folder.glob("giver.grid*"):
            file.unlink()

    return prepare


def _seals(giver: Ledger, known: list[bytes] | None = None) -> list[Seal]:
    giver.close_seals()
    return list(giver.seals(giver.missing([giver.scope], known or []).sids))


def _merge(folder: Path, tell: Tell) -> None:
    stick = pickle.loads((folder / STICK).read_bytes())
    with Ledger.open(folder / LEDGER, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
        tell(state(ledger))
        ledger.admit(stick)
        tell(state(ledger))


# ---------------------------------------------------------------- whole files

def _older(revision: str) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        ledgers.copy(golden.HERE / revision / golden.NAME, folder / LEDGER)

    return prepare


def _open(folder: Path, tell: Tell) -> None:
    with Ledger.open(folder / LEDGER, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
        tell(state(ledger))


def _begin(folder: Path, tell: Tell) -> None:
    tell("none|")
    with ledgers.found(folder / LEDGER) as ledger:
        tell(state(ledger))


def _begun(folder: Path) -> str:
    """A whole one, or none; then one can be begun in its place."""
    if (folder / LEDGER).exists():
        return look(folder)
    ledgers.found(folder / LEDGER).close()
    return "none|"


def _change_password(folder: Path, tell: Tell) -> None:
    tell("old|")
    opening.change_password(folder / LEDGER, ledgers.PASSWORD, NEW_PASSWORD)
    tell("new|")


def _which_password(folder: Path) -> str:
    try:
        Ledger.open(folder / LEDGER, NEW_PASSWORD, wall=ledgers.Clock()).close()
        return "new|"
    except Mistake:
        return "old|" if not look(folder).startswith("damaged") else "damaged"


def _photos(folder: Path) -> Photos:
    return Photos(Photos.beside(folder / LEDGER), bytes(32))


def _keep_photos(folder: Path, tell: Tell) -> None:
    tell("0 photos|")
    for number in range(12):
        _photos(folder).put(random.Random(number).randbytes(9000))
        tell(f"{number + 1} photos|")


def _photos_found(folder: Path) -> str:
    photos = _photos(folder)
    return "damaged" if [*photos.damaged()] else f"{len(photos.sizes())} photos|"


def _rotate(folder: Path, tell: Tell) -> None:
    with Ledger.open(folder / LEDGER, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
        tell(state(ledger))
        ledger.rotate()
        tell(state(ledger))


def _back_up(folder: Path, tell: Tell) -> None:
    os.environ["GRIDAPP_HOME"] = str(folder / "home")
    with Ledger.open(folder / LEDGER, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
        tell("0 backups|")
        for number in (1, 2):
            backups.take(ledger, backups.ASKED)
            tell(f"{number} backups|")


def _backups_found(folder: Path) -> str:
    """Every one is whole, and the ledger too."""
    if (told := look(folder)).startswith("damaged"):
        return told
    whole = [examined(path) for path in folder.rglob(f"*{ENDING}")]
    return f"{len(whole)} backups|"


def _empty(_folder: Path) -> None:
    """Nothing is there before."""


CALLS: dict[str, Call] = {
    "acts": Call("save acts, drafts and a seal", _village, _day, look),
    "act": Call("save one act", _village, _one, look),
    "import": Call("import 500 people", _village, _taking(500), look),
    "small import": Call("import 60 people", _village, _taking(60), look),
    "merge": Call("take in another station's seals", _stick(60), _merge, look),
    **{f"migrate {old}": Call(f"migrate a ledger of version {old}", _older(old), _open, look) for old in REVISIONS[:-1] if (golden.HERE / old).is_dir()},
    "begin": Call("begin a ledger", _empty, _begin, _begun),
    "rotate": Call("give the ledger another key", _village, _rotate, look),
    "backup": Call("take two backups", _village_at_home, _back_up, _backups_found),
    "password": Call("change the password", _village, _change_password, _which_password),
    "photos": Call("keep photos", _empty, _keep_photos, _photos_found),
}


def _write_over(folder: Path, tell: Tell) -> None:
    tell("old|")
    with sorted_trouble(folder / "file"):
        (folder / "file").write_bytes(NEWER)
    tell("new|")


def _which_file(folder: Path) -> str:
    return {OLDER: "old|", NEWER: "new|"}.get((folder / "file").read_bytes(), "neither the old nor the new file")


#: what must be found out: a file is written over in its place
CARELESS = Call("control: a file is written over in its place", lambda folder: (folder / "file").write_bytes(OLDER), _write_over, _which_file)
EVERY = CALLS | {"careless": CARELESS}


def _main() -> None:
    name, folder, how = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    recorder = Preloaded()
    if how in ("OFF", "NORMAL"):
        database.PRAGMAS["synchronous"] = (how, ("OFF", "NORMAL").index(how))
    EVERY[name].perform(folder, recorder.mark)


if __name__ == "__main__":
    _main()
