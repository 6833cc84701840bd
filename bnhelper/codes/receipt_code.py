"""The code printed on a home receipt: a link to the look-up page, with nothing personal in it."""

import re
from dataclasses import dataclass, field
from typing import Final

from bnhelper.ids import READABLE

_MOST_READ: Final = 300  #: characters of what a scanner may give; more is no receipt
_LINK: Final = re.compile(r"https?://[^\s/]{1,120}/t/([A-Za-z0-9_-]{22})")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_CODE: Final = re.compile(rf"(?:BN)?([{READABLE}]{{3}})([{READABLE}]{{3}})")
_SEPARATORS: Final = re.compile(r"[\s.\-–—_]+")


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """What somebody scanned or typed: a token (22 characters), or a readable code such as BN-7K4-M2P."""

    token: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


def look_up_url(server_url: str, token: str) -> str:
    """Return the address a resident's phone opens; the token is 128 random bits and the only key to it."""
    return f"{server_url.rstrip('/')}/t/{token}"


def receipt_text(server_url: str, token: str, readable_code: str) -> str:
    """Return what the QR code says: the link, or the readable code while this machine knows no province."""
    return look_up_url(server_url, token) if server_url else readable_code


def read_receipt(text: str) -> ReadReceipt | None:
    """Return what a scanned or typed text is: the link of the QR code, a bare token, or a readable code; else None.

    Of a link only the token counts, never its address: whom to ask is not for a piece of paper to say. A readable code
    may come in small letters, with or without its hyphens and its BN.
    """
    said = text.strip()
    if not said or len(said) > _MOST_READ:
        return None
    link = _LINK.fullmatch(said)
    if link is not None:
        return ReadReceipt(token=link.group(1))
    code = _CODE.fullmatch(_SEPARATORS.sub("", said).upper())
    if code is not None:
        return ReadReceipt(code=f"BN-{code.group(1)}-{code.group(2)}")
    return ReadReceipt(token=said) if _TOKEN.fullmatch(said) else None
