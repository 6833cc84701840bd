"""Kills a child at its N-th write to the disk, tears that write in half, or makes it fail: by ptrace, without strace.

A deed is run in a forked child whose system calls are counted as they begin. Counted is what can change a disk: making,
writing, flushing, renaming, cutting off and removing. The child is killed by SIGKILL before the N-th of them is carried
out, so that killing at every N is a kill between every two write steps. Linux on x86-64 and ARM64.
"""

import ctypes
import errno
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_TRACEME, _POKEUSER, _SYSCALL, _SETOPTIONS, _SYSCALL_INFO = 0, 6, 24, 0x4200, 0x420E
_MARK_SYSCALLS, _DIE_WITH_TRACER = 0x01, 0x100000
_ENTRY: Final = 1
_X86: Final = platform.machine() == "x86_64"
#: offsets into `struct user` of x86-64: the call's number, its third argument, its result
_NUMBER_AT, _LENGTH_AT, _RESULT_AT = 15 * 8, 12 * 8, 10 * 8
_STEPS: Final = (
    {
        1: "write", 18: "pwrite", 20: "writev", 296: "pwritev", 74: "fsync", 75: "fdatasync", 82: "rename",
        264: "rename", 316: "rename", 87: "unlink", 263: "unlink", 77: "ftruncate", 76: "truncate", 83: "mkdir",
        258: "mkdir", 84: "rmdir", 2: "open", 257: "openat", 285: "fallocate", 86: "link", 326: "copy_file_range",
        40: "sendfile",
    }
    if _X86
    else {
        64: "write", 68: "pwrite", 66: "writev", 70: "pwritev", 82: "fsync", 83: "fdatasync", 38: "rename",
        276: "rename", 35: "unlink", 46: "ftruncate", 45: "truncate", 34: "mkdir", 56: "openat", 47: "fallocate",
        37: "link", 285: "copy_file_range", 71: "sendfile",
    }
)  # fmt: skip
_FIRST_IS_FILE: Final = {"write", "pwrite", "writev", "pwritev", "fsync", "fdatasync", "ftruncate"}

can_trace: Final = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}
#: changing a call's arguments and result needs the registers by name
can_change: Final = can_trace and _X86


class _Info(ctypes.Structure):
    """`struct ptrace_syscall_info` at the entry of a call (linux/ptrace.h)."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("ip", ctypes.c_uint64),
        ("sp", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a child: the write steps it began, the lines it said, how it ended (done, killed, failed)."""

    steps: tuple[str, ...]
    said: tuple[str, ...]
    ended: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the write step `at`, counted from 1."""

    at: int
    is_torn: bool = False  #: half of the write reaches the disk before the kill
    error: int = 0  #: not killed: this step and every later write fail with this errno


Child = Callable[[Callable[[], None], Callable[[str], None]], None]


def run(child: Child, fault: Fault | None = None) -> Run:
    """Fork and run `child(begin, say)`; steps count from its call of `begin`, `say` reports a line that survives it."""
    out, into = os.pipe()
    os.set_inheritable(into, True)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(out)
            child(_begin, lambda line: (os.write(into, f"{line}\n".encode()), None)[1])
            code = 0
        finally:
            os._exit(code)
    os.close(into)
    steps: list[str] = []
    ended = _follow(pid, into, steps, fault)
    with os.fdopen(out, "rb") as file:
        said = tuple(file.read().decode().splitlines())
    return Run(tuple(steps), said, ended)


def is_permitted() -> bool:
    """Tell whether this system lets a process follow its own child (some containers do not)."""
    if not can_trace:
        return False
    try:
        return run(lambda begin, _say: begin()).ended == "done"
    except OSError:
        return False


def _begin() -> None:
    _ptrace(_TRACEME, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)


def _follow(pid: int, report: int, steps: list[str], fault: Fault | None) -> str:
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        return "done" if os.waitstatus_to_exitcode(status) == 0 else "failed"
    _ptrace(_SETOPTIONS, pid, _MARK_SYSCALLS | _DIE_WITH_TRACER)
    info, pending, is_failing = _Info(), 0, False
    give = 0
    while True:
        _ptrace(_SYSCALL, pid, give)
        give = 0
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            code = os.waitstatus_to_exitcode(status)
            return "done" if code == 0 else "killed" if code == -signal.SIGKILL else "failed"
        if os.WSTOPSIG(status) != signal.SIGTRAP | 0x80:
            give = os.WSTOPSIG(status)
            continue
        _ptrace(_SYSCALL_INFO, pid, ctypes.sizeof(info), ctypes.addressof(info))
        if info.op != _ENTRY:
            if pending == -1:
                return _kill(pid)
            if pending:
                _ptrace(_POKEUSER, pid, _RESULT_AT, -pending)
                pending = 0
            continue
        step = _step(info, report)
        if step is None:
            continue
        steps.append(step)
        if fault is None:
            continue
        is_failing = is_failing or (bool(fault.error) and len(steps) == fault.at)
        if is_failing and step not in {"unlink", "rmdir"}:
            _ptrace(_POKEUSER, pid, _NUMBER_AT, -1)
            pending = fault.error
        elif len(steps) == fault.at and not fault.error:
            if not (fault.is_torn and step in {"write", "pwrite"} and info.arguments[2] > 1):
                return _kill(pid)
            _ptrace(_POKEUSER, pid, _LENGTH_AT, int(info.arguments[2]) // 2)
            pending = -1


def _step(info: _Info, report: int) -> str | None:
    step = _STEPS.get(int(info.number))
    if step is None or (step in _FIRST_IS_FILE and info.arguments[0] == report):
        return None
    if step in {"open", "openat"}:
        flags = int(info.arguments[1 if step == "open" else 2])
        return "create" if flags & os.O_CREAT else None
    return step


def _kill(pid: int) -> str:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "killed"


_libc: Final = ctypes.CDLL(None, use_errno=True) if can_trace else None


def _ptrace(request: int, pid: int, address: int, given: int = 0) -> None:
    assert _libc is not None
    _libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    _libc.ptrace.restype = ctypes.c_long
    if request in {_SETOPTIONS, _SYSCALL}:
        address, given = 0, address
    if request == _POKEUSER:
        given &= (1 << 64) - 1
    if _libc.ptrace(request, pid, address, given) == -1:
        wrong = ctypes.get_errno()
        raise OSError(wrong, f"ptrace {request}: {errno.errorcode.get(wrong, wrong)}")
