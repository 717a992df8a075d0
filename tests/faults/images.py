"""Real file systems on an image, its file copied at every step of a hand-over without unmounting: that is what a pull leaves.

`python -m tests.faults.images ext2|exfat [careless]` prints what was wrong (root only; exFAT needs Debian's exfatprogs and exfat-fuse).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridapp.errors import Trouble
from gridapp.exchange.carriers import Folder
from gridapp.exchange.carriers.disk import Disk
from tests.faults.cargo import NEW, NEWER, OLD, OLDER, is_whole

ROOT = Path(__file__).parents[2]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Image:
    """A real file system on a file; a copy of the file is the stick as a pull would leave it."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.file, self.kind = folder / "image", kind
        with self.file.open("wb") as file:
            file.truncate(24 << 20)
        _run(f"mkfs.{kind}", *(["-q", "-F"] if kind == "ext2" else []), str(self.file))

    @contextmanager
    def mounted(self, on: Path, file: Path | None = None) -> Iterator[Path]:
        on.mkdir(exist_ok=True)
        device = _run("losetup", "-f", "--show", str(file or self.file))
        try:
            _run(*(["mount.exfat-fuse"] if self.kind == "exfat" else ["mount"]), device, str(on))
            try:
                yield on
            finally:
                _run("umount", str(on))
        finally:
            _run("losetup", "-d", device)

    def holds(self, copy: Path, on: Path) -> dict[str, bytes]:
        """What a copy holds, read with the program's own reader."""
        with self.mounted(on, copy) as root:
            carrier, found = Folder(root), dict[str, bytes]()
            for name, _size in carrier.list():
                try:
                    with carrier.open_read(name) as file:
                        found[name] = file.read()
                except Trouble:
                    found[name] = b""
            return found


class Photographed(Disk):
    """Takes a copy of the image after every step."""

    def __init__(self, image: Path, folder: Path) -> None:
        self._image, self._folder, self.copies = image, folder, list[Path]()

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name.startswith("_") or name in ("copies", "free", "open", "read_back"):
            return found

        def then(*given: object) -> object:
            answer = found(*given)
            self._copy()
            return answer

        return then

    def _copy(self) -> None:
        copy = self._folder / f"copy{len(self.copies)}"
        shutil.copy(self._image, copy)
        self.copies.append(copy)


def real(kind: str, careless: bool = False) -> Counter[str]:
    """A hand-over to a real file system, its image copied at every step without unmounting; what was wrong with the copies."""
    wrong = Counter[str]()
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        image = Image(folder, kind)
        with image.mounted(folder / "stick") as root:
            Folder(root).put(OLD, lambda into: into.write(OLDER))
            disk = Photographed(image.file, folder)
            if careless:
                (root / NEW).write_bytes(NEWER)
            else:
                Folder(root, disk=disk).put(NEW, lambda into: into.write(NEWER))
            disk._copy()
        for copy in disk.copies:
            found = image.holds(copy, folder / "looking")
            wrong["an older parcel is hurt"] += found.get(OLD) != OLDER
            wrong["a wrong parcel is whole"] += any(is_whole(data) and data not in (OLDER, NEWER) for data in found.values())
            wrong["told as done and not there"] += copy == disk.copies[-1] and found.get(NEW) != NEWER
        return +wrong + Counter(tried=len(disk.copies))


def alone(kind: str, careless: bool = False) -> Counter[str] | str:
    """The same in a mount namespace of its own; a sentence where this system cannot."""
    needed = ("unshare", "losetup", "mount", f"mkfs.{kind}", *(["mount.exfat-fuse"] if kind == "exfat" else []))
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    lost = [command for command in needed if shutil.which(command, path=path) is None]
    if lost or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return f"a real {kind} needs root and {', '.join(lost) or 'a system with mounts'}"
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode or not Path("/dev/loop-control").exists():
        return f"this system lets nobody mount a real {kind}"
    ran = subprocess.run(["unshare", "-m", sys.executable, "-m", "tests.faults.images", kind, *["careless"] * careless], capture_output=True, text=True,
                         check=False, cwd=ROOT, env={**os.environ, "PATH": path})
    if ran.returncode:
        raise AssertionError(f"{kind}: {ran.stderr}")
    return Counter(json.loads(ran.stdout))


if __name__ == "__main__":
    json.dump(real(sys.argv[1], "careless" in sys.argv), sys.stdout)
