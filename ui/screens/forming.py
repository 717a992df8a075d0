"""A screen that fills in forms of its records: with drafts, with the masked values that may be seen, for one village."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gridapp.work import choosing
from ui.forms.form import Form
from ui.forms.page import FormPage
from ui.revealing import Veil
from ui.screens.pages import Pages


class Forming(Pages):
    """What is new and what is corrected; what was saved is shown by the screen that shows such records."""

    veil: Veil
    #: the next form that is shown takes its draft unasked; some first ask the ledger what they offer
    _resuming = False

    @abstractmethod
    def open_card(self, record_id: UUID) -> None:
        """Show a record on its own page."""

    def show_page(self, page: QWidget, passing: bool = False) -> None:
        """No form is opened where it would be filled in for nothing: somebody must say first for which village."""
        if isinstance(page, FormPage) and choosing.undecided(self.desk.scope, self.desk.working):
            self._resuming = False
            self.desk.tell(choosing.WholeTown())
            QTimer.singleShot(0, self, self.setFocus)  # whoever wanted the form still gives it the keyboard
            return
        if isinstance(page, FormPage):
            page.veil.take_over(self.veil)
            page.wants_draft, self._resuming = self._resuming, False
        super().show_page(page, passing)

    def resume(self) -> None:
        """The form of something new with its draft: the officer has said so already."""
        self._resuming = True
        self.register()  # type: ignore[attr-defined]

    def saved(self, page: FormPage, then: Callable[[Any], None] | None = None) -> Callable[[Any], None]:
        """What to do after a form's act: forget its draft, go on with `then` or back to where it was opened."""
        def done(answer: Any) -> None:
            page.done()
            (then or (lambda _answer: self.back()))(answer)

        return done

    def form_doing(self, form: Form, key: str, verb: Callable[..., Any], *told: Any, then: Callable[[Any], None] | None = None, seen: bool = False,
                   **more: Any) -> FormPage:
        """A page whose values, and `more`, go to a verb by their names; `seen`: what somebody changed meanwhile is not overwritten."""
        def save(values: dict[str, Any], _next: bool) -> None:
            version = {"seen": page.seen} if seen else {}
            self.desk.do(verb, *told, then=self.saved(page, then), fail=page.failed, **values, **more, **version)

        page = self.form_page(form, key, save)
        return page

    def begin_new(self, form: Form, key: str, verb: Callable[..., Any], title: str, given: Mapping[str, Any], first: str = "", **more: Any) -> FormPage:
        """The form of something new, saved by `verb`, whose record is then shown; the keyboard is in the field `first`, else in the first one."""
        page = self.form_doing(form, key, verb, then=lambda done: self.open_card(done.result), **more)
        page.begin(title, dict(given))
        self.show_page(page, passing=True)
        page.form.focus(first) if first else page.form.focus_first()
        return page

    def begin_correcting(self, form: Form, verb: Callable[..., Any], card: Any, title: str) -> FormPage:
        """The form of a record that is there, saved by `verb`."""
        page = self.form_doing(form, f"{card.record.__tablename__} {card.record.id}", verb, card.record.id, seen=True)
        page.begin(title, card.record)
        self.show_page(page, passing=True)
        page.form.focus_first()
        return page
