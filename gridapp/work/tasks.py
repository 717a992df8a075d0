"""Tasks (任务单): the town sets one for a village, the village ticks it off with a note, the town sees how far everybody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import LOOK, MANAGE, PLAIN, REGISTER, REVIEW, Acting, Ledger, Reader, gated, needs, verb
from gridapp.ledger.writes import scope_names
from gridapp.records import BY_NAME, Officer, Task
from gridapp.texts import N_, _
from gridapp.work import ordering


class WrongStep(Mistake):
    """Ticked off already, called off, or not done yet."""

    def __init__(self, task: Task) -> None:
        now = _("已撤回") if task.closed_on else _("已完成") if task.done_on else _("还没有完成")
        super().__init__(_("任务“{0}”现在{1}，不能办理这一步。请刷新后再看。").format(task.title, now))


class TownSets(Mistake):
    """A village's PC sets nobody tasks."""

    def __init__(self) -> None:
        super().__init__(_("任务由镇里下达，村里的电脑只办理。"))


class NoVillage(Mistake):
    """A task for nobody, or for a village that is none of the town's."""

    def __init__(self, code: str = "") -> None:
        super().__init__(_("本镇没有 {0} 这个村的台账，请核对村代码。").format(code) if code else _("请至少选一个村。"))


def _name(read: Reader) -> str | None:
    found: str | None = read.scalar(sa.select(Officer.name).where(Officer.number == read.officer))
    return found


def _must(task: Task, *, done: bool) -> None:
    if task.closed_on is not None or (task.done_on is not None) is not done:
        raise WrongStep(task)


# ---------------------------------------------------------------- verbs

@verb(N_("下达任务"), REVIEW, MANAGE)
def set_task(act: Acting, **values: Any) -> UUID:
    """A task for the village whose register is acted in. Raises Refused."""
    return act.add(Task(**{"set_on": act.today, "set_by": _name(act)} | values)).id


@verb(N_("修改任务"), REVIEW, MANAGE)
def correct_task(act: Acting, task_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is asked, or until when. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Task, task_id), seen=seen, **values).id


@verb(N_("完成任务"), REGISTER)
def tick_off(act: Acting, task_id: UUID, note: str | None = None, day: date | None = None) -> UUID:
    """Done, today or on `day`, by whoever sits here. Raises Gone, WrongStep."""
    task = act.get(Task, task_id)
    _must(task, done=False)
    return act.change(task, done_on=day or act.today, done_note=note, done_by=_name(act)).id


@verb(N_("任务重新办理"), REGISTER)
def take_up_again(act: Acting, task_id: UUID) -> UUID:
    """Not done after all. Raises Gone, WrongStep."""
    task = act.get(Task, task_id)
    _must(task, done=True)
    return act.change(task, done_on=None, done_note=None, done_by=None).id


@verb(N_("撤回任务"), REVIEW, MANAGE)
def call_off(act: Acting, task_id: UUID, why: str | None = None) -> UUID:
    """Nobody need do it any more; it stays in the list of all. Raises Gone, WrongStep."""
    task = act.get(Task, task_id)
    _must(task, done=False)
    return act.change(task, closed_on=act.today, closed_note=why).id


@gated(REVIEW, MANAGE)
def set_in_villages(ledger: Ledger, scopes: Iterable[str], **values: Any) -> dict[str, UUID]:
    """The same task for several villages, an act in each register; returns its ids by village. Raises TownSets, NoVillage, Refused."""
    if not ledger.scope.startswith("t:"):
        raise TownSets
    chosen, held = list(dict.fromkeys(scopes)), set(ledger.scopes())
    unknown = [scope[2:] for scope in chosen if scope not in held]
    if unknown or not chosen:
        raise NoVillage(*unknown[:1])
    return {scope: ledger.do_in(scope, set_task, **values).result for scope in chosen}


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class TaskRow:
    """One line of the list; `village` is the name of its scope."""

    id: UUID
    title: str
    kind: str | None
    due_on: date | None
    set_on: date
    done_on: date | None
    called_off: bool
    village: str


OPEN, OVERDUE, DONE, ALL = "open", "overdue", "done", "all"
FILTERS = {OPEN: N_("待办"), OVERDUE: N_("已逾期"), DONE: N_("已完成"), ALL: N_("全部")}


def _condition(today: date, which: str) -> sa.ColumnElement[bool]:
    waits = sa.and_(Task.done_on.is_(None), Task.closed_on.is_(None))
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: waits, OVERDUE: sa.and_(waits, Task.due_on < today), DONE: sa.and_(Task.done_on.is_not(None), Task.closed_on.is_(None)),
        ALL: sa.true()}
    return sa.and_(Task.deleted.is_not(True), conditions[which])


@needs(PLAIN)
def count_tasks(read: Reader) -> dict[str, int]:
    """How many tasks each filter shows."""
    return {which: read.scalar(sa.select(sa.func.count()).select_from(Task).where(_condition(read.today, which))) for which in FILTERS}


#: what the list is sorted by
KEYS: ordering.Keys = {"title": (Task.title,), "kind": (ordering.by_code("task_kind", Task.kind),), "due": (Task.due_on,), "set": (Task.set_on,), "village": (Task.scope,),
                       "state": (sa.case((Task.closed_on.is_not(None), 2), (Task.done_on.is_not(None), 1), else_=0),)}


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Task.done_on.is_not(None), Task.done_on.desc(), Task.due_on.is_(None), Task.due_on, Task.seq.desc()), Task.seq)


@needs(LOOK)
def list_tasks(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[TaskRow]:
    """A page of tasks, the most pressing first; of those done the newest; or sorted; `seqs` are the row numbers of a page far down."""
    asked = sa.select(Task.seq, Task.id, Task.title, Task.kind, Task.due_on, Task.set_on, Task.done_on, Task.closed_on, Task.scope).where(_condition(read.today, which))
    rows = ordering.page(asked, read, Task.seq, _order(sort), offset, limit, seqs)
    names = scope_names(read)
    return [TaskRow(t.id, t.title, t.kind, t.due_on, t.set_on, t.done_on, t.closed_on is not None, names.get(t.scope, ""))
            for t in rows]


@needs(LOOK)
def arrange_tasks(read: Reader, which: str = OPEN, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Task).where(_condition(read.today, which)), read, Task.seq, _order(sort))


@dataclass(frozen=True)
class TaskCard:
    """A task, the record it is about in words ('' for none), and the name of its village's scope; the record is detached."""

    record: Task
    about: str
    village: str


@needs(LOOK)
def task_card(read: Reader, task_id: UUID) -> TaskCard:
    """Everything about one task. Raises Gone."""
    task = read.get(Task, task_id)
    entity = BY_NAME.get(task.about or "")
    subject = read.find(entity, task.subject) if entity is not None else None
    return TaskCard(task, subject.label() if subject is not None else "", scope_names(read).get(task.scope, ""))


@dataclass(frozen=True)
class Standing:
    """How far a village is with its tasks; the overdue ones are among the open."""

    open: int = 0
    overdue: int = 0
    done: int = 0


@needs(LOOK)
def by_village(read: Reader) -> dict[str, Standing]:
    """{name of the scope: how far it is}, for those that have tasks."""
    counted = [sa.func.count(sa.case((_condition(read.today, which), 1))) for which in (OPEN, OVERDUE, DONE)]
    names = scope_names(read)
    return {names[scope]: Standing(*counts) for scope, *counts in read.rows(sa.select(Task.scope, *counted).group_by(Task.scope)) if scope in names}
