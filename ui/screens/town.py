"""镇: every station of the town, when it was last heard, what of theirs waits and why; approving, stopping and exchanging PCs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from gridapp.errors import Mark
from gridapp.exchange import founding, inbox, incoming, joining, pairing, rollcall, stations
from gridapp.exchange.escrow import on_paper
from gridapp.exchange.rollcall import Line
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import LongText, Yes
from gridapp.ledger import Admitted, Ledger
from gridapp.records import Station
from gridapp.records.stations import LOST, REVOKED, VILLAGE
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import tasks
from gridapp.work.tasks import Standing
from ui import files, messages
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section, Told
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import STORY, RecordPage, show_time
from ui.onpaper import EscrowCard
from ui.screens.admitting import AdmitPage, read
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.widgets import PAGE_MARGIN, column, page, scrolled

REQUEST = ".wsq"
#: days after which a station that was not heard is said in yellow, and in red
LATE_DAYS, VERY_LATE_DAYS = 7, 14
LOST_WORDS = (N_("电脑丢了或被盗"), N_("不再使用"))


def heard(line: Line) -> Row:
    """Words and colour of when a station was last heard."""
    if line.own:
        return _("本机"), "grey"
    if line.days is None:
        return _("还没有交过"), "red"
    words = _("今天") if line.days == 0 else _("{0} 天前").format(line.days)
    return words, "red" if line.days > VERY_LATE_DAYS else "yellow" if line.days > LATE_DAYS else "green"


def state(line: Line) -> Row:
    return codes.table("station_state").label(line.state), "green" if line.active else "grey"


def tasks_words(line: Line) -> str:
    """'待办 3（1 项逾期），完成 5': how far its villages are with what they were asked."""
    told = line.tasks
    if told == Standing():
        return ""
    late = _("（{0:,} 项逾期）").format(told.overdue) if told.overdue else ""
    return _("待办 {0:,}{1}，完成 {2:,}").format(told.open, late, told.done)


def where(line: Line) -> str:
    """What a station holds, in words: a village, or the whole town."""
    villages = [rollcall.place(s) for s in line.scopes if s.startswith("v:") and len(s) > len("v:330784108")]
    return "、".join(villages) or _("全镇")


def wants(line: Line) -> bool:
    """Whether somebody should look after it."""
    if line.unwritten or line.put_back is not None:
        return True
    late = line.active and not line.own and (line.days is None or line.days > LATE_DAYS)
    return late or bool(line.waits) or bool(line.questions) or bool(line.told)


SORTS = {"all": Sort(N_("使用中"), lambda n: n.active), "wants": Sort(N_("要处理"), wants), "stopped": Sort(N_("已停用"), lambda n: not n.active)}


def columns() -> list[Column]:
    return [Column(_("站点"), lambda n: n.name, strong=True), Column(_("范围"), where, 130, rank=2),
            Column(_("上次交来"), lambda n: heard(n)[0], 120, pill=lambda n: heard(n)[1]),
            Column(_("暂存"), lambda n: f"{n.waiting:,}" if n.waiting else "", 84, pill=lambda n: "yellow", rank=1),
            Column(_("冲突"), lambda n: f"{n.questions:,}" if n.questions else "", 84, pill=lambda n: "blue", rank=1),
            Column(_("任务"), lambda n: f"{n.tasks.open:,}" if n.tasks.open else "", 84, pill=lambda n: "red" if n.tasks.overdue else "blue", rank=1),
            Column(_("状态"), lambda n: state(n)[0], 96, pill=lambda n: state(n)[1], rank=2)]


class TownScreen(Gathered):
    """List, detail, one station, approving."""

    footer = N_("{0} {1:,} 个站点")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, columns(), SORTS, self._actions(),
                         [Way("usb", _("批准新电脑…（Ctrl+N）"), self.admit, "Ctrl+N", primary=True, calls=joining.accept),
                          Way("clipboard-list", _("任务（Ctrl+T）"), lambda: self.go.emit("tasks", "choose", ("open",)), "Ctrl+T", calls=tasks.list_tasks),
                          Way("file-text", _("代码表（Ctrl+D）"), lambda: self.go.emit("codes", "", ()), "Ctrl+D")])
        self.page = self.standing = RecordPage(self.offers)
        self.page.left.connect(self.back)
        self.addWidget(self.page)
        self._admitting = AdmitPage(desk)
        self._admitting.left.connect(self.back)
        self.addWidget(self._admitting)
        self.escrow = EscrowCard(desk)
        self.escrow.written.connect(lambda _ledger: self._escrow_done())
        self._sheet = page()
        column(self._sheet, PAGE_MARGIN).addWidget(scrolled(self.escrow))
        self.addWidget(self._sheet)

    def _actions(self) -> list[Action]:
        return [
            Action(_("只看这个村"), "eye", "F2", self.work_in, lambda n: self._village(n) not in ("", self.desk.working)),
            Action(_("看全镇"), "eye", "F2", lambda _line: self.desk.work_in(None), lambda n: self.desk.working == self._village(n) or (
                self.desk.working is not None and not self._village(n))),
            Action(_("看冲突"), "scale", "F4", lambda _line: self.go.emit("clashes", "", ()), lambda n: n.questions > 0, calls=inbox.matters),
            Action(_("下达任务"), "clipboard-list", "F3", lambda n: self.go.emit("tasks", "set_task", (self._village(n),)),
                   lambda n: n.active and bool(self._village(n)), calls=tasks.set_in_villages),
            Action(_("采用停用后的记录"), "check", "F7", self.adopt, lambda n: bool(n.late) and not n.active, calls=stations.adopt),
            Action(_("换新电脑"), "refresh-cw", "F6", lambda n: self.admit(n.id), lambda n: not n.own and n.role == VILLAGE and n.state != "replaced", calls=joining.accept),
            Action(_("换一把应急密钥"), "key-round", "F8", self.renew_escrow, lambda n: n.own, calls=founding.new_escrow),
            Action(_("再看核对数字"), "eye", "F8", self.read_out_again, lambda n: bool(n.digits)),
            Action(_("停用"), "ban", "F9", self.stop, lambda n: n.active and not n.own, calls=pairing.stop),
        ]

    # -- the list

    def gather(self, ledger: Ledger) -> Sequence[Line]:
        return rollcall.roll(ledger) if ledger.scope.startswith("t:") else []

    def nothing(self, title: str) -> str:
        if not self.desk.scope.startswith("t:"):
            return _("这是村里的台账。站点由镇里管理；和镇里交接请到“交接”。")
        return _("没有要处理的站点。") if self.list.which == "wants" else super().nothing(title)

    def facts(self, row: Line) -> Facts:
        return facts(row)

    def _came(self, rows: Sequence[Any]) -> None:
        super()._came(rows)
        if self.currentWidget() is self.page and self.card is not None:
            self._show_page(self.card)

    def open_row(self, row: Line) -> None:
        self.show_page(self.page)
        self._show_page(row)

    def _show_page(self, line: Line) -> None:
        self.desk.history([line.id], then=lambda story: self.page.show_record(line, facts(line), groups(line), told_of(story)), newest=STORY)

    # -- one village or all

    @staticmethod
    def _village(line: Line) -> str:
        """The register a station works with; '' for one of the whole town."""
        return next(iter(line.villages), "")

    def work_in(self, line: Line) -> None:
        """Every list, the search box and what is registered from now on: this village only."""
        self.desk.work_in(self._village(line))

    # -- approving

    def admit(self, replaces: UUID | None = None) -> None:
        """Open the request a PC wrote; `replaces` is the station whose PC is exchanged."""
        chosen = files.to_read(self, _("选择配对申请"), _("配对申请 (*{0});;所有文件 (*)").format(REQUEST))
        if chosen is not None:
            self.admit_file(chosen, replaces)

    def admit_file(self, path: Path, replaces: UUID | None = None) -> None:
        def seen(asked: Any) -> None:
            self.show_page(self._admitting)
            self._admitting.show_request(asked, [r for r in self.rows if isinstance(r, Line)], replaces)

        self.desk.call(lambda ledger: read(ledger, path), seen)

    def read_out_again(self, line: Line) -> None:
        """The digits of the answer once more: they may call after the page was left, until their PC is heard for the first time."""
        self.show_page(self._admitting)
        self._admitting.show_answer(_("“{0}”已经批准，回复已经写过。").format(line.name), line.digits)

    # -- the escrow key

    def renew_escrow(self, _line: Line) -> None:
        """Where the paper was lost, or the program ended before it was written; not asked lightly: the old paper opens nothing new."""
        if not messages.ask(_("换新以后，旧纸上的应急密钥打不开以后的交接包；旧纸请留着，以前的交接包还要靠它。现在换吗？"), _("换一把新的"), _("不换")):
            return

        def shown(secret: str) -> None:
            self.show_page(self._sheet)
            self.escrow.show_key(None, on_paper(secret))

        self.desk.call(founding.new_escrow, shown, acts=True)

    def _escrow_done(self) -> None:
        self.back()
        self.refresh()

    # -- stopping, and what came late

    def stop(self, line: Line) -> None:
        """Stop believing a PC: a reason, and once more "really?" on the same page."""
        told = {"lost": Told("lost", Yes((_(LOST_WORDS[0]), _(LOST_WORDS[1]))), _("为什么停用"), True),
                "note": Told("note", LongText(500), _("说明（谁报告的、何时）"), True,
                             _("停用后，它已经交来的记录照样有效；以后再交来的先暂存，由您决定用不用。各村下次交接后都会知道。"))}
        form = Form(told, [Section(line.name, [[Cell("lost"), Cell("note", 2)]])])

        def stopped(_done: Any) -> None:
            form_page.done()
            self.back()
            self.say(_("停用站点"))

        def save(values: dict[str, Any], _next: bool) -> None:
            self.desk.call(lambda ledger: pairing.stop(ledger, line.id, LOST if values["lost"] else REVOKED, values["note"]), stopped, form_page.failed,
                           acts=True)

        form_page = self.form_page(form, "", save, before=lambda _values: [Mark("", "warn", "stop", _(
            "停用“{0}”以后不能恢复，只能重新配对。").format(line.name))])
        form_page.begin(_("停用站点"), {}, drafts=False)
        self.show_page(form_page, passing=True)
        form_page.form.focus_first()

    def adopt(self, line: Line) -> None:
        """Accept what a stopped PC had written and was found later."""
        def done(admitted: Admitted) -> None:
            self.say(_("采用 {0:,} 条记录").format(incoming.records_in(admitted)))

        self.desk.call(lambda ledger: rollcall.adopt(ledger, line.id), done, acts=True)


def _rows(line: Line) -> list[Row]:
    at = show_time(datetime.fromtimestamp(line.heard_at / 1000, UTC)) if line.heard_at else _("还没有")
    told: list[Row] = [(_("级别"), codes.table("station_role").label(line.role)), (_("范围"), where(line)),
                       (_("上次交来"), _("本机") if line.own else at), (_("证书编号"), str(line.serial)),
                       (_("冲突"), _("{0:,} 处待处理").format(line.questions) if line.questions else ""), (_("任务"), tasks_words(line)),
                       (_("停用日期"), str(line.stopped_on or "")), (_("说明"), line.note)]
    return [row for row in told if row[1]]


def _waits(line: Line) -> list[Row]:
    return [(_("{0:,} 项").format(entries), reason.text) for reason, entries in line.waits]


def facts(line: Line) -> Facts:
    """A station beside the list."""
    pills = [*([(_("应急密钥没有抄在纸上"), "red")] if line.unwritten else []), state(line), *([(_("恢复过的电脑"), "yellow")] if line.put_back is not None else []), *([heard(line)] if line.active and not line.own else [])]
    return Facts(line.name, where(line), pills, _rows(line), _("暂存的记录"), _waits(line), icon="landmark" if line.own else "house")


def groups(line: Line) -> Sequence[tuple[str, Sequence[Row]]]:
    """The cards of a station's own page."""
    return [(_("站点"), _rows(line)), (_("暂存的记录"), _waits(line)), (_("它收不下我们的内容"), [("", text) for text in line.told])]


def told_of(story: Sequence[Any]) -> list[Any]:
    """The story of a station without its keys: nobody reads those."""
    dumb = {fields_of(Station)[name].label for name in ("device", "age", "certificate", "accepted")}
    return [replace(step, changes=tuple(c for c in step.changes if c.label not in dumb)) for step in story]


def build(desk: Desk, _settings: Settings) -> TownScreen:
    return TownScreen(desk)
