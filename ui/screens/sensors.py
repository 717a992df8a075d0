"""设备: detectors and cameras by their numbers, with the place where each hangs and what it told."""

from __future__ import annotations

from typing import Any

from gridapp.fields import codes
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import alarmlists, alarms
from ui.desk import Desk
from ui.forms.alarm import sensor_form
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.alarms import OFTEN, alarm_rows, false_words
from ui.screens.listed import Groups, Listed, Subject, Way


def columns() -> list[Column]:
    kind = codes.table("sensor_kind")
    return [Column(_("设备编号"), lambda r: r.number, 190, strong=True), Column(_("类别"), lambda r: kind.label(r.kind or ""), 130), Column(_("安装位置"), lambda r: r.place),
            Column(_("误报"), lambda r: false_words(r.false_before), 150, pill=lambda r: "yellow" if r.false_before >= OFTEN else "")]


class SensorsScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), alarmlists.count_sensors, alarmlists.list_sensors, alarmlists.sensor_card, facts,
                                       _("{0} {1:,} 台设备"), alarmlists.DEVICES, groups), [
            Action(_("修改"), "pencil", "F2", self.correct, primary=True, calls=alarms.correct_sensor)],
            [Way("plus", _("登记设备（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=alarms.register_sensor)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a device on a page of its own."""
        self.open_card(record_id)

    def register(self) -> None:
        """A new device."""
        self.begin_new(sensor_form(), "sensor", alarms.register_sensor, _("登记智能设备"), {}, "number")

    def correct(self, card: Any) -> None:
        self.begin_correcting(sensor_form(), alarms.correct_sensor, card, _("修改智能设备"))


def groups(card: Any) -> Groups:
    """The further cards of a device's page."""
    at = [(_("房屋、场所"), card.where)] if card.where else []
    return [(_("设备"), at + all_fields(card.record)), (_("最近的告警"), alarm_rows(card.alarms))]


def facts(card: Any) -> Facts:
    """A device beside the list."""
    s = card.record
    rows: list[Row] = [(_("安装位置"), s.place or card.where), (_("厂家"), s.vendor or ""), (_("安装日期"), str(s.installed_on or "")), (_("备注"), s.remark or "")]
    return Facts(s.number, codes.table("sensor_kind").label(s.kind or ""), [], [r for r in rows if r[1]], _("最近的告警"), alarm_rows(card.alarms[:4]), icon="inbox")


def build(desk: Desk, _settings: Settings) -> SensorsScreen:
    return SensorsScreen(desk)
