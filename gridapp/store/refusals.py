"""Why a ledger's keys do not open, or may not be changed, in words for the officer."""

from __future__ import annotations

from pathlib import Path

from gridapp.errors import Mistake, Trouble
from gridapp.texts import _


class WrongPassword(Mistake):
    """No slot opens with this password."""

    def __init__(self) -> None:
        super().__init__(_("密码不对。请检查大小写和输入法后再试；数据没有受到影响。"))


class PasswordOver(Mistake):
    """It was good once, or for a day."""

    def __init__(self) -> None:
        super().__init__(_("这个一次性密码已经用过，或者超过了 24 小时。请管理员再发一个新的一次性密码。"))


class MustWait(Mistake):
    """Too many wrong passwords."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        told = _("{0} 秒").format(seconds) if seconds < 60 else _("{0} 分钟").format(minutes)
        super().__init__(_("密码连续输错多次，请等 {0} 再试。台账没有锁死，数据没有受到影响；忘了密码请找管理员，或用恢复纸。").format(told))
        self.seconds = seconds


class KeysMissing(Trouble):
    """The key file beside the ledger is gone or unreadable."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("找不到或读不出密钥文件“{0}”。没有它，台账无法打开。请从备份中把它放回台账旁边，不要新建同名台账。").format(path.name))


class NewerKeys(Mistake):
    """Written by a newer program."""

    def __init__(self) -> None:
        super().__init__(_("密钥文件由更新版本的程序写成，本程序打不开。请先升级程序；台账没有被改动。"))


class KeysChanged(Trouble):
    """Somebody without the ledger's key has put slots in, taken out, changed or moved them."""

    def __init__(self) -> None:
        super().__init__(_("密钥文件被别的程序改动过，为了安全没有打开台账，也没有写入任何内容。请从备份中取回原来的密钥文件，并报告管理员。"))


class KeysTurning(Trouble):
    """The ledger was getting a new key when the program ended."""

    def __init__(self) -> None:
        super().__init__(_("上次更换台账密钥时中断了。请先打开一次台账，程序会自动做完，然后再试。"))


class LastSlot(Mistake):
    """Nobody could open the ledger any more."""

    def __init__(self) -> None:
        super().__init__(_("这是能打开台账的最后一个长期密码，不能去掉。请先给另一位人员设好密码。"))


class ForeignSheet(Mistake):
    """A whole code, but of another ledger or of a sheet that was replaced."""

    def __init__(self) -> None:
        super().__init__(_("这张恢复纸打不开这个台账：它属于别的台账，或者已经换过新纸。请找最新的那一张。"))


class ForeignTown(Mistake):
    """No key of the town's that this ledger knows."""

    def __init__(self) -> None:
        super().__init__(_("镇里的这把密钥打不开这个台账：不是这个镇的，或者村里已经取消。请核对密钥，或改用恢复纸。"))
