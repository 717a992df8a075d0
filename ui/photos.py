"""The photos of one record (照片): before, after, on the spot; added from files, made small, looked at in large."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QImageReader, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from gridapp.errors import Mistake, Sorted
from gridapp.exchange import pictures
from gridapp.fields import codes
from gridapp.ledger import Ledger
from gridapp.texts import _
from gridapp.work import evidence
from ui import files, theme
from ui.desk import Desk
from ui.lists.record import Foot
from ui.widgets import GAP, PAGE_MARGIN, answer, back, bar, button, column, label, page, say

#: longest side of a kept photo, and its quality: a notice board can be read on it, and a village's photos of a year fit a stick
LONGEST, QUALITY = 1280, 70
THUMB = QSize(176, 132)
ENDINGS = "*.jpg *.jpeg *.png *.bmp *.webp"
#: the stages for which there is a key of their own: Alt+1 …
KEYED = ("整改前", "整改后", "现场", "签收", "材料")


class NoPicture(Mistake):
    """A file in which there is no picture this program reads."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”不是能认的照片，没有保存。能用的有 JPG、PNG、BMP、WebP；手机里的 HEIC 请先在手机上改成 JPG。").format(path.name))


def made_small(path: Path) -> bytes:
    """A picture as JPEG, upright, without what the phone wrote into it (place, device). Raises NoPicture."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        reader.setScaledSize(size.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise NoPicture(path)
    plain = QImage(image.size(), QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    _drawn(plain, image)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not plain.save(buffer, "JPEG", QUALITY):  # type: ignore[call-overload]
        raise NoPicture(path)
    return bytes(kept.data())


def _drawn(ground: QImage, image: QImage) -> None:
    """What is see-through becomes white."""
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()


class Large(QLabel):
    """The chosen photo, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName(_("选中的照片"))
        self._image = QImage()

    def show_image(self, image: QImage) -> None:
        self._image = image
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._image.isNull():
            self.clear()
        else:
            self.setPixmap(QPixmap.fromImage(self._image.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)))


class PhotosPage(QWidget):
    """Thumbnails at the left, the chosen one at the right; Esc goes back."""

    left = Signal()

    def __init__(self, desk: Desk, matter: UUID, words: str, may_add: bool) -> None:
        super().__init__()
        page(self)
        self._desk, self._matter = desk, matter
        self.list = QListWidget()
        self.list.setAccessibleName(_("照片"))
        self.list.setIconSize(theme.look.size(THUMB))
        self.list.setMinimumWidth(theme.look.px(330))
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(lambda now, _before: self._show(now))
        self.large, self.told = Large(), answer("muted")
        self._images: dict[UUID, QImage] = {}
        whole = column(self)
        head, row = bar("header", back(self.left.emit), label(_("照片"), "title"))
        row.addWidget(label(words, "muted", wrap=True), 1)
        whole.addWidget(head)
        body = QHBoxLayout()
        around = theme.look.px(PAGE_MARGIN)
        body.setContentsMargins(around, theme.look.px(GAP), around, theme.look.px(GAP))
        body.setSpacing(around)
        body.addWidget(self.list)
        body.addWidget(self.large, 1)
        whole.addLayout(body, 1)
        said, _row = bar("", self.told)
        whole.addWidget(said)
        self._buttons(whole, may_add)
        self.setFocusProxy(self.list)
        desk.touched.connect(self.refresh)  # a method: heard only as long as the page stands
        self.refresh()

    def _buttons(self, whole: Any, may_add: bool) -> None:
        made = [button(_("添加{0}（Alt+{1}）").format(name, place), partial(self.add, name), icon="plus", key=f"Alt+{place}",
                       role="primary" if place == 1 else "tight") for place, name in enumerate(KEYED, 1)] if may_add else []
        made += [button(_("撤下这张（Delete）"), self.take_down, icon="x", key="Delete", role="tight")] if may_add else []
        if made:
            foot = Foot()
            foot.show_buttons(made)
            whole.addWidget(foot)

    # -- what is there

    def refresh(self, _touched: object = None) -> None:
        """Ask which photos there are."""
        self._desk.ask(evidence.photos_of, self._matter, then=self._came, lane=f"photos {id(self)}")

    def _came(self, photos: Sequence[Any]) -> None:
        chosen = self.list.currentRow()
        self.list.clear()
        for photo in photos:
            words = "\n".join(word for word in (codes.table("photo_stage").label(photo.stage or ""), photo.caption or "", str(photo.taken_on or "")) if word)
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, photo.id)
            self.list.addItem(item)
            self._load(photo.id)
        if photos:
            self.list.setCurrentRow(min(max(chosen, 0), len(photos) - 1))
            self.told.hide()
        else:
            self.large.show_image(QImage())
            say(self.told, _("还没有照片。按 Alt+1 从文件里添加整改前的，按 Alt+2 添加整改后的。"))

    def _load(self, photo: UUID) -> None:
        """The bytes come one after the other; what is not here yet says so."""
        def came(data: bytes) -> None:
            self._images[photo] = QImage.fromData(data)
            self._thumb(photo)

        def missing(failure: Sorted) -> None:
            self._say_at(photo, failure.text)

        if photo in self._images:
            self._thumb(photo)
        else:
            self._desk.call(partial(_shown, photo), came, missing)

    def _item(self, photo: UUID) -> QListWidgetItem | None:
        return next((self.list.item(n) for n in range(self.list.count()) if self.list.item(n).data(Qt.ItemDataRole.UserRole) == photo), None)

    def _thumb(self, photo: UUID) -> None:
        item = self._item(photo)
        if item is not None:
            small = QPixmap.fromImage(self._images[photo].scaled(self.list.iconSize(), Qt.AspectRatioMode.KeepAspectRatio,
                                                                 Qt.TransformationMode.SmoothTransformation))
            icon = QIcon(small)
            icon.addPixmap(small, QIcon.Mode.Selected)  # as it is, not tinted
            item.setIcon(icon)
            if item is self.list.currentItem():
                self._show(item)

    def _say_at(self, photo: UUID, words: str) -> None:
        item = self._item(photo)
        if item is not None:
            item.setText(f"{item.text()}\n{words}")

    def _show(self, item: QListWidgetItem | None) -> None:
        self.large.show_image(self._images.get(item.data(Qt.ItemDataRole.UserRole), QImage()) if item is not None else QImage())

    # -- adding and taking down

    def add(self, stage: str) -> None:
        """Choose files; each becomes a photo of this stage."""
        for path in files.several_to_read(self, _("选择照片（可以多选）"), _("照片 ({0})").format(ENDINGS)):
            self.add_file(path, stage)

    def add_file(self, path: Path, stage: str) -> None:
        """One file becomes a photo."""
        self._desk.call(partial(_added, self._matter, path, evidence.stage(stage)), acts=True,
                        then=lambda _id: self._desk.saved.emit(_("添加照片")), fail=lambda failure: say(self.told, failure.text))

    def take_down(self) -> None:
        """The chosen one is no longer shown; Ctrl+Z brings it back."""
        item = self.list.currentItem()
        if item is not None:
            self._desk.do(evidence.take_down_photo, item.data(Qt.ItemDataRole.UserRole))


def _added(matter: UUID, path: Path, stage: str, ledger: Ledger) -> UUID:
    return pictures.add(ledger, matter, made_small(path), stage)


def _shown(photo: UUID, ledger: Ledger) -> bytes:
    return pictures.show(ledger, photo)
