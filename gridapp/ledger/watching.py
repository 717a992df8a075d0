"""Writing down who looks at what, on the way of every question; what cannot be written down is not shown (reliability.md T1, R4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from gridapp.errors import Sorted
from gridapp.fields import idnumber
from gridapp.ledger import looks, tokens
from gridapp.ledger.clock import Wall
from gridapp.ledger.looks import Anchor, Look, Written
from gridapp.ledger.permits import NotAllowed, Permit
from gridapp.ledger.seating import Seating
from gridapp.store.hub import again_if_busy
from gridapp.store.refusals import WrongPassword
from gridapp.store.vault import Signer

if TYPE_CHECKING:
    from gridapp.ledger.journal import Journal

#: seconds in which a record shown again (a list that refreshes, its history beside it), a number typed on, a refusal met again is the same look
SAME = 60
_NUMBER = re.compile("[0-9]{6,17}[0-9x]?")
WHOLE = 18
#: so many looks are remembered to know them again
MOST = 500


def number_in(text: str) -> str | None:
    """The number somebody looks for: six digits or more of a paper or a telephone."""
    return next((word for word in tokens.words(text) if _NUMBER.fullmatch(word)), None)


def masked(number: str) -> str:
    """How the audit tells a number: enough to know it again, not enough to learn it."""
    return idnumber.mask(number.upper()) if len(number) >= 15 else number[:2] + "*" * (len(number) - 2)


class Watching(Seating):
    """The part of a ledger that writes down who looks; `Ledger` is the whole. The program at its own work is not watched."""

    _journal: Journal | None
    _wall: Wall
    #: wrong passwords as they were counted before this ledger was opened: {account: [how many, when last]}
    tries: dict[str, list[int]]
    #: whoever signed in and did not sign out yet
    _sits: int = 0
    #: what was looked at in the last minute, and when; the number that is being typed
    _before: dict[tuple[str, object], float]
    _typed: str = ""

    def looked(self, what: str, record: UUID | None = None, entity: str | None = None, field: str | None = None, why: str | None = None,
               result: str = looks.OK) -> int:
        """Write down one look, before it is shown; its place in the chain, 0 for the program itself. Raises what writing raises: then nothing is shown."""
        written = self.mark(what, record, entity, field, why, result)
        return written.seq if written else 0

    def mark(self, what: str, record: UUID | None = None, entity: str | None = None, field: str | None = None, why: str | None = None,
             result: str = looks.OK) -> Written | None:
        """The same; tells number and anchor, which stand on a paper."""
        if not self.guarded:
            return None
        return self._written(lambda session: looks.add(session, self._signs, Look(
            self._wall(), self.officer, what, entity, record, field, why, result)))

    def write_look(self, session: Session, what: str, why: str | None = None) -> None:
        """One look inside a transaction that writes already; the program's own work too, where it met something that must be told."""
        looks.add(session, self._signs, Look(self._wall(), self.officer, what, why=why))

    @contextmanager
    def keyed(self, which: str, of: str = "") -> Iterator[None]:
        """Who may come in is changed (one of looks.KEYINGS): it is written down before (K3), and once more where it could not be done."""
        self.looked(looks.KEYS, field=which, why=of or None)
        try:
            yield
        except Sorted:
            with suppress(Sorted):
                self.looked(looks.KEYS, field=which, why=of or None, result=looks.FAILED)
            raise

    def opened(self, entity: str | None, record: UUID, field: str | None = None) -> None:
        """A full record is shown."""
        if self.guarded and not self._again(looks.OPENED, record):
            self.looked(looks.OPENED, record, entity, field)
            self._remember(looks.OPENED, record)

    def audited(self) -> None:
        """The audit is read: as it refreshes and is paged through, one look."""
        if self.guarded and not self._again(looks.AUDITED, None):
            self.looked(looks.AUDITED)
            self._remember(looks.AUDITED, None)

    def sought(self, text: str) -> None:
        """Somebody looks for a number; what is typed letter by letter is one look, and one more when it is whole."""
        number = number_in(text) if self.guarded else None
        if number is None:
            return
        typed_on = self._typed and number.startswith(self._typed) and self._again(looks.SOUGHT, self._typed)
        if not typed_on or len(number) == WHOLE and number != self._typed:
            self.looked(looks.SOUGHT, why=masked(number))
        self._typed = number
        self._remember(looks.SOUGHT, number)

    def _again(self, what: str, of: object) -> bool:
        at = self._before.get((what, of))
        return at is not None and monotonic() - at < SAME

    def _remember(self, what: str, of: object) -> None:
        if len(self._before) >= MOST:
            self._before.clear()
        self._before[what, of] = monotonic()

    @contextmanager
    def _refusals_told(self) -> Iterator[None]:
        """A refusal is written down; it stands whether that can be done or not."""
        try:
            yield
        except NotAllowed as refused:
            if not self._again(looks.REFUSED, refused.what):
                with suppress(Sorted):
                    self.looked(looks.REFUSED, why=refused.what, result=looks.FAILED)
                    self._remember(looks.REFUSED, refused.what)
            raise

    def require(self, *permits: Permit, fresh: bool = False) -> None:
        """As Seating tells it."""
        with self._refusals_told():
            super().require(*permits, fresh=fresh)

    # -- who comes and goes

    def sign_in(self, officer: int) -> None:
        """As Seating tells it. Coming is written down where the disk takes it: a full one must not keep out who can mend it."""
        if self._sits != officer:
            self.sign_out()
        super().sign_in(officer)
        self._before, self._typed = {}, ""
        if not self.guarded:
            return
        self._sits = officer
        with suppress(Sorted):
            self._written(self._came)
            self.tries = {}

    def _came(self, session: Session) -> Written:
        look = Look(self._wall(), self.officer, looks.SIGNED_IN, result=looks.OK if self.seat.roles else looks.FAILED)
        looks.tries(session, self._signs, look, self.tries)
        return looks.add(session, self._signs, look)

    def sign_out(self, locked: bool = False) -> None:
        """Whoever sat here leaves, or the program was locked. Nobody is kept here because it cannot be written down."""
        if self._sits and self.guarded:
            with suppress(Sorted):
                self.looked(looks.LOCKED if locked else looks.SIGNED_OUT)
        self._sits = 0

    def prove(self, password: str) -> None:
        """As Seating tells it; a wrong password is written down."""
        try:
            super().prove(password)
        except WrongPassword:
            with suppress(Sorted):
                self.looked(looks.WRONG_PASSWORD, field=str(self.officer), result=looks.FAILED)
            raise

    # -- proving

    def anchors(self) -> list[Anchor]:
        """Where the chains of this ledger end, to be kept elsewhere."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return looks.heads(session)

    def lost(self, anchors: Iterable[Anchor]) -> list[str]:
        """What anchors kept elsewhere say against this ledger; nothing when it is the one they were taken from."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return looks.lost(session, anchors)

    @property
    def _signs(self) -> Signer:
        assert self._journal is not None
        return self._journal.signer

    def _written(self, write: Callable[[Session], Written]) -> Written:
        def run() -> Written:
            with self.home.sorted(), Session(self.home.writer) as session, session.begin():
                return write(session)

        return again_if_busy(run)
