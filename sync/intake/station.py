"""One site: its ledger, its bytes, its keys, its clock. Made once, handed to every room of the server."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, insert, select, text

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock, to_text
from bnhelper.ids import uuid7
from bnhelper.vault.signatures import SigningKey
from sync.intake import ledger, parts
from sync.intake.beginning import CannotBegin
from sync.intake.blobs import BlobStore, FolderBlobs, S3Blobs
from sync.intake.migrating import version_of
from sync.intake.oidc import Issuer
from sync.intake.open_ledger import open_counter, open_keeper, open_ledger
from sync.intake.roles import Role
from sync.intake.spool import Spool
from sync.wire.enrolment import Invitation

#: Below the site's folder: the rows and the bytes of an embedded one, packs of other versions than the program's own.
LEDGER: Final = "ledger.db"
BLOBS: Final = "blobs"
PACKS: Final = "packs"
_NAMING: Final = "naming_secret"
TRIAL: Final = "Bộ phận một cửa (thử nghiệm)"  #: what a site is called that nobody named
_INVITATION_LASTS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Site:
    """What the rooms of the server work with."""

    folder: Path
    engine: Engine
    blobs: BlobStore
    spool: Spool
    library: Library
    clock: Clock
    signing: SigningKey
    server_id: str
    office: str
    number_prefix: str = "H05.27"
    issuer: Issuer | None = None  #: people may sign in here by OIDC
    counting: Engine | None = None  #: where office numbers are drawn, if not in the transaction that uses them
    keeping: Engine | None = None  #: where what arrives is written down, if not by `engine`
    scanner: tuple[str, ...] = ()  #: the command that looks for viruses, given a path; 0 clean, 1 not
    url: str = ""  #: the address devices reach it at; empty: the one that it was asked at
    certificate_sha256: str | None = None  #: of the certificate devices see; invitations pin it
    naming: bytes = b""  #: `secret`, as the ledger keeps it
    counted: Path | None = None  #: where the workers of this machine count their callers together

    def now(self) -> str:
        return to_text(self.clock.now())

    def close(self) -> None:
        """Give the database's connections and the spool's locks back."""
        self.spool.close()
        self.engine.dispose()
        for one in (self.counting, self.keeping):
            if one is not None:
                one.dispose()

    @property
    def keeper(self) -> Engine:
        """Return the engine by which what arrives is written down."""
        return self.keeping if self.keeping is not None else self.engine

    def secret(self) -> bytes:
        """Return a secret that only this site has, for keyed hashes; it stays when the receipt key is rotated."""
        return self.naming or _naming(self.signing)

    @contextmanager
    def loosely(self) -> Iterator[Connection]:
        """Give a connection for what a crash of the database may take back, since it is only asked for again.

        Each statement stands for itself on PostgreSQL, and waits for no disk; SQLite knows one kind of transaction.
        """
        if self.counting is not None:
            with self.counting.connect() as db:
                yield db
        else:
            with self.engine.begin() as db:
                yield db


@dataclass(frozen=True, slots=True)
class FirstOfficer:
    """The account made on the first start; its password is told once and kept only as a hash."""

    user: str
    password: str


def open_site(
    folder: Path,
    clock: Clock,
    *,
    office: str = TRIAL,
    postgres: str = "",
    s3: str = "",
    spool: Path | None = None,
    issuer: Issuer | None = None,
    scanner: tuple[str, ...] = (),
    url: str = "",
    certificate_sha256: str | None = None,
    counted: Path | None = None,
    may_make: bool = True,
) -> tuple[Site, FirstOfficer | None]:
    """Open the site below `folder`, making keys and a first officer when there are none.

    Raises CannotBegin where there is no site and `may_make` is False.

    With `postgres` (a postgresql:// URL) rows live there, with `s3` (s3://bucket/prefix?endpoint=...) bytes do;
    without them both lie in the folder. `spool` is where bytes arrive: workers of one machine share it. `url` and
    `certificate_sha256` are what invitations tell a device.
    """
    if not may_make:
        _must_be_there(folder, postgres)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The ledger comes last: where one of these cannot be had, nobody lost a first password.
    blobs = S3Blobs(s3) if s3 else FolderBlobs(folder / BLOBS)
    arriving = Spool(spool or folder / "spool")
    engine = open_ledger(postgres or folder / LEDGER)
    first: FirstOfficer | None = None
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("LOCK TABLE site IN EXCLUSIVE MODE"))  # workers that start together agree on one key
        if ledger.site_value(db, "server_id") is None:
            ledger.set_site_value(db, "server_id", f"intake-{uuid7(clock.now())}")
            ledger.set_site_value(db, "signing", json.dumps(SigningKey.generate().secret()))
            ledger.set_site_value(db, "office", office)
        if ledger.site_value(db, _NAMING) is None:  # a site of before goes on with what it had
            first_key = SigningKey.from_secret(json.loads(ledger.site_value(db, "signing") or "{}"))
            ledger.set_site_value(db, _NAMING, _naming(first_key).hex())
        if db.execute(select(ledger.officers.c.user)).first() is None:
            first = FirstOfficer("canbo", secrets.token_urlsafe(12))
            db.execute(
                insert(ledger.officers).values(
                    user=first.user,
                    name="Cán bộ một cửa",
                    password_hash=PasswordHasher(time_cost=2, memory_cost=19 * 1024).hash(first.password),
                    role="provincial_officer",
                    office="24",
                    made_at=to_text(clock.now()),
                )
            )
        server_id = ledger.site_value(db, "server_id") or ""
        signing = SigningKey.from_secret(json.loads(ledger.site_value(db, "signing") or "{}"))
        office = ledger.site_value(db, "office") or office
        naming = bytes.fromhex(ledger.site_value(db, _NAMING) or "")
        number_prefix = ledger.site_value(db, "number_prefix") or "H05.27"
    parts.make_ahead(engine, clock.now())
    made = Site(
        folder=folder,
        engine=engine,
        blobs=blobs,
        spool=arriving,
        library=Library.of_machine(folder / PACKS),
        clock=clock,
        signing=signing,
        server_id=server_id,
        office=office,
        number_prefix=number_prefix,
        issuer=issuer,
        counting=open_counter(postgres) if postgres else None,
        keeping=open_keeper(postgres) if postgres else None,
        scanner=scanner,
        url=url.rstrip("/"),
        certificate_sha256=certificate_sha256,
        naming=naming,
        counted=counted,
    )
    return made, first


def _must_be_there(folder: Path, postgres: str) -> None:
    """Refuse to make a site by mistake: a forgotten setting would hide the real one behind an empty one."""
    if not postgres:
        is_there, where = (folder / LEDGER).is_file(), str(folder)
    else:
        engine = open_ledger(postgres, has_to_migrate=False)
        is_there, where = version_of(engine) is not None, "that database"
        engine.dispose()
    if not is_there:
        raise CannotBegin(
            f"there is no site in {where}. BN_INTAKE_FOLDER and BN_INTAKE_POSTGRES say where it is; "
            "`python -m sync.intake.admin migrate` makes a new one"
        )


def _naming(key: SigningKey) -> bytes:
    return hashlib.sha256(b"names" + str(key.secret()["d"]).encode("ascii")).digest()


def invite(
    site: Site,
    asked_at: str,
    *,
    role: Role = Role.VOLUNTEER,
    unit: str | None = None,
    by: str = "site",
) -> Invitation:
    """Make an invitation that works once, for a week; only its hash is kept.

    `asked_at` is the address the site was asked at, for sites that were told no other; `by` stands in the audit.
    """
    code = secrets.token_urlsafe(24)
    values = {"role": role.value, "unit": unit, "ends_at": to_text(site.clock.now() + _INVITATION_LASTS)}
    with site.engine.begin() as db:
        db.execute(insert(ledger.invitations).values(code_hash=hash_of(code), made_at=site.now(), **values))
        ledger.note(db, at=site.now(), who=by, what=f"invited-device:{unit or role.value}")
    return Invitation(
        url=site.url or asked_at,
        code=code,
        certificate_sha256=site.certificate_sha256,
        receipt_key=public_key(site),
        office=site.office,
    )


def address(site: Site, asked_at: str) -> Invitation:
    """Return where this site is, for machines whose people sign in: no secret, and good for as long as the site."""
    url = site.url or asked_at
    return Invitation(
        url=url, certificate_sha256=site.certificate_sha256, receipt_key=public_key(site), office=site.office
    )


def public_key(site: Site) -> dict[str, Any]:
    return site.signing.public()


def hash_of(secret: str) -> str:
    """Return how a random secret is kept: 128 bits and more need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
