"""The GUI thread never waits on disk, network or crypto, through a whole journey with the real widgets."""

import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bnhelper.vault import keys, sealed_file, signatures
from ui.app import make_qt
from ui.demo.play import Play

pytestmark = pytest.mark.journey

#: what may be touched there, and why
_ALLOWED: Final = {
    "resources": "icons, texts and style sheets: small files of the program itself, once",
    "import_module": "a screen's module is imported when it is first shown",
}


class Watch:
    """Notes every slow kind of call made on the main thread by the program (not by the journey's own script)."""

    def __init__(self) -> None:
        self.is_on = False
        self.found: list[str] = []

    def note(self, what: str) -> None:
        if not self.is_on or threading.current_thread() is not threading.main_thread():
            return
        stack = traceback.extract_stack()[:-2]
        ours = [frame for frame in stack if "/site-packages/" not in frame.filename and "<frozen" not in frame.filename]
        demo = [frame for frame in ours if "/ui/demo/" in frame.filename.replace("\\", "/")]
        if demo and Path(demo[-1].filename).name != "hands.py":
            return  # the journey's script looks things up for itself
        if any("importlib" in frame.filename for frame in stack):
            return
        names = [f"{Path(frame.filename).stem}.{frame.name}" for frame in ours]
        if any(
            name.split(".")[0] == "__init__" and "resources" in frame.filename
            for name, frame in zip(names, ours, strict=True)
        ):
            return
        self.found.append(f"{what}: {' < '.join(reversed(names[-5:]))}")


_watch = Watch()
_is_hooked = False


def _audit(name: str, arguments: tuple[Any, ...]) -> None:
    if not _watch.is_on:
        return
    if name == "open" and isinstance(arguments[0], (str, bytes)):
        path = str(arguments[0])
        if not path.endswith((".py", ".pyc", ".so", ".ttf")) and not path.startswith(("/proc/", "/sys/", "/dev/")):
            _watch.note("open")
    elif name in {"socket.connect", "socket.getaddrinfo", "os.remove", "os.rename", "os.fsync", "sqlite3.connect"}:
        _watch.note(name)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    global _is_hooked
    if not _is_hooked:
        sys.addaudithook(_audit)
        _is_hooked = True

    def watched(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*given: Any, **named: Any) -> Any:
            _watch.note(name)
            return real(*given, **named)

        monkeypatch.setattr(module, name, call)

    for module, name in (
        (keys, "_argon2"),
        (keys, "keyring_secret"),
        (sealed_file, "seal"),
        (sealed_file.SealedFile, "read_at"),
        (signatures.SigningKey, "sign"),
        (signatures.SigningKey, "sign_detached"),
    ):
        watched(module, name)

    def executed(*_given: object) -> None:
        _watch.note("database")

    event.listen(Engine, "before_cursor_execute", executed)
    _watch.found.clear()
    _watch.is_on = True
    yield _watch
    _watch.is_on = False
    event.remove(Engine, "before_cursor_execute", executed)


def test_no_disk_network_or_crypto_on_the_gui_thread(tmp_path: Path, watch: Watch) -> None:
    make_qt(["test"])
    play = Play(tmp_path, tmp_path / "out", is_fast=True, say=lambda _words: None)
    try:
        played = play.play()
    finally:
        _watch.is_on = False
        play.close()
    assert not played.wrong
    assert not watch.found, "\n".join(sorted(set(watch.found)))
