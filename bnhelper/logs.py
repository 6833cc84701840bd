"""Log set-up; what may stand in a line is decided by the type of each value, so nobody's data can get in.

A line of ours is its constant words with the values put in: numbers, members of enumerations, classes, troubles (by
their code and their numbers) and `Code`. Any other text shows as `…`. Of foreign loggers and of messages of exceptions
nothing is kept but where they came from: a library may put an address, a file name or an answer into either.
"""

import contextlib
import enum
import logging
import os
import sys
import threading
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, Final

from bnhelper.errors import KnownTrouble

_OURS: Final = ("bnhelper", "sync", "ui")
_HIDDEN: Final = "…"
NAME: Final = "events.log"
CRASHES: Final = "crashes.log"
_MOST_CHAINED: Final = 8


class Code(str):
    """A text that may stand in a log: a code or version of the program's own, never what a person or server wrote."""

    __slots__ = ()


class SafeFormatter(logging.Formatter):
    """Formats records as the module's docstring says."""

    def format(self, record: logging.LogRecord) -> str:
        when = self.formatTime(record)
        said = f"{when} {record.levelname} {record.name} {message_of(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            said += "\n" + traceback_of(record.exc_info[1])
        return said


def message_of(record: logging.LogRecord) -> str:
    """Return what may be told of a record."""
    if record.name.partition(".")[0] not in _OURS or not isinstance(record.msg, str):
        return f"({record.filename}:{record.lineno})"
    given = record.args if isinstance(record.args, tuple) else ()
    try:
        return record.msg % tuple(shown(one) for one in given)
    except (TypeError, ValueError):
        return record.msg


def shown(value: object) -> Any:
    """Return a value as a log may hold it."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or type(value) in {int, float, bool, Code}:
        return value
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, BaseException):
        return trouble_words(value)
    return _HIDDEN


def trouble_words(trouble: BaseException) -> str:
    """Return a trouble's class, code and numbers; never its message."""
    if not isinstance(trouble, KnownTrouble):
        return type(trouble).__name__
    numbers = ", ".join(f"{name}={value}" for name, value in trouble.values.items() if type(value) is int)
    return f"{trouble.code}({numbers})"


def traceback_of(trouble: BaseException) -> str:
    """Return where a trouble came from, cause by cause: file, line and function; no message, no value, no source."""
    lines: list[str] = []
    now: BaseException | None = trouble
    for _ in range(_MOST_CHAINED):
        if now is None:
            break
        lines.extend(_frames(now.__traceback__))
        lines.append(f"  {trouble_words(now)}")
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return "\n".join(lines)


def _frames(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        # The last parts alone: a path begins with a person's home.
        tail = "/".join(PurePath(code.co_filename.replace("\\", "/")).parts[-3:])
        found.append(f"    {tail}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found


def set_up_logs(folder: Path | None) -> None:
    """Log warnings to the console and everything from INFO to a small rotating file in `folder`, if given."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    if folder is not None:
        from logging.handlers import RotatingFileHandler  # late: it brings sockets and queues along

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.glob("bnhelper.log*"):  # written before lines were made safe
            old.unlink(missing_ok=True)
        handler = RotatingFileHandler(folder / NAME, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
        handler.setFormatter(SafeFormatter())
        root.addHandler(handler)


def hold_crashes(folder: Path) -> None:
    """Let every way a program can die leave its trace safely: an exception nobody caught, a fault of native code.

    No core file is written, which would hold the memory of an unlocked machine.
    """
    log = logging.getLogger("bnhelper.crash")

    def died(trouble: BaseException | None) -> None:
        if trouble is None or isinstance(trouble, KeyboardInterrupt):
            return
        log.error("nobody caught: %s", trouble, exc_info=trouble)
        with contextlib.suppress(OSError, AttributeError, ValueError):  # a windowed program has no console
            sys.stderr.write(f"{traceback_of(trouble)}\n")

    sys.excepthook = lambda _kind, trouble, _trace: died(trouble)
    threading.excepthook = lambda said: died(said.exc_value)
    sys.unraisablehook = lambda said: died(said.exc_value)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    import faulthandler

    # Held open for the life of the process: the handler writes when nothing else works any more.
    faulthandler.enable((folder / CRASHES).open("a", encoding="utf-8"))
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
