"""Code tables as the town publishes them (发布代码表): in the configuration, so that every village gets them with the next parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes, editions
from gridapp.fields.editions import Edition
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, Codes
from gridapp.ledger import MANAGE, PLAIN, Acting, Ledger, Reader, codebook, gated, needs, verb
from gridapp.ledger.tables import SCOPE
from gridapp.records import ENTITIES, Dictionary
from gridapp.texts import N_, _


class TownPublishes(Mistake):
    """A village's PC does not publish."""

    def __init__(self) -> None:
        super().__init__(_("代码表由镇里发布，村里的电脑不能发。请把文件交给镇里，镇里发布后随交接包带回来。"))


class NoSuchTable(Mistake):
    """No table a town may publish."""

    def __init__(self, name: str) -> None:
        super().__init__(_("没有“{0}”这张代码表。请用 codes 查看有哪些。").format(name))


class PublishedMeanwhile(Mistake):
    """Somebody else published the same table since this edition was looked at."""

    def __init__(self, name: str, edition: int) -> None:
        super().__init__(_("“{0}”刚刚有人发布了第 {1} 版，您这一版没有发布。请看过那一版，再重新选文件。").format(name, edition))


@verb(N_("发布代码表"), MANAGE)
def publish_codes(act: Acting, edition: Edition, seen: int, note: str | None = None) -> int:
    """Write an edition down; returns its number. `seen` is the number of the newest one it was held against.

    Run it in the configuration. Raises PublishedMeanwhile, Refused.
    """
    last = act.scalar(_newest(edition.name)) or 0
    if last != seen:
        raise PublishedMeanwhile(edition.name, last)
    act.add(Dictionary(name=edition.name, edition=last + 1, day=act.today, rows=edition.text, note=note))
    return last + 1


@gated(MANAGE)
def publish(ledger: Ledger, edition: Edition, seen: int, note: str | None = None) -> int:
    """Publish from the town's ledger; returns the number of the edition. Raises TownPublishes, PublishedMeanwhile, Refused."""
    if not ledger.scope.startswith("t:"):
        raise TownPublishes
    return ledger.do_in(codebook.configuration_of(ledger.scope), publish_codes, edition, seen, note).result


# ---------------------------------------------------------------- questions

#: tags from here on mean the same in every entity
UNIVERSAL = 100


@dataclass(frozen=True)
class Sheet:
    """One code table: where it is used, its edition in force (0: as shipped), and what a town may want to know of it."""

    id: str
    used: tuple[str, ...]
    edition: int
    day: date | None
    note: str
    offered: tuple[codes.Row, ...]
    retired: tuple[codes.Row, ...]
    #: all editions, newest first: number, day, note, taken back
    editions: tuple[tuple[int, date, str, bool], ...] = ()
    #: two town PCs published the same edition without knowing of each other
    twice: bool = False


def _published(scope: str) -> sa.Select[Dictionary]:
    return (sa.select(Dictionary).join(SCOPE, SCOPE.c.no == Dictionary.scope).where(SCOPE.c.name == codebook.configuration_of(scope))
            .order_by(Dictionary.edition.desc(), Dictionary.id.desc()))


def _newest(name: str) -> sa.Select[int]:
    """Numbers of taken back editions are not given again."""
    return (sa.select(sa.func.max(Dictionary.edition)).join(SCOPE, SCOPE.c.no == Dictionary.scope)
            .where(SCOPE.c.name.startswith("c:"), Dictionary.name == name))


@needs(PLAIN)
def newest(read: Reader, name: str) -> int:
    """The number of the newest edition of a table; 0 where none was published."""
    return read.scalar(_newest(name)) or 0


@needs(PLAIN)
def sheets(read: Reader, scope: str) -> list[Sheet]:
    """Every table that may be published, those with an edition of the town's first."""
    found = dict[str, list[Dictionary]]()
    for one in read.records(_published(scope)):
        found.setdefault(one.name, []).append(one)
    told = [_sheet(name, found.get(name, [])) for name in codes.names()]
    return sorted(told, key=lambda sheet: (not sheet.editions, sheet.id))


def _sheet(name: str, found: list[Dictionary]) -> Sheet:
    table, standing = codes.table(name), [one for one in found if not one.deleted]
    offered = {row.code for row in table.offered}
    numbers = [one.edition for one in standing]
    return Sheet(name, used_in(name), standing[0].edition if standing else 0, standing[0].day if standing else None,
                 (standing[0].note or "") if standing else "", table.offered, tuple(r for r in table.rows if r.code not in offered),
                 tuple((one.edition, one.day, one.note or "", bool(one.deleted)) for one in found), len(set(numbers)) < len(numbers))


def used_in(name: str) -> tuple[str, ...]:
    """The fields that take their values from a table: '租住：与承租人关系'."""
    return tuple(dict.fromkeys(
        _("{0}：{1}").format(_("各类记录") if told.tag >= UNIVERSAL else entity.TITLE, told.label)
        for entity in ENTITIES.values() for told in fields_of(entity).values() if isinstance(told.kind, (Code, Codes)) and told.kind.table == name))


def changes(edition: Edition) -> list[tuple[str, str]]:
    """What an edition changes, in words: ('新增', '13 网约车司机')."""
    def shown(row: codes.Row) -> str:
        return f"{row.code} {row.name}"

    return [*((_("新增"), shown(row)) for row in edition.added),
            *((_("改说法"), _("{0}（原来是“{1}”）").format(shown(row), before)) for before, row in edition.renamed),
            *((_("改内容"), shown(row)) for row in edition.retold),
            *((_("恢复使用"), shown(row)) for row in edition.back), *((_("停用"), shown(row)) for row in edition.retired)]


def text_of(name: str) -> str:
    """A table as it is in force, for a town to go on from."""
    return editions.text_of(codes.table(name).offered)
