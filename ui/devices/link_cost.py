"""Whether the network in use is paid by the byte, as the operating system says (Windows and NetworkManager do)."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

#: runs the first away from the thread that draws, and gives its result to the second on that thread
Beside = Callable[[Callable[[], None], Callable[[None], object]], object]


class LinkCost(QObject):
    """Tells when the network begins or ends to be metered; where the system does not say, it is not."""

    _changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        info: Any = None,
        *,
        told: Callable[[], object] = lambda: None,
        beside: Beside | None = None,
    ) -> None:
        """`told` is called when it changes; `info` stands for Qt's own information in tests.

        With `beside`, Qt's module is read by it: that takes 17 to 39 ms, and asking it 2 to 4 (measured). Until then
        the network counts as metered.
        """
        super().__init__(parent)
        self._changed.connect(told)
        self._info: Any = None
        self._is_known = False
        if info is not None or beside is None:
            self._knows(info if info is not None else _of_the_system())
        else:
            beside(_read_module, self._asked)

    def _knows(self, info: Any) -> None:
        self._info, self._is_known = info, True
        if info is not None:
            info.isMeteredChanged.connect(self._changed)

    def _asked(self, _none: None) -> None:
        self._knows(_of_the_system())
        self._changed.emit()

    @property
    def is_metered(self) -> bool:
        return not self._is_known or (self._info is not None and bool(self._info.isMetered()))


def _read_module() -> None:
    import PySide6.QtNetwork  # noqa: F401


def _of_the_system() -> Any:
    from PySide6.QtNetwork import QNetworkInformation

    if not QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Metered):
        return None
    return QNetworkInformation.instance()
