"""What a file is, told by its own bytes and never by its name."""

from typing import Final

from bnhelper.errors import KnownTrouble

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_FILES: Final = 40  #: of one dossier, over all its papers
MEDIA_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})  #: what a file can be


class PhotoIsNoImage(KnownTrouble):
    """The file is no photo and no PDF, or it is cut off."""

    code = "photo-is-no-image"


class PhotoTooLarge(KnownTrouble):
    """The file is larger than the province takes."""

    code = "photo-too-large"


def media_type_of(content: bytes) -> str:
    """Return the media type of a JPEG, PNG, WebP or PDF by its signature and its end.

    Raises PhotoIsNoImage for anything else, PhotoTooLarge over 16 MB. A cut-off file lacks its end marker and is
    refused, because half a paper looks whole in a list.
    """
    if len(content) > MOST_BYTES:
        raise PhotoTooLarge(megabytes=len(content) // 1_000_000)
    if content[:3] == b"\xff\xd8\xff" and b"\xff\xd9" in content[-1024:]:
        return "image/jpeg"
    if content[:8] == b"\x89PNG\r\n\x1a\n" and b"IEND" in content[-32:]:
        return "image/png"
    if (
        content[:4] == b"RIFF"
        and content[8:12] == b"WEBP"
        and int.from_bytes(content[4:8], "little") + 8 <= len(content)
    ):
        return "image/webp"
    if content[:5] == b"%PDF-" and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    raise PhotoIsNoImage
