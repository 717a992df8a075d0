"""Alarms that are sent to the open window by a real server: booked before they are acknowledged, told on the screen, stopped with the ledger."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp import logs, places
from gridapp.devices.subscriber import Subscriber
from gridapp.ledger import Ledger
from gridapp.store.files import DiskFull
from gridapp.work import alarmletters, alarmlists, alarms, subscriptions
from gridapp.work.subscriptions import Subscription
from tests import ledgers
from tests.broker import HOST, PASSWORD, USER, Broker
from tests.ui.test_disputes import shown
from tests.ui.test_screens import SIZES, clipped, too_wide
from ui import jobs

CONTROL = Qt.KeyboardModifier.ControlModifier
SAID = {"alarmTime": "2026-11-23 08:30:15", "deviceId": "YG-1", "alarmType": "烟雾", "address": "祠堂路1号"}
PATIENCE_MS = 20_000


def where(broker: Broker, **told: Any) -> Subscription:
    return replace(Subscription(True, HOST, broker.port, ("alarm/#",), USER, PASSWORD), **told)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again soon."""
    begin = Subscriber.__init__
    monkeypatch.setattr(Subscriber, "__init__", lambda self, told, tell: begin(self, told, tell, waits=(0.05, 0.4)))


@pytest.fixture
def heard(broker: Broker, ledger: Ledger, open_office: Callable[..., Any], quick: None) -> Any:
    """A window that listens to the server."""
    subscriptions.keep_subscription(ledger, where(broker))
    office = open_office(ledger)
    until(office, lambda: office.desk.post.words == "已连接")
    return office


def until(office: Any, true: Callable[[], bool]) -> None:
    office.qtbot.waitUntil(true, timeout=PATIENCE_MS)
    office.settle()


def send(broker: Broker, said: Any = SAID) -> None:
    broker.send("alarm/1", said if isinstance(said, str | bytes) else json.dumps(said))


def count(office: Any) -> int:
    number: int = office.desk.ledger.ask(alarmlists.count_alarms)[alarmlists.ALL]
    return number


@contextmanager
def reopened(office: Any, open_office: Callable[..., Any]) -> Iterator[Any]:
    """The ledger closed, something happening, and open in another window."""
    path = office.desk.ledger.path
    office.close()
    yield lambda: open_office(ledgers.reopen(path))


def test_it_is_off_by_default_and_makes_no_connection(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_told: object, **_named: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket, "create_connection", made)
    monkeypatch.setattr(socket.socket, "connect", made)
    busy.desk.post.begin()
    screen = busy.show("alarms")
    assert busy.desk.post.subscriber is None and busy.desk.post.worker is None and busy.desk.post.words == "" and not screen.post.isVisible()


def test_an_alarm_comes_stands_in_the_list_and_on_the_line_above(heard: Any, broker: Broker) -> None:
    screen = heard.show("alarms")
    assert screen.post.isVisible() and screen.post.state.text() == "已连接" and screen.post.state.property("pill") == "green"
    send(broker)
    until(heard, lambda: count(heard) == 1)
    assert "祠堂路1号" in shown(screen) and screen.post.news.text() == "收到告警 1 条，设备 YG-1 没有登记"
    send(broker)
    send(broker, SAID | {"deviceId": "YG-2"})
    until(heard, lambda: count(heard) == 2)
    assert [row.number for row in heard.desk.ledger.ask(alarmlists.list_alarms)] == ["YG-2", "YG-1"], "the same one once"


def test_what_cannot_be_read_and_what_is_too_long_is_told_kept_and_shown_whole(heard: Any, broker: Broker) -> None:
    screen = heard.show("alarms")
    send(broker, "烟感报警 祠堂路1号")
    send(broker, b"x" * (alarmletters.LONGEST + 1))
    until(heard, lambda: count(heard) == 2)
    assert "看不懂" in screen.post.news.text() and "推送看不懂" in shown(screen)
    heard.press(Qt.Key.Key_U, CONTROL, widget=screen)
    page = screen.currentWidget()
    assert "超过了 64 KB" in shown(page)
    page.rows.table.selectRow(1)
    heard.settle()
    assert "烟感报警 祠堂路1号" in shown(page) and "不是 JSON 格式" in shown(page)
    heard.press(Qt.Key.Key_Escape, widget=page)
    assert screen.currentWidget() is screen.list


def test_a_server_that_goes_is_told_on_the_line_and_never_in_a_box(heard: Any, broker: Broker) -> None:
    screen = heard.show("alarms")
    broker.end()
    until(heard, lambda: screen.post.state.text() in ("断开", "重连中") and "秒后重连" in screen.post.news.text())
    assert screen.post.state.property("pill") == "yellow"
    heard.window.resize(SIZES[0])
    heard.settle()
    assert too_wide(heard.window) == [] and clipped(heard.window) == []
    broker.begin()
    until(heard, lambda: screen.post.state.text() == "已连接")
    send(broker)
    until(heard, lambda: count(heard) == 1)
    assert heard.told == []


def test_what_is_sent_while_the_ledger_is_closed_comes_when_it_is_open(heard: Any, broker: Broker, open_office: Callable[..., Any]) -> None:
    with reopened(heard, open_office) as again:
        send(broker)
        later = again()
    until(later, lambda: count(later) == 1)


def test_killed_before_it_was_acknowledged_it_comes_again_and_is_booked_once(heard: Any, broker: Broker, open_office: Callable[..., Any],
                                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Subscriber, "saved", lambda _self, _came: None)
        send(broker)
        until(heard, lambda: count(heard) == 1)
        with reopened(heard, open_office) as again:
            pass
    saved, told = list[Any](), Subscriber.saved
    monkeypatch.setattr(Subscriber, "saved", lambda self, came: saved.append(came) or told(self, came))
    later = again()
    until(later, lambda: bool(saved))
    assert saved[0].letter.again and count(later) == 1


def test_what_could_not_be_saved_is_not_acknowledged_and_is_saved_when_it_comes_again(heard: Any, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = list[int]()

    def full(*_told: Any) -> Any:
        tried.append(1)
        raise DiskFull

    screen = heard.show("alarms")
    with monkeypatch.context() as patch:
        patch.setattr(alarmletters, "book", full)
        send(broker)
        until(heard, lambda: len(tried) >= 2)
        assert "磁盘已满" in screen.post.news.text() and count(heard) == 0
    until(heard, lambda: count(heard) == 1)
    assert heard.told == []


def test_locking_ends_it(heard: Any, broker: Broker) -> None:
    heard.began = list[str]()
    heard.window._anew = heard.began.append
    worker = heard.desk.post.worker
    heard.window.lock()
    heard.qtbot.waitUntil(lambda: bool(heard.began), timeout=PATIENCE_MS)
    heard.closed = True
    assert heard.desk.post.subscriber is None and not worker._thread.is_alive()


def test_a_network_that_does_not_answer_keeps_nobody_from_closing(open_office: Callable[..., Any], ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread hangs in the network while the window closes; what it tells afterwards is for nobody."""
    import threading

    hangs, lets_go = threading.Event(), threading.Event()

    def hang(*_told: object, **_named: object) -> None:
        hangs.set()
        lets_go.wait(20)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)
    monkeypatch.setattr(jobs, "LEAVING_SECONDS", 0.05)
    subscriptions.keep_subscription(ledger, Subscription(True, "mqtt.example.com", 1883, ("a",)))
    office = open_office(ledger)
    office.qtbot.waitUntil(hangs.is_set, timeout=PATIENCE_MS)
    thread = office.desk.post.worker._thread
    office.close()
    assert thread.is_alive() and office.desk.ledger is None
    lets_go.set()
    thread.join(20)
    assert not thread.is_alive() and office.crashed == []


def test_nothing_of_a_message_is_in_the_log(heard: Any, broker: Broker) -> None:
    logs.begin()
    try:
        send(broker, "祠堂路1号 garbage")
        send(broker)
        until(heard, lambda: count(heard) == 2)
    finally:
        logs.end()
    written = [path.read_text("utf-8") for path in places.log_dir().glob("*")] if places.log_dir().exists() else []
    assert not any(word in text for text in written for word in ("祠堂路", "YG-1", "garbage", PASSWORD, "alarm/1"))


# ---------------------------------------------------------------- settings

def fill(card: Any, told: Subscription) -> None:
    for field, text in ((card.host, told.host), (card.port, str(told.port)), (card.topics, " ".join(told.topics)), (card.user, told.user), (card.password, told.password)):
        field.setText(text)
        field.setModified(True)


def test_trying_says_in_one_sentence_whether_it_works(office: Any, broker: Broker) -> None:
    [card] = office.show("settings").post
    for told, said in ((where(broker), f"✓ 连上了 {HOST}"), (where(broker, password="wrong"), "服务器不认这个用户名或密码"), (where(broker, host=""), "服务器地址")):
        fill(card, told)
        card.try_button.click()
        until(office, card.try_button.isEnabled)
        assert said in card.told.text() and office.desk.post.subscriber is None, "nothing is begun by it"


def test_what_is_saved_counts_at_once_and_off_ends_it(office: Any, broker: Broker, quick: None) -> None:
    [card] = office.show("settings").post
    fill(card, where(broker))
    card.on.click()
    card.save_button.click()
    until(office, lambda: office.desk.post.words == "已连接")
    assert "✓ 已保存" in card.told.text() and card.password.text() == "" and "不改就空着" in card.password.placeholderText()
    card.save_button.click()
    until(office, lambda: office.desk.post.words == "已连接")
    send(broker)
    until(office, lambda: count(office) == 1)
    card.off.click()
    card.save_button.click()
    office.settle()
    assert office.desk.post.subscriber is None and "现在不收" in card.told.text() and subscriptions.subscription(office.desk.ledger)[1]


def test_what_is_being_typed_stays_while_others_change_the_ledger(office: Any) -> None:
    screen = office.show("settings")
    [card] = screen.post
    card.host.setFocus()
    office.qtbot.keyClicks(card.host, "mqtt.example.com")
    office.desk.do(alarms.register_sensor, number="YG-1")
    office.settle()
    assert card.host.text() == "mqtt.example.com"


def test_a_file_that_is_no_authority_is_said_and_a_good_one_is_kept(office: Any, tmp_path: Path) -> None:
    from gridapp.store.vault import server_papers

    [card] = office.show("settings").post
    path = tmp_path / "ca.pem"
    path.write_text("nonsense", "utf-8")
    card.tls.click()
    card.take_ca(path)
    assert "里没有证书" in card.told.text()
    authority = server_papers([HOST])[0]
    path.write_text(authority, "ascii")
    card.take_ca(path)
    fill(card, Subscription(True, "mqtt.example.com", 8883, ("a",)))
    card.off.click()
    card.save_button.click()
    office.settle()
    kept = subscriptions.subscription(office.desk.ledger)[0]
    assert (kept.ca, kept.tls, kept.on) == (authority, True, False)
