"""Text is shown as it was typed, whatever it looks like: no widget takes a name for HTML and loads what it points to (reliability.md I6)."""

from __future__ import annotations

import ast
import ctypes
import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QToolTip, QWidget

from gridapp import places
from gridapp.ledger import Ledger
from gridapp.work import hazards, patrols
from tests import ledgers
from ui.screens import SCREENS
from ui.widgets import tip

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("ui/**/*.py"))
#: whatever shows HTML, or decides by itself whether to
RICH = {"QTextEdit", "QTextBrowser", "QTextDocument", "QErrorMessage", "QStaticText", "QWhatsThis", "setHtml", "setMarkdown", "insertHtml", "appendHtml",
        "setWhatsThis", "RichText", "AutoText", "MarkdownText", "setInformativeText"}


def names_in(node: ast.AST) -> set[str]:
    return {n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(node) if isinstance(n, ast.Attribute | ast.Name)}


def calls(file: Path, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) == name:
            yield node


def test_nothing_that_shows_html_is_used() -> None:
    for file in FILES:
        found = names_in(ast.parse(file.read_text("utf-8"))) & RICH
        assert not found, f"{file.name}: {found}"


def test_labels_and_boxes_are_made_in_one_place() -> None:
    """`label` and `_box` say that their text is plain; a label made by a form layout from a text would not."""
    assert [f.name for f in FILES if list(calls(f, "QLabel"))] == ["widgets.py"]
    assert [f.name for f in FILES if list(calls(f, "QMessageBox"))] == ["messages.py"]
    rows = [(f.name, call.args[0]) for f in FILES for call in calls(f, "addRow")]
    assert rows and [name for name, first in rows if not names_in(first) & {"label"}] == []


def test_every_tool_tip_goes_through_one_function() -> None:
    tips = [(f.name, call) for f in FILES for call in calls(f, "setToolTip")]
    assert tips and [name for name, call in tips if names_in(call.args[0]) & {"tip"} != {"tip"}] == []
    assert [f.name for f in FILES if "ToolTipRole" in names_in(ast.parse(f.read_text("utf-8")))] == ["model.py"]


@pytest.mark.parametrize("typed", ["<b>彭兵</b>", "a <img src='file:///x.png'> b", "1 < 2 & 3 > 2", "彭兵", "&lt;b&gt;", "<x\n<b>y</b>"])
def test_a_tool_tip_shows_what_was_typed(qapp: QApplication, typed: str) -> None:
    shown = QTextDocument()
    if GuiQt.mightBeRichText(tip(typed)):
        shown.setHtml(tip(typed))
    else:
        shown.setPlainText(tip(typed))
    assert shown.toPlainText() == typed


class Watch:
    """Notices when a file is opened, by whomever."""

    def __init__(self, file: Path) -> None:
        self.system = ctypes.CDLL(None)
        self.handle = self.system.inotify_init1(os.O_NONBLOCK)
        assert self.system.inotify_add_watch(self.handle, str(file).encode(), 0x20) > 0  # IN_OPEN

    def openings(self) -> int:
        try:
            return len(os.read(self.handle, 65536)) // struct.calcsize("iIII")
        except BlockingIOError:
            return 0


@pytest.fixture
def picture() -> Iterator[Path]:
    """A picture whose path is short enough for a name."""
    folder = Path(mkdtemp())
    yield Path(shutil.copy(places.resource("icons", "check.svg"), folder / "a.svg"))
    shutil.rmtree(folder)


def hover(widget: QWidget, text: str) -> str:
    """Show a tool tip as Qt does; returns what stands in it."""
    QToolTip.showText(QPoint(5, 5), text, widget)
    QApplication.processEvents()
    shown = [w for w in QApplication.topLevelWidgets() if w.inherits("QTipLabel") and isinstance(w, QLabel)]
    for one in shown:
        one.grab()
    QToolTip.hideText()
    return shown[0].text() if shown else ""


def told(window: QWidget) -> Iterator[str]:
    """Every tool tip below a window: of widgets, and of the rows of lists."""
    yield from (w.toolTip() for w in window.findChildren(QWidget) if w.toolTip())
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        if model is not None and not view.objectName().startswith("qt_"):
            yield from (str(text) for row in range(min(model.rowCount(), 20)) for column in range((model.columnCount(QModelIndex()) if isinstance(model, QAbstractTableModel) else 1))
                        if (text := model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="只有 Linux 能看出谁打开了文件")
def test_names_that_look_like_html_load_nothing_and_are_shown_as_typed(open_office: Callable[..., Any], ledger: Ledger, picture: Path) -> None:
    name = f"<img src='file://{picture}'>"
    house = ledgers.a_house(ledger, f"<b>QHY</b>{name}"[:50], owner_name=name, address=f"<b>祠堂路</b>{name}", remark=name)
    person = ledgers.a_person(ledger, name, ledgers.NUMBERS[0], remark=name, workplace=name)
    from gridapp.work import tenancies

    ledger.do(tenancies.move_in, person, ledgers.rooms_of(ledger, house)[0], ledgers.TODAY)
    ledger.do(patrols.log_patrol, [{"place": name, "house": house, "problem": name, "hazard": True, "category": "02"}], day=ledgers.TODAY,
              start="20:00", people=name, route=name)
    hazard = ledger.ask(hazards.list_hazards)[0].id
    watch = Watch(picture)
    office = open_office(ledger)
    seen, tips = set[str](), set[str]()

    def look() -> None:
        office.settle()
        seen.update(w.text() for w in office.window.findChildren(QLabel))
        formats = {w.text(): w.textFormat() for w in office.window.findChildren(QLabel) if w.text() and not w.inherits("QTipLabel")}
        assert [t for t, f in formats.items() if f != Qt.TextFormat.PlainText] == []
        tips.update(told(office.window))

    for entry in SCREENS:
        office.show(entry.key)
        look()
    for entity, record in (("person", person), ("house", house), ("hazard", hazard)):
        office.window.open_record(entity, record)
        look()
    office.window.search.setFocus()
    office.press(Qt.Key.Key_I)
    look()
    assert any(name in text for text in seen), "the name was on the screen, as typed"
    assert any("&lt;img" in text for text in tips), "and in tool tips"
    for text in tips:
        hover(office.window, text)
    assert watch.openings() == 0
    hover(office.window, name)
    assert watch.openings() > 0, "what nobody made plain would have been noticed"
