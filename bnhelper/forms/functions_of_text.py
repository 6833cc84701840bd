"""XPath functions on texts: joining, cutting, searching, hashing."""

import base64
import binascii
import hashlib
import math
import re
from functools import partial
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bnhelper.forms.expressions import Context, visited
from bnhelper.forms.function_table import ANY, function
from bnhelper.forms.mathematics import half_up
from bnhelper.forms.patterns import matches
from bnhelper.forms.values import Value, to_number, to_text

_MOST_TEXT: Final = 100_000


def _texts(values: tuple[Value, ...]) -> list[str]:
    """Return the texts of arguments; a node set stands for all its nodes."""
    found: list[str] = []
    for value in values:
        found.extend([node.value() for node in value] if isinstance(value, list) else [to_text(value)])
    return found


def _bounded(text: str) -> str:
    if len(text) > _MOST_TEXT:
        raise ValueError("a text that grows without end")
    return text


@function("string", 0, 1)
def string(c: Context, value: Value | None = None) -> str:
    return c.node.value() if value is None else to_text(value)


@function("concat", 0, ANY, is_by_letter=True)
def concat(_c: Context, *values: Value) -> str:
    return _bounded("".join(_texts(values)))


@function("join", 1, ANY, is_by_letter=True)
def join(_c: Context, separator: Value, *values: Value) -> str:
    return _bounded(to_text(separator).join(_texts(values)))


@function("string-length", 0, 1)
def string_length(c: Context, value: Value | None = None) -> float:
    return float(len(c.node.value() if value is None else to_text(value)))


@function("normalize-space", 0, 1, is_by_letter=True)
def normalize_space(c: Context, value: Value | None = None) -> str:
    return " ".join((c.node.value() if value is None else to_text(value)).split())


@function("substr", 2, 3, is_by_letter=True)
def substr(_c: Context, value: Value, start: Value, end: Value | None = None) -> str:
    text = to_text(value)
    places = [to_number(start), math.inf if end is None else to_number(end)]
    if any(math.isnan(place) for place in places):
        return ""
    first, last = (
        len(text) if place == math.inf else max(-len(text) - 1, min(len(text), int(place))) for place in places
    )
    first, last = (max(0, place + len(text)) if place < 0 else place for place in (first, last))
    return text[first:last] if first <= last else ""


@function("substring", 2, 3, is_by_letter=True)
def substring(_c: Context, value: Value, start: Value, length: Value | None = None) -> str:
    text = to_text(value)
    first = half_up(to_number(start))
    last = math.inf if length is None else first + half_up(to_number(length))
    if math.isnan(first) or math.isnan(last):
        return ""
    bounds = (len(text) if place == math.inf else int(max(0.0, min(place - 1, len(text)))) for place in (first, last))
    return text[slice(*bounds)]


@function("substring-before", 2, is_by_letter=True)
def substring_before(_c: Context, value: Value, mark: Value) -> str:
    before, found, _ = to_text(value).partition(to_text(mark)) if to_text(mark) else ("", "", "")
    return before if found else ""


@function("substring-after", 2, is_by_letter=True)
def substring_after(_c: Context, value: Value, mark: Value) -> str:
    return to_text(value).partition(to_text(mark))[2] if to_text(mark) else to_text(value)


@function("contains", 2, is_by_letter=True)
def contains(_c: Context, value: Value, part: Value) -> bool:
    return to_text(part) in to_text(value)


@function("starts-with", 2, is_by_letter=True)
def starts_with(_c: Context, value: Value, part: Value) -> bool:
    return to_text(value).startswith(to_text(part))


@function("ends-with", 2, is_by_letter=True)
def ends_with(_c: Context, value: Value, part: Value) -> bool:
    return to_text(value).endswith(to_text(part))


@function("translate", 3, is_by_letter=True)
def translate(_c: Context, value: Value, these: Value, those: Value) -> str:
    into = to_text(those)
    table: dict[int, str] = {}
    for place, letter in enumerate(to_text(these)):
        table.setdefault(ord(letter), into[place : place + 1])
    return to_text(value).translate(table)


@function("regex", 2)
def regex(c: Context, value: Value, pattern: Value) -> bool:
    return matches(to_text(pattern), to_text(value), partial(visited, c))


_DIGESTS: Final = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@function("digest", 2, 3, is_by_letter=True)
def digest(_c: Context, value: Value, algorithm: Value, encoding: Value = "base64") -> str:
    name = _DIGESTS.get(to_text(algorithm).upper())
    if name is None:
        raise ValueError("no such digest")
    raw = hashlib.new(name, to_text(value).encode("utf-8"), usedforsecurity=False).digest()
    return raw.hex() if to_text(encoding).lower() == "hex" else base64.b64encode(raw).decode("ascii")


@function("base64-decode", 1, is_by_letter=True)
def base64_decode(_c: Context, value: Value) -> str:
    try:
        text = to_text(value).rstrip("=")
        return base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")  # what fills it up may lack
    except (binascii.Error, ValueError):
        return ""


_SIGNATURE: Final = 64  #: bytes of an Ed25519 signature
_VERIFYING: Final = 200  #: what it costs to look at one


@function("extract-signed", 2, is_by_letter=True)
def extract_signed(c: Context, value: Value, public_key: Value) -> str:
    """Return the message behind a valid Ed25519 signature, both in base64; blank when it is not valid (ODK)."""
    visited(c, _VERIFYING)
    try:
        content, key = (base64.b64decode(to_text(one), validate=True) for one in (value, public_key))
        Ed25519PublicKey.from_public_bytes(key).verify(content[:_SIGNATURE], content[_SIGNATURE:])
        return content[_SIGNATURE:].decode("utf-8")
    except (binascii.Error, InvalidSignature, ValueError):
        return ""


@function("thousands", 1)
def thousands(_c: Context, value: Value) -> str:
    """Group the digits of a whole number by threes, as the appearance `thousands-sep` does."""
    number = to_number(value)
    if math.isnan(number) or math.isinf(number):
        return to_text(value)
    whole, point, rest = to_text(number).partition(".")
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", whole) + point + rest
