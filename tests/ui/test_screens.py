"""What every screen must survive, whichever it is: these tests walk SCREENS and name none of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QWidget
from shiboken6 import isValid

from gridapp.ledger import Ledger
from gridapp.records import ENTITIES
from tests import thorough
from ui.navigation import KEYS
from ui.screens import SCREENS, navigation

EVERY = pytest.mark.parametrize("key", [e.key for e in SCREENS])
SIZES = [QSize(800, 560), QSize(1024, 700), QSize(1280, 680), QSize(1366, 728)]
FACTORS = [1.0, 1.25, 1.5]
#: the narrowest and the widest with the smallest and the largest type, and one in between
FEW = [(SIZES[0], 1.0), (SIZES[0], 1.5), (SIZES[1], 1.25), (SIZES[-1], 1.0), (SIZES[-1], 1.5)]


@EVERY
def test_it_opens_on_an_empty_register(office: Any, key: str) -> None:
    screen = office.show(key)
    assert screen.isVisible() and not office.told


@EVERY
def test_it_opens_on_a_village_and_again_after_an_act(busy: Any, key: str) -> None:
    screen = busy.show(key)
    busy.desk.undo()
    busy.settle()
    assert screen.isVisible() and not busy.told


def test_every_record_the_search_finds_opens_somewhere(busy: Any) -> None:
    hits = [hit for text in ("彭兵", "QHY0001", "101", "疏散") for hit in busy.desk.ledger.search(text, 20)]
    assert {hit.entity for hit in hits} == {"person", "house", "room", "hazard"}
    for hit in hits:
        busy.window.open_record(hit.entity, hit.id)
        busy.settle()
        assert not busy.told, hit
        assert any(hit.entity in e.entities for e in SCREENS)
    assert {name for e in SCREENS for name in e.entities} <= {e.__tablename__ for e in ENTITIES.values()}


def test_the_keys_of_the_navigation(busy: Any) -> None:
    lines = navigation("v:330784108238", busy.desk.may)
    assert len(lines) > KEYS
    for number, entry in enumerate(lines[:KEYS], 1):
        busy.press(Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.ControlModifier)
        assert busy.window.screens[entry.key].isVisible(), entry.key


def texts(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Everything with words that can be seen."""
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QLabel | QAbstractButton) and widget.text().strip():
            yield widget, widget.text()


def clipped(root: QWidget) -> list[str]:
    """Words that are wider or higher than the widget that shows them."""
    found = []
    for widget, text in texts(root):
        metrics = widget.fontMetrics()
        if isinstance(widget, QLabel) and widget.wordWrap():
            needed = metrics.boundingRect(0, 0, widget.contentsRect().width(), 10_000,
                                          int(Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap), text).height()
            if needed > widget.contentsRect().height() + 4:
                found.append(f"{text!r} is {needed} high in {widget.height()}")
            continue
        needed = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
        if isinstance(widget, QPushButton) and widget.icon() and not widget.icon().isNull():
            needed += widget.iconSize().width()
        if needed > widget.width() + 1 and widget.property("role") not in ("muted", "room"):
            found.append(f"{text!r} is {needed} wide in {widget.width()}")
        if metrics.height() * (text.count("\n") + 1) > widget.height() + 4:
            found.append(f"{text!r} is higher than {widget.height()}")
    return found


@pytest.mark.parametrize(("size", "factor"), thorough.of([(s, f) for s in SIZES for f in FACTORS], FEW),
                         ids=lambda told: f"{told.width()}x{told.height()}" if isinstance(told, QSize) else str(told))
def test_no_word_is_cut_off(open_office: Callable[..., Any], village: Ledger, size: QSize, factor: float) -> None:
    office = open_office(village, factor=factor, size=size)
    lost = {}
    for entry in SCREENS:
        screen = office.show(entry.key)
        lost[entry.key] = clipped(office.window)
        if hasattr(screen, "open_card") and screen.list.row is not None:
            screen.open_card(screen.list.row.id)
            office.settle()
            lost[f"{entry.key} one"] = clipped(office.window)
    assert {key: words for key, words in lost.items() if words} == {}


def chain_of(widget: QWidget | None) -> Iterator[QWidget]:
    """A widget and what it stands in, outwards."""
    while widget is not None:
        yield widget
        widget = widget.parentWidget()


def test_a_closed_window_leaves_nothing_behind(busy: Any) -> None:
    """A widget without a parent would live on, unseen, and be restyled with every change of look."""
    before = QApplication.topLevelWidgets()  # a test that made a part of a form by itself may still hold it
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if hasattr(screen, "register"):
            screen.register()
            busy.settle()
        if hasattr(screen, "correct") and getattr(screen, "card", None) is not None:
            screen.correct(screen.card)
            busy.settle()
    own = busy.window.findChildren(QWidget)
    assert len(own) > 1000
    busy.close()
    gc.collect()  # what an answer that came meanwhile has just thrown away goes between two events, and with the cycles it stands in
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [w for w in own if isValid(w)]
    assert [(type(w).__name__, [type(parent).__name__ for parent in chain_of(w)]) for w in left] == []
    assert [w for w in QApplication.topLevelWidgets() if type(w).__module__.startswith("ui.") and w not in before] == []


def test_dark_and_large_at_once_from_the_settings(busy: Any) -> None:
    screen = busy.show("settings")
    before = busy.window.grab().toImage()
    screen._change_look(dark=True, factor=1.5)
    busy.settle()
    after = busy.window.grab().toImage()
    assert busy.window.screens["settings"].isVisible() and before != after
    assert after.pixelColor(after.width() - 5, after.height() - 5).lightness() < 60 < before.pixelColor(
        before.width() - 5, before.height() - 5).lightness()
    assert busy.show("people").list.table.rowHeight(0) == round(46 * 1.5)


def too_wide(root: QWidget) -> list[str]:
    """Pages that are wider than what shows them: their right edge cannot be reached."""
    return [f"{area.widget().width()} in {area.viewport().width()}" for area in root.findChildren(QScrollArea)
            if area.isVisible() and area.widget() is not None and area.widget().width() > area.viewport().width()]


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_a_window_made_small_loses_nothing(open_office: Callable[..., Any], village: Ledger, factor: float) -> None:
    office = open_office(village, factor=factor)
    lost = {}
    for entry in SCREENS:
        office.window.resize(SIZES[-1])
        screen = office.show(entry.key)
        for begin in (lambda: None, getattr(screen, "register", lambda: None)):
            begin()
            office.settle()
            office.window.resize(SIZES[0])
            office.settle()
            lost[entry.key] = too_wide(office.window) + clipped(office.window)
    assert {key: words for key, words in lost.items() if words} == {}


def test_chosen_words_fit_into_their_fields(open_office: Callable[..., Any], village: Ledger) -> None:
    for size, factor in ((SIZES[0], 1.0), (SIZES[-1], 1.5)):
        office = open_office(village, factor=factor, size=size)
        form = office.show("people")._new.form
        office.window.screens["people"].register()
        office.settle()
        box = form.editor("id_kind").target
        assert box.fontMetrics().horizontalAdvance(box.currentText()) <= box.lineEdit().width()
        assert form.slots["hukou_code"].y() > form.slots["id_kind"].y(), "in two lines"
        office.window.resize(1366, 728)
        office.settle()
        assert factor > 1 or form.slots["hukou_code"].y() == form.slots["id_kind"].y(), "in one line where there is room"
        office.desk.ledger = None  # the ledger goes on to the next window
        office.close()
