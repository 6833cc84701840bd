"""Answers that a full, read-only or pulled-out disk did not take: kept in memory until it does."""

from collections.abc import Mapping

from bnhelper.ids import DossierId, FieldPath


class Unsaved:
    """What one person typed and the disk refused. It goes with the next answer of its dossier, in the same step."""

    def __init__(self) -> None:
        self._answers: dict[DossierId, dict[FieldPath, str]] = {}

    def refused(self, dossier: DossierId, path: FieldPath, value: str) -> None:
        """The disk did not take this answer."""
        self._answers.setdefault(dossier, {})[path] = value

    def of(self, dossier: DossierId) -> dict[FieldPath, str]:
        """Return what waits for one dossier: path -> value."""
        return dict(self._answers.get(dossier, {}))

    def kept(self, dossier: DossierId, values: Mapping[FieldPath, str]) -> None:
        """These are on the disk now; what was typed meanwhile stays."""
        waiting = self._answers.get(dossier, {})
        for path, value in values.items():
            if waiting.get(path) == value:
                del waiting[path]
        if not waiting:
            self._answers.pop(dossier, None)

    def superseded(self, dossier: DossierId, path: FieldPath) -> None:
        """Something else was typed there, and kept."""
        self._answers.get(dossier, {}).pop(path, None)
