"""The audit chain: each link names the one before by its hash and is signed by the device; checked without the store.

A link is a JSON object in the one byte form of RFC 8785; its hash is SHA-256 over those bytes, its signature a detached
JWS over them (RFC 7515, appendix F). An export is JSON Lines: `{"jws": …, "link": {…}}` for each link, and at the end
`{"end": {…}, "jws": …}`, which says how many links there are and the hash of the last, so that a cut shows.

What a deed may say of itself is declared in `FACTS` by type; a name, a number or an answer has no field to stand in.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bnhelper.errors import Bug
from bnhelper.ids import Sha256
from bnhelper.vault.canonical import canonical_bytes, sha256_of
from bnhelper.vault.signatures import SignatureDoesNotHold, SigningKey, verify_detached

FORMAT: Final = 1
FIRST: Final = Sha256("0" * 64)  #: what the first link names as the one before
_LONGEST_LINE: Final = 16 * 1024


class Deed(StrEnum):
    """What can be done that an inspector may ask about."""

    MACHINE_MADE = "machine-made"
    CHAIN_BEGUN = "chain-begun"  #: a machine that is older than the chain
    UNLOCKED = "unlocked"
    WRONG_TRIES = "wrong-tries"  #: how many there were before the machine opened
    PERSON_ADDED = "person-added"
    PERSON_REVOKED = "person-revoked"
    PERSON_RENEWED = "person-renewed"
    SECRET_CHANGED = "secret-changed"  # noqa: S105 - the name of a deed
    RECOVERY_KEY_SET = "recovery-key-set"
    RECOVERY_OPENED = "recovery-opened"  #: both officers opened the key; what they did with it is said by `recovered`
    RECOVERED = "recovered"
    ENROLLED = "enrolled"
    CARRIER_KEYS_SET = "carrier-keys-set"  #: the province's word on whom to seal what is carried to
    PROVINCE_KEYS_SET = "province-keys-set"  #: receipt keys that the province's earlier ones vouch for
    PAIRED_WITH_WARD = "paired-with-ward"  #: this machine may hand to the ward's, known by its certificate
    LET_IN = "let-in"  #: the ward's machine lets another hand to it
    VISIT_TOLD = "visit-told"  #: somebody said how a visit ended; signed and queued
    VISIT_UNDONE = "visit-undone"  #: and took it back before anything of it had left
    VISITS_ERASED = "visits-erased"  #: a list of homes went, with all that was said of it
    DOSSIER_BEGUN = "dossier-begun"
    DOSSIER_SEALED = "dossier-sealed"
    DOSSIER_UNSEALED = "dossier-unsealed"
    DOSSIER_LEFT = "dossier-left"  #: from here on its bytes may be elsewhere: over the line, on a stick, at the ward's
    DOSSIER_CARRIED = "dossier-carried"  #: it lies on a stick whole, sealed and read back
    DOSSIER_AT_WARD = "dossier-at-ward"  #: the ward's machine holds it, sealed
    DOSSIER_HELD = "dossier-held"  #: the province refused it, or a file could not be read
    DOSSIER_PROVED = "dossier-proved"  #: the province's signed receipt is here: custody is with the office
    DOSSIER_BINNED = "dossier-binned"
    DOSSIER_UNBINNED = "dossier-unbinned"
    DOSSIER_ERASED = "dossier-erased"
    SUPPLEMENT_OPENED = "supplement-opened"
    HANDED_OVER = "handed-over"
    TAKEN_OVER = "taken-over"
    PHOTO_KEPT = "photo-kept"
    PHOTO_REMOVED = "photo-removed"
    PHOTO_RESTORED = "photo-restored"
    CONSENT_GIVEN = "consent-given"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    REQUEST_ASKED = "request-asked"
    REQUEST_ANSWERED = "request-answered"
    REQUEST_EXTENDED = "request-extended"
    REQUEST_DONE = "request-done"
    HOLD_SET = "hold-set"
    HOLD_RELEASED = "hold-released"
    LOG_EXPORTED = "log-exported"
    SUPPORT_BUNDLE_MADE = "support-bundle-made"
    DATE_CONFIRMED = "date-confirmed"  #: somebody said that the clock is right, after it had gone ahead far
    BACKED_UP = "backed-up"  #: a copy was written, restored beside and read


_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_CODE: Final = re.compile(r"[a-z][a-z_-]{0,39}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VERSION: Final = re.compile(r"[0-9]{1,4}(-[0-9]{2}){0,2}")
#: what a link may say beside who, what, when and about which dossier: name -> how its text must look
FACTS: Final[dict[str, re.Pattern[str]]] = {
    "person": _ID,
    "to": _ID,
    "machine": _ID,
    "photo": _ID,
    "role": _CODE,
    "purpose": _CODE,
    "reason": _CODE,
    "channel": _CODE,
    "request": _CODE,
    "until": _DATE,
    "due": _DATE,
    "text_version": _VERSION,
    "text_sha256": _HASH,
    "envelope_sha256": _HASH,
    "sha256": _HASH,
    "receipt_sha256": _HASH,
    "certificate_sha256": _HASH,
    "ward": _HASH,
    "officer_1": _HASH,
    "officer_2": _HASH,
}
#: the same for whole numbers: counts, never a telephone or ID number
COUNTS: Final = frozenset({"revision", "tries", "photos", "links", "dossiers", "number"})
_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is kept and exported."""

    seq: int
    body: dict[str, Any]
    sha256: Sha256
    jws: str

    def line(self) -> str:
        """Return the link as one line of an export."""
        return canonical_bytes({"jws": self.jws, "link": self.body}).decode("utf-8")


def next_link(
    signing: SigningKey,
    *,
    seq: int,
    before: Sha256,
    at: str,
    device: str,
    by: str,
    deed: Deed,
    about: str = "",
    facts: Mapping[str, str | int] | None = None,
) -> Link:
    """Return the signed link that follows the one with the hash `before`.

    `by` is a person's id, `about` a dossier's. Raises Bug for a fact that is not declared or not of its form:
    whatever is personal has no way in.
    """
    said = dict(facts or {})
    for name, value in said.items():
        if isinstance(value, int):
            holds = name in COUNTS and 0 <= value <= _MOST
        else:
            holds = name in FACTS and FACTS[name].fullmatch(value) is not None
        if not holds:
            raise Bug(f"the audit chain has no fact {name}")
    body: dict[str, Any] = {"seq": seq, "before": before, "at": at, "device": device, "by": by, "deed": deed.value}
    if about:
        body["about"] = about
    if said:
        body["facts"] = said
    content = canonical_bytes(body)
    return Link(seq, body, sha256_of(content), signing.sign_detached(content))


def export_lines(links: Iterable[Link], signing: SigningKey, *, device: str, at: str) -> Iterator[str]:
    """Give the lines of an export, the end last. The links come in order, from the first."""
    count, head = 0, FIRST
    for link in links:
        count, head = count + 1, link.sha256
        yield link.line()
    end = {"format": FORMAT, "device": device, "links": count, "head": head, "at": at}
    yield canonical_bytes({"end": end, "jws": signing.sign_detached(canonical_bytes(end))}).decode("utf-8")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where an export does not hold: the link's number, its line, what is wrong with it."""

    seq: int
    line: int
    what: str  #: unreadable | signature | order | changed | cut | after-the-end | no-end


@dataclass(frozen=True, slots=True)
class Verified:
    """What an export was found to be; `broken` is None when every link holds."""

    links: int
    head: Sha256
    device: str
    first_at: str
    last_at: str
    broken: Broken | None
    hashes: tuple[Sha256, ...]


def verify(lines: Iterable[str], key: Mapping[str, Any]) -> Verified:
    """Check an export with nothing but the device's public key, from the first link to the end's own words."""
    hashes: list[Sha256] = []
    device, first_at, last_at, broken, has_end = "", "", "", None, False
    number = 0
    for number, line in enumerate(lines, start=1):
        seq = len(hashes) + 1
        if has_end:
            broken = Broken(seq, number, "after-the-end")
            break
        said = _read(line)
        if said is None:
            broken = Broken(seq, number, "unreadable")
            break
        body: dict[str, Any] = said["link"] if "link" in said else said["end"]
        content = canonical_bytes(body)
        try:
            verify_detached(said["jws"], content, [key])
        except SignatureDoesNotHold:
            broken = Broken(_number_of(body, seq), number, "signature")
            break
        if "end" in said:
            has_end = True
            if (body.get("links"), body.get("head")) != (len(hashes), hashes[-1] if hashes else FIRST):
                broken = Broken(len(hashes) + 1, number, "cut")
                break
            continue
        if body.get("seq") != seq or body.get("before") != (hashes[-1] if hashes else FIRST):
            broken = Broken(seq, number, "order" if body.get("seq") != seq else "changed")
            break
        device, last_at = str(body.get("device", "")), str(body.get("at", ""))
        first_at = first_at or last_at
        hashes.append(sha256_of(content))
    if broken is None and not has_end:
        broken = Broken(len(hashes) + 1, number + 1, "no-end")
    return Verified(len(hashes), hashes[-1] if hashes else FIRST, device, first_at, last_at, broken, tuple(hashes))


def _is_one_spelling(jws: str) -> bool:
    """Tell whether a signature's last letter has none of the bits that base64 passes over."""
    tail = jws.rpartition(".")[2]
    return base64.urlsafe_b64encode(base64.urlsafe_b64decode(tail + "==")).decode("ascii").rstrip("=") == tail


def _number_of(body: Mapping[str, Any], seq: int) -> int:
    said = body.get("seq")
    return said if isinstance(said, int) and 0 < said < _MOST else seq


def _read(line: str) -> dict[str, Any] | None:
    """Return a line's object, or None unless it stands there in its one byte form: nothing may hide in a spelling."""
    if len(line) > _LONGEST_LINE:
        return None
    try:
        said = json.loads(line)
        is_ours = (
            isinstance(said, dict)
            and set(said) in ({"jws", "link"}, {"jws", "end"})
            and isinstance(said["jws"], str)
            and isinstance(said.get("link", said.get("end")), dict)
            and canonical_bytes(said).decode("utf-8") == line.rstrip("\r\n")
            and _is_one_spelling(said["jws"])
        )
    except (ValueError, RecursionError):
        return None
    return said if is_ours else None
