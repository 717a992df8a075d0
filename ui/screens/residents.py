"""某天谁住过: the people of a house or a room on one day, opened by Enter; another day is one key away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridapp.fields import codes
from gridapp.texts import _
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.widgets import back, bar, button, column, label, page


class ResidentsPage(QWidget):
    """A heading that names place and day, a list, keys. Esc goes back."""

    left = Signal()
    #: a person was chosen
    opened = Signal(object)

    def __init__(self, place: str, day: date, residents: Sequence[Any], again: Callable[[], object]) -> None:
        super().__init__()
        page(self)
        whole = column(self)
        header, row = bar("header", back(self.left.emit))
        row.addWidget(label(_("{0} 住在这里的人：{1}").format(day, place), "title", wrap=True), 1)
        self.list = Browse([Column(_("房号"), lambda r: r.room_no, 96, strong=True), Column(_("姓名"), lambda r: r.name, 150),
                            Column(_("与承租人关系"), lambda r: codes.table("relation").label(r.relation or ""), 150, rank=1),
                            Column(_("入住日期"), lambda r: str(r.start or _("不详")), 130), Column(_("离开日期"), lambda r: str(r.end or _("现在还住")), 130),
                            Column(_("这一天"), lambda r: _("当天离开") if r.leaving else _("当天入住") if r.start == day else _("在住"),
                                   pill=lambda r: "yellow" if r.leaving or r.start == day else "green")],
                           {}, [button(_("换一天（F2）"), again, icon="calendar", key="F2", role="primary")])
        self.list.opened.connect(lambda who: self.opened.emit(who.person))
        whole.addWidget(header)
        whole.addWidget(self.list, 1)
        self.setFocusProxy(self.list)

        def fetch(offset: int, limit: int, then: Callable[[Sequence[Any]], None]) -> None:
            then(residents[offset:offset + limit])

        stayed = sum(not r.leaving for r in residents)
        self.list.load(len(residents), fetch, _("当天结束时住 {0} 人，当天离开 {1} 人").format(stayed, len(residents) - stayed), _("按登记，这一天没有人住在这里。按 F2 换一天。"))
