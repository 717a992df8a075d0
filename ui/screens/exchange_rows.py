"""The rows of a parcel as the window lists them: filters by kind, before and after, the whole record beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gridapp.texts import _
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.facts import Detail, Facts
from ui.lists.model import Column
from ui.lists.record import show_time
from ui.widgets import scrolled

ALL = "all"
COLOURS = {"new": "green", "changed": "blue", "clash": "red", "twin": "yellow", "held": "grey"}


def at(ms: int) -> str:
    """'2026-11-24 12:00' in China."""
    return show_time(datetime.fromtimestamp(ms / 1000, UTC))


def columns(desk: Desk) -> list[Column]:
    from gridapp.exchange.previewing import KINDS

    return [Column(_("结果"), lambda r: _(KINDS[r.kind]), 104, pill=lambda r: COLOURS[r.kind]), Column(_("类别"), lambda r: r.title, 88, rank=1),
            Column(_("名称"), lambda r: r.label.replace(desk.home, ""), strong=True),
            Column(_("项目"), lambda r: r.field, 96), Column(_("现在"), lambda r: r.before.replace(desk.home, ""), 130),
            Column(_("接收以后"), lambda r: becomes(r).replace(desk.home, "")),
            Column(_("谁改的"), lambda r: r.who or r.station, 88, rank=2), Column(_("时间"), lambda r: show_time(r.at) if r.at else "", 150, rank=3)]


def becomes(row: Any) -> str:
    """What it says afterwards; where both sides wrote, what the other says: both stay until somebody decides."""
    from gridapp.exchange.previewing import CLASHING

    return _("对方：{0}").format(row.after or _("（清空）")) if row.kind == CLASHING and row.before else row.after


def beside(row: Any) -> str:
    """A row in one line: an arrow only where one value takes the place of the other."""
    from gridapp.exchange.previewing import CHANGED

    return (" → " if row.kind == CHANGED else "　").join(part for part in (row.before, becomes(row)) if part)


def facts(row: Any) -> Facts:
    """Everything the parcel says of the record of a row."""
    from gridapp.exchange.previewing import CLASHING, KINDS

    told = [(c.label, f"{c.before} → {c.after or _('（清空）')}" if c.before else c.after) for c in row.changes] or [(row.field or _("原因"), row.after)]
    if row.kind == CLASHING and row.before:
        told = [(_("我方"), row.before), (_("对方"), row.after or _("（清空）")), *(line for line in told if line[0] != row.field)]
        told.insert(0, (_("项目"), row.field))
    by = [(_("填写人"), row.who), (_("站点"), row.station), (_("时间"), show_time(row.at) if row.at else "")]
    return Facts(row.label, row.title, [(_(KINDS[row.kind]), COLOURS[row.kind])], told, _("来源"), [b for b in by if b[1]])


class Rows(Browse):
    """The list of rows with the record beside it, however long."""

    def __init__(self, desk: Desk, kinds: Sequence[str], hint: str, keep: Sequence[Any] = ()) -> None:
        from gridapp.exchange.previewing import KINDS

        self._beside = Detail()
        super().__init__(columns(desk), {ALL: _("全部"), **{k: _(KINDS[k]) for k in kinds}}, keep,
                         scrolled(self._beside, name=_("这条记录")), hint)
        self.all: Sequence[Any] = ()
        self.filter_changed.connect(lambda _key: self.fill())
        self.selected.connect(self._tell_row)

    def show_rows(self, rows: Sequence[Any], counts: Mapping[str, int]) -> None:
        """From the first row of all kinds."""
        self.all = rows
        self.counts({**dict.fromkeys(self.filters, 0), **counts, ALL: len(rows)})
        self.choose(ALL)

    def fill(self) -> None:
        rows = [r for r in self.all if self.which in (ALL, r.kind)]
        if not rows:
            self._beside.show_facts(None)
        self.load(len(rows), lambda offset, limit, then: then(rows[offset:offset + limit]), "", _("这里没有内容"))

    def _tell_row(self, row: Any) -> None:
        self._beside.show_facts(facts(row))
        self.footer.setText(beside(row))
