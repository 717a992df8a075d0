"""Sets up what is missing, then runs: python3 dev.py run | test | bench | check | gridapp …  (Windows: py dev.py run).

Standard library only. Python 3.7 can read it, to find a newer one or to say that one is needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from gridapp import preflight  # noqa: E402  (needs the line above when Python is told not to look beside the script)

VENV, WHEELHOUSE = ROOT / ".venv", ROOT / "wheelhouse"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
#: verb -> what it does, what it needs of the system (a name in preflight.NEEDS), what Python is given
VERBS = {
    "run": ("打开程序；没有屏幕时走一遍演示", "screen", [str(ROOT / "main.py")]),
    "test": ("运行测试", "offscreen", ["-m", "pytest"]),
    "bench": ("测量速度", "offscreen", ["-m", "tests.bench"]),
    "faults": ("反复断电、断线、写满磁盘，检查什么也不丢", "nothing", ["-m", "tests.faults"]),
    "check": ("检查类型", "nothing", ["-m", "mypy"]),
    "gridapp": ("不开窗口，直接办事", "nothing", ["-m", "gridapp"]),
}
#: the whole suite uses two cores; what is named is run in one piece, so that it can be looked into
IN_TWO = ["-n", "2", "--dist", "worksteal"]
AT_HOME = ("test", "bench", "faults", "check")  # these name files of the tree; the others keep the folder the user stands in
#: machine -> glibc from which today's Qt has wheels (6.10+ on x86_64, 6.8.1+ on aarch64)
NEW_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}


def say(text: str, leave_with: int | None = None) -> None:
    print(text, file=sys.stderr, flush=True)
    if leave_with is not None:
        raise SystemExit(leave_with)


def glibc() -> tuple[int, ...]:
    """The version of the system's C library; empty where it is another one (Windows, macOS, musl)."""
    name, version = platform.libc_ver()
    return tuple(int(part) for part in version.split(".")) if name == "glibc" else ()


def constraints(machine: str, libc: tuple[int, ...]) -> Path:
    """The file of pinned versions that fits: Qt is pinned lower where the C library is old."""
    old = f"-old-{machine}" if libc and libc < NEW_GLIBC.get(machine, ()) else ""
    return ROOT / f"constraints{old}.txt"


PINS = constraints(platform.machine(), glibc())


def fitting(pins: Path) -> range:
    """Minor versions of Python 3 for which every pinned package has wheels: the older Qt ends at 3.13."""
    return range(11, 14 if "-old-" in pins.name else 15)


FITTING = fitting(PINS)


def find_fitting_python() -> None:
    """Start again with a Python that fits where this one does not; where there is none, say so."""
    for minor in reversed(FITTING):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            hand_over([found, *sys.argv])
    here, span = sys.version.split()[0], (f"3.{FITTING[0]}", f"3.{FITTING[-1]}")
    say(f"需要 Python {span[0]} 到 {span[1]}，这里是 {here}；请另外安装一个合适的版本，然后再运行一次。"
        f"Python {span[0]} to {span[1]} is needed, this is {here}; please install one and run this again.", preflight.EXIT_MACHINE)


def stamp() -> str:
    """Changes with everything the private environment is made from."""
    made_from = (ROOT / "setup.cfg").read_bytes() + PINS.read_bytes() + f"{sys.version}{VENV}".encode(errors="surrogateescape")
    return hashlib.sha256(made_from).hexdigest()


def requirements(extra: str = "") -> list[str]:
    """What setup.cfg asks for, the test tools included; or what one of its extras adds."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = config["options.extras_require"]
    asked = [extras[extra]] if extra else [config["options"]["install_requires"], extras["test"]]
    return [line for line in "\n".join(asked).splitlines() if line]


def add_peers() -> None:
    """What only measuring needs; a peer that cannot be had is left out of the figures."""
    now, mine = stamp(), VENV / "ready-bench"
    if mine.exists() and mine.read_text() == now:
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--only-binary", ":all:", *source(), "-c", str(PINS)]
    lost = [peer for peer in requirements("bench") if subprocess.call([*pip, peer], stdout=sys.stderr)]
    if lost:
        say(f"没能装好用来比较的组件（{'、'.join(lost)}），这次不和它们比。")
    else:
        mine.write_text(now)


def source() -> list[str]:
    """Where pip takes packages from: the folder wheelhouse/ when there is one, else the index this PC is set to."""
    return ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.is_dir() else []


def make_venv(stamped: bool) -> None:
    """A private .venv with the pinned packages and a link to this tree; made anew unless one for this Python was whole."""
    import venv

    config = VENV / "pyvenv.cfg"
    same = stamped and config.exists() and f"version = {sys.version.split()[0]}\n" in config.read_text(encoding="utf-8")
    if VENV.is_symlink():  # clearing it would clear another tree's
        say(f"“{VENV}”是指向别处的链接，没有改动它。请删除这个链接，再运行一次。", preflight.EXIT_MACHINE)
    say("正在准备运行环境（第一次要下载约 120 MB，请稍等）……")
    try:
        venv.EnvBuilder(with_pip=True, symlinks=not WINDOWS, clear=not same).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"不能在“{VENV}”准备运行环境（{error}）。请关闭正在运行的程序，检查磁盘空间和文件夹权限，然后再运行一次。",
            preflight.EXIT_MACHINE)
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *quiet, *source(), "-c", str(PINS)]
    if subprocess.call([*pip, *requirements()], stdout=sys.stderr):
        say("没能装好需要的组件。请检查网络后再运行一次；不能上网的电脑，请先把安装包放进 wheelhouse 文件夹。", preflight.EXIT_MACHINE)
    site = next(VENV.glob("Lib/site-packages" if WINDOWS else "lib/python*/site-packages"))
    (site / "gridapp-tree.pth").write_text(os.path.relpath(ROOT, site) + "\n", encoding="ascii")


def system_lacks(kind: str) -> tuple[list[str], list[str]]:
    """Shared libraries that are missing, and the packages that bring them (and venv, which Debian keeps apart)."""
    importlib.invalidate_caches()
    lost = preflight.missing(preflight.NEEDS[kind])
    apart = [] if importlib.util.find_spec("ensurepip") else [f"python3.{sys.version_info[1]}-venv"]
    return lost, preflight.packages(lost) + apart


def root_prefix() -> list[str] | None:
    """What to put before a command that needs root; None when apt is not there or root would need a password."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    may = shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0
    return ["sudo", "-n"] if may else None


def mend_system(kind: str) -> None:
    """Let apt install what the system lacks when it may, else stop with the line for an administrator."""
    lost, names = system_lacks(kind)
    prefix = root_prefix() if names else None
    if prefix is not None:
        say("正在安装系统组件：" + " ".join(names))
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
        subprocess.call([*apt, "update"], stdout=sys.stderr)
        subprocess.call([*apt, "install", "-y", "--no-install-recommends", *names], stdout=sys.stderr)
        lost, names = system_lacks(kind)
    if names:
        say(preflight.sentence(lost, names), preflight.EXIT_MACHINE)


def set_up(kind: str) -> None:
    """Everything this kind of start needs; back at once when a stamp says that it was all there."""
    now, mine = stamp(), VENV / f"ready-{kind}"
    stamps = {file.name: file.read_text() for file in VENV.glob("ready-*")}
    if stamps.get(mine.name) != now:
        mend_system(kind)
        if now not in stamps.values():
            for name in stamps:  # an interruption from here on leaves no stamp: then .venv is made anew
                (VENV / name).unlink()
            make_venv(stamped=bool(stamps))
        mine.write_text(now)


def hand_over(command: list[str]) -> None:
    """Become this command; on Windows, where that cannot be done, wait for it."""
    if WINDOWS:
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)


def main(arguments: list[str]) -> None:
    if sys.version_info[0] != 3 or sys.version_info[1] not in FITTING:
        find_fitting_python()
    verb, rest = (arguments or [""])[0], arguments[1:]
    if verb not in VERBS:
        say("用法：python3 dev.py 命令 …\n" + "\n".join(f"  {name:8} {told[0]}" for name, told in VERBS.items()), 2)
    _told, kind, given = VERBS[verb]
    if verb == "run" and not preflight.has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        kind, given = "offscreen", [*given, "--demo"]
    set_up(kind)
    if verb == "bench":
        add_peers()
    if verb == "test" and not rest:
        given = [*given, *IN_TWO]
    if verb in AT_HOME:
        os.chdir(ROOT)
    hand_over([str(PYTHON), *given, *rest])


if __name__ == "__main__":
    main(sys.argv[1:])
