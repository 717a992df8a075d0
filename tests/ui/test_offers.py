"""What a role may not do is not offered: on every screen every button and every key is pressed in every role, and nobody is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gridapp.errors import Mistake
from gridapp.exchange import outgoing
from gridapp.fields import codes
from gridapp.fields.kinds import Code, Codes, Day, Link, Whole, Yes
from gridapp.ledger import AUDIT, LOOK, PLAIN, Ledger, needs
from gridapp.ledger.permits import ROLES, Needs, NotAllowed, Seat
from gridapp.work import houses, people
from tests import ledgers, permissions, thorough
from tests.exchange import handing
from ui import files, messages
from ui.forms.chosen import One
from ui.forms.form import Form
from ui.forms.page import FormPage
from ui.lists.facts import Action, allowed
from ui.screens import SCREENS

CONTROL, UNDO = Qt.KeyboardModifier.ControlModifier, ["Ctrl+Z", "Ctrl+Y"]
#: of a filter so many rows are tried that stood in no filter before
ROWS = 1


class NoFurther(Mistake):
    """Past the gate: the test wants to know no more, and the next button finds the ledger as it was."""

    def __init__(self) -> None:
        super().__init__("so far and no further")


class Gate:
    """Stands where the ledger's one check stands; while a button is pressed nothing gets further than the check."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.refused, self.shut = list[str](), False
        self.pressed = ""
        check = Seat.refuse

        def watched(seat: Seat, asked: Needs | None) -> None:
            try:
                check(seat, asked)
            except NotAllowed as refusal:
                self.refused.append(f"{self.pressed}: {refusal.what}")
                raise
            if self.shut and asked is not None and asked.any_of.isdisjoint({PLAIN, LOOK, AUDIT}):
                raise NoFurther

        monkeypatch.setattr(Seat, "refuse", watched)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.setattr(messages, "ask", lambda *_words: True)
    monkeypatch.setattr(messages, "inform", lambda _words: None)
    for way in ("to_read", "to_write", "to_folder"):
        monkeypatch.setattr(files, way, lambda *_asked: None)
    monkeypatch.setattr(Form, "collect", lambda form: ({n: sample(s.told.kind) for n, s in form.slots.items() if not s.still}, []))
    return Gate(monkeypatch)


def sample(kind: Any) -> Any:
    """Something to save: the ledger is asked before anybody looks at it."""
    if isinstance(kind, Codes):
        return kind.choices()[0][0]
    if isinstance(kind, Code):
        return (kind.known if isinstance(kind, One) else codes.table(kind.table)).choices()[0][0]
    by_kind: list[tuple[type, Any]] = [(Day, ledgers.TODAY), (Yes, True), (Whole, 1), (Link, uuid4())]
    return next((value for sort, value in by_kind if isinstance(kind, sort)), "甲乙")


# ---------------------------------------------------------------- a village PC with something to do on every screen

@pytest.fixture
def well_used(tmp_path: Path) -> Iterator[Ledger]:
    """Paired; a parcel came from the town, which had written another telephone than this PC; one house is closed."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with handing.a_town(tmp_path / "town.grid") as town:
        made = handing.a_village(tmp_path / "village.grid")
        ledgers.a_little_village(made)
        made.do(houses.close_house, ledgers.a_house(made, "QHY0009", address="永康市古山镇青后叶村后山路1号"), ledgers.TODAY, "01")
        handing.joined(town, made, tmp_path)
        handing.hand(made, None, stick)
        handing.take(town, stick)
        person = next(h.id for h in made.search("彭兵") if h.entity == "person")
        made.do(people.correct_person, person, phone="13800001111")
        town.do_in(handing.SCOPE, people.correct_person, person, phone="13800002222", remark="镇里补的")
        handing.hand(town, next(r.name for r in outgoing.receivers(town)), stick)
        handing.take(made, stick)
        yield made


# ---------------------------------------------------------------- going round

class Round:
    """Somebody in one role who presses whatever can be pressed, each thing once."""

    def __init__(self, office: Any, gate: Gate) -> None:
        self.office, self.gate = office, gate
        self.done, self.pressed = set[tuple[str, str, str]](), set[str]()

    def home(self, key: str) -> Any:
        """The screen as one comes to it."""
        self.gate.pressed = f"{key} itself"
        screen = self.office.window.show_screen(key)
        for _page in range(4):
            if screen.currentWidget() is screen.home:
                break
            screen.came_from = ""
            screen.back()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # pages thrown away would be laid out for ever
        screen.refresh()  # what it asked while a button was pressed was not answered
        self.office.settle()
        return screen

    def places(self, key: str) -> Iterator[Callable[[], None]]:
        """Ways to everything one can stand before on a screen: its list, its rows, their own pages."""
        def at(which: str = "", row: Any = None, page: bool = False, call: str = "") -> Callable[[], None]:
            def go() -> None:
                screen = self.home(key)
                if which:
                    screen.list.choose(which)
                    self.office.settle()
                if row is not None:
                    screen.list.select(row)
                    self.office.settle()
                if page and hasattr(screen, "open_card"):
                    screen.open_card(row)
                if call:
                    getattr(screen, call)()
                self.office.settle()

            return go

        screen, stood = self.home(key), set[Any]()
        yield at()
        for call in ("show_book", "show_held"):
            if hasattr(screen, call):
                yield at(call=call)
        for which in getattr(getattr(screen, "list", None), "filters", ()):
            at(which)()
            table = screen.list.table.rows
            ids = [getattr(table.row_at(n), "id", None) for n in range(table.rowCount())]
            for row in [i for i in ids if i is not None and i not in stood][:ROWS]:
                stood.add(row)
                yield at(which, row)
                yield at(which, row, page=True)

    def press(self, what: str, press: Callable[[], object]) -> None:
        """Press it, save the form that opens, and see how far the ledger lets one."""
        self.pressed.add(what)
        self.gate.pressed, self.gate.shut = what, True
        press()
        self.office.settle()
        for form in self.office.window.findChildren(FormPage):
            if form.isVisible():
                form._before = None
                form.save(False)
                form.save(False)
                self.office.settle()
        self.gate.shut = False

    def buttons(self) -> dict[str, QPushButton]:
        """What can be pressed now; the colours of 设置 and the lock are no business of the ledger."""
        window = self.office.window
        return {b.text() or b.accessibleName(): b for b in window.findChildren(QPushButton)
                if b.isVisible() and b.isEnabled() and b is not window.header.lock and b.property("role") != "chip"}

    def front(self) -> tuple[Any, Any]:
        """Where one stands: the screen and its page."""
        screen = self.office.window.stack.currentWidget()
        return screen, screen.currentWidget()

    def go_round(self, key: str) -> None:
        """All buttons of a screen and its pages, each words once; then the keys at its list."""
        for go in self.places(key):
            go()
            here = self.front()
            page = type(here[1]).__name__
            for words in [w for w in self.buttons() if (key, page, w) not in self.done]:
                self.done.add((key, page, words))
                if self.front() != here:
                    go()
                if words in (now := self.buttons()):
                    self.press(f"{key} {words}", now[words].click)
        go = next(iter(self.places(key)))
        go()
        here = self.front()
        for keys in sorted({shortcut.key().toString() for shortcut in here[1].findChildren(QShortcut) if shortcut.parent().isVisible()}) + UNDO:
            if self.front() != here:
                go()
            self.press(f"{key} {keys}", partial(QTest.keySequence, self.office.window.focusWidget() or self.office.window, QKeySequence(keys)))


def seated(open_office: Callable[..., Any], ledger: Ledger, role: str) -> Any:
    ledger.sign_in(0)
    ledger.sign_in(permissions.with_roles(ledger)[role])
    office = open_office(ledger)
    office.window.setUpdatesEnabled(False)  # how it looks is looked at elsewhere
    return office


#: the screens are shared out among so many tests
PARTS = 3
#: some buttons a role must have, and some it must not: the walk does reach them
SEES = {
    "grid": ({"people 修改（F2）", "people 退租（F7）", "today 标记已报送…", "exchange 再试一次（F2）", "clashes 打开记录（F6）"},
             {"people 注销（F9）", "hazards 复查（F7）", "clashes 逐项选择（F3）", "clashes 全部采用建议（F7）", "exchange 撤销这次接收（F9）", "settings 修改"}),
    "chief": ({"people 注销（F9）", "people 取消注销（F9）", "houses 取消注销（F9）", "hazards 复查（F7）", "clashes 逐项选择（F3）", "clashes 全部采用建议（F7）",
               "exchange 撤销这次接收（F9）", "settings 修改"}, {"settings 账号…", "backups 试恢复"}),
    "manage": ({"exchange 再试一次（F2）", "settings 修改", "officers 新增账号（Ctrl+N）", "backups 从备份恢复…", "joining 把申请写到U盘…（F2）"},
               {"exchange 撤销这次接收（F9）", "exchange 冲突 1（F8）", "exchange 逐条查看（F2）"}),
    "audit": ({"audit 打印（F7）"}, {"settings 修改", "backups 从备份恢复…", "backups 试恢复", "backups 选择位置…", "audit 撤销"}),
}


def looked_at(key: str) -> str:
    """In whose eyes the suite goes round a screen: the roles that may use it take turns. In everybody's: `dev.py faults thorough`."""
    place, entry = next((n, e) for n, e in enumerate(SCREENS) if e.key == key)
    who = [role for role in SEES if not entry.permits or not ROLES[role].permits.isdisjoint(entry.permits)]
    return who[place % len(who)]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", SEES)
def test_r1_no_button_and_no_key_is_refused(open_office: Callable[..., Any], gate: Gate, well_used: Ledger, role: str, part: int) -> None:
    office = seated(open_office, well_used, role)
    walk = Round(office, gate)
    every = [entry.key for entry in office.window.usable]
    keys = thorough.of(every, [key for key in every if looked_at(key) == role])[part::PARTS]
    for key in keys:
        walk.go_round(key)
    assert gate.refused == [], gate.refused
    there, not_there = ({words for words in of if words.split()[0] in keys} for of in SEES[role])
    assert there <= walk.pressed and not not_there & walk.pressed, sorted(walk.pressed)


@needs()
def _anything(_act: Any) -> None:
    """Declared for nobody."""


def test_an_action_is_offered_by_what_its_function_declares(open_office: Callable[..., Any], village: Ledger) -> None:
    desk = seated(open_office, village, "grid").desk
    offers = [Action(words, "", "", print, calls=calls) for words, calls in (
        ("修改", people.correct_person), ("注销", people.close_person), ("无人", _anything), ("未声明", ledgers.a_house), ("看", None))]
    assert [offer.title for offer in allowed(desk, offers)] == ["修改", "看"]
    desk.seat = None
    assert len(allowed(desk, offers)) == len(offers), "nobody in particular: the ledger decides"


def test_undo_is_there_for_whoever_may_take_back_what_comes_next(open_office: Callable[..., Any], village: Ledger) -> None:
    office = seated(open_office, village, "grid")
    header, told, grid = office.window.header, office.told, village.officer
    gone = next(h.id for h in village.search("赵小妹") if h.entity == "person")
    office.desk.do(people.correct_person, gone, phone="13800001111")
    office.settle()
    assert not header.undo.isHidden(), "anybody of this role may take it back"
    village.sign_in(0)
    village.do(people.reopen_person, gone)
    village.sign_in(grid)
    office.window._touched(None)
    office.settle()
    assert header.undo.isHidden() and not header.redo.isHidden()
    QTest.keyClick(office.window, Qt.Key.Key_Z, CONTROL)
    office.settle()
    assert not told and ledgers.whole(village, gone).closed_on is None
