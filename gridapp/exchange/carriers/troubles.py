"""What goes wrong with a carrier, in an officer's words; whatever it is, the ledger has lost nothing and the next parcel brings it all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gridapp.errors import Mistake, Trouble
from gridapp.texts import _


def in_words(size: int) -> str:
    """Bytes as an officer reads them: '850 B', '1.5 MB'."""
    power = min(max(size.bit_length() - 1, 0) // 10, 3)
    return f"{size / 1024**power:.{1 if power else 0}f} {('B', 'KB', 'MB', 'GB')[power]}"


class Stopped(Mistake):
    """The officer stopped it."""

    def __init__(self) -> None:
        super().__init__(_("已停止，没有留下写了一半的交接包。台账没有变化，可以随时再交。"))


class NoSpace(Trouble):
    """No room for the parcel."""

    code = "E_NO_SPACE"

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(_("空间不够：这个交接包需要 {0}，只剩 {1}。请删掉U盘上不用的文件，或换一个U盘；也可以先只交数据，照片下次再交。")
                         .format(in_words(needed), in_words(free)))
        self.needed, self.free = needed, free


class Medium(Trouble):
    """What is read back is not what was written: a fake or a dying stick."""

    code = "E_MEDIUM"

    def __init__(self) -> None:
        super().__init__(_("写进去的内容读出来不一样，这个U盘已损坏或容量是假的。没有交出任何内容，请换一个U盘再交。"))


class ReadOnly(Trouble):
    """Write-protected."""

    code = "E_READONLY"

    def __init__(self) -> None:
        super().__init__(_("这个U盘或文件夹不让写入。请看U盘侧面有没有写保护开关，或换一个U盘；没有交出任何内容。"))


class Pulled(Trouble):
    """The stick was gone in the middle."""

    def __init__(self) -> None:
        super().__init__(_("U盘中途断开了，这次不算交出。台账没有丢失任何内容，请重新插好U盘，再交一次。"))


class Gone(Trouble):
    """A file that was listed is not there, or is no plain file."""

    def __init__(self) -> None:
        super().__init__(_("这个文件已经不在了，或者不是普通文件，没有读取。请重新插好U盘，再找一次。"))


class Odd(Trouble):
    """Something else stands where our folder should be."""

    def __init__(self, name: str) -> None:
        super().__init__(_("U盘上的“{0}”不是普通文件夹，没有往里写。请把它改个名字，或换一个U盘，再交一次。").format(name))


class Unreachable(Trouble):
    """A shared folder or server that does not answer, or whose line broke."""

    def __init__(self) -> None:
        super().__init__(_("连不上对方，或者中途断线了。已经传到的部分会保留，等网络恢复后再交一次就会接着传；也可以改用U盘。"))


class Impostor(Trouble):
    """The server's certificate is not the one the town gave out."""

    def __init__(self) -> None:
        super().__init__(_("对方服务器的证书和镇里发的不一样，没有传送任何内容。请先打电话问镇里；这期间可以用U盘交接。"))


class NotAdmitted(Trouble):
    """The server does not know this station's token."""

    def __init__(self) -> None:
        super().__init__(_("镇里的服务器没有认出这台电脑。请打电话请镇里检查这台电脑的登记；这期间可以用U盘交接。"))


class Busy(Trouble):
    """The server asks for patience."""

    def __init__(self) -> None:
        super().__init__(_("镇里的服务器正忙，请过几分钟再交一次。没有丢失任何内容。"))


class TooBig(Trouble):
    """More than the carrier takes at once."""

    def __init__(self) -> None:
        super().__init__(_("这个交接包比对方一次能收的大，没有交出。请用U盘交接，或先只交数据，照片下次再交。"))


class NoSuchWay(Mistake):
    """An address nobody here can open."""

    def __init__(self, address: str) -> None:
        super().__init__(_("打不开“{0}”：地址写得不对，或者本机没有装好这种网络存储的组件。请检查地址，或请管理员安装组件。").format(address))


_FULL = {errno.ENOSPC, errno.EDQUOT}
_PROTECTED = {errno.EROFS, errno.EACCES, errno.EPERM}
_AWAY = {errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTDIR, errno.ENOTCONN, errno.ESTALE, errno.ESHUTDOWN, errno.EBADF}
_BROKEN = {errno.EIO, errno.EFBIG, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENOTEMPTY, errno.EEXIST}
#: Windows tells more exactly than its errno: disk full; write-protected; not ready, not connected; bad checksum, bad device
_WINDOWS: dict[int, type[Trouble]] = {19: ReadOnly, 21: Pulled, 55: Pulled, 433: Pulled, 1167: Pulled, 23: Medium, 1117: Medium}


@contextmanager
def sorted_out(there: Callable[[], bool], needed: int = 0, free: Callable[[], int | None] = lambda: None) -> Iterator[None]:
    """Turn what the system says about a stick or folder into Trouble; `there` tells whether it is still the one it was."""
    try:
        yield
    except OSError as error:
        windows = _WINDOWS.get(getattr(error, "winerror", 0) or 0)
        if error.errno in _FULL:
            left = free() if there() else None
            raise NoSpace(needed, left or 0) from error
        if windows is not None:
            raise windows from error
        if error.errno in _AWAY or not there():
            raise Pulled from error
        if error.errno in _PROTECTED:
            raise ReadOnly from error
        if error.errno in _BROKEN or os.name == "nt":
            raise Medium from error
        raise
