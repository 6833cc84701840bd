"""Every key, in one list."""

from typing import Final

SEARCH: Final = "Ctrl+K"
NEW_DOSSIER: Final = "Ctrl+N"
SCAN: Final = "F2"
PRINT: Final = "Ctrl+P"
UNDO: Final = "Ctrl+Z"
REDO: Final = "Ctrl+Y"
LOCK: Final = "Ctrl+L"
LARGER: Final = "Ctrl+="
SMALLER: Final = "Ctrl+-"
NORMAL_SIZE: Final = "Ctrl+0"
HELP: Final = "F1"
BACK: Final = "Alt+Left"
NEXT_REGION: Final = "F6"
PLACES: Final = ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+5", "Ctrl+6")
