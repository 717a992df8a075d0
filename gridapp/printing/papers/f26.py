"""F26 个人信息处理告知书: who keeps what of somebody, why, how long, and what they may ask for (个人信息保护法 第十七、三十、三十五条)."""

from __future__ import annotations

from dataclasses import dataclass, field

from gridapp.fields import keeping
from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import personpapers, village


@dataclass(frozen=True)
class Notice:
    """One notice, to somebody or to whoever signs it; years as the table of retention says."""

    issuer: str = ""
    contact: str = ""
    phone: str = ""
    name: str = ""
    person_years: int = field(default_factory=lambda: keeping.kept("person").years)
    stay_years: int = field(default_factory=lambda: keeping.kept("tenancy").years)
    photo_years: int = field(default_factory=lambda: keeping.kept("photo").years)
    act_years: int = field(default_factory=lambda: keeping.kept("act").years)

    @property
    def label(self) -> str:
        return self.name


def compose(notice: Notice) -> Filled:
    """One notice."""
    return Filled([notice])


def gather(read: Reader, wish: Wish) -> Notice:
    """To one person, or to nobody yet. Raises Gone."""
    told = village.papers(read)
    person = personpapers.person_on_paper(read, wish.record).record if wish.record is not None else None
    return Notice(committee(read), told["chief"] or "", told["phone"] or "", person.name if person is not None else "")
