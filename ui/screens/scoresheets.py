"""考核表: the items of one version of the sheet, what each goes by and takes; loaded, changed, renewed by whoever scores."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gridapp.errors import Sorted
from gridapp.fields import codes
from gridapp.records import ScoreItem, ScoreSheet
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import scores
from gridapp.work.figures import FIGURES
from ui.desk import Desk
from ui.forms.chosen import One
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.told import told_code, told_day
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.screens.scores import may_write

SORTS = {"all": Sort(N_("全部项目"), lambda _item: True), "counted": Sort(N_("按数据"), lambda item: item.formula in ("01", "02")),
         "hand": Sort(N_("手工"), lambda item: item.formula in ("03", "04"))}
ITEM = ("no", "heading", "text", "points", "formula", "figure", "target", "each", "most", "veto")
SHEET = ("name", "since", "total", "excellent", "good", "passing", "note")


def columns() -> list[Column]:
    formula = codes.table("score_formula")
    return [Column(_("序号"), lambda i: str(i.no), 60), Column(_("考核项目"), lambda i: i.heading or "", 110, rank=1), Column(_("内容与标准"), lambda i: i.text, strong=True),
            Column(_("分值"), lambda i: scores.points(i.points), 70), Column(_("算法"), lambda i: formula.label(i.formula), 150, rank=1),
            Column(_("取数"), lambda i: FIGURES[i.figure].title if i.figure in FIGURES else "", 160, rank=2),
            Column(_("否决"), lambda i: _("否决") if i.veto else "", 76, pill=lambda _i: "red", rank=2)]


class SheetsScreen(Gathered):
    """The newest version, or the one that was chosen."""

    footer = N_("{0} {1:,} 项")

    def __init__(self, desk: Desk) -> None:
        self._sheets: list[Any] = []
        #: the version that is shown
        self.sheet: Any = None
        self._may_write = False
        super().__init__(desk, columns(), SORTS, self._actions(), self._ways())

    def _actions(self) -> list[Action]:
        def able(_item: Any) -> bool:
            return self._may_write

        return [Action(_("修改本项"), "pencil", "F6", self.correct_item, able, primary=True, calls=scores.correct_item),
                Action(_("取消本项"), "ban", "F9", self.drop, able, calls=scores.drop_item)]

    def _ways(self) -> list[Way]:
        return [Way("plus", _("增加一项（Ctrl+N）"), self.add, "Ctrl+N", primary=True, calls=scores.add_item),
                Way("file-down", _("装入默认表（F3）"), self.load, "F3", calls=scores.load_sheet),
                Way("pencil", _("总分和等次（F2）"), self.correct_sheet, "F2", calls=scores.correct_sheet),
                Way("refresh-cw", _("改版（F4）"), self.renew, "F4", calls=scores.renew_sheet),
                Way("history", _("看另一版（Ctrl+B）"), self.choose_version, "Ctrl+B", calls=scores.sheets)]

    # -- the list

    def gather(self, ledger: Any) -> Any:
        sheets = ledger.ask(scores.sheets)
        wanted = self.sheet.id if self.sheet is not None else None
        sheet = next((s for s in sheets if s.id == wanted), next(iter(sheets), None))
        return sheets, sheet, ledger.ask(scores.items, sheet.id) if sheet is not None else [], may_write(ledger)

    def _came(self, told: Any) -> None:
        self._sheets, self.sheet, items, self._may_write = told
        super()._came(items)

    def _show_rows(self) -> None:
        super()._show_rows()
        if self.sheet is not None:
            self.list.footer.setText(words(self.sheet, sum(item.points for item in self.rows)))

    def nothing(self, title: str) -> str:
        if self.sheet is not None:
            return super().nothing(title)
        return _("还没有考核表。按 F3 装入默认的 100 分表，再逐项修改。") if self._may_write else _("镇里还没有发布考核表；发布后随交接包带来。")

    def facts(self, row: Any) -> Facts:
        return facts(row)

    def open_row(self, row: Any) -> None:
        if self._may_write:
            self.correct_item(row)

    # -- forms

    def _settle(self, verb: Any, *args: Any, then: Any, fail: Any, **values: Any) -> None:
        self.desk.call(lambda ledger: scores.settle(ledger, verb, *args, **values), then, fail, acts=True)

    def _refused(self) -> bool:
        """Whether nothing may be written here: it is said at once, and not after a form was filled in."""
        if self._may_write:
            return False
        self.desk.call(scores.place_of, fail=self._tell)
        return True

    def _tell(self, failure: Sorted) -> None:
        self.desk.tell(failure)

    def _item_form(self) -> Form:
        told = told_of(ScoreItem, *ITEM)
        figures = tuple((key, f"{figure.title}（{figure.unit}）") for key, figure in FIGURES.items())
        told["figure"] = Told("figure", One(pairs=figures), told["figure"].label, hint=_("按比例扣选百分比，按件扣选件数；手工的空着"))
        return Form(told, [Section(_("考核项目"), [[Cell("no"), Cell("heading", 2), Cell("points")], [Cell("text")]]),
                           Section(_("怎样扣分"), [[Cell("formula", 2), Cell("figure", 3)], [Cell("target"), Cell("each"), Cell("most"), Cell("veto")]])])

    def add(self) -> None:
        """One more line at the end."""
        if self._refused() or self.sheet is None:
            if self.sheet is None and self._may_write:
                self.load()
            return
        sheet = self.sheet.id
        page = self.form_page(self._item_form(), "", lambda v, _next: self._settle(scores.add_item, sheet, then=lambda _d: self._done(page), fail=page.failed, **v))
        self._begin(page, _("增加考核项目"), {"no": max((i.no for i in self.rows), default=0) + 1, "formula": "01"}, "heading")

    def correct_item(self, item: Any) -> None:
        page = self.form_page(self._item_form(), "", lambda v, _next: self._settle(
            scores.correct_item, item.id, then=lambda _d: self._done(page), fail=page.failed, seen=page.seen, **v))
        self._begin(page, _("修改考核项目"), item, "points")

    def _begin(self, page: FormPage, title: str, given: Any, first: str) -> None:
        page.begin(title, given, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus(first)

    def _done(self, page: FormPage) -> None:
        page.done()
        self.back()

    def drop(self, item: Any) -> None:
        self._settle(scores.drop_item, item.id, then=lambda _done: self.say(_("取消考核项目")), fail=self.desk.tell)

    def load(self) -> None:
        """The shipped sheet, for one cycle and from a day on."""
        if self._refused():
            return
        first = self.desk.today.replace(month=(self.desk.today.month - 1) // 3 * 3 + 1, day=1)
        self._sheet_task(_("装入考核表"), {"period": told_code("period", "score_period", _("考核周期"), True), "since": told_day("since", _("启用日期"))},
                         [[Cell("period"), Cell("since")]], {"period": "02", "since": first}, scores.load_sheet)

    def _sheet_task(self, title: str, told: dict[str, Told], rows: Any, given: Any, verb: Any, *args: Any) -> None:
        def shown(sheet: UUID) -> None:
            self.sheet = next((s for s in self._sheets if s.id == sheet), None)
            self.refresh()

        self.task(title, told, rows, lambda v, then, fail: self._settle(verb, *args, then=then, fail=fail, **v), given=given, then=shown)

    def renew(self) -> None:
        """The next version with the same items."""
        if self.sheet is not None and not self._refused():
            self._sheet_task(_("考核表改版"), {"since": told_day("since", _("新的一版从哪天启用"))}, [[Cell("since")]], {"since": self.desk.today}, scores.renew_sheet,
                             self.sheet.id)

    def correct_sheet(self) -> None:
        if self.sheet is None or self._refused():
            return
        sheet = self.sheet
        form = Form(told_of(ScoreSheet, *SHEET), [Section(sheet.label(), [
            [Cell("name", 2), Cell("since")], [Cell("total"), Cell("excellent"), Cell("good"), Cell("passing")], [Cell("note")]])])
        page = self.form_page(form, "", lambda v, _next: self._settle(
            scores.correct_sheet, sheet.id, then=lambda _d: self._done(page), fail=page.failed, seen=page.seen, **v))
        self._begin(page, _("修改考核表"), sheet, "name")

    def choose_version(self) -> None:
        """Look at an earlier version."""
        if len(self._sheets) < 2:
            self.say(_("只有一版考核表"))
            return
        pairs = tuple((str(s.id), f"{s.label()}（{scores.period_words(s.period)}，{s.since} 起）") for s in self._sheets)

        def run(v: dict[str, Any], then: Any, _fail: Any) -> None:
            self.sheet = next(s for s in self._sheets if str(s.id) == v["sheet"])
            then(None)
            self.refresh()

        self.task(_("看另一版"), {"sheet": Told("sheet", One(pairs=pairs), _("哪一版"), True)}, [[Cell("sheet")]], run, given={"sheet": pairs[0][0]})


def words(sheet: Any, points: int) -> str:
    """'村平安考核表 第1版　按季　2026-10-01 起　各项合计 100 分'."""
    told = _("{0}　按{1}　{2} 起　各项合计 {3} 分").format(sheet.label(), scores.period_words(sheet.period), sheet.since, scores.points(points))
    return told if points == sheet.total else told + _("（总分写的是 {0} 分，请核对）").format(scores.points(sheet.total))


def facts(item: Any) -> Facts:
    """An item beside the list."""
    figure = FIGURES.get(item.figure or "")
    per_cent = item.formula == "01"
    rows: list[Row] = [(_("分值"), scores.points(item.points)), (_("算法"), codes.table("score_formula").label(item.formula)),
                       (_("取数"), figure.title if figure is not None else ""), (_("怎样算"), figure.words if figure is not None else ""),
                       (_("目标值"), f"{scores.points(item.target)} %" if item.target is not None else ""),
                       (_("每低 1% 扣") if per_cent else _("每件扣"), scores.points(item.each) if item.each else ""),
                       (_("最多扣"), scores.points(item.most) if item.most is not None else "")]
    return Facts(item.text, item.heading or "", [(_("一票否决项"), "red")] if item.veto else [], [r for r in rows if r[1]], icon="file-text")


def build(desk: Desk, _settings: Settings) -> SheetsScreen:
    return SheetsScreen(desk)
