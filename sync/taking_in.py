"""The ward's machine while it takes in: serves its neighbours, says what lies here, and relays it to the province.

It goes on taking in while the machine is locked, since what comes is sealed and it can read nothing of it; pairing and
relaying wait until somebody unlocks.
"""

import contextlib
import threading
from dataclasses import dataclass
from typing import Final

from sync.engine.carried import HandedOver
from sync.transport import announce
from sync.transport.courier import Stick
from sync.transport.ward_server import WardServer
from sync.ward import Ward

PORT: Final = 8760
_LOOK_EVERY_S: Final = 0.2
_ENDS_WITHIN_S: Final = 10.0  #: telling the network that it is gone takes longest
_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - the LAN is where it serves


@dataclass(frozen=True, slots=True)
class LyingHere:
    """What neighbours brought: counts of sealed bundles, and their bytes."""

    waiting: int  #: not at the province yet
    answered: int  #: the province has answered; the reply waits to be fetched
    size: int  #: bytes of those that wait
    refused: int = 0  #: the province did not take them; they are tried again once a day


class TakingIn:
    """Made once for a program; `ward` changes with every unlocking."""

    def __init__(self, ward: Ward, *, host: str = _EVERYWHERE, port: int = PORT, is_announced: bool = True) -> None:
        """`host` and `is_announced` are others in tests; a port that is taken is replaced by a free one."""
        self._ward: Ward | None = ward
        self._host = host
        self._port = port
        self._is_announced = is_announced
        self._server: WardServer | None = None
        self._lock = threading.Lock()
        self._is_stopped = self._is_over = False
        self._has_ended = threading.Event()
        self._has_ended.set()
        self._brought = 0
        self._stick = Stick(ward.carried)

    # --- serving -------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return self._server is not None

    @property
    def brought(self) -> int:
        """How many bundles came wholly since it began."""
        return self._brought

    def run(self) -> None:
        """Serve until `stop`, on the thread that calls. Raises OSError where nothing can be served at all."""
        with self._lock:
            if self._server is not None or self._is_over:
                return
            self._is_stopped = False
            server = self._server = self._bound()
            self._has_ended.clear()
        server.came = self._came
        hosts = self._hosts()
        announced = (
            announce.announced(server.name, hosts, server.server_address[1])
            if self._is_announced
            else contextlib.nullcontext()
        )
        try:
            with announced, server:
                server.timeout = _LOOK_EVERY_S
                while not self._is_stopped:  # by itself: who ends `serve_forever` before it began waits for ever
                    server.handle_request()
        finally:
            self._server = None
            self._has_ended.set()

    def stop(self, *, for_good: bool = False) -> None:
        """End serving, from any thread; waits for the end of what runs, a fraction of a second.

        `for_good` lets nothing begin any more, not even what was asked for and has not begun.
        """
        self._is_stopped, self._is_over = True, self._is_over or for_good
        self._has_ended.wait(_ENDS_WITHIN_S)

    def _bound(self) -> WardServer:
        try:
            return self._unlocked.serve(self._host, self._port)
        except OSError:
            return self._unlocked.serve(self._host, 0)

    @property
    def _unlocked(self) -> Ward:
        """Return what works on the store; only asked while it is open."""
        assert self._ward is not None
        return self._ward

    def _hosts(self) -> tuple[str, ...]:
        return announce.addresses() if self._host == _EVERYWHERE else (self._host,)

    def _came(self) -> None:
        self._brought += 1

    def locked(self) -> None:
        """The store is being shut: nobody new is let in, and nothing here holds the machine's keys any longer."""
        self._ward = None
        server = self._server
        if server is not None:
            server.let_in(lambda _asked: False, lambda _one: None)

    def unlocked(self, ward: Ward) -> None:
        """The store is open again."""
        self._ward = ward
        server = self._server
        if server is not None:
            server.let_in(ward.redeem, ward.keep)

    # --- what a screen shows and does ----------------------------------------------------------------------

    def invitation(self) -> str:
        """Return the text of a new code; it works once, for a quarter of an hour, and makes the last one void."""
        server = self._server
        assert server is not None
        return self._unlocked.invitation(self._hosts(), server.server_address[1]).to_text()

    def lying_here(self) -> LyingHere:
        """Count what lies here. Raises StickGone."""
        parts = self._stick.parts()
        answered = self._stick.reply_names()
        waiting = [one for one in parts if one.path.name not in answered]
        size, refused = sum(one.size for one in waiting), len(self._stick.refused_names())
        return LyingHere(len(waiting), len(answered), size, refused)

    def relay(self) -> HandedOver:
        """Bring to the province what waits here, and keep its replies; raises what `Courier.hand_over` raises."""
        return self._unlocked.relay()
