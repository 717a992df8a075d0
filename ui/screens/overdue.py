"""保存期满: what has been kept long enough, one by one: looked at, and people forgotten by law; nothing goes by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from gridapp.ledger import Ledger
from gridapp.records import BY_NAME
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import retention
from gridapp.work.forgetting import forget
from gridapp.work.retention import Over, Proposal
from ui.desk import Desk
from ui.lists.facts import Action, Facts
from ui.lists.model import Column
from ui.screens import SCREENS, forgetting
from ui.screens.gathered import Gathered, Sort

SORTS = {"over": Sort(N_("保存期已满"), lambda o: not o.held), "held": Sort(N_("依法保留"), lambda o: bool(o.held))}


def columns() -> list[Column]:
    return [Column(_("类别"), lambda o: BY_NAME[o.entity].TITLE, 104, pill=lambda _o: "grey"), Column(_("记录"), lambda o: o.label, strong=True),
            Column(_("结束日期"), lambda o: str(o.ended), 116, rank=1), Column(_("保存到"), lambda o: str(o.until), 116),
            Column(_("依据"), lambda o: o.held or o.basis, rank=2)]


class OverdueScreen(Gathered):
    """A list to go through; what an open task is about stays."""

    footer = N_("{0} {1:,} 条；不会自动删除")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, columns(), SORTS, [
            Action(_("打开记录"), "eye", "F6", self.open_row, primary=True),
            Action(_("依法删除"), "x", "F12", self.forget, lambda o: o.entity == "person" and not o.held, calls=forget)], [])
        #: why nothing is proposed
        self.doubt = ""

    def gather(self, ledger: Ledger) -> Any:
        return retention.propose(ledger)

    def _came(self, told: Any) -> None:
        assert isinstance(told, Proposal)
        self.doubt = told.doubt.text if told.doubt is not None else ""
        super()._came([*told.over, *told.held])

    def nothing(self, title: str) -> str:
        return self.doubt or super().nothing(title)

    def facts(self, row: Over) -> Facts:
        return facts(row)

    def open_row(self, row: Over) -> None:
        """The record on its own page; Esc leads back here."""
        key = next((e.key for e in SCREENS if row.entity in e.entities), None)
        if key is not None:
            self.go.emit(key, "open", (row.entity, row.id))

    def forget(self, row: Over) -> None:
        """This one person, asked twice and with a ground."""
        forgetting.ask(self, SimpleNamespace(record=SimpleNamespace(id=row.id, name=row.label)))


def facts(row: Over) -> Facts:
    """One record beside the list."""
    told = [(_("结束日期"), str(row.ended)), (_("保存到"), str(row.until)), (_("依据"), row.basis),
            (_("依法保留"), _("任务“{0}”没有办完").format(row.held) if row.held else "")]
    pill = (_("依法保留"), "yellow") if row.held else (_("保存期已满"), "grey")
    return Facts(row.label, BY_NAME[row.entity].TITLE, [pill], [t for t in told if t[1]], icon="hourglass")


def build(desk: Desk, _settings: Settings) -> OverdueScreen:
    return OverdueScreen(desk)
