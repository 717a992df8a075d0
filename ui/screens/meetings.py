"""会议: meetings with how many of their decisions wait, one of them beside the list, and the form that logs one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.printing import press
from gridapp.records import Meeting
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import meetings
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section
from ui.forms.form import fields_of as told_of
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way

PAPER = "F18"


def columns() -> list[Column]:
    kind = codes.table("meeting_kind")
    return [Column(_("日期"), lambda r: str(r.day), 112, strong=True), Column(_("类别"), lambda r: kind.label(r.kind or ""), 96), Column(_("议题"), lambda r: r.topics),
            Column(_("主持人"), lambda r: r.chair, 96, rank=1), Column(_("议定"), lambda r: str(r.decisions or ""), 72),
            Column(_("超期"), lambda r: str(r.late or ""), 72, pill=lambda r: "red" if r.late else "")]


class MeetingsScreen(Listed):
    """List, detail, record, form."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Subject(columns(), meetings.count_meetings, meetings.list_meetings, meetings.meeting_card, lambda card: facts(card, desk.today),
                                       _("{0} {1:,} 次会议"), meetings.FILTERS, groups), [
            Action(_("打印记录"), "printer", "F8", self.print_record, primary=True, calls=press.make),
            Action(_("修改"), "pencil", "F2", self.correct, calls=meetings.correct_meeting)],
            [Way("plus", _("登记会议（Ctrl+N）"), self.register, "Ctrl+N", primary=True, calls=meetings.log_meeting)])

    def open(self, _entity: str, record_id: Any) -> None:
        """Show one meeting on a page of its own."""
        self.open_card(record_id)

    def _form(self) -> Form:
        return Form(told_of(Meeting, "day", "start", "kind", "place", "chair", "recorder", "invited", "came", "present", "topics", "summary", "decisions"), [
            Section(_("什么会"), [[Cell("day"), Cell("start"), Cell("kind"), Cell("place", 2)], [Cell("chair"), Cell("recorder"), Cell("invited"), Cell("came")], [Cell("present")]]),
            Section(_("议了什么"), [[Cell("topics")], [Cell("summary")], [Cell("decisions")]])])

    def register(self) -> None:
        """A new meeting."""
        self.begin_new(self._form(), "meeting", meetings.log_meeting, _("登记会议"), {"day": self.desk.today, "kind": "01"}, "place")

    def correct(self, card: Any) -> None:
        self.begin_correcting(self._form(), meetings.correct_meeting, card, _("修改会议"))

    def print_record(self, card: Any) -> None:
        self.show_paper(PAPER, _("会议记录"), record=card.record.id)


def line_rows(lines: Sequence[Any], today: Any = None) -> list[Row]:
    """Decisions or measures as rows: who and when, what and how far."""
    def when(one: Any) -> str:
        late = _("（已超期）") if today and one.due_on and one.due_on < today and not one.done else ""
        return " ".join(part for part in (one.who, str(one.due_on or "")) if part) + late

    return [(when(one), "  ".join(part for part in (one.what, one.done) if part)) for one in lines]


def groups(card: Any) -> Groups:
    """The further cards of its page."""
    return [(_("会议"), all_fields(card.record)), (_("议定事项"), line_rows(card.decisions))]


def facts(card: Any, today: Any) -> Facts:
    """A meeting beside the list."""
    m, known = card.record, fields_of(Meeting)
    come = f"{m.came if m.came is not None else '—'} / {m.invited if m.invited is not None else '—'}" if m.came is not None or m.invited is not None else ""
    rows: list[Row] = [(_("地点"), m.place or ""), (_("主持人"), m.chair or ""), (_("实到/应到"), come), (_("参加人员"), m.present or ""), (_("内容摘要"), m.summary or "")]
    pills: list[Row] = [(known["kind"].kind.show(m.kind), "blue")] if m.kind else []
    if card.late:
        pills.append((_("{0} 项超期").format(card.late), "red"))
    return Facts(m.topics, str(m.day), pills, [r for r in rows if r[1]], _("议定事项"), line_rows(card.decisions[:5], today), icon="users")


def build(desk: Desk, _settings: Settings) -> MeetingsScreen:
    return MeetingsScreen(desk)
