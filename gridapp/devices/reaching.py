"""Reaching a maker's server (MQTT broker): the client as we want it, and why it could not be reached, in words. paho is loaded when it is first needed."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

from gridapp.texts import _
from gridapp.work.subscriptions import Listening, Subscription

if TYPE_CHECKING:
    from paho.mqtt.client import Client

#: seconds until a server that does not answer counts as not reached
CONNECT_SECONDS = 5.0


class Unreached(Exception):
    """The file of the authority is none."""


def client_for(told: Listening, *, clean: bool = False, manual_ack: bool = False) -> Client:
    """A client of MQTT 3.1.1 that does nothing by itself: no thread, no reconnecting, no acknowledging, no log of its own. Raises Unreached."""
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    made = Client(CallbackAPIVersion.VERSION2, told.name, clean_session=clean, reconnect_on_failure=False, manual_ack=manual_ack)
    made.connect_timeout = CONNECT_SECONDS
    if told.where.user:
        made.username_pw_set(told.where.user, told.where.password or None)
    if told.where.tls:
        made.tls_set_context(_context(told.where.ca))
    return made


class _Shaken(ssl.SSLSocket):
    """Is closed when the other side does not shake hands: paho leaves that to the collector of rubbish."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _context(ca: str) -> ssl.SSLContext:
    try:
        made = ssl.create_default_context(cadata=ca or None)
        made.sslsocket_class = _Shaken
        return made
    except (ssl.SSLError, ValueError):
        raise Unreached(_("CA 文件里没有证书")) from None


def refused_by(code: Any) -> str:
    """Why a server that answered does not let us in, by the name of its answer (MQTT 3.1.1, 3.2.2.3)."""
    told = {"Bad user name or password": _("服务器不认这个用户名或密码"), "Not authorized": _("服务器不认这个用户名或密码"),
            "Client identifier not valid": _("服务器不收这台电脑的名字"), "Server unavailable": _("服务器暂时不提供服务"),
            "Unsupported protocol version": _("服务器不用 MQTT 3.1.1")}
    return told.get(str(code), _("服务器没有说明原因"))


def why_not(error: Exception, where: Subscription) -> str:
    """Why it was not reached: what to look at first, never what the system says about it."""
    at = f"{where.host}:{where.port}"
    if isinstance(error, Unreached):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("服务器的证书不可信，请核对 CA 文件和服务器地址")
    if isinstance(error, ssl.SSLError):
        return _("加密连接没有建立，请核对端口和要不要加密")
    if isinstance(error, socket.gaierror | UnicodeError):
        return _("找不到服务器“{0}”，请核对地址和网络").format(where.host)
    if isinstance(error, TimeoutError):
        return (_("{0} 没有按加密的办法回答，请核对端口和要不要加密") if where.tls else _("{0} 没有回答，请核对地址、端口和网络")).format(at)
    if isinstance(error, ConnectionRefusedError):
        return _("{0} 那里没有服务，请核对端口").format(at)
    return _("到 {0} 的网络不通").format(at)
