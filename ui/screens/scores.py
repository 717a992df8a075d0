"""考核: the score-card of a village and period item by item, what each took and why, points by hand, the records behind, and the appeal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridapp.errors import Sorted
from gridapp.fields import codes
from gridapp.fields.kinds import LongText, Points, Yes
from gridapp.ledger.permits import needed
from gridapp.printing import press
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import figures, scores
from gridapp.work.figures import FIGURES
from ui.desk import Desk
from ui.forms.form import Cell, Told
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.screens.periods import PeriodBar

CARD = "F20"
#: formulas that go by a figure
COUNTED, PER_CENT = ("01", "02"), "01"
SORTS = {"all": Sort(N_("全部项目"), lambda _row: True), "lost": Sort(N_("有扣分"), lambda row: row.lost > 0 or row.failed),
         "marks": Sort(N_("待评分"), lambda row: row.score is None)}


def columns() -> list[Column]:
    return [Column(_("序号"), lambda r: str(r.no), 60), Column(_("考核项目"), lambda r: r.heading, 110, rank=1), Column(_("内容与标准"), lambda r: r.text, strong=True),
            Column(_("分值"), lambda r: scores.points(r.points), 70), Column(_("扣（加）"), lambda r: change(r)[0], 100, pill=lambda r: change(r)[1]),
            Column(_("得分"), lambda r: "" if r.score is None else scores.points(r.score), 76), Column(_("为什么"), lambda r: r.why, 230, rank=2)]


def change(line: Any) -> Row:
    """'−0.8', '+1', '否决', '待评分' and its colour."""
    if line.failed:
        return _("否决"), "red"
    if line.score is None:
        return _("待评分"), "yellow"
    told = "".join(f"{sign}{scores.points(amount)}" for sign, amount in (("−", line.lost), ("+", line.gained)) if amount)
    return told, "red" if line.lost else "green"


class ScoresScreen(Gathered):
    """The card; period and village stand above it."""

    footer = N_("{0} {1:,} 项")

    def __init__(self, desk: Desk) -> None:
        self._town = desk.scope.startswith("t:")
        #: the card that is shown; None while there is no sheet
        self.whole: Any = None
        self._why_not, self._begun, self._may_write = "", False, False
        self.period = PeriodBar(tuple(scores.PERIODS), figures.of(figures.QUARTER, desk.today))
        super().__init__(desk, columns(), SORTS, self._actions(), self._ways(), self.period)
        self.period.changed.connect(self.refresh)

    def _actions(self) -> list[Action]:
        return [
            Action(_("看背后的记录"), "eye", "F6", self.open_row, lambda line: bool(line.figure), primary=True, calls=figures.behind),
            Action(_("看佐证"), "link", "F4", self.show_evidence, lambda line: any(p.evidence for p in line.by_hand), calls=scores.evidence_of),
            Action(_("加扣分"), "pencil", "F3", self.give, lambda _line: self._may_write, calls=scores.give_points),
            Action(_("申诉"), "send", "F3", self.appeal, lambda line: not self._town and not self._may_write and not line.appealed, calls=scores.appeal)]

    def _ways(self) -> list[Way]:
        ranking = [Way("landmark", _("排名（F2）"), lambda: self.go.emit("ranking", "", ()), "F2", calls=scores.ranking)] if self._town else []
        return [*ranking, Way("printer", _("评分表（F7）"), self.on_paper, "F7", primary=True, calls=press.make),
                Way("clipboard-list", _("数字（Ctrl+D）"), lambda: self.go.emit("figures", "", ()), "Ctrl+D", calls=figures.table),
                Way("file-text", _("考核表（Ctrl+E）"), lambda: self.go.emit("sheets", "", ()), "Ctrl+E", calls=scores.sheets),
                Way("inbox", _("申诉（Ctrl+T）"), lambda: self.go.emit("appeals", "", ()), "Ctrl+T", calls=scores.appeals)]

    # -- the card

    def refresh(self) -> None:
        asked, scope = (self.period.asked if self._begun else None), self.period.scope
        self.desk.call(lambda ledger: gathered(ledger, asked, scope), self._came, lane=f"gather {id(self)}")

    def _came(self, told: Any) -> None:
        found, window, villages, self._may_write = told
        self._begun = True
        self.period.show_period(window)
        self.period.offer_villages(tuple(villages.items()) if self._town else ())
        self._why_not = found.text if isinstance(found, Sorted) else ""
        self.whole = None if self._why_not else found
        if self.whole is not None:
            self.period.choose_village(self.whole.village)
        super()._came(self.whole.lines if self.whole is not None else ())

    def _show_rows(self) -> None:
        super()._show_rows()
        if self.whole is not None:
            self.list.footer.setText(total_words(self.whole))

    def nothing(self, title: str) -> str:
        if self._why_not:
            return self._why_not + (_("按 Ctrl+E 打开“考核表”。") if self._may_write else "")
        return super().nothing(title) if self.whole is not None else _("这里还没有村的台账，接收各村的交接包后就有。")

    def show_village(self, scope: str, window: Any) -> None:
        """The card of this village, from the ranking."""
        self._begun = True
        self.period.show_period(window)
        if self.period.village.findData(scope) < 0:  # before the villages were asked for
            self.period.offer_villages([(scope, "")])
        self.period.choose_village(scope)
        self.refresh()

    def facts(self, row: Any) -> Facts:
        return facts(row)

    # -- behind a number

    def open_row(self, line: Any) -> None:
        """The records behind an item: those that keep a share from its target, else those that are counted."""
        if line.figure and self.whole is not None:
            which = figures.LACKING if line.formula == PER_CENT and FIGURES[line.figure].good == "up" else figures.COUNTED
            self.go.emit("behind", "show_figure", (line.figure, self.whole.window, which, self.whole.village, "scores"))

    def show_evidence(self, line: Any) -> None:
        """The record a point by hand names."""
        record = next(p.evidence for p in reversed(line.by_hand) if p.evidence)

        def found(told: Any) -> None:
            from ui.screens import SCREENS

            key = next((entry.key for entry in SCREENS if told is not None and told[0] in entry.entities), None)
            if key is not None:
                self.go.emit(key, "open", (told[0], record))
            else:
                self.say(_("这条佐证不在这台电脑上"))

        self.desk.ask(scores.evidence_of, record, then=found)

    def on_paper(self) -> None:
        """This card, to be signed."""
        if self.whole is None:
            return
        window, village = self.whole.window, self.whole.village

        def make(ledger: Any, progress: Any) -> bytes:
            from gridapp import printing

            made: tuple[Any, bytes] = ledger.ask(printing.make, CARD, since=window.first, until=window.last, scope=village, progress=progress)
            return made[1]

        self.show_made(CARD, _("考核评分表 {0} {1}").format(self.whole.name, window.title), make)

    # -- writing

    def give(self, line: Any) -> None:
        """Points by hand for this item."""
        card = self.whole
        mark = line.formula == "04"
        told = {"taken": Told("taken", Points(), _("得分") if mark else _("分数"), True), "reason": Told("reason", LongText(500), _("原因"), True)}
        rows = [[Cell("taken")], [Cell("reason")]]
        if not mark:
            told["bonus"] = Told("bonus", Yes((_("加分"), _("扣分"))), _("加还是扣"), True)
            rows[0].append(Cell("bonus"))

        def run(v: dict[str, Any], then: Any, fail: Any) -> None:
            self.desk.call(lambda ledger: scores.settle(ledger, scores.give_points, line.id, card.village, card.window.key, v["taken"], v["reason"],
                                                        bonus=bool(v.get("bonus"))), then, fail, acts=True)

        self.task(_("加扣分"), told, rows, run, given={"bonus": False}, words=f"{card.name}　{line.text}", then=lambda _done: self.say(_("加扣分")))

    def appeal(self, line: Any) -> None:
        """What is wrong with this item's points; goes to the town with the next hand-over."""
        told = {"text": Told("text", LongText(1000), _("申诉理由"), True, _("随下一次交接告诉镇里，答复随交接包回来。"))}
        point = next((p.id for p in reversed(line.by_hand) if not p.bonus), None)
        self.task(_("考核申诉"), told, [[Cell("text")]],
                  lambda v, then, fail: self.desk.do(scores.appeal, line.id, self.whole.window.key, v["text"], point, then=then, fail=fail),
                  words=f"{line.text}：{line.why or change(line)[0]}")


def gathered(ledger: Any, asked: Any, scope: str) -> tuple[Any, Any, Any, bool]:
    """The card or why there is none, of which period, the villages to choose from, whether points may be written here."""
    known, window = ledger.ask(figures.villages), asked or ledger.ask(scores.usual_period)
    if scope not in known:
        scope = ledger.scope if ledger.scope.startswith("v:") else next(iter(known), "")
    try:
        card = ledger.ask(scores.card, scope, window) if scope else None
    except (scores.NoSheet, scores.BadPeriod) as told:
        return told, window, known, may_write(ledger)
    return card, window, known, may_write(ledger)


def may_write(ledger: Any) -> bool:
    """Whether points and sheets are written on this PC: at the town, and in a village without one."""
    asked = needed(scores.place_of)
    if asked is None or not ledger.seat.may(asked.any_of):  # asking all the same would stand in the audit as a refusal
        return False
    try:
        scores.place_of(ledger)
    except Sorted:
        return False
    return True


def total_words(card: Any) -> str:
    """'青后叶村　总分 92（满分 100）　优秀；2 项待评分'."""
    told = _("{0}　总分 {1}（满分 {2}）　{3}").format(card.name, scores.points(card.total), scores.points(card.full), card.grade)
    if card.vetoes:
        told += _("；一票否决：{0}").format("；".join(line.text for line in card.vetoes))
    return told + (_("；{0} 项待评分，先按满分算").format(card.unmarked) if card.unmarked else "")


def by_hand(line: Any) -> Sequence[Row]:
    """Points by hand, with what came of an appeal."""
    return [(f"{p.day} {'+' if p.bonus else '' if line.formula == '04' else '−'}{scores.points(p.taken)}", "，".join(filter(None, (
        p.reason, p.by, _("申诉成立，已撤回") if p.reversed else "", _("答复：{0}").format(p.answer) if p.answer else "")))) for p in line.by_hand]


def facts(line: Any) -> Facts:
    """An item beside the list."""
    rows: list[Row] = [(_("分值"), scores.points(line.points)), (_("得分"), _("尚未评分") if line.score is None else scores.points(line.score)),
                       (_("算法"), codes.table("score_formula").label(line.formula)), (_("为什么"), line.why)]
    if line.figure in FIGURES:
        rows.append((_("取数"), FIGURES[line.figure].title))
        rows.append((_("怎样算"), FIGURES[line.figure].words))
    if line.value is not None and line.value.whole is not None:
        rows.append((_("分子／分母"), f"{line.value.part:,} / {line.value.whole:,}"))
    pills = [p for p in [change(line)] if p[0]] + ([(_("一票否决项"), "grey")] if line.veto else []) + ([(_("已申诉"), "blue")] if line.appealed else [])
    return Facts(line.text, line.heading, pills, [r for r in rows if r[1]], _("加扣分记录"), by_hand(line), icon="scale")


def build(desk: Desk, _settings: Settings) -> ScoresScreen:
    return ScoresScreen(desk)
