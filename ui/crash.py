"""Our own bugs: a report without anybody's data, a box that says so kindly, and the program goes on if it can."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType

from gridapp import __version__, places
from gridapp.texts import _
from ui import messages

_telling = False


def report(error: BaseException, trace: TracebackType | None) -> Path:
    """Write kind, places and versions of a failure, never its values (messages may hold a name or a number)."""
    lines = [f"{datetime.now():%Y-%m-%d %H:%M:%S} gridapp {__version__}, Python {platform.python_version()}, {platform.platform()}",
             type(error).__name__]
    lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    path = places.log_dir() / f"crash-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def caught(error: BaseException) -> None:
    """A failure nobody sorted: report it and say so, once at a time."""
    global _telling
    path = report(error, error.__traceback__)
    if _telling:
        return
    _telling = True
    try:
        messages.inform(_("程序出了问题，刚才这一步可能没有完成；已保存的内容都在。\n请重试一次；如果再出现，请把这个文件交给维护人员：\n{0}").format(path))
    finally:
        _telling = False


def install() -> None:
    """Hear everything that would otherwise only be printed."""
    def hook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, _trace)
        else:
            caught(error)

    sys.excepthook = hook
