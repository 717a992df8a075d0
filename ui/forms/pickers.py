"""Pickers: what the link editors of a form find while somebody types, asked through the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ui.desk import Desk
from ui.forms.form import Form
from ui.forms.links import Finder, LinkEditor

F = TypeVar("F", bound=Form)


def _questions() -> dict[str, Callable[..., Any]]:
    """Table pointed at → question (read, text) -> [(id, label)]."""
    from gridapp.work import houses, routes, sites

    return {"room": houses.rooms_matching, "house": houses.houses_matching, "site": sites.sites_matching,
            "route": routes.routes_matching}


def _finder(desk: Desk, question: Callable[..., Any], lane: str) -> Finder:
    def find(text: str, came: Callable[[list[tuple[Any, str]]], None]) -> None:
        desk.ask(question, text, then=came, lane=lane)

    return find


def _namer(desk: Desk, entity: str, lane: str) -> Callable[[Any, Callable[[str], None]], object]:
    from gridapp.work import naming

    return lambda record, came: desk.ask(naming.words_of, entity, record, then=came, lane=lane)


def connect(form: F, desk: Desk) -> F:
    """Give every link editor of the form its finder, and what names a record of which it is told the id."""
    questions = _questions()
    for name, slot in form.slots.items():
        editor = slot.editor
        if not isinstance(editor, LinkEditor):
            continue
        if editor.kind.to:
            editor.namer = _namer(desk, editor.kind.to, f"name {id(form)} {name}")
        if editor.kind.to in questions:
            editor.finder = _finder(desk, questions[editor.kind.to], f"find {id(form)} {name}")
    return form
