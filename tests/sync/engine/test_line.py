"""What follows from what was measured of a line."""

from sync.engine.line import MOST_STREAMS, Line
from sync.wire.version import CHUNK_BYTES


def _line(rate: float, rtt_s: float) -> Line:
    """A line over which bodies went at `rate` bytes a second for half a minute."""
    line = Line()
    line.connected(rtt_s)
    for tick in range(300):
        line.sent(tick / 10, int(rate / 10))
    return line


_2G, _3G, _4G = (6_250, 0.6), (120_000, 0.2), (2_400_000, 0.06)


def test_several_streams_where_they_fill_the_link_and_one_where_they_only_queue() -> None:
    assert _line(*_2G).streams() == 1
    assert _line(*_3G).streams() == MOST_STREAMS
    assert _line(*_4G).streams() == MOST_STREAMS


def test_before_anything_was_sent_the_round_trip_decides() -> None:
    assert Line().streams() == MOST_STREAMS
    slow = Line()
    slow.connected(0.6)
    assert slow.streams() == 1


def test_the_first_bytes_that_the_kernel_takes_at_once_are_no_rate() -> None:
    line = Line()
    line.sent(0.0, 64_000)
    line.sent(0.1, 16_000)
    assert line.rate is None


def test_a_rate_is_measured_again_after_a_pause() -> None:
    line = _line(*_4G)
    assert line.rate is not None
    for tick in range(200):
        line.sent(1000 + tick / 10, 600)
    assert line.rate < 10_000


def test_a_piece_is_over_in_time_and_larger_only_where_the_link_is_quick() -> None:
    assert Line().piece() == CHUNK_BYTES
    assert _line(*_3G).piece() == CHUNK_BYTES
    slow = _line(2_000, 0.6)
    assert 100_000 < slow.piece() < 130_000
    quick, usual = _line(*_4G), _line(*_3G)
    for _ in range(3):
        quick.piece_over()
        usual.piece_over()
    assert 2 * CHUNK_BYTES < usual.piece() < 3 * CHUNK_BYTES, "twenty seconds of a fourth of the link"
    assert 2 * CHUNK_BYTES < quick.piece() <= 4 * CHUNK_BYTES


def test_pieces_that_are_wanted_whole_become_smaller_and_grow_again() -> None:
    line = Line()
    for _ in range(9):
        line.piece_lost()
    assert line.piece() == 16 * 1024
    line.piece_over()
    assert line.piece() == 32 * 1024


def test_where_files_are_cut_again_and_again_pieces_are_small_and_grow_slowly_until_the_line_holds() -> None:
    line = Line()
    for _ in range(3):
        line.cut(10.0)
    assert line.piece() == CHUNK_BYTES // 8
    line.piece_over()
    assert line.piece() == CHUNK_BYTES // 8 + 16 * 1024
    for _ in range(9):
        line.cut(20.0)
    assert line.piece() == 16 * 1024
    line.sent(81.0, 1)
    line.piece_over()
    assert line.piece() == 32 * 1024, "nothing was cut for a minute"


def test_where_something_wants_pieces_whole_none_is_larger_again_than_a_cut_may_cost() -> None:
    line = _line(*_4G)
    line.piece_over()
    assert line.piece() == 2 * CHUNK_BYTES
    line.piece_lost()
    for _ in range(5):
        line.piece_over()
        assert line.piece() == CHUNK_BYTES


def test_what_was_confirmed_is_a_rate_until_there_is_evidence() -> None:
    line = Line()
    line.connected(0.06)
    line.sent(10.0, 65_536)
    line.confirmed(10.3, 65_536)
    early = line.rate
    assert early is None, "too little to tell"
    for _ in range(4):
        line.confirmed(10.8, CHUNK_BYTES)
    assert line.rate is not None
    assert 1_300_000 < line.rate < 1_400_000
    for tick in range(100):
        line.sent(10.8 + tick / 10, 240_000)
    measured = line.rate
    line.confirmed(21.0, CHUNK_BYTES)
    assert line.rate == measured


def test_a_dead_line_is_noticed_in_seconds_and_a_slow_one_is_not_taken_for_dead() -> None:
    assert _line(*_4G).stall_s() == 8
    queued = Line()
    queued.round_trip(7.8)
    assert queued.stall_s() == 30
    assert queued.connect_s() == 20
    assert _line(*_4G).reply_s() == 20


def _shared(line: Line, by: int) -> Line:
    for _ in range(by):
        line.body_begins()
    return line


def test_the_kernel_holds_what_is_on_the_way_and_no_queue() -> None:
    assert _line(*_2G).send_buffer() == 16 * 1024
    line = _shared(_line(*_3G), 4)
    assert line.send_buffer() == 32 * 1024
    line.cut(30.0)
    assert line.send_buffer() == 24 * 1024, "a cut costs what is in there"
    line.sent(80.0, 1)
    assert line.send_buffer() == 24 * 1024
    line.sent(90.1, 12_000)
    assert line.is_steady
    assert 64 * 1024 <= _shared(_line(*_4G), 4).send_buffer() <= 128 * 1024
    assert Line().send_buffer() == 64 * 1024


def test_whoever_sends_alone_may_fill_the_way_alone() -> None:
    line = _shared(_line(*_3G), 4)
    for _ in range(3):
        line.body_ends()
    assert 56 * 1024 <= line.send_buffer() <= 64 * 1024
    assert _shared(_line(*_4G), 1).send_buffer() == 128 * 1024
