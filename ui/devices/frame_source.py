"""Where pictures with codes come from: files now, a live camera behind the same call later."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtGui import QImage

from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge
from ui.devices.picture import decoded, read_file

_KINDS: Final = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
_MOST: Final = 5_000


class FrameSource(Protocol):
    """Gives pictures until there are no more; a camera gives them until it is closed."""

    def pictures(self) -> Iterator[QImage]: ...


class PictureFiles:
    """Picture files that somebody chose, or those of a folder, in the order of their names."""

    def __init__(self, chosen: Sequence[Path]) -> None:
        self._chosen = chosen

    def pictures(self) -> Iterator[QImage]:
        """Give what can be read; a file that is no picture is passed over."""
        for path in self._files()[:_MOST]:
            try:
                yield decoded(read_file(str(path)).content)
            except (PhotoIsNoImage, PhotoTooLarge):
                continue

    def _files(self) -> list[Path]:
        found: list[Path] = []
        for one in self._chosen:
            found.extend(sorted(one.iterdir()) if one.is_dir() else [one])
        return [path for path in found if path.suffix.lower() in _KINDS]
