"""水印 in 设置: whether copies that are neither filed nor served bear unit, officer and time across the page."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui.widgets import answer, button, card, row_of, say


def built(settings: Settings) -> QFrame:
    """A card of its own."""
    made, inside = card(_("水印"), _("遮住的一份、张贴的表和走访计划上，斜着印浅灰的单位、姓名和时间。归档、送达的表单不印；每次打印都记入审计。"))
    told, group = answer(), QButtonGroup(made)
    chips = []
    for wanted, words in ((True, _("印水印")), (False, _("不印水印"))):
        chip = button(words, partial(_keep, settings, wanted, told), role="chip", checkable=True)
        chip.setChecked(settings.watermark == wanted)
        group.addButton(chip)
        chips.append(chip)
    inside.addLayout(row_of(*chips))
    inside.addWidget(told)
    inside.addStretch(1)
    return made


def _keep(settings: Settings, wanted: bool, told: QLabel) -> None:
    settings.watermark = wanted
    try:
        settings.save()
    except Sorted as failure:
        say(told, failure.text)
