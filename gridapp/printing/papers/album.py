"""The photos a paper shows: the bytes of one that is here whole and that a printer takes."""

from __future__ import annotations

from gridapp.printing.page import jpeg_size
from gridapp.printing.papers.office import Wish
from gridapp.records import Photo
from gridapp.store.photos import PhotoDamaged, PhotoMissing


def bytes_of(photo: Photo, wish: Wish) -> bytes | None:
    """The photo's bytes; None where it has not been received, is damaged, or is no picture a printer takes."""
    try:
        data = wish.photo(bytes.fromhex(photo.content)) if wish.photo is not None else b""
    except (PhotoMissing, PhotoDamaged):
        return None
    return data if jpeg_size(data) is not None else None
