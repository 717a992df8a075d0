"""The audit (审计): acts and looks in one list by time, for whoever checks; records by masked names. And proving a ledger with what stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import names
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import AUDIT, PLAIN, Ledger, Reader, Report, gated, looks, needs
from gridapp.ledger.looks import WHATS, Anchor, anchors_in
from gridapp.ledger.tables import LOOKS
from gridapp.ledger.verbs import title_of
from gridapp.records import BY_NAME, Act, House, Officer, Person
from gridapp.store import backup, shelf
from gridapp.store.files import sorted_trouble
from gridapp.store.refusals import KeysMissing
from gridapp.texts import N_, _
from gridapp.work import backups, clocks

#: filter of the list → title; any other word is one of looks.WHATS
ALL, ACTS, LOOKS_ONLY = "all", "acts", "looks"
FILTERS = {ALL: N_("全部"), ACTS: N_("操作"), LOOKS_ONLY: N_("查看"), looks.OPENED: WHATS[looks.OPENED], looks.REVEALED: WHATS[looks.REVEALED],
           looks.SOUGHT: WHATS[looks.SOUGHT], looks.PRINTED: WHATS[looks.PRINTED], looks.EXPORTED: WHATS[looks.EXPORTED],
           looks.REFUSED: WHATS[looks.REFUSED], looks.WRONG_PASSWORD: WHATS[looks.WRONG_PASSWORD], looks.KEYS: WHATS[looks.KEYS]}
RESULTS = {looks.OK: N_("成功"), looks.FAILED: N_("未成功")}
#: an anchor stands in a line of text or in a backup; a longer file is neither
LONGEST = 1 << 20
#: a list is looked through so far, a paper prints so much
MOST = 5_000


class NoAnchor(Mistake):
    """Neither a foot of a page nor a backup."""

    def __init__(self) -> None:
        super().__init__(_("没有认出审计号。请输入表单页脚“审计”后面的一串（例如 3F2A90C1-127-8c1f09ab4d5e6f70），或指明一个 .gridbak 备份文件。"))


@dataclass(frozen=True)
class Line:
    """One thing that was done or looked at. `where` is its place in the chain, '' for an act, which is in the journal."""

    at: datetime
    officer: str
    what: str
    title: str
    about: str = ""
    why: str = ""
    result: str = looks.OK
    where: str = ""
    record: UUID | None = None

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True)
class Wish:
    """What of the audit is asked for: days (both included), an officer's number, one of FILTERS or WHATS, one record."""

    since: date | None = None
    until: date | None = None
    officer: int | None = None
    what: str = ALL
    record: UUID | None = None


@needs(AUDIT)
def lines(read: Reader, wish: Wish = Wish(), limit: int = 200, offset: int = 0) -> list[Line]:
    """The newest first. That somebody reads it is written down too, once a minute."""
    read.audited()
    found = [*_looks(read, wish, limit + offset), *_acts(read, wish, limit + offset)]
    return sorted(found, key=lambda line: line.at, reverse=True)[offset:offset + limit]


@needs(AUDIT)
def count(read: Reader, wish: Wish = Wish()) -> int:
    """How many lines there are."""
    asked = [told for told in (_asked_looks(wish), _asked_acts(wish)) if told is not None]
    return sum(read.scalar(sa.select(sa.func.count()).select_from(one.order_by(None).subquery())) for one in asked)


def _moment(day: date, end: bool = False) -> datetime:
    return datetime.combine(day, time.max if end else time.min, BEIJING).astimezone(UTC)


def _asked_looks(wish: Wish) -> sa.Select[*tuple[object, ...]] | None:
    if wish.what == ACTS:
        return None
    asked = sa.select(LOOKS).order_by(LOOKS.c.at.desc(), LOOKS.c.seq.desc())
    if wish.since is not None:
        asked = asked.where(LOOKS.c.at >= int(_moment(wish.since).timestamp() * 1000))
    if wish.until is not None:
        asked = asked.where(LOOKS.c.at <= int(_moment(wish.until, end=True).timestamp() * 1000))
    if wish.officer is not None:
        asked = asked.where(LOOKS.c.officer == wish.officer)
    if wish.record is not None:
        asked = asked.where(LOOKS.c.record == wish.record.bytes)
    return asked if wish.what in (ALL, LOOKS_ONLY) else asked.where(LOOKS.c.what == wish.what)


def _asked_acts(wish: Wish) -> sa.Select[Act] | None:
    if wish.what not in (ALL, ACTS) or wish.record is not None:
        return None
    asked = sa.select(Act).where(Act.deleted.is_not(True)).order_by(Act.at.desc(), Act.seq.desc())
    if wish.since is not None:
        asked = asked.where(Act.at >= _moment(wish.since))
    if wish.until is not None:
        asked = asked.where(Act.at <= _moment(wish.until, end=True))
    return asked if wish.officer is None else asked.where(Act.officer == wish.officer)


def _looks(read: Reader, wish: Wish, most: int) -> list[Line]:
    asked = _asked_looks(wish)
    rows = read.rows(asked.limit(most)) if asked is not None else []
    who, about = _names(read), _abouts(read, [(r.entity, UUID(bytes=r.record)) for r in rows if r.record])
    return [Line(datetime.fromtimestamp(r.at / 1000, UTC), who.get(r.officer, _("程序")), r.what, _(WHATS.get(r.what, r.what)),
                 about.get(UUID(bytes=r.record), _("（记录 {0}）").format(r.record.hex()[:8])) if r.record else "",
                 _why(r), r.result, f"{r.dev.hex()[:8].upper()}-{r.seq}", UUID(bytes=r.record) if r.record else None) for r in rows]


def _why(row: sa.Row[*tuple[object, ...]]) -> str:
    """'F02 第 12 号', '原因'."""
    told = row._mapping
    if told["what"] == looks.WRONG_PASSWORD and told["why"]:
        wrong, last = str(told["why"]).split(" ")
        return _("账号 {0}：连续 {1} 次，最后 {2:%m-%d %H:%M}").format(told["field"] or "—", wrong, datetime.fromtimestamp(int(last) / 1000, BEIJING))
    if told["what"] == looks.KEYS:
        of = str(told["why"] or "")
        return "　".join(one for one in (_(looks.KEYINGS.get(str(told["field"]), "")), _("账号 {0}").format(of) if of.isdecimal() else _(looks.KEYED_WITH.get(of, of)))
                        if one)
    why = _(backups.REASONS.get(str(told["why"]), "")) if told["what"] == looks.BACKED_UP else told["why"]
    number = _("第 {0} 号").format(told["number"]) if told["number"] else None
    return "　".join(str(one) for one in (told["field"], number, why) if one)


def _acts(read: Reader, wish: Wish, most: int) -> list[Line]:
    asked = _asked_acts(wish)
    acts = read.records(asked.limit(most)) if asked is not None else []
    who, least = _names(read), clocks.doubtful_acts(read, [a.id for a in acts])
    return [Line(a.at, who.get(a.officer, _("程序")), a.verb, title_of(a.verb), _("{0} 条记录").format(a.touched or 0), _doubt(least.get(a.id)))
            for a in acts]


def _doubt(least: datetime | None) -> str:
    """The flag of an act whose time cannot be right (C2)."""
    return _("时间存疑：这时台账里已有 {0:%Y-%m-%d %H:%M} 的内容").format(least.astimezone(BEIJING)) if least else ""


def _names(read: Reader) -> dict[int, str]:
    return {number: name for number, name in read.rows(sa.select(Officer.number, Officer.name))}


def _abouts(read: Reader, wanted: Iterable[tuple[str | None, UUID]]) -> dict[UUID, str]:
    """'流动人口 彭＊' by record: enough for whoever checks, who sees no personal data (三员分立)."""
    by_entity: dict[str, list[UUID]] = {}
    for entity, record in wanted:
        if entity in BY_NAME:
            by_entity.setdefault(str(entity), []).append(record)
    told: dict[UUID, str] = {}
    for entity, ids in by_entity.items():
        kind = BY_NAME[entity]
        for start in range(0, len(ids), 500):
            told |= {r.id: f"{kind.TITLE} {_masked(r)}" for r in read.records(sa.select(kind).where(kind.id.in_(ids[start:start + 500])))}
    return told


def _masked(record: object) -> str:
    if isinstance(record, Person):
        return masked_name(record.name)
    return record.house_no or "" if isinstance(record, House) else ""


def masked_name(name: str | None) -> str:
    """'彭＊', '阿＊＊＊'."""
    plain = names.tidy(name or "")
    return plain[:1] + "＊" * min(3, len(plain) - 1)


@needs(AUDIT)
def officers(read: Reader) -> list[tuple[int, str]]:
    """(number, name) of everybody who may stand in the audit."""
    return sorted(_names(read).items(), key=lambda one: one[1])


# ---------------------------------------------------------------- proving

def anchors_of(told: str) -> list[Anchor]:
    """What somebody holds against the ledger: a foot of a page, a text file with some, or a backup. Raises NoAnchor, NotABackup, BackupDamaged, CannotRead."""
    found = anchors_in(told)
    path = Path(told)
    with suppress(OSError, ValueError):  # a text that is no name of a file
        if not found and path.is_file():
            if path.suffix == backup.ENDING:
                found = backups.anchors_of(backup.told_of(path))
            elif path.stat().st_size <= LONGEST:
                with sorted_trouble(path):
                    found = anchors_in(path.read_text("utf-8", errors="replace"))
    if not found:
        raise NoAnchor
    return found


@gated(PLAIN)
def prove(ledger: Ledger, anchors: Iterable[Anchor] = ()) -> Report:
    """`verify`, and whether the audit still holds every place it is anchored at: those given, and the newest backup's of this PC (T3)."""
    report = ledger.verify()
    return replace(report, faults=(*report.faults, *ledger.lost([*anchors, *_by_the_backups(ledger)])))


def _by_the_backups(ledger: Ledger) -> list[Anchor]:
    """Of the newest backup; none while it is older than the last restoring: what it holds the ledger may lack, as the officer was told (恢复)."""
    if ledger.home.shared:
        return []
    with suppress(KeysMissing):
        place = backups.place_of(ledger.path)
        here, _bad = shelf.in_folder(place)
        own = [kept for kept in here if kept.manifest.scope == ledger.scope]
        if own and own[0].manifest.seq > backups.Notes.load(place).restored_seq:
            return backups.anchors_of(own[0].manifest)
    return []
