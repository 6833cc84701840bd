"""Themes are complete, readable, and the only place with colours; capitals keep their accents."""

import pytest
from PySide6.QtGui import QFontMetrics

import resources
from ui.app import make_qt
from ui.theme import icons
from ui.theme.fonts import base_font
from ui.theme.palette import NAMES, contrast, load_theme
from ui.theme.stylesheet import style_sheet


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("percent", [100, 200])
def test_every_theme_loads_with_its_contrast_and_fills_the_sheet(name: str, percent: int) -> None:
    sheet = style_sheet(load_theme(name), percent)
    assert "@" not in sheet


def test_contrast_is_the_formula_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.01)


def test_no_accent_of_a_capital_is_cut() -> None:
    make_qt(["test"])
    for percent in (100, 125, 150, 200):
        metrics = QFontMetrics(base_font(percent))
        for capital in "ẴỄẾỔỬẲĂÂĐÊÔƠƯ":
            assert -metrics.tightBoundingRect(capital).top() <= metrics.ascent() + 1, capital


def test_unknown_icons_are_refused_and_known_ones_painted() -> None:
    make_qt(["test"])
    with pytest.raises(icons.UnknownIcon):
        icons.svg("no-such-icon")
    for name in resources.names_under("icons", ".svg"):
        assert not icons.pixmap(name.removesuffix(".svg"), "#123456").isNull()
