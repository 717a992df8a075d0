"""各村进度: the villages of a town by how far they are with one theme (专项); what is late in each; the sheet to post."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import progress
from ui.desk import Desk
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.campaigns import far, words
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way

POSTED = "F33"
#: before one is chosen
NOBODY = UUID(int=0)
SORTS = {"all": Sort(N_("全部村"), lambda _share: True), "late": Sort(N_("有超期"), lambda share: share.progress.late > 0),
         "idle": Sort(N_("未开展"), lambda share: not share.begun)}


def standing(share: Any) -> Row:
    """Words and colour of how far a village is."""
    return (f"{share.progress.per_cent}%", far(share.progress)) if share.begun else (_("未开展"), "grey")


def columns() -> list[Column]:
    return [Column(_("名次"), lambda s: str(s.place), 70), Column(_("村"), lambda s: s.name, strong=True),
            Column(_("对象"), lambda s: str(s.progress.total or ""), 80), Column(_("已完成"), lambda s: str(s.progress.done or ""), 84),
            Column(_("免查"), lambda s: str(s.progress.excused or ""), 76, rank=2),
            Column(_("超期"), lambda s: str(s.progress.late or ""), 76, pill=lambda s: "red" if s.progress.late else ""),
            Column(_("完成率"), lambda s: standing(s)[0], 96, pill=lambda s: standing(s)[1])]


class SharesScreen(Gathered):
    """A list of villages."""

    footer = N_("{0} {1:,} 个")

    def __init__(self, desk: Desk) -> None:
        self._campaign, self._theme = NOBODY, ""
        super().__init__(desk, columns(), SORTS, [
            Action(_("超期的对象"), "clipboard-list", "F3", self.show_late, primary=True, calls=progress.targets),
            Action(_("未完成的对象"), "clipboard-list", "F6", self.open_row, calls=progress.targets)],
            [Way("printer", _("晾晒公示（F7）"), self.print_posted, "F7", primary=True, calls=press.make),
             Way("arrow-left", _("回到专项（F4）"), lambda: self.go.emit("campaigns", "", ()), "F4")])

    def show_campaign(self, campaign: UUID, theme: str) -> None:
        """The villages by the theme of this campaign."""
        self._campaign, self._theme, self.came_from, self._behind = campaign, theme, "", None
        self.back()
        self.refresh()

    def refresh(self) -> None:
        if self._campaign != NOBODY:
            self.desk.ask(progress.by_village, self._campaign, then=self._came, fail=lambda _gone: self._came(()), lane=f"gather {id(self)}")

    def nothing(self, title: str) -> str:
        return super().nothing(title) + ("" if self.rows else _("换一个专项，请按 F4 回到“专项”，选中后按 F12。"))

    def facts(self, row: Any) -> Facts:
        return facts(row, self._theme)

    def open_row(self, row: Any) -> None:
        self._targets(row, progress.OPEN)

    def show_late(self, row: Any) -> None:
        self._targets(row, progress.LATE)

    def _targets(self, row: Any, which: str) -> None:
        self.go.emit("targets", "show_campaign", (self._campaign, which, row.id))

    def print_posted(self) -> None:
        self.show_paper(POSTED, _("各村进度晾晒表"), record=self._campaign if self._campaign != NOBODY else None)


def facts(share: Any, theme: str) -> Facts:
    """A village beside the list."""
    rows: list[Row] = [(_("主题"), theme), (_("名次"), str(share.place)), (_("本村专项"), _("{0} 个").format(share.campaigns)), (_("进度"), words(share.progress) if share.begun else "")]
    return Facts(share.name, "", [standing(share)], [r for r in rows if r[1]], icon="landmark")


def build(desk: Desk, _settings: Settings) -> SharesScreen:
    return SharesScreen(desk)
