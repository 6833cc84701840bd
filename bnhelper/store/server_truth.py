"""Rows as the province last confirmed them; written by sync alone."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store import tables as t


def apply(db: Connection, change: Mapping[str, Any], *, heard_at: dt.datetime | None = None) -> bool:
    """Keep one change of the feed (the JSON of sync.wire.changes.Change); return whether it was news.

    `heard_at` is when this machine learned it, which may be months after the province said so; the same word told again
    is not learned anew. Changes of dossiers this machine does not have are passed over; an older change never replaces
    a newer one.
    """
    dossier = DossierId(change["dossier"])
    if db.execute(select(t.dossiers.c.id).where(t.dossiers.c.id == dossier)).first() is None:
        return False
    known = of_dossier(db, dossier)
    at = to_text(from_text(change["at"]))  # one spelling of time, so that texts sort by time
    dossiers.note_event(
        db,
        dossier,
        at=at,
        kind=change["state"],
        revision=change["rev"],
        by=change.get("officer"),
        note=change.get("note"),
        server_seq=change["seq"],
    )
    if known is not None and known["seq"] >= change["seq"]:
        return False
    word = (change["state"], change["rev"], at)
    is_the_same = known is not None and (known["state"], known["revision"], known["at"]) == word
    kept = {
        "seq": change["seq"],
        "revision": change["rev"],
        "state": change["state"],
        "at": at,
        "note": change.get("note"),
        "officer": change.get("officer"),
        "office_number": change.get("office_number") or (known["office_number"] if known else None),
        "request": json.dumps(change["request"]) if change.get("request") else None,
        "result": json.dumps(change["result"]) if change.get("result") else (known["result"] if known else None),
        "result_photo": known["result_photo"] if known else None,
        "seen_at": known["seen_at"] if known and is_the_same else to_text(heard_at) if heard_at else None,
    }
    db.execute(delete(t.server_truth).where(t.server_truth.c.dossier == dossier))
    db.execute(insert(t.server_truth).values(dossier=dossier, **kept))
    return True


def begin_anew(db: Connection) -> None:
    """The province tells everything again, and its numbers may stand for other things now.

    What it said stays until it says something else; what it said once and does not repeat stays in the timeline.
    """
    db.execute(update(t.server_truth).values(seq=0))
    db.execute(update(t.events).where(t.events.c.server_seq > 0).values(server_seq=-t.events.c.id))


def of_dossier(db: Connection, dossier: DossierId) -> RowMapping | None:
    return db.execute(select(t.server_truth).where(t.server_truth.c.dossier == dossier)).mappings().first()


def without_result_file(db: Connection) -> list[RowMapping]:
    """Return the dossiers whose result is announced but not yet on this machine."""
    return list(
        db.execute(
            select(t.server_truth).where(t.server_truth.c.result.is_not(None), t.server_truth.c.result_photo.is_(None))
        ).mappings()
    )


def result_arrived(db: Connection, dossier: DossierId, photo: str) -> None:
    db.execute(update(t.server_truth).where(t.server_truth.c.dossier == dossier).values(result_photo=photo))


def cursor(db: Connection, server: str, feed: str) -> str:
    """Return where the feed stands, empty at the very beginning."""
    return (
        db.execute(select(t.cursors.c.value).where(t.cursors.c.server == server, t.cursors.c.feed == feed)).scalar()
        or ""
    )


def set_cursor(db: Connection, server: str, feed: str, value: str, at: str) -> None:
    db.execute(delete(t.cursors).where(t.cursors.c.server == server, t.cursors.c.feed == feed))
    db.execute(insert(t.cursors).values(server=server, feed=feed, value=value, at=at))
