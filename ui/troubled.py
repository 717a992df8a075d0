"""A bar above the screens when the disk is full or a backup failed: what happened, and the one thing that helps."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.widgets import bar, button, column, label


class TroubleBar(QFrame):
    """Hidden while all is well."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        inside, row = bar("bar")
        column(self).addWidget(inside)
        self.words = label("", "alert", wrap=True)
        row.addWidget(self.words, 1)
        self.release = button(_("释放备用空间"), self._release, icon="triangle-alert", role="primary")
        row.addWidget(self.release)
        row.addWidget(button(_("知道了"), self.hide, role="tight"))
        desk.worker.failed.connect(self._heard)
        desk.copies.failed.connect(self._say)
        self.hide()

    def _heard(self, failure: Sorted) -> None:
        """A full disk concerns more than the form that met it."""
        from gridapp.store.files import DiskFull

        if isinstance(failure, DiskFull):
            self._say(failure)

    def _say(self, failure: Sorted) -> None:
        from gridapp.store.files import DiskFull

        full = isinstance(failure, DiskFull)
        self.words.setText(_("磁盘已满。可以先释放 32 MB 备用空间，把手上的保存好、关闭程序，再清理磁盘。") if full else failure.text)
        self.release.setVisible(full)
        self.show()

    def _release(self) -> None:
        self._desk.copies.release_reserve(self._released)

    def _released(self, size: int) -> None:
        self.release.hide()
        self.words.setText(_("已释放 {0} MB。请再保存一次，然后清理磁盘。").format(size >> 20) if size else _("备用空间已经释放过了。请清理磁盘后再保存。"))
