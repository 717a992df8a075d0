"""What stops a print (没有打印): each says in a sentence why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.errors import Mistake
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.printing.papers import Paper

_NAMED = 5


@dataclass(frozen=True)
class Missing:
    """A character that no shipped font has, and whose text it stands in."""

    char: str
    where: str
    page: int

    def __str__(self) -> str:
        return _("“{0}”（U+{1}，{2}，第 {3} 页）").format(self.char, f"{ord(self.char):04X}", self.where or _("表头"), self.page)


class UnknownPaper(Mistake):
    """A number that is not in PAPERS."""

    def __init__(self, number: str, known: Iterable[str]) -> None:
        super().__init__(_("没有编号为“{0}”的表单。可以打印的有：{1}。").format(number, "、".join(known)))


class NotAsked(Mistake):
    """A wish the paper cannot grant: the register of the village for one house, one house and all houses."""

    def __init__(self, chosen: Paper, wish: str) -> None:
        super().__init__(_("没有打印：{0}（{1}）不能按“{2}”打印。请去掉这一项再试。").format(chosen.title, chosen.number, wish))


class NoGlyph(Mistake):
    """Characters that cannot be printed; `missing` lists them all."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        named = "；".join(map(str, missing[:_NAMED]))
        more = _("等 {0} 处").format(len(missing)) if len(missing) > _NAMED else ""
        super().__init__(_("没有打印：字库中缺少下列文字 {0}{1}。请核对这个字是否录入有误，改正后再打印。").format(named, more))


class Stopped(Mistake):
    """The officer cancelled."""

    def __init__(self) -> None:
        super().__init__(_("已取消打印，没有留下任何文件。需要时请重新打印。"))


class IsFolder(Mistake):
    """Where the file shall go there is a folder of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”是一个文件夹。请写上文件名，例如 {1}。").format(path, path / "登记簿.pdf"))


class FileHeld(Mistake):
    """The old file cannot be replaced, usually because a PDF program shows it."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("无法替换“{0}”，它可能正被别的程序打开。请先关闭它，或换一个文件名再打印。").format(path.name))
