"""A network that is paid by the byte, as Qt would tell of it."""

from PySide6.QtCore import QObject, Signal


class MeteredNetwork(QObject):
    """Stands for Qt's network information."""

    isMeteredChanged = Signal(bool)  # noqa: N815 - Qt's own spelling

    def __init__(self) -> None:
        super().__init__()
        self.metered = True

    def isMetered(self) -> bool:
        return self.metered

    def becomes(self, metered: bool) -> None:
        self.metered = metered
        self.isMeteredChanged.emit(metered)
