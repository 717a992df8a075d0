"""The card of 设置 with the rules passwords are chosen under: the usual ones, or those of 等保; for whoever manages the accounts."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton

from gridapp.errors import Sorted
from gridapp.store.passwords import DENGBAO
from gridapp.texts import N_, _
from ui.desk import Desk
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, label, row_of, say

RULES = {"": N_("平常"), DENGBAO: N_("等保二级")}


def asked(ledger: Any) -> str | None:
    """The rules in force; None where the town's database has its own."""
    from gridapp.work import accounts

    return accounts.password_rules(ledger)


class RulesCard(QFrame):
    """Two chips; what is chosen counts for the next password anybody chooses."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("密码规则"), "subtitle"))
        inside.addWidget(label(_("平常：够长、不常见，不强迫更换。等保二级：四类字符至少三类，超过 90 天的在下次打开时先换。用在以后新设的密码上。"), "muted", wrap=True))
        self.told, group = answer(), QButtonGroup(self)
        self.chips = dict[str, QPushButton]()
        for rules, words in RULES.items():
            chip = self.chips[rules] = button(_(words), partial(self.choose, rules), role="chip", checkable=True)
            group.addButton(chip)
        inside.addLayout(row_of(*self.chips.values()))
        inside.addWidget(self.told)
        inside.addStretch(1)

    def refresh(self) -> None:
        self._desk.call(asked, self._show, lane="rules")

    def _show(self, rules: str | None) -> None:
        self.setVisible(rules is not None)
        if rules in self.chips:
            self.chips[str(rules)].setChecked(True)

    def choose(self, rules: str) -> None:
        """Asks for the password once more; where nobody types it, the chip of what is in force is pressed again."""
        def job(ledger: Any) -> None:
            from gridapp.work import accounts

            accounts.set_password_rules(ledger, rules)

        self._desk.call(job, lambda _done: say(self.told, _("✓ 已改，以后新设的密码按“{0}”。").format(_(RULES[rules]))), self._refused)

    def _refused(self, failure: Sorted) -> None:
        say(self.told, failure.text)
        self.refresh()
