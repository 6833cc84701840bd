"""What went wrong at a kiosk, said to a resident: where to go with it, never what broke inside."""

import logging

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout

from bnhelper.errors import KnownTrouble
from ui.widgets.parts import banner

_log = logging.getLogger(__name__)


def tell_at_kiosk(where: QVBoxLayout, trouble: BaseException) -> None:
    """Put a sentence on top of a layout; what it was stands in the log, by its code. Bugs go on to the last resort."""
    said = QCoreApplication.translate("Kiosk", "This does not work just now.")
    more = QCoreApplication.translate("Kiosk", "Please call staff, or go to the counter.")
    where.insertWidget(0, banner("warn", said, more, name="kioskTrouble"))
    if not isinstance(trouble, KnownTrouble):
        raise trouble
    _log.warning("at the kiosk: %s", trouble)
