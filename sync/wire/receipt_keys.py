"""The keys that sign receipts, as a province publishes them: each made known by the one it follows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import Field

from sync.wire.model import Instant, Message, NotTheContract

MOST_PUBLISHED: Final = 50  #: receipts are for ever, and keys are changed once in a year or so
MOST_SUCCESSIONS: Final = 50

#: Given a compact JWS and public keys, returns its payload if one of them signed it, else raises ValueError.
VerifyWith = Callable[[str, Iterable[Mapping[str, Any]]], bytes]
Succession = Annotated[str, Field(max_length=2_000)]


class KeySuccession(Message):
    """A new receipt key; travels as a compact JWS that the key before it signed.

    A device that was enrolled under an older key takes the new one from this alone, whoever brings it: over the line,
    or on a stick. An answer on the way that puts in a key of its own is signed by nobody the device knows.
    """

    iss: str = Field(max_length=200)  #: server id of the province
    key: dict[str, Any]  #: public JWK (OKP, Ed25519)
    made_at: Instant


class ReceiptKeys(Message):
    """`/.well-known/jwks.json`: a JWK Set (RFC 7517), the newest key first, with what vouches for the newer ones."""

    keys: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=MOST_PUBLISHED)
    successions: tuple[Succession, ...] = Field(default=(), max_length=MOST_SUCCESSIONS)  #: the newest first


def heirs(
    known: Sequence[Mapping[str, Any]], successions: Iterable[str], verify: VerifyWith, *, iss: str
) -> tuple[dict[str, Any], ...]:
    """Return the keys, newest first, that a chain of `successions` leads to from the `known` ones."""
    found: list[dict[str, Any]] = []
    # From the oldest on, so that each one's forerunner is known by then.
    for token in reversed(list(successions)[:MOST_SUCCESSIONS]):
        trusted = [*found, *known]
        try:
            said = KeySuccession.read(verify(token, trusted))
        except (ValueError, NotTheContract):
            continue
        is_new = not any(one.get("x") == said.key.get("x") for one in trusted)
        if said.iss == iss and is_new and said.key.get("kty") == "OKP" and "d" not in said.key:
            found.insert(0, said.key)
    return tuple(found)
