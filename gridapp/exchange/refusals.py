"""What is wrong with a parcel or its carrier, in the officer's words: one small class for each reason (sync.md 4.4)."""

from __future__ import annotations

from enum import StrEnum

from gridapp.errors import Mistake, Trouble
from gridapp.texts import N_, _


class Refused(Mistake):
    """A parcel that is not taken in; nothing in the ledger has changed. `code` stands in the journal of refusals, never on the screen."""

    code = "E_FORMAT"


class NotAParcel(Refused):
    """Another kind of file."""

    code = "E_NOT_BUNDLE"

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”不是交接包。请选择以“.wsb”结尾的交接包文件。").format(name))


class Truncated(Refused):
    """The end is missing: not copied to the end, or the stick was pulled too early."""

    code = "E_TRUNCATED"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”不完整，可能没有拷完或U盘拔得太早。请重新复制一次；仍不行请对方重新导出。台账没有改动。").format(name))


class Damaged(Refused):
    """Bytes differ from those that were written."""

    code = "E_DAMAGED"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”已损坏，内容与写出时不一致。请重新复制一次；仍不行请换一个U盘，让对方重新导出。台账没有改动。").format(name))


class PartMissing(Refused):
    """Not all parts of a parcel in several files are there."""

    code = "E_TRUNCATED"

    def __init__(self, parts: int, missing: list[int]) -> None:
        told = "、".join(str(number) for number in missing[:5]) + (_("等") if len(missing) > 5 else "")
        super().__init__(_("这个交接包共 {0} 个分卷，还缺第 {1} 个。请把缺的分卷放到同一个文件夹后再试。").format(parts, told))
        self.missing = missing


class PartOfAnother(Refused):
    """Files of two parcels were put together."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”属于另一个交接包。请只选同一个交接包的各个分卷。").format(name))


class NewerFormat(Refused):
    """Container version or cipher suite of a later program."""

    code = "E_NEWER_FORMAT"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”由更新版本的程序制作，本程序打不开。请先升级本机的程序，交接包请保留。").format(name))


class NewerSchema(Refused):
    """Its contents need a later reader."""

    code = "E_NEWER_SCHEMA"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”里有本程序还不认识的内容。请先升级本机的程序，交接包请保留，升级后再导入。").format(name))


class NotForUs(Refused):
    """Locked for other stations; nothing else is known about it."""

    code = "E_NOT_FOR_US"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”不是交给本站点的。请核对U盘，或请对方确认接收方后重新导出。").format(name))


class BadSignature(Refused):
    """Not written by whom it names, or altered by somebody who could open it."""

    code = "E_SIGNATURE"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”的签名不对，内容可能被人改动过，整个文件没有导入。请留好这个文件并报告镇里。").format(name))


class TooBig(Refused):
    """Declares more than any honest parcel holds."""

    code = "E_TOO_BIG"

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”超出了允许的大小，没有导入。请让对方分几次导出；如果它本来不该这么大，请报告镇里。").format(name))


class BadFormat(Refused):
    """Signed and whole, and yet not what a parcel looks like."""

    def __init__(self, name: str) -> None:
        super().__init__(_("交接包“{0}”的内容不合格式，没有导入。请让对方升级程序后重新导出；仍不行请报告镇里。").format(name))


class CannotRead(Trouble):
    """The drive did not give the bytes."""

    def __init__(self, name: str) -> None:
        super().__init__(_("读不出“{0}”，U盘可能已拔出或有故障。请重新插好后再试；台账没有改动。").format(name))


class Held(StrEnum):
    """Why a seal (封) waits in the ledger; the value is what the next parcel reports about it."""

    UNKNOWN_DEVICE = "E_UNKNOWN_DEVICE"
    REVOKED = "E_REVOKED"
    SCOPE = "E_SCOPE"
    GAP = "E_GAP"
    CLOCK = "E_CLOCK"

    @property
    def text(self) -> str:
        """What happened and what to do next."""
        return _(_HELD[self])


_HELD = {
    Held.UNKNOWN_DEVICE: N_("写这些记录的电脑还没有在镇里登记，先暂存。请镇里核对后登记这台电脑，登记后会自动导入。"),
    Held.REVOKED: N_("写这些记录的电脑已被镇里停用，先暂存。请镇里决定采用还是丢弃。"),
    Held.SCOPE: N_("写这些记录的电脑无权写这个范围，先暂存。请镇里核对它的权限。"),
    Held.GAP: N_("前面还有记录没有收到，先暂存。收到缺的部分后会自动导入，下次交接会向对方要。"),
    Held.CLOCK: N_("写这些记录的电脑时钟比本机快两天以上，先暂存。请核对两台电脑的日期：本机错了就改正后重新导入，对方错了请报告镇里。"),
}


class Noted(StrEnum):
    """What is said about a parcel that was taken in nevertheless."""

    BRANCH = "W_BRANCH"
    REPLAY = "W_REPLAY"
    NO_ROOM = "W_NO_ROOM"
    PUT_BACK = "W_PUT_BACK"

    @property
    def text(self) -> str:
        return _(_NOTED[self])


_NOTED = {
    Noted.BRANCH: N_("有一台电脑的台账从备份恢复过，或被复制到了另一台电脑。记录都已收下，没有丢失；如果两台都在用，请给其中一台重新配对。"),
    Noted.REPLAY: N_("这个交接包里的内容以前都已导入，这次没有新的。"),
    Noted.PUT_BACK: N_("这台电脑恢复过：它的审计记录比上次交来的少，或者不是同一份。如果它刚用备份恢复，这是正常的；如果没有，请到现场核对，台账可能被换成了旧的。"),
    Noted.NO_ROOM: N_("照片会占掉本机剩余磁盘空间的一半以上，这次没有保存照片，登记内容不受影响。请清理磁盘；下次交接会再向对方要这些照片。"),
}
