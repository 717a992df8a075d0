"""Windows: a job object gives the parsing child its limits of memory and time (POSIX does it inside the child).

Written from the documentation of CreateJobObject; it has run on no Windows machine yet.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

MEMORY = 1 << 29
CPU_100NS = 20 * 10_000_000
_PROCESS_TIME, _PROCESS_MEMORY, _KILL_ON_CLOSE = 0x2, 0x100, 0x2000
_EXTENDED = 9


class _Basic(ctypes.Structure):
    _fields_ = [("PerProcessUserTimeLimit", ctypes.c_int64), ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", ctypes.c_uint32), ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t), ("ActiveProcessLimit", ctypes.c_uint32),
                ("Affinity", ctypes.c_size_t), ("PriorityClass", ctypes.c_uint32), ("SchedulingClass", ctypes.c_uint32)]


class _Limits(ctypes.Structure):
    _fields_ = [("Basic", _Basic), ("IoInfo", ctypes.c_uint64 * 6), ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t), ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t)]


def limits() -> Any:
    """The limits as Windows wants them."""
    told = _Limits()
    told.Basic.LimitFlags = _PROCESS_TIME | _PROCESS_MEMORY | _KILL_ON_CLOSE
    told.Basic.PerProcessUserTimeLimit = CPU_100NS
    told.ProcessMemoryLimit = MEMORY
    return told


def confine(child: subprocess.Popen[bytes]) -> None:
    """Put the child into a job of its own; it ends with the job's handle, kept on the child object."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        job, told = ctypes.c_void_p(kernel.CreateJobObjectW(None, None)), limits()
        kernel.SetInformationJobObject(job, _EXTENDED, ctypes.byref(told), ctypes.sizeof(told))
        kernel.AssignProcessToJobObject(job, ctypes.c_void_p(int(child._handle)))
        child.gridapp_job = job  # type: ignore[attr-defined]
