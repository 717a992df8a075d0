"""F22 居住房屋出租治安消防安全责任书: what the landlord of one house promises; two copies (租赁房屋治安管理规定 第七条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import housepapers


@dataclass(frozen=True)
class Pledge:
    """The pledge of one house; both signatures and the day are written by hand."""

    issuer: str = ""
    house_no: str = ""
    lessor: str = ""
    phone: str = ""
    id_no: str = ""
    address: str = ""
    rooms: int | None = None
    max_people: int | None = None

    @property
    def label(self) -> str:
        return self.house_no

    @property
    def size(self) -> str:
        """间数/限住人数, with room to write what is not known."""
        return f"出租 {say(self.rooms, '3')} 间，限住 {say(self.max_people, '3')} 人"


def blank() -> list[Pledge]:
    """A form to fill in by hand."""
    return [Pledge()]


def compose(pledges: Sequence[Pledge]) -> Filled:
    """One for each house; the layout's parts make the copies."""
    return Filled(pledges)


def gather(read: Reader, wish: Wish) -> list[Pledge]:
    """One house, or all that are let; an empty one while there is none. Raises NoSuchHouse."""
    issuer = committee(read)
    return [_pledge(told, issuer) for told in housepapers.houses_on_paper(read, wish.house)] or [Pledge(issuer)]


def _pledge(told: housepapers.OnPaper, issuer: str) -> Pledge:
    """Whoever manages the house for its owner promises with the owner."""
    h = told.record
    lessor = f"{h.owner_name or ''}（管理人：{h.manager_name}）" if h.manager_name else h.owner_name or ""
    return Pledge(issuer, h.house_no, lessor, h.owner_phone or h.manager_phone or "", h.owner_id_no or "", h.address, h.rooms_let or told.rooms or None,
                  h.max_people)
