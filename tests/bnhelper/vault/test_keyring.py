"""A PIN together with a real keyring: the program's own process, a real D-Bus, a Secret Service of our own.

Each act is a process of its own, as in the field: keyring chooses its backend once in a process.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bnhelper.errors import KnownTrouble
from bnhelper.vault.keys import NoKeyring
from ui.words.trouble_words import words_for

if TYPE_CHECKING:
    from tests.fakes.secret_service import SecretService  # needs jeepney, which is there on Linux only

pytestmark = pytest.mark.slow
_ROOT = Path(__file__).resolve().parents[3]
#: Imports once and does each act in a child: keyring chooses its backend at first use, and that is in the child.
_ACTOR = """
import json, os, sys, traceback
from pathlib import Path
from bnhelper.actions.unlock_machine import create_machine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.errors import KnownTrouble
from bnhelper.paths import Places
from bnhelper.vault.keys import KeyCost, Pin, has_keyring
assert "keyring.core" not in sys.modules

def do(act, folder, pin):
    try:
        if act == "has":
            return str(has_keyring())
        if act == "make":
            create_machine(Places(Path(folder)), Pin(pin), person="A", unit=None, library=Library.shipped(),
                           clock=SystemClock(), cost=KeyCost(64, 1)).close()
        else:
            unlock_machine(Places(Path(folder)), Pin(pin), library=Library.shipped(), clock=SystemClock()).close()
        return "open"
    except KnownTrouble as wrong:
        return wrong.code
    except BaseException:
        return traceback.format_exc()

for line in sys.stdin:
    act, folder, pin, environment = json.loads(line)
    if os.fork() == 0:
        os.environ.clear()
        os.environ.update(environment)
        print(json.dumps(do(act, folder, pin)), flush=True)
        os._exit(0)
    os.wait()
"""

needs_gnome = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")), reason="no GNOME keyring on this system"
)
needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no dbus-daemon on this system")


Act = Callable[..., str]


@pytest.fixture(scope="module")
def actor() -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-c", _ACTOR]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, env=environment, encoding="utf-8") as running:
        yield running
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(60) == 0


@pytest.fixture
def act(actor: subprocess.Popen[str]) -> Act:
    def do(what: str, folder: Path, pin: str = "271828", **more: str) -> str:
        """Do one thing in a process of its own; return "open", "True", "False" or the trouble's code."""
        assert actor.stdin is not None
        assert actor.stdout is not None
        environment = {**os.environ, "HOME": str(folder.parent), **more}
        actor.stdin.write(json.dumps([what, str(folder), pin, environment]) + "\n")
        actor.stdin.flush()
        said: str = json.loads(actor.stdout.readline())
        assert "Traceback" not in said, said
        return said

    return do


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["SecretService"]:
    from tests.fakes.secret_service import SecretService, private_bus

    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        running = SecretService(address)
        yield running
        running.close()


@needs_bus
def test_a_pin_opens_with_the_keyring_it_was_made_with(tmp_path: Path, service: "SecretService", act: Act) -> None:
    assert act("make", tmp_path / "m") == "open"
    assert act("open", tmp_path / "m") == "open"
    assert act("open", tmp_path / "m", "654321") == "wrong-key"
    assert len(service.items) == 1
    (kept,) = service.items
    assert kept[0]["service"] == "bnhelper"
    assert kept[1].decode() not in (tmp_path / "m" / "keys.json").read_text(encoding="utf-8")


@needs_bus
def test_another_keyring_s_half_makes_a_right_pin_wrong(tmp_path: Path, service: "SecretService", act: Act) -> None:
    assert act("make", tmp_path / "m") == "open"
    service.items[:] = [(service.items[0][0], b"ab" * 32)]
    assert act("open", tmp_path / "m") == "wrong-key"


@needs_bus
@pytest.mark.parametrize("left", [[], [b"not hex"], [b"abcd"]])
def test_a_half_that_is_gone_is_said_and_not_counted_as_a_wrong_pin(
    tmp_path: Path, service: "SecretService", left: list[bytes], act: Act
) -> None:
    assert act("make", tmp_path / "m") == "open"
    service.items[:] = [(service.items[0][0], secret) for secret in left]
    assert act("open", tmp_path / "m") == "keyring-secret-gone"
    assert len(service.items) == len(left), "opening never makes a new half"
    assert not (tmp_path / "m" / "tries.json").exists()


@needs_bus
def test_a_locked_keyring_is_said_and_opens_once_it_is_unlocked(
    tmp_path: Path, service: "SecretService", act: Act
) -> None:
    assert act("make", tmp_path / "m") == "open"
    service.is_locked = True
    assert act("open", tmp_path / "m") == "keyring-locked"
    assert service.prompts == 1
    assert not (tmp_path / "m" / "tries.json").exists()
    assert act("has", tmp_path / "m") == "False"
    assert act("make", tmp_path / "other") == "keyring-locked"
    assert not (tmp_path / "other" / "keys.json").exists()
    service.is_locked = False
    assert act("open", tmp_path / "m") == "open"


@needs_gnome
def test_gnome_s_own_keyring_holds_the_half_and_a_locked_one_is_said(tmp_path: Path, act: Act) -> None:
    """The daemon that most Linux desktops have, unlocked as a person signs in, then started anew and locked."""
    from tests.fakes.gnome_keyring import gnome_keyring
    from tests.fakes.secret_service import private_bus

    for name in ("first", "second", "keyrings"):
        (tmp_path / name).mkdir()
    with (
        private_bus(tmp_path / "first") as address,
        gnome_keyring(tmp_path / "keyrings", address, "mat khau") as environment,
    ):
        assert act("make", tmp_path / "m", **environment) == "open"
        assert act("open", tmp_path / "m", **environment) == "open"
        assert act("open", tmp_path / "m", "654321", **environment) == "wrong-key"
    with (
        private_bus(tmp_path / "second") as address,
        gnome_keyring(tmp_path / "keyrings", address, None) as environment,
    ):
        assert act("open", tmp_path / "m", **environment) == "keyring-locked"
        assert act("has", tmp_path / "m", **environment) == "False"


@needs_bus
def test_a_bus_without_a_keyring_is_no_keyring(tmp_path: Path, act: Act) -> None:
    from tests.fakes.secret_service import private_bus

    with private_bus(tmp_path) as address:
        assert act("has", tmp_path / "m", DBUS_SESSION_BUS_ADDRESS=address) == "False"
        assert act("make", tmp_path / "m", DBUS_SESSION_BUS_ADDRESS=address) == "no-keyring"
    assert not (tmp_path / "m" / "keys.json").exists()


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_no_keyring_and_one_that_keeps_nothing_make_no_machine(tmp_path: Path, backend: str, act: Act) -> None:
    """The null backend says yes to everything: a machine made with it could never be opened again."""
    assert act("has", tmp_path / "m", PYTHON_KEYRING_BACKEND=backend) == "False"
    assert act("make", tmp_path / "m", PYTHON_KEYRING_BACKEND=backend) == "no-keyring"
    assert not (tmp_path / "m" / "keys.json").exists()


def test_each_of_these_has_its_own_sentence() -> None:
    from bnhelper.vault.keys import KeyringLocked, KeyringSecretGone

    troubles: list[KnownTrouble] = [NoKeyring(), KeyringLocked(), KeyringSecretGone()]
    for language in ("vi", "en"):
        said = {words_for(one, language) for one in troubles}
        assert len(said) == 3
        assert words_for(RuntimeError(), language) not in said


@needs_bus
def test_what_the_keyring_keeps_is_small(tmp_path: Path, service: "SecretService", act: Act) -> None:
    """Windows' Credential Manager takes at most 2,560 bytes of UTF-16; however many people, one half is kept."""
    assert act("make", tmp_path / "m") == "open"
    assert act("open", tmp_path / "m") == "open"
    (kept,) = service.items
    assert len(kept[1].decode().encode("utf-16-le")) == 128
