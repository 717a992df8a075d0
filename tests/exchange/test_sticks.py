"""Sticks that are plugged in, from the tables of a system made up for the test; and that nothing is said to be ejected that is not."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from gridapp.exchange.carriers import drives, sticks
from gridapp.exchange.carriers.stick import Stick
from gridapp.exchange.carriers.sticks import changed, eject, plugged_in, stick_of

LINUX = pytest.mark.skipif(os.name == "nt", reason="the tables of Linux are links, which Windows lets nobody make")


class System:
    """/proc and /sys of a PC, in a folder."""

    def __init__(self, root: Path) -> None:
        self.root, self._lines = root, list[str]()
        (root / "proc" / "self").mkdir(parents=True)
        for folder in ("sys/dev/block", "sys/class/block"):
            (root / folder).mkdir(parents=True)

    def disk(self, path: str, removable: bool, partition: str = "") -> Path:
        """A disk below /sys/devices with a partition, if one is named."""
        disk = self.root / "sys" / "devices" / path
        disk.mkdir(parents=True, exist_ok=True)
        (disk / "removable").write_text(f"{int(removable)}\n")
        if not partition:
            return disk
        (disk / partition).mkdir()
        (disk / partition / "partition").write_text("1\n")
        return disk / partition

    def device(self, number: str, at: Path) -> None:
        (self.root / "sys" / "dev" / "block" / number).symlink_to(at)
        (self.root / "sys" / "class" / "block" / at.name).symlink_to(at)

    def mount(self, number: str, place: Path | str, source: str, kind: str = "vfat", options: str = "rw,nosuid", above: str = "rw") -> None:
        name = str(place).encode().replace(b"\\", rb"\134").replace(b" ", rb"\040").decode()
        self._lines.append(f"36 35 {number} / {name} {options} shared:1 - {kind} {source} {above}")
        (self.root / "proc" / "self" / "mountinfo").write_bytes("\n".join(self._lines).encode() + b"\n")


@pytest.fixture
def system(tmp_path: Path) -> System:
    made = System(tmp_path / "system")
    made.device("259:2", made.disk("pci0000:00/nvme/nvme0n1", False, "nvme0n1p2"))
    made.mount("259:2", "/", "/dev/nvme0n1p2", "ext4")
    return made


def place(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name


@LINUX
def test_a_stick_is_found_with_its_name_in_chinese_and_with_a_blank(system: System, tmp_path: Path) -> None:
    root = place(tmp_path, "平安 U盘")
    system.device("8:17", system.disk("pci0000:00/usb2/2-1/host6/block/sdb", True, "sdb1"))
    system.mount("8:17", root, "/dev/sdb1")
    [found] = plugged_in(system.root)
    assert found == Stick(root, "平安 U盘", found.free, False, "vfat", "/dev/sdb1") and abs(found.free - shutil.disk_usage(root).free) < 1 << 30


@LINUX
@pytest.mark.parametrize(("path", "removable", "is_stick"), [
    ("pci0000:00/usb2/2-1/host6/block/sdb", True, True), ("pci0000:00/usb2/2-1/host6/block/sdb", False, True), ("pci0000:00/mmc0/block/mmcblk0", True, True),
    ("pci0000:00/ata1/host0/block/sdb", False, False), ("pci0000:00/usbank/block/sdb", False, False)])
def test_what_is_removable_or_on_usb_is_a_stick(system: System, tmp_path: Path, path: str, removable: bool, is_stick: bool) -> None:
    system.device("8:17", system.disk(path, removable, "sdb1"))
    system.mount("8:17", place(tmp_path, "a"), "/dev/sdb1")
    assert [s.root.name for s in plugged_in(system.root)] == ["a"] * is_stick


@LINUX
def test_a_stick_without_partitions_an_encrypted_one_and_one_by_fuse_are_found(system: System, tmp_path: Path) -> None:
    whole = system.disk("pci0000:00/usb1/1-1/block/sdc", True)
    system.device("8:32", whole)
    system.mount("8:32", place(tmp_path, "whole"), "/dev/sdc", "exfat")
    system.device("8:49", system.disk("pci0000:00/usb1/1-2/block/sdd", True, "sdd1"))
    mapped = system.disk("virtual/block/dm-0", False)
    (mapped / "slaves").mkdir()
    (mapped / "slaves" / "sdd1").symlink_to(system.root / "sys/class/block/sdd1")
    system.device("253:0", mapped)
    system.mount("253:0", place(tmp_path, "locked"), "/dev/mapper/luks-1", "ext4")
    system.mount("0:52", place(tmp_path, "by fuse"), "/dev/sdd1", "fuse.ntfs-3g")
    assert [s.root.name for s in plugged_in(system.root)] == ["by fuse", "locked", "whole"]


@LINUX
def test_the_systems_own_disks_and_what_is_no_disk_are_no_sticks(system: System, tmp_path: Path) -> None:
    system.device("8:17", system.disk("pci0000:00/usb2/2-1/block/sdb", True, "sdb1"))
    for where in ("/", "/home", "/boot/efi"):
        system.mount("8:17", where, "/dev/sdb1")
    system.mount("0:30", place(tmp_path, "memory"), "tmpfs", "tmpfs")
    system.mount("8:17", tmp_path / "gone", "/dev/sdb1")
    with (system.root / "proc" / "self" / "mountinfo").open("ab") as lines:
        lines.write(b"not a line\n36 35 8:17 / /x - vfat\n\n")
    assert plugged_in(system.root) == []
    assert plugged_in(tmp_path / "no system") == []


@LINUX
@pytest.mark.parametrize(("options", "above"), [("ro,nosuid", "rw"), ("rw,nosuid", "ro,errors=remount-ro")])
def test_a_write_protected_stick_is_known_beforehand(system: System, tmp_path: Path, options: str, above: str) -> None:
    system.device("8:17", system.disk("pci0000:00/usb2/2-1/block/sdb", True, "sdb1"))
    system.mount("8:17", place(tmp_path, "a"), "/dev/sdb1", options=options, above=above)
    assert [s.read_only for s in plugged_in(system.root)] == [True]


def test_what_came_and_went_is_told_by_comparing() -> None:
    a, b = (Stick(Path(f"/media/{n}"), n, 5, False, "vfat", f"/dev/{n}") for n in "ab")
    fuller = Stick(a.root, "a", 1, False, "vfat", "/dev/a")
    assert changed([a], [fuller, b]) == ([b], []) and changed([a, b], [b]) == ([], [a]) and changed([a], [a]) == ([], [])


def test_a_chosen_folder_knows_its_stick() -> None:
    outer, inner = (Stick(Path(root), "", 5, False, "vfat") for root in ("/media/a", "/media/a/b"))
    assert stick_of(Path("/media/a/b/c"), [outer, inner]) is inner and stick_of(Path("/media/ab"), [outer, inner]) is None


@LINUX
@pytest.mark.parametrize(("answers", "mounted", "ejected"), [
    ({}, False, True), ({"power-off": 1}, False, True), ({"unmount": 1}, True, False), ({}, True, False)])
def test_ejected_is_only_what_the_system_has_let_go(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: dict[str, int], mounted: bool, ejected: bool) -> None:
    asked = tmp_path / "asked"
    command = tmp_path / "udisksctl"
    command.write_text(f"#!/bin/sh\necho $* >> '{asked}'\ncase $1 in {' '.join(f'{n}) exit {code};;' for n, code in answers.items())} esac\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    if mounted:
        monkeypatch.setattr(sticks, "_mounts", lambda system: [sticks._Mount("8:17", tmp_path, False, "vfat", "/dev/sdb1")])
    assert eject(Stick(tmp_path, "a", 5, False, "vfat", "/dev/sdb1")) is ejected
    assert asked.read_text().splitlines() == [f"{what} --no-user-interaction -b /dev/sdb1"
                                              for what in (["unmount"] if answers.get("unmount") else ["unmount", "power-off"])]


@LINUX
def test_without_a_way_to_eject_nothing_is_pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not eject(Stick(tmp_path, "a", 5, False, "vfat", "/dev/sdb1"))


class Kernel:
    """A stand-in for kernel32: drives with type, bus, label; calls that are refused."""

    def __init__(self, refused: tuple[int, ...] = ()) -> None:
        self.refused, self.asked, self.closed = refused, list[int](), 0
        #: letter -> (type, bus, label, flags); no label: no card in the reader
        self.drives: dict[str, tuple[int, int, str | None, int]] = {
            "C": (3, 17, "Windows", 0), "D": (3, 11, "数据", 0), "E": (2, 7, "平安", 0), "F": (3, 7, "移动硬盘", drives.READ_ONLY_VOLUME), "G": (2, 7, None, 0),
            "H": (5, 7, "光盘", 0), "I": (4, 0, "网络", 0)}

    def GetLogicalDrives(self) -> int:
        return sum(1 << ord(letter) - ord("A") for letter in self.drives)

    def GetDriveTypeW(self, path: str) -> int:
        return self.drives[path[0]][0]

    def GetVolumeInformationW(self, path: str, label: Any, _n: int, _serial: Any, _longest: Any, flags: Any, system: Any, _m: int) -> int:
        _kind, _bus, name, told = self.drives[path[0]]
        if name is None:
            return 0
        label.value, system.value, flags._obj.value = name, "exFAT", told
        return 1

    def CreateFileW(self, path: str, *_given: Any) -> int | None:
        return ord(path.removeprefix("\\\\.\\")[0])

    def DeviceIoControl(self, handle: int, code: int, _given: Any, _size: int, room: Any, _room: int, _used: Any, _over: Any) -> int:
        self.asked.append(code)
        if code == drives.QUERY_PROPERTY:
            room._obj.BusType = self.drives[chr(handle)][1]
        return int(code not in self.refused)

    def FlushFileBuffers(self, handle: int) -> int:
        return 1

    def CloseHandle(self, handle: int) -> int:
        self.closed += 1
        return 1


def test_windows_tells_of_removable_drives_and_of_hard_disks_on_usb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SystemDrive", "C:")
    monkeypatch.setattr(shutil, "disk_usage", lambda root: shutil._ntuple_diskusage(9, 4, 5))
    found = drives.plugged_in(Kernel())
    assert [(s.device, s.label, s.free, s.read_only, s.filesystem) for s in found] == [
        ("E:", "平安", 5, False, "exfat"), ("F:", "移动硬盘", 5, True, "exfat")]


@pytest.mark.parametrize("refused", [(), (drives.MEDIA_REMOVAL,), (drives.LOCK_VOLUME,), (drives.DISMOUNT_VOLUME,), (drives.EJECT_MEDIA,)])
def test_windows_ejects_step_by_step_or_says_that_it_did_not(monkeypatch: pytest.MonkeyPatch, refused: tuple[int, ...]) -> None:
    monkeypatch.setattr(drives, "LOCK_PAUSE", 0)
    kernel = Kernel(refused)
    assert drives.eject(Path("E:\\"), kernel) is (refused in ((), (drives.MEDIA_REMOVAL,)))
    assert kernel.closed == 1 and len(kernel.asked) == {(): 4, (drives.LOCK_VOLUME,): drives.LOCK_TRIES, (drives.DISMOUNT_VOLUME,): 2}.get(refused, 4)


def test_what_windows_is_given_has_the_size_it_expects() -> None:
    assert ctypes.sizeof(drives._Asked) == 12 and drives._Device.BusType.offset == 28


@pytest.mark.skipif(sys.platform != "linux", reason="reads this PC's own tables")
def test_this_pc_can_be_asked() -> None:
    assert all(stick.root.is_dir() for stick in plugged_in())
