"""A real MQTT broker (amqtt) in a process of its own on this machine: `python -m tests.broker PORT PASSWORDS [CERTIFICATE KEY]`; what tests speak to.

amqtt keeps messages only for those who come with a password. It forgets one whose receiver went away before acknowledging it, where MQTT 3.1.1
(4.4) wants it sent again: `serve` mends that, or nothing could be tested of a program that is killed.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
USER, PASSWORD = "village", "烟感-Passw0rd"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


class Broker:
    """Goes and comes on one port; what it keeps for those who are away is lost when it goes."""

    def __init__(self, passwords: Path, papers: tuple[Path, Path] | None = None) -> None:
        self.port = free_port()
        self._given = [str(self.port), str(passwords), *map(str, papers or ())]
        self._process: subprocess.Popen[str] | None = None

    def begin(self) -> Broker:
        """Back when it listens."""
        self._process = subprocess.Popen([sys.executable, "-m", "tests.broker", *self._given], cwd=ROOT, text=True, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "the broker did not begin"
        return self

    def end(self) -> None:
        """Like a power cut."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def send(self, topic: str, body: str | bytes, qos: int = 1, retain: bool = False) -> None:
        """As a maker's platform does; back when the broker has it."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        client = Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(USER, PASSWORD)
        client.connect(HOST, self.port)
        told = client.publish(topic, body, qos, retain)
        while not told.is_published():
            assert not client.loop(0.05), "the broker did not take it"
        client.disconnect()


def serve(port: int, passwords: str, papers: list[str]) -> None:
    """Until the process is killed."""
    import asyncio

    from amqtt import broker
    from amqtt.mqtt.protocol.broker_handler import BrokerProtocolHandler
    from amqtt.session import OUTGOING

    class Keeping(BrokerProtocolHandler):  # type: ignore[misc]
        """Sends again, to whoever comes back, what was not acknowledged."""

        async def _handle_qos1_message_flow(self, message: Any) -> None:
            try:
                await super()._handle_qos1_message_flow(message)
            finally:
                if message.direction == OUTGOING and not message.puback_packet and self.session is not None:
                    self.session.inflight_out[message.packet_id] = message

    listener: dict[str, Any] = {"type": "tcp", "bind": f"{HOST}:{port}"}
    if papers:
        listener |= {"ssl": True, "certfile": papers[0], "keyfile": papers[1]}
    known = {"amqtt.plugins.authentication.FileAuthPlugin": {"password_file": passwords}, "amqtt.plugins.topic_checking.TopicTabooPlugin": {}}

    async def run() -> None:
        broker.BrokerProtocolHandler = Keeping
        served = broker.Broker({"listeners": {"default": listener}, "plugins": known})
        await served.start()
        print("ready", flush=True)
        await asyncio.Event().wait()

    asyncio.run(run())


def password_file(folder: Path) -> Path:
    """USER with PASSWORD."""
    from argon2 import PasswordHasher

    path = folder / "passwords"
    path.write_text(f"{USER}:{PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)}\n", "utf-8")
    return path


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
