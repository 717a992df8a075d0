"""What changes in a household (户), from the card of one of its people: another head, split, merge, birth, death."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gridapp.fields.kinds import Code, Link
from gridapp.records import Person
from gridapp.texts import _
from gridapp.work import households, kinship
from ui.forms.chosen import Chosen, One
from ui.forms.form import Cell, Told
from ui.forms.form import fields_of as told_of
from ui.forms.told import told_code, told_day, told_text
from ui.lists.facts import Action, Row

#: fields side by side
ACROSS = 3


def actions(screen: Any) -> list[Action]:
    """What a person's own page offers about the household they live in; beside the list there is no room for it."""
    def at_home(card: Any) -> bool:
        return card.now is not None and screen.currentWidget() is not screen.list

    def on_page(card: Any) -> bool:
        return card.record.closed_on is None and screen.currentWidget() is not screen.list

    return [Action(_("户主和关系"), "users", "F4", lambda card: _begin(screen, card, head), at_home, calls=households.change_head),
            Action(_("分户"), "split", "Shift+F6", lambda card: _begin(screen, card, split), at_home, calls=households.split_household),
            Action(_("并户、整户换房"), "combine", "Ctrl+F6", lambda card: _begin(screen, card, merge), at_home, calls=households.merge_households),
            Action(_("登记出生"), "plus", "Shift+F3", lambda card: birth(screen, card), at_home, calls=households.register_birth),
            Action(_("登记死亡"), "ban", "Shift+F9", lambda card: _begin(screen, card, death) if card.now else death(screen, card, None), on_page, calls=households.register_death)]


def _begin(screen: Any, card: Any, form: Any) -> None:
    """Who lives there is asked first."""
    screen.desk.ask(households.household, card.record.id, then=lambda home: form(screen, card, home))


def _fields(members: Sequence[households.Member]) -> tuple[dict[str, Told], list[list[Cell]]]:
    """A field for what each of them is to the head, by their ids, and its lines."""
    told = {str(m.person): Told(str(m.person), Code("relation"), _("{0} 与户主关系").format(m.name)) for m in members}
    names = list(told)
    return told, [[Cell(name) for name in names[start:start + ACROSS]] for start in range(0, len(names), ACROSS)]


def _relations(values: dict[str, Any], members: Sequence[households.Member]) -> dict[UUID, str | None]:
    return {m.person: values[str(m.person)] for m in members if values.get(str(m.person)) is not None}


def _given(told: dict[UUID, str | None]) -> dict[str, str | None]:
    return {str(person): code for person, code in told.items()}


def head(screen: Any, card: Any, home: households.Home) -> None:
    """This person is the head; what the others are to them is proposed and may be changed."""
    person = card.record.id
    others = home.but(person)
    told, lines = _fields(others)
    words = _("现在的户主是 {0}。下面是这一户的人与新户主的关系，请核对").format(home.head.name if home.head else _("没有登记"))
    if home.is_head(person):
        words = _("{0} 是这一户的户主。下面可以改正每个人与户主的关系").format(card.record.name)
    screen.task(_("户主和关系：{0}").format(card.record.name), {"day": told_day("day", _("变更日期"))} | told, [[Cell("day")], *lines],
                lambda v, then, fail: screen.desk.do(households.change_head, person, _relations(v, others), v["day"], then=then, fail=fail),
                given={"day": screen.desk.today} | _given(home.seen_from(person)), words=words)


def split(screen: Any, card: Any, home: households.Home) -> None:
    """This person moves into an empty room as the head of a household, alone or with others."""
    person, others = card.record.id, home.but(card.record.id)
    told: dict[str, Told] = {"room": Told("room", Link("room"), _("分到哪间空房"), True), "day": told_day("day", _("分户日期"))}
    lines = [[Cell("room", 5), Cell("day", 2)]]
    if others:
        told["along"] = Told("along", Chosen(pairs=tuple((str(m.person), f"{m.name} {kinship.name_of(m.relation)}") for m in others)), _("一起分出去的人"))
        lines.append([Cell("along")])

    def run(v: dict[str, Any], then: Any, fail: Any) -> None:
        members = [person, *(UUID(one) for one in (v.get("along") or "").split(",") if one)]
        screen.desk.do(households.split_household, members, v["room"], v["day"], then=then, fail=fail)

    screen.task(_("分户：{0}").format(card.record.name), told, lines, run, given={"day": screen.desk.today},
                words=_("{0} 为新一户的户主，现住 {1}").format(card.record.name, screen.desk.short(home.place)))


def merge(screen: Any, card: Any, home: households.Home) -> None:
    """All of this household move; where somebody lives there they join that household."""
    told, lines = _fields(home.members)
    screen.task(_("并户、整户换房：{0}").format(card.record.name),
                {"room": Told("room", Link("room"), _("搬到哪间房"), True, _("有人住就并入那一户，关系没填的按“同住”；空房就整户搬过去")), "day": told_day("day", _("日期"))} | told,
                [[Cell("room", 5), Cell("day", 2)], *lines],
                lambda v, then, fail: screen.desk.do(households.merge_households, card.record.id, v["room"], v["day"], _relations(v, home.members), then=then, fail=fail),
                given={"day": screen.desk.today}, words=_("{0} 等 {1} 人一起搬，现住 {2}").format(card.record.name, len(home.members), screen.desk.short(home.place)))


def birth(screen: Any, card: Any) -> None:
    """A child of this person; the guardian is this person unless another is told."""
    told = told_of(Person, "name", "sex", "birth", "id_kind", "id_no", "agent_name", "agent_phone")
    told |= {"birth": told_day("birth", _("出生日期")), "id_kind": told_code("id_kind", "id_kind", _("证件种类")), "relation": told_code("relation", "relation", _("与户主关系")),
             "start": Told("start", told_day("start", "").kind, _("入住日期"), hint=_("空着就从出生那天算"))}
    page = screen.task(_("登记出生：{0} 的孩子").format(card.record.name), told,
                       [[Cell("name", 2), Cell("sex"), Cell("birth", 2)], [Cell("id_kind", 2), Cell("id_no", 3), Cell("relation", 2), Cell("start", 2)], [Cell("agent_name"), Cell("agent_phone")]],
                       lambda v, then, fail: screen.desk.do(households.register_birth, card.record.id, then=then, fail=fail, **v),
                       words=_("住进 {0}；监护人空着就是 {1}").format(screen.desk.short(card.now.place), card.record.name),
                       then=lambda done: screen.open_card(done.result))
    page.form.focus("name")


def death(screen: Any, card: Any, home: households.Home | None) -> None:
    """The stay ends, the person is closed; of a head the next one is asked for."""
    others = home.but(card.record.id) if home is not None else ()
    told = {"day": told_day("day", _("死亡日期")), "note": told_text("note", _("说明"))}
    lines = [[Cell("day", 2), Cell("note", 3)]]
    if home is not None and others and home.is_head(card.record.id):
        told["head"] = Told("head", One(pairs=tuple((str(m.person), f"{m.name} {kinship.name_of(m.relation)}") for m in others)), _("新的户主"), True)
        lines.append([Cell("head")])

    def run(v: dict[str, Any], then: Any, fail: Any) -> None:
        successor = UUID(v["head"]) if v.get("head") else None
        screen.desk.do(households.register_death, card.record.id, v["day"], successor, note=v["note"], then=then, fail=fail)

    screen.task(_("登记死亡：{0}").format(card.record.name), told, lines, run, given={"day": screen.desk.today},
                words=_("办理后租住到这一天为止，人员同时注销；可以撤销"))


def groups(told: households.AtHome) -> list[tuple[str, list[Row]]]:
    """The cards of a household on a person's page: who lives there, what happened there."""
    home = told.home
    people = [(m.name, "   ".join(w for w in (kinship.name_of(m.relation), _("{0} 入住").format(m.start or _("日期不详"))) if w)) for m in home.members] if home else []
    changes = [(str(c.day), "   ".join(w for w in (c.what, c.relation, c.who) if w)) for c in told.changes]
    return [(_("这一户（{0} 人）").format(len(people)), people), (_("户内变动"), changes)]
