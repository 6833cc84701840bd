"""`python -m sync.intake`: run the reference server, or make an invitation."""

import argparse
import contextlib
import json
import os
import socket
import ssl
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyrage
import uvicorn
from uvicorn.supervisors import Multiprocess

from sync.intake import courier_keys, draining, observe, workers
from sync.intake.app import make_app
from sync.intake.beginning import CannotBegin, or_say_why
from sync.intake.blobs import BlobStore, S3Blobs
from sync.intake.one_write import OneWrite
from sync.intake.serve import faults_of, open_from
from sync.intake.settings import Settings
from sync.intake.station import address, invite, public_key

#: What glibc's malloc keeps for the next body instead of giving it back to the kernel, which hands the same pages out
#: again one fault at a time: a seventh of what a photo costs, for 5 MB of a worker.
_KEPT_FOR_BODIES: Final = {"MALLOC_TRIM_THRESHOLD_": str(32 << 20), "MALLOC_MMAP_THRESHOLD_": str(16 << 20)}


def main() -> int:
    """Run the server until it is told to stop."""
    said = _parser().parse_args()
    if said.host not in {"127.0.0.1", "localhost", "::1"} and not said.certificate and not said.behind_proxy:
        print("off loopback a certificate is needed: --certificate and --key, or --behind-proxy", file=sys.stderr)
        return 2
    if said.workers > 1 and not said.postgres:
        print("several workers share PostgreSQL: --postgres URL", file=sys.stderr)
        return 2
    known = Settings.from_environment()
    with or_say_why():
        certificate_sha256 = _fingerprint(said.certificate or said.pin) or known.certificate_sha256
    settings = replace(
        known,
        folder=str(said.folder),
        postgres=said.postgres,
        s3=said.s3,
        spool=said.spool,
        faults=said.faults,
        drain=str(said.drain),
        url=said.url,
        certificate_sha256=certificate_sha256,
    )
    observe.log_as_json(settings.log)
    several = said.workers > 1
    is_dealt = several and workers.CAN_SHARE
    place = (said.host, said.port)
    with or_say_why(), contextlib.ExitStack() as in_vain:
        # Whatever can be wrong is looked at before a site is made: its first password is told once, at the end.
        _check_certificate(said.certificate, said.key)
        try:
            listener = workers.reserve(*place) if is_dealt else socket.create_server(place, backlog=512)
        except OSError as wrong:
            raise CannotBegin(f"{said.host} port {said.port}: {os.strerror(wrong.errno or 0)}") from wrong
        in_vain.enter_context(listener)
        site, first = open_from(settings)
        in_vain.pop_all()
        if said.escrow:
            courier_keys.use_escrow(site, said.escrow)
    port = listener.getsockname()[1]
    url = said.url or f"{'https' if said.certificate else 'http'}://{said.host}:{port}"
    invitation = "" if said.no_invitation else invite(site, url).to_text()
    print(f"intake on {url}", f"folder {said.folder}", sep="\n")
    if invitation:
        print(f"invitation {invitation}")
    if site.issuer is not None:
        print(f"for signing in {address(site, url).to_text()}")
    if first is not None:
        print(f"officer {first.user}", f"password {first.password}  (told once)", sep="\n")
    print(f"officer's page {url}/officer/queue", flush=True)
    if said.ready_file is not None:
        ready = {
            "url": url,
            "invitation": invitation,
            "officer": {"user": first.user, "password": first.password} if first is not None else None,
            "receipt_keys": [public_key(site)],
            "folder": str(said.folder),
        }
        _write_private(said.ready_file, json.dumps(ready))
    _look_at(site.blobs)
    config = uvicorn.Config(
        "sync.intake.serve:application" if several else make_app(site, faults_of(settings.faults), drain_s=said.drain),
        factory=several,
        workers=said.workers,
        http=OneWrite,
        ws="none",
        log_config=None,  # ours is there already, and tells an exception by its kind alone
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=said.certificate,
        ssl_keyfile=said.key,
        timeout_graceful_shutdown=25,
        timeout_worker_healthcheck=120,  # a busy machine takes long to start one; one that died is seen at once
        proxy_headers=said.behind_proxy,
        forwarded_allow_ips="*" if said.behind_proxy else None,
    )
    if not several:
        draining.end_well()
        uvicorn.Server(config).run(sockets=[listener])
        return 0
    site.close()  # the workers open their own
    for name, size in _KEPT_FOR_BODIES.items():
        os.environ.setdefault(name, size)
    with tempfile.TemporaryDirectory(prefix="bn-intake-metrics-") as counted:
        os.environ.update(replace(settings, counted=counted).to_environment())
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counted
        (workers.Workers(config, listener) if is_dealt else Multiprocess(config, [listener])).run()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="intake", description="The reference intake server.")
    known = Settings.from_environment()
    parser.add_argument("--folder", type=Path, default=known.place)
    parser.add_argument(
        "--postgres", default=known.postgres, help="rows in PostgreSQL: postgresql://user@host/database"
    )
    parser.add_argument("--s3", default=known.s3, help="bytes in S3: s3://bucket/prefix?endpoint=https://host")
    parser.add_argument("--spool", default=known.spool, help="where bytes arrive (default: in the folder)")
    parser.add_argument("--workers", type=int, default=1, help="processes; more than one needs --postgres")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8750, help="0 takes a free one")
    parser.add_argument("--url", default=known.url, help="the address devices reach this server at, if it is another")
    parser.add_argument("--certificate", type=Path, help="PEM certificate; needed off loopback")
    parser.add_argument("--key", type=Path, help="PEM key of the certificate")
    parser.add_argument("--behind-proxy", action="store_true", help="a proxy in front of this server speaks TLS")
    parser.add_argument("--pin", type=Path, help="PEM certificate of that proxy, for invitations to pin (not to serve)")
    parser.add_argument("--ready-file", type=Path, help="write address, invitation and first password there (0600)")
    parser.add_argument(
        "--no-invitation", action="store_true", help="for a service: print no invitation, which a journal would keep"
    )
    parser.add_argument(
        "--escrow", type=_recipient, help="age recipient that every carried bundle is sealed to as well"
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=float(known.drain or 0),
        help="seconds to go on when told to stop, with `ready` failing: longer than a balancer takes to look",
    )
    parser.add_argument("--faults", default=known.faults, help="for demonstrations: portal=2,busy=1 ...")
    return parser


def _write_private(path: Path, text: str) -> None:
    """Write a file that only this user reads, whole or not at all."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(part, path)  # noqa: PTH105 - replace() is atomic on Windows too


def _look_at(blobs: BlobStore) -> None:
    """Say why the store of bytes takes nothing now, if that is so; the server starts all the same."""
    if isinstance(blobs, S3Blobs) and (why := blobs.why_not()):
        has_keys = "AWS_ACCESS_KEY_ID" in os.environ
        hint = "" if has_keys else " (there is no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
        print(f"the store of bytes takes nothing now{hint}: {why}", file=sys.stderr, flush=True)


def _recipient(text: str) -> str:
    """Return an age recipient as it was given. Raises ArgumentTypeError."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as wrong:
        raise argparse.ArgumentTypeError("no recipient of age: it begins with age1") from wrong
    return text


def _fingerprint(certificate: Path | None) -> str:
    """Return the SHA-256 of a certificate, nothing for none. Raises CannotBegin, OSError."""
    if certificate is None:
        return ""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    content = certificate.read_bytes()
    try:
        return x509.load_pem_x509_certificate(content).fingerprint(hashes.SHA256()).hex()
    except ValueError as wrong:
        raise CannotBegin(f"{certificate}: no certificate in PEM") from wrong


def _check_certificate(certificate: Path | None, key: Path | None) -> None:
    """Look whether this server can speak TLS with them. Raises CannotBegin, OSError."""
    for one in (certificate, key):
        if one is not None:
            one.read_bytes()  # OpenSSL would not say which of them is not there
    if certificate is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except ssl.SSLError as wrong:
            raise CannotBegin(f"{key or certificate}: no key of the certificate {certificate}") from wrong


if __name__ == "__main__":
    raise SystemExit(main())
