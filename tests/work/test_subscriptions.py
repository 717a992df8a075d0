"""Where alarms are sent to us from: off at first, refused in words, the password inside the encrypted ledger and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.permits import NotAllowed
from gridapp.work import accounts, subscriptions
from gridapp.work.subscriptions import BadSubscription, Subscription
from tests import ledgers

PASSWORD = "推送密码-7f3a"
GOOD = Subscription(True, "mqtt.example.com", 8883, ("village/+/alarm", "town/#"), "village", PASSWORD, True, "PEM")


def test_it_is_off_until_somebody_turns_it_on(ledger: Ledger) -> None:
    assert subscriptions.listening(ledger) is None and subscriptions.subscription(ledger) == (Subscription(), False)
    subscriptions.keep_subscription(ledger, replace(GOOD, on=False))
    assert subscriptions.listening(ledger) is None
    subscriptions.keep_subscription(ledger, GOOD)
    told = subscriptions.listening(ledger)
    assert told is not None and told.where == GOOD


def test_the_password_stays_where_an_empty_field_is_saved_and_is_never_shown(ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    subscriptions.keep_subscription(ledger, replace(GOOD, password="", port=1884), same_password=True)
    shown, there = subscriptions.subscription(ledger)
    told = subscriptions.listening(ledger)
    assert (shown.password, there) == ("", True) and told is not None and told.where.password == PASSWORD and PASSWORD not in repr(told)


def test_the_password_of_one_server_is_not_sent_to_another(ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    for way in (subscriptions.keep_subscription, subscriptions.to_try):
        with pytest.raises(subscriptions.OtherServer, match="不会发给它"):
            way(ledger, replace(GOOD, password="", host="elsewhere.example.com"), same_password=True)
    assert subscriptions.subscription(ledger)[0].host == GOOD.host


def test_no_file_holds_the_password_in_the_clear(ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    folder = ledger.path.parent
    ledger.close()
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert written and not any(PASSWORD.encode() in path.read_bytes() or b"mqtt.example.com" in path.read_bytes() for path in written)
    with ledgers.reopen(Path(ledger.path)) as again:
        told = subscriptions.listening(again)
        assert told is not None and told.where.password == PASSWORD


def test_the_server_knows_us_by_the_same_name_always_and_a_trial_by_another(ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    first, second = subscriptions.listening(ledger), subscriptions.listening(ledger)
    assert first is not None and first == second and len(first.name) == 23 and first.name.isalnum()
    assert subscriptions.to_try(ledger, replace(GOOD, host="other")).name != first.name
    assert subscriptions.subscription(ledger)[0].host == GOOD.host, "a trial keeps nothing"



def test_topics_that_are_wanted_no_more_are_remembered_for_their_server(ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    subscriptions.keep_subscription(ledger, replace(GOOD, topics=("new", "town/#")))
    subscriptions.keep_subscription(ledger, replace(GOOD, topics=("new",)))
    assert subscriptions.subscription(ledger)[0].former == ("town/#", "village/+/alarm")
    subscriptions.keep_subscription(ledger, replace(GOOD, topics=("village/+/alarm",)))
    assert subscriptions.subscription(ledger)[0].former == ("new", "town/#")
    subscriptions.keep_subscription(ledger, replace(GOOD, host="other.example.com"))
    assert subscriptions.subscription(ledger)[0].former == ()


@pytest.mark.parametrize(("wrong", "said"), [
    ({"host": ""}, "服务器地址"), ({"host": "mqtt://a"}, "服务器地址"), ({"host": "a b"}, "服务器地址"), ({"port": 0}, "端口"), ({"port": 70000}, "端口"), ({"topics": (" ",)}, "没有填主题"),
    ({"topics": ("a/#/b",)}, "“a/#/b”"), ({"topics": ("a", "b+")}, "“b\\+”"), ({"topics": tuple(map(str, range(21)))}, "最多填 20 个")])
def test_what_cannot_work_is_refused_and_what_was_kept_stays(ledger: Ledger, wrong: dict[str, object], said: str) -> None:
    subscriptions.keep_subscription(ledger, GOOD)
    with pytest.raises(BadSubscription, match=said):
        subscriptions.keep_subscription(ledger, replace(GOOD, **wrong))  # type: ignore[arg-type]
    assert subscriptions.subscription(ledger)[0] == replace(GOOD, password="")


def test_whoever_does_not_manage_changes_nothing(ledger: Ledger) -> None:
    number = accounts.add_officer(ledger, "李红", ["grid"]).number
    ledger.sign_in(number)
    with pytest.raises(NotAllowed):
        subscriptions.keep_subscription(ledger, GOOD)
