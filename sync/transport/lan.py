"""Carries sealed bundles to the ward's machine beside this one, over TLS in which both sides are pinned.

Both sides show certificates that they signed themselves and that were exchanged at pairing; nobody else's opens the
door. What crosses are sealed bundles by the same exchanges as to the province: the ward's machine can read nothing.
"""

import datetime as dt
import hashlib
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bnhelper.errors import KnownTrouble
from sync.engine.orders import Send
from sync.engine.reports import Answered
from sync.transport.https import HttpsTransport, ReadAt, _Adapter
from sync.wire.model import NotTheContract
from sync.wire.pairing import PairingAnswer, PairingRequest, WardInvitation

_YEARS: Final = 20


class PairingFailed(KnownTrouble):
    """The text is no invitation of a ward's machine, or its code was used or has ended."""

    code = "pairing-failed"


class WardSilent(KnownTrouble):
    """The ward's machine cannot be reached now."""

    code = "ward-silent"


class WardFull(KnownTrouble):
    """The ward's machine has no room for what was brought; what it has taken it keeps."""

    code = "ward-full"


class WardRefused(KnownTrouble):
    """The ward's machine answers and does not take what was brought; `reason` is its code."""

    code = "ward-refused"


class BundleRefused(KnownTrouble):
    """The province did not take a bundle that went over the ward's machine; `reason` is its code."""

    code = "bundle-refused"


class NotPaired(KnownTrouble):
    """The ward's machine does not know this one, or does not any more."""

    code = "not-paired"


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """What this machine shows: a file with the certificate and its sealed key, and the password of the key."""

    path: Path
    password: str = field(repr=False)

    @property
    def pem(self) -> str:
        """Return the certificate alone."""
        text = self.path.read_text(encoding="ascii")
        return text[text.index("-----BEGIN CERTIFICATE-----") :]

    @property
    def sha256(self) -> str:
        return fingerprint(self.pem)


def make_certificate(path: Path, now: dt.datetime) -> OwnCertificate:
    """Make a key and a certificate over it, the key sealed by a password of 256 random bits."""
    key, password = ec.generate_private_key(ec.SECP256R1()), secrets.token_urlsafe(32)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bnhelper")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=366))  # a clock may be a year off; the pin decides
        .not_valid_after(now + dt.timedelta(days=366 * _YEARS))
        .sign(key, hashes.SHA256())
    )
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode("ascii")),
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(sealed + made.public_bytes(serialization.Encoding.PEM))
    return OwnCertificate(path, password)


def fingerprint(pem: str) -> str:
    """Return the SHA-256 of a certificate. Raises ValueError for anything that is none."""
    return x509.load_pem_x509_certificate(pem.encode("ascii")).fingerprint(hashes.SHA256()).hex()


def server_context(own: OwnCertificate) -> ssl.SSLContext:
    """Return the ward's side: who shows no certificate may only pair; who shows one must be trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(own.path, password=own.password)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context


class LanTransport(HttpsTransport):
    """Performs orders against the ward's machine, showing this machine's own certificate."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        device: str,
        certificate_sha256: str,
        own: OwnCertificate | None,
        read_at: ReadAt | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        url = f"https://{f'[{host}]' if ':' in host else host}:{port}"
        super().__init__(
            url, device=device, certificate_sha256=certificate_sha256, read_at=read_at, is_stopped=is_stopped
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # addresses change; the fingerprint does not
        context.verify_mode = ssl.CERT_NONE
        if own is not None:
            context.load_cert_chain(own.path, password=own.password)
        self._session.mount("https://", _MutualAdapter(certificate_sha256, self._connected, context))


class _MutualAdapter(_Adapter):
    def __init__(self, certificate_sha256: str, connected: Callable[[Any, float], None], own: ssl.SSLContext) -> None:
        self._own = own
        super().__init__(certificate_sha256, connected)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._own, **more)


def pair(text: str, *, device: str, name: str, own: OwnCertificate) -> tuple[WardInvitation, str]:
    """Pair by a ward's invitation; return it and the address that answered. Raises PairingFailed, WardSilent."""
    try:
        said = WardInvitation.from_text(text)
    except ValueError as wrong:
        raise PairingFailed from wrong
    request = PairingRequest(code=said.code, device=device, name=name, certificate=own.pem)
    for host in said.hosts:
        transport = LanTransport(host, said.port, device=device, certificate_sha256=said.certificate_sha256, own=None)
        try:
            report = transport.perform(
                Send("POST", "/v1/pairings", {"Content-Type": "application/json"}, request.write()), within_s=5
            )
        finally:
            transport.close()
        if not isinstance(report, Answered):
            continue
        if report.status != 201:
            raise PairingFailed
        try:
            PairingAnswer.read(report.body)
        except NotTheContract as wrong:
            raise PairingFailed from wrong
        return said, host
    raise WardSilent


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
