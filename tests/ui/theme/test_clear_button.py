"""The cross that empties a search field can be seen in every theme."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from ui.app import make_qt
from ui.theme.look import look


@pytest.mark.parametrize("theme", ["light", "dark", "outdoor"])
def test_the_cross_is_drawn_in_the_theme_s_quiet_text(theme: str) -> None:
    qt = make_qt(["test"])
    look.apply(qt, theme, 100)
    field = QLineEdit()
    field.ensurePolished()
    field.setClearButtonEnabled(True)
    action = field.findChild(QAction)
    assert action is not None
    cross = action.icon().pixmap(32, 32).toImage()
    strongest = max(
        (cross.pixelColor(x, y) for x in range(cross.width()) for y in range(cross.height())),
        key=lambda colour: colour.alpha(),
    )
    assert strongest.alpha() == 255
    is_light = strongest.lightness() > 128
    assert is_light == look.theme.is_dark
