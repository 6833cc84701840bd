"""Which revisions and files go into which part of a bundle, so that no part grows over its limit."""

from collections.abc import Sequence
from typing import Final

from bnhelper.domain.sealed import OutboxItem
from sync.wire.courier import MAX_REVISIONS, CarriedFile, CarriedRevision

_AROUND: Final = 8 * 1024  #: age's head, the zip's end record, the manifest's own words
_PER_REVISION: Final = 2_500  #: its lines in the manifest, its signature, its two zip records
_PER_FILE: Final = 700


class PartTooSmall(ValueError):
    """The limit is smaller than one file with its envelope."""


def packed(items: Sequence[OutboxItem], limit: int) -> list[tuple[CarriedRevision, ...]]:
    """Return the revisions of every part, in the order given; `limit` in bytes bounds the sealed size of a part.

    A revision whose files do not fit is named in several parts, each with its envelope and the files that are there:
    so every part can be taken in alone, and half a stick is half the work and not none. Raises PartTooSmall.
    """
    room = int((limit - _AROUND) / (1 + 1 / 2_000))  # age adds 16 bytes to each 64 KiB
    parts: list[list[CarriedRevision]] = [[]]
    left = room
    for item in items:
        head = len(item.envelope) + _PER_REVISION + len(item.files) * _PER_FILE
        files = sorted(item.files, key=lambda file: (file.size, file.sha256))
        here: set[str] = set()
        needed = head + (files[0].size if files else 0)
        if parts[-1] and (needed > left or len(parts[-1]) == MAX_REVISIONS):
            parts.append([])
            left = room
        left -= head
        for file in files:
            if file.size > left:
                if not here:
                    raise PartTooSmall
                parts[-1].append(_named(item, here))
                parts.append([])
                here, left = set(), room - head
                if file.size > left:
                    raise PartTooSmall
            here.add(file.sha256)
            left -= file.size
        if left < 0:
            raise PartTooSmall
        parts[-1].append(_named(item, here))
    return [tuple(part) for part in parts if part]


def text_of(item: OutboxItem) -> CarriedRevision:
    """Return a revision whose files stay behind."""
    return _named(item, set())


def _named(item: OutboxItem, here: set[str]) -> CarriedRevision:
    return CarriedRevision(
        dossier=item.dossier,
        rev=item.revision,
        envelope=item.envelope_sha256,
        size=len(item.envelope),
        signature=item.signature,
        kind=item.kind,
        files=tuple(
            CarriedFile(sha256=file.sha256, size=file.size, media_type=file.media_type, here=file.sha256 in here)
            for file in item.files
        ),
    )
