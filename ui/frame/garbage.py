"""Collects garbage on the GUI thread alone, in pieces that nobody notices: Qt's objects must not end on another."""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS: Final = 100


class Garbage(QObject):
    """While it is at work Python does not collect by itself.

    Python collects on whichever thread allocates. A cycle that holds a widget was ended by a worker of ours that way,
    and the process died of it.

    A sweep through everything the program has loaded takes 150 ms (measured). So what is there once somebody has
    unlocked is set aside (`set_aside`) and swept only behind the lock (`sweep`), when nobody waits for the screen.
    """

    _at_work = 0

    def __init__(self) -> None:
        super().__init__()
        Garbage._at_work += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_EVERY_MS)

    def stop(self) -> None:
        """Give the work back to Python; to be called when no worker runs any more."""
        self._timer.stop()
        Garbage._at_work -= 1
        if not Garbage._at_work:
            gc.unfreeze()
            gc.enable()

    @staticmethod
    def set_aside() -> None:
        """Look no more at what lives now: code, tables, what was made in order to stay."""
        gc.freeze()

    @staticmethod
    def sweep() -> None:
        """Look at everything once; behind the lock."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    @staticmethod
    def _look() -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
