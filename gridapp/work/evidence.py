"""Evidence (凭据): photos of a matter before and after, and which steps may not be taken without one (code table photo_duty)."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.ledger.reader import Gone
from gridapp.records import ENTITIES, Photo
from gridapp.texts import N_, _
from gridapp.work import steps

_HASH = re.compile("[0-9a-f]{64}")


def stage(name: str) -> str:
    """The code of what a photo shows by its name: 整改前, 整改后. Raises KeyError."""
    found = codes.table("photo_stage").find(name)
    if found is None:
        raise KeyError(name)
    return found


@verb(N_("添加照片"), REGISTER)
def attach_photo(act: Acting, matter: UUID, content: str, size: int, stage: str | None = None, caption: str | None = None,
                 taken_on: date | None = None) -> UUID:
    """Name a photo whose bytes the album keeps (by their hash in hex) as one of this record. Raises Gone, Refused."""
    if not _HASH.fullmatch(content):
        raise ValueError("a photo is named by 64 hexadecimal digits")
    if all(act.find(entity, matter) is None for entity in ENTITIES.values()):
        raise Gone
    return act.add(Photo(of=matter, content=content, size=size, stage=stage, caption=caption, taken_on=taken_on or act.today)).id


@verb(N_("撤下照片"), REGISTER)
def take_down_photo(act: Acting, photo_id: UUID) -> UUID:
    """A photo that shows something else: it is no longer shown; undo brings it back. Raises Gone."""
    return act.change(act.get(Photo, photo_id), deleted=True).id


@needs(LOOK)
def photo_content(read: Reader, photo_id: UUID) -> bytes:
    """What the bytes of a photo are known by in the album. Raises Gone."""
    return bytes.fromhex(read.get(Photo, photo_id).content)


@needs(LOOK)
def photos_of(read: Reader, matter: UUID) -> tuple[Photo, ...]:
    """The photos of a record in order; the bytes are in the album."""
    return tuple(read.records(sa.select(Photo).where(Photo.of == matter, Photo.deleted.is_not(True)).order_by(Photo.taken_on, Photo.id)))


def is_duty(step: str) -> bool:
    """Whether this step asks for a photo; by default none does."""
    return any(row.name == step for row in codes.table("photo_duty").offered)


@needs(LOOK)
def refuse_without_photo(read: Reader, matter: UUID, step: str, doing: str, *, after: bool) -> None:
    """Where `step` asks for one: a photo of how it is now (`after`), else of how it was found. `doing` is what waits for it. Raises Missing."""
    if is_duty(step):
        put_right = stage("整改后")
        seen = any((photo.stage == put_right) is after for photo in photos_of(read, matter))
        what = _("整改后的照片") if after else _("发现时的照片")
        steps.refuse_missing(doing, {what: 1 if seen else None})
