"""Seals a small secret to this machine: by its half in the system's keyring, where there is one.

What is returned is kept in the store, which is sealed itself. A keyring cannot hold it: Windows' Credential Manager
ends at 2,560 bytes, and the tokens of some providers are longer.
"""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bnhelper.errors import KnownTrouble
from bnhelper.vault.keys import KeyringLocked, NoKeyring, derive, keyring_secret, make_keyring_secret

_PURPOSE: Final = b"bnhelper/bound-secret"
_BY_KEYRING, _BY_STORE = "keyring", "store"


class SecretNotHere(KnownTrouble):
    """What was sealed to another machine or another keyring, or was damaged."""

    code = "secret-not-here"


def bound(content: bytes) -> dict[str, str]:
    """Return `content` as JSON can keep it. May block on a keyring's own prompt."""
    try:
        key = derive(make_keyring_secret(), _PURPOSE)
    except (NoKeyring, KeyringLocked):
        return {"by": _BY_STORE, "content": base64.b64encode(content).decode("ascii")}
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, _PURPOSE)
    return {"by": _BY_KEYRING, "content": base64.b64encode(sealed).decode("ascii")}


def unbound(said: dict[str, str]) -> bytes:
    """Return what was sealed. Raises SecretNotHere, NoKeyring, KeyringLocked, KeyringSecretGone."""
    content = base64.b64decode(said["content"])
    if said["by"] == _BY_STORE:
        return content
    try:
        return AESGCM(derive(keyring_secret(), _PURPOSE)).decrypt(content[:12], content[12:], _PURPOSE)
    except InvalidTag as wrong:
        raise SecretNotHere from wrong
