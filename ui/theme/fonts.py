"""Bundled fonts and text sizes."""

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

import resources

_FILES: Final = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf")
#: Sizes in logical pixels (ux.md 3.3); the smallest text anywhere is 14, at a kiosk 24.
_SIZES: Final = {
    "desk": {"display": 32, "h1": 24, "h2": 20, "body": 16, "small": 14, "code": 20},
    "kiosk": {"display": 56, "h1": 44, "h2": 36, "body": 28, "small": 24, "code": 40},
}


def load_fonts() -> None:
    """Make the bundled fonts known. Noto Sans, because Qt cuts the accents off capitals of most others (measured)."""
    for name in _FILES:
        QFontDatabase.addApplicationFontFromData(resources.read_bytes(f"fonts/{name}"))


def sizes(text_percent: int, scale: str = "desk") -> dict[str, int]:
    """Return the text sizes in pixels at a text size of 100 to 200 %; `scale` is desk or kiosk."""
    return {name: round(pixels * text_percent / 100) for name, pixels in _SIZES[scale].items()}


def base_font(text_percent: int) -> QFont:
    font = QFont("Noto Sans")
    font.setPixelSize(sizes(text_percent)["body"])
    return font
