"""Notes every call to disk, network, printer or crypto that the program makes on the thread that draws."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest
import requests
import sqlcipher3.dbapi2
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bnhelper.catalogue.pack import Pack
from bnhelper.vault import keys, sealed_file, signatures
from ui.devices import picture, printer
from ui.screens import receipt

#: part of a frame's file -> why such a call may come from there, on the thread that draws
_ALLOWED: Final = {
    "/resources/__init__.py": "icons, texts and style sheets: small files of the program itself, each read once",
    "importlib": "a screen's module is imported when it is first shown",
}

#: events of Python's own audit that mean disk or network
_SLOW: Final = frozenset(
    {
        "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
        "os.listdir", "os.scandir", "os.truncate", "shutil.copyfile", "shutil.rmtree", "subprocess.Popen",
    }
)  # fmt: skip

#: calls that mean disk, network or crypto and that Python's audit knows nothing of
_WATCHED: Final[tuple[tuple[Any, str], ...]] = (
    (keys, "_argon2"),
    (keys, "keyring_secret"),
    (sealed_file, "seal"),
    (sealed_file.SealedFile, "read_at"),
    (signatures.SigningKey, "sign"),
    (signatures.SigningKey, "sign_detached"),
    (picture, "_jpeg"),
    (picture, "decoded"),
    (receipt, "receipt_pdf"),
    (printer.DefaultPrinter, "found"),
    (printer.DefaultPrinter, "print_html"),
    (Pack, "connection"),
    (requests.Session, "send"),
    (sqlcipher3.dbapi2, "connect"),
    (os, "fsync"),
)


class Watch:
    """What was found lies in `found`; `is_on` is turned off around what only a test does."""

    def __init__(self) -> None:
        self.is_on = False
        self.found: list[str] = []

    def note(self, what: str) -> None:
        if not self.is_on or threading.current_thread() is not threading.main_thread():
            return
        ours: list[tuple[str, str]] = []
        frame: FrameType | None = sys._getframe(2)  # without this one and the hook's
        while frame is not None:
            file = frame.f_code.co_filename.replace("\\", "/")
            if any(part in file for part in _ALLOWED):
                return
            if "/site-packages/" not in file and "<frozen" not in file:
                ours.append((file, frame.f_code.co_name))
            frame = frame.f_back
        # A script looks things up for itself, between what it does to the program.
        since_script = next((at for at, (file, _) in enumerate(ours) if "/tests/" in file or "/ui/demo/" in file), None)
        if not any("/ui/" in file for file, _ in ours[:since_script]):
            return
        self.found.append(f"{what}: {' < '.join(f'{Path(file).stem}.{name}' for file, name in ours[:5])}")

    @contextlib.contextmanager
    def off(self) -> Iterator[None]:
        before, self.is_on = self.is_on, False
        try:
            yield
        finally:
            self.is_on = before

    def judge(self) -> None:
        """Fail where anything was found."""
        self.is_on = False
        assert not self.found, "\n".join(sorted(set(self.found)))


_here: Watch | None = None
_is_hooked = False


def _audit(name: str, arguments: tuple[Any, ...]) -> None:
    if _here is None or not _here.is_on:
        return
    if name == "open" and isinstance(arguments[0], (str, bytes)):
        path = str(arguments[0])
        if not path.endswith((".py", ".pyc", ".so", ".ttf")) and not path.startswith(("/proc/", "/sys/", "/dev/")):
            _here.note("open")
    elif name in _SLOW:
        _here.note(name)


@contextlib.contextmanager
def watching() -> Iterator[Watch]:
    """Watch from here on, until the end."""
    global _here, _is_hooked
    if not _is_hooked:
        sys.addaudithook(_audit)  # nothing takes one away again
        _is_hooked = True
    watch = Watch()

    def executed(*_given: object) -> None:
        watch.note("database")

    with pytest.MonkeyPatch.context() as patched:
        for module, name in _WATCHED:
            patched.setattr(module, name, _noted(watch, getattr(module, name), name))
        event.listen(Engine, "before_cursor_execute", executed)
        _here, watch.is_on = watch, True
        try:
            yield watch
        finally:
            _here, watch.is_on = None, False
            event.remove(Engine, "before_cursor_execute", executed)


def _noted(watch: Watch, real: Any, name: str) -> Any:
    def call(*given: Any, **named: Any) -> Any:
        watch.note(name)
        return real(*given, **named)

    return call
