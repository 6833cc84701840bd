"""How request bodies are made smaller: zstd, as RFC 9659 bounds it for HTTP."""

from typing import Final

import zstandard

ZSTD: Final = "zstd"  #: value of `Content-Encoding`
UNSUPPORTED: Final = 415  #: the answer of whoever does not read it
_LEVEL: Final = 19  #: a text dossier takes 3 ms; a byte over 2G takes longer
_WORTH_IT: Final = 200  #: smaller bodies gain nothing


def packed(body: bytes) -> bytes | None:
    """Return `body` compressed, or None where that saves nothing."""
    if len(body) < _WORTH_IT:
        return None
    made = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(body)
    return made if len(made) < len(body) else None
