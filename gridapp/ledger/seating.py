"""Who sits at the ledger: the one check on the way of every question and every act, and how fresh the password is."""

from __future__ import annotations

from abc import ABC
from time import monotonic

from sqlalchemy.orm import Session

from gridapp.ledger.home import Home
from gridapp.ledger.permits import HOUSE, Needs, PasswordAgain, Permit, Seat, seat_of

#: seconds for which a password just typed opens the grave things (reliability.md A6, ASVS 7.5.3)
FRESH = 300


class Seating(ABC):
    """The part of a ledger that knows who sits here; `Ledger` is the whole."""

    home: Home
    #: number of the officer in whose name everything is written down; 0 is the program itself
    officer: int
    #: whether somebody signed in, who may do what their roles allow; the program at its own work (founding, workers) may do everything
    guarded = False
    #: when the password was typed last, on a clock nobody can set
    _proved_at: float | None = None

    @property
    def seat(self) -> Seat:
        """Who sits here, as the ledger tells it now."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return seat_of(session, self.officer) if self.guarded else HOUSE

    def require(self, *permits: Permit, fresh: bool = False) -> None:
        """The check for what is neither a question nor an act. Raises NotAllowed, NobodyHere, PasswordAgain."""
        with self.home.sorted(), Session(self.home.engine) as session:
            self._seated(session, Needs(frozenset(permits), fresh))

    def _seated(self, session: Session, asked: Needs | None) -> Seat:
        if not self.guarded:
            return HOUSE
        seat = seat_of(session, self.officer)
        seat.refuse(asked)
        if asked is not None and asked.fresh and self.is_stale:
            raise PasswordAgain
        return seat

    # -- the password

    @property
    def is_stale(self) -> bool:
        """Whether it is too long since the password was typed."""
        return self._proved_at is None or monotonic() - self._proved_at > FRESH

    def sign_in(self, officer: int) -> None:
        """From now on everything is done in this officer's name and as far as their roles reach; their password has just been typed.

        0: nobody is here yet (a PC that waits for its first parcel), the program is at its own work.
        """
        self.officer, self.guarded, self._proved_at = officer, officer != 0, monotonic()

    def prove(self, password: str) -> None:
        """Show once more that it is the officer who sits here. Raises WrongPassword, and what the key file says."""
        self.home.check_password(password, self.officer)
        self._proved_at = monotonic()
