"""A chain of frames read back: any order, any loss, late, blurred, noisy, askew; and frames made to harm."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from bnhelper.codes.frame_chain import (
    MOST_BYTES,
    ChainReader,
    ChainTooLong,
    FrameChain,
    frames_in,
    picture_of_frame,
)


def _whole(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def _read(frames: list[bytes]) -> tuple[bytes | None, int]:
    """Return what a reader made of the frames, and how many it took."""
    reader = ChainReader()
    for count, frame in enumerate(frames, 1):
        found = reader.take(frame)
        if found is not None:
            return found, count
    return None, len(frames)


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 40_000),
    begin=st.integers(0, 2**20),
    loss=st.floats(0, 0.9),
    seed=st.integers(0, 2**32),
    piece=st.sampled_from([64, 300, 480]),
)
def test_any_order_any_loss_and_a_late_reader(size: int, begin: int, loss: float, seed: int, piece: int) -> None:
    whole, die = _whole(size, seed), random.Random(seed)
    chain = FrameChain(whole, piece)
    numbers = range(begin, begin + int((chain.count + 60) / (1 - loss)) + 60)
    seen = [chain.frame(number) for number in numbers if die.random() >= loss]
    die.shuffle(seen)
    found, _taken = _read(seen)
    assert found == whole


def test_a_reader_needs_barely_more_frames_than_there_are_pieces() -> None:
    more = []
    for seed in range(60):
        chain = FrameChain(_whole(8_000, seed))
        begin = chain.count + seed * 1_000  # late: none of the plain pieces comes by
        found, taken = _read([chain.frame(begin + number) for number in range(chain.count + 40)])
        assert found is not None
        more.append(taken - chain.count)
    assert sum(more) / len(more) < 2.5
    assert max(more) < 16


def test_from_the_first_frame_on_no_frame_is_wasted() -> None:
    chain = FrameChain(_whole(20_000))
    assert _read([chain.frame(number) for number in range(chain.count)]) == (_whole(20_000), chain.count)


def test_two_screens_side_by_side_are_told_apart_and_a_whole_is_given_once() -> None:
    first, second = FrameChain(_whole(5_000, 1)), FrameChain(_whole(5_000, 2))
    reader = ChainReader()
    found = [
        whole
        for number in range(first.count + 4)
        for chain in (first, second)
        if (whole := reader.take(chain.frame(number))) is not None
    ]
    assert found == [_whole(5_000, 1), _whole(5_000, 2)]


def test_a_made_up_frame_spoils_nothing_for_good() -> None:
    """A stranger's frame with a right check sum: the hash tells, and the chain is begun anew."""
    import zlib

    whole = _whole(6_000)
    chain = FrameChain(whole)
    forged = bytearray(chain.frame(3)[:-4])
    forged[-1] ^= 1
    reader = ChainReader()
    assert reader.take(bytes(forged) + zlib.crc32(forged).to_bytes(4, "big")) is None
    found = [reader.take(chain.frame(number)) for number in range(3 * chain.count)]
    assert [one for one in found if one is not None] == [whole]


@given(frame=st.binary(max_size=200))
def test_rubbish_is_passed_over(frame: bytes) -> None:
    assert ChainReader().take(frame) is None


@settings(max_examples=200)
@given(data=st.data())
def test_a_misread_frame_is_passed_over(data: st.DataObject) -> None:
    frame = bytearray(FrameChain(b"x" * 3_000).frame(data.draw(st.integers(0, 50))))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    reader = ChainReader()
    assert reader.take(bytes(frame)) is None
    assert reader.progress.known == 0


def test_heads_that_promise_too_much_cost_no_memory() -> None:
    import struct
    import zlib

    for length, piece in ((2**32 - 1, 820), (MOST_BYTES, 16), (MOST_BYTES + 1, 820), (0, 820), (5_000, 819)):
        content = struct.pack(">2sB16sIHI", b"BQ", 1, b"n" * 16, length, piece, 0) + b"\0" * 820
        reader = ChainReader()
        assert reader.take(content + zlib.crc32(content).to_bytes(4, "big")) is None
        assert reader.progress.needed == 0


def test_more_than_a_chain_carries_is_refused() -> None:
    with pytest.raises(ChainTooLong):
        FrameChain(bytes(MOST_BYTES + 1))
    with pytest.raises(ValueError):
        FrameChain(b"")


# --- through the air -----------------------------------------------------------------------------------------------

_SHOWN_FPS, _CAMERA_FPS, _EXPOSURE_S = 8.0, 30.0, 0.02


def _drawn(frame: bytes, side: int = 560) -> Image.Image:
    """A screen of 1280 x 720 with the code in it, as the app shows it."""
    gray, across = picture_of_frame(frame)
    code = Image.frombytes("L", (across, len(gray) // across), gray)
    screen = Image.new("L", (1280, 720), 90)
    screen.paste(code.resize((side, side), Image.Resampling.NEAREST), ((1280 - side) // 2, (720 - side) // 2))
    return screen


def _seen(screen: Image.Image, at_s: float, die: random.Random) -> Image.Image:
    """What a hand-held camera makes of it: perspective that sways, blur, uneven light, noise."""
    sway = [30 * math.sin(at_s * 2 + number) + die.uniform(-4, 4) for number in range(8)]
    quad = (sway[0], sway[1], sway[2], 720 + sway[3], 1280 + sway[4], 720 + sway[5], 1280 + sway[6], sway[7])
    askew = screen.transform((1280, 720), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR, fillcolor=90)
    soft = askew.filter(ImageFilter.GaussianBlur(die.uniform(0.6, 1.2))).point(lambda value: 30 + value * 0.75)
    noise = Image.effect_noise((1280, 720), 14).point(lambda value: value - 88)
    return ImageChops.add(soft, noise, 1, -40)


@pytest.mark.slow
def test_a_dossier_s_text_goes_from_screen_to_a_swaying_camera_at_30_frames_a_second() -> None:
    die = random.Random(7)
    whole = _whole(8_000)
    chain = FrameChain(whole)
    reader = ChainReader()
    begin = 100  # the reader comes late
    drawn: dict[int, Image.Image] = {}
    at, looked, found = 0.0, 0, None
    while found is None and at < 12:
        number = int(at * _SHOWN_FPS)
        change_s = (number + 1) / _SHOWN_FPS - at
        for one in (number, number + 1):
            drawn.setdefault(one, _drawn(chain.frame(begin + one)))
        picture = drawn[number]
        if change_s < _EXPOSURE_S:  # the screen changes while the shutter is open
            picture = Image.blend(picture, drawn[number + 1], 1 - change_s / _EXPOSURE_S)
        looked += 1
        if die.random() > 0.25:  # a hand in between, a reflection, a dropped frame
            for frame in frames_in(_seen(picture, at, die).tobytes(), 1280, 720, 1280):
                found = reader.take(frame) or found
        at += 1 / _CAMERA_FPS
    assert found == whole
    assert at < 6, "seventeen pieces at 8 frames a second"
