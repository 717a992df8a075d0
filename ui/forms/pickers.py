"""Pickers: what the link editors of a form find while somebody types, asked through the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.desk import Desk
from ui.forms.editors import LinkEditor
from ui.forms.form import Form


def _questions() -> dict[str, Callable[..., Any]]:
    """Table pointed at → question (read, text) -> [(id, label)]."""
    from gridapp.work import houses

    return {"room": houses.rooms_matching, "house": houses.houses_matching}


def connect(form: Form, desk: Desk) -> Form:
    """Give every link editor of the form its finder."""
    questions = _questions()
    for name, slot in form.slots.items():
        editor = slot.editor
        if isinstance(editor, LinkEditor) and editor.kind.to in questions:
            question = questions[editor.kind.to]
            editor.finder = lambda text, came, q=question, lane=f"find {id(form)} {name}": desk.ask(q, text, then=came, lane=lane)
    return form
