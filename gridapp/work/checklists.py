"""Checklists (检查表) as they are asked for: the edition in force, the edition an inspection was made with, and which class of place has which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import checklists, codes, tablefiles
from gridapp.fields.checklists import Item
from gridapp.fields.tablefiles import CHECKLIST
from gridapp.ledger import PLAIN, Reader, needs
from gridapp.ledger.tables import SCOPE
from gridapp.records import Dictionary
from gridapp.texts import _

#: the list of rented houses; every other place has that of its class (code table site_class)
RENTAL, ZONE = "rental", "zone"


class NoSuchChecklist(Mistake):
    """A list that is neither shipped nor published."""

    def __init__(self, name: str) -> None:
        super().__init__(_("没有“{0}”这张检查表。请先发布，或在代码表“场所类别”里改用别的检查表。").format(name))


class NoChecklist(Mistake):
    """A class of places that has no list."""

    def __init__(self, label: str) -> None:
        super().__init__(_("“{0}”这一类还没有检查表。请在代码表“场所类别”（site_class）的 checklist 列写上用哪一张。").format(label))


@dataclass(frozen=True)
class Checklist:
    """One edition of a list; `exact`: False where this PC has not (yet) got the edition asked for and shows another."""

    name: str
    title: str
    edition: int
    items: tuple[Item, ...]
    exact: bool = True

    def item(self, item_id: str) -> Item:
        """The item of this id; one this edition does not know is shown as such, never dropped."""
        return next((item for item in self.items if item.id == item_id), Item(item_id, f"{codes.NEW} {item_id}"))


def title_of(name: str) -> str:
    """'出租房屋安全检查表'; a list without a line in the code table `checklist` is called by its name."""
    found = {row.code: row.name for row in codes.table("checklist").rows}
    return found.get(name, name)


def of_class(kind: str | None) -> str:
    """The list of a class of places. Raises NoChecklist."""
    told = next((row.told("checklist") for row in codes.table("site_class").rows if row.code == kind), "")
    if not told:
        raise NoChecklist(codes.table("site_class").label(kind or ""))
    return told


def _published(name: str) -> sa.Select[*tuple[int, str, bool | None]]:
    """Editions the town published, newest first; those taken back last: an inspection may have been made with one."""
    return (sa.select(Dictionary.edition, Dictionary.rows, Dictionary.deleted).join(SCOPE, SCOPE.c.no == Dictionary.scope)
            .where(SCOPE.c.name.startswith("c:"), Dictionary.name == CHECKLIST + name)
            .order_by(sa.func.coalesce(Dictionary.deleted, sa.false()), Dictionary.edition.desc(), Dictionary.id.desc()))


def _shipped(name: str) -> list[tuple[int, str]]:
    files = tablefiles.checklist_editions(CHECKLIST + name)
    return [(number, files[number].read_text("utf-8")) for number in sorted(files, reverse=True)]


@needs(PLAIN)
def in_force(read: Reader, name: str) -> Checklist:
    """The edition an inspection is made with today: the town's newest, else the shipped one. Raises NoSuchChecklist."""
    found = [(number, text) for number, text, gone in read.rows(_published(name)) if not gone] or _shipped(name)
    if not found:
        raise NoSuchChecklist(name)
    return Checklist(name, title_of(name), found[0][0], checklists.items_in(found[0][1]))


@needs(PLAIN)
def edition(read: Reader, name: str, number: int, answered: Iterable[str] = ()) -> Checklist:
    """The edition of this number, whatever came after it. Raises NoSuchChecklist.

    Two town PCs may have published one number without knowing of each other: the one that has the items `answered` is meant. One this PC
    has not got (a parcel brings it) is shown by what is in force.
    """
    wanted = set(answered)
    found = [checklists.items_in(text) for n, text in [*((n, t) for n, t, _gone in read.rows(_published(name))), *_shipped(name)] if n == number]
    if not found:
        known = in_force(read, name)
        return Checklist(name, known.title, number, known.items, exact=False)
    meant = next((items for items in found if wanted <= {item.id for item in items}), found[0])
    return Checklist(name, title_of(name), number, meant)


@dataclass(frozen=True)
class Offered:
    """A list an inspection may be made with."""

    name: str
    title: str
    items: int


@needs(PLAIN)
def lists(read: Reader) -> list[Offered]:
    """Every list there is, shipped or published."""
    names = [name.removeprefix(CHECKLIST) for name in codes.names() if name.startswith(CHECKLIST)]
    return [Offered(name, title_of(name), len(in_force(read, name).items)) for name in names]
