"""The server's own tables; `open_ledger` puts them into SQLite or PostgreSQL, `migrations` change their shape."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from sync.intake.bodies import Kept

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
    Column("role", String, nullable=False, server_default="volunteer"),
    Column("unit", String),
    Column("ends_at", String),
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
    Column("role", String, nullable=False, server_default="volunteer"),
    #: the commune or ward it belongs to
    Column("unit", String),
    #: issuer#sub of the person who registered it, where people sign in by OIDC
    Column("subject", String),
)

_TO_ERASE = text("erased_at IS NULL AND state IN ('approved', 'returned', 'rejected', 'withdrawn')")
_ERASED = text("erased_at IS NOT NULL")

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
    Column("state", String, nullable=False),
    Column("office_number", String),
    Column("unit", String),
    Column("changed_at", String, nullable=False),
    Column("received_at", String),
    #: counts every change, so that two officers' conflict is told and not lost
    Column("version", Integer, nullable=False, default=1),
    Column("request", String),
    Column("result", String),
    Column("note", String),
    Column("officer", String),
    #: the office that has it now and alone may act; at first the one that received it
    Column("holder", String),
    #: the officer who looks after it, if somebody does
    Column("assigned", String),
    #: when the next step is due; set exactly while something is still to be done (`deadlines.NO_DATE` without a term)
    Column("due_at", String),
    Column("applicant", String, nullable=False, server_default=""),
    #: when everything personal was taken out; what stays counts and dates
    Column("erased_at", String),
    # The orders of the officers' lists, so that a page costs the same among a hundred and among a million.
    # The state rides along for the counts over a list, which then need not look at a row.
    Index("ix_dossiers_holder_due", "holder", "due_at", "id", postgresql_include=["state"]),
    Index("ix_dossiers_unit_due", "unit", "due_at", "id", postgresql_include=["state"]),
    Index("ix_dossiers_state_due", "state", "due_at", "id"),
    Index("ix_dossiers_due", "due_at", "id"),
    Index("ix_dossiers_assigned_due", "assigned", "due_at", "id"),
    Index("ix_dossiers_holder_changed", "holder", "changed_at", "id"),
    Index("ix_dossiers_state_changed", "state", "changed_at", "id"),
    Index("ix_dossiers_changed", "changed_at", "id"),
    # What retention looks for: closed and not emptied yet (`erasure.CLOSED`), and emptied long ago.
    Index("ix_dossiers_to_erase", "changed_at", "id", postgresql_where=_TO_ERASE, sqlite_where=_TO_ERASE),
    Index("ix_dossiers_erased", "erased_at", postgresql_where=_ERASED, sqlite_where=_ERASED),
)

#: Byte order everywhere, so that a range over the beginning of a word is a range in the index.
_WORD = String().with_variant(String(collation="C"), "postgresql")

#: What a dossier is found by: folded words of its names, its codes, the last digits of ID numbers (turned round).
dossier_words = Table(
    "dossier_words",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("word", _WORD, primary_key=True),
    Index("ix_dossier_words_word", "word", "dossier"),
)

#: What officers did, one row a deed, numbered by the dossier's version that it made.
deeds = Table(
    "deeds",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("officer", String, nullable=False),
    Column("name", String, nullable=False),
    Column("office", String),
    Column("deed", String, nullable=False),
    Column("note", String),
    Column("detail", String),
)

#: The last office number given on a day of the province.
office_numbers = Table(
    "office_numbers",
    metadata,
    Column("day", String, primary_key=True),
    Column("last", Integer, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("body", Kept, nullable=False),
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
    Index("ix_blobs_sha256", "sha256"),
    Index("ix_blobs_stored_at", "stored_at", postgresql_using="brin"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("sha256", String),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("expires_at", String, nullable=False, index=True),
    Column("finished_at", String),
    Index(None, "owner", "sha256"),
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
    #: the same instant as in the body; rows from before this column have none
    Column("at", String, nullable=False, server_default=""),
    Index("ix_changes_at", "at", postgresql_using="brin"),
)

#: The last number given to an entry of a unit's visit lists; updated in the entry's own transaction, as with devices.
visit_units = Table(
    "visit_units",
    metadata,
    Column("unit", String, primary_key=True),
    Column("last_seq", Integer, nullable=False),
)

#: Lists of homes to visit. Once erased, what stays is the name, the unit and the dates.
visit_lists = Table(
    "visit_lists",
    metadata,
    Column("id", String, primary_key=True),
    Column("unit", String, nullable=False),
    Column("hamlet", String, nullable=False),
    #: the one device it is for; none: all devices of the unit
    Column("device", String),
    Column("homes", Integer, nullable=False),
    Column("made_at", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("keep_until", String, nullable=False, index=True),
    Column("erased_at", String),
    Index("ix_visit_lists_unit_made", "unit", "made_at"),
)

#: What became known of a unit's lists, in order: heads, homes, outcomes. `name` is whose entry it is, a later one of
#: the same name takes its place; the row of an earlier one stays without its body, so that readers find their place.
visit_entries = Table(
    "visit_entries",
    metadata,
    Column("unit", String, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("list", String, nullable=False),
    Column("name", String, nullable=False),
    Column("device", String),
    Column("mark", String, nullable=False),
    Column("at", String, nullable=False),
    Column("body", String, nullable=False),
    #: the home that an outcome says was visited
    Column("visited", String),
    Index("ix_visit_entries_list_name", "list", "name"),
)

#: What devices tell beside dossiers: the outcomes of visits, signed, each revision as it came.
records = Table(
    "records",
    metadata,
    Column("id", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("device", String, nullable=False),
    Column("list", String, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", String, nullable=False),
    Column("signature", String, nullable=False),
    Column("arrived_at", String, nullable=False, index=True),
    Column("receipt", String, nullable=False),
)

officers = Table(
    "officers",
    metadata,
    Column("user", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("role", String, nullable=False, server_default="officer"),
    #: a commune's code, or the province's own office; none sees every unit and holds none
    Column("office", String),
    Column("made_at", String, nullable=False, server_default=""),
    Column("revoked_at", String),
)

#: An account that waits for its owner to choose a password; only the hash of the code is kept.
officer_invitations = Table(
    "officer_invitations",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("user", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("office", String),
    Column("made_by", String, nullable=False),
    Column("ends_at", String, nullable=False),
    Column("used_at", String),
)

#: Sessions stay a day after their end, so that what was typed into a page of theirs can be taken up again.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("ends_at", String, nullable=False),
    Column("latest_at", String, nullable=False, server_default="9999-12-31T00:00:00.000Z"),
)

#: Wrong passwords by (hashed) name, shared by the workers.
wrong_tries = Table(
    "wrong_tries",
    metadata,
    Column("name_hash", String, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("latest_at", String, nullable=False),
)

#: Who read or changed whose data, when: codes and ids, never contents. On PostgreSQL parted by month (`parts.py`).
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("dossier", String),
    Index("ix_audit_dossier", "dossier", "id"),
)

#: When a caller of the look-up page is free to ask again, in seconds; the names are keyed hashes of networks.
throttles = Table(
    "throttles",
    metadata,
    Column("name", String, primary_key=True),
    Column("free_at", Float, nullable=False),
)

#: Tokens of people and systems that are no device: the province's own systems, a dashboard.
bearers = Table(
    "bearers",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String),
    Column("made_at", String, nullable=False),
    Column("revoked_at", String),
)

#: People of an OIDC issuer who are shut out at once, whatever their token says.
revoked_subjects = Table(
    "revoked_subjects",
    metadata,
    Column("subject", String, primary_key=True),
    Column("at", String, nullable=False),
)

#: What the province's systems are still to be told; written in the transaction of the change it tells of.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("event", String, nullable=False),
    Column("dossier", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    #: when to try next; none once it is delivered
    Column("next_at", String, index=True),
    Column("delivered_at", String),
    Column("last_error", String),
    Index(None, "dossier", "id"),
)

#: Which events of theirs were taken in, so that one that comes twice counts once.
inbox = Table(
    "inbox",
    metadata,
    Column("source", String, primary_key=True),
    Column("event", String, primary_key=True),
    Column("at", String, nullable=False),
)

#: Dossiers that no retention may touch.
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
)

#: Bytes whose last owner is gone; deleted after the rows, and again if a worker dies in between.
doomed_blobs = Table(
    "doomed_blobs",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("at", String, nullable=False),
)


def insert_once(db: Connection, table: Table, **values: Any) -> Any:
    """Return an insert that does nothing when the key is there already."""
    make = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    return make(table).values(**values).on_conflict_do_nothing()


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
