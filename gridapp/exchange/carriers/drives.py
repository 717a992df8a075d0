"""Windows: its drives, reading past its cache, and ejecting, by the documented calls of kernel32.

Written from Microsoft's documentation and run with a stand-in for kernel32; it has run on no Windows machine yet.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gridapp.exchange.carriers.stick import Stick

REMOVABLE, FIXED, BUS_USB = 2, 3, 7
READ_ONLY_VOLUME = 0x80000
GENERIC_READ, GENERIC_WRITE, SHARE_ALL, OPEN_EXISTING = 0x80000000, 0x40000000, 0x7, 3
NO_BUFFERING, SEQUENTIAL = 0x20000000, 0x08000000
QUERY_PROPERTY, LOCK_VOLUME, DISMOUNT_VOLUME = 0x002D1400, 0x00090018, 0x00090020
MEDIA_REMOVAL, EJECT_MEDIA = 0x002D4804, 0x002D4808
INVALID = ctypes.c_void_p(-1).value
#: a virus scanner lets go within this time, or the officer ejects by hand
LOCK_TRIES, LOCK_PAUSE = 10, 0.2


class _Asked(ctypes.Structure):
    """STORAGE_PROPERTY_QUERY: StorageDeviceProperty, PropertyStandardQuery."""

    _fields_ = [("PropertyId", ctypes.c_uint32), ("QueryType", ctypes.c_uint32), ("AdditionalParameters", ctypes.c_uint8 * 4)]


class _Device(ctypes.Structure):
    """The head of STORAGE_DEVICE_DESCRIPTOR."""

    _fields_ = [("Version", ctypes.c_uint32), ("Size", ctypes.c_uint32), ("DeviceType", ctypes.c_uint8), ("DeviceTypeModifier", ctypes.c_uint8),
                ("RemovableMedia", ctypes.c_uint8), ("CommandQueueing", ctypes.c_uint8), ("VendorIdOffset", ctypes.c_uint32),
                ("ProductIdOffset", ctypes.c_uint32), ("ProductRevisionOffset", ctypes.c_uint32), ("SerialNumberOffset", ctypes.c_uint32),
                ("BusType", ctypes.c_uint32), ("RawPropertiesLength", ctypes.c_uint32), ("Raw", ctypes.c_uint8)]


def _kernel() -> Any:
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    kernel.CreateFileW.restype = ctypes.c_void_p
    kernel.CreateFileW.argtypes = [ctypes.c_wchar_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p]
    kernel.CloseHandle.argtypes = kernel.FlushFileBuffers.argtypes = [ctypes.c_void_p]
    kernel.DeviceIoControl.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32,
                                       ctypes.c_void_p, ctypes.c_void_p]
    return kernel


def _last_error(path: str) -> OSError:
    return ctypes.WinError(ctypes.get_last_error(), path)  # type: ignore[attr-defined,no-any-return,unused-ignore]  # Windows only


def _control(kernel: Any, handle: Any, code: int, given: Any = None, room: Any = None) -> bool:
    used = ctypes.c_uint32()
    here = (ctypes.byref(given), ctypes.sizeof(given)) if given is not None else (None, 0)
    back = (ctypes.byref(room), ctypes.sizeof(room)) if room is not None else (None, 0)
    return bool(kernel.DeviceIoControl(handle, code, *here, *back, ctypes.byref(used), None))


def _opened(kernel: Any, path: str, access: int, flags: int = 0) -> Any:
    """A handle. Raises OSError."""
    handle = kernel.CreateFileW(path, access, SHARE_ALL, None, OPEN_EXISTING, flags, None)
    if handle in (None, INVALID):
        raise _last_error(path)
    return handle


def open_unbuffered(path: Path) -> int:
    """A file descriptor whose reads come from the medium; they must be aligned, in whole sectors."""
    import msvcrt

    handle = _opened(_kernel(), str(path), GENERIC_READ, NO_BUFFERING | SEQUENTIAL)
    return int(msvcrt.open_osfhandle(handle, os.O_RDONLY | getattr(os, "O_BINARY", 0)))  # type: ignore[attr-defined,unused-ignore]


def plugged_in(kernel: Any = None) -> list[Stick]:
    """Removable drives, and fixed ones on USB (a USB hard disk says it is fixed); never the drive of the system."""
    kernel = kernel or _kernel()
    letters, system = kernel.GetLogicalDrives(), os.environ.get("SystemDrive", "C:").upper()
    names = [f"{chr(ord('A') + n)}:" for n in range(26) if letters >> n & 1]
    found = (_stick(kernel, name) for name in names if name != system and name not in ("A:", "B:") and _is_stick(kernel, name))
    return [stick for stick in found if stick is not None]


def _is_stick(kernel: Any, drive: str) -> bool:
    kind = kernel.GetDriveTypeW(f"{drive}\\")
    return kind == REMOVABLE or kind == FIXED and _bus(kernel, drive) == BUS_USB


def _bus(kernel: Any, drive: str) -> int | None:
    try:
        handle = _opened(kernel, f"\\\\.\\{drive}", 0)
    except OSError:
        return None
    told = _Device()
    answered = _control(kernel, handle, QUERY_PROPERTY, _Asked(), told)
    kernel.CloseHandle(handle)
    return int(told.BusType) if answered else None


def _stick(kernel: Any, drive: str) -> Stick | None:
    """None for a card reader without a card."""
    label, system, flags = ctypes.create_unicode_buffer(261), ctypes.create_unicode_buffer(261), ctypes.c_uint32()
    if not kernel.GetVolumeInformationW(f"{drive}\\", label, 261, None, None, ctypes.byref(flags), system, 261):
        return None
    with suppress(OSError):
        free = shutil.disk_usage(f"{drive}\\").free
        return Stick(Path(f"{drive}\\"), label.value, free, bool(flags.value & READ_ONLY_VOLUME), system.value.lower(), drive)
    return None


def eject(root: Path, kernel: Any = None) -> bool:
    """Lock, dismount, eject; False when any of these is refused (a file is open on it): the officer is told to do it by hand."""
    kernel = kernel or _kernel()
    try:
        handle = _opened(kernel, f"\\\\.\\{str(root)[:2]}", GENERIC_READ | GENERIC_WRITE)
    except OSError:
        return False
    try:
        if not kernel.FlushFileBuffers(handle) or not _locked(kernel, handle) or not _control(kernel, handle, DISMOUNT_VOLUME):
            return False
        _control(kernel, handle, MEDIA_REMOVAL, ctypes.c_uint8(0))
        return _control(kernel, handle, EJECT_MEDIA)
    finally:
        kernel.CloseHandle(handle)


def _locked(kernel: Any, handle: Any) -> bool:
    for attempt in range(LOCK_TRIES):
        if attempt:
            time.sleep(LOCK_PAUSE)
        if _control(kernel, handle, LOCK_VOLUME):
            return True
    return False
