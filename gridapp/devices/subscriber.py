"""Hears alarms that a maker's server (MQTT broker) sends; each is told received only when it was saved (ADR 0026).

Whoever calls `run` gives it a thread; everything of the connection is done in there, the two other methods only leave word.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from gridapp.devices.reaching import CONNECT_SECONDS, Unreached, client_for, refused_by, why_not
from gridapp.fields.kinds import BEIJING
from gridapp.texts import _
from gridapp.work.alarmletters import LONGEST, Letter
from gridapp.work.subscriptions import Listening

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

#: seconds the connection is listened to before one looks whether there is word from outside
TURN = 0.2
#: seconds until it is tried again, doubled each time up to the longest
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: messages in a minute; more stay with the server until the minute is over
MINUTE, MOST_A_MINUTE = 60.0, 120
#: numbers of connections: a receipt of an earlier one would acknowledge another message of this one
_connections = count(1)


@dataclass(frozen=True)
class State:
    """How the connection stands: `on`, or why not and `again`, seconds until it is tried once more; neither: it is being made."""

    on: bool
    words: str = ""
    again: float = 0


@dataclass(frozen=True)
class Came:
    """A letter, and what to leave word with when it was saved."""

    letter: Letter
    receipt: tuple[int, int]


class Subscriber:
    """One subscription, heard until `stop`. The server keeps what is sent while nobody listens (no clean session, QoS 1)."""

    def __init__(self, told: Listening, tell: Callable[[State | Came], Any], *, waits: tuple[float, float] = (FIRST_WAIT, LONGEST_WAIT),
                 most: int = MOST_A_MINUTE) -> None:
        """`tell` is called in the thread of `run`."""
        self._told, self._tell, self._waits, self._most = told, tell, waits, most
        self._word: SimpleQueue[tuple[int, int] | bool] = SimpleQueue()
        self._connection, self._ended, self._again = 0, False, False
        self._minute, self._heard = 0.0, 0
        self._refused: str | None = None
        #: let in; and heard, too: the server has taken our topics
        self._admitted, self._ready = False, False

    # -- word from outside, from any thread

    def saved(self, came: Came) -> None:
        """It is on the disk: the server need not send it any more."""
        self._word.put(came.receipt)

    def not_saved(self) -> None:
        """It is not: take up the connection anew after a while, and the server sends everything again that was not acknowledged."""
        self._word.put(False)

    def stop(self) -> None:
        """Leave; `run` ends within a turn, or when a connection that is being made was made or not."""
        self._word.put(True)

    # -- the thread's own

    def run(self) -> None:
        """Connect, listen, and connect again, until somebody says stop."""
        wait = self._waits[0]
        while not self._ended:
            self._tell(State(False))
            self._admitted = self._ready = False
            why = self._session()
            self._read_word(None)  # a stop that was said while a connection was being made
            if self._ended:
                break
            rest = self._minute + MINUTE - time.monotonic() if self._heard > self._most else 0
            wait = self._waits[0] if self._ready and not self._again else wait
            self._tell(State(False, _("一分钟里来得太多，其余的先留在服务器上") if rest > 0 else why, max(rest, wait)))
            self._pause(max(rest, wait))
            wait = min(wait * 2, self._waits[1])

    def _session(self) -> str:
        """One connection from beginning to end; why it ended."""
        self._connection = next(_connections)
        self._refused, self._again = None, False
        try:
            client = client_for(self._told, manual_ack=True)
            client.on_connect, client.on_subscribe, client.on_message = self._connected, self._subscribed, self._message
            client.connect(self._told.where.host, self._told.where.port, keepalive=30)
        except (OSError, ssl.SSLError, Unreached, UnicodeError) as error:
            return why_not(error, self._told.where)
        try:
            return self._listen(client)
        finally:
            client.disconnect()

    def _listen(self, client: Client) -> str:
        begun = time.monotonic()
        while not self._ended and not self._again:
            if client.loop(TURN) or self._refused is not None:
                return self._refused or _("和服务器的连接断了")
            if not self._admitted and time.monotonic() - begun > CONNECT_SECONDS:
                return _("服务器连上了却没有回答")
            if self._heard > self._most and time.monotonic() - self._minute < MINUTE:
                return ""
            self._read_word(client)
        return _("刚才的告警没能保存，稍后再收")

    def _read_word(self, client: Client | None) -> None:
        while True:
            try:
                word = self._word.get_nowait()
            except Empty:
                return
            self._take(word, client)

    def _take(self, word: tuple[int, int] | bool, client: Client | None) -> None:
        if word is True:
            self._ended = True
        elif word is False:
            self._again = True
        elif client is not None and word[0] == self._connection:
            client.ack(word[1], 1)

    def _pause(self, seconds: float) -> None:
        """Wait, unless somebody says stop; receipts of what came before are too late, and what they are for comes again."""
        until = time.monotonic() + seconds
        while not self._ended and (left := until - time.monotonic()) > 0:
            try:
                self._take(self._word.get(timeout=left), None)
            except Empty:
                return

    # -- what the client calls, within `loop`

    def _connected(self, client: Client, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        if code.is_failure:
            self._refused = refused_by(code)
            return
        self._admitted = True
        if self._told.where.former:
            client.unsubscribe(list(self._told.where.former))
        client.subscribe([(topic, 1) for topic in self._told.where.topics])

    def _subscribed(self, _client: Client, _data: Any, _mid: int, codes: list[Any], _properties: Any) -> None:
        lost = [topic for topic, code in zip(self._told.where.topics, codes, strict=False) if code.is_failure]
        if lost:
            self._refused = _("服务器不让订主题“{0}”").format("、".join(lost))
            return
        self._ready = True
        self._tell(State(True))

    def _message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        now = time.monotonic()
        if now - self._minute >= MINUTE:
            self._minute, self._heard = now, 0
        self._heard += 1
        if self._heard > self._most:
            return  # not acknowledged: the server sends it again
        body = bytes(message.payload)
        letter = Letter(_topic(message), body[:LONGEST], datetime.now(BEIJING).replace(microsecond=0), message.dup or message.retain, len(body))
        self._tell(Came(letter, (self._connection, message.mid)))


def _topic(message: MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "?"


def try_out(told: Listening) -> str:
    """Connect once under a name of its own and ask for the topics; one sentence that says whether it works. Nothing waits for anything but the network."""
    where, heard = told.where, list[str]()

    def connected(client: Client, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        if code.is_failure:
            heard.append(_("没有连上：{0}。").format(refused_by(code)))
        else:
            client.subscribe([(topic, 0) for topic in where.topics])

    def subscribed(_client: Client, _data: Any, _mid: int, codes: list[Any], _properties: Any) -> None:
        lost = [topic for topic, code in zip(where.topics, codes, strict=False) if code.is_failure]
        heard.append(_("连上了，但服务器不让订主题“{0}”，请向厂家核对主题。").format("、".join(lost)) if lost else
                     _("✓ 连上了 {0}，{1} 个主题都能收。").format(where.host, len(where.topics)))

    try:
        client = client_for(told, clean=True)
        client.on_connect, client.on_subscribe = connected, subscribed
        client.connect(where.host, where.port)
    except (OSError, ssl.SSLError, Unreached, UnicodeError) as error:
        return _("没有连上：{0}。").format(why_not(error, where))
    until = time.monotonic() + CONNECT_SECONDS
    while not heard and time.monotonic() < until and not client.loop(TURN):
        pass
    client.disconnect()
    return heard[0] if heard else _("没有连上：服务器没有按 MQTT 回答。请核对端口，以及要不要加密。")
