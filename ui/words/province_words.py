"""What the province did with a dossier, in words: one table for the timeline and the history."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_DEEDS: Final = {
    "delivered": QT_TRANSLATE_NOOP("Province", "The province has every file"),
    "accepted": QT_TRANSLATE_NOOP("Province", "Received by the officer"),
    "in_review": QT_TRANSLATE_NOOP("Province", "Processing"),
    "needs_info": QT_TRANSLATE_NOOP("Province", "Supplement asked for"),
    "approved": QT_TRANSLATE_NOOP("Province", "Result ready"),
    "returned": QT_TRANSLATE_NOOP("Province", "Handed over"),
    "rejected": QT_TRANSLATE_NOOP("Province", "Not accepted"),
    "withdrawn": QT_TRANSLATE_NOOP("Province", "Withdrawn"),
}


def province_word(kind: str) -> str:
    """Return the words of one state of the wire in the program's language; a kind that is new to us as it is."""
    return QCoreApplication.translate("Province", str(_DEEDS.get(kind, kind)))
