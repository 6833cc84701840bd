"""What was measured of the way to the province, and what follows from it: streams, pieces, time-outs.

Pure: times are handed in, in seconds of any steady clock. The figures come from the measurements named beside them
(docs/sync.md): they decide how many connections are worth it, how large a piece may be and when a line counts as dead.
"""

import threading
from collections import deque
from typing import Final

from sync.wire.version import CHUNK_BYTES

MOST_STREAMS: Final = 4
_LEAST_STREAMS_RATE: Final = 100_000 / 8  #: below 100 kbit/s a second stream only lengthens the queue
_SLOW_RTT_S: Final = 0.45  #: before anything was sent, so long a round trip means such a link
_WINDOW_S: Final = 10.0
_EVIDENCE_S: Final = 4.0  #: a rate is believed after so long: the kernel takes the first bytes at once
_PIECE_S: Final = 60.0  #: a piece should be over within this, or middle boxes give up on its request
_SMALLEST_PIECE: Final = 16 * 1024
_LARGEST_PIECE: Final = 4 * CHUNK_BYTES
#: A larger piece than usual is over within this, so that progress is seen to move: with four streams one of them is
#: confirmed every five seconds. Pieces of two seconds left 3G half a per cent emptier, since each ends in a pause.
_AT_ONCE_S: Final = 20.0
_SMALLEST_BUFFER, _USUAL_BUFFER, _LARGEST_BUFFER = 16 * 1024, 64 * 1024, 128 * 1024
#: Of each of several streams: with 32 kB 3G was fuller than with 24 in five pairs of runs of five, by 0.15 to 0.6 % of
#: the link; where the line is cut, what is in the kernel is lost, so it is 24 for a minute after that.
_SHARED_BUFFER, _SHARED_BUFFER_IF_CUT = 32 * 1024, 24 * 1024
_STEADY_AFTER_S: Final = 60.0  #: a line that has cut no file for so long
_QUICK_RTT_S: Final = 0.1  #: so short a round trip means a link that half as much again fills sooner
_FULL: Final = 2.5
_LEAST_STALL_S, _MOST_STALL_S = 8.0, 30.0
_LEAST_CONNECT_S, _MOST_CONNECT_S = 3.0, 20.0
_LEAST_REPLY_S, _MOST_REPLY_S = 20.0, 60.0


class Line:
    """Round trip and rate as measured, of all connections together; may be told from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: deque[tuple[float, int]] = deque()
        self._in_window = 0  #: bytes in `_sent`
        self._busy_since: float | None = None
        self._rate: float | None = None
        self._piece, self._largest = CHUNK_BYTES, _LARGEST_PIECE
        self._bodies = 0
        self._confirmed = 0
        self._is_floor = True  #: the rate is only what was confirmed so far
        #: smoothed, our own queue included
        self.rtt_s: float | None = None
        #: the shortest handshake: the way itself
        self._way_s: float | None = None
        self._cut_at = float("-inf")
        #: no file was cut lately: what is on its way is likely to arrive
        self.is_steady = True
        #: when the province last answered anything
        self.answered_at = float("-inf")

    # --- what happened -------------------------------------------------------------------------------------

    def connected(self, took_s: float) -> None:
        """A connection was made; its handshake is one round trip."""
        self._way_s = took_s if self._way_s is None else min(self._way_s, took_s)
        self.rtt_s = took_s if self.rtt_s is None else 0.7 * self.rtt_s + 0.3 * took_s

    def round_trip(self, rtt_s: float) -> None:
        """The kernel's own estimate, our queue included."""
        self.rtt_s = rtt_s

    def cut(self, now: float) -> None:
        """A file broke off while it was sent: what breaks off longer bodies leaves the smaller piece whole."""
        self._cut_at, self.is_steady = now, False
        self._piece = max(_SMALLEST_PIECE, self._piece // 2)

    def sent(self, now: float, count: int) -> None:
        """The kernel took bytes of a body."""
        with self._lock:
            self.is_steady = now - self._cut_at > _STEADY_AFTER_S
            if self._busy_since is None or (self._sent and now - self._sent[-1][0] > _WINDOW_S):
                self._busy_since = now
                self._sent.clear()
                self._in_window = 0
            self._sent.append((now, count))
            self._in_window += count
            while now - self._sent[0][0] > _WINDOW_S:
                self._in_window -= self._sent.popleft()[1]
            spent = now - max(self._busy_since, now - _WINDOW_S)
            if spent >= _EVIDENCE_S:
                self._rate, self._is_floor = self._in_window / spent, False

    def confirmed(self, now: float, count: int) -> None:
        """The province confirmed bytes of a file; before there is evidence, so much at least goes over."""
        with self._lock:
            if self._is_floor and self._busy_since is not None:
                self._confirmed += count
                if self._confirmed >= 2 * CHUNK_BYTES and now > self._busy_since:
                    self._rate = self._confirmed / (now - self._busy_since)

    def body_begins(self) -> None:
        """A connection begins to send a file."""
        with self._lock:
            self._bodies += 1

    def body_ends(self) -> None:
        with self._lock:
            self._bodies -= 1

    def answered(self, now: float) -> None:
        self.answered_at = now

    def piece_over(self) -> None:
        """A piece was confirmed: the next may be larger again, a little only where files were cut lately."""
        grown = self._piece * 2 if self.is_steady else self._piece + _SMALLEST_PIECE
        self._piece = min(self._largest, grown)

    def piece_lost(self) -> None:
        """A piece was cut and nothing of it was kept: something on the way wants them whole, so smaller ones."""
        self._largest = CHUNK_BYTES
        self._piece = max(_SMALLEST_PIECE, min(CHUNK_BYTES, self._piece // 2))

    # --- what follows --------------------------------------------------------------------------------------

    @property
    def rate(self) -> float | None:
        """Bytes a second, None before there is evidence."""
        return self._rate

    def streams(self) -> int:
        """How many connections are worth it: one on a slow link, several where loss keeps one from filling it."""
        if self._rate is not None:
            return 1 if self._rate < _LEAST_STREAMS_RATE else MOST_STREAMS
        return 1 if self.rtt_s is not None and self.rtt_s >= _SLOW_RTT_S else MOST_STREAMS

    def piece(self) -> int:
        """How many bytes to send before asking for a confirmation.

        A cut costs what is in the kernel, which `send_buffer` bounds, as the province keeps what came before it. Quick
        links take larger pieces, since every confirmation is a pause; but where a cut piece was lost whole, because
        something on the way waits for all of it, none is larger again than a cut may cost.
        """
        if self._rate is None:
            return min(self._piece, CHUNK_BYTES)
        each = self._rate / self.streams()
        usual = min(int(each * _PIECE_S), max(CHUNK_BYTES, int(each * _AT_ONCE_S)))
        return max(_SMALLEST_PIECE, min(self._piece, usual))

    def send_buffer(self) -> int:
        """How many bytes the kernel may hold of one connection; all that send share two and a half ways full.

        The half more keeps the way full while one of them waits for an answer.

        More only waits in the queue of a slow link, where seven seconds of it made every time-out a guess (measured);
        it is lost with a cut, too.
        """
        if self._rate is None:
            if (self.rtt_s or 0.0) >= _SLOW_RTT_S:
                return _SMALLEST_BUFFER
            return 3 * _USUAL_BUFFER // 2 if (self._way_s or 1.0) < _QUICK_RTT_S else _USUAL_BUFFER
        sharing = max(1, min(self._bodies, self.streams()))
        shared = _SHARED_BUFFER if self.is_steady else _SHARED_BUFFER_IF_CUT
        least = _SMALLEST_BUFFER if self.streams() == 1 else shared
        return int(_clamp(_FULL * self._rate / sharing * (self._way_s or 0.1), least, _LARGEST_BUFFER))

    def stall_s(self) -> float:
        """After how long without a sign of life a connection is dead: eight round trips, the queue included.

        Eight seconds tore down good connections on 2G, where the queue alone is seven (measured).
        """
        return _clamp(8 * (self.rtt_s or 1.0), _LEAST_STALL_S, _MOST_STALL_S)

    def connect_s(self) -> float:
        return _clamp(6 * (self.rtt_s or 1.0), _LEAST_CONNECT_S, _MOST_CONNECT_S)

    def reply_s(self) -> float:
        """How long an answer may take: what is in the kernel has to get over first."""
        in_kernel = self.send_buffer() / self._rate if self._rate else 0.0
        return _clamp(self.stall_s() + 2 * in_kernel, _LEAST_REPLY_S, _MOST_REPLY_S)


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
