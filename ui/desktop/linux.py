"""Linux: the signals of screen locks and of logind, heard over D-Bus; sleep waits a moment until the ledger is closed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

from gridapp.texts import _

#: interface and signal of what locks the screen, on the user's own bus: KDE and most others, GNOME, 麒麟 (UKUI), 统信 20 and 23 (deepin)
SCREENS = (("org.freedesktop.ScreenSaver", "ActiveChanged"), ("org.gnome.ScreenSaver", "ActiveChanged"), ("org.ukui.ScreenSaver", "lock"),
           ("com.deepin.dde.lockFront", "Visible"), ("org.deepin.dde.LockFront1", "Visible"))
#: systemd-logind on the system's bus: sleep, and the lock of one's own session
LOGIND, PLACE = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION = f"{LOGIND}.Manager", f"{LOGIND}.Session"
#: Any: the stub of `connect` asks for bytes, the function for str
_HEARD: Any = SLOT("_heard(QDBusMessage)")


class Buses(QObject):
    """Both buses; where one is missing, nothing is heard from it."""

    def __init__(self, left: Callable[[], object], parent: QObject, own: QDBusConnection | None = None, system: QDBusConnection | None = None) -> None:
        """`left` is called in the window's thread."""
        super().__init__(parent)
        self._left = left
        #: as long as this is held, sleep waits for us (five seconds at most, logind's InhibitDelayMaxSec)
        self._delay: Any = None
        self._asked = list[QDBusPendingCallWatcher]()
        self._own, self._system = own or QDBusConnection.sessionBus(), system or QDBusConnection.systemBus()
        for interface, signal in SCREENS:
            self._own.connect("", "", interface, signal, self, _HEARD)
        self._system.connect("", PLACE, MANAGER, "PrepareForSleep", self, _HEARD)
        self._ask("GetSession", self._watch_session, os.environ.get("XDG_SESSION_ID", "auto"))
        self._ask("Inhibit", self._hold, "sleep", _("平安网格"), _("先关闭台账，再睡眠"), "delay")

    def stop(self) -> None:
        """Hear nothing more; sleep waits no longer."""
        self._delay, self._left = None, lambda: None
        self.deleteLater()

    def _ask(self, name: str, then: Callable[[Any], None], *told: str) -> None:
        """One question to logind; `then` hears the answer, nobody a refusal (no logind, an older one)."""
        if not self._system.isConnected():
            return
        question = QDBusMessage.createMethodCall(LOGIND, PLACE, MANAGER, name)
        question.setArguments(list(told))
        watcher = QDBusPendingCallWatcher(self._system.asyncCall(question), self)
        watcher.finished.connect(lambda done: None if done.isError() else then(done.reply().arguments()[0]))
        self._asked.append(watcher)

    def _watch_session(self, session: Any) -> None:
        """The lock of this session only: another user's is theirs."""
        self._system.connect("", session.path(), SESSION, "Lock", self, _HEARD)

    def _hold(self, delay: Any) -> None:
        self._delay = delay

    @Slot(QDBusMessage)
    def _heard(self, told: QDBusMessage) -> None:
        """Locked, or about to sleep; 'false' is the screen unlocked or the PC awake."""
        if told.arguments()[:1] != [False]:
            self._left()
