"""Finds what is due to be erased; takes all of a dossier off the machine: its rows, and so the keys of its files."""

import datetime as dt

from sqlalchemy import Connection, delete, select

from bnhelper.clock import to_text
from bnhelper.domain.data_rights import KEPT_AFTER_END_DAYS, KEPT_IN_BIN_DAYS, ended_at
from bnhelper.domain.dossier import DossierRow
from bnhelper.ids import DossierId
from bnhelper.store import data_requests, dossiers
from bnhelper.store import tables as t


def in_bin_too_long(db: Connection, now: dt.datetime) -> list[DossierId]:
    """Return what has been in the bin for over 30 days at `now`, everybody's."""
    limit = to_text(now - dt.timedelta(days=KEPT_IN_BIN_DAYS))
    found = db.execute(select(t.dossiers.c.id).where(t.dossiers.c.binned_at < limit)).scalars()
    return [DossierId(one) for one in found]


def ended_long_ago(db: Connection, now: dt.datetime) -> list[DossierRow]:
    """Return what is erased by itself at `now`, everybody's. Held and asked-about ones stay."""
    limit = now - dt.timedelta(days=KEPT_AFTER_END_DAYS)
    told = dossiers.told_by(db.execution_options(bn_person=None), limit.date() + dt.timedelta(days=1))
    return [
        row
        for row in told
        if (ended := ended_at(row)) is not None
        and ended <= limit
        and not data_requests.holds(db, row.id)
        and not data_requests.has_open(db, row.id)
    ]


def erase_rows(db: Connection, dossier: DossierId) -> list[str]:
    """Delete every row of a dossier and return its files' names, which nobody can open from here on.

    A file's key lies in its row alone, so with the row the file is gone, wherever copies of it lie (crypto-erasure).
    What stays is the chain, which holds no content, and the requests about the data, as the proof that it was done.
    """
    files = list(db.execute(select(t.photos.c.file).where(t.photos.c.dossier == dossier)).scalars())
    hashes = select(t.photos.c.sha256).where(t.photos.c.dossier == dossier)
    others = select(t.photos.c.sha256).where(t.photos.c.dossier != dossier)
    db.execute(delete(t.uploads).where(t.uploads.c.sha256.in_(hashes), t.uploads.c.sha256.not_in(others)))
    sealed = select(t.outbox.c.id).where(t.outbox.c.dossier == dossier)
    db.execute(delete(t.outbox_files).where(t.outbox_files.c.outbox.in_(sealed)))
    db.execute(delete(t.outbox).where(t.outbox.c.dossier == dossier))
    db.execute(delete(t.server_truth).where(t.server_truth.c.dossier == dossier))
    db.execute(delete(t.events).where(t.events.c.dossier == dossier))
    db.execute(delete(t.dossiers).where(t.dossiers.c.id == dossier))
    return files
