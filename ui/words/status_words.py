"""The words of a dossier's status, one table for chips, filters and lists (ux.md 3.7)."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from bnhelper.domain.custody import StatusKey

#: status -> (source text, icon); each icon has an outline of its own, so that the set survives grey print
_STATUS: Final = {
    StatusKey.DRAFT: (QT_TRANSLATE_NOOP("Status", "Draft"), "edit_note"),
    StatusKey.READY: (QT_TRANSLATE_NOOP("Status", "Waiting to send"), "outbox"),
    StatusKey.SENDING: (QT_TRANSLATE_NOOP("Status", "Sending"), "arrow_upward"),
    StatusKey.SENDFAIL: (QT_TRANSLATE_NOOP("Status", "Could not send"), "report"),
    StatusKey.DELIVERED: (QT_TRANSLATE_NOOP("Status", "Reached the province"), "cloud_done"),
    StatusKey.RECEIVED: (QT_TRANSLATE_NOOP("Status", "Received by the officer"), "inventory"),
    StatusKey.SUPPLEMENT: (QT_TRANSLATE_NOOP("Status", "Needs supplement"), "warning"),
    StatusKey.PROCESSING: (QT_TRANSLATE_NOOP("Status", "Processing"), "hourglass_top"),
    StatusKey.RESULT: (QT_TRANSLATE_NOOP("Status", "Result ready"), "star"),
    StatusKey.RETURNED: (QT_TRANSLATE_NOOP("Status", "Handed over"), "check"),
    StatusKey.REFUSED: (QT_TRANSLATE_NOOP("Status", "Not accepted"), "block"),
    StatusKey.WITHDRAWN: (QT_TRANSLATE_NOOP("Status", "Withdrawn"), "undo"),
}


def status_word(status: StatusKey) -> str:
    """Return the word in the program's language."""
    return QCoreApplication.translate("Status", str(_STATUS[status][0]))


def status_icon(status: StatusKey) -> str:
    return str(_STATUS[status][1])
