"""Our own bugs: a line in the log without anybody's data, a box that says so kindly, and the program goes on if it can."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from gridapp import logs
from gridapp.texts import _
from ui import messages

_telling = False
LEVELS = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
          QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL}


def caught(error: BaseException) -> None:
    """A failure nobody sorted: log it and say its number, once at a time."""
    global _telling
    number = logs.failed(error)
    if _telling:
        return
    _telling = True
    try:
        messages.inform(_("程序出了问题，刚才这一步可能没有完成；已保存的内容都在。\n请重试一次；如果再出现，请把错误编号 {0} 和这个文件交给维护人员（里面没有个人信息）：\n{1}").format(
            number, logs.path()))
    finally:
        _telling = False


def install() -> None:
    """Hear everything that would otherwise only be printed, with all it says: Python's failures and Qt's remarks."""
    def hook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
        else:
            caught(error)

    logs.begin()
    logs.note("begun")
    logs.hear_the_unraisable()
    sys.excepthook = hook
    qInstallMessageHandler(remarked)


def remarked(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """What Qt says goes into the log without the texts and file names in it."""
    logs.from_qt(LEVELS.get(kind, logging.WARNING), context.category or "default", text)
