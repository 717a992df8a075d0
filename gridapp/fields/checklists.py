"""Checklists (检查表): the items an inspection goes through, and how its answers and notes are written into one field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.fields.tablefiles import CHECKLIST
from gridapp.texts import N_, _

GOOD, BAD, NOT_APPLICABLE = 1, 2, 3
#: what is written for each answer
ANSWERS: dict[int, str] = {GOOD: N_("合格"), BAD: N_("不合格"), NOT_APPLICABLE: N_("不适用")}
ORDINARY, SEVERE, HINT = "一般", "严重", "提示"
SEVERITIES = (ORDINARY, SEVERE, HINT)
LONGEST_NOTE, LONGEST_CELL = 100, 200
_NAME = re.compile(CHECKLIST + "[a-z][a-z0-9_]{0,20}")
#: a code of the police wording (fire_phrases) inside a phrase
_POLICE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_ANSWER = re.compile(r"([0-9A-Za-z._-]{1,20})=([123])")


class NoteTooLong(Mistake):
    """A note on one item is no essay."""

    def __init__(self, item: str) -> None:
        super().__init__(_("“{0}”的说明最多 {1} 个字，请缩短，详细情况写在备注里。").format(item, LONGEST_NOTE))


@dataclass(frozen=True)
class Item:
    """One line of a checklist; `kind` is the code of the hazard kind (隐患类别), `phrase` what the hazard says that it opens."""

    id: str
    text: str
    category: str = ""
    standard: str = ""
    severity: str = ORDINARY
    basis: str = ""
    kind: str | None = None
    phrase: str = ""

    def wording(self, note: str = "") -> str:
        """The content of the hazard: the police wording where the list names one, and what the officer saw."""
        said = _POLICE.sub(lambda found: codes.table("fire_phrases").label(found[0]), self.phrase) or self.text
        return f"{said}（{note}）" if note else said


def is_name(name: str) -> bool:
    """Whether a table of this name would be a checklist."""
    return bool(_NAME.fullmatch(name))


def item_of(row: codes.Row) -> Item:
    """A line of the table as an item."""
    return Item(row.code, row.name, row.told("category"), row.told("standard"), row.told("severity") or ORDINARY, row.told("basis"),
                codes.table("hazard_kind").find(row.told("kind")) if row.told("kind") else None, row.told("phrase"))


def items_in(text: str) -> tuple[Item, ...]:
    """The items of a checklist's text."""
    return tuple(map(item_of, codes.rows_in(codes.told_in(text.splitlines()))))


# ---------------------------------------------------------------- editions a town may publish

def faults(name: str, rows: Iterable[codes.Row]) -> Iterator[str]:
    """What the further columns of a new edition may not say: of a checklist, of classes of places, of grades, of the weights of a plan, of wordings."""
    check = _faults_of_item if is_name(name) else {"site_class": _faults_of_class, "place_grade": _faults_of_grade, "plan_weight": _faults_of_weight,
                                                   "hazard_phrases": _faults_of_phrase}.get(name)
    for row in rows if check else ():
        yield from check(row)  # type: ignore[misc]


def _faults_of_item(row: codes.Row) -> Iterator[str]:
    if any(len(cell) > LONGEST_CELL for _head, cell in row.more):
        yield _("检查项 {0} 有一格太长，最多 {1} 个字。").format(row.code, LONGEST_CELL)
    if row.told("severity") not in SEVERITIES:
        yield _("检查项 {0} 的 severity 列应是 {1} 之一。").format(row.code, "、".join(SEVERITIES))
    if row.told("kind") and codes.table("hazard_kind").find(row.told("kind")) is None:
        yield _("检查项 {0} 的 kind 列“{1}”不是隐患类别。").format(row.code, row.told("kind"))


def _faults_of_class(row: codes.Row) -> Iterator[str]:
    wanted = row.told("checklist")
    if wanted and CHECKLIST + wanted not in codes.names():
        yield _("类别“{0}”要用的检查表 {1} 还没有，请先发布 {2}。").format(row.name, wanted, CHECKLIST + wanted)


def _faults_of_grade(row: codes.Row) -> Iterator[str]:
    if not re.fullmatch("[0-9]{1,4}", row.told("days")):
        yield _("等级“{0}”的 days 列应是天数。").format(row.name)


def _faults_of_weight(row: codes.Row) -> Iterator[str]:
    for head in ("points", "each", "from", "most", "days"):
        if not re.fullmatch("[0-9]{0,4}", row.told(head)):
            yield _("“{0}”的 {1} 列应是不带小数的数，不用就空着。").format(row.name, head)


# ---------------------------------------------------------------- answers in one field

def pack(answers: Mapping[str, int], notes: Mapping[str, str]) -> str:
    """'R01=1 R02=2', and for every note a line of its own: 'R02 楼梯口停两辆'. Raises NoteTooLong.

    No note holds '=': so what was not in order is found by '=2' without reading all answers.
    """
    lines = [" ".join(f"{item}={answer}" for item, answer in answers.items())]
    for item, note in notes.items():
        told = " ".join(note.split()).replace("=", "＝")
        if len(told) > LONGEST_NOTE:
            raise NoteTooLong(item)
        if told and item in answers:
            lines.append(f"{item} {told}")
    return "\n".join(lines)


def unpack(text: str | None) -> tuple[dict[str, int], dict[str, str]]:
    """(answers, notes) of what `pack` wrote; what somebody else wrote into the field and is no answer is left out."""
    first, *rest = (text or "").split("\n")
    answers = {found[1]: int(found[2]) for word in first.split() if (found := _ANSWER.fullmatch(word))}
    notes = {item: note for item, _blank, note in (line.partition(" ") for line in rest) if item in answers and note}
    return answers, notes


def _faults_of_phrase(row: codes.Row) -> Iterator[str]:
    if row.told("kind") and codes.table("hazard_kind").find(row.told("kind")) is None:
        yield _("用语“{0}”的 kind 列“{1}”不是隐患类别。").format(row.name[:10], row.told("kind"))
