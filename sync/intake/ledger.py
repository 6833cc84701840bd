"""The server's own tables; SQLite when embedded, behind SQLAlchemy so that PostgreSQL can follow."""

from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

site = Table("site", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

invitations = Table(
    "invitations",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("made_at", String, nullable=False),
    Column("used_at", String),
)

devices = Table(
    "devices",
    metadata,
    Column("id", String, primary_key=True),
    Column("public_key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("token_hash", String, nullable=False, unique=True),
    Column("enrolled_at", String, nullable=False),
    Column("revoked_at", String),
    #: the last number given to a change of this owner; updated in the change's own transaction, so no gap is seen
    Column("last_seq", Integer, nullable=False, default=0),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", String, primary_key=True),
    Column("device", String, nullable=False, index=True),
    Column("procedure", String, nullable=False),
    Column("pack_version", String, nullable=False),
    Column("readable_code", String, nullable=False),
    Column("look_up_hash", String, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("office_number", String),
    Column("unit", String),
    Column("changed_at", String, nullable=False, index=True),
    Column("received_at", String),
    #: counts every change, so that two officers' conflict is told and not lost
    Column("version", Integer, nullable=False, default=1),
    Column("request", String),
    Column("result", String),
    Column("note", String),
    Column("officer", String),
)

revisions = Table(
    "revisions",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", String, nullable=False),
    Column("signature", String, nullable=False),
    Column("arrived_at", String, nullable=False),
    Column("receipt", String),
    Column("remark", String),
)

files = Table(
    "files",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sha256", String, primary_key=True, index=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
)

#: Which bytes an owner has wholly brought; per owner, since "do you have this hash" must not answer for others.
blobs = Table(
    "blobs",
    metadata,
    Column("owner", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("stored_at", String, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("sha256", String),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("finished_at", String),
)

#: Sealed bundles that were brought by hand. `revisions` is JSON: [dossier, revision, envelope, code, detail, is
#: counted] each.
bundles = Table(
    "bundles",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("brought_by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("state", String, nullable=False),
    Column("code", String),
    Column("device", String),
    Column("reply_to", String),
    Column("revisions", String, nullable=False, default="[]"),
)

changes = Table(
    "changes",
    metadata,
    Column("owner", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("body", String, nullable=False),
)

officers = Table(
    "officers",
    metadata,
    Column("user", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("password_hash", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("user", String, nullable=False),
    Column("csrf", String, nullable=False),
    Column("ends_at", String, nullable=False),
)

#: Who read or changed whose data, when: codes and ids, never contents.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("dossier", String),
)


def open_ledger(path: Path) -> Engine:
    """Return the ledger in one SQLite file: WAL and synchronous=FULL, so that a 201 survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 20, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def connect(db: Any, _record: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(db: Connection) -> None:
        db.exec_driver_sql("BEGIN IMMEDIATE")

    metadata.create_all(engine)
    return engine


def site_value(db: Connection, key: str) -> str | None:
    """Return one value of this site."""
    found: str | None = db.execute(select(site.c.value).where(site.c.key == key)).scalar()
    return found


def set_site_value(db: Connection, key: str, value: str) -> None:
    if site_value(db, key) is None:
        db.execute(insert(site).values(key=key, value=value))
    else:
        db.execute(update(site).where(site.c.key == key).values(value=value))


def note(db: Connection, *, at: str, who: str, what: str, dossier: str | None = None) -> None:
    """Add a line to the audit."""
    db.execute(insert(audit).values(at=at, who=who, what=what, dossier=dossier))
