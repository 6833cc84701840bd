"""A Secret Service of our own on a D-Bus of our own: no desktop and nobody's real keyring is touched.

Speaks the part of https://specifications.freedesktop.org/secret-service/ that reading and writing one item needs,
unencrypted sessions only, which the specification allows on a local bus.
"""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ROOT: Final = "/org/freedesktop/secrets"
_PROMPT: Final = f"{_ROOT}/prompt/1"
_SECRET: Final = "org.freedesktop.Secret"
_ATTRIBUTES: Final = f"{_SECRET}.Item.Attributes"
_CONFIG: Final = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """A session bus that starts no service by itself; gives its address."""
    (folder / "bus.conf").write_text(_CONFIG, encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


class SecretService:
    """One collection; `is_locked` makes it ask, and every prompt is closed by the person who is asked."""

    def __init__(self, address: str) -> None:
        self.is_locked = False
        self.prompts = 0
        self.items: list[tuple[dict[str, str], bytes]] = []
        self._bus: DBusConnection = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._bus.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                asked = self._bus.receive(timeout=0.05)
            except TimeoutError:
                continue
            if asked.header.message_type is MessageType.method_call:
                self._bus.send(self._answer(asked))
                if asked.header.fields[HeaderFields.member] == "Prompt":
                    self.prompts += 1
                    emitter = DBusAddress(_PROMPT, interface=f"{_SECRET}.Prompt")
                    self._bus.send(new_signal(emitter, "Completed", "bv", (True, ("ao", []))))

    def _answer(self, asked: Message) -> Message:
        path, member = asked.header.fields[HeaderFields.path], asked.header.fields[HeaderFields.member]
        body: tuple[Any, ...] = asked.body
        if member == "Get":
            return new_method_return(asked, "v", (("b", self.is_locked) if body[1] == "Locked" else ("s", "fake"),))
        if member == "OpenSession":
            if body[0] != "plain":
                return new_error(asked, "org.freedesktop.DBus.Error.NotSupported")
            return new_method_return(asked, "vo", (("s", ""), f"{_ROOT}/session/1"))
        if member == "Unlock":
            done, prompt = ([], _PROMPT) if self.is_locked else (body[0], "/")
            return new_method_return(asked, "aoo", (done, prompt))
        if member == "SearchItems":
            found = [
                f"{_ROOT}/collection/fake/{number}"
                for number, (attributes, _secret) in enumerate(self.items)
                if body[0].items() <= attributes.items()
            ]
            return new_method_return(asked, "ao", (found,))
        if member == "CreateItem":
            self.items.append((dict(body[0][_ATTRIBUTES][1]), bytes(body[1][2])))
            return new_method_return(asked, "oo", (f"{_ROOT}/collection/fake/{len(self.items) - 1}", "/"))
        if member == "GetSecret":
            _attributes, secret = self.items[int(path.rpartition("/")[2])]
            return new_method_return(asked, "(oayays)", ((body[0], b"", secret, "text/plain"),))
        return new_method_return(asked)
