"""Where alarms are sent to us from (推送设置): the maker's server, its topics and who we are there; kept inside the encrypted ledger, off until somebody turns it on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b

from gridapp.errors import Mistake
from gridapp.ledger import MANAGE, PLAIN, REGISTER, Ledger, gated
from gridapp.texts import _

_KEPT_AS = "alarm subscription"
PORT, TLS_PORT = 1883, 8883
#: bytes of the longest topic a server takes, and so many topics at most
LONGEST_TOPIC, MOST_TOPICS = 65535, 20


class BadSubscription(Mistake):
    """What was typed cannot be a server, a port or a topic."""


class OtherServer(Mistake):
    """The password that is kept was typed for another server: it is not sent to this one."""

    def __init__(self, host: str) -> None:
        super().__init__(_("服务器改成了“{0}”，原来的密码不会发给它。请把密码再填一遍。").format(host[:60]))


@dataclass(frozen=True)
class Subscription:
    """The maker's server (MQTT broker) and what is heard there; `ca`: its authority as PEM ('' for the system's own list).

    `former`: topics we once asked for and want no more; the server is told so.
    """

    on: bool = False
    host: str = ""
    port: int = PORT
    topics: tuple[str, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca: str = field(default="", repr=False)
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listening:
    """All it takes to hear alarms from this ledger: the settings, and the name the server keeps our messages under while we are away."""

    where: Subscription
    name: str


@gated(PLAIN)
def subscription(ledger: Ledger) -> tuple[Subscription, bool]:
    """What was kept, without the password; and whether there is one."""
    kept = _kept(ledger)
    return replace(kept, password=""), bool(kept.password)


@gated(REGISTER)
def listening(ledger: Ledger) -> Listening | None:
    """What is heard from this ledger; None where it is off, and in a town's ledger: alarms come to the village."""
    kept = _kept(ledger)
    return Listening(kept, _name_of(ledger)) if kept.on and ledger.scope.startswith("v:") else None


@gated(MANAGE)
def keep_subscription(ledger: Ledger, told: Subscription, same_password: bool = False) -> None:
    """From now on this counts; `same_password`: the one that is kept stays. Raises BadSubscription, OtherServer."""
    ledger.keep_secret(_KEPT_AS, json.dumps(asdict(_whole(ledger, told, same_password)), ensure_ascii=False))


@gated(MANAGE)
def to_try(ledger: Ledger, told: Subscription, same_password: bool = False) -> Listening:
    """The same for a trial, under a name of its own: nothing is kept, and what waits for us is left alone. Raises BadSubscription, OtherServer."""
    return Listening(_whole(ledger, replace(told, on=True), same_password), _name_of(ledger, "trial"))


def _name_of(ledger: Ledger, purpose: str = "") -> str:
    """The same for this station always, 23 characters: more need not be taken (MQTT 3.1.1, 3.1.3.1)."""
    return "gridapp" + blake2b(ledger.device, digest_size=8, key=purpose.encode()).hexdigest()


def _kept(ledger: Ledger) -> Subscription:
    told = json.loads(ledger.secret(_KEPT_AS) or "{}")
    return Subscription(**told | {"topics": tuple(told.get("topics", ())), "former": tuple(told.get("former", ()))})


def _whole(ledger: Ledger, told: Subscription, same_password: bool) -> Subscription:
    """With the password that is kept and the topics to give up; refused where it could not work."""
    before = _kept(ledger)
    told = replace(told, host=told.host.strip(), topics=tuple(dict.fromkeys(t.strip() for t in told.topics if t.strip())))
    if told.on or told.host:
        _refuse(told)
    if same_password and before.password and before.host != told.host:
        raise OtherServer(told.host)
    once = {*before.former, *before.topics} if before.host == told.host else set()
    return replace(told, password=before.password if same_password else told.password, former=tuple(sorted(once - {*told.topics})))


def _refuse(told: Subscription) -> None:
    if not told.host or any(c.isspace() or c in "/@" for c in told.host):
        raise BadSubscription(_("服务器地址“{0}”写得不对，没有保存。请只写厂家给的域名或 IP，不带“mqtt://”和空格。").format(told.host[:60]))
    if not 1 <= told.port <= 65535:
        raise BadSubscription(_("端口要在 1 到 65535 之间，没有保存。厂家没有说的，不加密用 {0}，加密用 {1}。").format(PORT, TLS_PORT))
    if not told.topics:
        raise BadSubscription(_("没有填主题，没有保存。请填厂家给的主题，几个的用空格隔开。"))
    bad = [topic for topic in told.topics if not _is_topic(topic)]
    if bad or len(told.topics) > MOST_TOPICS:
        raise BadSubscription(_("主题“{0}”写得不对，没有保存。“+”要独占一层，“#”只能在最后一层。").format(bad[0][:60]) if bad else
                              _("最多填 {0} 个主题，没有保存。请用“+”或“#”合起来写。").format(MOST_TOPICS))


def _is_topic(topic: str) -> bool:
    """A topic filter of MQTT 3.1.1, 4.7."""
    levels = topic.split("/")
    wild = all(level in ("+", "#") or not {"+", "#"} & set(level) for level in levels)
    return wild and "#" not in levels[:-1] and "\0" not in topic and len(topic.encode(errors="replace")) <= LONGEST_TOPIC
