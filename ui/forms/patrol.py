"""The form of a patrol: the walk, and under it one line for every problem seen; a line may open a hazard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QVBoxLayout

from gridapp.errors import Mark
from gridapp.fields import codes
from gridapp.fields.kinds import Text, Yes
from gridapp.records import Finding, Patrol
from gridapp.texts import _
from ui import theme
from ui.forms.form import Cell, Form, Section, Slot, Told, fields_of
from ui.widgets import button, card, row_of

PARTS = {"place": 4, "house": 4, "problem": 6, "category": 2, "handling": 3, "hazard": 2}
MOST_FINDINGS = 60


def told_finding() -> dict[str, Told]:
    """What a line asks for."""
    known = fields_of(Finding, "place", "house", "category", "handling")
    return known | {"problem": Told("problem", Text(500), _("问题"), True), "hazard": Told("hazard", Yes(), _("转为隐患"))}


def suggest_phrases(line: QLineEdit) -> None:
    """Offer the police wording of fire violations while a problem is typed (resources/codes/fire_phrases.tsv)."""
    completer = QCompleter([name for _code, name in codes.table("fire_phrases").choices()], line)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)


class PatrolForm(Form):
    """Findings are slots named 'finding.0.place' and so on: Enter, marks and drafts treat them like any other field."""

    def __init__(self, *, findings: bool = True) -> None:
        super().__init__(fields_of(Patrol), [
            Section(_("巡查"), [
                [Cell("day", 3), Cell("start", 2), Cell("end", 2), Cell("weather", 2), Cell("category", 2), Cell("shift", 2)],
                [Cell("people", 3), Cell("route_walked", 2), Cell("route", 4)], [Cell("contents")],
                [Cell("checked"), Cell("persuaded"), Cell("remark", 3)]])])
        self._lines: list[int] = []
        self._findings = findings
        if findings:
            self.add_widget(self._frame())
            self.add_line()

    def _frame(self) -> QFrame:
        made, inside = card(_("发现问题（没有发现问题就空着）"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.look.px(10))
        inside.addLayout(self._rows)
        more = button(_("再加一条（Alt+A）"), lambda: self.focus(f"finding.{self.add_line()}.place"), icon="plus", key="Alt+A")
        inside.addLayout(row_of(more))
        return made

    def add_line(self) -> int:
        """One more problem; returns its number."""
        number = len(self._lines)
        if number >= MOST_FINDINGS:
            return number - 1
        self._lines.append(number)
        slots = []
        for name, told in sorted(told_finding().items(), key=lambda item: list(PARTS).index(item[0])):
            slot = self._slot(Told(f"finding.{number}.{name}", told.kind, told.label, False, told.hint), still=False)
            slots.append((slot, PARTS[name]))
        suggest_phrases(self._line_of(number, "problem").editor.target)  # type: ignore[arg-type]
        self._rows.addLayout(self.row(slots))
        self.prepare(number)
        return number

    def prepare(self, number: int) -> None:
        """Hook of the pickers: the house editor of a new line needs its finder."""

    def _line_of(self, number: int, name: str) -> Slot:
        return self.slots[f"finding.{number}.{name}"]

    # -- values

    def collect(self) -> tuple[dict[str, Any], list[Mark]]:
        """Values of the patrol; under 'findings' the lines in which something was typed."""
        values, marks = super().collect()
        findings = []
        for number in self._lines:
            line = {name: values.pop(f"finding.{number}.{name}", None) for name in PARTS}
            if any(line[name] for name in ("place", "house", "problem")):
                marks += self._lacking(number, line)
                findings.append({n: v for n, v in line.items() if v is not None})
        if self._findings:
            values["findings"] = findings
        return values, marks

    def _lacking(self, number: int, line: dict[str, Any]) -> list[Mark]:
        house = self._line_of(number, "house").editor
        if not line["place"] and line["house"]:
            line["place"] = getattr(house, "chosen", (None, ""))[1]
        return [Mark(f"finding.{number}.{name}", "block", f"no-{name}", _("请填写{0}。").format(words))
                for name, words in (("place", _("地点（或选房屋）")), ("problem", _("问题"))) if not line[name]]

    def fill_texts(self, texts: Mapping[str, str]) -> None:
        """A draft may hold more lines than the form has."""
        if self._findings:
            wanted = max((int(n.split(".")[1]) for n in texts if n.startswith("finding.")), default=0)
            while len(self._lines) <= min(wanted, MOST_FINDINGS - 1):
                self.add_line()
        super().fill_texts(texts)
