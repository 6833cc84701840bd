"""The bar of a small window: no place's word is cut, also where it is the chosen one and bolder."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from ui.app import make_qt
from ui.frame.bottom_bar import BottomBar
from ui.theme.look import look
from ui.widgets.parts import button

_ENGLISH = ("Today", "Procedures", "Dossiers", "Send and receive", "Settings", "Help", " Lock")
_VIETNAMESE = ("Hôm nay", "Thủ tục", "Hồ sơ", "Gửi và nhận", "Cài đặt", "Trợ giúp", " Khoá")
_PADDING = 12  #: of the style sheet, both sides together


@pytest.mark.parametrize("words", [_ENGLISH, _VIETNAMESE], ids=["en", "vi"])
@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("width", [700, 900, 959])
def test_no_word_is_cut_whichever_place_is_chosen(words: tuple[str, ...], percent: int, width: int) -> None:
    make_qt(["test"])
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    look.apply(qt, "dark", percent)
    buttons = [button(word, lambda: None, kind="rail") for word in words]
    for one in buttons:
        one.setCheckable(True)
    bar = BottomBar(buttons)
    bar.resize(width, 60)
    bar.arrange(width)
    bar.show()
    try:
        assert bar.width() == width, "the bar does not make the window wider"
        for one in buttons:
            one.setChecked(True)
            bold = QFont(one.font())
            bold.setBold(True)
            assert QFontMetrics(bold).horizontalAdvance(one.text()) + _PADDING <= one.width(), one.text()
            one.setChecked(False)
    finally:
        bar.close()
        look.apply(qt, "light", 100)
