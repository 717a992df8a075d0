"""Photos beside the ledger: found by their content, nothing in the clear, nothing damaged handed out."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import pytest

from gridapp.store import photos
from gridapp.store.files import CannotWrite, DiskFull
from gridapp.store.photos import LARGEST, PhotoDamaged, PhotoMissing, Photos, PhotoTooBig, hash_of
from gridapp.store.vault import sealed, unsealed

SECRET = bytes(range(32))
PHOTO = b"\xff\xd8\xff\xe0 JFIF " + b"a face" * 1000


@pytest.fixture
def store(tmp_path: Path) -> Photos:
    return Photos(Photos.beside(tmp_path / "台账.grid"), SECRET)


def file_of(store: Photos, name: bytes) -> Path:
    return store.folder / name.hex()[:2] / name.hex()


def test_a_photo_is_found_by_its_content_and_kept_once(store: Photos) -> None:
    name = store.put(PHOTO)
    assert name == hash_of(PHOTO) and store.get(name) == PHOTO and store.has(name)
    written = file_of(store, name).read_bytes()
    assert store.put(PHOTO) == name and file_of(store, name).read_bytes() == written
    assert store.folder.name == "台账.grid.photos" and [p.name for p in store.folder.rglob("*") if p.is_file()] == [name.hex()]


@pytest.mark.parametrize("data", [b"", b"x", bytes(LARGEST)])
def test_a_photo_of_any_size_up_to_the_limit_comes_back(store: Photos, data: bytes) -> None:
    assert store.get(store.put(data)) == data


def test_one_byte_too_many_is_refused(store: Photos) -> None:
    with pytest.raises(PhotoTooBig, match="8 MB"):
        store.put(bytes(LARGEST + 1))
    assert not store.folder.exists()


def test_nothing_of_a_photo_is_in_the_clear_and_another_secret_opens_none(store: Photos) -> None:
    name = store.put(PHOTO)
    assert b"JFIF" not in file_of(store, name).read_bytes() and b"a face" not in file_of(store, name).read_bytes()
    with pytest.raises(PhotoDamaged):
        Photos(store.folder, bytes(32)).get(name)
    with pytest.raises(ValueError, match="32"):
        Photos(store.folder, b"short")


def test_a_flipped_bit_anywhere_is_named_and_never_handed_out(store: Photos) -> None:
    name, chance = store.put(PHOTO), random.Random(1)
    path = file_of(store, name)
    whole = path.read_bytes()
    for place in [*range(40), *(chance.randrange(len(whole)) for _ in range(60))]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1:])
        with pytest.raises(PhotoDamaged, match=name.hex()):
            store.get(name)
        assert list(store.damaged()) == [name]
    for length in (0, 3, 4, 20, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(PhotoDamaged):
            store.get(name)
    assert store.put(PHOTO) == name and store.get(name) == PHOTO and list(store.damaged()) == [], "putting it again mends it"


def test_a_photo_under_anothers_name_is_found_out(store: Photos) -> None:
    one, two = store.put(b"one"), store.put(b"two")
    file_of(store, one).write_bytes(file_of(store, two).read_bytes())
    with pytest.raises(PhotoDamaged):
        store.get(one)
    file_of(store, one).write_bytes(photos._MAGIC + sealed(store._key, b"two", one))  # whoever has the key still cannot lie about the content
    with pytest.raises(PhotoDamaged):
        store.get(one)


def test_what_is_missing_is_counted(store: Photos) -> None:
    names = [store.put(bytes([n])) for n in range(175)]
    assert store.missing(names) == [] and store.sizes() == dict.fromkeys(names, 1)
    store.delete(names[3])
    store.delete(names[3])
    absent = hash_of(b"never here")
    assert store.missing([*names, absent, absent]) == [names[3], absent]
    with pytest.raises(PhotoMissing, match="还没有收到"):
        store.get(names[3])


def test_other_files_among_them_are_left_alone(store: Photos) -> None:
    name = store.put(PHOTO)
    for odd in (store.folder / "Thumbs.db", store.folder / "ab" / "x.part", file_of(store, name).with_name(name.hex() + ".1.part")):
        odd.parent.mkdir(exist_ok=True)
        odd.write_bytes(b"")
    (store.folder / "cd").mkdir(exist_ok=True)
    (store.folder / "cd" / ("ef" * 32)).write_bytes(b"")  # not where its name belongs
    assert store.sizes() == {name: len(PHOTO)} and list(store.damaged()) == []


@pytest.mark.parametrize("name", [b"", b"../../etc/passwd", bytes(31), bytes(33)])
def test_only_a_hash_names_a_photo(store: Photos, name: bytes) -> None:
    for ask in (store.get, store.has, store.delete):
        with pytest.raises(ValueError, match="32 bytes"):
            ask(name)


def test_a_full_disk_leaves_the_store_as_it_was(store: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    name = store.put(PHOTO)

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DiskFull):
        store.put(b"another")
    assert store.sizes() == {name: len(PHOTO)} and store.get(name) == PHOTO


def test_a_disk_that_lies_is_found_out_by_reading_back(store: Photos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: open(self, "wb").close())
    with pytest.raises(CannotWrite):
        store.put(PHOTO)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CannotWrite):
        Photos(tmp_path / "file", SECRET).put(PHOTO)


def test_a_box_opens_only_whole_and_for_what_it_was_sealed() -> None:
    box = sealed(SECRET, b"data", b"for one")
    assert unsealed(SECRET, box, b"for one") == b"data" and box != sealed(SECRET, b"data", b"for one")
    assert unsealed(SECRET, box, b"for two") is None and unsealed(bytes(32), box, b"for one") is None
    assert all(unsealed(SECRET, box[:n], b"for one") is None for n in range(len(box)))
