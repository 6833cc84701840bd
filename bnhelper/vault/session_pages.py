"""What one resident entered at a kiosk, sealed under a key of this session that is nowhere but in memory."""

import secrets
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bnhelper.errors import Bug

_NONCE: Final = 12  #: bytes, as AES-GCM wants them
_MOST_PAGE: Final = 64 * 1024  #: bytes of one page; nobody types so much at a kiosk


class SessionPages:
    """Pages by name. In memory they lie sealed, so that swap, a sleeping disk or a crash keep no readable word.

    `destroy` overwrites the key: whatever copies of sealed pages are left somewhere are worth nothing then.
    """

    def __init__(self) -> None:
        self._key = bytearray(secrets.token_bytes(32))
        self._pages: dict[str, bytes] = {}
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Tell whether the session was destroyed."""
        return self._is_over

    def put(self, name: str, text: str) -> None:
        """Keep a page; an earlier one of that name is gone. Raises ValueError for more than 64 KiB, Bug when over."""
        if self._is_over:
            raise Bug("resident-session-over")
        content = text.encode("utf-8")
        if len(content) > _MOST_PAGE:
            raise ValueError("a page too long")
        nonce = secrets.token_bytes(_NONCE)
        self._pages[name] = nonce + AESGCM(bytes(self._key)).encrypt(nonce, content, name.encode("ascii"))

    def get(self, name: str) -> str:
        """Return a page, or an empty text where there is none: also once everything is over."""
        sealed = self._pages.get(name)
        if sealed is None:
            return ""
        opened = AESGCM(bytes(self._key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode("ascii"))
        return opened.decode("utf-8")

    def forget(self, name: str) -> None:
        """Let one page go."""
        self._pages.pop(name, None)

    def destroy(self) -> None:
        """Overwrite the key and let every page go; nothing can be kept or read any more."""
        self._is_over = True
        self._key[:] = bytes(len(self._key))
        self._pages.clear()
