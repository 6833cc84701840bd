"""Every table, in one naming convention."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: What this installation is: device id, person, signing key, photo key, province. Values are JSON.
profile = Table("profile", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", String, primary_key=True),
    Column("readable_code", String, nullable=False, unique=True),
    Column("look_up_token", String, nullable=False),
    Column("procedure", String, nullable=False),
    Column("title_vi", String, nullable=False),
    Column("title_en", String, nullable=False),
    Column("pack_version", String, nullable=False),
    Column("pack_sha256", String, nullable=False),
    #: the revision being worked on, or the last one sealed
    Column("revision", Integer, nullable=False),
    #: the officer's request that `revision` answers
    Column("request_id", String),
    #: copied from the answers so that lists and search need not open every form
    Column("applicant", String, nullable=False, default=""),
    Column("id_number", String, nullable=False, default="", index=True),
    Column("search_key", String, nullable=False, default=""),
    Column("screen", String),
    Column("place", String),
    Column("begun_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("binned_at", String),
    #: the person whose dossier it is; a leader or another volunteer of this machine does not see into it
    Column("holder", String),
    #: what `DossierRow.status` says, or "binned"; triggers keep it (migration v0003), lists are found and sorted by it
    Column("status", String),
    Index("ix_dossiers_list", "holder", "status", "changed_at", "id"),
)

#: Who has a key of their own to this machine; the keys themselves lie in keys.json.
people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("added_at", String, nullable=False),
    Column("added_by", String),
    Column("valid_until", String),
    Column("revoked_at", String),
)

#: The audit chain (vault/audit_chain.py): codes, ids and hashes, nothing personal. Rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("body", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("jws", String, nullable=False),
)

#: What a resident asked about their data, with its due dates; outlives the dossier, as the proof that it was done.
data_requests = Table(
    "data_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("by", String, nullable=False),
    Column("answered_at", String),
    Column("extended_at", String),
    Column("done_at", String),
)

#: Why a dossier must not be erased now: an inspection, a complaint, a court.
legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("released_at", String),
    Column("released_by", String),
)

answers = Table(
    "answers",
    metadata,
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), primary_key=True),
    Column("path", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("at", String, nullable=False),
)

#: Who changed what when; also what undo and redo walk along.
answer_changes = Table(
    "answer_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("path", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("at", String, nullable=False),
    Column("is_undone", Boolean, nullable=False, default=False),
    Index("ix_answer_changes_dossier_step", "dossier", "step"),
)

photos = Table(
    "photos",
    metadata,
    Column("id", String, primary_key=True),
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("paper", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("file", String, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    Column("removed_at", String),
)

paper_marks = Table(
    "paper_marks",
    metadata,
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), primary_key=True),
    Column("paper", String, primary_key=True),
    Column("is_shown", Boolean, nullable=False, default=False),
    Column("is_at_hand", Boolean, nullable=False, default=False),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("purpose", String, nullable=False),
    Column("text_version", String, nullable=False),
    Column("text_sha256", String, nullable=False),
    Column("given_at", String, nullable=False),
    Column("given_by", String, nullable=False),
    Column("representative", String),
    Column("method", String, nullable=False),
    Column("withdrawn_at", String),
    #: what NĐ 356/2025 article 6 wants to be provable: which data, who took it, on which machine, until when
    Column("categories", String),
    Column("is_sensitive", Boolean),
    Column("is_for_minor", Boolean),
    Column("relation", String),
    Column("collector", String),
    Column("device", String),
    Column("expires_at", String),
    Column("withdrawn_channel", String),
)

#: Sealed revisions: the bytes and the signature never change after sealing.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", ForeignKey("dossiers.id", ondelete="RESTRICT"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("envelope", LargeBinary, nullable=False),
    Column("signature", String, nullable=False),
    Column("envelope_sha256", String, nullable=False),
    Column("bytes_total", Integer, nullable=False),
    Column("sealed_at", String, nullable=False),
    Column("has_left", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", String),
    Column("held_code", String),
    Column("held_detail", String),
    Column("exported_at", String),
    Column("receipt", String),
    Column("office_number", String),
    Column("proved_at", String, index=True),
    UniqueConstraint("dossier", "revision"),
)

outbox_files = Table(
    "outbox_files",
    metadata,
    Column("outbox", ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("photo", ForeignKey("photos.id"), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("bytes_acked", Integer, nullable=False, default=0),
    #: body bytes handed to the socket, over all attempts
    Column("bytes_sent", Integer, nullable=False, default=0),
)

#: Where each upload stands at which server: the ledger that makes resuming survive a restart.
uploads = Table(
    "uploads",
    metadata,
    Column("server", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("url", String, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("expires_at", String),
)

#: The province's last word on each dossier; written by sync alone.
server_truth = Table(
    "server_truth",
    metadata,
    Column("dossier", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("note", String),
    Column("officer", String),
    Column("office_number", String),
    Column("request", String),
    Column("result", String),
    Column("result_photo", String),
    #: when this machine learned it, by the clock as far as it was believed
    Column("seen_at", String),
)

#: Everything that happened to a dossier, from both sides; what the timeline shows.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier", String, nullable=False, index=True),
    Column("at", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("by", String),
    Column("note", String),
    Column("server_seq", Integer),
    UniqueConstraint("dossier", "server_seq"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("server", String, primary_key=True),
    Column("feed", String, primary_key=True),
    Column("value", String, nullable=False),
    Column("at", String, nullable=False),
)

#: A ring of attempts for "why is it stuck": codes and numbers, nothing personal.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("code", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("ms", Integer, nullable=False),
)

#: Lists of homes to visit, as the province tells them or as they were begun at the door.
visit_lists = Table(
    "visit_lists",
    metadata,
    Column("id", String, primary_key=True),
    Column("hamlet", String, nullable=False),
    #: so many came with it, by the province's word
    Column("homes", Integer, nullable=False),
    Column("made_at", String, nullable=False),
    Column("keep_until", String, nullable=False),
    Column("pulled_at", String, nullable=False),
)

visit_homes = Table(
    "visit_homes",
    metadata,
    Column("list", ForeignKey("visit_lists.id", ondelete="CASCADE"), primary_key=True),
    Column("home", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("lane", String, nullable=False),
    Column("number", String, nullable=False),
    Column("who", String, nullable=False),
    Column("born", Integer),
    Column("reasons", String, nullable=False),
    Column("note", String, nullable=False),
    Column("is_new", Boolean, nullable=False),
)

#: What was said of visits, here and elsewhere: the newest revision of each record.
visits = Table(
    "visits",
    metadata,
    Column("record", String, primary_key=True),
    Column("list", ForeignKey("visit_lists.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("home", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("note", String, nullable=False),
    Column("done", String, nullable=False),
    Column("is_mine", Boolean, nullable=False),
)

#: Which home a dossier was begun for.
visit_dossiers = Table(
    "visit_dossiers",
    metadata,
    Column("dossier", ForeignKey("dossiers.id", ondelete="CASCADE"), primary_key=True),
    Column("list", String, nullable=False),
    Column("home", String, nullable=False, index=True),
)

#: Signed records that are no dossiers, in the same line: the columns are those of `outbox`, ids begin far above its
#: own (`store/outbox.py`). They outlive their list, until the province has them.
records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("record", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("list", String, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("envelope", LargeBinary, nullable=False),
    Column("signature", String, nullable=False),
    Column("envelope_sha256", String, nullable=False),
    Column("bytes_total", Integer, nullable=False),
    Column("sealed_at", String, nullable=False),
    Column("has_left", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", String),
    Column("held_code", String),
    Column("held_detail", String),
    Column("exported_at", String),
    Column("receipt", String),
    Column("office_number", String),
    Column("proved_at", String, index=True),
    UniqueConstraint("record", "revision"),
)
