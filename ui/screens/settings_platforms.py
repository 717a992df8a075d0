"""The card of 设置 with the names of the four platforms: one of the shipped sets, as long as the town has published none."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QFrame

from gridapp.errors import Sorted
from gridapp.fields import codes, presets
from gridapp.settings import Settings
from gridapp.texts import _
from ui.widgets import answer, button, card, say

TABLE = "platform"


def built(settings: Settings) -> QFrame:
    """The card; what is chosen counts at once, for forms that are opened from now on."""
    made, inside = card(_("四个平台的名称"), _("登记事件时选“所属平台”用。镇里发布过的，以镇里的为准。"))
    told, group = answer(), QButtonGroup(made)

    def chosen(name: str) -> None:
        settings.platforms = name
        presets.choose(TABLE, name)
        now = "、".join(words for _code, words in codes.table(TABLE).choices())
        try:
            settings.save()
        except Sorted as failure:
            say(told, failure.text)
            return
        published = presets.in_force(TABLE) != name
        say(told, _("镇里发布了另一套，仍用镇里的：{0}").format(now) if published else _("✓ 以后用：{0}").format(now))

    now = settings.platforms if settings.platforms in presets.files(TABLE) else next(iter(presets.files(TABLE)))
    for name in presets.files(TABLE):
        chip = button("、".join(presets.names_in(TABLE, name)), partial(chosen, name), role="chip", checkable=True)
        chip.setChecked(name == now)
        group.addButton(chip)
        inside.addWidget(chip)
    inside.addWidget(told)
    inside.addStretch(1)
    return made
