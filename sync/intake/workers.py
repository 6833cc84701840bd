"""Several worker processes behind one port, each with a listener of its own, so that none is left without work."""

import logging
import socket
import time
from multiprocessing.connection import wait
from pickle import UnpicklingError
from typing import Final

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

_log = logging.getLogger(__name__)
_BACKLOG: Final = 512
_LOOK_S: Final = 0.5
CAN_SHARE: Final = hasattr(socket, "SO_REUSEPORT")


def reserve(host: str, port: int) -> socket.socket:
    """Return a socket that keeps a port for the listeners of workers, and takes no connection itself."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reserved = socket.socket(family, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind((host, port))
    return reserved


class Workers(Multiprocess):
    """uvicorn's supervisor, whose workers listen each for themselves.

    On one listener for all, the worker that wakes first takes every connection that waits: after an outage one of
    two did all the work. The kernel deals connections out over several listeners; that of a worker that died is gone
    with it, since this process keeps none of them open.
    """

    def __init__(self, config: Config, reserved: socket.socket) -> None:
        self._reserved = reserved
        self._handed_over: socket.socket | None = None
        super().__init__(config, [])

    @property
    def sockets(self) -> list[socket.socket]:
        """Return the listener of the worker that is just being made."""
        self._let_go()
        host, port = self._reserved.getsockname()[:2]
        family = self._reserved.family
        self._handed_over = socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=True)
        return [self._handed_over]

    @sockets.setter
    def sockets(self, _sockets: list[socket.socket]) -> None:
        """Leave it to the kernel: there is nothing to keep."""

    def keep_subprocess_alive(self) -> None:
        """Replace workers that ended or hang, as often as the supervisor looks.

        The supervisor's own way waits half a minute for the answer of a worker that dies while it is asked, as one
        does whose database is away; meanwhile no other was replaced, and nobody could stop it.
        """
        self._let_go()
        for place, worker in enumerate(self.processes):
            if self.signal_queue or self.should_exit.is_set():
                return
            if self._answers(worker):
                continue
            worker.kill()
            worker.join()
            if worker.exitcode == STARTUP_FAILURE:
                _log.error("a worker could not start, and none would: see what it said")
                self.should_exit.set()
                return
            _log.warning("a worker ended and is replaced")
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def _answers(self, worker: Process) -> bool:
        """Tell whether a worker lives and answers in time; a signal to this process ends the waiting."""
        try:
            worker.parent_conn.send(b"ping")
            ends = time.monotonic() + self.config.timeout_worker_healthcheck
            while time.monotonic() < ends and worker.process.is_alive():
                if worker.parent_conn in wait([worker.parent_conn, worker.process.sentinel], _LOOK_S):
                    worker.parent_conn.recv()
                    return True
                if self.signal_queue:
                    return True  # what it says is heard the next time
        except (OSError, EOFError, UnpicklingError):
            return False
        return False

    def run(self) -> None:
        """Run until told to stop."""
        try:
            super().run()
        finally:
            self._let_go()
            self._reserved.close()

    def _let_go(self) -> None:
        """Close what a worker has by now: the process that was started holds a copy."""
        if self._handed_over is not None:
            self._handed_over.close()
            self._handed_over = None
