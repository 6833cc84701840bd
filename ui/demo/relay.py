"""A small TCP relay between the app and the intake, so that the demo can cut the network where it hurts."""

import contextlib
import socket
import struct
import threading
import time

_BLOCK = 16 * 1024
#: Little is kept in the kernel, so that a cut loses little and the count of bytes passed is near the truth.
_BUFFER_BYTES = 64 * 1024
#: What the app's side may have under way here; with what its own kernel holds, two streams lose less than one chunk.
_NEAR_BYTES = 16 * 1024


class Relay:
    """Listens on a free loopback port and passes bytes on to `target`; can be cut and restored.

    `bytes_per_s` slows the way up (towards the intake) as a weak link would; None is as quick as it goes.
    While cut, every live connection is reset and every new one too: so a lost network looks to the app. The intake
    only hears nothing more: what had reached it before the cut is there to be read.
    """

    def __init__(self, target: tuple[str, int], *, bytes_per_s: int | None = None) -> None:
        self._target = target
        self._bytes_per_s = bytes_per_s
        self._lock = threading.Lock()
        self._live: set[tuple[socket.socket, socket.socket]] = set()
        self._is_cut = False
        self._cut_at: int | None = None
        self._passed = 0
        self.was_cut = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NEAR_BYTES)  # what is accepted has it too
        self._is_closed = False
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def bytes_up(self) -> int:
        """Return how many bytes went towards the intake so far, headers included."""
        with self._lock:
            return self._passed

    def cut(self) -> None:
        """Lose the network now."""
        with self._lock:
            self._is_cut = True
            self._cut_at = None
            live = list(self._live)
        for near, far in live:
            _reset(near)
            with contextlib.suppress(OSError):
                far.shutdown(socket.SHUT_WR)  # a reset would throw away what waits to be read
        self.was_cut.set()

    def cut_after(self, more_bytes: int) -> None:
        """Lose the network once `more_bytes` further bytes went up."""
        self.was_cut.clear()
        with self._lock:
            self._cut_at = self._passed + more_bytes

    def restore_but_cut_after(self, more_bytes: int) -> None:
        """Let the network come back, only to lose it again after `more_bytes` went up."""
        self.restore()
        self.cut_after(more_bytes)

    def restore(self) -> None:
        """Let the network come back."""
        with self._lock:
            self._is_cut = False
            self._cut_at = None

    def close(self) -> None:
        self._is_closed = True
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), name="relay-way", daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with self._lock:
            is_cut = self._is_cut
        if is_cut:
            _reset(near)
            return
        try:
            far = socket.socket()
            for one, kind in ((far, socket.SO_RCVBUF), (far, socket.SO_SNDBUF), (near, socket.SO_SNDBUF)):
                one.setsockopt(socket.SOL_SOCKET, kind, _BUFFER_BYTES)
            far.connect(self._target)
        except OSError:
            _reset(near)
            return
        with self._lock:
            self._live.add((near, far))
            is_cut = self._is_cut  # the cut may have come while this one was connecting
        if is_cut:
            _reset(near)
        down = threading.Thread(target=self._pump, args=(far, near, False), name="relay-down", daemon=True)
        down.start()
        self._pump(near, far, True)
        down.join()
        with self._lock:
            self._live.discard((near, far))
        for one in (near, far):
            one.close()

    def _pump(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        try:
            while block := source.recv(_BLOCK):
                if is_up:
                    with self._lock:
                        self._passed += len(block)
                        is_due = self._cut_at is not None and self._passed >= self._cut_at
                        if is_due:  # of two streams that reach it together one cuts: a cut is told once
                            self._is_cut, self._cut_at = True, None
                    if is_due:
                        self.cut()
                        return
                    if self._bytes_per_s:
                        time.sleep(len(block) / self._bytes_per_s)
                sink.sendall(block)
        except OSError:
            if not is_up:
                _reset(sink)
                return
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def _reset(one: socket.socket) -> None:
    """Close with a reset instead of a goodbye: a lost network says no goodbye."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()
