"""The easy clashes: rules that suggest a decision and say why, from a table a county may change (resources/clashes)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gridapp import places
from gridapp.errors import Mistake
from gridapp.exchange.clashes import BOTH, ENDED, Clash, open_clashes, settle
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Text
from gridapp.ledger import REVIEW, Acting, verb
from gridapp.ledger.reader import Refused
from gridapp.ledger.writes import scope_of
from gridapp.records import BY_NAME
from gridapp.texts import N_, _

#: shorter texts are numbers and names: one that holds another is another one
LONG = 100
HEADS = ("entity", "field", "kind", "rule", "safe", "why")


class BadRules(Mistake):
    """A line of the table is no rule."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(_("冲突规则表“{0}”第 {1} 行看不懂。rule 应是 {2} 之一，safe 应是 yes 或 no。").format(name, line, "、".join(RULES)))


@dataclass(frozen=True)
class Suggestion:
    """What a rule would choose, why in words, and whether it may be taken without asking."""

    value: Any
    why: str
    safe: bool


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    entity: str
    field: str
    kind: str
    rule: str
    safe: bool
    why: str

    def meets(self, clash: Clash) -> bool:
        return self.kind == clash.kind and self.entity in ("*", clash.entity) and self.field in ("*", clash.field)


def _filled(clash: Clash) -> list[Any]:
    """Exactly one side says something."""
    told = [s.value for s in clash.sides if s.value not in (None, "")]
    return told if len(told) == 1 and len(clash.sides) > 1 else []


def _days(clash: Clash) -> list[date]:
    days = [s.value for s in clash.sides]
    return sorted(days) if all(isinstance(d, date) for d in days) else []


def _longer(clash: Clash) -> list[Any]:
    """Of long texts the one that holds all others."""
    kind, told = fields_of(BY_NAME[clash.entity])[clash.field].kind, [s.value for s in clash.sides]
    if not isinstance(kind, Text) or kind.longest < LONG or not all(isinstance(t, str) and t for t in told):
        return []
    longest = max(told, key=len)
    return [longest] if all(t in longest for t in told) else []


def _later(clash: Clash) -> list[Any]:
    """What was written last, if something was written."""
    last = max(clash.sides, key=lambda s: s.at).value
    return [] if last is None else [last]


#: each gives what it would choose first in a list, an empty list where it does not apply
RULES: dict[str, Callable[[Clash], list[Any]]] = {
    "filled": _filled, "earlier": lambda c: list(_days(c)), "later_day": lambda c: list(reversed(_days(c))), "longer": _longer,
    "later": _later, "ended": lambda c: [c.sides[0].value]}


def suggestion(clash: Clash) -> Suggestion | None:
    """What the first rule that applies would choose; None where a person must know. Raises BadRules."""
    for rule in load():
        told = RULES[rule.rule](clash) if rule.meets(clash) else []
        if told:
            return Suggestion(told[0], rule.why, rule.safe)
    return None


@verb(N_("采纳冲突建议"), REVIEW)
def settle_easy(act: Acting) -> list[Clash]:
    """Take every suggestion of a rule marked safe, in the scope of the act; returns what was decided so."""
    done = []
    for clash in open_clashes(act, scope=scope_of(act)):
        told = suggestion(clash)
        if told is not None and told.safe and _allowed(act, clash, told.value):
            done.append(clash)
    return done


def _allowed(act: Acting, clash: Clash, value: Any) -> bool:
    """Decided, or left to a person where the record's own rules speak against it."""
    try:
        settle(act, clash.entity, clash.id, clash.field, value)
    except Refused:
        return False
    return True


@cache
def load(path: Path | None = None) -> tuple[Rule, ...]:
    """The rules in the order they are tried; the shipped ones by default. Raises BadRules."""
    path = path or places.resource("clashes", "clashes.tsv")
    found, heads = [], list[str]()
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not heads:
            heads = cells
            continue
        told = dict(zip(heads, cells, strict=False))
        if set(HEADS) - told.keys() or told["rule"] not in RULES or told["kind"] not in (BOTH, ENDED) or told["safe"] not in ("yes", "no"):
            raise BadRules(path.name, number)
        found.append(Rule(told["entity"], told["field"], told["kind"], told["rule"], told["safe"] == "yes", told["why"]))
    return tuple(found)
