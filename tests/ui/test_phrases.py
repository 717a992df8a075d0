"""Wordings while a hazard is typed: letters and Enter, ↓ and Enter, F4; whoever writes their own sentence is not disturbed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.fields import codes, phrases
from ui.forms.hazard import HazardForm

Key = Qt.Key
FLYING = "从楼上拉线充电（飞线充电）"


@pytest.fixture
def form(busy: Any) -> HazardForm:
    """The form of a new hazard; the keyboard is in its content."""
    busy.show("hazards")
    busy.press(Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    made: HazardForm = busy.window.screens["hazards"].currentWidget().form
    made.focus("content")
    busy.settle()
    return made


def typed(office: Any, form: HazardForm, text: str) -> None:
    """Letters by the keyboard, words as an input method brings them."""
    for character in text:
        if character.isascii():
            office.press(Key(ord(character.upper())), widget=form.phrases.area)
        else:
            form.phrases.area.insertPlainText(character)
    office.settle()


def offered(form: HazardForm) -> list[str]:
    shown = form.phrases
    return [shown.list.item(n).text() for n in range(shown.list.count())] if shown.panel.isVisible() else []


def content(form: HazardForm) -> str:
    return form.editor("content").text()


def chosen_kind(form: HazardForm) -> str:
    return codes.table("hazard_kind").label(form.editor("kind").value() or "")


def test_letters_and_enter_put_one_in_and_its_kind(busy: Any, form: HazardForm) -> None:
    typed(busy, form, "fxcd")
    assert offered(form) == [FLYING]
    busy.press(Key.Key_Return)
    assert content(form) == FLYING and offered(form) == [] and chosen_kind(form) == "电动车（非标车）"
    busy.press(Key.Key_Return)
    assert busy.window.focusWidget() is form.editor("degree").target, "Enter goes on as everywhere"


def test_only_those_of_the_chosen_kind_are_offered_and_the_kind_stays(busy: Any, form: HazardForm) -> None:
    form.editor("kind").set_value(codes.table("hazard_kind").find("燃气"))
    busy.press(Key.Key_F4)
    assert offered(form) == [p.words for p in phrases.offered(codes.table("hazard_kind").find("燃气"))] and len(offered(form)) > 3
    busy.press(Key.Key_Down)
    busy.press(Key.Key_Return)
    assert content(form) == phrases.offered(codes.table("hazard_kind").find("燃气"))[1].words and chosen_kind(form) == "燃气"


def test_a_kind_that_cannot_be_read_is_left_to_be_put_right(busy: Any, form: HazardForm) -> None:
    form.editor("kind").set_text("没有这一类")
    typed(busy, form, "fxcd")
    busy.press(Key.Key_Return)
    assert (content(form), form.editor("kind").text()) == (FLYING, "没有这一类")


def test_words_offer_but_enter_goes_on_unless_one_was_chosen(busy: Any, form: HazardForm) -> None:
    typed(busy, form, "安全帽")
    assert offered(form) == ["施工人员未戴安全帽、未系安全带"]
    busy.press(Key.Key_Return)
    assert content(form) == "安全帽" and offered(form) == [] and busy.window.focusWidget() is form.editor("degree").target
    form.focus("content")
    busy.press(Key.Key_F4)
    busy.press(Key.Key_Return)
    assert content(form) == "施工人员未戴安全帽、未系安全带"


def test_a_second_one_is_put_behind_the_first(busy: Any, form: HazardForm) -> None:
    typed(busy, form, "一楼灭火器过期；飞线")
    busy.press(Key.Key_Down)
    busy.press(Key.Key_Return)
    assert content(form) == f"一楼灭火器过期；{FLYING}"


def test_f4_behind_words_of_ones_own_shows_all_and_leaves_them(busy: Any, form: HazardForm) -> None:
    typed(busy, form, "狗没有拴")
    assert offered(form) == []
    busy.press(Key.Key_F4)
    first = offered(form)[0]
    busy.press(Key.Key_Return)
    assert content(form) == f"狗没有拴{first}"


def test_escape_closes_the_list_and_not_the_form(busy: Any, form: HazardForm) -> None:
    busy.press(Key.Key_Down)
    assert len(offered(form)) == len(phrases.offered(None))
    busy.press(Key.Key_Escape)
    assert offered(form) == [] and form.isVisible()
    busy.press(Key.Key_Escape)
    assert not form.isVisible()


def test_the_list_goes_with_the_field_and_stays_in_the_window(busy: Any, form: HazardForm) -> None:
    typed(busy, form, "通道")
    panel = form.phrases.panel
    assert panel.isVisible() and busy.window.rect().contains(panel.geometry())
    form.focus("place")
    busy.settle()
    assert not panel.isVisible()


def test_what_is_put_in_is_kept_as_a_draft_and_saved(busy: Any, form: HazardForm) -> None:
    screen = busy.window.screens["hazards"]
    typed(busy, form, "fxcd")
    busy.press(Key.Key_Return)
    screen.currentWidget().keep_now()
    busy.settle()
    assert [d.values["content"] for d in busy.desk.ledger.drafts() if d.form == "hazard"] == [FLYING]
    busy.type(form, place="后街5号")
    busy.press(Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert screen.card.record.content == FLYING and not busy.told
