"""A screen is a list with pages that come in front of it: forms, a record, a print preview; Esc leads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from gridapp.errors import Mark, Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.flow import Flow
from ui.forms import pickers
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.page import FormPage, Save
from ui.forms.told import told_day
from ui.preview import Preview
from ui.screens import SCREENS
from ui.stack import Stack
from ui.widgets import button, card

Run = Callable[[dict[str, Any], Callable[[Any], None], Callable[[Sorted], None]], object]


class Pages(Stack):
    """The stack of one screen; subclasses give it a home."""

    #: another screen's key, the name of one of its methods ('' for none) and what it is called with
    go = Signal(str, str, tuple)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.home: QWidget | None = None
        self._preview: Preview | None = None
        self._passing: QWidget | None = None
        #: the page of one record, to which its forms and papers lead back
        self.standing: QWidget | None = None
        self._behind: QWidget | None = None
        #: key of the screen that sent us here; leaving leads back there
        self.came_from = ""
        self._begun = False

    def reaches(self, key: str) -> bool:
        """Whether whoever sits here may go to this screen."""
        return any(entry.key == key and self.desk.may(entry.permits) for entry in SCREENS)

    def set_home(self, home: QWidget) -> None:
        self.home = home
        self.addWidget(home)

    def form_page(self, form: Form, key: str, save: Save, *, next_text: str = "",
                  before: Callable[[dict[str, Any]], Sequence[Mark]] | None = None) -> FormPage:
        """A page for a form, part of this stack from the beginning (without a parent it would outlive the window)."""
        page = FormPage(self.desk, pickers.connect(form, self.desk), key, save, next_text=next_text, before=before)
        page.left.connect(self.back)
        self.addWidget(page)
        return page

    def show_page(self, page: QWidget, passing: bool = False) -> None:
        """Put a page in front; a passing one is forgotten when left."""
        if page is not self.currentWidget():
            self._behind = self.currentWidget() if page is not self.standing else None
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self.setCurrentWidget(page)
        # the keys of a page work while the keyboard is on it
        page.form.focus_first() if isinstance(page, FormPage) else page.setFocus()
        if passing:
            self._passing = page

    def back(self) -> None:
        """Show what is behind the page in front: the record it is about, else the list, else the screen one came from."""
        assert self.home is not None
        there = self.standing if self._behind is not None and self._behind is self.standing else self.home
        self._behind = None
        self.setCurrentWidget(there)
        there.setFocus()
        if self._passing is not None:
            self.removeWidget(self._passing)
            self._passing.deleteLater()
            self._passing = None
        if there is self.home and self.came_from:
            key, self.came_from = self.came_from, ""
            self.go.emit(key, "", ())

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard goes to the page in front, where it was."""
        page = self.currentWidget()
        if page is not None:
            inside = page.focusWidget() if self._begun else None  # at first the stack has given it to the first button
            self._begun = True
            (inside if inside is not None and inside is not page else page).setFocus(reason)

    @property
    def filling(self) -> bool:
        """Whether a form is in front."""
        return isinstance(self.currentWidget(), FormPage)

    def keep_now(self) -> None:
        """The window closes: half-filled forms become drafts."""
        for page in self.findChildren(FormPage):
            page.keep_now()

    def refresh(self) -> None:
        """Ask the desk anew; called when the screen is shown and when records were touched."""

    def open(self, _entity: str, _record_id: Any) -> None:
        """Show one record (from the search box or another screen)."""

    # -- pages every screen may show

    def task(self, title: str, told: Mapping[str, Told], rows: Sequence[Sequence[Any]], run: Run, *,
             given: Any = None, words: str = "", then: Callable[[Any], object] | None = None) -> FormPage:
        """A short form for one verb (a day, a reason); `run(values, then, fail)` starts the act, `words` say what it is about."""
        def save(values: dict[str, Any], _next: bool) -> None:
            def done(answer: Any) -> None:
                page.done()
                self.back()
                if then is not None:
                    then(answer)

            run(values, done, page.failed)

        page = self.form_page(Form(told, [Section(words or title, rows)]), "", save)
        page.begin(title, given or {}, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus_first()
        return page

    def show_paper(self, number: str, title: str, **wish: Any) -> Preview:
        """Print preview in front of the list; `wish` as for printing.make: house, record, since, until."""
        preview = self._shown_preview()
        preview.show_paper(number, title, **wish)
        return preview

    def show_period(self, number: str, title: str, words: str, since: date | None = None) -> None:
        """The same of a paper about a period, which is asked for first; the year (or `since`) until today is proposed, other periods have keys."""
        told = {"since": told_day("since", _("从")), "until": told_day("until", _("到"))}

        def made(values: dict[str, Any], then: Callable[[Any], None], _fail: Callable[[Sorted], None]) -> None:
            then(values)

        page = self.task(title, told, [[Cell("since"), Cell("until")]], made, given={"since": since or self.desk.today.replace(month=1, day=1), "until": self.desk.today},
                  words=words, then=lambda wish: self.show_paper(number, title, **wish))
        page.form.add_widget(period_keys(page.form, self.desk.today))

    def show_made(self, number: str, title: str, make: Callable[[Any, Any], bytes]) -> Preview:
        """The same of a paper that is made another way."""
        preview = self._shown_preview()
        preview.show_made(number, title, make)
        return preview

    def _shown_preview(self) -> Preview:
        if self._preview is None:
            self._preview = Preview(self.desk)
            self._preview.closed.connect(self.back)
        self.show_page(self._preview)
        return self._preview

    def say(self, text: str) -> None:
        """A short word for the status pill."""
        self.desk.saved.emit(text)


def period_keys(form: Form, today: date) -> QFrame:
    """Keys that fill in from which day to which: the running month, quarter, year, and those before; nothing lies after today."""
    from gridapp.work import figures

    def fill(window: figures.Window) -> None:
        form.editor("since").set_text(str(window.first))
        form.editor("until").set_text(str(min(window.last, today)))

    month, quarter, year = (figures.of(kind, today) for kind in (figures.MONTH, figures.QUARTER, figures.YEAR))
    offered = ((_("本月"), month), (_("本季"), quarter), (_("今年"), year), (_("上月"), month.before), (_("上季"), quarter.before), (_("去年"), year.before))
    made, inside = card(_("常用的时间"))
    keys = Flow(*(button(_("{0}（Alt+{1}）").format(words, number), partial(fill, window), role="tight", key=f"Alt+{number}")
                  for number, (words, window) in enumerate(offered, 1)))
    inside.addLayout(keys)
    return made


def days_word(left: int) -> tuple[str, str]:
    """('逾期 3 天', 'red'), ('今天到期', 'yellow'), ('还有 2 天', 'blue'): words and colour of a date that is due."""
    if left < 0:
        return _("逾期 {0} 天").format(-left), "red"
    return (_("今天到期"), "yellow") if left == 0 else (_("还有 {0} 天").format(left), "yellow" if left <= 3 else "blue")
