"""A card that was read, on the screen of people: it fills the form in front, finds who is registered with it, or begins a registration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gridapp.texts import _
from gridapp.work import people
from ui.forms import fromcard
from ui.forms.page import FormPage
from ui.forms.person import PersonForm

if TYPE_CHECKING:
    from gridapp.devices.idreader.cards import Card
    from ui.screens.listed import Listed


def take(screen: Listed, card: Card, new: FormPage, old: FormPage | None, begin: Callable[[], object]) -> None:
    """`new`, `old`: the pages that register and correct a person; `begin` shows the first of them, empty."""
    page = screen.currentWidget()
    if page is new:
        _register(screen, new, card)
    elif page is old and old is not None:
        _correct(screen, old, card)
    elif screen.filling:
        screen.desk.reader.say(_("这张表还没有填完，卡上的内容没有填进去。请先保存或取消，再放一次卡。"))
    else:
        screen.desk.ask(people.known_by, card.id_no, then=lambda known: _found(screen, card, known, new, begin), lane="known")


def _found(screen: Listed, card: Card, known: Any, new: FormPage, begin: Callable[[], object]) -> None:
    """Somebody who is registered is shown; anybody else is registered now."""
    if screen.filling:  # a form was opened while it was looked up
        return
    if known is None:
        begin()
        _fill(screen, new, card)
        return
    screen.open_card(known.record.id)
    if card.expired(screen.desk.today):
        screen.desk.reader.say(_("“{0}”的证件已于 {1} 到期，请提醒换证。").format(known.record.name, card.until))


def _register(screen: Listed, page: FormPage, card: Card) -> None:
    form = _form(page)
    if form.editor("id_no").text() in ("", card.id_no):
        _fill(screen, page, card)
        return

    def change() -> None:
        page.begin(page.title.text(), form.carried(("room", "start")), drafts=False)
        _fill(screen, page, card)

    page.say(_("表里已经填着另一个人。换成这张卡，没有保存的内容就不要了（房间、入住日期留着）。"), _("换成这张卡"), change, _("不换，继续填写"))


def _correct(screen: Listed, page: FormPage, card: Card) -> None:
    form = _form(page)
    if form.slots["id_no"].locked:
        page.say(_("证件号码遮着，不知道卡是不是这个人的，没有填。请先显示号码，再放一次卡。"), "", lambda: None, _("知道了"))
    elif form.editor("id_no").text() in ("", card.id_no):
        _fill(screen, page, card)
    else:
        page.say(_("卡上的号码和这个人登记的不一样，没有填。要登记卡上的人，请先保存或取消这张表。"), "", lambda: None, _("知道了"))


def _form(page: FormPage) -> PersonForm:
    assert isinstance(page.form, PersonForm)
    return page.form


def _fill(screen: Listed, page: FormPage, card: Card) -> None:
    """Filled in, the keyboard goes to what must be typed again, else to what the card does not tell."""
    form = _form(page)
    form.focus(fromcard.fill(form, card, screen.desk.today) or ("room" if "room" in form.slots else "phone"))
