"""GNOME's own keyring on a D-Bus of our own, with a folder of our own: what most Linux desktops have, without a desktop."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jeepney import message_bus
from jeepney.io.blocking import open_dbus_connection

_MOST_S: Final = 60


@contextmanager
def gnome_keyring(folder: Path, address: str, password: str | None) -> Iterator[Mapping[str, str]]:
    """Run the daemon over the keyrings in `folder`, unlocked by `password` or, with None, locked; gives its environment."""
    run = folder / "run"
    run.mkdir(exist_ok=True, mode=0o700)
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(run),
        "DBUS_SESSION_BUS_ADDRESS": address,
    }
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", f"--control-directory={run}"]
    if password is not None:
        command.append("--unlock")
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        try:
            assert daemon.stdin is not None
            daemon.stdin.write((password or "").encode())
            daemon.stdin.close()
            _wait_for(address)
            yield environment
        finally:
            daemon.terminate()


def _wait_for(address: str) -> None:
    ends = time.monotonic() + _MOST_S
    with open_dbus_connection(address) as bus:
        while not bus.send_and_get_reply(message_bus.NameHasOwner("org.freedesktop.secrets")).body[0]:
            assert time.monotonic() < ends, "the daemon did not come"
            time.sleep(0.02)
