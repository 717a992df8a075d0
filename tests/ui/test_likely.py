"""While a new tenant is typed the form tells who may be registered already, and Alt+1 opens them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests import ledgers


def test_somebody_with_the_same_phone_is_told_and_opened(busy: Any) -> None:
    ledger = busy.desk.ledger
    person = ledgers.a_person(ledger, "欧阳海", "E7654321", id_kind="414", phone="13912348888")
    screen = busy.show("people")
    screen.register()
    form = screen._new.form
    assert not form.like.isVisible()
    for name, text in (("name", "区海"), ("phone", "13912348888")):
        form.editor(name).set_text(text)
        form.on_edit(name)
    busy.settle()
    assert form.like.isVisible()
    words = " ".join(label.text() for label in form.like.findChildren(QLabel))
    assert "欧阳海" in words and "电话相同" in words and "E7654321" not in words
    assert [button.text() for button in form.like.findChildren(QPushButton)] == ["打开（Alt+1）"]
    busy.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier, widget=form)
    assert screen.card.record.id == person
    screen.register()
    assert not form.like.isVisible()
