"""Beginning a register: the village, its first grid and its first officer; and who sits at the desk now."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes
from gridapp.ledger import MANAGE, PLAIN, REVIEW, Acting, Reader, needs, verb
from gridapp.ledger.writes import scope_names
from gridapp.records import Grid, Officer, Village
from gridapp.records.people import FIRST_CLERK, JOINT
from gridapp.texts import N_, _

#: the last number an officer can have
LAST_CLERK = 65_535


class BadVillageCode(Mistake):
    """No twelve digits."""

    def __init__(self, code: str) -> None:
        super().__init__(_("“{0}”不是 12 位的村（居）委会代码。例如青后叶村是 330784108238。").format(code))


class UnknownVillage(Mistake):
    """The table of villages (2023) lacks it: then its name must be told."""

    def __init__(self, code: str) -> None:
        super().__init__(_("代码表里没有 {0}，请同时写明村名，例如“青后叶村”。").format(code))


def refuse_other_than_code(code: str) -> None:
    """Raises BadVillageCode."""
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise BadVillageCode(code)


@verb(N_("建立台账"), MANAGE)
def found_village(act: Acting, code: str, grid: str, admin: str, name: str | None = None) -> UUID:
    """Village, first grid, first officer (number 1). Raises BadVillageCode, UnknownVillage (codes after 2023: give a name)."""
    refuse_other_than_code(code)
    known = codes.village(code)
    if known is None and not name:
        raise UnknownVillage(code)
    title = name or (known.display_name if known else "")
    town, county = (known.town, known.county) if known else (None, None)
    issuer = (town or "")[:1] + title.removesuffix("村")
    village = act.add(Village(code=code, name=title, code_system="nbs", town=town, county=county, issuer=issuer))
    first = act.add(Grid(village=village.id, name=grid, code=code + "001", chief=admin))
    act.add(Officer(number=1, name=admin, grid=first.id, role=JOINT))
    return village.id


@verb(N_("修改村信息"), MANAGE, REVIEW)
def correct_village(act: Acting, **values: Any) -> UUID:
    """Change the village's name, phone and number head of notices (文号代字); `chief` is that of its first grid. Raises Refused."""
    village, grid = _village(act), _grid(act)
    assert village is not None
    if "chief" in values:
        chief = values.pop("chief")
        if grid is not None:
            act.change(grid, chief=chief)
    return act.change(village, **values).id


@verb(N_("登记镇工作人员"), MANAGE)
def sign_on(act: Acting, name: str, number: int | None = None) -> int:
    """A clerk of the town, by a number no village's officer has; run it in the configuration, so that villages can read the name.

    Whoever founds the town's ledger has FIRST_CLERK and says so; everybody else's is drawn. Raises Refused.
    """
    number = number or new_number(act)
    act.add(Officer(number=number, name=name, role="town"))
    return number


@needs(MANAGE)
def new_number(read: Reader) -> int:
    """A number nobody had here. It is drawn, not counted: two PCs of a village, or of a town, that are apart must not give the same.

    The first of each is whoever founded the ledger, and nobody else's (`first_officer`).
    """
    taken = {number for (number,) in read.rows(sa.select(Officer.number))}
    least, most = (FIRST_CLERK + 1, LAST_CLERK) if is_town(read) else (2, FIRST_CLERK - 1)
    return next(number for number in iter(lambda: least + secrets.randbelow(most - least + 1), 0) if number not in taken)


# ---------------------------------------------------------------- questions

def _village(read: Reader) -> Village | None:
    return read.one(sa.select(Village).where(Village.deleted.is_not(True)))


def _grid(read: Reader) -> Grid | None:
    return read.one(sa.select(Grid).where(Grid.deleted.is_not(True)))


@needs(PLAIN)
def own_county(read: Reader) -> str:
    """The six-digit code of the county the village lies in; '' in a ledger without a village."""
    village = _village(read)
    return village.code[:6] if village else ""


@needs(PLAIN)
def own_grid(read: Reader) -> UUID | None:
    """The grid of the officer who is signed in: what they register lies in it."""
    found: UUID | None = read.scalar(sa.select(Officer.grid).where(Officer.number == read.officer, Officer.deleted.is_not(True)).limit(1))
    return found


def home_marks(hukou_code: str | None, county: str) -> list[Mark]:
    """A note where somebody's 户籍地 is the village's own county: 人户分离, no 流动人口 (浙江省流动人口居住登记条例 Art. 2)."""
    if not hukou_code or not county or not codes.became(hukou_code, county):
        return []
    return [Mark("hukou_code", "note", "own-county", _("户籍地在本县（市、区），属于人户分离，不算流动人口（条例第二条）。请核对户籍地。"))]


@needs(PLAIN)
def papers(read: Reader) -> dict[str, str | None]:
    """What papers take from the village: name, issuer (文号代字), phone, chief of the grid."""
    village, grid = _village(read), _grid(read)
    return {"name": village.name if village else "", "issuer": village.issuer if village else None,
            "phone": village.phone if village else None, "chief": grid.chief if grid else None}


@dataclass(frozen=True)
class Desk:
    """Where we are and who sits here."""

    village: str
    town: str
    county: str
    grid: str
    officer: str
    chief: str

    def home(self, scope: str) -> str:
        """'永康市古山镇青后叶村', what addresses in this register begin with; '永康市古山镇' for those of a whole town."""
        town, county = codes.town(scope[2:11]) or ("", "")
        if scope.startswith("v:"):
            return f"{self.county or county}{self.town or town}{self.village}"
        return f"{county or self.county}{town or self.town}"


@needs(PLAIN)
def desk(read: Reader) -> Desk:
    """The village, the first grid and the officer who is signed in."""
    village, grid = _village(read), _grid(read)
    officer = read.one(sa.select(Officer).where(Officer.number == read.officer))
    return Desk(village.name if village else "", (village.town if village else "") or "",
                (village.county if village else "") or "", grid.name if grid else "", officer.name if officer else "",
                (grid.chief if grid else "") or "")


@needs(PLAIN)
def is_town(read: Reader) -> bool:
    """Whether this is a town's ledger: it holds the officers of all its villages beside its own clerks."""
    return any(name.startswith("t:") for name in scope_names(read).values())


@needs(PLAIN)
def own_officers(read: Reader) -> sa.ColumnElement[bool]:
    """Of all officers a ledger holds those of this desk: the clerks at a town, the village's own at a village."""
    return Officer.number >= FIRST_CLERK if is_town(read) else Officer.number < FIRST_CLERK


@needs(PLAIN)
def first_officer(read: Reader) -> int:
    """The number of the first officer, who acts until several can sign in; 0 in a ledger without officers.

    A town's ledger holds the officers of all its villages: there the first clerk acts, never one of them.
    """
    return read.scalar(sa.select(sa.func.min(Officer.number)).where(Officer.deleted.is_not(True), own_officers(read))) or 0
