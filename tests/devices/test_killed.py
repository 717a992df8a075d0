"""A real process killed between the disk and the receipt: the alarm comes again and is there once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

from gridapp.devices.subscriber import Came, State, Subscriber
from gridapp.ledger import Ledger
from gridapp.work import alarmletters, alarmlists, subscriptions
from gridapp.work.subscriptions import Subscription
from tests import ledgers
from tests.broker import HOST, PASSWORD, ROOT, USER, Broker

SAID = '{"alarmTime": "2026-11-23 08:30:15", "deviceId": "YG-1", "alarmType": "烟雾"}'
PATIENCE = 30


def listen(ledger: Ledger, wanted: type[State] | type[Came]) -> State | Came:
    """Listen until the server has taken our topics, or until something came, which is booked and acknowledged."""
    told, news = subscriptions.listening(ledger), SimpleQueue[State | Came]()
    assert told is not None
    subscriber = Subscriber(told, news.put)
    thread = threading.Thread(target=subscriber.run)
    thread.start()
    try:
        while not isinstance(found := news.get(timeout=PATIENCE), wanted) or isinstance(found, State) and not found.on:
            pass
        if isinstance(found, Came):
            alarmletters.book(ledger, [found.letter])
            subscriber.saved(found)
        return found
    finally:
        subscriber.stop()
        thread.join(PATIENCE)


def test_killed_before_the_receipt_it_comes_again_and_is_booked_once(broker: Broker, ledger: Ledger) -> None:
    subscriptions.keep_subscription(ledger, Subscription(True, HOST, broker.port, ("alarm/#",), USER, PASSWORD))
    listen(ledger, State)
    path = Path(ledger.path)
    ledger.close()
    broker.send("alarm/1", SAID)
    listener = subprocess.Popen([sys.executable, "-m", "tests.devices.listener", str(path)], cwd=ROOT, text=True, stdout=subprocess.PIPE)
    assert listener.stdout is not None
    assert listener.stdout.readline() == "booked\n"
    listener.kill()
    listener.wait()
    listener.stdout.close()
    with ledgers.reopen(path) as again:
        assert count(again) == 1, "it was on the disk"
        came = listen(again, Came)
        assert isinstance(came, Came) and came.letter.body.decode() == SAID and count(again) == 1
        broker.send("alarm/1", SAID.replace("YG-1", "YG-2"))
        listen(again, Came)
        assert count(again) == 2, "the first was acknowledged and did not come a third time"


def count(ledger: Ledger) -> int:
    number: int = ledger.ask(alarmlists.count_alarms)[alarmlists.ALL]
    return number
