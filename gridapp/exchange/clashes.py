"""Clashes (冲突): what two stations wrote without knowing of each other, both sides in words, and the officer's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.exchange import stations
from gridapp.fields.field import Field, by_tag, fields_of
from gridapp.fields.kinds import Link
from gridapp.ledger import LOOK, PLAIN, REVIEW, Acting, Reader, needs, questions, verb
from gridapp.ledger.questions import Question
from gridapp.ledger.registers import UNIVERSAL
from gridapp.ledger.writes import Write, graph_of, scope_of
from gridapp.records import BY_NAME, Officer, Record
from gridapp.records.people import FIRST_CLERK
from gridapp.texts import N_, _

#: both wrote the field; one ended the record (注销, 撤销) while the other went on editing it
BOTH, ENDED = "both", "ended"
KINDS = {BOTH: N_("两边都改了"), ENDED: N_("注销（撤销）以后又改过")}
CLOSING = ("closed_on", "closed_why", "closed_note")


class SettledAlready(Mistake):
    """Nothing is open there any more."""

    def __init__(self) -> None:
        super().__init__(_("这一项冲突已经处理过了，不用再处理。请刷新后再看。"))


class NotThatField(Mistake):
    """A field the record has not."""

    def __init__(self, title: str, field: str) -> None:
        super().__init__(_("{0}没有名为“{1}”的项目。").format(title, field))


class AskedAnew(Mistake):
    """Another side has come since the officer looked."""

    def __init__(self) -> None:
        super().__init__(_("您打开之后，这一项又收到了新的内容，没有保存您的选择。请看过新内容再选一次。"))


@dataclass(frozen=True)
class Side:
    """One of the values to choose from: as the field keeps it, in words (private ones masked), who wrote it when and on which station."""

    value: Any
    words: str
    officer: str
    at: datetime
    station: str
    own: bool


@dataclass(frozen=True)
class Clash:
    """One decision. The first of `sides` is what is shown now; of kind ENDED it is the ending, the others say what was edited.

    `before` is the last value all sides had seen; `ver` goes to `settle`, so that what comes meanwhile is not decided unseen.
    """

    entity: str
    id: UUID
    scope: str
    title: str
    label: str
    field: str
    field_label: str
    kind: str
    sides: tuple[Side, ...]
    before: Any
    before_words: str
    ver: bytes

    @property
    def ours(self) -> Side:
        """我方: what was written here; at a station that only passes on, what is shown."""
        return next((s for s in self.sides if s.own), self.sides[0])

    @property
    def theirs(self) -> tuple[Side, ...]:
        """对方."""
        return tuple(s for s in self.sides if s is not self.ours)


@needs(PLAIN)
def count(read: Reader) -> int:
    """How many decisions are open, for the badge."""
    return questions.count(read)


@needs(LOOK)
def open_clashes(read: Reader, device: bytes = b"", record: UUID | None = None, scope: str | None = None) -> list[Clash]:
    """The inbox (冲突), newest first; `device` is this station's own key, its side is told as 本机."""
    names = _Names(read, device)
    found = [_clash(read, asked, names) for asked in questions.open_questions(read, record, scope) if asked.writes]
    return sorted(found, key=lambda c: max(s.at for s in c.sides), reverse=True)


class _Names:
    """Who and where, asked for once."""

    def __init__(self, read: Reader, device: bytes) -> None:
        self._read, self._device = read, device
        self._stations: dict[bytes, str] = {}
        self._officers = {(scope, number): name for scope, number, name in read.rows(
            sa.select(Officer.scope, Officer.number, Officer.name).where(Officer.deleted.is_not(True)))}
        self._clerks = {number: name for (_scope, number), name in self._officers.items() if number >= FIRST_CLERK}

    def officer(self, scope: int, number: int) -> str:
        return self._officers.get((scope, number)) or self._clerks.get(number) or _("程序")

    def own(self, device: bytes) -> bool:
        return device == self._device

    def station(self, device: bytes) -> str:
        if self.own(device):
            return _("本机")
        if device not in self._stations:
            found = stations.station_of(self._read, device)
            self._stations[device] = found.name if found else _("未登记的站点")
        return self._stations[device]


def _clash(read: Reader, asked: Question, names: _Names) -> Clash:
    field = by_tag(asked.entity)[asked.tag]
    told = [_told(read, asked, field, write, place) for place, write in enumerate(asked.writes)]
    sides = dict[Any, Side]()
    for write, (key, value, words) in zip(asked.writes, told, strict=True):
        sides.setdefault(key, Side(value, words, names.officer(asked.record.scope, write.officer), write.at,
                                   names.station(write.device), names.own(write.device)))
    return Clash(asked.entity.__tablename__, asked.record.id, asked.scope, asked.entity.TITLE, _label(read, asked.record), field.name,
                 field.label, ENDED if asked.ended else BOTH, tuple(sides.values()), field.kind.load(asked.before),
                 questions.words(read, asked.entity, asked.tag, asked.before), asked.record.ver or b"")


def _told(read: Reader, asked: Question, field: Field, write: Write, place: int) -> tuple[Any, Any, str]:
    """What makes a side a side, its value, its words: the same value written twice is one side."""
    if not asked.ended or place == 0:
        raw = write.values[asked.tag]
        return raw, field.kind.load(raw), questions.words(read, asked.entity, asked.tag, raw) or _("（空）")
    known = by_tag(asked.entity)
    edits = [(known[t].label, questions.words(read, asked.entity, t, v)) for t, v in write.values.items() if t < UNIVERSAL and t in known]
    return write.stamp, None, "，".join(_("{0}改为“{1}”").format(label, said or _("（空）")) for label, said in edits)


def _label(read: Reader, record: Record) -> str:
    """A record by its name; one without a name of its own by what it ties together."""
    if record.label() != record.TITLE:
        return record.label()
    tied = [questions.words(read, type(record), f.tag, f.kind.dump(getattr(record, n)))
            for n, f in fields_of(type(record)).items() if f.required and isinstance(f.kind, Link)]
    return " ".join(filter(None, tied)) or record.TITLE


def in_full(told: Clash, value: Any, words: str) -> str:
    """The words for a value on paper, and on the screen of somebody who has revealed it."""
    field = fields_of(BY_NAME[told.entity])[told.field]
    return field.kind.show(value) if field.private and told.kind == BOTH and value is not None else words


# ---------------------------------------------------------------- deciding

@verb(N_("处理冲突"), REVIEW)
def settle(act: Acting, entity: str, record_id: UUID, field: str, value: Any, *, seen: bytes | None = None) -> UUID:
    """Decide one field: one of the sides or a third value (text is read as typed); it closes wherever the decision comes.

    Keeping an ending is choosing its value, reopening is choosing None. Run it in the record's scope.
    Raises SettledAlready, AskedAnew, NotThatField, Gone, Refused, BadValue.
    """
    kind = BY_NAME[entity]
    known = fields_of(kind).get(field)
    if known is None:
        raise NotThatField(kind.TITLE, field)
    asked = [q for q in questions.open_questions(act, record_id, scope_of(act)) if q.entity is kind and q.tag == known.tag]
    if not asked:
        raise SettledAlready
    if seen is not None and seen != asked[0].record.ver:
        _refuse_if_more(act, asked[0], seen)
    values = {known.kind.load(w.values.get(known.tag)) for q in asked for w in q.writes}
    if isinstance(value, str) and value not in values:
        value = known.kind.parse(value)
    told = {field: value}
    if field in CLOSING[:1] and value is None:
        told = dict.fromkeys(CLOSING)
    questions.answer(act, kind, record_id, **told)
    return record_id


def _refuse_if_more(act: Acting, asked: Question, seen: bytes) -> None:
    graph, before = graph_of(act), questions.stamps(seen)
    if any(not any(graph.saw(old, write.stamp) for old in before) for write in asked.writes):
        raise AskedAnew
