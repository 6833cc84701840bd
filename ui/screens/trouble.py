"""How a screen tells what went wrong: in its own place, with the next step, never in a box."""

from PySide6.QtWidgets import QVBoxLayout

from bnhelper.errors import KnownTrouble
from ui.widgets.parts import banner
from ui.words.language import language
from ui.words.trouble_words import words_for


def tell(where: QVBoxLayout, trouble: BaseException) -> None:
    """Put a banner about `trouble` on top of a layout; an earlier one makes room. Bugs go on to the last resort."""
    for place in range(where.count()):
        item = where.itemAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None and widget.objectName() == "trouble":
            widget.deleteLater()
    what, then = words_for(trouble, language.code)
    where.insertWidget(0, banner("trouble", what, then, name="trouble"))
    if not isinstance(trouble, KnownTrouble):
        raise trouble
