"""Nothing but the province's signature over exactly our hashes counts."""

import json
from typing import Any

import pytest

from bnhelper.vault.signatures import SignatureDoesNotHold, SigningKey, verified_payload
from sync.wire.receipts import Receipt, ReceiptDoesNotHold, proved

_DOSSIER = "0199a3f0-6a00-7abc-8def-0123456789ab"
_ENVELOPE, _A, _B = "e" * 64, "a" * 64, "b" * 64
_PROVINCE, _STRANGER = SigningKey.generate(), SigningKey.generate()
_TRUE = {
    "iss": "bn-intake",
    "dossier": _DOSSIER,
    "revision": 1,
    "envelope": _ENVELOPE,
    "blobs": [_A, _B],
    "received_at": "2026-11-23T03:05:00Z",
    "office_number": "H05.27-261123-0001",
}


def _verify(token: str) -> bytes:
    try:
        return verified_payload(token, [_PROVINCE.public()])
    except SignatureDoesNotHold as wrong:
        raise ValueError from wrong


def _proved(token: str) -> Receipt:
    return proved(
        token, _verify, issuer="bn-intake", dossier=_DOSSIER, revision=1, envelope=_ENVELOPE, blobs={_B: 1, _A: 2}
    )


def _signed(by: SigningKey = _PROVINCE, **changes: Any) -> str:
    return by.sign(json.dumps({**_TRUE, **changes}).encode())


def _swapped(token: str, payload: dict[str, Any]) -> str:
    """Return another payload under the signature of `token`."""
    header, _old, signature = token.split(".")
    return f"{header}.{_STRANGER.sign(json.dumps(payload).encode()).split('.')[1]}.{signature}"


def test_the_province_s_own_word_over_our_hashes_counts() -> None:
    assert _proved(_signed()).office_number == "H05.27-261123-0001"
    assert _proved(_signed(weather="fine")).revision == 1


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "<html>",
        _signed().rpartition(".")[0] + ".",
        _signed()[:-4] + "AAAA",
        _signed(by=_STRANGER),
        _swapped(_signed(revision=2), _TRUE),
        _PROVINCE.sign(b"not json"),
        _PROVINCE.sign(b"[]"),
        "eyJhbGciOiJub25lIn0." + _signed().split(".")[1] + ".",
        _signed(dossier=_DOSSIER.replace("6", "7")),
        _signed(revision=2),
        _signed(envelope="f" * 64),
        _signed(blobs=[_A]),
        _signed(blobs=[_A, _B, "c" * 64]),
        _signed(blobs=[_A, "c" * 64]),
        _signed(blobs=[_B, _A]),
        _signed(blobs=[_A, _A, _B]),
        _signed(blobs=[]),
        _signed(received_at="yesterday"),
        _signed(iss="another"),
    ],
    ids=[
        "nothing", "no signature at all", "a page", "its signature cut off", "its signature bent", "a stranger's",
        "a true signature under another text", "signed rubbish", "a signed list", "algorithm none",
        "another dossier", "another revision", "another envelope", "a file less", "a file more", "another file",
        "not in order", "a file twice", "no files", "no time",
        "another province that signs with the same key",
    ],
)  # fmt: skip
def test_nothing_else_does(token: str) -> None:
    with pytest.raises(ReceiptDoesNotHold):
        _proved(token)
