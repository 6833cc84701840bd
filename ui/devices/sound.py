"""Plays a recording, where Qt Multimedia is there: it is no part of the program's own parcel of Qt."""

import importlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QObject


def player(owner: QObject) -> Callable[[bytes], object] | None:
    """Return what plays a recording and stops the one before; None where this machine has no means to play any."""
    try:
        multimedia: Any = importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return None
    machine = multimedia.QMediaPlayer(owner)
    machine.setAudioOutput(multimedia.QAudioOutput(owner))
    held: list[QBuffer] = []

    def play(recording: bytes) -> None:
        machine.stop()
        for old in held:
            old.deleteLater()
        held[:] = [QBuffer(owner)]
        held[0].setData(recording)
        held[0].open(QIODevice.OpenModeFlag.ReadOnly)
        machine.setSourceDevice(held[0])
        machine.play()

    return play
