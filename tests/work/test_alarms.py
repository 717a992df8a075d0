"""Alarms: kept whatever device they come from, the same one once, judged, and what a real one becomes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gridapp.errors import Mistake
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Ledger
from gridapp.records import Alarm, Sensor
from gridapp.work import alarmlists, alarms, eventlists, hazards, waiting
from gridapp.work.alarms import FALSE, REAL, TEST, Told, verdict
from tests.ledgers import TODAY

AT = datetime(2026, 11, 23, 8, 30, 15, tzinfo=BEIJING)


def rang(ledger: Ledger, *told: Told) -> int:
    taken: int = ledger.do(alarms.take_in_alarms, told).result
    return taken


def one(ledger: Ledger, which: str = alarmlists.ALL) -> alarmlists.AlarmRow:
    row: alarmlists.AlarmRow = ledger.ask(alarmlists.list_alarms, which)[0]
    return row


def test_the_same_alarm_told_twice_is_there_once(ledger: Ledger) -> None:
    first, again = Told(AT, "YG-1", "01", "祠堂路1号"), Told(AT, "YG-1", "01", "祠堂路1号", "响了")
    other, named = Told(AT, "YG-1", "05"), Told(AT, "YG-2", "01", serial="S1")
    assert rang(ledger, first, again, other, named) == 3
    weighed = ledger.ask(alarms.weigh_alarms, [first, other, named, Told(AT + timedelta(seconds=1), "YG-1", "01")])
    assert (len(weighed.new), weighed.there, weighed.unknown) == (1, 3, ("YG-1",))
    assert rang(ledger, first, other, named) == 0 and ledger.ask(alarmlists.count_alarms)[alarmlists.ALL] == 3


def test_two_makers_may_use_the_same_serial(ledger: Ledger) -> None:
    assert rang(ledger, Told(AT, "YG-1", "01", serial="1"), Told(AT, "ZA-1", "08", serial="1")) == 2


def test_an_alarm_of_an_unknown_device_is_kept_and_gets_its_place_when_the_device_is_registered(ledger: Ledger) -> None:
    rang(ledger, Told(AT, "YG-1", "01"))
    assert ledger.ask(alarmlists.count_alarms)[alarmlists.STRANGE] == 1
    ledger.do(alarms.register_sensor, number="YG-1", kind="01", place="祠堂路1号 2楼")
    assert ledger.ask(alarmlists.count_alarms)[alarmlists.STRANGE] == 0 and one(ledger).place == "祠堂路1号 2楼"
    rang(ledger, Told(AT + timedelta(days=1), "YG-1", "04"))
    assert one(ledger).place == "祠堂路1号 2楼", "a later one is placed at once"
    card = ledger.ask(alarmlists.alarm_card, one(ledger).id)
    assert card.sensor.number == "YG-1" and len(card.others) == 1


def test_a_device_is_registered_once(ledger: Ledger) -> None:
    made = ledger.do(alarms.register_sensor, number="YG-1").result
    other = ledger.do(alarms.register_sensor, number="YG-2").result
    with pytest.raises(alarms.SensorThere, match="已经登记过"):
        ledger.do(alarms.register_sensor, number="YG-1")
    with pytest.raises(alarms.SensorThere):
        ledger.do(alarms.correct_sensor, other, number="YG-1")
    ledger.do(alarms.correct_sensor, made, number="YG-1", place="村口")
    assert ledger.ask(alarmlists.sensor_card, made).record.place == "村口"
    assert [row.number for row in ledger.ask(alarmlists.list_sensors)] == ["YG-1", "YG-2"]


def test_a_real_one_becomes_a_hazard_with_its_story(ledger: Ledger) -> None:
    rang(ledger, Told(AT, "YG-1", "01", "祠堂路1号", "二楼烟雾"))
    ledger.do(alarms.judge_alarm, one(ledger).id, verdict(REAL), "厨房无人看管", becomes=alarms.HAZARD, degree="02")
    card = ledger.ask(alarmlists.alarm_card, one(ledger).id)
    hazard = ledger.ask(hazards.hazard_card, card.record.hazard)
    assert (hazard.record.place, hazard.record.content, hazard.record.degree) == ("祠堂路1号", "烟雾：厨房无人看管", "02")
    assert [line.step for line in hazard.story] == ["发现"] and card.became == ("hazard", "烟雾：厨房无人看管")
    with pytest.raises(alarms.AlreadyBecome):
        ledger.do(alarms.judge_alarm, one(ledger).id, verdict(FALSE))
    ledger.undo()
    assert one(ledger).verdict is None and ledger.ask(hazards.count_hazards)[hazards.ALL] == 0, "one act, taken back as one"


def test_a_real_one_becomes_an_event_at_the_time_it_rang(ledger: Ledger) -> None:
    made = ledger.do(alarms.register_alarm, TODAY, "23:05", place="村口", kind="08", content="有人翻墙").result
    ledger.do(alarms.judge_alarm, made, verdict(REAL), becomes=alarms.EVENT)
    [event] = ledger.ask(eventlists.list_events)
    record = ledger.ask(eventlists.event_card, event.id).record
    assert (record.title, record.day, record.time, record.content) == ("村口 陌生人员", TODAY, "23:05", "陌生人员：有人翻墙")


def test_false_ones_of_a_device_are_counted(ledger: Ledger) -> None:
    ledger.do(alarms.register_sensor, number="YG-1", place="祠堂路1号")
    rang(ledger, *(Told(AT + timedelta(hours=n), "YG-1", "01") for n in range(4)))
    for row in ledger.ask(alarmlists.list_alarms)[1:]:
        ledger.do(alarms.judge_alarm, row.id, verdict(FALSE), "炒菜")
    assert one(ledger).false_before == 3 == ledger.ask(alarmlists.alarm_card, one(ledger).id).false_before
    assert ledger.ask(alarmlists.list_sensors)[0].false_before == 3
    assert ledger.ask(alarmlists.count_alarms) == {alarmlists.OPEN: 1, alarmlists.STRANGE: 0, alarmlists.SURE: 0, alarmlists.WRONG: 3, alarmlists.ALL: 4}


def test_what_waits_stands_on_today(ledger: Ledger) -> None:
    rang(ledger, Told(AT, "YG-1", "01"))
    assert ("alarms", alarmlists.OPEN, 1) in [(w.screen, w.which, w.count) for w in ledger.ask(waiting.waiting)]
    ledger.do(alarms.judge_alarm, one(ledger).id, verdict(TEST))
    assert "alarms" not in [w.screen for w in ledger.ask(waiting.waiting)]


@pytest.mark.parametrize(("word", "becomes", "place", "said"), [(FALSE, alarms.HAZARD, "村口", "只有核实为“真实”"), (REAL, alarms.EVENT, None, "还缺：地点")])
def test_what_cannot_be_is_refused_and_the_alarm_stays_as_it_was(ledger: Ledger, word: str, becomes: str, place: str | None, said: str) -> None:
    rang(ledger, Told(AT, "YG-1", "01", place))
    with pytest.raises(Mistake, match=said):
        ledger.do(alarms.judge_alarm, one(ledger).id, verdict(word), becomes=becomes)
    assert one(ledger).verdict is None and ledger.ask(hazards.count_hazards)[hazards.ALL] == 0


def test_records_hold_what_was_told(ledger: Ledger) -> None:
    rang(ledger, Told(AT, "YG-1", "01", "村口", "响了", "S1"))
    with ledger.read() as read:
        alarm = read.get(Alarm, one(ledger).id)
        assert (alarm.at, alarm.serial, alarm.content, read.find(Sensor, alarm.sensor)) == (AT, "S1", "响了", None)
