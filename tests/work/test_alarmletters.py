"""Messages that are sent to us: read by the table of columns, booked once, kept and shown where they cannot be read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Ledger
from gridapp.ledger.permits import NotAllowed
from gridapp.records import Alarm
from gridapp.work import accounts, alarmletters, alarmlists, alarms
from gridapp.work.alarmletters import DEEPEST, KEPT, LONGEST, SHOWN, Letter
from gridapp.work.alarms import FALSE, Told, verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
AT = datetime(2026, 11, 23, 8, 30, 15, tzinfo=BEIJING)
SAID = {"alarmTime": "2026-11-23 08:30:15", "deviceId": "YG-1", "alarmType": "烟雾报警", "address": "祠堂路1号", "alarmId": "A1", "description": "响了"}


def letter(said: Any, again: bool = False, topic: str = "alarm/1") -> Letter:
    body = said if isinstance(said, bytes) else said.encode() if isinstance(said, str) else json.dumps(said).encode()
    return Letter(topic, body[:LONGEST], NOW, again, len(body))


def read(said: Any) -> tuple[Told, ...]:
    found = alarmletters.read_letter(letter(said))
    assert found.why == ""
    return found.told


def come(ledger: Ledger, *said: Any, again: bool = False) -> alarmletters.Booked:
    booked: alarmletters.Booked = alarmletters.book(ledger, [letter(one, again) for one in said]).result
    return booked


def rows(ledger: Ledger, which: str = alarmlists.ALL) -> list[alarmlists.AlarmRow]:
    found: list[alarmlists.AlarmRow] = ledger.ask(alarmlists.list_alarms, which)
    return found


@pytest.mark.parametrize("at", ["2026-11-23 08:30:15", "2026/11/23T08:30:15", "2026-11-23T00:30:15Z", "2026-11-23T08:30:15.250+08:00", 1795393815, 1795393815250, "1795393815"])
def test_a_time_is_known_however_it_is_written(at: object) -> None:
    [told] = read(SAID | {"alarmTime": at})
    assert told == Told(AT, "YG-1", "01", "祠堂路1号", "响了", "A1")


@pytest.mark.parametrize("keys", [("alarm_time", "device_id"), ("AlarmTime", "DeviceID"), ("告警时间", "设备编号"), ("at", "number"), ("ts", "imei")])
def test_a_maker_may_call_things_otherwise(keys: tuple[str, str]) -> None:
    [told] = read({keys[0]: "2026-11-23 08:30:15", keys[1]: "YG-1"})
    assert (told.at, told.number) == (AT, "YG-1")


def test_values_may_stand_in_groups_and_several_alarms_in_a_list() -> None:
    grouped = {"deviceId": "YG-1", "data": {"deviceId": "inner", "info": {"alarmTime": "2026-11-23 08:30:15", "alarmType": "燃气"}}}
    [told] = read(grouped)
    assert (told.at, told.number, told.kind) == (AT, "YG-1", "02"), "what stands outside goes before"
    listed = {"address": "祠堂路1号", "alarms": [{"alarmTime": "2026-11-23 08:30:15", "deviceId": n} for n in ("1", "2")]}
    assert [(t.number, t.place) for t in read(listed)] == [("1", "祠堂路1号"), ("2", "祠堂路1号")]
    assert [t.number for t in read([SAID, SAID | {"deviceId": "YG-2"}])] == ["YG-1", "YG-2"]


@pytest.mark.parametrize(("said", "why"), [
    ("smoke!", "不是 JSON"), (b"\xff\xfe\x00", "不是 JSON"), ("[" * 60_000, "不是 JSON"), ("9" * 5000, "不是 JSON"), ("[]", "没有告警"), ("7", "写法"), ('["a"]', "写法"), ({}, "没有设备编号"),
    ({"deviceId": "1"}, "时间看不懂"), ({"deviceId": "1", "alarmTime": "2026-13-45 08:30"}, "时间看不懂"), ({"deviceId": "1" * 61, "alarmTime": "2026-11-23 08:30"}, "最多 60"),
    (SAID | {"description": "长" * 501}, "最多 500"), (b"x" * (LONGEST + 1), "超过了 64 KB")])
def test_what_cannot_be_read_is_said_in_words(said: Any, why: str) -> None:
    found = alarmletters.read_letter(letter(said))
    assert found.told == () and why in found.why


_any = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.sampled_from(["2026-11-23 08:30", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SAID, "data", "x"]), inner, max_size=5), max_leaves=12)


@given(st.binary() | _any.map(json.dumps))
def test_no_message_whatever_it_is_gets_further_than_a_sentence(said: Any) -> None:
    found = alarmletters.read_letter(letter(said))
    assert found.told or found.why
    assert all(t.at.tzinfo is not None and (t.number or t.place) for t in found.told)


# ---------------------------------------------------------------- booking

def test_a_message_becomes_an_alarm_with_its_source_and_unknown_devices_are_named(ledger: Ledger) -> None:
    assert come(ledger, SAID) == alarmletters.Booked(1, 0, ("YG-1",), ())
    with ledger.read() as read:
        alarm = read.get(Alarm, rows(ledger)[0].id)
    assert (alarm.at, alarm.number, alarm.kind, alarm.place, alarm.content, alarm.serial, alarm.source) == (AT, "YG-1", "01", "祠堂路1号", "响了", "A1", "03")


def test_the_same_alarm_is_there_once_whether_it_comes_again_or_from_a_file(ledger: Ledger) -> None:
    come(ledger, SAID)
    assert come(ledger, SAID, again=True).there == 1 and ledger.do(alarms.take_in_alarms, read(SAID)).result == 0
    assert len(rows(ledger)) == 1


def test_what_cannot_be_read_waits_for_somebody_among_the_alarms_and_is_kept_whole(ledger: Ledger) -> None:
    body = "烟感报警 " + "x" * 2000
    booked = come(ledger, SAID, body)
    assert booked.new == 1 and booked.unread == ("不是 JSON 格式",)
    shown = next(row for row in rows(ledger, alarmlists.OPEN) if "看不懂" in row.content)
    assert shown.at == NOW and shown.content.startswith("推送看不懂（不是 JSON 格式）：烟感报警") and len(shown.content) < SHOWN + 40
    [kept] = alarmletters.unread_letters(ledger)
    assert (kept.at, kept.topic, kept.why, kept.text) == (NOW, "alarm/1", "不是 JSON 格式", body)


def test_one_of_a_list_that_cannot_be_read_leaves_the_others_and_is_named(ledger: Ledger) -> None:
    said = [SAID, {"deviceId": "YG-2"}, SAID | {"deviceId": "YG-3"}]
    assert come(ledger, said) == alarmletters.Booked(2, 0, ("YG-1", "YG-3"), ("第 2 条：时间看不懂：“”，应当像 2026-11-24 08:30",))
    assert come(ledger, said).there == 2 and len(rows(ledger)) == 3 and len(alarmletters.unread_letters(ledger)) == 1


def test_the_same_garbage_is_shown_once_while_it_waits_and_again_when_it_is_said_anew(ledger: Ledger) -> None:
    come(ledger, "smoke!", "smoke!")
    assert come(ledger, "smoke!").unread == () and len(rows(ledger)) == 1
    ledger.do(alarms.judge_alarm, rows(ledger)[0].id, verdict(FALSE))
    assert come(ledger, "smoke!", again=True).unread == (), "the server only did not know that it had come"
    assert come(ledger, "smoke!").unread and len(rows(ledger)) == 2, "it is said anew"


def test_of_very_many_the_newest_are_kept_whole(ledger: Ledger) -> None:
    come(ledger, *(f"garbage {n}" for n in range(KEPT + 2)))
    kept = alarmletters.unread_letters(ledger)
    assert len(kept) == KEPT and kept[0].text == f"garbage {KEPT + 1}" and kept[-1].text == "garbage 2"
    assert ledger.ask(alarmlists.count_alarms)[alarmlists.ALL] == KEPT + 2, "each stands among the alarms"


def test_half_a_character_and_nothing_of_a_string_can_be_kept(ledger: Ledger) -> None:
    come(ledger, '{"alarmTime":"2026-11-23 08:30","deviceId":"Y\\ud800\\u0000G","address":"\\udc00"}', b"\x00\xff{")
    assert {row.number for row in rows(ledger)} == {"Y?G", ""} and not ledger.verify().faults


def test_what_comes_by_itself_is_not_what_undo_means(ledger: Ledger) -> None:
    ledger.do(alarms.register_sensor, number="YG-9")
    come(ledger, SAID)
    ledger.undo()
    assert len(rows(ledger)) == 1 and ledger.ask(alarmlists.list_sensors) == [], "the device was taken back, the alarm stays"
    come(ledger, SAID | {"alarmId": "A2"})
    ledger.redo()
    assert len(rows(ledger)) == 2 and len(ledger.ask(alarmlists.list_sensors)) == 1, "an alarm does not end redoing"


def test_whoever_may_not_register_books_nothing(ledger: Ledger) -> None:
    number = accounts.add_officer(ledger, "李红", ["audit"]).number
    ledger.sign_in(number)
    with pytest.raises(NotAllowed):
        come(ledger, SAID)


def test_deep_groups_are_followed_so_far(ledger: Ledger) -> None:
    said: dict[str, Any] = {"deviceId": "YG-1"}
    for _depth in range(DEEPEST):
        said = {"data": said}
    assert read({"alarmTime": "2026-11-23 08:30"} | said)
    assert alarmletters.read_letter(letter({"alarmTime": "2026-11-23 08:30", "data": said})).why


def test_alarms_without_a_number_differ_by_their_place(ledger: Ledger) -> None:
    one = {"alarmTime": "2026-11-23 08:30:15", "address": "祠堂路1号"}
    assert come(ledger, one, one | {"address": "祠堂路2号"}, one | {"alarmTime": str(AT + timedelta(minutes=1))[:19]}).new == 3
    assert come(ledger, one).there == 1
