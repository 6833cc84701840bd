"""Texts of a pack, compressed against one shared text: forms differ from each other in little."""

import threading
from typing import Final

import zstandard

_LEVEL: Final = 9
_MOST_BYTES: Final = 8_000_000


class PackedTextDamaged(ValueError):
    """Bytes that are no text of this pack, or more than a text can be."""


class PackedTexts:
    """Packs and unpacks texts against `shared`, a text that resembles them. Safe to use from any thread."""

    def __init__(self, shared: bytes) -> None:
        self._shared = zstandard.ZstdCompressionDict(shared, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self._is_digested = False
        self._local = threading.local()

    def pack(self, text: str) -> bytes:
        """Return the text as bytes, the same ones for the same text."""
        packer = getattr(self._local, "packer", None)
        if packer is None:
            if not self._is_digested:  # once, not for every text
                self._shared.precompute_compress(level=_LEVEL)
                self._is_digested = True
            packer = self._local.packer = zstandard.ZstdCompressor(level=_LEVEL, dict_data=self._shared)
        packed: bytes = packer.compress(text.encode("utf-8"))
        return packed

    def unpack(self, packed: bytes) -> str:
        """Return the text. Raises PackedTextDamaged, also for what would unpack to over 8 MB."""
        unpacker = getattr(self._local, "unpacker", None)
        if unpacker is None:
            unpacker = self._local.unpacker = zstandard.ZstdDecompressor(dict_data=self._shared)
        try:
            if not 0 <= zstandard.frame_content_size(packed) <= _MOST_BYTES:
                raise PackedTextDamaged
            content: bytes = unpacker.decompress(packed)
            return content.decode("utf-8")
        except (zstandard.ZstdError, UnicodeDecodeError) as wrong:
            raise PackedTextDamaged from wrong
