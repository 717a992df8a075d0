"""Pictures made small (照片): upright, without what the phone wrote into them, a face at most 60 KB; and what a phone's folder holds of a day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from gridapp.errors import Mistake
from gridapp.fields.kinds import BEIJING
from gridapp.texts import _

#: longest side of a kept photo, and its quality: a notice board can be read on it, and a village's photos of a year fit a stick
LONGEST, QUALITY = 1280, 70
ENDINGS = "*.jpg *.jpeg *.png *.bmp *.webp"
#: a face is kept smaller: so many dots along its longest side, so many bytes at most, by these qualities and sizes until it fits
FACE, FACE_MOST = "人像", 60_000
FACE_TRIES = ((480, 80), (480, 60), (400, 60), (320, 50), (240, 40), (160, 30))


class NoPicture(Mistake):
    """A file in which there is no picture this program reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”不是能认的照片，没有保存。能用的有 JPG、PNG、BMP、WebP；手机里的 HEIC 请先在手机上改成 JPG。").format(path.name))


def made_small(path: Path, stage: str = "") -> bytes:
    """A picture as JPEG, upright, without what the phone wrote into it (place, device); a face at most 60 KB. Raises NoPicture."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        reader.setScaledSize(size.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio))
    kept = kept_small(reader.read(), stage)
    if kept is None:
        raise NoPicture(path)
    return kept


def kept_small(image: QImage, stage: str = "") -> bytes | None:
    """The bytes that are kept of a picture; None where there is none."""
    if image.isNull():
        return None
    if stage != FACE:
        return _as_jpeg(_within(image, LONGEST), QUALITY)
    return next((kept for kept in (_as_jpeg(_within(image, longest), quality) for longest, quality in FACE_TRIES) if kept is None or len(kept) <= FACE_MOST), None)


def _within(image: QImage, longest: int) -> QImage:
    if max(image.width(), image.height()) <= longest:
        return image
    return image.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _as_jpeg(image: QImage, quality: int) -> bytes | None:
    """Drawn anew on white: nothing of the file but its dots is kept."""
    plain = QImage(image.size(), QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    _drawn(plain, image)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return bytes(kept.data()) if plain.save(buffer, "JPEG", quality) else None  # type: ignore[call-overload]


def _drawn(ground: QImage, image: QImage) -> None:
    """What is see-through becomes white."""
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()


def taken_on(folder: Path, day: date) -> list[Path]:
    """The pictures of a folder that were written on a day (Beijing), by name; folders in it are not looked into."""
    endings = {ending.removeprefix("*") for ending in ENDINGS.split()}
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in endings and path.is_file()
                  and datetime.fromtimestamp(path.stat().st_mtime, BEIJING).date() == day)
