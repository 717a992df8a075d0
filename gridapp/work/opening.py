"""Beginning a ledger and coming in: the encrypted file or the town's database, whose password it was, and who sits there now."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from time import monotonic

import sqlalchemy as sa

from gridapp import logs
from gridapp.errors import Mistake
from gridapp.fields import pinyin
from gridapp.ledger import PLAIN, Ledger, Reader, gated
from gridapp.ledger.clock import wall_ms
from gridapp.ledger.permits import NobodyHere
from gridapp.records import Officer
from gridapp.store.refusals import KeysChanged, KeysMissing, NewerKeys, PasswordOver, WrongPassword
from gridapp.store.slot import PASSWORD
from gridapp.store.slots import Vault
from gridapp.store.tries import Tries
from gridapp.texts import _
from gridapp.work import backups, rescue, village

#: the key file is readable by anybody: its slots name officers by number only
FIRST_SLOT = "officer 1"
#: under which a station keeps whose password it is that does not say so: a clerk's of a town's database, the founder's of a file
OFFICER = "officer"


class WhichOfficer(Mistake):
    """Several have a password here, and nobody said whose it is."""

    def __init__(self) -> None:
        super().__init__(_("这个台账有几个账号。请用 --officer 指明是谁，写姓名或编号。"))


class MustChoose(Mistake):
    """The password is good once, or too old: a lasting one comes first."""

    def __init__(self) -> None:
        super().__init__(_("这个密码只能用来设新密码：它是一次性的，或者按本单位的规定已经到期。请先设一个只有您知道的新密码（命令行用 change-password）。"))


def new_ledger(path: Path, password: str, code: str, grid: str, admin: str, name: str | None = None) -> Ledger:
    """Create and fill a ledger; it is open, with its first officer signed in, whose password is none of their own words.

    Raises AlreadyThere, WeakPassword, BadVillageCode, UnknownVillage, CannotWrite, DiskFull.
    """
    ledger = Ledger.create(path, password, FIRST_SLOT, f"v:{code}", words=spelt(admin, grid, name or "", code),
                           found=lambda new: new.do(village.found_village, code, grid, admin, name))
    ledger.sign_in(ledger.ask(village.first_officer))
    return ledger


def open_ledger(place: Path | str, password: str, officer: int | str | None = None) -> Ledger:
    """Open a ledger, or the town's database (postgresql+psycopg://…), and sign in whose password it is; `officer`: number or name of who it must be.

    A file of an older program is backed up before it is brought up; damage is marked, and a mark is looked into. Where `must_change` is set
    afterwards, a lasting password is chosen before anything else.
    Raises WrongPassword for somebody else's, NobodyHere for who left, what Ledger.open and Ledger.open_hub raise, Damaged, and what
    backups.take raises.
    """
    began = monotonic()
    if isinstance(officer, str) and officer.strip().isdecimal():
        officer = int(officer)
    if isinstance(place, str):
        ledger = Ledger.open_hub(place, password)
    else:
        ledger = rescue.opened(place, lambda: Ledger.open(place, password, officer if isinstance(officer, int) else None,
                                                           older=lambda old: backups.take(old, "migrate")))
    _sign_in(ledger, password, officer)
    if ledger.guarded and not ledger.home.shared:
        rescue.write_down(ledger)
    logs.note("opened", ms=round((monotonic() - began) * 1000))
    return ledger


def begin_ledger(place: Path | str, password: str, scope: str, found: Callable[[Ledger], object] = lambda _new: None) -> Ledger:
    """A new ledger with nothing in it but what `found` puts there: a file, or a town's empty database.

    Raises AlreadyThere, WeakPassword, CannotWrite, DiskFull, what Ledger.create_hub and `found` raise.
    """
    if isinstance(place, str):
        return Ledger.create_hub(place, password, FIRST_SLOT, scope, found=found)
    return Ledger.create(place, password, FIRST_SLOT, scope, found=found, officer=None)


def join_town(place: str, password: str, officer: str = "") -> Ledger:
    """A clerk's first time at the town's database: own keys under `password`, and the password in `place` good no more.

    `officer` is the clerk's name in the story. Raises AlreadyJoined and what Ledger.join_hub raises.
    """
    ledger = Ledger.join_hub(place, password, FIRST_SLOT, own_login=True)
    if officer:
        is_theirs(ledger, ledger.do_in(f"c:{ledger.scope[2:]}", village.sign_on, officer).result)
    _sign_in(ledger, password, None)
    return ledger


@gated(PLAIN)
def is_theirs(ledger: Ledger, number: int) -> None:
    """The password this ledger was begun with, or a clerk's own at the town's database, is this officer's: it stands on no slot."""
    ledger.keep_secret(OFFICER, str(number))


def several_officers(place: Path) -> bool:
    """Whether more than one has a password of this file."""
    with suppress(KeysMissing):
        return sum(slot.kind == PASSWORD for slot in Vault.load(place).ways()) > 1
    return False


def refuse_once(place: Path, password: str, officer: int | None = None) -> None:
    """A password that is good once is not used up by whoever cannot choose another. Raises MustChoose."""
    once = False
    with suppress(KeysMissing, KeysChanged, NewerKeys, WrongPassword, PasswordOver):  # told by opening itself
        vault = Vault.load(place)
        once = any(slot.once for slot in vault.ways()) and vault.unlock(password, officer).slot.once
    if once:
        raise MustChoose


def spelt(*words: str) -> list[str]:
    """Words as they stand and in pinyin."""
    return [told for word in words if word for told in (word, *("".join(way) for way in pinyin.readings(word)))]


def _sign_in(ledger: Ledger, password: str, said: int | str | None) -> None:
    """Whose slot it was; an old slot is the first officer's, and says so from then on. A clerk of a town's database is who they said they are."""
    try:
        own = None if ledger.opened_as else ledger.secret(OFFICER)
        number = int(own) if own else ledger.opened_as or ledger.ask(village.first_officer)
        if said is not None and said != (number if isinstance(said, int) else ledger.ask(_name_of, number)):
            raise WrongPassword
        if number and not ledger.home.shared and ledger.opened_as is None and ledger.opened_by == PASSWORD:
            ledger.claim(password, number)
        ledger.sign_in(number)
        if number and not ledger.seat.roles:
            raise NobodyHere
    except BaseException:
        ledger.close()
        raise


def _name_of(read: Reader, number: int) -> str | None:
    officer = read.one(sa.select(Officer).where(Officer.number == number, Officer.deleted.is_not(True)))
    return officer.name if officer else None


def change_password(place: Path | str, old: str, new: str, officer: int | None = None, words: Collection[str] = ()) -> None:
    """Wrap the ledger's key, or what a clerk keeps in the town's database, anew for `new`; `words`: what it may not be made of.

    Raises WrongPassword, PasswordOver, MustWait, WeakPassword, KeysMissing, CannotWrite, DiskFull, HubTrouble.
    """
    if isinstance(place, Path):
        with Tries(place, officer, wall_ms).counted():
            Vault.load(place).change_password(old, new, officer, words)
        return
    with Ledger.open_hub(place, old) as ledger:
        ledger.home.change_password(old, new)
