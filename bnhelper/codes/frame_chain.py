"""Bytes as an endless chain of QR frames: any order, any loss, a late reader; enough frames give the whole back.

A systematic random linear fountain over GF(2) (MacKay, "Fountain codes", IEE Proc. Commun. 152, 2005): the first
frames are the pieces themselves, every further one is the exclusive or of a random half of them. With k pieces, k + e
frames suffice but for one time in 2^e, whichever they are. Chains are short (some dozens of pieces), where this needs
fewer frames than LT or Raptor codes, and a piece is one Python integer, so that solving takes milliseconds.

Bystanders see the frames too: what is given in here must be sealed already.
"""

import hashlib
import struct
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

import zxingcpp

from bnhelper.codes.code_image import rows_of
from bnhelper.errors import KnownTrouble

#: mark and version, first half of the whole's SHA-256, its length, bytes of a piece, number of the frame
_HEAD: Final = struct.Struct(">2sB16sIHI")
_MARK: Final = b"BQ"
_VERSION: Final = 1
_CHECK: Final = 4  #: CRC-32 of the frame: a misread frame must not spoil the chain
#: With head and check a QR code of version 15, level L: 85 modules with the quiet zone, so that even the smallest
#: window shows them large enough for a laptop's camera.
PIECE_BYTES: Final = 480
MOST_BYTES: Final = 512 * 1024  #: of a whole: text; photos are too heavy for this road
_MOST_PIECES: Final = 4_096
_MOST_CHAINS: Final = 4  #: that a reader follows at once


class ChainTooLong(KnownTrouble):
    """More than a chain of frames can carry in a minute or two."""

    code = "chain-too-long"


class FrameChain:
    """The frames of some bytes, by number, without end."""

    def __init__(self, whole: bytes, piece_bytes: int = PIECE_BYTES) -> None:
        """Cut `whole` into pieces. Raises ChainTooLong; ValueError for nothing."""
        if len(whole) > MOST_BYTES:
            raise ChainTooLong(kilobytes=len(whole) // 1000)
        if not whole:
            raise ValueError("nothing to show")
        self._name = _name(whole)
        self._length = len(whole)
        self._piece_bytes = piece_bytes
        self._pieces = [
            int.from_bytes(whole[at : at + piece_bytes].ljust(piece_bytes, b"\0"), "big")
            for at in range(0, len(whole), piece_bytes)
        ]

    @property
    def count(self) -> int:
        """Return how many frames a reader needs at least."""
        return len(self._pieces)

    def frame(self, number: int) -> bytes:
        """Return frame `number`, from 0."""
        body, which, place = 0, _mask(self._name, number, self.count), 0
        while which:
            if which & 1:
                body ^= self._pieces[place]
            which >>= 1
            place += 1
        head = _HEAD.pack(_MARK, _VERSION, self._name, self._length, self._piece_bytes, number)
        content = head + body.to_bytes(self._piece_bytes, "big")
        return content + zlib.crc32(content).to_bytes(_CHECK, "big")


@dataclass(frozen=True, slots=True)
class ChainProgress:
    """How far a reader is: frames that taught it something, of those that it needs at least."""

    known: int
    needed: int


class ChainReader:
    """Takes frames as they come, of whichever chain, and gives back what is whole and proved by its hash."""

    def __init__(self) -> None:
        self._chains: OrderedDict[tuple[bytes, int, int], _Solving] = OrderedDict()
        self._done: set[bytes] = set()
        self.progress = ChainProgress(0, 0)

    def take(self, frame: bytes) -> bytes | None:
        """Take one frame; return the whole once it is there, the first time only. Anything else is passed over."""
        read = _read(frame)
        if read is None:
            return None
        name, length, piece_bytes, number, body = read
        if name in self._done:
            return None
        key = (name, length, piece_bytes)
        solving = self._chains.get(key)
        if solving is None:
            solving = self._chains[key] = _Solving(name, length, piece_bytes)
            while len(self._chains) > _MOST_CHAINS:
                self._chains.popitem(last=False)
        self._chains.move_to_end(key)
        solving.take(number, body)
        self.progress = ChainProgress(solving.known, solving.count)
        if solving.known < solving.count:
            return None
        whole = solving.whole()
        del self._chains[key]
        if _name(whole) != name:  # a made-up frame among them: begin this chain anew
            self.progress = ChainProgress(0, solving.count)
            return None
        self._done.add(name)
        return whole


class _Solving:
    """Gaussian elimination over GF(2), a row at a time; each row leads with a piece of its own."""

    def __init__(self, name: bytes, length: int, piece_bytes: int) -> None:
        self._name, self._length, self._piece_bytes = name, length, piece_bytes
        self.count = -(-length // piece_bytes)
        self._rows: dict[int, tuple[int, int]] = {}

    @property
    def known(self) -> int:
        return len(self._rows)

    def take(self, number: int, body: int) -> None:
        which = _mask(self._name, number, self.count)
        while which:
            lead = which.bit_length() - 1
            row = self._rows.get(lead)
            if row is None:
                self._rows[lead] = (which, body)
                return
            which ^= row[0]
            body ^= row[1]

    def whole(self) -> bytes:
        pieces: list[int] = []
        for lead in range(self.count):
            which, body = self._rows[lead]
            which ^= 1 << lead
            while which:
                place = which.bit_length() - 1
                body ^= pieces[place]
                which ^= 1 << place
            pieces.append(body)
        return b"".join(piece.to_bytes(self._piece_bytes, "big") for piece in pieces)[: self._length]


def _read(frame: bytes) -> tuple[bytes, int, int, int, int] | None:
    """Return a frame's parts, or None for anything that is no frame of ours within bounds."""
    if len(frame) <= _HEAD.size + _CHECK:
        return None
    content, check = frame[:-_CHECK], frame[-_CHECK:]
    mark, version, name, length, piece_bytes, number = _HEAD.unpack(content[: _HEAD.size])
    if (mark, version) != (_MARK, _VERSION) or zlib.crc32(content).to_bytes(_CHECK, "big") != check:
        return None
    body = content[_HEAD.size :]
    if not 16 <= piece_bytes == len(body) or not 0 < length <= MOST_BYTES or length > piece_bytes * _MOST_PIECES:
        return None
    return name, length, piece_bytes, number, int.from_bytes(body, "big")


def _name(whole: bytes) -> bytes:
    return hashlib.sha256(whole).digest()[:16]


def _mask(name: bytes, number: int, count: int) -> int:
    """Return which pieces a frame is made of, as bits; never none."""
    if number < count:
        return 1 << number
    size = -(-count // 8)
    random = int.from_bytes(hashlib.shake_128(name + number.to_bytes(4, "big")).digest(size), "big")
    return (random & ((1 << count) - 1)) or 1 << number % count


# --- as QR codes ---------------------------------------------------------------------------------------------------


def picture_of_frame(frame: bytes) -> tuple[bytes, int]:
    """Return a frame as a square of 8-bit gray, a pixel a module with its quiet zone, and its side in pixels.

    It takes 2 to 3 ms, so it can be made while showing.
    """
    code = zxingcpp.create_barcode(frame, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    image: Any = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True)
    rows = memoryview(image)
    shape: Any = rows.shape
    return rows.tobytes(), shape[1]


def frames_in(gray: bytes, width: int, height: int, stride: int) -> list[bytes]:
    """Return the bytes of the QR codes in a picture of 8-bit gray rows, `stride` bytes each."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [bytes(one.bytes) for one in zxingcpp.read_barcodes(rows_of(gray, width, height, stride), formats=formats)]
