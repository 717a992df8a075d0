"""What an ID card fills into the form of a person, and what must be looked at then: expired, characters of old cards, no Chinese name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from gridapp.devices.idreader.cards import Card, private_characters
from gridapp.errors import Mark
from gridapp.fields import names
from gridapp.fields.idnumber import HMT_RESIDENT
from gridapp.texts import _
from ui.forms.form import Slot


class Fillable(Protocol):
    """The form of a person, as far as a card knows it."""

    slots: dict[str, Slot]

    def take(self, values: Mapping[str, Any]) -> None:
        """Fill in what a card says as if it was typed."""


def values_of(card: Card) -> dict[str, Any]:
    """The fields a card tells. The last day of an identity card has no field; that of a residence permit (港澳台居民居住证) has."""
    told: dict[str, Any] = {"id_kind": card.id_kind, "id_no": card.id_no, "name": card.name or card.foreign_name, "foreign_name": card.foreign_name, "sex": card.sex,
            "birth": card.birth, "ethnic": card.ethnic, "hukou_addr": card.address, "nationality": card.nationality}
    if card.id_kind == HMT_RESIDENT:
        told |= {"permit": True, "permit_no": card.id_no, "permit_until": card.until}
    return {name: value for name, value in told.items() if value}


def fill(form: Fillable, card: Card, today: date) -> str:
    """Fill the form as if it was typed, and mark what must be looked at; the field that must be typed again, '' where there is none."""
    form.take(values_of(card))
    if card.expired(today):
        form.slots["id_kind"].show_mark("warn", _("证件已于 {0} 到期，请提醒换证。").format(card.until))
    again = [*(m for m in names.check(card.name) if m.code == "private-character"), *retype(card.address)]
    for mark in again:
        form.slots[mark.field or "name"].show_mark(mark.level, mark.text)
    if not card.name:
        form.slots["name"].show_mark("note", _("卡上没有中文姓名，先填了外文姓名，请核对。"))
    return next((mark.field or "" for mark in again), "")


def retype(address: str | None) -> list[Mark]:
    """Characters of an address that other PCs cannot show: to be typed again, by their codes. Those of a name the record itself tells."""
    codes = private_characters(address or "")
    return [Mark("hukou_addr", "warn", "private-character", _("有自造字（{0}），别的电脑认不出。请看着证件，用输入法重新输入。").format("、".join(codes)))] if codes else []
