"""Names for things, as types, so that a photo's id never stands in a dossier's place."""

import datetime as dt
from typing import Final, NewType

DossierId = NewType("DossierId", str)  #: UUID version 7, canonical text
PhotoId = NewType("PhotoId", str)  #: UUID version 7
DeviceId = NewType("DeviceId", str)  #: UUID version 7
PersonId = NewType("PersonId", str)  #: UUID version 7
ProcedureCode = NewType("ProcedureCode", str)  #: national code such as 1.001193, without a province suffix
PaperId = NewType("PaperId", str)  #: id of a paper inside its procedure, such as birth_evidence
FieldPath = NewType("FieldPath", str)  #: absolute path of a node in the form instance, such as /data/case/by_proxy
Sha256 = NewType("Sha256", str)  #: 64 lower-case hexadecimal digits

#: The four bits of the version and the two of the variant, and everything but them.
_VERSION_7: Final = 0x7 << 76 | 0b10 << 62
_RANDOM: Final = ~(0xF << 76 | 0b11 << 62)
READABLE: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: people copy these by hand


def uuid7(now: dt.datetime) -> str:
    """Return a new UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits.

    Ids made later sort later, which keeps database pages and lists in order of making.
    """
    import secrets  # brings OpenSSL: 9 ms the first paint need not wait for

    value = int(now.timestamp() * 1000) % (1 << 48) << 80 | secrets.randbits(80)
    digits = f"{value & _RANDOM | _VERSION_7:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def look_up_token() -> str:
    """Return a fresh unguessable token of 128 bits for the receipt's QR code, URL-safe, 22 characters."""
    import secrets  # brings OpenSSL: 9 ms the first paint need not wait for

    return secrets.token_urlsafe(16)


def readable_code() -> str:
    """Return a short code a person can read out, such as BN-7K4-M2P: 30 random bits."""
    import secrets  # brings OpenSSL: 9 ms the first paint need not wait for

    letters = "".join(secrets.choice(READABLE) for _ in range(6))
    return f"BN-{letters[:3]}-{letters[3:]}"
