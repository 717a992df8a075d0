"""表单: every paper there is, where its filled form is printed, and empty ones to fill in by hand for the day the PC is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gridapp.ledger import Ledger
from gridapp.printing import batches, blanks, editing
from gridapp.settings import Settings
from gridapp.texts import N_, _
from ui.desk import Desk
from ui.lists.facts import Action, Facts
from ui.lists.model import Column
from ui.screens import SCREENS
from ui.screens.gathered import Gathered, Sort
from ui.screens.layouts import open_layout
from ui.screens.listed import Way

#: number → the screen its filled form is printed in, and what is pressed there
WHERE: dict[str, tuple[str, str]] = {
    "F01": ("people", N_("选中一人，Ctrl+F8")), "F02": ("people", "Ctrl+P"), "F03": ("houses", N_("选中一处，F8")), "F04": ("houses", N_("选中一处，F8；全部 Ctrl+P")),
    "F05": ("houses", N_("选中一处，F8")), "F06": ("inspections", N_("选中一次，F8")), "F07": ("patrols", N_("选中一次，F8")), "F08": ("patrols", "Ctrl+P"),
    "F09": ("hazards", N_("选中一条，F8")), "F10": ("hazards", N_("选中一条，Ctrl+F8")), "F11": ("hazards", "Ctrl+P"), "F12": ("disputes", "Ctrl+P"),
    "F13": ("disputes", N_("选中一件，F8")), "F13A": ("disputes", N_("选中一件，F8")), "F13B": ("disputes", N_("选中一件，F8")), "F14": ("disputes", N_("选中一件，F8")),
    "F15": ("disputes", N_("选中一件，F8")), "F16": ("disputes", N_("选中一件，F8")), "F16A": ("disputes", N_("选中一件，F8")), "F16B": ("disputes", N_("选中一件，F8")),
    "F17": ("outreach", N_("选中一次，F8")), "F18": ("meetings", N_("选中一次，F8")), "F19": ("listings", N_("选中一件，F8")), "F20": ("scores", "F7"),
    "F21": ("campaigns", N_("选中一项，F8")), "F22": ("houses", N_("选中一处，F8")), "F23": ("figures", "F8"), "F23A": ("figures", "F9"),
    "F24": ("inspections", N_("选中一次，F8")), "F25": ("events", N_("选中一件，F8")), "F26": ("people", N_("选中一人，Ctrl+F8")), "F27": ("exchange", N_("往来记录（F6）里选中一次交出，F8")),
    "F28": ("clashes", N_("选中一条，F8")), "F29": ("campaigns", N_("选中一项，F6")), "F30": ("figures", "F7"), "F31": ("ranking", "F7"), "F32": ("duties", "F8"),
    "F33": ("shares", "F7"), "F34": ("plans", "Ctrl+P"),
}
_TITLES = {entry.key: entry.title for entry in SCREENS}
#: what a paper is about (Paper.by) → the filter it stands under
HOUSE, RECORD, PERIOD = "house", "record", "period"


@dataclass(frozen=True)
class PaperRow:
    """One paper; `by` is what it is about, `where` names the screen and the keys that print it filled in."""

    id: str
    title: str
    by: str
    screen: str
    where: str


SORTS = {"all": Sort(N_("全部"), lambda p: True), HOUSE: Sort(N_("一处房屋"), lambda p: p.by in ("house", "place")),
         RECORD: Sort(N_("一条记录"), lambda p: p.by in ("record", "place")), PERIOD: Sort(N_("全村、一段时间"), lambda p: p.by in ("period", ""))}


def columns() -> list[Column]:
    return [Column(_("编号"), lambda p: p.id, 84, pill=lambda _p: "grey"), Column(_("名称"), lambda p: p.title, strong=True),
            Column(_("填好的在哪里打印"), lambda p: p.where, 330, rank=1)]


class PapersScreen(Gathered):
    """A list to choose from; Enter or F8 makes the empty form."""

    footer = N_("{0} {1:,} 种表单")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, columns(), SORTS, [
            Action(_("打印空表"), "printer", "F8", self.open_row, primary=True, calls=blanks.make_blank),
            Action(_("去填好的那一页"), "eye", "F6", self.go_there, lambda p: self.reaches(p.screen)),
            Action(_("改版式"), "pencil", "F7", self.change_layout, calls=editing.changed_layouts)], [
            Way("combine", _("批量打印（Ctrl+B）"), lambda: self.go.emit("batches", "", ()), "Ctrl+B", calls=batches.begin),
            Way("printer", _("全部空表（Ctrl+P）"), self.print_all, "Ctrl+P", calls=blanks.make_blank)])

    def gather(self, ledger: Ledger) -> list[PaperRow]:
        """All papers by number, with the titles of the county's own layouts."""
        from gridapp.printing import PAPERS

        del ledger
        return [PaperRow(paper.number, paper.title, paper.by, WHERE[paper.number][0], where_words(paper.number)) for paper in PAPERS.values()]

    def facts(self, row: PaperRow) -> Facts:
        return Facts(row.title, "", [(row.id, "grey")], [
            (_("填好的"), row.where), (_("空表"), _("按 F8：印出来手工填写，电脑好了再补录。")),
                     *([(_("版式"), _("这台电脑上改过，按 F7 查看或恢复原样。"))] if editing.changed(row.id) else [])], icon="printer")

    def open_row(self, row: PaperRow) -> None:
        """The empty form of one paper."""
        self.show_made(row.id, _("空表：{0}").format(row.title), lambda ledger, progress: ledger.ask(blanks.make_blank, [row.id], progress)[1])

    def open_card(self, row_id: Any) -> None:
        """A paper has no page of its own: it stands beside the list."""
        self.list.select(row_id)

    def print_all(self) -> None:
        """All empty forms in one file, to be kept in the drawer."""
        self.show_made(_("空表"), _("全部空表"), lambda ledger, progress: ledger.ask(blanks.make_blank, [], progress)[1])

    def change_layout(self, row: PaperRow) -> None:
        """The text of its layout beside the form it makes."""
        open_layout(self, row.id)

    def go_there(self, row: PaperRow) -> None:
        """Where the filled form is printed."""
        self.go.emit(row.screen, "", ())


def where_words(number: str) -> str:
    """'人口：选中一人，F4'."""
    key, pressed = WHERE[number]
    return _("{0}：{1}").format(_(_TITLES[key]), _(pressed))


def build(desk: Desk, _settings: Settings) -> PapersScreen:
    return PapersScreen(desk)
