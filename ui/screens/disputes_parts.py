"""What belongs to a dispute or a petition as one list: parties, sittings, linked cases, papers to print; each opened by Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gridapp.texts import _
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.widgets import back, bar, column, label, page

PARTY, SITTING, CHAIN, AWAY, PAPER = "party", "sitting", "chain", "away", "paper"


@dataclass(frozen=True)
class Part:
    """One line: what it is, its name and what is said of it; `record` is what it stands for."""

    id: Any
    kind: str
    what: str
    name: str
    words: str
    record: Any = None


class PartsPage(QWidget):
    """A heading, a list, buttons. Esc goes back, Enter opens."""

    left = Signal()
    opened = Signal(object)

    def __init__(self, title: str, parts: Sequence[Part], buttons: Sequence[QPushButton], nothing: str) -> None:
        super().__init__()
        page(self)
        whole = column(self)
        header, row = bar("header", back(self.left.emit))
        row.addWidget(label(title, "title", wrap=True), 1)
        self.list = Browse([Column(_("种类"), lambda p: p.what, 130, pill=lambda p: {PARTY: "blue", SITTING: "grey", CHAIN: "yellow", AWAY: "yellow", PAPER: "grey"}[p.kind]),
                            Column(_("名称"), lambda p: p.name, 250, strong=True), Column(_("内容"), lambda p: p.words)], {}, buttons)
        self.list.opened.connect(self.opened)
        whole.addWidget(header)
        whole.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        self._nothing = nothing
        self.show_parts(parts)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """These lines."""
        self._parts = parts

        def fetch(offset: int, limit: int, then: Callable[[Sequence[Any]], None]) -> None:
            then(parts[offset:offset + limit])

        self.list.load(len(parts), fetch, _("{0} 条").format(len(parts)), self._nothing)

    @property
    def part(self) -> Part | None:
        """The chosen line."""
        row = self.list.row
        return row if isinstance(row, Part) else None


def party_words(party: Any) -> str:
    """A party in one line, numbers as they may be shown."""
    from gridapp.fields.field import fields_of
    from gridapp.records import Party

    known = fields_of(Party)
    age = _("{0} 岁").format(party.age) if party.age is not None else ""
    parts = (known["sex"].kind.show(party.sex), age, known["ethnic"].kind.show(party.ethnic), party.id_no, party.phone, party.work, party.address,
             _("代理人 {0}").format(party.agent) if party.agent else "")
    return "   ".join(str(p) for p in parts if p)


def side_word(party: Any) -> str:
    from gridapp.fields import codes

    return codes.table("party_side").label(party.side or "")


def kind_word(sitting: Any) -> str:
    from gridapp.fields import codes

    return codes.table("sitting_kind").label(sitting.kind or "")


def sitting_head(sitting: Any) -> str:
    """'2026-11-24 09:00–10:30'."""
    return f"{sitting.day} {'–'.join(t for t in (sitting.start, sitting.end) if t)}".strip()


def sitting_words(sitting: Any) -> str:
    """A sitting in words: where and with whom, its text as it was written, what came of it."""
    head = "   ".join(p for p in (sitting.place, sitting.mediators, _("参加人：{0}").format(sitting.present) if sitting.present else "") if p)
    return "\n".join(p for p in (head, sitting.content, _("结果：{0}").format(sitting.result) if sitting.result else "") if p)


def other_words(other: Any) -> str:
    return "   ".join(w for w in (other.number, other.parties, other.state) if w)


def parts_of(card: Any) -> list[Part]:
    """Everything that belongs to a case, parties first."""
    return [*(Part(p.id, PARTY, side_word(p), p.name, party_words(p), p) for p in card.parties),
            *(Part(s.id, SITTING, kind_word(s), sitting_head(s), " ".join(sitting_words(s).split()), s) for s in card.sittings),
            *(Part(o.id, CHAIN, _("关联"), o.title, other_words(o), o) for o in card.chain), *_of_the_other_screen(card)]


def _of_the_other_screen(card: Any) -> list[Part]:
    """The petition of a dispute, the disputes of a petition; `record` is what it is."""
    petition = getattr(card, "petition", None)
    return [*([Part(petition.id, AWAY, _("信访"), petition.title, petition.number or "", "petition")] if petition is not None else []),
            *(Part(i, AWAY, _("纠纷"), words, "", "dispute") for i, words in getattr(card, "disputes", ()))]


def case_rows(card: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The cards that disputes and petitions share: parties, sittings, story, linked cases."""
    return [(_("当事人"), [(side_word(p), f"{p.name}   {party_words(p)}".strip()) for p in card.parties]),
            (_("记录"), [(f"{sitting_head(s)}  {kind_word(s)}", sitting_words(s)) for s in card.sittings]),
            (_("经过"), [(f"{s.day}  {s.step}", "   ".join(str(w) for w in (s.who, s.unit, s.note, s.number, _("期限 {0}").format(s.due_on) if s.due_on else "") if w))
                       for s in card.story]),
            (_("关联的事项"), [(f"{o.day}  {o.title}", other_words(o)) for o in card.chain])]
