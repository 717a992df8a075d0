"""告警: what detectors and cameras told: by hand or from a maker's file, judged by one key, real ones become a hazard or an event."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from gridapp.fields import codes
from gridapp.fields.kinds import Moment
from gridapp.ledger import Ledger
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import alarmlists, alarms
from ui import files, messages
from ui.desk import Desk
from ui.forms.alarm import alarm_form, sensor_form, verdict_form, verdict_values
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.alarms_post import PostLine, UnreadPage
from ui.screens.listed import Groups, Listed, Subject, Way

COLOURS = {"01": "red", "02": "grey", "03": "grey"}
#: false ones of one device from which it is told in colour
OFTEN = 3
#: so many numbers and lines of a file are named
NAMED = 5


def when(at: Any) -> str:
    return Moment().show(at)


def judged(code: str | None) -> Row:
    """Words and colour of a verdict."""
    return (codes.table("alarm_verdict").label(code), COLOURS.get(code, "grey")) if code else (_("待核实"), "blue")


def false_words(count: int) -> str:
    return _("90 天内误报 {0} 次").format(count) if count else ""


def columns() -> list[Column]:
    kind = codes.table("alarm_kind")
    return [Column(_("时间"), lambda r: when(r.at), 150, strong=True, key="at"), Column(_("地点"), lambda r: r.place, key="place"), Column(_("类别"), lambda r: kind.label(r.kind or ""), 100, key="kind"),
            Column(_("设备编号"), lambda r: r.number, 150, rank=2, key="number"), Column(_("内容"), lambda r: r.content, rank=1, key="content"),
            Column(_("同一设备"), lambda r: false_words(r.false_before), 150, pill=lambda r: "yellow" if r.false_before >= OFTEN else "", rank=1, why=_("同一设备的误报次数每天在变，只给看得到的几行算；请按设备编号排序。")),
            Column(_("核实结果"), lambda r: judged(r.verdict)[0], 92, pill=lambda r: judged(r.verdict)[1], key="verdict")]


class AlarmsScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), alarmlists.count_alarms, alarmlists.list_alarms, alarmlists.alarm_card, facts,
                                       _("{0} {1:,} 条"), alarmlists.FILTERS, groups, arrange=alarmlists.arrange_alarms), [
            Action(_("核实"), "check", "F3", self.judge, lambda card: not card.became[0], primary=True, calls=alarms.judge_alarm),
            Action(_("登记设备"), "plus", "F4", self.register_sensor, lambda card: card.sensor is None and bool(card.record.number), calls=alarms.register_sensor),
            Action(_("看结果"), "eye", "F7", self.show_became, lambda card: bool(card.became[0]))],
            [Way("file-up", _("收进文件（Ctrl+O）"), self.choose_file, "Ctrl+O", calls=alarms.take_in_alarms),
             Way("inbox", _("设备（Ctrl+D）"), lambda: self.go.emit("sensors", "", ()), "Ctrl+D", calls=alarmlists.list_sensors),
             Way("plus", _("登记告警（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=alarms.register_alarm)])
        self.post = PostLine(desk, self.show_unread)
        self.list.stand_over(self.post)
        self.post.show_state()

    def open(self, _entity: str, record_id: Any) -> None:
        """Show an alarm on a page of its own."""
        self.open_card(record_id)

    def register(self) -> None:
        """One by hand."""
        self.begin_new(alarm_form(), "alarm", alarms.register_alarm, _("登记告警"), {"day": self.desk.today}, "clock")

    def register_sensor(self, card: Any) -> None:
        """The device that gave this one; its other alarms get its place, too."""
        form = sensor_form()
        page = self.form_doing(form, f"sensor {card.record.number}", alarms.register_sensor)
        page.begin(_("登记智能设备"), {"number": card.record.number, "place": card.record.place})
        self.show_page(page, passing=True)
        page.form.focus("kind")

    def judge(self, card: Any) -> None:
        page = self.form_page(verdict_form(card), f"verdict {card.record.id}", lambda v, _next: self.desk.do(
            alarms.judge_alarm, card.record.id, **verdict_values(v), then=self.saved(page), fail=page.failed))
        page.begin(_("核实告警"), {"note": card.record.note})
        self.show_page(page, passing=True)
        page.form.focus("verdict")

    def show_became(self, card: Any) -> None:
        kind = card.became[0]
        self.go.emit(f"{kind}s", "open", (kind, getattr(card.record, kind)))

    def show_unread(self) -> None:
        """The messages that could not be read, whole."""
        page = UnreadPage(self.desk)
        page.left.connect(self.back)
        self.show_page(page, passing=True)
        page.refresh()

    # -- a maker's file

    def choose_file(self) -> None:
        """Choose a file; what it would bring is told before anything is written."""
        path = files.to_read(self, _("选择厂家导出的告警文件"), _("表格 (*.xlsx *.xls *.csv)"))
        if path is not None:
            self.look_into(path)

    def look_into(self, path: Path) -> None:
        self.desk.call(partial(_read, path), partial(self._weighed, path.name))

    def _weighed(self, name: str, told: Any) -> None:
        weighed, refused = told
        words = summary(name, weighed, refused)
        if not weighed.new:
            messages.inform(words)
        elif messages.ask(words, _("收进"), _("不收")):
            self.desk.do(alarms.take_in_alarms, weighed.new, then=lambda _done: self.choose(alarmlists.OPEN))


def _read(path: Path, ledger: Ledger) -> tuple[alarms.Weighed, Any]:
    from gridapp.spreadsheet import alarmfile

    found = alarmfile.read_alarms(path)
    return ledger.ask(alarms.weigh_alarms, found.told), found.refused


def summary(name: str, weighed: alarms.Weighed, refused: Any) -> str:
    """What a file would bring, in words; lines that cannot be read and devices nobody registered are named."""
    lines = [_("“{0}”：新告警 {1} 条，已经有的 {2} 条。").format(name, len(weighed.new), weighed.there)]
    if weighed.unknown:
        named = "、".join(weighed.unknown[:NAMED])
        lines.append(_("有 {0} 台设备没有登记：{1}{2}。告警照样收进，登记设备后会自动补上地点。").format(
            len(weighed.unknown), named, _("等") if len(weighed.unknown) > NAMED else ""))
    if refused:
        named = "；".join(_("第 {0} 行：{1}").format(line, why) for line, why in refused[:NAMED])
        lines.append(_("有 {0} 行看不懂，没有收：{1}。改好文件再收一次，已收的不会重复。").format(len(refused), named))
    return "\n".join(lines)


def alarm_rows(told: Any) -> list[Row]:
    """Alarms of one device, a line each."""
    kind = codes.table("alarm_kind")
    return [(when(a.at), "  ".join(part for part in (kind.label(a.kind or ""), judged(a.verdict)[0], a.note or a.content or "") if part)) for a in told]


def groups(card: Any) -> Groups:
    """The further cards of an alarm's page."""
    at = [(_("房屋、场所"), card.where)] if card.where else []
    sensor = all_fields(card.sensor) if card.sensor is not None else []
    return [(_("告警"), at + all_fields(card.record)), (_("设备"), sensor), (_("这台设备别的告警"), alarm_rows(card.others))]


def facts(card: Any) -> Facts:
    """An alarm beside the list."""
    a = card.record
    pills: list[Row] = [judged(a.verdict)]
    if card.false_before:
        pills.append((false_words(card.false_before), "yellow" if card.false_before >= OFTEN else "grey"))
    unknown = _("编号 {0} 没有登记，按 F4 登记").format(a.number) if a.number and card.sensor is None else ""
    rows: list[Row] = [(_("地点"), a.place or card.where), (_("设备"), card.sensor.label() if card.sensor is not None else unknown), (_("内容"), a.content or ""),
                       (_("核实"), "  ".join(str(w) for w in (a.judged_on, a.judged_by, a.note) if w)), (_("转为"), card.became[1])]
    return Facts(codes.table("alarm_kind").label(a.kind or "") or _("告警"), when(a.at), pills, [r for r in rows if r[1]], _("这台设备别的告警"), alarm_rows(card.others[:4]),
                 icon="triangle-alert")


def build(desk: Desk, _settings: Settings) -> AlarmsScreen:
    return AlarmsScreen(desk)
