"""What the officer does on the day of the canaries, hour by hour; `tests/faults/session.py` is the program it is done in."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.canary import ANCHOR, NUMBERS, PASSWORD, PHONES

Story = Generator[None, None, None]


def workbook(path: Path) -> None:
    """What an office kept before: a house and somebody in it."""
    from tests.spreadsheet import workbooks

    people = [("姓名", "性别", "证件号码", "房屋编号", "房号", "联系电话", "来本地日期"),
              (ANCHOR + "丙", "男", NUMBERS[2], "QHY0009", "101", PHONES[2], "2026-03-22"), (ANCHOR + "丁", "男", NUMBERS[2][:-1] + "X", "QHY0009", "102", "1", "x")]
    houses = [("房屋编号", "房屋坐落", "房主姓名"), ("QHY0009", f"永康市古山镇青后叶村{ANCHOR}街9号", ANCHOR + "主")]
    workbooks.book(path, people, houses, names=("流动人口", "出租房屋"))


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


def stop(name: str) -> None:
    """Stand still while somebody looks."""
    say("stop", name)
    os.read(0, 100)


class Day:
    """The officer's hands; every `yield` waits until all that was asked is answered."""

    def __init__(self, outside: Path) -> None:
        self.outside, self.inside = outside, Path(sys.argv[1])

    @property
    def window(self) -> Any:
        from PySide6.QtWidgets import QApplication

        from ui.window import Window

        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))

    def type(self, form: Any, **texts: str) -> Story:
        for name, text in texts.items():
            editor = form.slots[name].editor
            form.focus(name)
            editor.set_text(text)
            editor.edited.emit()
            yield
            yield  # a house is found one answer later

    def show(self, key: str) -> Any:
        return self.window.show_screen(key)

    def save(self, screen: Any) -> Story:
        """Ctrl+S; doubts are looked at and it is saved all the same."""
        page = screen.currentWidget()
        for _try in range(3):
            if screen.currentWidget() is page:
                page._bar_yes.click() if page.bar.isVisible() else page.save(False)
                yield
        assert screen.currentWidget() is not page, [s.mark.text() for s in page.form.slots.values() if s.mark.text()] + [page._bar_text.text()]

    # -- before it is locked

    def first_life(self) -> Story:
        yield from self._begin()
        yield from self._houses()
        yield from self._people()
        yield from self._take_in()
        yield from self._patrol()
        yield from self._find()
        yield from self._print()
        yield from self._hand_over()
        yield from self._back_up()
        yield from self._break_down()
        screen = self.show("people")
        screen.register()
        yield from self.type(screen._new.form, name=ANCHOR + "半", phone=PHONES[1], remark=ANCHOR)
        stop("a form half filled in")
        self.window.lock()
        yield

    def _begin(self) -> Story:
        start = self.window.start
        start.officer.setText("王建国")
        for field in (start.new_password, start.again):
            field.setText(PASSWORD)
        start.begin()
        yield
        card = start.sheet_card
        assert card.isVisible(), start._new_alert.text()
        say("secret", *card._lines)
        card.save(self.outside / "恢复纸.pdf")
        yield
        stop("the sheet is shown")
        card._next()
        for text, field in card.asked:
            field.setText(text)
        card._next()
        yield
        yield

    def _houses(self) -> Story:
        screen = self.show("houses")
        yield
        screen.register()
        yield
        yield from self.type(screen._new.form, house_no="QHY0001", floors="2", per_floor="3", address=f"永康市古山镇青后叶村{ANCHOR}路1号", owner_name=ANCHOR + "东", owner_phone=PHONES[0])
        yield from self.save(screen)

    def _people(self) -> Story:
        from PySide6.QtWidgets import QApplication

        screen = self.show("people")
        for number, name in ((NUMBERS[0], ANCHOR + "甲"), (NUMBERS[1], ANCHOR + "乙")):
            screen.register()
            yield
            yield from self.type(screen._new.form, id_no=number, name=name, phone=PHONES[0], workplace=ANCHOR + "厂", remark=ANCHOR, room="QHY0001 101")
            stop("a person half typed")
            yield from self.save(screen)
        QApplication.clipboard().setText(NUMBERS[0])
        screen.correct(screen.card)
        yield
        yield from self.type(screen._old.form, hukou_addr=ANCHOR + "乡")
        yield from self.save(screen)
        self.window.desk.undo()
        yield

    def _take_in(self) -> Story:
        from ui.intake import IntakePage

        screen = self.show("people")
        page = IntakePage(self.window.desk)
        page.left.connect(screen.back)
        screen.show_page(page, passing=True)
        page.check(self.outside / "登记表.xlsx")
        yield
        stop("a workbook is looked at")
        page.take_in()
        yield
        assert "已导入" in page.told.text(), page.told.text()
        page.save_report(self.outside / "检查结果.xlsx")
        page.leave()
        yield

    def _patrol(self) -> Story:
        screen = self.show("patrols")
        screen.register()
        yield
        texts = {"start": "20:00", "end": "21:00", "people": ANCHOR + "员", "route": ANCHOR + "路", "finding.0.house": "QHY0001", "finding.0.problem": ANCHOR + "堵塞",
                 "finding.0.hazard": "是"}
        yield from self.type(screen._new.form, **texts)
        yield from self.save(screen)
        self.show("hazards")
        yield

    def _find(self) -> Story:
        from PySide6.QtTest import QTest

        search = self.window.search
        for text in (NUMBERS[0], PHONES[0], "dt"):
            search.begin()
            QTest.keyClicks(search, text)
            yield
        search.setText(ANCHOR)
        search.textEdited.emit(ANCHOR)
        yield
        assert ANCHOR in search.answers.item(1).text(), search.answers.item(1).text()
        stop("something is found")
        search._take(search.answers.item(1))
        yield

    def _print(self) -> Story:
        screen = self.show("people")
        screen.print_register()
        yield
        yield
        screen._preview.save(self.outside / "F02.pdf")
        stop("a paper is shown")
        screen._preview.leave()
        yield

    def _hand_over(self) -> Story:
        """A town is made outside; the village pairs with it, gives it a stick and takes in what comes back."""
        from gridapp.exchange import outgoing
        from gridapp.work import people
        from tests.exchange import handing
        from ui import files

        town, stick = handing.a_town(self.outside / "town.grid"), self.inside / "stick"
        self.window.desk.call(lambda ledger: handing.joined(town, ledger, self.outside), acts=True)
        yield
        files.to_folder = lambda *_asked: stick  # type: ignore[assignment]
        screen = self.show("exchange")
        yield
        screen.sticks.choose_folder()
        yield
        screen.out.hand_over()
        yield
        assert list(stick.rglob("*.wsb")), screen.out.result.text()
        handing.take(town, stick)
        person = next(row.id for row in town.ask(people.list_people) if row.name == ANCHOR + "甲")
        town.do_in(handing.SCOPE, people.correct_person, person, workplace=ANCHOR + "镇")
        handing.hand(town, next(r.name for r in outgoing.receivers(town)), stick)
        town.close()
        screen.look_inside()
        yield
        yield
        stop("a parcel is looked at")
        front = screen.currentWidget()
        front.take_in()
        yield
        assert "已接收" in front.told.text(), front.told.text()
        front.leave()
        yield

    def _back_up(self) -> Story:
        screen = self.show("backups")
        yield
        screen.take()
        yield
        screen.send(self.inside / "second")
        yield
        screen.password.setText(PASSWORD)
        screen.drill()
        yield
        assert "用得上" in screen._tried.text(), screen._tried.text()
        stop("backups are taken")

    def _break_down(self) -> Story:
        """Our own bugs, with somebody's data in what they say: in the window, in the worker, in a library, in Qt."""
        from PySide6.QtCore import QTimer, qWarning

        def fail(*_told: Any) -> NoReturn:
            raise ValueError(f"{ANCHOR} {NUMBERS[0]} {PASSWORD}")

        QTimer.singleShot(0, fail)
        yield
        self.window.desk.call(fail)
        yield
        logging.getLogger("openpyxl").warning("cannot read %s", NUMBERS[0])
        qWarning(f"QLabel::setText: {ANCHOR}")
        yield
        stop("the program broke down")

    # -- after it was locked

    def second_life(self) -> Story:
        """The very command again; the draft comes back, and the window is closed."""
        start = self.window.start
        start.password.setText(PASSWORD)
        start.open()
        yield
        yield
        yield
        screen = self.show("people")
        yield
        assert screen._new.form.slots["name"].editor.text() == ANCHOR + "半", "the draft is back"
        stop("begun anew")
        self.window.close()
