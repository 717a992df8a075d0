"""The subscriber against a real broker: what comes, what is told received when, how it comes back, and why it could not, in words."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from gridapp.devices import reaching, subscriber
from gridapp.devices.subscriber import Came, State, Subscriber, try_out
from gridapp.store.vault import server_papers
from gridapp.work.alarmletters import LONGEST
from gridapp.work.subscriptions import Listening, Subscription
from tests.broker import HOST, PASSWORD, USER, Broker, free_port, password_file

#: seconds until something that must come has not come
PATIENCE = 20


class Heard:
    """A subscriber in a thread, and what it told, in order."""

    def __init__(self, told: Listening, **named: Any) -> None:
        self.news: SimpleQueue[State | Came] = SimpleQueue()
        self.states = list[State]()
        self.subscriber = Subscriber(told, self.news.put, waits=(0.05, 0.4), **named)
        self._thread = threading.Thread(target=self.subscriber.run)
        self._thread.start()

    def letter(self) -> Came:
        """The next message."""
        while True:
            told = self.news.get(timeout=PATIENCE)
            if isinstance(told, Came):
                return told
            self.states.append(told)

    def state(self, wanted: Callable[[State], bool]) -> State:
        """The next such state; messages before it are passed by."""
        while True:
            told = self.news.get(timeout=PATIENCE)
            if isinstance(told, State):
                self.states.append(told)
                if wanted(told):
                    return told

    def on(self) -> Heard:
        self.state(lambda s: s.on)
        return self

    def stop(self) -> None:
        self.subscriber.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def listen() -> Iterator[Callable[..., Heard]]:
    """Begins subscribers, and ends them all."""
    begun = list[Heard]()

    def begin(told: Listening, **named: Any) -> Heard:
        begun.append(Heard(told, **named))
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


def at(broker: Broker, **told: Any) -> Listening:
    return Listening(replace(Subscription(True, HOST, broker.port, ("alarm/#",), USER, PASSWORD), **told), "gridapp0123456789abcdef")


def nothing_waits(broker: Broker, listen: Callable[..., Heard]) -> None:
    """The server has nothing more for us: the first that comes is what is sent now."""
    again = listen(at(broker)).on()
    broker.send("alarm/z", "last")
    came = again.letter()
    assert came.letter.body == b"last"
    again.subscriber.saved(came)
    again.stop()


def test_a_message_comes_and_is_sent_again_until_it_was_saved(broker: Broker, listen: Callable[..., Heard]) -> None:
    first = listen(at(broker)).on()
    broker.send("alarm/a", "响了")
    came = first.letter()
    assert (came.letter.topic, came.letter.body.decode(), came.letter.size, came.letter.again) == ("alarm/a", "响了", 6, False)
    first.stop()
    second = listen(at(broker))
    same = second.letter()
    assert same.letter.body == came.letter.body and same.letter.again, "nobody had said that it was saved"
    second.subscriber.saved(same)
    second.stop()
    nothing_waits(broker, listen)


def test_a_receipt_of_an_earlier_connection_acknowledges_nothing(broker: Broker, listen: Callable[..., Heard]) -> None:
    first = listen(at(broker)).on()
    broker.send("alarm/a", "1")
    early = first.letter()
    first.stop()
    second = listen(at(broker))
    assert second.letter().receipt[1] == early.receipt[1], "the server calls it the same"
    second.subscriber.saved(early)
    second.stop()
    assert listen(at(broker)).letter().letter.body == b"1"


def test_what_is_sent_while_we_are_off_comes_afterwards(broker: Broker, listen: Callable[..., Heard]) -> None:
    listen(at(broker)).on().stop()
    broker.send("alarm/a", "at night")
    later = listen(at(broker))
    came = later.letter()
    assert came.letter.body == b"at night"
    later.subscriber.saved(came)


def test_what_could_not_be_saved_comes_once_more(broker: Broker, listen: Callable[..., Heard]) -> None:
    heard = listen(at(broker)).on()
    broker.send("alarm/a", "1")
    heard.letter()
    heard.subscriber.not_saved()
    assert "没能保存" in heard.state(lambda s: s.again > 0).words
    again = heard.letter()
    assert again.letter.body == b"1"
    heard.subscriber.saved(again)


def test_a_server_that_goes_and_comes_is_found_again_with_growing_waits(broker: Broker, listen: Callable[..., Heard]) -> None:
    heard = listen(at(broker)).on()
    broker.end()
    heard.state(lambda s: "没有服务" in s.words and s.again >= 0.4)
    waits = [s.again for s in heard.states if s.again]
    assert waits == sorted(waits) and waits[0] == 0.05 and waits[-1] == 0.4, "longer each time, up to the longest"
    broker.begin()
    heard.on()
    broker.send("alarm/a", "back")
    came = heard.letter()
    assert came.letter.body == b"back"
    heard.subscriber.saved(came)
    broker.end()
    assert heard.state(lambda s: s.again > 0).again == 0.05, "once it worked, the waits begin anew"


def test_of_a_message_that_is_too_large_only_the_beginning_is_taken(broker: Broker, listen: Callable[..., Heard]) -> None:
    heard = listen(at(broker)).on()
    broker.send("alarm/a", b"x" * (LONGEST + 1))
    letter = heard.letter().letter
    assert (letter.size, len(letter.body)) == (LONGEST + 1, LONGEST)


def test_more_than_so_many_in_a_minute_wait_with_the_server(broker: Broker, listen: Callable[..., Heard], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriber, "MINUTE", 0.5)
    listen(at(broker)).on().stop()
    for number in range(5):
        broker.send("alarm/a", str(number))
    heard = listen(at(broker), most=2)
    seen, told, at_first = set[str](), list[str](), 0
    while len(seen) < 5:
        news = heard.news.get(timeout=PATIENCE)
        if isinstance(news, Came):
            seen.add(news.letter.body.decode())
            at_first += not told
            heard.subscriber.saved(news)
        elif news.words:
            told.append(news.words)
    assert at_first == 2 and "来得太多" in told[0], "all five wait there, two are taken"


def test_topics_we_want_no_more_are_given_up(broker: Broker, listen: Callable[..., Heard]) -> None:
    listen(at(broker)).on().stop()
    other = listen(at(broker, topics=("other",), former=("alarm/#",))).on()
    broker.send("alarm/a", "old")
    broker.send("other", "new")
    came = other.letter()
    assert came.letter.body == b"new"
    other.subscriber.saved(came)


def test_a_wrong_password_is_said_and_tried_again(broker: Broker, listen: Callable[..., Heard]) -> None:
    assert listen(at(broker, password="wrong")).state(lambda s: s.again > 0).words == "服务器不认这个用户名或密码"


def test_a_topic_the_server_does_not_give_is_said(broker: Broker, listen: Callable[..., Heard]) -> None:
    assert listen(at(broker, topics=("alarm/a", "top-secret"))).state(lambda s: s.again > 0).words == "服务器不让订主题“top-secret”"


# ---------------------------------------------------------------- trying

def test_trying_says_in_a_sentence_that_it_works_and_takes_nothing_away(broker: Broker, listen: Callable[..., Heard]) -> None:
    listen(at(broker)).on().stop()
    broker.send("alarm/a", "waits")
    assert try_out(replace(at(broker), name="gridapptrial")) == f"✓ 连上了 {HOST}，1 个主题都能收。"
    later = listen(at(broker))
    came = later.letter()
    assert came.letter.body == b"waits"
    later.subscriber.saved(came)


def test_trying_says_why_not(broker: Broker) -> None:
    assert try_out(at(broker, password="wrong")) == "没有连上：服务器不认这个用户名或密码。"
    assert "那里没有服务" in try_out(at(broker, port=free_port()))
    assert "CA 文件里没有证书" in try_out(at(broker, tls=True, ca="nonsense"))
    assert "不让订主题“top-secret”" in try_out(at(broker, topics=("alarm/a", "top-secret")))


def test_a_name_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_told: object, **_named: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "create_connection", unknown)
    assert try_out(Listening(Subscription(True, "mqtt.example.com", 1883, ("a",)), "x")) == "没有连上：找不到服务器“mqtt.example.com”，请核对地址和网络。"


def test_a_port_where_something_else_listens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriber, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(reaching, "CONNECT_SECONDS", 0.3)
    with socket.create_server((HOST, 0)) as silent:
        told = Listening(Subscription(True, HOST, silent.getsockname()[1], ("a",)), "x")
        assert "没有按 MQTT 回答" in try_out(told)
        assert "没有按加密的办法回答" in try_out(replace(told, where=replace(told.where, tls=True)))


def test_tls_holds_the_server_against_the_authority_of_the_maker(tmp_path: Path, listen: Callable[..., Heard]) -> None:
    certificate, key = server_papers([HOST])
    paths = tmp_path / "c.pem", tmp_path / "k.pem"
    for path, text in zip(paths, (certificate, key), strict=True):
        path.write_text(text, "ascii")
    broker = Broker(password_file(tmp_path), paths).begin()
    try:
        assert try_out(at(broker, tls=True, ca=certificate)).startswith("✓ 连上了")
        assert "证书不可信" in try_out(at(broker, tls=True))
        assert "证书不可信" in try_out(at(broker, tls=True, ca=server_papers([HOST])[0]))
        listen(at(broker, tls=True, ca=certificate)).on()
    finally:
        broker.end()


def test_no_word_of_a_connection_shows_the_password(broker: Broker) -> None:
    assert PASSWORD not in repr(at(broker))
