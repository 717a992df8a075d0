"""The photos of one record (照片): before, after, on the spot, a face; chosen, dragged, pasted or from a phone's folder, made small, looked at in large."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from gridapp.errors import Sorted
from gridapp.exchange import pictures
from gridapp.fields import codes
from gridapp.ledger import Ledger
from gridapp.texts import _
from gridapp.work import evidence
from ui import files, theme
from ui.desk import Desk
from ui.lists.record import Foot
from ui.smaller import ENDINGS, NoPicture, kept_small, made_small, taken_on
from ui.widgets import GAP, PAGE_MARGIN, answer, back, bar, button, column, label, page, say

THUMB = QSize(176, 132)
#: the stages for which there is a key of their own: Alt+1 …
KEYED = ("整改前", "整改后", "现场", "签收", "材料")


#: what a photo shows, beside its id
STAGE = Qt.ItemDataRole.UserRole + 1


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

    def __init__(self, desk: Desk, matter: UUID, words: str, may_add: bool, stages: Sequence[str] = KEYED) -> None:
        super().__init__()
        page(self)
        self._desk, self._matter, self._stages = desk, matter, stages
        #: what is dragged in or pasted shows this: the stage of the last key
        self.stage = stages[0]
        self.setAcceptDrops(may_add)
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
        self.before = Large()
        self.before.setAccessibleName(_("整改前的照片"))
        self.before.hide()
        body.addWidget(self.before, 1)
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
                       role="primary" if place == 1 else "tight") for place, name in enumerate(self._stages, 1)] if may_add else []
        made += [button(_("粘贴（Ctrl+V）"), self.paste, icon="image", key="Ctrl+V", role="tight"),
                 button(_("手机文件夹里今天拍的（Alt+0）"), self.add_folder, icon="folder-open", key="Alt+0", role="tight")] if may_add else []
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
            item.setData(STAGE, photo.stage)
            self.list.addItem(item)
            self._load(photo.id)
        if photos:
            self.list.setCurrentRow(min(max(chosen, 0), len(photos) - 1))
            self.told.hide()
        else:
            self.large.show_image(QImage())
            keys = "，".join(_("按 Alt+{0} 从文件里添加{1}").format(place, name) for place, name in enumerate(self._stages[:2], 1))
            say(self.told, _("还没有照片。{0}；也可以把照片拖进来，或者按 Ctrl+V 粘贴。").format(keys))

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

    def _pair_of(self, item: QListWidgetItem | None) -> QListWidgetItem | None:
        """Of a photo of how it is now the one of how it was: the first with the first, the second with the second."""
        items = [self.list.item(n) for n in range(self.list.count())]
        was, now = ([i for i in items if i.data(STAGE) == evidence.stage(name)] for name in ("整改前", "整改后"))
        return was[min(now.index(item), len(was) - 1)] if item in now and was else None

    def _show(self, item: QListWidgetItem | None) -> None:
        pair = self._pair_of(item)
        self.before.setVisible(pair is not None)
        self.before.show_image(self._images.get(pair.data(Qt.ItemDataRole.UserRole), QImage()) if pair is not None else QImage())
        self.large.show_image(self._images.get(item.data(Qt.ItemDataRole.UserRole), QImage()) if item is not None else QImage())

    # -- adding and taking down

    def add(self, stage: str) -> None:
        """Choose files; each becomes a photo of this stage."""
        self.stage = stage
        for path in files.several_to_read(self, _("选择照片（可以多选）"), _("照片 ({0})").format(ENDINGS)):
            self.add_file(path, stage)

    def add_file(self, path: Path, stage: str) -> None:
        """One file becomes a photo."""
        self._keep(partial(_added, self._matter, path, stage))

    def _keep(self, job: Callable[[Ledger], UUID]) -> None:
        self._desk.call(job, acts=True, then=lambda _id: self._desk.saved.emit(_("添加照片")), fail=lambda failure: say(self.told, failure.text))

    def add_folder(self) -> None:
        """What was taken today of a phone's folder."""
        folder = files.to_folder(self, _("选择手机里存照片的文件夹"))
        if folder is not None:
            found = taken_on(folder, self._desk.today)
            for path in found:
                self.add_file(path, self.stage)
            if not found:
                say(self.told, _("这个文件夹里没有今天的照片，没有添加。请换一个文件夹，或按 Alt+1 从文件里选。"))

    def paste(self) -> None:
        """The picture, or the files, of the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, told: QMimeData) -> None:
        """Files before the picture: a file that is copied brings a small picture of itself along."""
        paths = [Path(url.toLocalFile()) for url in told.urls() if url.isLocalFile()]
        for path in paths:
            self.add_file(path, self.stage)
        image = QImage(told.imageData()) if told.hasImage() and not paths else QImage()
        if not image.isNull():
            self._keep(partial(_pasted, self._matter, image, self.stage))
        elif not paths:
            say(self.told, _("没有可以添加的照片。请先复制一张照片，再按 Ctrl+V。"))

    def take_down(self) -> None:
        """The chosen one is no longer shown; Ctrl+Z brings it back."""
        item = self.list.currentItem()
        if item is not None:
            self._desk.do(evidence.take_down_photo, item.data(Qt.ItemDataRole.UserRole))


def _added(matter: UUID, path: Path, stage: str, ledger: Ledger) -> UUID:
    return pictures.add(ledger, matter, made_small(path, stage), evidence.stage(stage))


def _pasted(matter: UUID, image: QImage, stage: str, ledger: Ledger) -> UUID:
    kept = kept_small(image, stage)
    if kept is None:
        raise NoPicture(Path(_("剪贴板")))
    return pictures.add(ledger, matter, kept, evidence.stage(stage))


def _shown(photo: UUID, ledger: Ledger) -> bytes:
    return pictures.show(ledger, photo)
