"""The inbox (待处理): everything a person must decide after parcels came in, as one list; nothing in it stops any other work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gridapp.exchange import clashes, easy
from gridapp.exchange.clashes import BOTH, ENDED, Clash
from gridapp.exchange.easy import Suggestion
from gridapp.fields.field import Field, fields_of
from gridapp.fields.kinds import Link
from gridapp.ledger import LOOK, PLAIN, Ledger, Reader, gated, needs
from gridapp.ledger.registers import UNIVERSAL
from gridapp.ledger.writes import scope_names, scope_of
from gridapp.records import BY_NAME, Hazard, House, Person, Record, Tenancy
from gridapp.texts import N_, _
from gridapp.work import aliases, mending, numbers, overlaps, strays, twins

#: written on a merged registration; registered twice; two open stays; a stay in a room given up; one number on two notices or houses;
#: a provisional number on a notice
LATE, TWIN, STAYS, UNHOUSED, NOTICES, HOUSES, PROVISIONAL = "late", "twin", "stays", "unhoused", "notices", "houses", "provisional"
#: no question: merged before, to be taken apart if that was wrong
MERGED = "merged"
KINDS = {BOTH: N_("两边都改了"), ENDED: N_("注销后又改过"), LATE: N_("合并后又改过"), TWIN: N_("疑似重复"), STAYS: N_("两处在住"),
         UNHOUSED: N_("房已注销"), NOTICES: N_("文号重复"), HOUSES: N_("房号重复"), PROVISIONAL: N_("临时文号"),
         MERGED: N_("已合并")}
#: `into` has an editor nowhere; these universal fields have
EDITED = ("closed_on", "reported_on")


@dataclass(frozen=True)
class Matter:
    """One thing to decide: of what kind, in which scope, about which record, in words; `told` is what the deciding function needs.

    `fix` is a verb that does what `words` suggest, with what it is called with.
    """

    id: str
    kind: str
    scope: str
    title: str
    what: str
    words: str
    since: datetime | None
    opens: tuple[str, UUID]
    told: Any
    advice: Suggestion | None = None
    advice_words: str = ""
    fix: tuple[Callable[..., Any], tuple[Any, ...]] | None = None

    @property
    def open(self) -> bool:
        """Whether somebody can do something about it now: no question is what was merged, nor a number that waits for the town."""
        return self.kind != MERGED and (self.kind != PROVISIONAL or self.fix is not None)


@gated(LOOK)
def matters(ledger: Ledger) -> list[Matter]:
    """Everything open, clashes first (newest first), and at the end what was merged before."""
    return ledger.ask(_matters, ledger.device)


@needs(PLAIN)
def open_count(read: Reader) -> int:
    """How many matters wait for somebody: as many as the list shows under 待处理."""
    return clashes.count(read) + mending.count(read)


@needs(LOOK)
def _matters(read: Reader, device: bytes) -> list[Matter]:
    names = scope_names(read)
    parts = (_clashes(read, device), _late(read, names), _twins(read, names), _stays(read, names), _unhoused(read, names),
             _notices(read, names), _provisional(read), _houses(read, names), _merged(read, names))
    return [matter for part in parts for matter in part]


def _scope(read: Reader, names: dict[int, str], entity: type[Record], record: UUID) -> str:
    found = read.find(entity, record)
    return names[found.scope] if found is not None else ""


def _clashes(read: Reader, device: bytes) -> Iterator[Matter]:
    for told in clashes.open_clashes(read, device):
        advice = easy.suggestion(told)
        yield Matter(f"{told.kind} {told.id} {told.field}", told.kind, told.scope, told.label, told.field_label, _brief(told),
                     max(s.at for s in told.sides), (told.entity, told.id), told, advice, _advised(told, advice) if advice else "")


def field_of(told: Clash) -> Field:
    return fields_of(BY_NAME[told.entity])[told.field]


def _brief(told: Clash) -> str:
    """Both sides in a line; numbers of people masked, as in every list."""
    if told.kind == ENDED:
        return _("另一台电脑不知道，后来又改过 {0} 次。").format(len(told.sides) - 1)
    return _(" ／ ").join(s.words for s in told.sides)


def _advised(told: Clash, advice: Suggestion) -> str:
    """The suggested value in words."""
    side = next((s.words for s in told.sides if s.value == advice.value), None)
    return side if side is not None else field_of(told).words(advice.value) or _("（空）")


def typable(told: Clash) -> bool:
    """Whether a third value can be typed for this field."""
    field = field_of(told)
    return told.kind == BOTH and not isinstance(field.kind, Link) and (field.tag < UNIVERSAL or field.name in EDITED)


def _late(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    by_person: dict[UUID, list[strays.Stray]] = {}
    for stray in strays.strays(read):
        by_person.setdefault(stray.away, []).append(stray)
    for away, many in by_person.items():
        yield Matter(f"{LATE} {away}", LATE, _scope(read, names, Person, away), many[0].label, "、".join(s.field_label for s in many),
                     _("登记合并以后，另一台电脑又改了原来那条。"), max(s.at for s in many), ("person", many[0].person), tuple(many))


def _twins(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for twin in twins.twins(read):
        words = _("属于不同的村，不能合并：请核对人住在哪个村，另一边办理退租。") if twin.across else _("可能是同一个人登记了两次。")
        if twin.parted:
            words = _parted(twin)
        yield Matter(f"{TWIN} {twin.keep} {twin.away}", TWIN, _scope(read, names, Person, twin.keep), twin.keep_label, twin.why, words, None,
                     ("person", twin.keep), twin)


def _parted(twin: twins.Twin) -> str:
    """What to do about two who were merged and taken apart again."""
    if twin.reason == twins.NUMBER:
        return _("合并过，又拆开了。两个人不会有同一个证件号码：请更正其中一个人的证件号码；确实是一个人的，请再合并。")
    return _("合并过，又拆开了。不是同一个人的，请确认是两个人，以后不再提示；确实是一个人的，请再合并。")


def _stays(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for told in overlaps.overlaps(read):
        yield Matter(f"{STAYS} {told.older} {told.newer}", STAYS, _scope(read, names, Tenancy, told.older), told.name, told.older_place, told.why,
                     None, ("person", told.person), told, fix=(overlaps.end_older, (told.older, told.newer)))


def _unhoused(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for told in overlaps.unhoused(read):
        yield Matter(f"{UNHOUSED} {told.tenancy}", UNHOUSED, _scope(read, names, Tenancy, told.tenancy), told.name, told.place, told.why, None,
                     ("person", told.person), told)


def _notices(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for told in numbers.doubled(read):
        for hazard, title in told.others:
            yield Matter(f"{NOTICES} {hazard}", NOTICES, _scope(read, names, Hazard, hazard), title, told.number,
                         _("“{0}”用了同一个文号，它先编号。请给这一份另编一个号，并换发纸质通知书。").format(told.keeps[1]), None, ("hazard", hazard), told,
                         fix=(numbers.renumber, (hazard,)))


def _provisional(read: Reader) -> Iterator[Matter]:
    for told in numbers.provisional(read):
        words = (_("已经有正式文号了。请补编正式文号，并换发纸质通知书。") if told.ready else
                 _("这台电脑的文号用完了，先用了临时文号。下次和镇里交接后会有新的文号，到时再补编。"))
        yield Matter(f"{PROVISIONAL} {told.hazard}", PROVISIONAL, scope_of(read), told.label, told.number, words, None, ("hazard", told.hazard), told,
                     fix=(numbers.number_finally, ()) if told.ready else None)


def _houses(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for told in twins.same_house_numbers(read):
        house, address = told.houses[0]
        others = "、".join(a for _id, a in told.houses[1:])
        yield Matter(f"{HOUSES} {house}", HOUSES, _scope(read, names, House, house), address, told.house_no,
                     _("{0}用了同一个房屋编号。请打开其中一处，改成别的编号。").format(others), None, ("house", told.houses[-1][0]), told)


def _merged(read: Reader, names: dict[int, str]) -> Iterator[Matter]:
    for away in aliases.away(read, Person):
        record, person = read.find(Person, away), read.find(Person, aliases.root(read, Person, away))
        if record is not None and person is not None:
            yield Matter(f"{MERGED} {away}", MERGED, names[record.scope], person.label(), record.label(),
                         _("两条登记已合并为一人。合并错了可以拆开。"), None, ("person", person.id), away)


# ---------------------------------------------------------------- two registrations side by side

@dataclass(frozen=True)
class Pair:
    """One field of two registrations, private ones masked in `words`; `differ` when both say something else."""

    field: str
    label: str
    values: tuple[Any, Any]
    words: tuple[str, str]
    differ: bool


@needs(LOOK)
def side_by_side(read: Reader, keep: UUID, away: UUID) -> list[Pair]:
    """Every field either of two people has, in the order of the form. Raises Gone."""
    one, other = read.get(Person, keep), read.get(Person, away)
    found = []
    for name, field in fields_of(Person).items():
        values = (getattr(one, name), getattr(other, name))
        if field.tag >= UNIVERSAL or values == (None, None):
            continue
        words = (field.words(values[0]), field.words(values[1]))
        found.append(Pair(name, field.label, values, words, values[0] != values[1] and None not in values))
    return found
