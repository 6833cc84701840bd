"""Finds machine-readable codes in a picture, and paints one as modules."""

from typing import Final

import qrcode
import zxingcpp

from bnhelper.errors import Bug

_MOST_PIXELS: Final = 60_000_000


def read_codes(gray: bytes, width: int, height: int, stride: int) -> list[str]:
    """Return the texts of the codes in a picture of 8-bit gray rows, `stride` bytes each, best read first."""
    picture = rows_of(gray, width, height, stride)
    return [str(found.text) for found in zxingcpp.read_barcodes(picture) if found.text]


def rows_of(gray: bytes, width: int, height: int, stride: int) -> memoryview:
    """Return a picture of 8-bit gray rows, `stride` bytes each, as rows without padding."""
    if width * height > _MOST_PIXELS or len(gray) < stride * height:
        raise Bug("a picture larger than it says")
    if stride == width:
        return memoryview(gray)[: stride * height].cast("B", [height, width])
    return memoryview(b"".join(_cut(gray, width, height, stride))).cast("B", [height, width])


def _cut(gray: bytes, width: int, height: int, stride: int) -> list[bytes]:
    return [gray[row * stride : row * stride + width] for row in range(height)]


def modules_of(text: str) -> list[list[bool]]:
    """Return a QR code as rows of dark modules, without its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text.encode("utf-8"))
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]
