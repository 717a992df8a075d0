"""Photos by every way: chosen, dragged, pasted, from a phone's folder; a face small enough, nothing of where it was taken; before beside after."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage

from gridapp.exchange import pictures
from gridapp.fields import codes
from gridapp.fields.kinds import BEIJING
from gridapp.work import evidence
from ui import files
from ui.photos import PhotosPage
from ui.smaller import FACE, FACE_MOST, made_small
from tests.ledgers import TODAY

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def noisy(path: Path, width: int = 1500, height: int = 2000) -> Path:
    """A picture that cannot be made small easily: every dot is another colour."""
    image = QImage(Random(7).randbytes(width * height * 4), width, height, QImage.Format.Format_RGB32)
    image.save(str(path), quality=95)  # type: ignore[call-overload]
    return path


def plain(path: Path, colour: str = "#3a7") -> Path:
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    image.save(str(path))
    return path


def on(busy: Any, key: str) -> PhotosPage:
    """The photos of the first record of a screen."""
    screen = busy.show(key)
    screen.open_card(screen.list.row.id)
    busy.settle()
    busy.press(Qt.Key.Key_I, CONTROL, widget=screen.page)
    page = screen.currentWidget()
    assert isinstance(page, PhotosPage)
    return page


def stages(busy: Any, page: PhotosPage) -> list[str]:
    return [codes.table("photo_stage").label(p.stage or "") for p in busy.desk.ledger.ask(evidence.photos_of, page._matter)]


def drop(busy: Any, page: PhotosPage, told: QMimeData) -> None:
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, told, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    busy.settle()


def test_a_face_is_at_most_sixty_kilobytes_however_noisy_and_tells_no_place(tmp_path: Path, qapp: Any) -> None:
    assert 1000 < len(made_small(noisy(tmp_path / "小.png", 360, 480), FACE)) <= FACE_MOST < len(made_small(tmp_path / "小.png"))
    path = noisy(tmp_path / "脸.jpg")
    whole = path.read_bytes()
    path.write_bytes(whole[:2] + b"\xff\xe1\x00\x1cExif\x00\x00GPS 28.89 N 120.05 E" + whole[2:])
    kept = made_small(path, FACE)
    assert len(kept) <= FACE_MOST < len(made_small(path)) and b"GPS" in path.read_bytes() and b"GPS" not in kept and b"Exif" not in kept
    face = QImage.fromData(kept)
    assert (face.width() * 4, face.height() * 3) == (face.height() * 3, face.width() * 4) and face.width() >= 120, "upright, as it was"


def test_a_persons_face_is_kept_once_and_sealed(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = on(busy, "people")
    monkeypatch.setattr(files, "several_to_read", lambda *_told: [noisy(tmp_path / "脸.png", 600, 800)] * 2)
    busy.press(Qt.Key.Key_1, ALT, widget=page)
    ledger = busy.desk.ledger
    one, other = ledger.ask(evidence.photos_of, page._matter)
    assert stages(busy, page) == ["人像", "人像"] and one.content == other.content and (one.size or 0) <= FACE_MOST
    [kept] = [p for p in (ledger.path.parent / (ledger.path.name + ".photos")).rglob("*") if p.is_file()]
    assert kept.name == one.content and b"JFIF" not in kept.read_bytes() and b"JFIF" in pictures.show(ledger, one.id)


def test_photos_are_dragged_in_and_pasted_as_what_the_last_key_said(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = on(busy, "hazards")
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(plain(tmp_path / "拖.png")))])
    drop(busy, page, told)
    monkeypatch.setattr(files, "several_to_read", lambda *_told: [])
    busy.press(Qt.Key.Key_2, ALT, widget=page)
    QGuiApplication.clipboard().setImage(QImage(str(plain(tmp_path / "贴.png", "#a37"))))
    busy.press(Qt.Key.Key_V, CONTROL, widget=page)
    assert stages(busy, page) == ["整改前", "整改后"]
    QGuiApplication.clipboard().setText("不是照片")
    busy.press(Qt.Key.Key_V, CONTROL, widget=page)
    assert "没有可以添加的照片" in page.told.text() and len(stages(busy, page)) == 2
    told.setUrls([QUrl.fromLocalFile(str(tmp_path / "没有.jpg"))])
    drop(busy, page, told)
    assert "不是能认的照片" in page.told.text() and len(stages(busy, page)) == 2


def test_of_a_phones_folder_what_was_taken_today_is_added(busy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = on(busy, "hazards")
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=BEIJING)
    for name, when in (("a.jpg", noon), ("b.JPG", noon - timedelta(hours=11)), ("昨天.jpg", noon - timedelta(hours=13)), ("c.txt", noon)):
        plain(tmp_path / f"{name}.png").rename(tmp_path / name)
        os.utime(tmp_path / name, (when.timestamp(), when.timestamp()))
    monkeypatch.setattr(files, "to_folder", lambda *_told: tmp_path)
    busy.press(Qt.Key.Key_0, ALT, widget=page)
    assert stages(busy, page) == ["整改前", "整改前"]


def test_before_stands_beside_after(busy: Any, tmp_path: Path) -> None:
    page = on(busy, "hazards")
    for number, stage in enumerate(("整改前", "整改前", "整改后", "现场")):
        page.add_file(plain(tmp_path / f"{number}.png", f"#{number}a{number}"), stage)
        busy.settle()

    def beside(row: int) -> str:
        page.list.setCurrentRow(row)
        busy.settle()
        return page.before.pixmap().toImage().pixelColor(5, 5).name() if page.before.isVisible() else ""

    now = next(n for n in range(4) if page.list.item(n).text().startswith("整改后"))
    first = next(n for n in range(4) if page.list.item(n).text().startswith("整改前"))
    assert beside(now).startswith("#0") and beside(first) == "", "how it was is shown beside how it is"
