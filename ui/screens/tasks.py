"""任务: what the town asked the villages to do, until when, and how far they are; a village ticks off, the town sets, changes and calls off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gridapp.exchange import rollcall
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Codes, LongText
from gridapp.records import Task
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import tasks
from ui.desk import Desk
from ui.forms.form import Cell, Form, Section, Told
from ui.forms.form import fields_of as told_of
from ui.forms.page import FormPage
from ui.forms.told import told_text
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import all_fields
from ui.screens.listed import Groups, Listed, Subject, Way
from ui.screens.pages import Pages, days_word

EVERY = "*"
#: records a task may be about → their screens
SCREEN_OF = {"person": "people", "tenancy": "people", "house": "houses", "room": "houses", "patrol": "patrols", "hazard": "hazards"}


@dataclass(frozen=True)
class Villages(Codes):
    """Some villages of the town, or all of them; kept as their scopes joined by commas."""

    scopes: tuple[str, ...] = ()

    def choices(self) -> list[tuple[str, str]]:
        return [(EVERY, _("全部 {0} 个村").format(len(self.scopes))), *((scope, rollcall.place(scope)) for scope in self.scopes)]

    def label(self, code: str) -> str:
        return dict(self.choices()).get(code, code)

    def parse(self, raw: object) -> str | None:
        by_name = {name: code for code, name in self.choices()}
        told = [by_name.get(word, word) for word in str(raw or "").replace("、", ",").split(",") if word]
        return ",".join(self.scopes if EVERY in told else told) or None


def state(row: Any) -> Row:
    """Words and colour of how far it is; a row of the list or a record."""
    if getattr(row, "called_off", False) or getattr(row, "closed_on", None) is not None:
        return _("已撤回"), "grey"
    return (_("已完成"), "green") if row.done_on is not None else (_("待办"), "blue")


def due(row: Any, today: Any) -> Row:
    """Words and colour of its day, while it waits."""
    if row.due_on is None:
        return "", ""
    return days_word((row.due_on - today).days) if state(row)[0] == _("待办") else (str(row.due_on), "")


def columns(desk: Desk) -> list[Column]:
    kind, town = codes.table("task_kind"), desk.scope.startswith("t:")
    village = [Column(_("村"), lambda r: rollcall.place(r.village), 130, rank=0, key="village")] if town else []
    return [Column(_("任务"), lambda r: r.title, strong=True, key="title"), *village, Column(_("类别"), lambda r: kind.label(r.kind or ""), 100, rank=2, key="kind"),
            Column(_("期限"), lambda r: due(r, desk.today)[0], 118, pill=lambda r: due(r, desk.today)[1], key="due"),
            Column(_("下达日期"), lambda r: str(r.set_on), 112, rank=2, key="set"), Column(_("状态"), lambda r: state(r)[0], 92, pill=lambda r: state(r)[1], rank=1, key="state")]


class TasksScreen(Listed):
    """List, detail, record, forms."""

    def __init__(self, desk: Desk) -> None:
        self._town = desk.scope.startswith("t:")
        super().__init__(desk, Subject(
            columns(desk), tasks.count_tasks, tasks.list_tasks, tasks.task_card, lambda card: facts(card, desk.today), N_("{0} {1:,} 项"),
            tasks.FILTERS, groups, arrange=tasks.arrange_tasks), self._actions(),
            [Way("plus", _("下达任务（Ctrl+N）"), self.set_task, "Ctrl+N", primary=True, calls=tasks.set_in_villages)] if self._town else [])

    def _actions(self) -> list[Action]:
        def at(*words: str) -> Any:
            return lambda card: state(card.record)[0] in words

        town = [Action(_("修改"), "pencil", "F2", self.correct, at(_("待办")), calls=tasks.correct_task), Action(_("撤回"), "ban", "F9", self.call_off, at(_("待办")), calls=tasks.call_off)]
        return [Action(_("完成"), "check", "F3", self.tick_off, at(_("待办")), primary=not self._town, calls=tasks.tick_off),
                Action(_("重新办理"), "rotate-ccw", "F7", lambda card: self._do(card, tasks.take_up_again), at(_("已完成")), calls=tasks.take_up_again),
                Action(_("看所指的记录"), "eye", "F4", self.show_subject, lambda card: bool(card.about) and card.record.about in SCREEN_OF),
                *(town if self._town else [])]

    def show_page(self, page: Any, passing: bool = False) -> None:
        """A task says itself which village it is for: its forms open while all are shown too."""
        Pages.show_page(self, page, passing)

    def nothing(self, title: str) -> str:
        """What stands in an empty list."""
        more = _("下达新的请按 Ctrl+N。") if self.ways else "" if self._town else _("镇里下达的任务接收交接包后列在这里。")
        return _("“{0}”里现在没有任务。").format(title) + more

    def open(self, _entity: str, record_id: Any) -> None:
        """Show a task on a page of its own."""
        self.open_card(record_id)

    def _do(self, card: Any, verb: Any, *told: Any, **more: Any) -> Any:
        """In the register of the village the task is for, whichever is looked at."""
        return self.desk.do_in(card.village, verb, card.record.id, *told, **more)

    # -- the village

    def tick_off(self, card: Any) -> None:
        """Done: a word about it, which goes back with the next hand-over."""
        told = {"note": Told("note", LongText(500), _("完成情况"), hint=_("随下一次交接告诉镇里。"))}
        self.task(_("完成任务"), told, [[Cell("note")]], lambda v, then, fail: self._do(card, tasks.tick_off, v["note"], then=then, fail=fail),
                  words=card.record.title)

    def show_subject(self, card: Any) -> None:
        self.go.emit(SCREEN_OF[card.record.about], "open", (card.record.about, card.record.subject))

    # -- the town

    def set_task(self, village: str = "", about: str = "", subject: UUID | None = None, title: str = "") -> None:
        """A new task; for the village that is looked at, or `village`. Only the town sets any."""
        if self._town:
            self.desk.call(lambda ledger: rollcall.villages_in(ledger.scopes()),
                           lambda scopes: self._begin(tuple(scopes), village or self.desk.working or "", about, subject, title))

    def _begin(self, scopes: tuple[str, ...], village: str, about: str, subject: UUID | None, title: str) -> None:
        told = told_of(Task, "title", "kind", "due_on", "text") | {"villages": Told("villages", Villages(scopes=scopes), _("给哪些村"), True)}
        form = Form(told, [Section(_("要做什么"), [[Cell("title", 3), Cell("kind"), Cell("due_on")], [Cell("text")]]),
                           Section(_("给哪些村"), [[Cell("villages")]])])
        page = self.form_page(form, "", lambda values, _next: self._set(page, values, about, subject))
        page.begin(_("下达任务"), {"villages": village or None, "title": title or None}, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus_first()

    def _set(self, page: FormPage, values: dict[str, Any], about: str, subject: UUID | None) -> None:
        chosen = values.pop("villages").split(",")
        if about:
            values |= {"about": about, "subject": subject}

        def done(made: Any) -> None:
            page.done()
            self.say(_("下达任务 {0} 个村").format(len(made)))
            self.back()
            self.refresh()

        self.desk.call(lambda ledger: tasks.set_in_villages(ledger, chosen, **values), done, page.failed, acts=True)

    def correct(self, card: Any) -> None:
        told = told_of(Task, "title", "kind", "due_on", "text")
        form = Form(told, [Section(rollcall.place(card.village), [[Cell("title", 3), Cell("kind"), Cell("due_on")], [Cell("text")]])])
        page = self.form_page(form, "", lambda values, _next: self._do(
            card, tasks.correct_task, then=self.saved(page), fail=page.failed, seen=page.seen, **values))
        page.begin(_("修改任务"), card.record, drafts=False)
        self.show_page(page, passing=True)
        page.form.focus_first()

    def call_off(self, card: Any) -> None:
        self.task(_("撤回任务"), {"why": told_text("why", _("原因"), 100)}, [[Cell("why")]],
                  lambda v, then, fail: self._do(card, tasks.call_off, v["why"], then=then, fail=fail), words=card.record.title)


def groups(card: Any) -> Groups:
    """The further cards of a task's page."""
    about = [(_("所指的记录"), card.about)] if card.about else []
    return [(_("任务"), [(_("村"), rollcall.place(card.village)), *about, *(r for r in all_fields(card.record) if r[0] != ABOUT)])]


ABOUT = fields_of(Task)["about"].label


def facts(card: Any, today: Any) -> Facts:
    """A task beside the list."""
    t, known = card.record, fields_of(Task)
    words, colour = due(t, today)
    pills = [state(t), *([(words, colour)] if colour else [])]
    rows: list[Row] = [(_("村"), rollcall.place(card.village)), (_("类别"), known["kind"].kind.show(t.kind)), (_("期限"), str(t.due_on or "")),
                       (_("要求"), t.text or ""), (_("所指的记录"), card.about), (_("下达"), "  ".join(w for w in (t.set_by, str(t.set_on)) if w)),
                       (_("完成"), "  ".join(w for w in (str(t.done_on or ""), t.done_by, t.done_note) if w)), (_("撤回原因"), t.closed_note or "")]
    return Facts(t.title, "", pills, [r for r in rows if r[1]], icon="clipboard-list")


def build(desk: Desk, _settings: Settings) -> TasksScreen:
    return TasksScreen(desk)
