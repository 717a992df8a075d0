"""Forgetting a person (依法删除, 个人信息保护法 Art. 47): the record and all that is only about it, and a list of what a program cannot reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import REVIEW, Acting, Ledger, Reader, gated, needs, verb
from gridapp.ledger.erasure import leave_nothing
from gridapp.records import Person, Photo, Record, Step, Task, Tenancy
from gridapp.store.remains import SECRET, Remains
from gridapp.texts import N_, _
from gridapp.work import people, retention

#: what everybody must know who asks for an erasure
BEYOND = N_("固态硬盘和U盘上已删除的内容，任何程序都不能保证恢复不出来；以前的备份和已交出去的交接包里也还有。请更换台账密钥，并销毁旧备份。")
SHORTEST = 4


class NoBasis(Mistake):
    """An erasure that says not why."""

    def __init__(self) -> None:
        super().__init__(_("请写明依据，如“本人申请，个人信息保护法第四十七条”。没有删除任何内容。"))


class Held(Mistake):
    """A record that must be kept."""

    def __init__(self, why: str) -> None:
        super().__init__(_("这条登记要依法保留（任务“{0}”没有办完），没有删除。请先办完或撤回这个任务。").format(why))


@dataclass(frozen=True)
class Forgotten:
    """What went: records, photo files and drafts; what may still hold it: backups, and records whose own text mentions the name."""

    records: int
    photos: int
    drafts: int
    backups: tuple[str, ...]
    mentions: tuple[tuple[str, UUID, str], ...]
    beyond: str = BEYOND


def _ids(read: Reader, person_id: UUID) -> list[UUID]:
    """The person and whoever was merged into them."""
    found, fresh = [person_id], [person_id]
    while fresh:
        fresh = [row.id for row in read.rows(sa.select(Person.id).where(Person.into.in_(fresh), Person.id.not_in(found)))]
        found += fresh
    return found


def _about(read: Reader, ids: Sequence[UUID]) -> list[Record]:
    """Every record that is about nobody else: the people, their stays, the photos of both, finished tasks about them, what happened in their households."""
    found: list[Record] = [*read.records(sa.select(Person).where(Person.id.in_(ids))), *read.records(sa.select(Tenancy).where(Tenancy.person.in_(ids)))]
    near = [r.id for r in found]
    return [*found, *read.records(sa.select(Photo).where(Photo.of.in_(near))), *read.records(sa.select(Task).where(Task.subject.in_(near))),
            *read.records(sa.select(Step).where(Step.matter.in_(near)))]


@verb(N_("依法删除人员"), REVIEW, fresh=True)
def forget_person(act: Acting, person_id: UUID, basis: str) -> int:
    """Erase a person and all that is only about them; it cannot be taken back. Returns the number of records.

    Raises Gone, NoBasis, StillLiving, Held.
    """
    if len((basis or "").strip()) < SHORTEST:
        raise NoBasis
    person = act.get(Person, person_id)
    found = _about(act, _ids(act, person_id))
    if any(isinstance(r, Tenancy) and r.end is None and not r.deleted for r in found):
        raise people.StillLiving(person.name)
    held = retention.holds(act)
    for record in found:
        if record.id in held:
            raise Held(held[record.id])
    for record in found:
        act.erase(record, basis.strip())
    return len(found)


@needs(REVIEW)
def _known_by(read: Reader, person_id: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """What the person is called and numbered, and the contents of photos that are theirs alone."""
    found = _about(read, _ids(read, read.get(Person, person_id).id))
    ids = {r.id for r in found}
    names = {str(v) for p in found if isinstance(p, Person) for v in (p.name, p.used_name, p.id_no, p.phone, p.permit_no) if v}
    contents = {r.content for r in found if isinstance(r, Photo)}
    shared = {row.content for row in read.rows(sa.select(Photo.content, Photo.id).where(Photo.content.in_(contents))) if row.id not in ids}
    return frozenset(names), frozenset(contents - shared)


@gated(REVIEW)
def forget(ledger: Ledger, person_id: UUID, basis: str, drop_photo: Callable[[bytes], Any] = lambda _content: None,
           backups: Iterable[str] = ()) -> Forgotten:
    """The whole way: records, history, index, drafts, photo files, write-ahead log. `backups`: those taken so far, they still hold it.

    Raises Gone, NoBasis, StillLiving, Held, DiskFull, CannotWrite.
    """
    names, contents = ledger.ask(_known_by, person_id)
    records = ledger.do(forget_person, person_id, basis).result
    drafts = [d.form for d in ledger.drafts() if str(person_id) in d.form or any(n in text for n in names for text in d.values.values())]
    for form in drafts:
        ledger.drop_draft(form)
    for content in sorted(contents):
        drop_photo(bytes.fromhex(content))
    _begin_batches_anew(ledger)
    leave_nothing(ledger.home.writer)
    mentions = {(hit.entity, hit.id, hit.label) for name in names for hit in ledger.search(name, 20)}
    return Forgotten(records, len(contents), len(drafts), tuple(backups), tuple(sorted(mentions, key=str)))


def _begin_batches_anew(ledger: Ledger) -> None:
    """Pages that wait, sealed, for their batch of papers to be finished may name the person: they are drawn again when somebody goes on with it."""
    secret = ledger.secret(SECRET)
    for left in Remains.all(Remains.here(), bytes.fromhex(secret)) if secret else ():
        left.drop_pieces()
