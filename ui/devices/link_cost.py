"""Whether the network in use is paid by the byte, as the operating system says (Windows and NetworkManager do)."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal


class LinkCost(QObject):
    """Tells when the network begins or ends to be metered; where the system does not say, it is not."""

    _changed = Signal()

    def __init__(
        self, parent: QObject | None = None, info: Any = None, *, told: Callable[[], object] = lambda: None
    ) -> None:
        """`told` is called when it changes; `info` stands for Qt's own information in tests."""
        super().__init__(parent)
        self._changed.connect(told)
        self._info = info if info is not None else _of_the_system()
        if self._info is not None:
            self._info.isMeteredChanged.connect(self._changed)

    @property
    def is_metered(self) -> bool:
        return self._info is not None and bool(self._info.isMetered())


def _of_the_system() -> Any:
    from PySide6.QtNetwork import QNetworkInformation

    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        return None
    return QNetworkInformation.instance()
