"""申诉: what the villages say against points, and the town's answers."""

from __future__ import annotations

from typing import Any

from gridapp.exchange import rollcall
from gridapp.fields.kinds import LongText, Points, Yes
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import scores
from gridapp.work.figures import named
from ui.desk import Desk
from ui.forms.form import Cell, Told
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.gathered import Gathered, Sort
from ui.screens.scores import may_write

SORTS = {"open": Sort(N_("待答复"), lambda row: row.granted is None), "done": Sort(N_("已答复"), lambda row: row.granted is not None),
         "all": Sort(N_("全部"), lambda _row: True)}


def state(row: Any) -> Row:
    """Words and colour of what came of it."""
    return (_("待答复"), "yellow") if row.granted is None else (_("成立"), "green") if row.granted else (_("不成立"), "grey")


def columns(town: bool) -> list[Column]:
    village = [Column(_("村"), lambda r: rollcall.place(r.village), 120, rank=1)] if town else []
    return [Column(_("日期"), lambda r: str(r.day), 112, rank=1), *village, Column(_("考核期"), lambda r: named(r.period).title, 150, rank=2),
            Column(_("考核项目"), lambda r: r.item_text, strong=True), Column(_("申诉理由"), lambda r: r.text, rank=1),
            Column(_("结果"), lambda r: state(r)[0], 92, pill=lambda r: state(r)[1])]


class AppealsScreen(Gathered):
    """A list to answer."""

    footer = N_("{0} {1:,} 条")

    def __init__(self, desk: Desk) -> None:
        self._may_write = False
        super().__init__(desk, columns(desk.scope.startswith("t:")), SORTS, [
            Action(_("答复"), "check", "F6", self.answer, lambda row: self._may_write and row.granted is None, primary=True, calls=scores.answer_appeal),
            Action(_("看评分表"), "eye", "F4", self.open_row, calls=scores.card)], [])

    def gather(self, ledger: Any) -> Any:
        return ledger.ask(scores.appeals), may_write(ledger)

    def _came(self, told: Any) -> None:
        rows, self._may_write = told
        super()._came(rows)

    def nothing(self, title: str) -> str:
        return super().nothing(title) + ("" if self._may_write else _("对扣分有意见，请在评分表里选那一项，按 F3 申诉。"))

    def facts(self, row: Any) -> Facts:
        return facts(row)

    def open_row(self, row: Any) -> None:
        self.go.emit("scores", "show_village", (row.village, named(row.period)))

    def answer(self, row: Any) -> None:
        """Granted or not, with a word; against what a formula took also how much is given back."""
        told = {"granted": Told("granted", Yes((_("成立"), _("不成立"))), _("申诉"), True), "answer": Told("answer", LongText(1000), _("答复"), True, _("随交接包告诉村里。"))}
        rows = [[Cell("granted")], [Cell("answer")]]
        if row.point is None:
            told["back"] = Told("back", Points(), _("退回几分"), hint=_("成立时填写；这一项最多退回已扣的分。"))
            rows[0].append(Cell("back"))

        def run(v: dict[str, Any], then: Any, fail: Any) -> None:
            self.desk.call(lambda ledger: scores.settle(ledger, scores.answer_appeal, row.id, v["answer"], bool(v["granted"]), v.get("back") or 0), then, fail, acts=True)

        self.task(_("答复申诉"), told, rows, run, words=f"{rollcall.place(row.village)}　{row.item_text}：{row.text}", then=lambda _done: self.say(_("答复申诉")))


def facts(row: Any) -> Facts:
    """An appeal beside the list."""
    told: list[Row] = [(_("村"), rollcall.place(row.village)), (_("考核期"), named(row.period).title), (_("扣分原因"), row.reason), (_("申诉理由"), row.text),
                       (_("申诉人"), f"{row.by}  {row.day}".strip()), (_("答复"), row.answer)]
    return Facts(row.item_text, "", [state(row)], [t for t in told if t[1]], icon="inbox")


def build(desk: Desk, _settings: Settings) -> AppealsScreen:
    return AppealsScreen(desk)
