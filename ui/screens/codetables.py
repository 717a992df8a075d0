"""代码表: every table of codes, the town's edition of it, what it offers and what was retired; the town publishes another from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gridapp.exchange import publishing
from gridapp.exchange.publishing import Sheet
from gridapp.fields import editions, presets
from gridapp.settings import Settings
from gridapp.store.files import sorted_trouble
from gridapp.texts import N_, _
from ui import files
from ui.desk import Desk
from ui.forms.form import Cell
from ui.forms.told import told_text
from ui.lists.facts import Facts, Row
from ui.lists.model import Column
from ui.lists.record import RecordPage
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way

KINDS = N_("代码表 (*.tsv *.txt);;所有文件 (*)")
SHOWN = 12
SORTS = {"all": Sort(N_("全部"), lambda s: True), "published": Sort(N_("镇里发布过"), lambda s: bool(s.editions))}


def edition_words(sheet: Sheet) -> str:
    return _("第 {0} 版").format(sheet.edition) if sheet.edition else _("随程序")


def used(sheet: Sheet) -> str:
    """Where it is used, in words; its short name where no field asks for it."""
    return "、".join(sheet.used) or sheet.id


def columns() -> list[Column]:
    return [Column(_("用在哪里"), used, strong=True), Column(_("名称"), lambda s: s.id, 150, rank=1),
            Column(_("版次"), edition_words, 92, pill=lambda s: "yellow" if s.twice else "blue" if s.edition else "grey"),
            Column(_("发布日期"), lambda s: str(s.day or ""), 112, rank=2), Column(_("代码"), lambda s: f"{len(s.offered):,}", 72),
            Column(_("停用"), lambda s: f"{len(s.retired):,}" if s.retired else "", 72, rank=1)]


class CodesScreen(Gathered):
    """List, detail, one table, publishing."""

    footer = N_("{0} {1:,} 张代码表")

    def __init__(self, desk: Desk) -> None:
        town = desk.scope.startswith("t:")
        publish = [Way("send", _("发布代码表…（Ctrl+N）"), self.choose_file, "Ctrl+N", primary=True, calls=publishing.publish),
                   Way("refresh-cw", _("换另一套名称（F6）"), self.change_set, "F6", calls=publishing.publish)] if town else []
        super().__init__(desk, columns(), SORTS, [], [*publish, Way("file-down", _("导出选中的表（F4）"), self.export, "F4")])
        self.page = self.standing = RecordPage(self.offers)
        self.page.left.connect(self.back)
        self.addWidget(self.page)

    # -- the list

    def gather(self, ledger: Any) -> Sequence[Sheet]:
        found: Sequence[Sheet] = ledger.ask(publishing.sheets, ledger.scope)
        return found

    def facts(self, row: Sheet) -> Facts:
        return facts(row)

    def open_row(self, row: Sheet) -> None:
        self.show_page(self.page)
        self.page.show_record(row, facts(row), groups(row), [])

    # -- a file from it, and an edition from a file

    def export(self) -> None:
        """The table as it is in force, to be changed in Excel and published."""
        sheet: Sheet | None = self.card
        if sheet is None:
            return
        chosen = files.to_write(self, _("导出代码表"), f"{sheet.id}.tsv", _(KINDS))
        if chosen is not None:
            self.export_to(sheet, chosen)

    def export_to(self, sheet: Sheet, path: Path) -> None:
        def job(_ledger: Any) -> None:
            with sorted_trouble(path):
                path.write_text(publishing.text_of(sheet.id), "utf-8-sig", newline="\n")

        self.desk.call(job, lambda _done: self.say(_("已导出 {0}").format(path.name)))

    def choose_file(self) -> None:
        chosen = files.to_read(self, _("选择代码表"), _(KINDS))
        if chosen is not None:
            self.read_file(chosen)

    def read_file(self, path: Path, name: str = "") -> None:
        """Check a file and show what it would change; which table it is says the file's name, unless it is told."""
        def job(ledger: Any) -> Any:
            edition = editions.read(path, name)
            return edition, ledger.ask(publishing.newest, edition.name)

        self.desk.call(job, lambda told: self._confirm(*told))

    def change_set(self) -> None:
        """The other shipped set of the chosen table's names (the four platforms), published like a file of the town's own."""
        sheet: Sheet | None = self.card
        path = presets.another(sheet.id) if sheet is not None else None
        if sheet is None or path is None:
            self.say(_("这张表没有备选的成套名称；有的是 platform（事件的所属平台）。要改这张表，请先导出，改好再发布。"))
            return
        self.read_file(path, sheet.id)

    def _confirm(self, edition: editions.Edition, seen: int) -> None:
        changes = publishing.changes(edition)
        more = [_("还有 {0} 处。").format(len(changes) - SHOWN)] if len(changes) > SHOWN else []
        told = {"note": told_text("note", _("说明（依据哪个通知）"), 200, hint="\n".join(
            [*(_("{0}：{1}").format(*change) for change in changes[:SHOWN]), *more, _("发布后本机马上使用，各村下次接收交接包后使用。停用的代码，以前登记的照样显示。")]))}

        def run(values: dict[str, Any], then: Any, fail: Any) -> None:
            self.desk.call(lambda ledger: publishing.publish(ledger, edition, seen, values["note"]), then, fail, acts=True)

        self.task(_("发布代码表"), told, [[Cell("note")]], run, words=_("{0} 第 {1} 版：{2} 处改变").format(edition.name, seen + 1, len(changes)),
                  then=lambda number: self.say(_("已发布第 {0} 版").format(number)))


def _codes(rows: Sequence[Any]) -> list[Row]:
    return [(r.code, "  ".join((r.name, "／".join(r.words))).strip()) for r in rows]


def facts(sheet: Sheet) -> Facts:
    """A table beside the list."""
    pills: list[Row] = [(edition_words(sheet), "blue" if sheet.edition else "grey")]
    if sheet.twice:
        pills.append((_("同一版发布了两次"), "yellow"))
    rows: list[Row] = [(_("用在"), "\n".join(sheet.used)), (_("发布日期"), str(sheet.day or "")), (_("说明"), sheet.note),
                       (_("代码"), _("{0:,} 个在用，{1:,} 个停用").format(len(sheet.offered), len(sheet.retired))),
                       (_("怎么办"), _("两台镇里的电脑互不知道，发布了同一版。请核对内容，再发布一次。") if sheet.twice else "")]
    return Facts(sheet.id, "", pills, [r for r in rows if r[1]], _("在用的代码"), _codes(sheet.offered[:8]), icon="file-text")


def groups(sheet: Sheet) -> Sequence[tuple[str, Sequence[Row]]]:
    """The cards of a table's own page."""
    told = [(_("第 {0} 版").format(number), "  ".join(w for w in (str(day), note, _("已撤销") if gone else "") if w))
            for number, day, note, gone in sheet.editions]
    return [(_("在用的代码"), _codes(sheet.offered)), (_("停用的代码"), _codes(sheet.retired)), (_("版次"), told)]


def build(desk: Desk, _settings: Settings) -> CodesScreen:
    return CodesScreen(desk)
