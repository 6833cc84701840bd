"""Invented papers to play with: a citizen card's QR code and photos that are as heavy as real ones."""

import random

import qrcode
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

#: Structure valid, serial 000002: nobody's. The address is in units of before July 2025, as on real cards.
CARD_TEXT = "027190000002|125123456|NGUYỄN THỊ HOÀ|05091990|Nữ|Thôn Phúc Long, Tam Đa, Yên Phong, Bắc Ninh|12042021"


def card_photo() -> bytes:
    """Return a PNG of a card's back with its QR code."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(CARD_TEXT.encode("utf-8"))
    code.make(fit=True)
    modules = code.get_matrix()
    image = QImage(1280, 800, QImage.Format.Format_RGB32)
    image.fill(QColor(214, 226, 222))
    painter = QPainter(image)
    painter.setPen(QColor(40, 60, 70))
    painter.setFont(_font(44))
    painter.drawText(QRect(60, 60, 700, 200), Qt.AlignmentFlag.AlignLeft, "THẺ MẪU\nKHÔNG CÓ GIÁ TRỊ")
    side = 520 // len(modules)
    painter.fillRect(QRect(720, 240, side * len(modules), side * len(modules)), QColor("white"))
    for row, line in enumerate(modules):
        for column, is_dark in enumerate(line):
            if is_dark:
                painter.fillRect(QRect(720 + column * side, 240 + row * side, side, side), QColor("black"))
    painter.end()
    return _encoded(image, "PNG")


def paper_photo(title: str, lines: list[str], *, seed: int) -> bytes:
    """Return a JPEG of a written paper as a phone would take it: grainy, so well over a megabyte."""
    grain = random.Random(seed)
    width, height = 2200, 1600
    image = QImage(grain.randbytes(width * height), width, height, width, QImage.Format.Format_Grayscale8)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QColor(250, 246, 236, 196))
    painter.setPen(QColor(24, 32, 58))
    painter.setFont(_font(72))
    painter.drawText(QRect(120, 100, width - 240, 160), Qt.AlignmentFlag.AlignHCenter, title)
    painter.setFont(_font(46))
    painter.drawText(QRect(160, 340, width - 320, height - 400), Qt.AlignmentFlag.AlignLeft, "\n\n".join(lines))
    painter.end()
    return _encoded(image, "JPEG", quality=80)


def result_pdf() -> bytes:
    """Return a one-page PDF, the result that the demo's officer hands out."""
    from PySide6.QtGui import QPageSize, QPdfWriter, QTextDocument

    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    writer.setTitle("Giấy khai sinh (bản mẫu)")
    document = QTextDocument()
    document.setHtml("<h1>GIẤY KHAI SINH</h1><p>Bản mẫu của chương trình trình diễn, không có giá trị.</p>")
    document.print_(writer)
    buffer.close()
    return bytes(content.data())


def _font(pixels: int) -> QFont:
    font = QFont("Noto Sans")
    font.setPixelSize(pixels)
    return font


def _encoded(image: QImage, kind: str, quality: int = -1) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, quality)  # type: ignore[call-overload]
    buffer.close()
    return bytes(content.data())
