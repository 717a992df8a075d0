"""Pictures of the main screens, made by the program itself: opens the ledger, visits every screen, grabs the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication

from gridapp import places
from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import app, theme
from ui.desk import Desk
from ui.jobs import Worker
from ui.screens import navigation
from ui.window import Window

SIZE = QSize(1366, 728)
PATIENCE_MS = 60_000


class Camera:
    """A window on a ledger, without anybody in front of it."""

    def __init__(self, path: Path, password: str, settings: Settings) -> None:
        self.app = app.application(settings)
        app.load_more_fonts()
        self._failed: list[BaseException] = []
        worker = Worker()
        worker.crashed.connect(self._failed.append)
        self.desk = Desk(worker, self._told)
        self.window = Window(self.desk, settings, path)
        self.window.resize(SIZE)
        self.window.show()
        self.window.start.password.setText(password)
        self.window.start.open()
        self.settle()

    def _told(self, failure: Sorted) -> None:
        """Nobody sits here to read a box."""
        self._failed.append(failure)

    def settle(self) -> None:
        """Let everything asked be answered and painted."""
        deadline, waker = QDeadlineTimer(PATIENCE_MS), QTimer(interval=50)
        waker.start()  # looking without a pause would keep the worker from its work
        while not deadline.hasExpired():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if self._failed:
                raise self._failed[0]
            if self.desk.worker.idle:
                self.window.grab()  # painting may ask for more rows
                QApplication.processEvents()
                if self.desk.worker.idle:
                    return
        raise TimeoutError("the window did not come to rest")

    def take(self, path: Path) -> Path:
        self.settle()
        self.window.grab().save(str(path))
        return path

    def close(self) -> None:
        self.window.close()
        self.desk.close()
        self.window.deleteLater()


def take(path: Path, password: str, folder: Path, settings: Settings | None = None) -> Iterator[Path]:
    """One picture of every screen, of the form of a tenant, of a house's doors, of a print preview and of an import."""
    camera = Camera(path, password, settings or Settings(dark=theme.look.dark, factor=theme.look.factor))
    window = camera.window
    try:
        for entry in navigation(camera.desk.scope):
            window.show_screen(entry.key)
            yield camera.take(folder / f"{_('截图')}-{_(entry.title)}.png")
        for name, begin in _further(window):
            begin()
            yield camera.take(folder / f"{_('截图')}-{name}.png")
    finally:
        camera.close()


def _further(window: Window) -> list[tuple[str, Callable[[], object]]]:
    from ui.intake import IntakePage
    from ui.screens.listed import Listed

    people, houses = window.show_screen("people"), window.show_screen("houses")
    assert isinstance(people, Listed) and isinstance(houses, Listed)

    def house() -> None:
        people.back()
        window.go("houses", "open_card", (houses.list.row.id if houses.list.row else None,))

    def preview() -> None:
        houses.back()
        window.go("houses", "print_all")

    def intake() -> None:
        houses.back()
        window.show_screen("people")
        page = IntakePage(window.desk)
        page.left.connect(people.back)
        people.show_page(page, passing=True)
        page.check(places.sample())

    return [(_("登记租客"), lambda: window.go("people", "register")), (_("一处房屋"), house), (_("打印预览"), preview),
            (_("导入表格"), intake)]
