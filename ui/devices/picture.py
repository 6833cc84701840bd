"""Pictures from outside: decoded within bounds, turned upright, stripped of where they were taken, made light."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from bnhelper.codes.citizen_card import NoCodeInPicture
from bnhelper.codes.code_image import read_codes
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of

_MOST_READ: Final = 40 * 1024 * 1024
_MOST_PIXELS: Final = 60_000_000
_LONG_SIDE: Final = 2600  #: legible at A4, and light enough for a weak line
_HEAVY: Final = 6_000_000  #: the portal's own limit for a file (domain facts)


@dataclass(frozen=True, slots=True)
class Offered:
    """Bytes somebody offered, with the name they came under (shown, never used as a path)."""

    content: bytes
    name: str


#: gets at what somebody offered; slow, so it is called on the worker's thread
Offer = Callable[[], Offered]


def decoded(content: bytes) -> QImage:
    """Return a picture, upright. Raises PhotoIsNoImage, PhotoTooLarge."""
    if len(content) > _MOST_READ:
        raise PhotoTooLarge(megabytes=len(content) // 1_000_000)
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(512)
    size = reader.size()
    if not reader.canRead() or (size.isValid() and size.width() * size.height() > _MOST_PIXELS):
        raise PhotoIsNoImage
    image = reader.read()
    if image.isNull():
        raise PhotoIsNoImage
    return image


def prepared(content: bytes) -> bytes:
    """Return a file as it is kept: a PDF as it is, a picture upright, without its metadata, at most 2600 px.

    A JPEG's metadata can hold the place of a home, so pictures are always encoded anew.
    """
    if content[:5] == b"%PDF-":
        media_type_of(content)
        return content
    image = decoded(content)
    if max(image.width(), image.height()) > _LONG_SIDE:
        image = image.scaled(
            QSize(_LONG_SIDE, _LONG_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    for quality in (85, 75, 60, 45):
        made = _jpeg(image, quality)
        if len(made) <= _HEAVY:
            return made
    raise PhotoTooLarge(megabytes=len(made) // 1_000_000)


def _jpeg(image: QImage, quality: int) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_RGB888).save(buffer, "JPEG", quality)  # type: ignore[call-overload]
    buffer.close()
    return bytes(content.data())


def thumbnail(content: bytes, side: int) -> QImage:
    """Return a small picture; a file that is no picture gives an empty one."""
    try:
        image = decoded(content)
    except (PhotoIsNoImage, PhotoTooLarge):
        return QImage()
    return image.scaled(
        QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def codes_in(content: bytes) -> list[str]:
    """Return the texts of the codes in a picture. Raises PhotoIsNoImage, PhotoTooLarge, NoCodeInPicture."""
    gray = decoded(content).convertToFormat(QImage.Format.Format_Grayscale8)
    found = read_codes(bytes(gray.constBits()), gray.width(), gray.height(), gray.bytesPerLine())
    if not found:
        raise NoCodeInPicture
    return found


def offers_of(mime: QMimeData) -> list[Offer]:
    """Return how to get at what was dropped or pasted: files, or a picture from the clipboard.

    Nothing is read or encoded here: that is for the worker. A picture of 12 megapixels takes 0.1 s to encode.
    """
    found: list[Offer] = [partial(read_file, url.toLocalFile()) for url in mime.urls()[:20] if url.isLocalFile()]
    if not found and mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            found.append(partial(_encoded, QImage(image)))
    return found


def _encoded(image: QImage) -> Offered:
    return Offered(_jpeg(image, 90), "")


def read_file(path: str) -> Offered:
    """Return a file somebody chose, bounded. Raises PhotoIsNoImage when it cannot be read."""
    chosen = Path(path)
    try:
        with chosen.open("rb") as file:
            content = file.read(_MOST_READ + 1)
    except OSError as wrong:
        raise PhotoIsNoImage from wrong
    if len(content) > _MOST_READ:
        raise PhotoTooLarge(megabytes=len(content) // 1_000_000)
    return Offered(content, chosen.name)
