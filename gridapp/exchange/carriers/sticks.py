"""Sticks: which are plugged in, and letting go of one. No window: whoever has one looks every two seconds and compares (`changed`).

Every rule here has its exceptions (encrypted sticks, card readers, security software), so "choose a folder" is always offered beside it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gridapp.exchange.carriers.stick import Stick

#: where desktops mount what a user plugs in
_MEDIA = ("/media/", "/run/media/", "/var/run/media/")
#: a system started from a stick is no stick to hand over
_SYSTEM = ("/", "/boot", "/home", "/usr", "/var", "/opt", "/tmp", "/root", "/nix", "/etc", "/snap")
_ESCAPED = re.compile(r"\\([0-7]{3})")
EJECT_SECONDS = 20


def plugged_in(system: Path = Path("/")) -> list[Stick]:
    """The sticks of this PC, in the order of their places. `system`: where /proc and /sys lie (a test has its own)."""
    if sys.platform == "win32":
        from gridapp.exchange.carriers import drives

        return drives.plugged_in()
    return sorted(_mounted(system), key=lambda stick: stick.root)


def changed(before: Sequence[Stick], now: Sequence[Stick]) -> tuple[list[Stick], list[Stick]]:
    """What was plugged in since, and what was taken away."""
    had, has = {stick.same for stick in before}, {stick.same for stick in now}
    return [s for s in now if s.same not in had], [s for s in before if s.same not in has]


def stick_of(folder: Path, among: Sequence[Stick]) -> Stick | None:
    """The stick a chosen folder lies on."""
    holding = [stick for stick in among if folder.is_relative_to(stick.root)]
    return max(holding, key=lambda stick: len(stick.root.parts), default=None)


def eject(stick: Stick) -> bool:
    """Flush and let go of a stick; True only when the system says that it is no longer mounted."""
    if sys.platform == "win32":
        from gridapp.exchange.carriers import drives

        return drives.eject(stick.root)
    os.sync()
    command = shutil.which("udisksctl")
    if command is None or not stick.device or not _asked(command, "unmount", stick.device):
        return False
    _asked(command, "power-off", stick.device)  # the light goes out; a hub or an old kernel may not be able to
    return all(mount.place != stick.root for mount in _mounts(Path("/")))


def _asked(command: str, what: str, device: str) -> bool:
    asked = [command, what, "--no-user-interaction", "-b", device]
    try:
        return subprocess.run(asked, capture_output=True, check=False, timeout=EJECT_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@dataclass(frozen=True)
class _Mount:
    """A line of /proc/self/mountinfo (proc(5))."""

    number: str
    place: Path
    read_only: bool
    filesystem: str
    source: str


def _plain(text: str) -> str:
    r"""A name with its blanks back: `\040`; the octets are UTF-8."""
    return os.fsdecode(_ESCAPED.sub(lambda m: chr(int(m[1], 8)), os.fsencode(text).decode("latin-1")).encode("latin-1"))


def _mounts(system: Path) -> Iterator[_Mount]:
    try:
        lines = (system / "proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        first, _dash, second = os.fsdecode(line).partition(" - ")
        here, there = first.split(" "), second.split(" ")
        if len(here) >= 6 and len(there) >= 3:
            options = {*here[5].split(","), *there[2].split(",")}
            yield _Mount(here[2], Path(_plain(here[4])), "ro" in options, there[0], _plain(there[1]))


def _mounted(system: Path) -> Iterator[Stick]:
    for mount in _mounts(system):
        if str(mount.place) in _SYSTEM or str(mount.place).startswith("/boot/") or not mount.source.startswith("/dev/"):
            continue
        if str(mount.place).startswith(_MEDIA) or _comes_and_goes(system, mount):
            with suppress(OSError):
                free = shutil.disk_usage(mount.place).free
                kind = "exfat" if mount.filesystem == "fuseblk" and "exfat" in mount.source else mount.filesystem
                yield Stick(mount.place, mount.place.name, free, mount.read_only, kind, mount.source)


def _comes_and_goes(system: Path, mount: _Mount) -> bool:
    """Whether the device under a mount is removable or hangs on USB; an encrypted stick is what lies below it."""
    names = [system / "sys/dev/block" / mount.number, system / "sys/class/block" / Path(mount.source).name]
    here = next((name.resolve() for name in names if name.exists()), None)
    if here is None:
        return False
    below = sorted((here / "slaves").iterdir()) if (here / "slaves").is_dir() else []
    return any(_removable(device.resolve()) for device in [here, *below])


def _removable(device: Path) -> bool:
    disk = device.parent if (device / "partition").exists() else device
    with suppress(OSError):
        if (disk / "removable").read_text("ascii").strip() == "1":
            return True
    return any(re.fullmatch(r"usb\d+", step) for step in disk.parts)
