"""纠纷 and 信访 in the window: taken in with two parties by keyboard, and the steps from there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier


def save(office: Any, screen: Any, **told: str) -> None:
    office.type(screen.currentWidget().form, **told)
    office.press(Qt.Key.Key_S, CONTROL)


def shown(screen: Any) -> str:
    return " ".join(w.text() for w in screen.findChildren(QLabel) if w.isVisible())


def test_a_dispute_is_taken_in_with_its_parties(office: Any) -> None:
    screen = office.show("disputes")
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    save(office, screen, title="欠薪纠纷", category="劳动社保", content="拖欠两月工资")
    assert screen.filling, "a dispute has two parties"
    form = screen.currentWidget().form
    office.type(form, **{"party.0.name": "彭兵", "party.0.phone": "13800001111", "party.1.name": "方岩五金厂"})
    office.press(Qt.Key.Key_S, CONTROL)
    assert not office.told and screen.card is not None and [p.name for p in screen.card.parties] == ["彭兵", "方岩五金厂"], shown(screen)
    assert not clipped(screen) and not too_wide(screen) and "13800001111" not in shown(screen)
    office.press(Qt.Key.Key_F8)
    office.settle()
    assert not office.told


def test_a_petition_needs_one_in_charge(office: Any) -> None:
    screen = office.show("petitions")
    office.press(Qt.Key.Key_N, CONTROL)
    assert not clipped(screen) and not too_wide(screen)
    office.type(screen.currentWidget().form, title="宅基地确权", content="要求重新丈量")
    screen.currentWidget().form.editor("leader").set_text("")
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.filling and "请填写包案人" in shown(screen)
