"""Takes everything of a dossier off the machine: its rows, and with them the keys of its files."""

from sqlalchemy import Connection, delete, select

from bnhelper.ids import DossierId
from bnhelper.store import tables as t


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
