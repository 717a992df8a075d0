"""Who may open this ledger: its password, its slots, the sheet of paper, the town's key, and another key for all who stay; each change is audited.

What may be done by whom is decided above (permissions); here it is only done.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from gridapp.errors import Mistake
from gridapp.ledger import looks, rotation
from gridapp.ledger.clock import Wall, moment_of
from gridapp.ledger.home import FileHome, Home
from gridapp.store import passwords
from gridapp.store.slot import PASSWORD, TOWN, Slot
from gridapp.store.slots import Vault
from gridapp.texts import _

ONE_DAY = timedelta(hours=24)


class OnlyAFile(Mistake):
    """A town's database has roles and passwords of its own."""

    def __init__(self) -> None:
        super().__init__(_("镇数据库的账号由数据库管理员开和停，不用密钥文件。请用 clerk-new、clerk-stop 管理账号。"))


class Keyring(ABC):
    """The part of a ledger that knows its keys; `Ledger` is the whole."""

    home: Home
    _wall: Wall
    #: whose slot opened it (None: the first officer's, or nobody's), and which
    opened_as: int | None = None
    slot_id = ""
    #: by password, sheet or town
    opened_by = PASSWORD
    #: the password was good once, or is older than the office allows: before anything else a lasting one is chosen
    must_change = False

    @abstractmethod
    def keyed(self, which: str, of: str = "") -> AbstractContextManager[None]:
        """As Watching tells it."""

    @property
    def _file(self) -> FileHome:
        if not isinstance(self.home, FileHome):
            raise OnlyAFile
        return self.home

    def _vault(self) -> Vault:
        return Vault.load(self._file.path)

    def slots(self) -> list[Slot]:
        """Every way in, to show: whose, since when, good once or lasting; no secret is in it."""
        return self._vault().ways()

    def add_password(self, officer: int, label: str, password: str, once_until: datetime | None = None, *,
                     least: int = passwords.OFFICER, words: Collection[str] = ()) -> None:
        """An officer's password in place of one they had. Raises WeakPassword, KeysChanged, CannotWrite, DiskFull."""
        key = self._file.key
        with self.keyed(looks.GIVEN_ONCE if once_until else looks.GIVEN, str(officer)):
            self._vault().add_password(key, officer, label, password, once_until, least=least, words=words)

    def give_once(self, officer: int, label: str, *, least: int = passwords.OFFICER) -> str:
        """A password that is good once within a day; with it the officer chooses one nobody else learns (K3). The old one opens no more."""
        password = passwords.once()
        self.add_password(officer, label, password, moment_of(self._wall()) + ONE_DAY, least=least)
        return password

    def choose_password(self, new: str, words: Collection[str] = ()) -> None:
        """The lasting password of the officer who came in. Raises WeakPassword."""
        key = self._file.key
        with self.keyed(looks.OWN):
            self.slot_id = self._vault().choose(key, self.slot_id, new, words).id
        self.must_change = False

    def slots_of(self, officer: int) -> list[str]:
        """The ids of an officer's slots."""
        return [slot.id for slot in self.slots() if slot.kind == PASSWORD and slot.officer == officer]

    def add_sheet(self) -> list[str]:
        """A new sheet of paper in place of an older one: seven groups to print, kept nowhere."""
        key = self._file.key
        with self.keyed(looks.NEW_SHEET):
            return self._vault().add_sheet(key)

    def add_town(self, recipient: str) -> None:
        """Let the town open it with the secret half of `recipient` (age1…). Raises ForeignTown."""
        key = self._file.key
        with self.keyed(looks.LENT):
            self._vault().add_town(key, recipient)

    @property
    def password_rules(self) -> str:
        """'' or passwords.DENGBAO. Raises OnlyAFile, KeysMissing."""
        return Vault.load(self._file.path).profile

    def set_password_rules(self, profile: str) -> None:
        """'' or passwords.DENGBAO, for all passwords chosen from now on. Raises OnlyAFile, KeysChanged, CannotWrite, DiskFull."""
        key = self._file.key
        with self.keyed(looks.RULES, profile or looks.PLAIN_RULES):
            self._vault().set_profile(key, profile)

    def rotate(self, leaving: Collection[str] = ()) -> None:
        """Another key for everybody but the slots in `leaving`. Nothing else may be under way. Raises LastSlot, CannotWrite, DiskFull."""
        home, gone = self._file, [slot for slot in self.slots() if slot.id in leaving]
        with self.keyed(looks.TURNED, next((looks.WITHOUT_TOWN if slot.kind == TOWN else str(slot.officer or "") for slot in gone), "")):
            rotation.rotate(home, leaving)

    def claim(self, password: str, officer: int) -> None:
        """Write on the slot that opened it whose it is, where that was not known yet."""
        self.slot_id = self._vault().claim(self._file.key, self.slot_id, password, officer).id
        self.opened_as = officer
