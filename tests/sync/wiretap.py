"""A wire that counts what goes over it: bytes both ways, and how often the talk turns around."""

import contextlib
import socket
import threading


class Wiretap:
    """Passes loopback connections on to `port`; counts plain bytes, TCP and TLS not included."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._lock = threading.Lock()
        self._was_up = False
        self.bytes = 0
        self.round_trips = 0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """Count from here on."""
        with self._lock:
            self.bytes = self.round_trips = self.connections = 0
            self._was_up = False

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection(("127.0.0.1", self._target))
            for source, sink, is_up in ((near, far, True), (far, near, False)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pump, args=(source, sink, is_up), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, is_up: bool) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(65_536):
                with self._lock:
                    self.bytes += len(block)
                    self.round_trips += not is_up and self._was_up
                    self._was_up = is_up
                sink.sendall(block)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
