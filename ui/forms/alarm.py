"""The forms of an alarm (告警): one noted by hand, its verdict, and the device that gave it."""

from __future__ import annotations

from typing import Any

from gridapp.fields.kinds import Clock, LongText
from gridapp.records import Alarm, Sensor
from gridapp.texts import _
from gridapp.work import alarms
from ui.forms.chosen import One
from ui.forms.form import Cell, Form, Section, Told, fields_of
from ui.forms.told import told_day

#: what is typed for a verdict: the word it stands for
VERDICTS = {"1": alarms.REAL, "2": alarms.FALSE, "3": alarms.TEST}


def alarm_form() -> Form:
    """One alarm somebody saw or was told of."""
    told = fields_of(Alarm, "number", "kind", "house", "site", "place", "content") | {
        "day": told_day("day", _("日期")), "clock": Told("clock", Clock(), _("时间"), True)}
    return Form(told, [Section(_("什么时候、哪里响了"), [[Cell("day", 2), Cell("clock"), Cell("number", 3), Cell("kind", 2)], [Cell("house", 3), Cell("site", 3)],
                                                  [Cell("place")], [Cell("content")]])])


def verdict_form(card: Any) -> Form:
    """Real, false or a test by one key; what a real one becomes."""
    told = {"verdict": Told("verdict", One(pairs=tuple((key, f"{key} {_(word)}") for key, word in VERDICTS.items())), _("核实结果"), True, _("按 1、2 或 3")),
            "becomes": Told("becomes", One(pairs=(("1", _("1 转为隐患")), ("2", _("2 转为事件")))), _("真实的，转为"), hint=_("不转就空着")),
            "note": Told("note", LongText(500), _("现场情况"))}
    words = "  ".join(part for part in (card.record.place or "", card.record.number or "", card.record.content or "") if part)
    return Form(told, [Section(words or _("告警"), [[Cell("verdict", 2), Cell("becomes", 2)], [Cell("note")]])])


def verdict_values(values: dict[str, Any]) -> dict[str, Any]:
    """What the form says, as the verb wants it."""
    becomes = {"1": alarms.HAZARD, "2": alarms.EVENT, None: None}[values["becomes"]]
    return {"verdict": alarms.verdict(VERDICTS[values["verdict"]]), "becomes": becomes, "note": values["note"]}


def sensor_form() -> Form:
    """A device and where it hangs."""
    told = fields_of(Sensor, "number", "kind", "house", "site", "place", "vendor", "installed_on", "remark")
    return Form(told, [Section(_("哪台设备，装在哪里"), [[Cell("number", 3), Cell("kind", 2)], [Cell("house", 3), Cell("site", 3)], [Cell("place")],
                                                [Cell("vendor", 3), Cell("installed_on", 2)], [Cell("remark")]])])
