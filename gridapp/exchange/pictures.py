"""Photos on their way (照片): the records that name them travel as data, the bytes where there is room; both sides count the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from gridapp.exchange.parcel import Opened
from gridapp.ledger import HAND, LOOK, PLAIN, REGISTER, Ledger, Reader, dealings, gated, needs
from gridapp.ledger.hubphotos import HubPhotos
from gridapp.records import Photo
from gridapp.store.files import sorted_trouble
from gridapp.store.photos import Photos
from gridapp.work import choosing, evidence


@gated(PLAIN)
def album(ledger: Ledger) -> Photos | HubPhotos:
    """The photos of this ledger: in the town's database, or in files whose key is made when first asked for and kept inside the ledger."""
    if ledger.home.shared:
        return HubPhotos(ledger.home.writer)
    secret = ledger.secret("photos")
    if secret is None:
        secret = os.urandom(32).hex()
        ledger.keep_secret("photos", secret)
    return Photos(Photos.beside(ledger.path), bytes.fromhex(secret))


@needs(PLAIN)
def named(read: Reader, records: Sequence[bytes] | None = None) -> dict[bytes, int]:
    """{content hash: bytes} of the photos that records name; of all, or of those written about."""
    asked = sa.select(Photo.id, Photo.content, Photo.size).where(Photo.deleted.is_not(True)).order_by(Photo.id)
    chosen = None if records is None else set(records)
    return {bytes.fromhex(row.content): row.size or 0 for row in read.rows(asked)
            if (chosen is None or row.id.bytes in chosen) and _is_hash(row.content)}


def _is_hash(text: str | None) -> bool:
    return text is not None and len(text) == 64 and all(c in "0123456789abcdef" for c in text)


@gated(REGISTER)
def add(ledger: Ledger, matter: UUID, data: bytes, stage: str, caption: str | None = None) -> UUID:
    """Keep a photo and name it as one of this record; the bytes first: a record never names what was not kept. Raises PhotoTooBig, Gone, WholeTown."""
    kept = album(choosing.chosen(ledger)).put(data)
    made: UUID = ledger.do(evidence.attach_photo, matter, kept.hex(), len(data), stage, caption).result
    return made


@gated(LOOK)
def show(ledger: Ledger, photo_id: UUID) -> bytes:
    """The bytes of a photo. Raises Gone, PhotoMissing, PhotoDamaged."""
    return album(ledger).get(ledger.ask(evidence.photo_content, photo_id))


@gated(PLAIN)
def to_send(ledger: Ledger, sids: Sequence[int], device: bytes) -> dict[bytes, int]:
    """{hash: bytes} of what goes with these seals, and of what the other has asked for and we have."""
    asked = next((p.wanted for p in ledger.look(dealings.peers) if p.device == device), [])
    written = ledger.written(Photo.CODE, sids)
    if not written and not asked:
        return {}
    here = album(ledger).sizes()
    return {photo: here[photo] for photo in (*ledger.ask(named, written), *asked) if photo in here}


@gated(PLAIN)
def wanted(ledger: Ledger) -> list[bytes]:
    """What our records name and we do not have."""
    return sorted(album(ledger).missing(found)) if (found := ledger.ask(named)) else []


@gated(HAND)
def read(ledger: Ledger, photos: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(hash, bytes) for a parcel. Raises PhotoDamaged."""
    chosen = list(photos)
    if chosen:
        kept = album(ledger)
        for photo in chosen:
            yield photo, kept.get(photo)


@gated(PLAIN)
def fit(ledger: Ledger, opened: Opened) -> bool:
    """Whether the photos of a parcel that are not here yet take at most half of what is free on the disk (sync.md 4.4).

    Of a server's disk nothing is known here: whoever runs the database watches it.
    """
    if ledger.home.shared or not opened.manifest.photos:
        return True
    sizes = dict(opened.manifest.photos)
    new = sum(sizes[photo] for photo in album(ledger).missing(sizes))
    return new * 2 <= _free(ledger.path)


def _free(path: Path) -> int:
    with sorted_trouble(path):
        return shutil.disk_usage(path.parent).free


@gated(HAND)
def take(ledger: Ledger, opened: Opened) -> tuple[int, int]:
    """Keep the photos of a parcel that our records name, after its data are in: (how many were kept, how many are still wanted).

    Where they do not `fit` none is kept: they stay wanted, and the next parcel asks for them.
    """
    known, taken = ledger.ask(named), 0
    if opened.manifest.photos and fit(ledger, opened):
        kept = album(ledger)
        for photo, data in opened.photos():
            if photo in known:
                kept.put(data)
                taken += 1
    return taken, len(wanted(ledger))
