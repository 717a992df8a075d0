"""Alarms that are sent to us (物联网推送): what a message says, booked as a line of a maker's file is; what cannot be read is kept and told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.kinds import BEIJING, BadValue
from gridapp.ledger import LOOK, REGISTER, Acting, Ledger, gated, verb
from gridapp.ledger.doing import Done
from gridapp.records import Alarm
from gridapp.texts import N_, _
from gridapp.work import alarms, alarmwords
from gridapp.work.alarms import OTHER, Told

#: the code of alarm_source: sent by the maker's platform
PUSHED = "物联网推送"
#: bytes of the longest message that is read
LONGEST = 64 * 1024
#: so many messages that could not be read are kept whole; of older ones the beginning stands in their alarm
KEPT = 100
#: so many characters of one stand in its alarm, and so deep lists and groups of a message are followed
SHOWN, DEEPEST = 400, 4
#: so many alarms of one message are named that could not be read
NAMED = 3
_KEPT_AS = "alarm letters"
_UNREAD = "unread "


@dataclass(frozen=True)
class Letter:
    """One message as it came: `size` is its whole length, `body` no more of it than LONGEST; `again`: the sender says that it may have come before."""

    topic: str
    body: bytes
    at: datetime
    again: bool = False
    size: int = 0

    @property
    def serial(self) -> str:
        """What an unreadable one is called, the same for the same message."""
        return _UNREAD + blake2b(self.topic.encode() + b"\0" + self.body, digest_size=16).hexdigest()


@dataclass(frozen=True)
class Said:
    """What was read of a message, and why some or all of it could not be ('': all of it was)."""

    told: tuple[Told, ...]
    why: str


@dataclass(frozen=True)
class Unread:
    """A message that could not be read: when it came, why not, and what it said."""

    at: datetime
    topic: str
    why: str
    text: str


@dataclass(frozen=True)
class Booked:
    """What became of some messages: new alarms, those that were there, devices nobody registered, and why some could not be read."""

    new: int
    there: int
    unknown: tuple[str, ...]
    unread: tuple[str, ...]


# ---------------------------------------------------------------- reading

def read_letter(letter: Letter) -> Said:
    """The alarms a message tells: JSON, one or a list, plain or in groups; keys by the table of columns. One that cannot be read leaves the others."""
    told, why = list[Told](), list[str]()
    try:
        cells = list(_each(_parsed(letter)))
    except BadValue as error:
        return Said((), error.text)
    for number, one in enumerate(cells, 1):
        try:
            told.append(alarmwords.told_of(one))
        except BadValue as error:
            why.append(_("第 {0} 条：{1}").format(number, error.text) if len(cells) > 1 else error.text)
    return Said(tuple(told), "；".join(why[:NAMED]) if cells else _("里面没有告警"))


def _parsed(letter: Letter) -> Any:
    longest = max(letter.size, len(letter.body))
    if longest > LONGEST:
        raise BadValue(_("有 {0} KB，超过了 {1} KB").format(-(-longest // 1024), LONGEST // 1024))
    try:
        return json.loads(letter.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadValue(_("不是 JSON 格式")) from None


def _each(said: Any) -> Iterator[dict[str, alarmwords.Value]]:
    """The values of every alarm in a message by code of alarm_column: of a list each one, with what stands around the list."""
    told = said if isinstance(said, list) else [said]
    for one in told:
        if not isinstance(one, dict):
            raise BadValue(_("不是“名称：值”的写法"))
        lists = [value for value in one.values() if isinstance(value, list) and value and all(isinstance(each, dict) for each in value)]
        around = _cells(one)
        for inner in lists[0] if lists else [{}]:
            yield around | _cells(inner)


def _cells(said: dict[str, Any], depth: int = 0) -> dict[str, alarmwords.Value]:
    """Keys that are columns, those outside before those in groups."""
    found, groups = dict[str, alarmwords.Value](), list[dict[str, Any]]()
    for key, value in said.items():
        if isinstance(value, dict):
            groups.append(value)
        elif not isinstance(value, list) and value is not None:
            name = alarmwords.column_of(key)
            if name is not None:
                found.setdefault(name, value)
    for group in groups if depth < DEEPEST else ():
        found = _cells(group, depth + 1) | found
    return found


# ---------------------------------------------------------------- booking

@gated(REGISTER)
def book(ledger: Ledger, letters: Sequence[Letter]) -> Done[Booked]:
    """Keep what came; when this is back, all of it is on the disk, and the sender may be told so. Raises what writing raises."""
    read = [(letter, read_letter(letter)) for letter in letters]
    _keep_whole(ledger, [(letter, said.why) for letter, said in read if said.why])
    return ledger.do(take_in_pushed, read)


@verb(N_("收进推送告警"), REGISTER, by_itself=True)
def take_in_pushed(act: Acting, read: Sequence[tuple[Letter, Said]]) -> Booked:
    """The same alarms once, as from a file; what cannot be read becomes an alarm that shows it, so that somebody looks."""
    heard = [one for _letter, said in read for one in said.told]
    with act.every_grid():
        weighed = alarms.weigh_alarms(act, heard)
        alarms.take_in_alarms(act, heard, PUSHED)
        unread = tuple(said.why for letter, said in read if said.why and _show_unread(act, letter, said.why))
    return Booked(len(weighed.new), weighed.there, weighed.unknown, unread)


def _show_unread(act: Acting, letter: Letter, why: str) -> bool:
    """Whether it was put among the alarms: not when the same one waits there for a verdict, or was there and comes once more."""
    same = sa.select(Alarm).where(Alarm.serial == letter.serial, Alarm.deleted.is_not(True))
    if act.one(same if letter.again else same.where(Alarm.verdict.is_(None))) is not None:
        return False
    kind, source = codes.table("alarm_kind").find(OTHER), codes.table("alarm_source").find(PUSHED)
    act.add(Alarm(at=letter.at, kind=kind, content=_("推送看不懂（{0}）：{1}").format(why, _text(letter)[:SHOWN]), serial=letter.serial, source=source))
    return True


def _text(letter: Letter) -> str:
    """Its bytes as text, those that are none shown as such."""
    return letter.body.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _keep_whole(ledger: Ledger, unread: Sequence[tuple[Letter, str]]) -> None:
    if not unread:
        return
    kept: list[dict[str, str]] = json.loads(ledger.secret(_KEPT_AS) or "[]")
    known = {one["serial"] for one in kept}
    new = {letter.serial: {"serial": letter.serial, "at": letter.at.isoformat(), "topic": letter.topic, "why": why, "text": _text(letter)}
           for letter, why in unread if letter.serial not in known}
    if new:
        ledger.keep_secret(_KEPT_AS, json.dumps([*kept, *new.values()][-KEPT:], ensure_ascii=False))


@gated(LOOK)
def unread_letters(ledger: Ledger) -> list[Unread]:
    """The messages that could not be read, newest first, whole: for whoever tells the maker, or adds their words to the table of columns."""
    kept = json.loads(ledger.secret(_KEPT_AS) or "[]")
    return [Unread(datetime.fromisoformat(one["at"]).astimezone(BEIJING), one["topic"], one["why"], one["text"]) for one in reversed(kept)]
