"""Why no card could be read: one class each, sorted by who can mend it, holding its sentence."""

from __future__ import annotations

from gridapp.errors import Mistake, Trouble
from gridapp.texts import N_, _


class CardMistake(Mistake):
    """The officer lays the card again, or another one."""

    sentence = ""

    def __init__(self) -> None:
        super().__init__(_(self.sentence))


class ReaderTrouble(Trouble):
    """The reader or its line must be looked at first; `port` is the one that was chosen."""

    sentence = ""

    def __init__(self, port: str) -> None:
        super().__init__(_(self.sentence).format(port))


class CardTaken(CardMistake):
    sentence = N_("卡还没读完就拿开了，什么也没有填。请把卡放平放稳，听到响声再拿开。")


class NothingOnCard(CardMistake):
    sentence = N_("这张卡里没有读到证件内容，什么也没有填。请换一面再放一次；还不行，请看着证件填写。")


class OtherCard(CardMistake):
    sentence = N_("这张卡不是读卡器认识的证件（身份证、港澳台居民居住证、外国人永久居留身份证）。请看着证件填写。")


class CardRefused(CardMistake):
    sentence = N_("读卡器没能验证这张卡，什么也没有填。请拿开再放一次；还不行，请仔细核对证件，看着证件填写。")


class NoReader(ReaderTrouble):
    sentence = N_("端口“{0}”上没有读卡器。请插好读卡器；换过插口的，请到“设置”里重新选端口。")


class PortTaken(ReaderTrouble):
    sentence = N_("端口“{0}”正被别的程序使用。请关闭其他读卡程序，再试一次。")


class PortForbidden(ReaderTrouble):
    sentence = N_("这个系统用户不能使用端口“{0}”。请找维护人员开通串口权限，再试一次。")


class Silent(ReaderTrouble):
    sentence = N_("端口“{0}”打开了，但没有读卡器回答。请看读卡器的灯亮不亮，核对端口和波特率。")


class Garbled(ReaderTrouble):
    sentence = N_("端口“{0}”上的回答看不懂，多半是波特率不对（一般是 115200），或者那里不是读卡器。请到“设置”里核对。")


class Spoilt(ReaderTrouble):
    sentence = N_("读卡器（端口“{0}”）传来的内容校验不对，什么也没有填。请插紧连线，把卡拿开再放一次。")


class Unplugged(ReaderTrouble):
    sentence = N_("读卡器（端口“{0}”）中途断开了，什么也没有填。请重新插好，把卡再放一次。")


class ReaderBroken(ReaderTrouble):
    sentence = N_("读卡器（端口“{0}”）自检没有通过。请拔下再插一次；还不行，请联系厂家。")
