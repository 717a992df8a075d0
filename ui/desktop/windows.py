"""Windows: the messages about the session (locked, switched, taken over from afar) and about power, out of the window's own queue.

Written from the documentation of WM_WTSSESSION_CHANGE and WM_POWERBROADCAST; it has run on no Windows machine yet.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QCoreApplication

KIND = b"windows_generic_MSG"
WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x0218, 0x02B1
#: what is told with them: the PC is suspended; the console or a remote screen taken away, the session locked
PBT_APMSUSPEND = 0x4
WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK = 0x2, 0x4, 0x7
_LEAVING = {WM_POWERBROADCAST: {PBT_APMSUSPEND}, WM_WTSSESSION_CHANGE: {WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT, WTS_SESSION_LOCK}}
_THIS_SESSION = 0


class Message(ctypes.Structure):
    """MSG as winuser.h has it."""

    _fields_ = [("hwnd", ctypes.c_void_p), ("message", ctypes.c_uint32), ("wParam", ctypes.c_size_t), ("lParam", ctypes.c_ssize_t),
                ("time", ctypes.c_uint32), ("x", ctypes.c_int32), ("y", ctypes.c_int32)]


def leaves(address: int) -> bool:
    """Whether the MSG at this address says that nobody sits here any more."""
    told = Message.from_address(address)
    return told.wParam in _LEAVING.get(told.message, ())


class Messages(QAbstractNativeEventFilter):
    """Looks at every message of the program's queue; Windows sends those of the session to who asked for them."""

    def __init__(self, left: Callable[[], object], window: int) -> None:
        super().__init__()
        self._left, self._window = left, window
        if sys.platform == "win32":
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(ctypes.c_void_p(window), _THIS_SESSION)
            QCoreApplication.instance().installNativeEventFilter(self)

    def stop(self) -> None:
        """Look at none any more."""
        self._left = lambda: None
        if sys.platform == "win32":
            QCoreApplication.instance().removeNativeEventFilter(self)
            ctypes.windll.wtsapi32.WTSUnRegisterSessionNotification(ctypes.c_void_p(self._window))

    def nativeEventFilter(self, kind: Any, message: Any) -> tuple[bool, int]:
        if bytes(kind) == KIND and leaves(int(message)):
            self._left()
        return False, 0
