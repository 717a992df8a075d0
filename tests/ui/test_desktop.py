"""The desktop locks its screen, switches its user or sends the PC to sleep: the ledger is locked with it (A5).

Linux is heard on real buses, each with a daemon of its own; only logind, which owns the machine, is played. Windows' messages are built as it builds them.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QObject
from pytestqt.qtbot import QtBot

from tests import ledgers
from ui.desktop import windows
from ui.desktop.windows import Message, Messages

ROOT = Path(__file__).parents[2]
PHONE = "13957950003"
PATIENCE_MS = 60_000
#: a daemon that lets everybody own every name and say everything
CONFIG = """<busconfig><type>session</type><listen>unix:dir={0}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
on_a_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None or shutil.which("dbus-send") is None, reason="this machine has no D-Bus to speak on")


class Bus:
    """One bus with its daemon; what is said on it comes from another program."""

    def __init__(self, folder: Path, name: str) -> None:
        config = folder / f"{name}.conf"
        config.write_text(CONFIG.format(folder), "utf-8")
        self.daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.daemon.stdout is not None
        self.address, self.name = self.daemon.stdout.readline().decode().strip(), f"{name} {id(self)}"

    def connection(self, who: str) -> Any:
        from PySide6.QtDBus import QDBusConnection

        made = QDBusConnection.connectToBus(self.address, f"{who} {self.name}")
        assert made.isConnected()
        return made

    def say(self, path: str, signal: str, *told: str) -> None:
        subprocess.run(["dbus-send", f"--bus={self.address}", "--type=signal", path, signal, *told], check=True)

    def stop(self) -> None:
        self.daemon.terminate()
        self.daemon.wait()
        self.daemon.stdout.close()  # type: ignore[union-attr]


class Logind:
    """Answers as systemd-logind does: whose session it is, and a file that keeps sleep waiting as long as somebody holds it."""

    def __init__(self, bus: Bus) -> None:
        from PySide6.QtDBus import QDBusObjectPath, QDBusUnixFileDescriptor, QDBusVirtualObject

        asked = self.asked = list[tuple[str, list[Any]]]()
        waits = self._waits = list[int]()

        class Manager(QDBusVirtualObject):
            def introspect(self, _path: str) -> str:
                return ""

            def handleMessage(self, message: Any, connection: Any) -> bool:
                asked.append((message.member(), message.arguments()))
                answer = message.createReply()
                if message.member() == "GetSession":
                    answer.setArguments([QDBusObjectPath("/org/freedesktop/login1/session/_37")])
                    connection.send(answer)
                    return True
                own, given = os.pipe()
                os.set_blocking(own, False)
                waits.append(own)
                answer.setArguments([QDBusUnixFileDescriptor(given)])
                connection.send(answer)
                os.close(given)
                return True

        self.manager, self.connection = Manager(), bus.connection("logind")
        assert self.connection.registerService("org.freedesktop.login1")
        assert self.connection.registerVirtualObject("/org/freedesktop/login1", self.manager)

    def stop(self) -> None:
        for own in self._waits:
            os.close(own)

    @property
    def delayed(self) -> bool:
        """Whether somebody keeps sleep waiting."""
        try:
            return os.read(self._waits[-1], 1) != b""
        except BlockingIOError:
            return True


@pytest.fixture
def buses(tmp_path: Path, qapp: object) -> Iterator[tuple[Bus, Bus]]:
    """The user's own, and the system's."""
    both = Bus(tmp_path, "own"), Bus(tmp_path, "system")
    yield both
    for bus in both:
        bus.stop()


@pytest.fixture
def logind(buses: tuple[Bus, Bus]) -> Iterator[Logind]:
    made = Logind(buses[1])
    yield made
    made.stop()


class Heard:
    """Counts how often whoever sits here left."""

    def __init__(self, buses: tuple[Bus, Bus], qtbot: QtBot) -> None:
        from ui.desktop.linux import Buses

        self.times, self.qtbot, self.parent = 0, qtbot, QObject()
        self.system = buses[1].connection("program")
        self.ear = Buses(self._left, self.parent, buses[0].connection("program"), self.system)

    def _left(self) -> None:
        self.times += 1

    def comes(self, times: int) -> None:
        self.qtbot.waitUntil(lambda: self.times == times, timeout=PATIENCE_MS)


@pytest.fixture
def heard(buses: tuple[Bus, Bus], logind: Logind, qtbot: QtBot) -> Heard:
    made = Heard(buses, qtbot)
    qtbot.waitUntil(lambda: [name for name, _told in logind.asked] == ["GetSession", "Inhibit"] and made.ear._delay is not None, timeout=PATIENCE_MS)
    return made


SCREENS = [("org.freedesktop.ScreenSaver", "ActiveChanged", True), ("org.gnome.ScreenSaver", "ActiveChanged", True),
           ("org.ukui.ScreenSaver", "lock", False), ("com.deepin.dde.lockFront", "Visible", True), ("org.deepin.dde.LockFront1", "Visible", True)]


@on_a_bus
@pytest.mark.parametrize(("interface", "signal", "tells"), SCREENS, ids=[one[0] for one in SCREENS])
def test_a5_each_desktop_tells_that_its_screen_was_locked(buses: tuple[Bus, Bus], heard: Heard, interface: str, signal: str, tells: bool) -> None:
    if tells:
        buses[0].say("/anywhere", f"{interface}.{signal}", "boolean:false")
    buses[0].say("/anywhere", f"{interface}.{signal}", *(["boolean:true"] if tells else []))
    heard.comes(1)


@on_a_bus
def test_a5_the_pc_goes_to_sleep_and_waits_until_the_ledger_is_closed(buses: tuple[Bus, Bus], logind: Logind, heard: Heard) -> None:
    assert logind.asked[1] == ("Inhibit", ["sleep", "平安网格", "先关闭台账，再睡眠", "delay"]) and logind.delayed
    buses[1].say("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:true")
    heard.comes(1)
    assert logind.delayed, "nothing is closed yet"
    heard.ear.stop()
    heard.qtbot.waitUntil(lambda: not logind.delayed, timeout=PATIENCE_MS)
    assert heard.times == 1


@on_a_bus
def test_waking_up_and_another_session_are_no_reason(buses: tuple[Bus, Bus], heard: Heard) -> None:
    buses[1].say("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:false")
    buses[1].say("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session.Lock")
    buses[1].say("/org/freedesktop/login1/session/_37", "org.freedesktop.login1.Session.Unlock")
    buses[1].say("/org/freedesktop/login1/session/_37", "org.freedesktop.login1.Session.Lock")
    heard.comes(1)  # one bus tells in order: what was said before has come by


@on_a_bus
def test_where_there_is_no_logind_the_screen_is_heard(buses: tuple[Bus, Bus], qtbot: QtBot) -> None:
    heard = Heard(buses, qtbot)
    qtbot.waitUntil(lambda: all(asked.isFinished() for asked in heard.ear._asked), timeout=PATIENCE_MS)
    buses[0].say("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true")
    heard.comes(1)
    assert heard.ear._delay is None


@on_a_bus
def test_a5_the_program_locks_when_the_pc_goes_to_sleep(buses: tuple[Bus, Bus], logind: Logind, village_ledger: Path, tmp_path: Path, qtbot: QtBot) -> None:
    """The real program: the half-filled form is a draft, another process stands in its place, and only then sleep goes on."""
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    told = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "XDG_SESSION_ID": "37",
            "DBUS_SESSION_BUS_ADDRESS": buses[0].address, "DBUS_SYSTEM_BUS_ADDRESS": buses[1].address}
    child = subprocess.Popen([sys.executable, "-m", "tests.ui.driven", str(path)], cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None and child.stdout is not None

    def heard() -> str:
        qtbot.waitUntil(lambda: bool(select.select([child.stdout], [], [], 0)[0]), timeout=PATIENCE_MS)
        return child.stdout.readline().decode()  # type: ignore[union-attr]

    def do(word: str) -> str:
        child.stdin.write(f"{word}\n".encode())  # type: ignore[union-attr]
        child.stdin.flush()  # type: ignore[union-attr]
        return heard()

    try:
        assert heard() == "ready \n" and do("sign-in") == "in today\n" and do(f"show {PHONE}") == "shown\n"
        assert ("GetSession", ["37"]) in logind.asked and logind.delayed
        buses[1].say("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", "boolean:true")
        assert heard() == "ready people:resume\n" and not logind.delayed
        assert do("sign-in") == "in people\n" and do("tell").split() == ["form", "True", PHONE]
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


# ---------------------------------------------------------------- the window

def test_the_window_locks_when_the_desktop_says_so(busy: Any) -> None:
    began = list[str]()
    busy.window._anew = began.append
    busy.show("people")
    busy.window.desktop.left.emit()
    busy.qtbot.waitUntil(lambda: bool(began), timeout=PATIENCE_MS)
    assert began == ["people"] and busy.desk.ledger is None and busy.window.desktop._ear is None
    busy.closed = True


# ---------------------------------------------------------------- Windows

@pytest.mark.parametrize(("message", "word", "leaves"), [
    (0x02B1, 0x7, True), (0x02B1, 0x2, True), (0x02B1, 0x4, True), (0x02B1, 0x8, False), (0x02B1, 0x1, False), (0x02B1, 0x5, False),
    (0x0218, 0x4, True), (0x0218, 0x7, False), (0x0218, 0x12, False), (0x0218, 0xA, False), (0x0100, 0x7, False), (0x0113, 0x4, False)])
def test_a5_windows_says_it_in_its_messages(message: int, word: int, leaves: bool) -> None:
    """Locked, switched, taken over from afar, suspended; unlocked, signed on, awake, on battery, a key and a timer are none of these."""
    told = Message(hwnd=0x1234, message=message, wParam=word, lParam=1, time=77, x=-3, y=5)
    assert windows.leaves(ctypes.addressof(told)) is leaves


def test_a_message_has_the_size_windows_gives_it() -> None:
    """48 bytes on 64-bit Windows, 28 on 32-bit (winuser.h: MSG)."""
    assert ctypes.sizeof(Message) == {8: 48, 4: 28}[ctypes.sizeof(ctypes.c_void_p)]


def test_only_messages_of_windows_are_looked_at_and_none_after_the_end() -> None:
    left, told = list[int](), Message(message=windows.WM_WTSSESSION_CHANGE, wParam=windows.WTS_SESSION_LOCK)
    filtering, look = Messages(lambda: left.append(1), 0x1234), ctypes.addressof(told)
    hear: Callable[[bytes], tuple[bool, int]] = lambda kind: filtering.nativeEventFilter(QByteArray(kind), look)
    assert hear(b"xcb_generic_event_t") == (False, 0) and left == []
    assert hear(b"windows_generic_MSG") == (False, 0) and left == [1], "the message goes on to the window"
    filtering.stop()
    hear(b"windows_generic_MSG")
    assert left == [1]
