"""Before Qt is imported: are the system's libraries for the window there? When one is missing, Qt ends without a sentence.

Plain Chinese texts, no gettext, standard library only, readable by Python 3.7: dev.py uses this file before anything is installed.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

#: library -> Debian/Ubuntu package that brings it; needed to import Qt at all (names resolve on Debian 11, 12 and 13)
BASE = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
}
#: needed besides to show a window and to print
SCREEN = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libcups.so.2": "libcups2",
}
#: what each kind of start needs
NEEDS: dict[str, dict[str, str]] = {"nothing": {}, "offscreen": BASE, "screen": {**BASE, **SCREEN}}
EXIT_MACHINE = 3


def has_screen() -> bool:
    """Whether a window can be shown: always on Windows, on Linux with Wayland or an X that lets us in."""
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY")
    return _lets_in(display) if display else False


def _lets_in(display: str) -> bool:
    """Ask as Qt would: a dead DISPLAY (a closed ssh, another user) kills Qt with a text about something else."""
    import ctypes

    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot be asked yet; the library is among those about to be installed
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused


def missing(libraries: Iterable[str]) -> list[str]:
    """Those of the shared libraries that this Linux cannot load; elsewhere Qt brings its own."""
    import ctypes

    if not sys.platform.startswith("linux"):
        return []
    lost = []
    for name in libraries:
        try:
            ctypes.CDLL(name)
        except OSError:
            lost.append(name)
    return lost


def packages(libraries: Iterable[str]) -> list[str]:
    """The packages that bring these libraries, each once."""
    return list(dict.fromkeys(NEEDS["screen"][name] for name in libraries))


def apt_line(names: Iterable[str]) -> str:
    """The exact command for an administrator, who may be the one who asks."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends " + " ".join(names)


def sentence(libraries: Iterable[str], names: Iterable[str]) -> str:
    """What is missing and who can mend it, for a Debian kind of Linux or another one."""
    if shutil.which("apt-get"):
        return f"系统缺少几个组件，程序还不能运行。请管理员执行下面这一行，然后再试一次：\n{apt_line(names)}"
    lost = "、".join(libraries) or "、".join(names)
    return f"系统缺少几个组件，程序还不能运行。请管理员用本系统的软件管理器装上它们，然后再试一次：{lost}"


def tell(text: str) -> None:
    """Say it on the terminal and, where somebody looks at a screen, in the first message box the system has."""
    print(text, file=sys.stderr, flush=True)
    # xmessage has no Chinese characters: it is given the line for the administrator and a word of English
    plain = "Some system components are missing. Please let an administrator run:\n\n" + text.rpartition("\n")[2]
    boxes = (["zenity", "--error", "--no-markup", "--text", text], ["kdialog", "--error", text], ["xmessage", "-center", plain])
    box = next((box for box in boxes if shutil.which(box[0])), None)
    if box and has_screen():
        subprocess.run(box, check=False, stderr=subprocess.DEVNULL)


def speak_anyhow() -> None:
    """A character that the terminal's code page lacks is told as \\u…; a name must not end the program (cp936 has no 𬱖)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # under pythonw there is none
            stream.reconfigure(errors="backslashreplace")


def require(kind: str) -> None:
    """For main.py, before PySide6 is imported: tell what is missing for this kind of start and leave with 3."""
    speak_anyhow()
    if kind == "screen" and os.environ.get("QT_QPA_PLATFORM") == "offscreen":  # measuring and testing without a screen
        kind = "offscreen"
    lost = missing(NEEDS[kind])
    if lost:
        tell(sentence(lost, packages(lost)))
        raise SystemExit(EXIT_MACHINE)


def leave_no_core() -> None:
    """A crash of the program writes no memory to the disk: keys and names would be in it (reliability.md E3).

    GRIDAPP_DUMPABLE=1 leaves /proc/PID/mem readable, for tests that search a process's memory; no core is written either way.
    """
    if sys.platform == "win32":
        _not_for_windows_reports()
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux") and os.environ.get("GRIDAPP_DUMPABLE") != "1":
        import ctypes

        # a collector of crashes (a pipe in core_pattern) does not ask for the limit; and other programs of this user cannot read the memory
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def _not_for_windows_reports() -> None:
    """Windows Error Reporting makes no dump of this program, and no box asks to send one."""
    import ctypes

    loader = getattr(ctypes, "WinDLL", None)
    if loader is None:
        return
    loader("kernel32").SetErrorMode(0x0001 | 0x0002)  # SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX
    try:
        loader("wer").WerAddExcludedApplication(ctypes.c_wchar_p(sys.executable), False)
    except OSError:
        pass  # a Windows without the service writes no reports
