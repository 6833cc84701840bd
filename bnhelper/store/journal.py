"""Reads SQLite's write-ahead log as a file: which pages it holds that were committed, newest first.

The format is that of "The SQLite Write-Ahead Log" (sqlite.org/fileformat2.html, section 4). Pages are as they lie on
the disk: under SQLCipher they are sealed, and the checksums are over the sealed bytes.
"""

import struct
from pathlib import Path
from typing import Final

_HEADER: Final = 32
_FRAME: Final = 24
_MAGIC: Final = (0x377F0682, 0x377F0683)  #: checksums over little-endian words, over big-endian words


def committed_pages(log: Path) -> dict[int, bytes]:
    """Return page number -> newest committed content; empty when there is no log or its header does not hold.

    Reading stops at the first frame that does not hold, as SQLite's own recovery does; what comes after it was
    never said to be kept.
    """
    try:
        content = log.read_bytes()
    except OSError:
        return {}
    if len(content) < _HEADER:
        return {}
    magic, _version, size, _sequence, salt1, salt2, sum1, sum2 = struct.unpack(">8I", content[:_HEADER])
    if magic not in _MAGIC or not (512 <= size <= 65_536):
        return {}
    order = ">" if magic & 1 else "<"
    running = _checksum(content[:24], order, (0, 0))
    if running != (sum1, sum2):
        return {}
    committed: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    for at in range(_HEADER, len(content) - _FRAME - size + 1, _FRAME + size):
        page, commit, one, two, check1, check2 = struct.unpack(">6I", content[at : at + _FRAME])
        body = content[at + _FRAME : at + _FRAME + size]
        running = _checksum(content[at : at + 8] + body, order, running)
        if (one, two) != (salt1, salt2) or running != (check1, check2):
            break
        pending[page] = body
        if commit:
            committed |= pending
            pending = {}
    return committed


def _checksum(content: bytes, order: str, before: tuple[int, int]) -> tuple[int, int]:
    first, second = before
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
