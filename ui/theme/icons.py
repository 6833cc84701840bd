"""An icon by name, coloured by the theme; unknown names are refused at once, not at the click."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

import resources


class UnknownIcon(ValueError):
    """An icon that is not shipped."""


_known: dict[str, bytes] = {}
#: painted once; the rail asks for the same ones at every resize
_made: dict[tuple[str, str, int, str], QIcon] = {}


def svg(name: str) -> bytes:
    """Return an icon's SVG. Raises UnknownIcon."""
    if name not in _known:
        try:
            _known[name] = resources.read_bytes(f"icons/{name}.svg")
        except FileNotFoundError:
            raise UnknownIcon(name) from None
    return _known[name]


def pixmap(name: str, colour: str, size: int = 20, ratio: float = 1.0) -> QPixmap:
    """Return an icon in one colour; `size` is logical pixels, `ratio` the screen's device pixel ratio."""
    from PySide6.QtSvg import QSvgRenderer  # the first screens show no icon: painted without this library

    coloured = svg(name).replace(b"<svg ", f'<svg fill="{colour}" '.encode(), 1)
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(coloured)).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: str, size: int = 20, disabled: str = "") -> QIcon:
    """Return an icon sharp at single and double density; `disabled`: its colour where Qt's own paling would hide it."""
    known = _made.get((name, colour, size, disabled))
    if known is not None:
        return known
    made = _made[name, colour, size, disabled] = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return made
